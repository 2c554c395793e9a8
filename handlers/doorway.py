"""What listeners do alike: open a form, take its answers in, point out what may identify."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks.forms import carried, on_top, seen_in
from blocks.identifiers import point_out
from blocks.layout import Message
from blocks.response import contacts_view
from challenge.casework import Casework, Hearing, Rule
from challenge.escalation import in_danger, prompt_to_answer
from challenge.model import Challenge
from challenge.rights import ASKED, MAY, Act, refuse_unless_may
from handlers.payloads import Payload, challenge_id, part, person

Listener = Callable[..., Awaitable[None]]
"""What Bolt calls, with the arguments that it finds by name."""

SLACK_WILL_NOT = (SlackApiError, ClientError, TimeoutError)
"""What a call that may fail without harm raises when Slack refuses it, or cannot be reached."""

ALTERED_WITHIN = 1.0
"""Seconds, so that Slack hears the answer to the click in time."""


def opening(act: Act, draw: Callable[[Challenge], View]) -> Listener:
    """The listener for a button that opens a form."""

    async def opens(
        ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
    ) -> None:
        await open_form(act, draw, action, body, client, casework)
        await ack()

    return opens


def submitting(
    rule: Rule, read: Callable[[Payload], dict[str, Any]], *, goes: str | None = None
) -> Listener:
    """The listener for a form whose answers are the facts of a rule; `goes` is "clear" when the
    window behind the form goes with it."""

    async def submitted(
        ack: AsyncAck, body: Payload, view: Payload, casework: Casework, hearing: Hearing
    ) -> None:
        if await pointed_out(ack, view, casework):
            return
        facts, asked = read(view), challenge_id(carried(view))
        challenge = await hearing.carry_out(rule, asked, by=person(body), **facts)
        if in_danger(facts.get("safety")):
            await ack(response_action="update", view=contacts_view(challenge))
        else:
            await ack(response_action=goes)

    return submitted


def pressing(rule: Rule) -> Listener:
    """The listener for a button that acts at once."""

    async def pressed(ack: AsyncAck, action: Payload, body: Payload, hearing: Hearing) -> None:
        await hearing.carry_out(rule, challenge_id(action.get("value")), by=person(body))
        await ack()

    return pressed


def agreeing(rule: Rule) -> Listener:
    """The listener for a yes at one press, to what the button was drawn with."""

    async def agreed(ack: AsyncAck, action: Payload, body: Payload, hearing: Hearing) -> None:
        value = action.get("value")
        await hearing.carry_out(rule, challenge_id(value), by=person(body), seen=seen_in(value))
        await ack()

    return agreed


async def open_form(
    act: Act,
    draw: Callable[[Challenge], View],
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    casework: Casework,
) -> None:
    """Opens a modal for whoever may act; refuses before anything is typed for whoever may not."""
    by = person(body)
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    if MAY[act] == ASKED:
        prompt_to_answer(act, challenge, directory, by)
    refuse_unless_may(act, challenge, directory, by)
    await show(client, body, draw(challenge))


async def show(client: AsyncWebClient, body: Payload, view: View) -> None:
    """Opens the modal, on top of the one whose button was pressed if there is one."""
    trigger = body["trigger_id"]
    if part(body, "view").get("type") == "modal":
        await client.views_push(trigger_id=trigger, view=on_top(view))
    else:
        await client.views_open(trigger_id=trigger, view=view)


async def pointed_out(ack: AsyncAck, view: Payload, casework: Casework) -> bool:
    """True when the modal was shown again with a find pointed out, and nothing else was done."""
    again = point_out(view, casework.moment().today)
    if again is None:
        return False
    await ack(response_action="update", view=again)
    return True


def place_of(body: Payload) -> str:
    """Where the message stands whose button was pressed; nothing for one that its reader alone
    sees, and for a window, which nobody can alter afterwards."""
    place = part(body, "container")
    if place.get("type") != "message" or place.get("is_ephemeral"):
        return ""
    return f"{place.get('channel_id')}:{place.get('message_ts')}"


async def alter(client: AsyncWebClient, place: str, message: Message) -> None:
    """What stood there was a question, and now it is answered. Should Slack not take it, the old
    buttons do no harm."""
    channel, _, ts = place.partition(":")
    if not ts:
        return
    with contextlib.suppress(*SLACK_WILL_NOT):
        async with asyncio.timeout(ALTERED_WITHIN):
            await client.chat_update(
                channel=channel, ts=ts, text=message.text, blocks=message.blocks
            )
