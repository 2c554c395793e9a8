"""Agreeing the deadline: the buttons and the one question."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import (
    answer,
    answered_day,
    answered_safety,
    carried,
    danger_now,
    day,
    modal,
    question,
    seen_in,
)
from blocks.layout import Message, button, says, spoken
from blocks.occasion import Occasion, asks, due, said, since, written
from blocks.standing import of_side
from challenge.agreement import asked_of, extensions_left, latest
from challenge.model import Challenge, Status
from challenge.shown import mark_of

PROPOSE = "date.propose"
ACCEPT = "date.accept"
PROPOSED_DAY = "date.proposed"
EXTENSION_ACCEPTED = "date.extended"


def date_buttons(challenge: Challenge) -> list[ButtonElement]:
    """For the message that proposes a date."""
    open_question = challenge.date_proposal is not None or not challenge.date_agreed
    accept = [accept_button(challenge)] if open_question else []
    return [*accept, propose_button(challenge)]


def accept_button(challenge: Challenge) -> ButtonElement:
    return button("Accept the date", ACCEPT, challenge.id, seen=asked_of(challenge))


def propose_button(challenge: Challenge) -> ButtonElement:
    return button("Propose another date", PROPOSE, challenge.id)


def propose_view(challenge: Challenge, *, extends: bool) -> View:
    """`extends`: a later date than the one that stands is an extension by now."""
    calendar = challenge.procedure.calendar
    ceiling = latest(challenge)
    return modal(
        PROPOSED_DAY,
        "Propose another date",
        "Propose",
        [
            says(
                f"{challenge.reference} is due on *{spoken(challenge.due, calendar)}*. That stands "
                "until the other side accepts what you propose."
            ),
            day(
                "due",
                "Which day?",
                hint=f"Until {spoken(ceiling, calendar)} at the latest.",
                value=calendar.local(ceiling).date(),
            ),
            *(_extending(challenge) if extends else []),
        ],
        carries=challenge.id,
    )


def date_proposed(o: Occasion) -> Message:
    proposal = o.challenge.date_proposal
    answerable = o.challenge.status is Status.OPEN
    if not answerable or proposal is None or proposal.by != o.about:
        text = f"{o.actor} proposed another date for {o.challenge.reference}."
        over = since(o, f"This waits no longer: {due(o)} stands.")
        return asks(o, text, [], over, written(o))
    when = spoken(proposal.due, o.challenge.procedure.calendar)
    what = "asks for more time, until" if proposal.extends else "proposes the date"
    awaited = (of_side(o.challenge, o.directory, side) for side in proposal.waits_for)
    text = (
        f"{o.actor} {what} {when}, for {o.challenge.reference}. It waits for "
        f"{' and '.join(awaited)} to accept; until then {due(o)} stands."
    )
    calls = o.calling(*proposal.waits_for)
    return asks(o, text, date_buttons(o.challenge), "", written(o), calls)


def date_agreed(o: Occasion) -> Message:
    return said(o, f"The date for {o.challenge.reference} is agreed: {due(o)}.")


def _extending(challenge: Challenge) -> list[Block]:
    because = question("because", "If it is later: why is more time needed?", optional=True)
    return [says(_room_left(challenge)), because, danger_now()]


def _room_left(challenge: Challenge) -> str:
    left = extensions_left(challenge)
    if left and latest(challenge) <= challenge.due:
        return (
            "The procedure allows no later day at this stage. If it takes longer, ask for the next "
            "stage, so that nothing drifts."
        )
    if left:
        return (
            "A later day is an extension: it needs a reason, and a yes from both sides. This stage "
            f"may have {left} more."
        )
    return (
        "This stage was extended twice already. Asking for a later day now asks for the next stage "
        "instead, so that nothing drifts."
    )


def accept_extension_view(challenge: Challenge) -> View:
    """More time is agreed to only with safety looked at once more."""
    proposal = challenge.date_proposal
    due = proposal.due if proposal else challenge.due
    return modal(
        EXTENSION_ACCEPTED,
        "Accept more time",
        "Accept the date",
        [
            says(
                f"{challenge.reference} would then be due on "
                f"*{spoken(due, challenge.procedure.calendar)}*."
            ),
            danger_now(),
        ],
        carries=f"{challenge.id}:{mark_of(asked_of(challenge))}",
    )


def read_propose(view: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "day": answered_day(view, "due"),
        "because": answer(view, "because"),
        "safety": answered_safety(view),
    }


def read_accepted(view: Mapping[str, Any]) -> dict[str, Any]:
    return {"safety": answered_safety(view), "seen": seen_in(carried(view))}
