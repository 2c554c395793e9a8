"""The App Home, drawn anew whenever somebody opens it."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import home
from challenge.casework import Casework
from challenge.model import PersonId
from handlers import raising
from handlers.payloads import Payload, slack_id


async def opened(event: Payload, client: AsyncWebClient, casework: Casework) -> None:
    if event.get("tab") != "home":
        return
    me = PersonId(slack_id(event.get("user")))
    mine = await casework.challenges_of(me)
    tab = home.tab(mine, await casework.directory(), casework.procedure, me)
    await client.views_publish(user_id=me, view=tab)


def register(app: AsyncApp) -> None:
    app.event("app_home_opened")(opened)
    app.action(home.RAISE)(raising.opens)
