"""/challenge: raises one; with a word behind it, shows what only the person asking can see."""

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import card, follow_up, home, layout, record
from challenge.casework import Casework
from challenge.rights import Act, only_owns, refuse_unless_may
from handlers import directory, raising
from handlers.payloads import Payload, person

COMMAND = "/challenge"


async def typed(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    word, _, rest = str(body.get("text") or "").strip().partition(" ")
    match word.lower():
        case "":
            await raising.opens(ack, body, client, casework)
        case "list":
            await _show(ack, await _listing(body, casework))
        case "away":
            await directory.away(ack, body, client, casework)
        case "directory":
            await _show(ack, await directory.asked_for(body, casework))
        case "record" if rest.strip():
            await _show(ack, await _record(body, casework, rest))
        case "show" if rest.strip():
            await _show(ack, await _one(body, casework, rest))
        case "record" | "show" as known:
            await _show(ack, home.help_message(home.which_one(known)))
        case "report":
            await _show(ack, home.help_message(home.NO_REPORT))
        case "help":
            await _show(ack, home.help_message())
        case _:
            await _show(ack, home.help_message(home.unknown(word)))


async def _listing(body: Payload, casework: Casework) -> layout.Message:
    by = person(body)
    return home.listing(await casework.challenges_of(by), await casework.directory(), by)


async def _one(body: Payload, casework: Casework, reference: str) -> layout.Message:
    """Whoever only owns an agreed action is shown that action, and nothing else."""
    by = person(body)
    challenge, directory = await casework.find(reference, by)
    if only_owns(challenge, directory, by):
        return follow_up.own_actions(challenge, by)
    refuse_unless_may(Act.SEE, challenge, directory, by)
    return card.draw(challenge, directory)


async def _record(body: Payload, casework: Casework, reference: str) -> layout.Message:
    challenge, directory = await casework.read(reference, by=person(body))
    return record.how_to_get(challenge, directory)


async def _show(ack: AsyncAck, message: layout.Message) -> None:
    await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")


def register(app: AsyncApp) -> None:
    app.command(COMMAND)(typed)
