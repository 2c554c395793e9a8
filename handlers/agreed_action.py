"""Agreed actions, gathered one view each behind the form that they belong to."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from blocks.agreed_action import MOST, action_number, agreed, read_action
from blocks.forms import carried
from challenge.casework import Casework, Hearing, Rule
from challenge.model import Challenge
from challenge.resolution import refuse_unless_clear
from handlers.doorway import Listener, pointed_out
from handlers.payloads import Payload, challenge_id, person

Answers = Mapping[str, Any]
Draw = Callable[[str, int], View]
"""The view for one action, from what the window carries and the action's number."""


def drafted(draw: Callable[[Challenge, str], View]) -> Callable[[Challenge], View]:
    """The form before the first action, with a draft of its own to put things by in."""
    return lambda challenge: draw(challenge, uuid4().hex)


def beginning(
    read: Callable[[Payload], Answers], check: Callable[[Answers], None], draw: Draw
) -> Listener:
    """The listener for the form before: its words are put by, and the first action is asked for."""

    async def began(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
        if await pointed_out(ack, view, casework):
            return
        answers = read(view)
        check(answers)
        _, draft = _carried(view)
        await casework.add_to_draft(draft, person(body), {**answers, "actions": []})
        await ack(response_action="update", view=draw(carried(view), 1))

    return began


def gathering(rule: Rule, facts: Callable[[Answers], dict[str, Any]], draw: Draw) -> Listener:
    """The listener for each action: asks for one more, until one is left empty; then it is done."""

    async def gathered(
        ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
    ) -> None:
        if await pointed_out(ack, view, casework):
            return
        challenge, draft = _carried(view)
        answers = await casework.draft(draft, person(body))
        # By its number, so that a form pressed twice adds its action once.
        actions = answers["actions"][: action_number(view) - 1]
        given = read_action(view)
        if given:
            refuse_unless_clear(agreed(given), casework.moment().today)
            actions = [*actions, given]
        if given and len(actions) < MOST:
            await casework.add_to_draft(draft, person(body), {"actions": actions})
            await ack(response_action="update", view=draw(carried(view), len(actions) + 1))
            return
        told = facts({**answers, "actions": actions})
        await hearing.carry_out(rule, challenge, by=person(body), **told)
        await ack()

    return gathered


def _carried(view: Payload) -> tuple[int, str]:
    challenge, _, draft = carried(view).partition(":")
    return challenge_id(challenge), draft
