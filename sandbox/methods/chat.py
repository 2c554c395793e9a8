"""chat.*: the bot posts, changes and deletes messages."""

import time

from sandbox import content
from sandbox.arguments import Arguments
from sandbox.methods.reach import (
    channel_joined,
    channel_open,
    channel_seen,
    message_in,
    person_known,
)
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.workspace import DM, Channel, Message
from sandbox.world import World


def post_message(world: World, args: Arguments) -> JSON:
    channel = _destination(world, args.text("channel"))
    home = world.manifest.get("features", {}).get("app_home", {})
    if channel.kind == DM and not home.get("messages_tab_enabled", True):
        raise SlackRefusal("messages_tab_disabled")
    kept = content.checked(args.content(), world.wire, "chat.postMessage")
    thread = _thread(channel, args.text("thread_ts"))
    _keep_the_pace(world, channel)
    if thread is not None:
        kept["thread_ts"] = thread
        if args.flag("reply_broadcast"):
            kept |= {"subtype": "thread_broadcast", "root": {"ts": thread}}
    message = world.workspace.post(channel, world.bot_message(kept))
    return {"channel": channel.id, "ts": message.ts, "message": dict(message.raw)}


def update(world: World, args: Arguments) -> JSON:
    channel = channel_open(world, args.text("channel"))
    message = message_in(channel, args.text("ts"))
    if message.get("bot_id") != world.identity.bot_id:
        raise SlackRefusal("cant_update_message")
    if len(args.text("text")) > content.ADVISED_TEXT:
        raise SlackRefusal("msg_too_long")
    kept = content.checked(args.content(), world.wire, "chat.update")
    edited = {"user": world.identity.bot_user_id, "ts": world.workspace.ts()}
    # Text alone drops the blocks; metadata stays unless new is given.
    stays = {k: v for k, v in message.raw.items() if k not in {"text", "blocks", "attachments"}}
    world.workspace.change(channel, message, stays | kept | {"edited": edited})
    text = kept["text"]
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": dict(message.raw)}


def delete(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    message = message_in(channel, args.text("ts"))
    if message.get("bot_id") != world.identity.bot_id:
        raise SlackRefusal("cant_delete_message")
    world.workspace.delete(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(world: World, args: Arguments) -> JSON:
    channel = channel_open(world, args.text("channel"))
    person_known(world, args.text("user"), "user_not_in_channel")
    if args.text("user") not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    kept = content.checked(args.content(), world.wire, "chat.postEphemeral")
    if args.text("thread_ts"):
        kept["thread_ts"] = args.text("thread_ts")
    message = world.workspace.whisper(channel, args.text("user"), world.bot_message(kept))
    return {"message_ts": message.ts}


def get_permalink(world: World, args: Arguments) -> JSON:
    channel = channel_seen(world, args.text("channel"))
    message = message_in(channel, args.text("message_ts"))
    return {"channel": channel.id, "permalink": permalink(world, channel, message)}


def permalink(world: World, channel: Channel, message: Message) -> str:
    link = f"{world.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return link


def _destination(world: World, given: str) -> Channel:
    """A channel id, or a person's id, which opens their direct message."""
    person = world.workspace.people.get(given)
    if person is None:
        return channel_open(world, given)
    if person.deactivated:
        # Slack takes such a message and nobody ever reads it.
        world.wire.complain("posted_to_deactivated", f"a message went to {person.id}, who has left")
    return world.workspace.dm_with(person.id)


def _thread(channel: Channel, thread_ts: str) -> str | None:
    """Replies hang on the head of a thread even when sent to a reply."""
    if not thread_ts:
        return None
    parent = channel.find(thread_ts)
    if parent is None or parent.is_ephemeral:
        raise SlackRefusal("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _keep_the_pace(world: World, channel: Channel) -> None:
    """One message a second in each channel, when the sandbox is told to mind."""
    if not world.strict_rate_limits:
        return
    now = time.monotonic()
    if now - world.last_post.get(channel.id, -1.0) < 1.0:
        raise SlackRefusal("ratelimited", retry_after=1)
    world.last_post[channel.id] = now


ANSWERS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
}
