"""Ticking actions off, moving their day, what came of it, signing, and opening it again."""

from collections.abc import Callable

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import follow_up as form
from blocks.forms import answer, carried
from challenge import follow_up
from challenge.casework import Casework, Hearing
from challenge.model import AgreedAction, Challenge
from challenge.refusals import ActionDone
from challenge.rights import Act, refuse_unless_may
from handlers.doorway import open_form, pointed_out
from handlers.payloads import Payload, challenge_id, person

Actions = tuple[tuple[int, AgreedAction], ...]


async def tick(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """Only the actions that are theirs: an owner need not be on the challenge."""
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    refuse_unless_may(Act.TICK_OFF, challenge, directory, person(body))
    actions = follow_up.tickable(challenge, directory, person(body))
    await _open(body, client, form.tick_view, challenge, actions)
    await ack()


async def ticked(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    challenge, by = challenge_id(carried(view)), person(body)
    await hearing.carry_out(follow_up.tick_off, challenge, by=by, **form.read_tick(view))
    await ack()


async def move(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    refuse_unless_may(Act.MOVE_ACTION, challenge, directory, person(body))
    actions = follow_up.movable(challenge, person(body))
    await _open(body, client, form.move_view, challenge, actions)
    await ack()


async def moved(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    challenge, by = challenge_id(carried(view)), person(body)
    facts = form.read_move(view, casework.moment().today)
    await hearing.carry_out(follow_up.propose_new_day, challenge, by=by, **facts)
    await ack()


async def agree(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.AGREE_NEW_DAY, form.agree_view, action, body, client, casework)
    await ack()


async def agreed(ack: AsyncAck, body: Payload, view: Payload, hearing: Hearing) -> None:
    challenge, by = challenge_id(carried(view)), person(body)
    await hearing.carry_out(follow_up.agree_new_day, challenge, by=by, **form.read_agree(view))
    await ack()


async def ask(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.FOLLOW_THROUGH, form.answer_view, action, body, client, casework)
    await ack()


async def answered(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    challenge, by = challenge_id(carried(view)), person(body)
    await hearing.carry_out(follow_up.follow_through, challenge, by=by, **form.read_answer(view))
    await ack()


async def sign(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.SIGN, form.sign_view, action, body, client, casework)
    await ack()


async def signed(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    challenge, by = challenge_id(carried(view)), person(body)
    await hearing.carry_out(follow_up.sign, challenge, by=by, **form.read_signature(view))
    await ack()


async def reopen(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    await open_form(Act.REOPEN, form.reopen_view, action, body, client, casework)
    await ack()


async def reopened(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
) -> None:
    if await pointed_out(ack, view, casework):
        return
    await hearing.carry_out(
        follow_up.reopen,
        challenge_id(carried(view)),
        by=person(body),
        because=answer(view, "because"),
    )
    await ack()


async def _open(
    body: Payload,
    client: AsyncWebClient,
    draw: Callable[[Challenge, Actions], View],
    challenge: Challenge,
    actions: Actions,
) -> None:
    """Raises ActionDone when nothing is left to choose from."""
    if not actions:
        raise ActionDone
    await client.views_open(trigger_id=body["trigger_id"], view=draw(challenge, actions))


def register(app: AsyncApp) -> None:
    app.action(form.TICK)(tick)
    app.view(form.TICKED)(ticked)
    app.action(form.MOVE)(move)
    app.view(form.MOVED)(moved)
    app.action(form.AGREE)(agree)
    app.view(form.AGREED)(agreed)
    app.action(form.ANSWER)(ask)
    app.view(form.ANSWERED)(answered)
    app.action(form.SIGN)(sign)
    app.view(form.SIGNED)(signed)
    app.action(form.REOPEN)(reopen)
    app.view(form.REOPENED)(reopened)
