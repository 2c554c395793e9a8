"""Putting one side's position beside the other's, and saying that the decision is changed."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import position as form
from blocks.forms import carried
from challenge import position
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import open_form, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def put(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    by = person(body)
    await open_form(
        Act.PUT_POSITION,
        lambda challenge: form.put_view(challenge, challenge.side_of(by)),
        action,
        body,
        client,
        casework,
    )
    await ack()


async def given(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        position.put, challenge_id(carried(view)), by=person(body), **form.read_put(view)
    )
    await ack()


async def changed(ack: AsyncAck, action: Payload, body: Payload, hearing: Hearing) -> None:
    await hearing.carry_out(
        position.change_decision, challenge_id(action.get("value")), by=person(body)
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.PUT)(put)
    app.view(form.GIVEN)(given)
    app.action(form.CHANGED)(changed)
