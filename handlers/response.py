"""Someone may be at risk: contacts first, then the urgent route."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import response as form
from blocks.forms import answer, carried
from challenge import response
from challenge.casework import Casework, Hearing
from challenge.rights import Act
from handlers.doorway import opening, pointed_out
from handlers.payloads import Payload, challenge_id, person


async def declared(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        response.declare_risk,
        challenge_id(carried(view)),
        by=person(body),
        because=answer(view, "because"),
        done=answer(view, "done"),
    )
    await ack()


def register(app: AsyncApp) -> None:
    app.action(form.RISK)(opening(Act.DECLARE_RISK, form.risk_view))
    app.view(form.DECLARED)(declared)
