"""Flagging a conflict of interest, and settling it."""

from functools import partial

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import conflict as form
from blocks.forms import carried
from challenge import conflict
from challenge.casework import Casework, Hearing
from challenge.model import Challenge, PersonId
from challenge.refusals import NothingProposed
from challenge.rights import Act
from handlers.doorway import open_form, opening, pointed_out, submitting
from handlers.payloads import Payload, challenge_id, person


async def settle(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    draw = partial(_form, person(body))
    await open_form(Act.SETTLE_CONFLICT, draw, action, body, client, casework)
    await ack()


async def settled(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    challenge, _, number = carried(view).partition(":")
    await hearing.carry_out(
        conflict.settle_conflict,
        challenge_id(challenge),
        by=person(body),
        number=challenge_id(number),
        **form.read_settle(view),
    )
    await ack()


def _form(by: PersonId, challenge: Challenge) -> View:
    """The oldest that this person was asked to settle."""
    waiting = conflict.to_settle(challenge, by)
    if waiting is None:
        raise NothingProposed(now="that conflict of interest has been settled")
    return form.settle_view(challenge, waiting)


def register(app: AsyncApp) -> None:
    app.action(form.FLAG)(opening(Act.FLAG_CONFLICT, form.flag_view))
    app.view(form.FLAGGED)(submitting(conflict.flag_conflict, form.read_flag))
    app.action(form.SETTLE)(settle)
    app.view(form.SETTLED)(settled)
