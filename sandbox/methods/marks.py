"""pins.*, reactions.* and bookmarks.*: marks on messages and channels."""

import re

from sandbox.arguments import Arguments
from sandbox.methods.reach import channel_joined, channel_open, message_in
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.workspace import Channel, Message
from sandbox.world import World

MOST_PINS = 100


def pins_add(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    if channel.archived:
        raise SlackRefusal("restricted_action")
    message = _marked(channel, args)
    if message.ts in channel.pins:
        raise SlackRefusal("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise SlackRefusal("too_many_pins")
    world.workspace.pin(channel, message, world.identity.bot_user_id)
    return {}


def pins_remove(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    message = _marked(channel, args)
    if message.ts not in channel.pins:
        raise SlackRefusal("no_pin")
    world.workspace.unpin(channel, message, world.identity.bot_user_id)
    return {}


def pins_list(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    pinned = [message_in(channel, ts) for ts in channel.pins]
    items = [
        {
            "type": "message",
            "channel": channel.id,
            "message": dict(m.raw),
            "created": channel.created,
        }
        for m in reversed(pinned)
    ]
    return {"items": items}


def reactions_add(world: World, args: Arguments) -> JSON:
    channel = channel_open(world, args.text("channel"))
    message, name = _marked(channel, args), _emoji(args)
    me = world.identity.bot_user_id
    if world.workspace.has_reacted(message, me, name):
        raise SlackRefusal("already_reacted")
    world.workspace.react(channel, message, me, name)
    return {}


def reactions_remove(world: World, args: Arguments) -> JSON:
    channel = channel_open(world, args.text("channel"))
    message, name = _marked(channel, args), _emoji(args)
    me = world.identity.bot_user_id
    if not world.workspace.has_reacted(message, me, name):
        raise SlackRefusal("no_reaction")
    world.workspace.unreact(channel, message, me, name)
    return {}


def reactions_get(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    message = _marked(channel, args)
    return {"type": "message", "channel": channel.id, "message": dict(message.raw)}


def bookmarks_add(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel_id"))
    if args.text("type") != "link":
        raise SlackRefusal("invalid_bookmark_type")
    if not re.match(r"https?://", args.text("link")):
        raise SlackRefusal("invalid_link")
    bookmark = {
        "id": world.workspace.fresh_id("Bk"),
        "channel_id": channel.id,
        "title": args.text("title"),
        "link": args.text("link"),
        "emoji": args.text("emoji"),
        "type": "link",
        "date_created": int(world.workspace.clock.now()),
        "app_id": world.identity.app_id,
    }
    channel.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def bookmarks_list(world: World, args: Arguments) -> JSON:
    return {"bookmarks": channel_joined(world, args.text("channel_id")).bookmarks}


def _marked(channel: Channel, args: Arguments) -> Message:
    if not args.text("timestamp"):
        raise SlackRefusal("no_item_specified")
    if not re.fullmatch(r"\d+\.\d+", args.text("timestamp")):
        raise SlackRefusal("bad_timestamp")
    return message_in(channel, args.text("timestamp"))


def _emoji(args: Arguments) -> str:
    name = args.text("name").strip(":")
    if not re.fullmatch(r"[a-z0-9_'+-]+(::skin-tone-\d)?", name):
        raise SlackRefusal("invalid_name")
    return name


ANSWERS = {
    "pins.add": pins_add,
    "pins.remove": pins_remove,
    "pins.list": pins_list,
    "reactions.add": reactions_add,
    "reactions.remove": reactions_remove,
    "reactions.get": reactions_get,
    "bookmarks.add": bookmarks_add,
    "bookmarks.list": bookmarks_list,
}
