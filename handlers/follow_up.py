"""Ticking actions off, moving their day, what came of it, signing, and opening it again."""

from collections.abc import Callable

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import follow_up as form
from blocks.forms import carried
from challenge import follow_up
from challenge.casework import Casework, Hearing
from challenge.model import AgreedAction, Challenge
from challenge.refusals import ActionDone
from challenge.rights import Act, refuse_unless_may
from handlers.doorway import opening, pointed_out, submitting
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


async def agreed(ack: AsyncAck, body: Payload, view: Payload, hearing: Hearing) -> None:
    challenge, by = challenge_id(carried(view)), person(body)
    await hearing.carry_out(follow_up.agree_new_day, challenge, by=by, **form.read_agree(view))
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
    app.view(form.TICKED)(submitting(follow_up.tick_off, form.read_tick))
    app.action(form.MOVE)(move)
    app.view(form.MOVED)(moved)
    app.action(form.AGREE)(opening(Act.AGREE_NEW_DAY, form.agree_view))
    app.view(form.AGREED)(agreed)
    app.action(form.ANSWER)(opening(Act.FOLLOW_THROUGH, form.answer_view))
    app.view(form.ANSWERED)(submitting(follow_up.follow_through, form.read_answer))
    app.action(form.SIGN)(opening(Act.SIGN, form.sign_view))
    app.view(form.SIGNED)(submitting(follow_up.sign, form.read_signature))
    app.action(form.REOPEN)(opening(Act.REOPEN, form.reopen_view))
    app.view(form.REOPENED)(submitting(follow_up.reopen, form.read_reopening))
