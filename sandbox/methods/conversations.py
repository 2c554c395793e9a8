"""conversations.* and users.conversations: channels, their members and their history."""

import re

from sandbox import content
from sandbox.arguments import Arguments
from sandbox.methods.reach import (
    channel_joined,
    channel_open,
    channel_seen,
    message_in,
    not_a_dm,
    page_of,
    person_known,
)
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON
from sandbox.workspace import DM, GROUP_DM, PRIVATE, PUBLIC, Channel, Message
from sandbox.world import World

TYPE_NAMES = {"public_channel": PUBLIC, "private_channel": PRIVATE, "im": DM, "mpim": GROUP_DM}
MOST_IN_A_GROUP = 8
"""People whom a group direct message holds, besides the bot."""


def create(world: World, args: Arguments) -> JSON:
    name = _checked_name(world, args.text("name"))
    kind = PRIVATE if args.flag("is_private") else PUBLIC
    channel = world.workspace.create_channel(name, kind, world.identity.bot_user_id)
    return {"channel": described(world, channel)}


def info(world: World, args: Arguments) -> JSON:
    channel = channel_seen(world, args.text("channel"))
    about = described(world, channel)
    if args.flag("include_num_members"):
        about["num_members"] = len(channel.members)
    return {"channel": about}


def invite(world: World, args: Arguments) -> JSON:
    """All or nothing, unless force lets the valid ones in."""
    channel = not_a_dm(channel_open(world, args.text("channel")))
    users = args.listed("users")
    if not users:
        raise SlackRefusal("no_user")
    if len(users) > 100:
        raise SlackRefusal("too_many_users")
    failed = {user: code for user in users if (code := _why_not_invited(world, channel, user))}
    errors: list[JSON] = [
        {"user": user, "ok": False, "error": code} for user, code in failed.items()
    ]
    if errors and not (args.flag("force") and len(failed) < len(users)):
        raise SlackRefusal(errors[0]["error"], errors=errors)
    for user in dict.fromkeys(users):
        if user not in failed:
            world.workspace.join(channel, user, world.identity.bot_user_id)
    answer: JSON = {"channel": described(world, channel)}
    return answer | {"errors": errors} if errors else answer


def kick(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_joined(world, args.text("channel")))
    user = args.text("user")
    if user == world.identity.bot_user_id:
        raise SlackRefusal("cant_kick_self")
    if not world.workspace.apps_may_remove:
        raise SlackRefusal("restricted_action")
    person_known(world, user)
    if user not in channel.members:
        raise SlackRefusal("not_in_channel")
    world.workspace.part(channel, user, world.identity.bot_user_id)
    return {"errors": {}}


def leave(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_seen(world, args.text("channel")))
    if channel.archived:
        raise SlackRefusal("is_archived")
    if not world.workspace.shared_with_bot(channel):
        return {"not_in_channel": True}
    if len(channel.members) == 1 and channel.is_private:
        raise SlackRefusal("last_member")
    world.workspace.part(channel, world.identity.bot_user_id)
    return {}


def archive(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_joined(world, args.text("channel")))
    if channel.archived:
        raise SlackRefusal("already_archived")
    world.workspace.archive(channel, world.identity.bot_user_id)
    return {}


def unarchive(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_seen(world, args.text("channel")))
    if not channel.archived:
        raise SlackRefusal("not_archived")
    world.workspace.unarchive(channel, world.identity.bot_user_id)
    return {}


