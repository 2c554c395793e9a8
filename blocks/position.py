"""The two positions, side by side: the same questions of both, and each side's own form."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks import wording
from blocks.forms import answer, modal, question
from blocks.layout import (
    Message,
    asking,
    button,
    plainly_named,
    says,
    says_beside,
    side_by_side,
    small,
    spoken,
)
from blocks.occasion import Occasion, written
from challenge.directory import Directory
from challenge.model import Challenge, Position, Side
from challenge.position import QUESTIONS, fields, standing, versions

PUT = "position.put"
GIVEN = "position.given"
CHANGED = "position.changed"

ASKED = {
    **QUESTIONS,
    "mind": "What would change our mind?",
    "ask": "What do we ask for?",
}
HINTS = {
    "decision": "As your side sees it. Keep to facts: what was decided or not done, and when.",
    "why": "What you saw, know or weighed, and how it bears on the person's safety.",
    "mind": "New information, another assessment, a second opinion: what would move you?",
    "ask": "One clear request of the other side.",
}


def draw(challenge: Challenge, directory: Directory) -> list[Block]:
    """Question by question, both answers in the order in which this challenge names its sides."""
    both = [side for side in challenge.order if side is not Side.PARTNERSHIP]
    act = None if challenge.is_closed else put_button(challenge)
    return [
        says_beside("*The two positions*", act),
        *(
            side_by_side(question, [_answer(challenge, directory, side, name) for side in both])
            for name, question in QUESTIONS.items()
        ),
        *_added(challenge),
    ]


def unsettled(challenge: Challenge) -> str:
    """Whoever has answered may think that all is done: says what is still missing, or nothing."""
    if challenge.is_closed or standing(challenge, Side.RECEIVING) is None:
        return ""
    return (
        "Both sides have put their position. It is not settled yet: propose how, or another date."
    )


def put_button(challenge: Challenge) -> ButtonElement:
    return button("Put or add to our position", PUT, challenge.id)


def changed_button(challenge: Challenge) -> ButtonElement:
    sure = asking(
        "Reviewed and changed?",
        "You have looked at the decision again, and changed it. The other side is asked to confirm "
        "that this settles it.",
        "Yes, I changed it",
    )
    return button("I have changed the decision", CHANGED, challenge.id, confirm=sure)


def put_view(challenge: Challenge, side: Side | None) -> View:
    """What the side put last stands in the form, so that it can be added to."""
    last = standing(challenge, side) if side else None
    given = fields(last) if last else {}
    return modal(
        GIVEN,
        "Our side's position",
        "Put it beside theirs",
        [
            *(
                question(name, label, hint=HINTS[name], value=given.get(name, ""))
                for name, label in ASKED.items()
            ),
            wording.look_button(),
        ],
        carries=challenge.id,
    )


def read_put(view: Mapping[str, Any]) -> dict[str, str]:
    return {name: answer(view, name) for name in QUESTIONS}


def was_put(o: Occasion) -> Message:
    text = f"{o.actor} put their side's position on {o.challenge.reference}. Both are on the card."
    return Message(text, [says(text), *written(o)])


def ask_now(challenge: Challenge) -> str:
    """What the raising side asks for, as it stands now."""
    put = standing(challenge, Side.RAISING)
    return put.ask if put else challenge.concern.ask


def _answer(challenge: Challenge, directory: Directory, side: Side, name: str) -> str:
    put = standing(challenge, side)
    who = plainly_named(directory, put.by if put else challenge.practitioner(side))
    return f"{who}:\n{(fields(put)[name] if put else '') or 'Not said yet.'}"


def _added(challenge: Challenge) -> list[Block]:
    calendar = challenge.procedure.calendar
    lines = [
        f"The {side} side added to its position on {spoken(last.at, calendar)}. The earlier words "
        "are in the record."
        for side in challenge.order
        if (last := _later(challenge, side))
    ]
    return [small(" ".join(lines))] if lines else []


def _later(challenge: Challenge, side: Side) -> Position | None:
    put = versions(challenge, side)
    return put[-1] if len(put) > 1 else None
