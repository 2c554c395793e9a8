"""Proposing how it is settled, the other side's answer, and withdrawing."""

from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import resolution as form
from blocks.forms import carried, read_because
from challenge import resolution
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import open_form, opening, pointed_out, pressing, submitting
from handlers.payloads import Payload, challenge_id, person


async def propose(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(
        Act.PROPOSE_SETTLEMENT,
        lambda challenge: form.propose_view(challenge, draft=uuid4().hex),
        action,
        body,
        client,
        casework,
    )
    await ack()


async def proposed(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    """The way forward is put by; agreed actions follow, one view each."""
    if await pointed_out(ack, view, casework):
        return
    proposal = form.read_proposal(view)
    resolution.refuse_unless_said(proposal["how"])
    _, draft = _carried(view)
    await casework.add_to_draft(draft, person(body), {**proposal, "actions": []})
    await ack(response_action="update", view=form.action_view(carried(view), 1))


async def action_given(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    """One more agreed action, or none: then the other side is asked."""
    if await pointed_out(ack, view, casework):
        return
    challenge, draft = _carried(view)
    answers = await casework.draft(draft, person(body))
    # By its number, so that a form pressed twice adds its action once.
    before = answers["actions"][: form.action_number(view) - 1]
    action = form.read_action(view)
    if action is None:
        await _finish(challenge, {**answers, "actions": before}, body, hearing)
        await ack()
        return
    resolution.refuse_unless_clear(form.agreed(action), casework.moment().today)
    actions = [*before, action]
    await casework.add_to_draft(draft, person(body), {"actions": actions})
    again = form.action_view(carried(view), len(actions) + 1)
    await ack(response_action="update", view=again)


async def _finish(challenge: int, answers: dict[str, Any], body: Payload, hearing: Hearing) -> None:
    await hearing.carry_out(
        resolution.propose_settlement, challenge, by=person(body), **form.facts(answers)
    )


def _carried(view: Payload) -> tuple[int, str]:
    challenge, _, draft = carried(view).partition(":")
    return challenge_id(challenge), draft


def register(app: AsyncApp) -> None:
    app.action(form.PROPOSE)(propose)
    app.view(form.PROPOSED)(proposed)
    app.view(form.ACTION)(action_given)
    app.action(form.CONFIRM)(pressing(resolution.confirm_settlement))
    app.action(form.DECLINE)(opening(Act.DECLINE_SETTLEMENT, form.decline_view))
    app.view(form.DECLINED)(submitting(resolution.decline_settlement, read_because))
    app.action(form.WITHDRAW)(opening(Act.WITHDRAW, form.withdraw_view))
    app.view(form.WITHDRAWN)(submitting(resolution.withdraw, read_because))
