"""Putting one side's position beside the other's, and saying that the decision is changed."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import position as form
from challenge import position
from challenge.casework import Casework
from challenge.rights import Act
from handlers.doorway import open_form, pressing, submitting
from handlers.payloads import Payload, person


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


def register(app: AsyncApp) -> None:
    app.action(form.PUT)(put)
    app.view(form.GIVEN)(submitting(position.put, form.read_put))
    app.action(form.CHANGED)(pressing(position.change_decision))
