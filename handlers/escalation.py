"""Asking for the next stage, accepting it, and passing a prompt on."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import escalation as form
from blocks.forms import answer, answered_safety, carried, read_because
from challenge import escalation
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import acted, opening, pointed_out, submitting
from handlers.payloads import Payload, challenge_id, person


async def asked(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    safety = answered_safety(view)
    challenge = await hearing.carry_out(
        escalation.escalate,
        challenge_id(carried(view)),
        by=person(body),
        because=answer(view, "because"),
        safety=safety,
    )
    await acted(ack, challenge, safety)


async def accepted(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    safety = answered_safety(view)
    challenge = await hearing.carry_out(
        escalation.accept,
        challenge_id(carried(view)),
        by=person(body),
        line=answer(view, "line"),
        safety=safety,
    )
    await acted(ack, challenge, safety)


def register(app: AsyncApp) -> None:
    app.action(form.ASK)(opening(Act.ESCALATE, form.ask_view))
    app.view(form.ASKED)(asked)
    app.action(form.ACCEPT)(opening(Act.ACCEPT, form.accept_view))
    app.view(form.ACCEPTED)(accepted)
    app.action(form.DECLINE)(opening(Act.DECLINE, form.decline_view))
    app.view(form.DECLINED)(submitting(escalation.decline, read_because))
