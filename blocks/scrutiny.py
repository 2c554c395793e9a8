"""The last stage: the pack to read before an opinion, the opinion's form, and acknowledging it."""

from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextObject, SectionBlock
from slack_sdk.models.views import View

from blocks import agreed_action
from blocks.follow_up import action_state
from blocks.forms import answer, carried, modal, question
from blocks.layout import (
    Message,
    asking,
    button,
    buttons,
    emergency,
    header,
    named,
    safe,
    says,
    small,
    with_names,
)
from blocks.occasion import Occasion, asks, said, written
from challenge.directory import Directory
from challenge.model import Challenge
from challenge.rights import speaks_for
from challenge.scrutiny import Pack, Passage

PACK = "scrutiny.pack"
EARLIER = "scrutiny.earlier"
FURTHER = "scrutiny.further"
GIVE = "scrutiny.give"
GIVEN = "scrutiny.given"
ACTION = "scrutiny.action"
ACKNOWLEDGE = "scrutiny.acknowledge"

# Slack takes a hundred blocks in a modal, of 3,000 characters each, and not much more in all.
MOST_BLOCKS = 60
MOST_LETTERS = 24_000
ONE_TEXT = 3_000

Payload = Mapping[str, Any]


def pack_button(challenge: Challenge) -> ButtonElement:
    return button("Read the whole case", PACK, challenge.id)


def give_button(challenge: Challenge) -> ButtonElement:
    return button("Give an opinion", GIVE, challenge.id)


def acknowledge_buttons(challenge: Challenge) -> list[ButtonElement]:
    if challenge.opinion is None or challenge.is_closed:
        return []
    sure = asking(
        "Acknowledge it?",
        "You say that your side has read it and will do its part. You need not agree with every "
        "word. Once both sides have, the challenge closes and its actions are followed up.",
        "Yes, we have read it",
    )
    press = button(
        "Acknowledge the opinion", ACKNOWLEDGE, challenge.id, style="primary", confirm=sure
    )
    return [press]


def on_the_card(challenge: Challenge, directory: Directory) -> list[str]:
    opinion = challenge.opinion
    if opinion is None or challenge.is_closed:
        return []
    sides = (side for side in challenge.order if side in opinion.waits_for)
    waits = " and ".join(f"the {side} side" for side in sides)
    todo = "; ".join(action_state(action, directory) for action in opinion.actions)
    who = named(directory, opinion.by)
    return [f"{who} gave an opinion. To do: {todo}.", f"To acknowledge it: {waits}."]


def opinion_view(challenge: Challenge, draft: str) -> View:
    return modal(
        GIVEN,
        "Independent opinion",
        "Next",
        [
            says("What should happen, who does it and by when is asked next."),
            question("opinion", "Your opinion", hint="What you think is right for the person."),
            question("reasons", "Your reasons", hint="From what both sides say and what is known."),
        ],
        carries=f"{challenge.id}:{draft}",
    )


def read_opinion(view: Payload) -> dict[str, str]:
    return {name: answer(view, name) for name in ("opinion", "reasons")}


def action_view(carries: str, number: int) -> View:
    """An opinion says at least one thing that should happen, so the first is needed."""
    return agreed_action.action_view(ACTION, "What should happen", carries, number, free=number > 1)


def facts(answers: Mapping[str, Any]) -> dict[str, Any]:
    words = {name: answers[name] for name in ("opinion", "reasons")}
    return {**words, "actions": agreed_action.agreed_actions(answers)}


def pack_view(challenge: Challenge, directory: Directory, pack: Pack, page: int = 0) -> View:
    """One page of the pack; nothing in it can be changed, and nothing is cut short."""
    pages = list(_pages(pack, directory))
    at = min(max(page, 0), len(pages) - 1)
    return View(
        type="modal",
        title=PlainTextObject(text="The whole case"),
        close=PlainTextObject(text="Close"),
        private_metadata=f"{challenge.id}:{at}",
        blocks=[
            says(f"*{challenge.reference}*, page {at + 1} of {len(pages)}. For reading only."),
            *pages[at],
            *_turning(challenge, at, len(pages)),
        ],
    )


def page_shown(view: Payload) -> int:
    """Which page is open, from what the window carries; the first when it carries none."""
    _, _, page = carried(view).partition(":")
    return int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0


def opinion_given(o: Occasion) -> Message:
    c = o.challenge
    text = f"{o.actor} gave an independent opinion on {c.reference}. Each side acknowledges it."
    return asks(o, text, acknowledge_buttons(c), "Both sides have acknowledged it.", written(o))


def opinion_waits(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"There is an independent opinion on {c.reference}, in {o.where}. Please read it, and "
        "acknowledge it for your side."
    )
    heard = {one.side for one in c.opinion.acknowledged} if c.opinion else set()
    waits = o.to and speaks_for(c, o.to) not in heard
    acts = acknowledge_buttons(c) if waits else []
    return asks(o, text, acts, "It is acknowledged for your side.", [emergency(c)])


def opinion_acknowledged(o: Occasion) -> Message:
    c = o.challenge
    waits = " ".join(on_the_card(c, o.directory))
    return said(o, f"{o.actor} acknowledged the opinion on {c.reference}. {waits}".strip())


def _turning(challenge: Challenge, at: int, count: int) -> list[Block]:
    turns = [("Earlier", EARLIER, at - 1), ("Further", FURTHER, at + 1)]
    return buttons(button(label, act, challenge.id) for label, act, to in turns if 0 <= to < count)


def _pages(pack: Pack, directory: Directory) -> Iterator[list[Block]]:
    """As many blocks together as Slack takes; a passage that does not fit begins a new page."""
    page: list[Block] = []
    letters = 0
    for block, length in _all(pack, directory):
        if page and (len(page) >= MOST_BLOCKS or letters + length > MOST_LETTERS):
            yield page
            page, letters = [], 0
        page.append(block)
        letters += length
    yield page


def _all(pack: Pack, directory: Directory) -> Iterator[tuple[Block, int]]:
    parts = (
        ("Both positions", pack.positions),
        ("The child or adult", pack.person),
        ("What each stage decided, and why", pack.decisions),
        ("What is still open", pack.questions),
        ("Everything that happened", pack.chronology),
    )
    for title, passages in parts:
        yield header(title), len(title)
        for passage in passages:
            yield from _passage(passage, directory)
        if not passages:
            yield small("Nothing yet."), 12


def _passage(passage: Passage, directory: Directory) -> Iterator[tuple[Block, int]]:
    yield from _plain(with_names(passage.says, directory))
    for question_, text in passage.words.items():
        if text:
            yield says(f"*{safe(question_)[:200]}*"), len(question_)
            yield from _plain(with_names(text, directory))


def _plain(text: str) -> Iterator[tuple[Block, int]]:
    """To the letter, over as many blocks as it needs."""
    for start in range(0, len(text), ONE_TEXT):
        piece = text[start : start + ONE_TEXT]
        if piece.strip():
            yield SectionBlock(text=PlainTextObject(text=piece, emoji=False)), len(piece)
