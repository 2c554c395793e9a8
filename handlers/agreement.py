"""Proposing another date, and accepting one."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import agreement as form
from blocks.forms import carried
from challenge import agreement
from challenge.casework import Casework, Hearing
from challenge.refusals import MissingWords
from challenge.rights import Act
from handlers.doorway import open_form
from handlers.payloads import Payload, challenge_id, person


async def propose(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.PROPOSE_DATE, form.propose_view, action, body, client, casework)
    await ack()


async def proposed(ack: AsyncAck, body: Payload, view: Payload, hearing: Hearing) -> None:
    day = form.read_propose(view)
    if day is None:
        raise MissingWords("due")
    await hearing.carry_out(
        agreement.propose_date, challenge_id(carried(view)), by=person(body), day=day
    )
    await ack()


async def accept(ack: AsyncAck, action: Payload, body: Payload, hearing: Hearing) -> None:
    await hearing.carry_out(
        agreement.accept_date, challenge_id(action.get("value")), by=person(body)
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.PROPOSE)(propose)
    app.action(form.ACCEPT)(accept)
    app.view(form.PROPOSED_DAY)(proposed)
