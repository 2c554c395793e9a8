"""A gallery: every card, modal and tab that the bot can draw, in every state, with any words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from blocks import (
    agreement,
    card,
    escalation,
    forms,
    home,
    notices,
    raising,
    resolution,
    response,
)
from blocks.layout import Message
from challenge.directory import Agency, Directory
from challenge.model import (
    AgreedAction,
    Challenge,
    DateProposal,
    Entry,
    Happened,
    Involved,
    Outcome,
    PersonId,
    Prompt,
    Settlement,
    Side,
    Space,
    Status,
    Told,
    Unreached,
)
from challenge.procedure import Procedure
from challenge.rights import Act
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    NHS,
    OAK,
    PROCEDURE,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    a_challenge,
    a_challenge_at,
    a_concern,
    a_directory,
    a_procedure,
    an_offered_challenge,
    later,
    the_person,
)


class Drawn(NamedTuple):
    """What is posted, as Slack gets it."""

    name: str
    text: str
    blocks: list[dict[str, Any]]


CANARY = "Zebrafinch"
MENTIONS = ("<!channel>", "<!here>", "<!everyone>", "<@UHOSTILE>", "<#CHOSTILE>", "<https://evil")

WORDS = {
    "a canary": f"{CANARY} was here.",
    "mentions": f"{CANARY} {' '.join(MENTIONS)}|click> @channel",
    "formatting": f"{CANARY} *bold* _slant_ ~gone~ `code` ```block``` :sos: <b>&amp;</b>\n> quoted",
    "control characters": f"{CANARY}\x00\x07\x1b[31m\x7f\u200b\u2028\ud83d",
    "three thousand characters": (f"{CANARY} " * 300)[:3000],
    "three thousand of four bytes": f"{CANARY} " + "🦓" * 1490,
    "right to left": f"{CANARY} \u202e שלום مرحبا \u202c",
    "one character": "x",
}

HOSTILE_TITLE = "<!channel> *Managers* & <@UHOSTILE>"
HOSTILE_NAME = "<!here> *Bobby* & <@UHOSTILE>"

# To whom each kind of notice goes; written by hand, for a direct message must carry no words.
PRIVATE = {
    Told.BROUGHT_IN,
    Told.NOT_REACHED,
    Told.SUPPORT_ASKED,
    Told.PROMPT_PRIVATELY,
    Told.STAGE_REACHED,
    Told.NOBODY_FOUND,
    Told.NOBODY_ACCEPTED,
    Told.TOP_LAPSED,
    Told.CLOSED_PRIVATELY,
    Told.UNDELIVERED,
}
IN_THE_CHANNEL = {
    Told.DATE_PROPOSED,
    Told.DATE_AGREED,
    Told.REMINDER,
    Told.OFFER_ACT,
    Told.RISK_DECLARED,
    Told.ESCALATION,
    Told.PROMPT,
    Told.ACCEPTED,
    Told.REACHED_WITH_ONE,
    Told.DECLINED,
    Told.TOP_LAPSED,
    Told.SETTLEMENT_PROPOSED,
    Told.SETTLEMENT_DECLINED,
    Told.CLOSED,
}
DEEDS = {Told.OPEN_SPACE, Told.INVITE, Told.ARCHIVE_SPACE, Told.CARD}


@cache
def hostile_directory() -> Directory:
    """Names that try to come alive; one person is in nobody's directory."""
    named = (the_person(p, name=HOSTILE_NAME) for p in (U_CHALLENGED, U_RECEIVING_MANAGER))
    agencies = (Agency(OAK, "Oak <!here>"), Agency(CSC, "Children & <b>Care</b>"), Agency(NHS, "N"))
    return a_directory(*named, agencies=agencies)


@cache
def hostile_procedure() -> Procedure:
    stages = [dict(each) for each in PROCEDURE["stage"]]
    stages[1]["title"] = HOSTILE_TITLE
    text = "Call 999. <!channel> & do not wait. " + "Now! " * 380
    contacts = [{"name": "Police <!here>", "phone": "101 & <@UHOSTILE>"}] * 9
    return a_procedure(
        stage=stages,
        emergency={"text": text, "contacts": contacts},
        urgent={"start_at": HOSTILE_TITLE, "answer_within": "4 hours"},
    )


