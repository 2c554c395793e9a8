"""The last stage: reading the pack, giving an opinion, acknowledging it."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import scrutiny as form
from blocks.forms import carried
from challenge import scrutiny
from challenge.casework import Casework, Hearing
from challenge.model import PersonId
from challenge.refusals import MissingWords
from challenge.rights import Act
from handlers.doorway import opening, pointed_out, pressing, show
from handlers.payloads import Payload, challenge_id, part, person


async def read(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await show(client, body, await _page(action, person(body), casework, 0))
    await ack()


async def turn(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    on = 1 if action.get("action_id") == form.FURTHER else -1
    page = form.page_shown(part(body, "view")) + on
    again = await _page(action, person(body), casework, page)
    await client.views_update(view_id=body["view"]["id"], view=again)
    await ack()


async def given(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    facts = form.read_opinion(view)
    if facts["until"] is None:
        raise MissingWords("until")
    await hearing.carry_out(
        scrutiny.give_opinion, challenge_id(carried(view)), by=person(body), **facts
    )
    await ack()


async def _page(action: Payload, by: PersonId, casework: Casework, page: int) -> View:
    """Who may read it is asked at every page."""
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    scrutiny.refuse_unless_readable(challenge, directory, by)
    pack = scrutiny.pack(challenge, await casework.chronology(challenge.id))
    return form.pack_view(challenge, directory, pack, page)


def register(app: AsyncApp) -> None:
    app.action(form.PACK)(read)
    app.action(form.EARLIER)(turn)
    app.action(form.FURTHER)(turn)
    app.action(form.GIVE)(opening(Act.GIVE_OPINION, form.opinion_view))
    app.view(form.GIVEN)(given)
    app.action(form.ACKNOWLEDGE)(pressing(scrutiny.acknowledge))
