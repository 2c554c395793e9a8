"""Does this have another route? Shows another route's contact, and keeps nothing of it."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import other_routes as form
from blocks import raising
from blocks.forms import answer, carried
from challenge.casework import Casework
from handlers.payloads import Payload


async def look(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    view = body["view"]
    asked = form.ask_view(casework.procedure, carried(view))
    await client.views_update(view_id=view["id"], hash=view["hash"], view=asked)
    await ack()


async def danger_answered(
    ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """Whom to call appears the moment that somebody says yes."""
    await ack()
    view = body["view"]
    again = form.ask_view(
        casework.procedure,
        carried(view),
        danger=answer(view, "danger"),
        route=answer(view, "route"),
    )
    await client.views_update(view_id=view["id"], hash=view["hash"], view=again)


async def chosen(ack: AsyncAck, view: Payload, casework: Casework) -> None:
    """Back at the first question, with the contact on it: whoever wants to go on can, at once."""
    danger, route = form.read(view, casework.procedure)
    again = raising.safety_view(casework.procedure, carried(view), danger=danger, route=route)
    await ack(response_action="update", view=again)


def register(app: AsyncApp) -> None:
    app.action(form.LOOK)(look)
    app.action(form.DANGER)(danger_answered)
    app.view(form.CHOSEN)(chosen)