@cache
def challenges(words: str) -> dict[str, Challenge]:
    """Every state a challenge can be drawn in, with these words wherever people write."""
    facts: dict[str, Any] = {
        "procedure": hostile_procedure(),
        "concern": a_concern(
            reference=words[:150], decision=words, why=words, meanwhile=words, ask=words
        ),
        "space": Space("C042", "challenge-pc-2026-0042"),
    }
    one = a_challenge(**facts)
    offered = an_offered_challenge(**facts)
    full = a_full(one, words)
    return {
        "stage one": one,
        "stage one, no channel yet": replace(one, space=None),
        "stage one, with everything": full,
        "stage one, urgent": replace(one, urgent=True),
        "stage two is offered": offered,
        "stage two is offered, with everything": a_full(offered, words),
        "stage two is offered, one side has accepted": replace(
            offered,
            prompts=offered.prompts[:1],
            accepted=(Involved(U_RECEIVING_MANAGER, Side.RECEIVING),),
        ),
        "stage two is offered to nobody": replace(
            offered, prompts=tuple(replace(p, person=None) for p in offered.prompts)
        ),
        "stage two": a_challenge_at(2, **facts),
        "stage two, one side still asked": replace(
            a_challenge_at(2, **facts), prompts=offered.prompts[:1]
        ),
        "stage three": a_challenge_at(3, **facts),
        "the top is offered": replace(
            a_challenge_at(3, **facts),
            status=Status.OFFERED,
            offered=TOP,
            prompts=(a_prompt(TOP, Side.PARTNERSHIP),),
        ),
        "the top": a_challenge_at(TOP, **facts),
        "settled": replace(full, status=Status.SETTLED, closed_at=FRIDAY_TEN.now, prompts=()),
        "withdrawn": replace(full, status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now, prompts=()),
    }


def a_prompt(stage: int, side: Side) -> Prompt:
    return Prompt(side, stage, 1, U_RAISING_MANAGER, FRIDAY_TEN.now, later(FRIDAY_TEN, hours=4).now)


def a_full(challenge: Challenge, words: str) -> Challenge:
    """Everything at once: a date and a settlement proposed, people unreached, people at work."""
    actions = tuple(AgreedAction(words, U_CHALLENGED, date(2026, 3, 20)) for _ in range(12))
    crowd = (U_CHALLENGED, U_RAISING_MANAGER, U_COORDINATOR, U_GUEST, U_RAISING_COLLEAGUE)
    return replace(
        challenge,
        date_proposal=DateProposal(U_CHALLENGED, Side.RECEIVING, later(FRIDAY_TEN, days=3).now),
        settlement=Settlement(Outcome.BOTH_CHANGED, U_RAISER, Side.RAISING, words, actions),
        unreached=tuple(Unreached(who, "their Slack account is closed") for who in crowd * 4),
        seen_by=crowd,
    )


def occasions(kind: Told, words: str) -> Iterator[tuple[str, notices.Occasion]]:
    """One kind of notice in every state, to everybody it may go to, with every mark it may have."""
    entry = Entry(
        Happened.RISK_DECLARED, U_RAISER, words, {f"Question {n}": words for n in range(14)}
    )
    for state, challenge in challenges(words).items():
        for to in recipients(kind):
            for mark in marks(kind, challenge):
                for told_of in (entry, None):
                    yield (
                        f"{state}, to {to}, mark {mark}",
                        notices.Occasion(
                            challenge,
                            hostile_directory(),
                            to,
                            U_RECEIVING_MANAGER,
                            mark,
                            told_of,
                            FRIDAY_TEN,
                        ),
                    )


def recipients(kind: Told) -> list[PersonId | None]:
    people: list[PersonId | None] = []
    if kind in PRIVATE:
        people = [U_RAISER, U_RECEIVING_MANAGER, U_GUEST]
    if kind is Told.OFFER_ACT:
        people = [U_RAISER]
    elif kind in IN_THE_CHANNEL:
        people = [*people, None]
    return people


