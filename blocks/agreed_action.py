"""Agreed actions: what is done, by whom and by when, asked for one view each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.views import View

from blocks.forms import answer, answered_day, day, modal, question, someone
from blocks.layout import says
from challenge.model import AgreedAction, PersonId
from challenge.refusals import ActionUnclear

MOST = 10
"""What a message can show beside an opinion and its reasons, so that nothing is agreed unseen."""

Payload = Mapping[str, Any]


def action_view(callback: str, title: str, carries: str, number: int, *, free: bool = True) -> View:
    """One action; left empty, where one is free to, it means that there are no more."""
    more = " Leave all three empty when there are no more." if free else ""
    return modal(
        callback,
        title,
        "Next" if number == 1 else "Go on",
        [
            says(f"*Action {number}, of {MOST} at most.*{more}"),
            # Slack keeps an answer where the id stays the same, so each action has its own.
            question(f"what.{number}", f"What will be done? (action {number})", optional=free),
            someone(f"who.{number}", "Who will do it?", optional=free),
            day(f"by.{number}", "By when?", optional=free),
        ],
        carries=carries,
    )


def read_action(view: Payload) -> dict[str, str] | None:
    """What, who and by when; None when left empty. Raises ActionUnclear when half filled in."""
    field = {name.partition(".")[0]: name for name in view["state"]["values"]}
    by = answered_day(view, field.get("by", ""))
    given = {name: answer(view, field.get(name, "")) for name in ("what", "who")}
    given["by"] = by.isoformat() if by else ""
    if not any(given.values()):
        return None
    if not all(given.values()):
        raise ActionUnclear
    return given


def action_number(view: Payload) -> int:
    """Which action the view asks for, from 1."""
    return next((int(name[5:]) for name in view["state"]["values"] if name.startswith("what.")), 1)


def agreed(action: Mapping[str, str]) -> AgreedAction:
    return AgreedAction(action["what"], PersonId(action["who"]), date.fromisoformat(action["by"]))


def agreed_actions(answers: Mapping[str, Any]) -> tuple[AgreedAction, ...]:
    """Those that were gathered one by one."""
    return tuple(agreed(action) for action in answers.get("actions", ()))
