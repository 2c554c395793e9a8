"""Adding what the child or adult has said or shown, or that nobody knows."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import voice as form
from blocks.forms import carried
from challenge import voice
from challenge.casework import Casework, Hearing
from challenge.refusals import MissingWords
from challenge.rights import Act
from handlers.doorway import opening, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def given(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    facts = form.read_add(view)
    if facts["answer"] is None:
        raise MissingWords("heard")
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(voice.add, challenge_id(carried(view)), by=person(body), **facts)
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.ADD)(opening(Act.ADD_VOICE, form.add_view))
    app.view(form.GIVEN)(given)
