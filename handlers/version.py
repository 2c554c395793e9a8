"""Moving to the procedure as it is now, from a coordinator's list of open challenges."""

import contextlib

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import home
from blocks import version as form
from blocks.forms import carried
from challenge import version
from challenge.casework import Casework, Hearing
from challenge.people import refuse_unless_coordinator
from handlers.doorway import SLACK_WILL_NOT, pointed_out, show
from handlers.home import show_partnership
from handlers.payloads import Payload, challenge_id, part, person


async def move(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    by = person(body)
    # First of all: whoever is none does not learn whether there is such a challenge.
    refuse_unless_coordinator(await casework.directory(), by)
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    there = version.ahead(challenge, directory, await casework.todays_procedure(), by=by)
    await show(client, body, form.move_view(challenge, there, home.page_of(part(body, "view"))))
    await ack()


async def moved(
    ack: AsyncAck,
    body: Payload,
    view: Payload,
    client: AsyncWebClient,
    casework: Casework,
    hearing: Hearing,
) -> None:
    if await pointed_out(ack, view, casework):
        return
    by, to = person(body), await casework.todays_procedure()
    asked = challenge_id(carried(view))
    await hearing.carry_out(version.move, asked, by=by, to=to, **form.read_move(view))
    # It is moved: should Slack not draw the Home anew, that is no mishap to tell of.
    with contextlib.suppress(*SLACK_WILL_NOT):
        await show_partnership(by, client, casework, form.page_of(view))
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.MOVE)(move)
    app.view(form.MOVED)(moved)