def members(world: World, args: Arguments) -> JSON:
    channel = channel_seen(world, args.text("channel"))
    page, cursor = page_of([{"id": each} for each in channel.members], args)
    found = [each["id"] for each in page]
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def history(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    top = [m for m in channel.messages if not m.is_ephemeral and not _only_in_thread(m)]
    newest_first = sorted(top, key=lambda m: float(m.ts), reverse=True)
    return _page_of_messages(newest_first, args) | {"pin_count": len(channel.pins)}


def replies(world: World, args: Arguments) -> JSON:
    channel = channel_joined(world, args.text("channel"))
    given = channel.find(args.text("ts"))
    if given is None or given.is_ephemeral:
        raise SlackRefusal("thread_not_found")
    parent = message_in(channel, given.thread_ts or given.ts)
    # The head of the thread always comes first, whatever the time range.
    found = _page_of_messages(channel.replies_to(parent.ts), args)
    return found | {"messages": [_shown(parent, args), *found["messages"]]}


def open_dm(world: World, args: Arguments) -> JSON:
    if args.text("channel"):
        channel = channel_seen(world, args.text("channel"))
        return {"channel": {"id": channel.id}}
    users = args.listed("users")
    if not users:
        raise SlackRefusal("users_list_not_supplied")
    if len(users) > MOST_IN_A_GROUP:
        raise SlackRefusal("too_many_users")
    people = [person_known(world, user) for user in dict.fromkeys(users)]
    if any(person.deactivated for person in people):
        raise SlackRefusal("user_disabled")
    if len(people) > 1:
        channel = world.workspace.group_dm(person.id for person in people)
    else:
        channel = world.workspace.dm_with(people[0].id)
    return {"channel": described(world, channel) if args.flag("return_im") else {"id": channel.id}}


def list_all(world: World, args: Arguments) -> JSON:
    """Public channels, and of the others those the bot is in."""
    channels = [
        c
        for c in world.workspace.channels.values()
        if c.kind == PUBLIC or world.workspace.shared_with_bot(c)
    ]
    return _listing(world, channels, args)


def list_mine(world: World, args: Arguments) -> JSON:
    user = args.text("user") or world.identity.bot_user_id
    channels = [
        c
        for c in world.workspace.channels_of(user)
        if c.kind == PUBLIC or world.workspace.shared_with_bot(c)
    ]
    return _listing(world, channels, args)


def rename(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_open(world, args.text("channel")))
    name = _checked_name(world, args.text("name"), channel)
    if channel.creator != world.identity.bot_user_id:
        raise SlackRefusal("not_authorized")
    world.workspace.rename(channel, name, world.identity.bot_user_id)
    return {"channel": described(world, channel)}


def set_topic(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_open(world, args.text("channel")))
    topic = _at_most_250(args.text("topic"))
    world.workspace.set_topic(channel, topic, world.identity.bot_user_id)
    return {"topic": topic, "channel": described(world, channel)}


def set_purpose(world: World, args: Arguments) -> JSON:
    channel = not_a_dm(channel_open(world, args.text("channel")))
    purpose = _at_most_250(args.text("purpose"))
    world.workspace.set_purpose(channel, purpose, world.identity.bot_user_id)
    return {"purpose": purpose, "channel": described(world, channel)}


def described(world: World, channel: Channel) -> JSON:
    """A channel as Slack describes it to the bot."""
    is_member = world.workspace.shared_with_bot(channel)
    if channel.kind == DM:
        person = next(m for m in channel.members if m != world.identity.bot_user_id)
        about = {"id": channel.id, "created": channel.created, "is_im": True, "user": person}
        return about | {"is_archived": False, "is_open": True}
    changed = {"creator": channel.creator, "last_set": 0}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind != GROUP_DM,
        "is_group": False,
        "is_im": False,
        "is_mpim": channel.kind == GROUP_DM,
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.archived,
        "is_general": False,
        "unlinked": 0,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": world.identity.team_id,
        "shared_team_ids": [world.identity.team_id],
        "is_member": is_member,
        "topic": {"value": channel.topic, **changed},
        "purpose": {"value": channel.purpose, **changed},
        "previous_names": [],
    }


def _checked_name(world: World, name: str, itself: Channel | None = None) -> str:
    if not name:
        raise SlackRefusal("invalid_name_required")
    if len(name) > 80:
        raise SlackRefusal("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise SlackRefusal("invalid_name_punctuation")
    if re.search(r"[^\w-]", name):
        raise SlackRefusal("invalid_name_specials")
    if name != name.lower():
        raise SlackRefusal("invalid_name")
    others = (c for c in world.workspace.channels.values() if c.kind != DM and c is not itself)
    if any(c.name == name for c in others):
        raise SlackRefusal("name_taken")
    return name


def _why_not_invited(world: World, channel: Channel, user: str) -> str:
    person = world.workspace.people.get(user)
    if user == world.identity.bot_user_id:
        return "cant_invite_self"
    if person is None:
        return "user_not_found"
    if user in channel.members:
        return "already_in_channel"
    if person.deactivated:
        return "cant_invite"
    return "user_is_restricted" if person.guest else ""


def _only_in_thread(message: Message) -> bool:
    return message.is_reply and message.subtype != "thread_broadcast"


def _page_of_messages(messages: list[Message], args: Arguments) -> JSON:
    oldest, latest = _moment(args, "oldest"), _moment(args, "latest")
    # A bound left out is no bound, and then there is nothing for inclusive to include.
    inclusive = args.flag("inclusive")
    chosen = [
        _shown(m, args)
        for m in messages
        if (oldest is None or float(m.ts) > oldest or (inclusive and float(m.ts) == oldest))
        and (latest is None or float(m.ts) < latest or (inclusive and float(m.ts) == latest))
    ]
    page, cursor = page_of(chosen, args)
    found: JSON = {"messages": page, "has_more": bool(cursor)}
    return found | {"response_metadata": {"next_cursor": cursor}} if cursor else found


def _moment(args: Arguments, name: str) -> float | None:
    given = args.text(name)
    if not given or given == "0":
        return None
    try:
        return float(given)
    except ValueError as bad:
        raise SlackRefusal(f"invalid_ts_{name}") from bad


def _shown(message: Message, args: Arguments) -> JSON:
    whole = args.flag("include_all_metadata")
    return dict(message.raw) if whole else dict(content.without_payload(message.raw))


def _listing(world: World, channels: list[Channel], args: Arguments) -> JSON:
    types = args.listed("types") or ["public_channel"]
    if set(types) - set(TYPE_NAMES):
        raise SlackRefusal("invalid_types")
    kinds = {TYPE_NAMES[each] for each in types}
    shown = [c for c in channels if c.kind in kinds]
    if args.flag("exclude_archived"):
        shown = [c for c in shown if not c.archived]
    page, cursor = page_of([described(world, c) for c in shown], args)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def _at_most_250(text: str) -> str:
    if len(text) > 250:
        raise SlackRefusal("too_long")
    return text


ANSWERS = {
    "conversations.create": create,
    "conversations.info": info,
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.leave": leave,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.open": open_dm,
    "conversations.list": list_all,
    "conversations.rename": rename,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
    "users.conversations": list_mine,
}
