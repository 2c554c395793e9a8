"""Agreeing the deadline: the buttons and the one question."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks.forms import answered_day, day, modal
from blocks.layout import button, says, spoken
from challenge.agreement import latest
from challenge.model import Challenge

PROPOSE = "date.propose"
ACCEPT = "date.accept"
PROPOSED_DAY = "date.proposed"


def buttons(challenge: Challenge) -> list[ButtonElement]:
    accept = button("Accept the date", ACCEPT, challenge.id)
    propose = button("Propose another date", PROPOSE, challenge.id)
    open_question = challenge.date_proposal is not None or not challenge.date_agreed
    return [accept, propose] if open_question else [propose]


def propose_view(challenge: Challenge) -> View:
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
        ],
        carries=challenge.id,
    )


def read_propose(view: Mapping[str, Any]) -> date | None:
    return answered_day(view, "due")
