"""Asking for somebody outside the line: one press."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import outside as form
from challenge import outside
from challenge.casework import Hearing
from handlers.payloads import Payload, challenge_id, person


async def go_past(ack: AsyncAck, action: Payload, body: Payload, hearing: Hearing) -> None:
    await hearing.carry_out(
        outside.go_past_line, challenge_id(action.get("value")), by=person(body)
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.PAST)(go_past)
