"""Saying, or renewing, what keeps the person safe while people disagree."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import meanwhile as form
from blocks.forms import carried
from challenge import meanwhile
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import open_form, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def asks(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.SET_MEANWHILE, form.set_view, action, body, client, casework)
    await ack()


async def given(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        meanwhile.set_meanwhile,
        challenge_id(carried(view)),
        by=person(body),
        **form.read_set(view),
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.SET)(asks)
    app.view(form.GIVEN)(given)
