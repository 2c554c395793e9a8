"""Proposing another date, and accepting one."""

from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import agreement as form
from blocks.forms import carried, seen_in
from challenge import agreement
from challenge.casework import Casework, Hearing
from challenge.model import Challenge
from challenge.refusals import MissingWords
from challenge.rights import Act
from handlers.doorway import open_form, pointed_out, submitting
from handlers.payloads import Payload, challenge_id, person


async def propose(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.PROPOSE_DATE, partial(_form, casework), action, body, client, casework)
    await ack()


async def proposed(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    facts = form.read_propose(view)
    if facts["day"] is None:
        raise MissingWords("due")
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        agreement.propose_date, challenge_id(carried(view)), by=person(body), **facts
    )
    await ack()


async def accept(
    ack: AsyncAck,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    casework: Casework,
    hearing: Hearing,
) -> None:
    """One press; for an extension, a look at safety comes first."""
    asked = challenge_id(action.get("value"))
    if agreement.may_accept_extension(*await casework.look_up(asked), by=person(body)):
        draw = form.accept_extension_view
        await open_form(Act.ACCEPT_DATE, draw, action, body, client, casework)
    else:
        seen = seen_in(action.get("value"))
        await hearing.carry_out(agreement.accept_date, asked, by=person(body), seen=seen)
    await ack()


def _form(casework: Casework, challenge: Challenge) -> View:
    extends = agreement.is_running(challenge, casework.moment(challenge.procedure))
    return form.propose_view(challenge, extends=extends)


def register(app: AsyncApp) -> None:
    app.action(form.PROPOSE)(propose)
    app.action(form.ACCEPT)(accept)
    app.view(form.PROPOSED_DAY)(proposed)
    app.view(form.EXTENSION_ACCEPTED)(submitting(agreement.accept_date, form.read_accepted))
