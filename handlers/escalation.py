"""Asking for the next stage, accepting it, and passing a prompt on."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import escalation as form
from blocks.forms import answer, answered_safety, carried
from challenge import escalation
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import acted, open_form, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def ask(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.ESCALATE, form.ask_view, action, body, client, casework)
    await ack()


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


async def accept(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.ACCEPT, form.accept_view, action, body, client, casework)
    await ack()


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


async def decline(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.DECLINE, form.decline_view, action, body, client, casework)
    await ack()


async def declined(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        escalation.decline,
        challenge_id(carried(view)),
        by=person(body),
        because=answer(view, "because"),
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.ASK)(ask)
    app.view(form.ASKED)(asked)
    app.action(form.ACCEPT)(accept)
    app.view(form.ACCEPTED)(accepted)
    app.action(form.DECLINE)(decline)
    app.view(form.DECLINED)(declined)
