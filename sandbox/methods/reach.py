"""What the bot can reach: channels it may see, messages in them, people in the workspace."""

import base64
import binascii

from sandbox.arguments import Arguments
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.workspace import DM, GROUP_DM, PUBLIC, Channel, Message, Person
from sandbox.world import World


def channel_seen(world: World, channel_id: str) -> Channel:
    """A channel the bot knows of; a private one it is not in does not exist for it."""
    channel = world.workspace.channels.get(channel_id)
    if channel is None:
        raise SlackRefusal("channel_not_found")
    if channel.kind != PUBLIC and not world.workspace.shared_with_bot(channel):
        raise SlackRefusal("channel_not_found")
    return channel


def channel_joined(world: World, channel_id: str) -> Channel:
    channel = channel_seen(world, channel_id)
    if not world.workspace.shared_with_bot(channel):
        raise SlackRefusal("not_in_channel")
    return channel


def channel_open(world: World, channel_id: str) -> Channel:
    """A channel the bot is in and that is not archived."""
    channel = channel_joined(world, channel_id)
    if channel.archived:
        raise SlackRefusal("is_archived")
    return channel


def not_a_dm(channel: Channel) -> Channel:
    if channel.kind in {DM, GROUP_DM}:
        raise SlackRefusal("method_not_supported_for_channel_type")
    return channel


def message_in(channel: Channel, ts: str) -> Message:
    message = channel.find(ts)
    if message is None or message.is_ephemeral:
        raise SlackRefusal("message_not_found")
    return message


def person_known(world: World, user: str, error: str = "user_not_found") -> Person:
    person = world.workspace.people.get(user)
    if person is None:
        raise SlackRefusal(error)
    return person


def page_of(items: list[JSON], args: Arguments, usual: int = 100) -> tuple[list[JSON], str]:
    """One page and the cursor of the next, empty at the end."""
    limit = args.number("limit", usual)
    if limit < 0 or limit > 1000:
        raise SlackRefusal("invalid_limit")
    start = _offset(args.text("cursor"))
    end = start + (limit or usual)
    more = end < len(items)
    return items[start:end], base64.b64encode(f"next:{end}".encode()).decode() if more else ""


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError, UnicodeDecodeError) as bad:
        raise SlackRefusal("invalid_cursor") from bad
