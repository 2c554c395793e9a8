"""The App Home, drawn anew whenever somebody opens it or turns a page of it."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import home
from challenge.casework import Casework
from challenge.model import PersonId
from handlers import raising
from handlers.payloads import Payload, challenge_id, person, slack_id


async def opened(event: Payload, client: AsyncWebClient, casework: Casework) -> None:
    if event.get("tab") == "home":
        await show_mine(PersonId(slack_id(event.get("user"))), client, casework)


async def mine(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    await show_mine(person(body), client, casework)
    await ack()


async def page(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await show_partnership(person(body), client, casework, challenge_id(action.get("value")))
    await ack()


async def confirm_stage(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await casework.confirm_stage(person(body), str(action.get("value")))
    await show_partnership(person(body), client, casework)
    await ack()


async def show_mine(me: PersonId, client: AsyncWebClient, casework: Casework) -> None:
    challenges = await casework.challenges_of(me)
    view = home.tab(challenges, await casework.directory(), casework.procedure, me)
    await client.views_publish(user_id=me, view=view)


async def show_partnership(
    me: PersonId, client: AsyncWebClient, casework: Casework, skip: int = 0
) -> None:
    """Raises NotCoordinator."""
    challenges, number = await casework.open_challenges(me, skip, home.A_PAGE)
    seen = home.Partnership(challenges, skip, number, await casework.undelivered(me))
    directory, procedure = await casework.directory(), await casework.todays_procedure()
    await client.views_publish(user_id=me, view=home.partnership(seen, directory, procedure))


def register(app: AsyncApp) -> None:
    app.event("app_home_opened")(opened)
    app.action(home.RAISE)(raising.opens)
    app.action(home.MINE)(mine)
    app.action(home.PARTNERSHIP)(page)
    app.action(home.EARLIER)(page)
    app.action(home.LATER)(page)
    app.action(home.CONFIRM_STAGE)(confirm_stage)
