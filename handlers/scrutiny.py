"""The last stage: reading the pack, giving an opinion, acknowledging it."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import scrutiny as form
from challenge import scrutiny
from challenge.casework import Casework
from challenge.model import PersonId
from challenge.rights import Act
from handlers.agreed_action import Answers, beginning, drafted, gathering
from handlers.doorway import opening, pressing, show
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


async def _page(action: Payload, by: PersonId, casework: Casework, page: int) -> View:
    """Who may read it is asked at every page."""
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    scrutiny.refuse_unless_readable(challenge, directory, by)
    pack = scrutiny.pack(challenge, await casework.chronology(challenge.id))
    return form.pack_view(challenge, directory, pack, page)


def _check(opinion: Answers) -> None:
    scrutiny.refuse_unless_reasoned(opinion["opinion"], opinion["reasons"])


def register(app: AsyncApp) -> None:
    app.action(form.PACK)(read)
    app.action(form.EARLIER)(turn)
    app.action(form.FURTHER)(turn)
    app.action(form.GIVE)(opening(Act.GIVE_OPINION, drafted(form.opinion_view)))
    app.view(form.GIVEN)(beginning(form.read_opinion, _check, form.action_view))
    app.view(form.ACTION)(gathering(scrutiny.give_opinion, form.facts, form.action_view))
    app.action(form.ACKNOWLEDGE)(pressing(scrutiny.acknowledge))
