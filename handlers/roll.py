"""The roll: opened from the partnership's Home, turned page by page, drawn anew after a change."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import roll as form
from blocks.forms import carried
from challenge import roll
from challenge.casework import Casework
from challenge.model import PersonId
from challenge.people import refuse_unless_coordinator
from handlers.doorway import show
from handlers.payloads import Payload, challenge_id, part, person


async def opened(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    await show(client, body, await page(casework, person(body), roll.EVERYBODY, 0))
    await ack()


async def turned(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    shown, _ = form.read_place(carried(part(body, "view"))) or (roll.EVERYBODY, 0)
    again = await page(casework, person(body), shown, challenge_id(action.get("value")))
    await client.views_update(view_id=body["view"]["id"], view=again)
    await ack()


async def chosen(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """Another agency, everybody, or what needs a look; from its first page."""
    wanted = str(part(action, "selected_option").get("value"))
    again = await page(casework, person(body), wanted, 0)
    await client.views_update(view_id=body["view"]["id"], view=again)
    await ack()


async def page(casework: Casework, by: PersonId, wanted: str, at: int) -> View:
    """Who may see it is asked at every page. Raises NotCoordinator."""
    directory, today = await casework.directory(), casework.moment().today
    refuse_unless_coordinator(directory, by)
    return form.view(directory, roll.turned_to(directory, wanted, at, today), today)


def register(app: AsyncApp) -> None:
    app.action(form.ROLL)(opened)
    app.action(form.EARLIER)(turned)
    app.action(form.LATER)(turned)
    app.action(form.PART)(chosen)
