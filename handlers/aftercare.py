"""After-care: the private question, and the listener reading what was confided."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import aftercare as form
from blocks.forms import carried
from challenge import aftercare
from challenge.casework import Casework, Hearing
from challenge.rights import Act, refuse_unless_may
from handlers.doorway import alter, place_of, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def ask(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    by = person(body)
    refuse_unless_may(Act.CONFIDE, challenge, directory, by)
    returned = await casework.returned(challenge.id)
    to = aftercare.listener_or_refuse(challenge, directory, returned)
    words = aftercare.words_returned(returned, by)
    view = form.ask_view(challenge, to, directory, words, place_of(body))
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def confided(
    ack: AsyncAck,
    body: Payload,
    view: Payload,
    client: AsyncWebClient,
    casework: Casework,
    hearing: Hearing,
) -> None:
    """That it was answered is kept nowhere but in the message: not even the outbox knows."""
    if await pointed_out(ack, view, casework):
        return
    asked = challenge_id(carried(view))
    await hearing.confide(asked, by=person(body), **form.read_answer(view))
    challenge, _ = await casework.look_up(asked)
    await alter(client, form.read_place(view), form.answered(challenge))
    await ack()


async def read(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    number = challenge_id(action.get("value"))
    mine = await casework.confidences(number, by=person(body))
    challenge, directory = await casework.look_up(number)
    await client.views_open(
        trigger_id=body["trigger_id"], view=form.confided_view(challenge, directory, mine)
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.ASK)(ask)
    app.view(form.CONFIDED)(confided)
    app.action(form.READ)(read)
