"""Recording the review, asking for a second opinion, giving it."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import review as form
from blocks.forms import carried
from challenge import review
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import open_form, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def record(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.REVIEW, form.record_view, action, body, client, casework)
    await ack()


async def recorded(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        review.record_review, challenge_id(carried(view)), by=person(body), **form.read(view)
    )
    await ack()


async def ask_again(ack: AsyncAck, action: Payload, body: Payload, hearing: Hearing) -> None:
    await hearing.carry_out(
        review.ask_review_again, challenge_id(action.get("value")), by=person(body)
    )
    await ack()


async def again(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.REVIEW_AGAIN, form.again_view, action, body, client, casework)
    await ack()


async def given_again(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        review.review_again, challenge_id(carried(view)), by=person(body), **form.read(view)
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.RECORD)(record)
    app.view(form.RECORDED)(recorded)
    app.action(form.ASK_AGAIN)(ask_again)
    app.action(form.AGAIN)(again)
    app.view(form.GIVEN_AGAIN)(given_again)
