"""Bringing in a supporter, and asking for support before anything is raised."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import support as form
from blocks.forms import carried
from challenge import support
from challenge.casework import Casework, Hearing
from challenge.directory import Directory
from challenge.model import PersonId
from challenge.raising import refuse_unless_known
from challenge.rights import Act
from handlers.doorway import opening, show
from handlers.payloads import Payload, challenge_id, person


async def brought(ack: AsyncAck, body: Payload, view: Payload, hearing: Hearing) -> None:
    await hearing.carry_out(
        support.bring_supporter,
        challenge_id(carried(view)),
        by=person(body),
        supporter=form.read_bring(view),
    )
    await ack()


async def first(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    """From the first question or from the App Home: who it would be, before anything is sent."""
    directory = await casework.directory()
    lead = _lead(directory, casework, person(body))
    asked = form.first_view(casework.procedure, directory.name(lead))
    await show(client, body, asked)
    await ack()


async def talk(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    """A conversation of two, and the bot's one word in it. Nothing of it is kept."""
    by, directory = person(body), await casework.directory()
    lead = _lead(directory, casework, by)
    between = await client.conversations_open(users=[by, lead])
    said = form.introduced(directory.name(by), directory.name(lead))
    await client.chat_postMessage(
        channel=between["channel"]["id"], text=said.text, blocks=said.blocks
    )
    await ack(response_action="update", view=form.opened(directory.name(lead)))


def _lead(directory: Directory, casework: Casework, by: PersonId) -> PersonId:
    refuse_unless_known(directory, casework.procedure, by)
    text = casework.procedure.emergency.text
    return support.someone_to_talk_to(directory, casework.moment().today, by, emergency=text)


def register(app: AsyncApp) -> None:
    app.action(form.BRING)(opening(Act.BRING_SUPPORTER, form.bring_view))
    app.view(form.BROUGHT)(brought)
    app.action(form.FIRST)(first)
    app.view(form.TALK)(talk)
