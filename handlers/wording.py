"""Check my words: looks at what stands in the form, shows some questions and keeps nothing."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import raising
from blocks import wording as form
from blocks.forms import carried
from challenge.casework import Casework
from handlers.payloads import Payload, person


async def look(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    await ack()
    view = body["view"]
    again = form.looked_over(view, await _written_before(body, casework))
    await client.views_update(view_id=view["id"], hash=view["hash"], view=again)


async def _written_before(body: Payload, casework: Casework) -> dict[str, str]:
    """What is challenged stands in the form before the last."""
    view = body["view"]
    if view.get("callback_id") != raising.ASKING:
        return {}
    draft = await casework.draft(carried(view), person(body))
    return {"decision": str(draft.get("decision", ""))}


def register(app: AsyncApp) -> None:
    app.action(form.LOOK)(look)
