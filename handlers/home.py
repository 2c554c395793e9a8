"""The App Home, drawn anew whenever somebody opens it or turns a page of it."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import home
from challenge.casework import Casework
from challenge.model import PersonId
from handlers import raising
from handlers.payloads import Payload, challenge_id, person, slack_id

NEWER_STANDS_THERE = "hash_conflict"


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
    await _show(me, None, client, casework)


async def show_partnership(
    me: PersonId, client: AsyncWebClient, casework: Casework, skip: int = 0
) -> None:
    """Raises NotCoordinator."""
    await _show(me, skip, client, casework)


async def drawn(me: PersonId, page: int | None, casework: Casework) -> View:
    """One's own, or a page of the partnership. Raises NotCoordinator."""
    if page is None:
        challenges = await casework.challenges_of(me)
        return home.tab(challenges, await casework.directory(), casework.procedure, me)
    challenges, number = await casework.open_challenges(me, page, home.A_PAGE)
    if page and not challenges:
        return await drawn(me, 0, casework)
    seen = home.Partnership(challenges, page, number, await casework.undelivered(me))
    return home.partnership(seen, await casework.directory(), await casework.todays_procedure())


async def _show(me: PersonId, page: int | None, client: AsyncWebClient, casework: Casework) -> None:
    """In the place of what stands there. Should something have been put there since this was
    drawn, it is drawn again, so that what is older never covers what is newer."""
    for last in (False, False, True):
        stands = await casework.home(me)
        view = await drawn(me, page, casework)
        known = None if stands is None or last else stands.hash
        try:
            answer = await client.views_publish(user_id=me, view=view, hash=known)
        except SlackApiError as no:
            if last or no.response.get("error") != NEWER_STANDS_THERE:
                raise
        else:
            return await casework.home_opened(me, page, str(answer["view"]["hash"]))


def register(app: AsyncApp) -> None:
    app.event("app_home_opened")(opened)
    app.action(home.RAISE)(raising.opens)
    app.action(home.MINE)(mine)
    app.action(home.PARTNERSHIP)(page)
    app.action(home.EARLIER)(page)
    app.action(home.LATER)(page)
    app.action(home.CONFIRM_STAGE)(confirm_stage)
