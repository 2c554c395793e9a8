"""The shortcut on a message: adds it to the record of a challenge that the person is on."""

from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from blocks import excerpt as form
from blocks.forms import MOST_TYPED, answer, carried, notice
from challenge import excerpt
from challenge.casework import Casework, Hearing
from challenge.model import Challenge, PersonId
from challenge.privacy import clean
from challenge.rights import MAY, MOVES, Act, parts
from handlers.doorway import pointed_out, show
from handlers.payloads import Payload, challenge_id, moment_of, part, person, slack_id


async def asked(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    mine = await _open_to(person(body), casework)
    channel = part(body, "channel").get("id")
    here = await casework.challenge_in(slack_id(channel)) if channel else None
    if here is not None or not mine:
        why = form.NOWHERE if here is None else form.THERE_ALREADY
        await show(client, body, notice("Add to a record", why))
    else:
        draft, text = await _put_by(body, casework)
        await show(client, body, form.add_view(mine, draft, text))
    await ack()


async def added(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    by, text = person(body), answer(view, "text")
    kept = await casework.draft(carried(view), by)
    await hearing.carry_out(
        excerpt.add,
        challenge_id(answer(view, "challenge")),
        by=by,
        text=text,
        author=PersonId(kept["author"]) if kept["author"] else None,
        written=moment_of(kept["ts"]),
        altered=text != kept["text"],
    )
    await ack()


async def _put_by(body: Payload, casework: Casework) -> tuple[str, str]:
    """Who wrote it and when, from what Slack vouches for; the form carries only a number."""
    message, draft = part(body, "message"), uuid4().hex
    author = message.get("user")
    text = clean(str(message.get("text") or "")).strip()[:MOST_TYPED]
    kept = {
        "text": text,
        "author": slack_id(author) if author else "",
        "ts": str(message.get("ts") or ""),
    }
    await casework.keep_draft(draft, person(body), kept)
    return draft, text


async def _open_to(by: PersonId, casework: Casework) -> list[Challenge]:
    """The challenges whose record they may add to."""
    directory = await casework.directory()
    return [
        challenge
        for challenge in await casework.challenges_of(by, closed=0)
        if parts(challenge, directory, by) & MAY[Act.ADD_EXCERPT]
        and Act.ADD_EXCERPT in MOVES[challenge.status]
    ]


def register(app: AsyncApp) -> None:
    app.shortcut(form.SHORTCUT)(asked)
    app.view(form.ADDED)(added)
