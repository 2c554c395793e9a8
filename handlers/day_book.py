"""The day book of the directory, opened by a coordinator and turned page by page."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import day_book as form
from challenge.casework import Casework
from handlers.doorway import show
from handlers.payloads import Payload, challenge_id, person


async def opened(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    await show(client, body, await _page(body, casework, 0))
    await ack()


async def turned(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    again = await _page(body, casework, challenge_id(action.get("value")))
    await client.views_update(view_id=body["view"]["id"], view=again)
    await ack()


async def _page(body: Payload, casework: Casework, skip: int) -> View:
    """Who may see it is asked at every page. Raises NotCoordinator."""
    lines = await casework.day_book(person(body), skip, form.A_PAGE + 1)
    calendar = casework.moment().calendar
    return form.view(lines, skip, await casework.directory(), calendar)


def register(app: AsyncApp) -> None:
    app.action(form.DAY_BOOK)(opened)
    app.action(form.EARLIER)(turned)
    app.action(form.LATER)(turned)