def marks(kind: Told, challenge: Challenge) -> list[str]:
    if kind is Told.OFFER_ACT:
        return [Act.PROPOSE_SETTLEMENT.name, Act.PROPOSE_DATE.name, Act.ESCALATE.name]
    if kind is Told.REMINDER:
        return [U_CHALLENGED, f"{U_RAISING_MANAGER} {U_RECEIVING_MANAGER} {U_GUEST}"]
    if kind in {Told.PROMPT, Told.PROMPT_PRIVATELY}:
        return [*(str(p.number) for p in challenge.prompts), "99"]
    return [""]


@cache
def posted(words: str) -> list[Drawn]:
    """Everything that is posted: each notice, the card itself, and what commands answer."""
    messages = [
        (f"{kind}: {state}", notices.draw(kind, occasion))
        for kind in notices.CARDS
        for state, occasion in occasions(kind, words)
    ]
    for state, challenge in challenges(words).items():
        messages.append((f"card: {state}", card.draw(challenge, hostile_directory())))
    messages += answers_to_commands(words)
    return [Drawn(name, message.text, plain(message.blocks)) for name, message in messages]


def modals(words: str) -> Iterator[tuple[str, View]]:
    """Every modal, fresh and with what was typed into it before."""
    procedure = hostile_procedure()
    kept = {
        "subject": "BOTH",
        "area": "OTHER",
        "challenged": U_CHALLENGED,
        "reference": words[:150],
        "decision": words,
        "why": words,
        "meanwhile": words,
        "ask": words,
    }
    yield "safety", raising.safety_view(procedure, "d1")
    yield "safety, no", raising.safety_view(procedure, "d1", danger=raising.NO)
    yield "safety, yes", raising.safety_view(procedure, "d1", danger=raising.YES, done=words)
    for filled, answers in (("fresh", {}), ("filled in", kept)):
        yield f"about, {filled}", raising.about_view("d1", answers)
        yield f"asking, {filled}", raising.asking_view("d1", answers, date(2026, 3, 9))
        yield f"asking, urgent, {filled}", raising.asking_view("d1", answers, None)
    yield "first action", resolution.action_view("7:d1", 1)
    yield "tenth action", resolution.action_view("7:d1", 10)
    yield "a notice", forms.notice("Sorry", "This was not done.")
    for state, challenge in challenges(words).items():
        yield f"propose date: {state}", agreement.propose_view(challenge)
        yield f"escalate: {state}", escalation.ask_view(challenge)
        yield f"accept: {state}", escalation.accept_view(challenge)
        yield f"decline: {state}", escalation.decline_view(challenge)
        yield f"propose settlement: {state}", resolution.propose_view(challenge, "d1")
        yield f"decline settlement: {state}", resolution.decline_view(challenge)
        yield f"withdraw: {state}", resolution.withdraw_view(challenge)
        yield f"risk: {state}", response.risk_view(challenge)


def tabs(words: str) -> Iterator[tuple[str, View]]:
    """The App Home with nothing on it, with everything once, and with far too much."""
    directory, procedure = hostile_directory(), hostile_procedure()
    some = list(challenges(words).values())
    for count, mine in (("nothing", []), ("one of each", some), ("far too many", some * 9)):
        for me in (U_CHALLENGED, U_RAISING_MANAGER, U_GUEST):
            yield f"home: {count}, {me}", home.tab(mine, directory, procedure, me)


def answers_to_commands(words: str) -> Iterator[tuple[str, Message]]:
    some = list(challenges(words).values())
    yield "help", home.help_message()
    yield "list, nothing", home.listing([], hostile_directory())
    yield "list, everything", home.listing(some * 9, hostile_directory())


def plain(blocks: list[Block]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in blocks]


def texts(drawn: Any) -> Iterator[tuple[str, str]]:
    """Every text object in what was drawn: its type, and what it says."""
    if isinstance(drawn, dict):
        if drawn.get("type") in {"mrkdwn", "plain_text"} and isinstance(drawn.get("text"), str):
            yield drawn["type"], drawn["text"]
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for each in drawn:
            yield from texts(each)


def elements(drawn: Any) -> Iterator[dict[str, Any]]:
    """Everything with an action id: buttons and inputs."""
    if isinstance(drawn, dict):
        if "action_id" in drawn:
            yield drawn
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for each in drawn:
            yield from elements(each)
