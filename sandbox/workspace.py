"""The pretend workspace: people, channels and messages, and what happens among them."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.refusals import NotThere

JSON = dict[str, Any]
Announce = Callable[[JSON, "Channel | None"], None]

PRIVATE = "private"
PUBLIC = "public"
DM = "im"
GROUP_DM = "mpim"

CHANNEL_TYPE = {PRIVATE: "group", PUBLIC: "channel", DM: "im", GROUP_DM: "mpim"}
# The names Slack puts in payloads, which never reveal what a private channel is called.
MASKED_NAME = {PRIVATE: "privategroup", DM: "directmessage"}


@dataclass(frozen=True)
class Identity:
    """Who the app is, as Slack would have numbered it."""

    team_id: str = "T0SANDBOX"
    team_domain: str = "sandbox"
    team_name: str = "Sandbox"
    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user_id: str = "U0SANDBOXBOT"
    bot_name: str = "Sandbox bot"
    verification_token: str = "sandbox-verification-token"  # noqa: S105 (pretend)

    @property
    def bot_username(self) -> str:
        return re.sub(r"[^a-z0-9]+", "_", self.bot_name.lower()).strip("_") or "bot"

    @property
    def team(self) -> JSON:
        return {"id": self.team_id, "domain": self.team_domain}

    @property
    def bot_profile(self) -> JSON:
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "user_id": self.bot_user_id,
            "name": self.bot_name,
            "deleted": False,
            "updated": 0,
            "team_id": self.team_id,
            "icons": {},
        }


@dataclass
class Person:
    """Someone with a seat in the workspace."""

    id: str
    name: str
    title: str = ""
    email: str = ""
    guest: bool = False
    deactivated: bool = False
    external: bool = False
    timezone: str = "Europe/London"

    @property
    def username(self) -> str:
        return re.sub(r"[^a-z0-9]+", ".", self.name.lower()).strip(".") or self.id.lower()

    @property
    def address(self) -> str:
        return self.email or f"{self.username}@sandbox.example"


@dataclass
class Message:
    """A message as Slack stores it, with a few questions a reader asks of it."""

    raw: JSON
    channel: str
    ephemeral_for: str | None = None

    def __getitem__(self, key: str) -> Any:
        return self.raw[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self.raw.get(key, default)

    @property
    def ts(self) -> str:
        return str(self.raw["ts"])

    @property
    def text(self) -> str:
        return str(self.raw.get("text", ""))

    @property
    def user(self) -> str:
        return str(self.raw.get("user", ""))

    @property
    def subtype(self) -> str | None:
        return self.raw.get("subtype")

    @property
    def blocks(self) -> list[JSON]:
        return list(self.raw.get("blocks", []))

    @property
    def thread_ts(self) -> str | None:
        return self.raw.get("thread_ts")

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_ephemeral(self) -> bool:
        return self.ephemeral_for is not None

    @property
    def metadata(self) -> JSON | None:
        return self.raw.get("metadata")

    @property
    def files(self) -> list[JSON]:
        return list(self.raw.get("files", []))

    @property
    def reactions(self) -> list[JSON]:
        return list(self.raw.get("reactions", []))

    @property
    def words(self) -> str:
        """Everything a reader sees: the blocks when there are some, else the text."""
        return "\n".join(texts_in(self.blocks)) if self.blocks else self.text

    @property
    def buttons(self) -> list[str]:
        return [words_of(button.get("text")) for button in buttons_in(self.blocks)]

    def as_json(self) -> JSON:
        return {
            "raw": self.raw,
            "channel": self.channel,
            "ephemeral_for": self.ephemeral_for,
        }


@dataclass
class Channel:
    """A channel or a direct message with what was said in it."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    archived: bool = False
    messages: list[Message] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[JSON] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        return self.kind == PRIVATE

    @property
    def channel_type(self) -> str:
        return CHANNEL_TYPE[self.kind]

    @property
    def masked_name(self) -> str:
        return MASKED_NAME.get(self.kind, self.name)

    def find(self, ts: str | None) -> Message | None:
        return next((m for m in self.messages if m.ts == ts), None)

    def replies_to(self, ts: str) -> list[Message]:
        return [m for m in self.messages if m.thread_ts == ts and m.is_reply and not m.is_ephemeral]

    def as_json(self) -> JSON:
        plain = {k: v for k, v in self.__dict__.items() if k != "messages"}
        return plain | {"is_private": self.is_private}


class Workspace:
    """The state of the pretend workspace; each verb changes it and announces the event."""

    def __init__(
        self, people: Iterable[Person], identity: Identity, announce: Announce, clock: Clock
    ) -> None:
        self.identity = identity
        self.people = {person.id: person for person in people}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, JSON] = {}
        self.file_contents: dict[str, bytes] = {}
        # A preference of the workspace: who may remove people from channels.
        self.apps_may_remove = True
        self._announce = announce
        self.changed: Callable[[], None] = lambda: None
        self.clock = clock
        self._numbers = itertools.count(1)
        self._last_ts = 0

    # Ids and times

    def ts(self) -> str:
        """A message id: the time to the microsecond, never the same twice."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def fresh_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):05d}{secrets.token_hex(3).upper()}"

    def announce(self, event: JSON, channel: Channel | None) -> None:
        """Something happened: the app may want to hear of it, and the page to show it."""
        self._announce(event, channel)
        self.changed()

    def forget(self) -> None:
        """Everything but the people."""
        self.channels.clear()
        self.files.clear()
        self.file_contents.clear()
        self._last_ts = 0
        self.changed()

    # Looking

    def channel(self, name_or_id: str) -> Channel:
        """The channel with that id or name."""
        if name_or_id in self.channels:
            return self.channels[name_or_id]
        bare = name_or_id.lstrip("#")
        named = [c for c in self.channels.values() if c.name == bare and c.kind != DM]
        if not named:
            raise NotThere(f"there is no channel called {name_or_id!r}")
        return named[-1]

    def channels_of(self, user: str) -> list[Channel]:
        return [c for c in self.channels.values() if user in c.members]

    def dm_with(self, user: str) -> Channel:
        """The direct message between that person and the bot, opened when first needed."""
        return self._dm([user, self.identity.bot_user_id])

    def notes_of(self, user: str) -> Channel:
        """The direct message everyone has with themselves, which the bot cannot see."""
        return self._dm([user])

    def dm_between(self, user: str, other: str) -> Channel:
        """The direct message between two people, of which the bot hears nothing."""
        return self._dm(sorted({user, other}))

    def group_dm(self, users: Iterable[str]) -> Channel:
        """The direct message of several people and the bot; the same people have just one."""
        members = sorted({*users, self.identity.bot_user_id})
        for channel in self.channels.values():
            if channel.kind == GROUP_DM and sorted(channel.members) == members:
                return channel
        names = [self.people[m].username for m in members if m in self.people]
        name = f"mpdm-{'--'.join([*names, self.identity.bot_username])}-1"
        created, creator = int(self.clock.now()), self.identity.bot_user_id
        return self._add(Channel(self.fresh_id("C"), name, GROUP_DM, creator, created, members))

    def shared_with_bot(self, channel: Channel) -> bool:
        return self.identity.bot_user_id in channel.members

    # Channels

    def create_channel(self, name: str, kind: str, creator: str) -> Channel:
        channel = Channel(self.fresh_id("C"), name, kind, creator, int(self.clock.now()), [creator])
        self._add(channel)
        if kind == PUBLIC:
            about = {"id": channel.id, "name": name, "created": channel.created, "creator": creator}
            self.announce({"type": "channel_created", "channel": about}, None)
        self._announce_joined(channel, creator, None)
        return channel

    def furnish(
        self, name: str, topic: str, members: list[str], said: list[tuple[str, str, float]]
    ) -> Channel:
        """A public channel where people have talked already: who, what and when; once a name."""
        there = next((c for c in self.channels.values() if c.name == name), None)
        if there is not None:
            return there
        created = int(min((at for _, _, at in said), default=self.clock.now()))
        channel = Channel(self.fresh_id("C"), name, PUBLIC, members[0], created, members, topic)
        for number, (user, text, at) in enumerate(said):
            ts = f"{int(at)}.{number:06d}"
            raw = {"type": "message", "ts": ts, "user": user, "text": text}
            channel.messages.append(
                Message(raw | {"client_msg_id": f"{name}-{number}"}, channel.id)
            )
        self._add(channel)
        self.changed()
        return channel

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        channel.members.append(user)
        self._announce_joined(channel, user, inviter)
        self.system_message(channel, user, "channel_join", f"<@{user}> has joined the channel")

    def part(self, channel: Channel, user: str, by: str | None = None) -> None:
        """Leaving, or being removed by someone."""
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": _channel_letter(channel),
            "team": self.identity.team_id,
        }
        if user == self.identity.bot_user_id:
            left = "group_left" if channel.is_private else "channel_left"
            self.announce(event, channel)
            self.announce({"type": left, "channel": channel.id, "actor_id": by or user}, channel)
            channel.members.remove(user)
            return
        channel.members.remove(user)
        self.announce(event, channel)
        self.system_message(channel, user, "channel_leave", f"<@{user}> has left the channel")

    def archive(self, channel: Channel, user: str) -> None:
        self.system_message(channel, user, "channel_archive", f"<@{user}> archived the channel")
        channel.archived = True
        self._announce_channel("archive", channel, user=user)

    def unarchive(self, channel: Channel, user: str) -> None:
        channel.archived = False
        self.system_message(
            channel, user, "channel_unarchive", f"<@{user}> un-archived the channel"
        )
        self._announce_channel("unarchive", channel, user=user)

    def rename(self, channel: Channel, name: str, user: str) -> None:
        old, channel.name = channel.name, name
        kind = "group_rename" if channel.is_private else "channel_rename"
        about = {"id": channel.id, "name": name, "created": channel.created}
        self.announce({"type": kind, "channel": about}, channel)
        text = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
        self.system_message(channel, user, "channel_name", text, old_name=old, name=name)

    def set_topic(self, channel: Channel, topic: str, user: str) -> None:
        channel.topic = topic
        text = f"<@{user}> set the channel topic: {topic}"
        self.system_message(channel, user, "channel_topic", text, topic=topic)

    def set_purpose(self, channel: Channel, purpose: str, user: str) -> None:
        channel.purpose = purpose
        text = f"<@{user}> set the channel purpose: {purpose}"
        self.system_message(channel, user, "channel_purpose", text, purpose=purpose)

    # Messages

    def post(self, channel: Channel, raw: JSON) -> Message:
        """Keep a message and announce it; raw lacks only its ts."""
        message = Message({"type": "message", "ts": self.ts(), **raw}, channel.id)
        parent = channel.find(message.thread_ts)
        if parent is not None and message.is_reply:
            message.raw["parent_user_id"] = parent.user
        channel.messages.append(message)
        if parent is not None:
            _count_replies(channel, parent)
        self._announce_message(channel, message.raw | {"event_ts": message.ts})
        return message

    def whisper(self, channel: Channel, user: str, raw: JSON) -> Message:
        """An ephemeral message; nobody but that person sees it and no event is sent."""
        raw = {"type": "message", "ts": self.ts(), "is_ephemeral": True, **raw}
        message = Message(raw, channel.id, ephemeral_for=user)
        channel.messages.append(message)
        self.changed()
        return message

    def system_message(
        self, channel: Channel, user: str, subtype: str, text: str, **more: Any
    ) -> Message:
        return self.post(channel, {"subtype": subtype, "user": user, "text": text, **more})

    def change(self, channel: Channel, message: Message, raw: JSON) -> None:
        """Put new content in a message and announce message_changed."""
        before = dict(message.raw)
        message.raw = raw
        ts = self.ts()
        self._announce_message(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "message": dict(raw),
                "previous_message": before,
                "ts": ts,
                "event_ts": ts,
            },
        )

    def delete(self, channel: Channel, message: Message) -> None:
        """Remove a message; the head of a thread leaves a tombstone, as in Slack."""
        if channel.replies_to(message.ts):
            self.change(channel, message, _tombstone(message))
            return
        channel.messages.remove(message)
        if message.ts in channel.pins:
            channel.pins.remove(message.ts)
        parent = channel.find(message.thread_ts)
        if parent is not None:
            _count_replies(channel, parent)
        ts = self.ts()
        self._announce_message(
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "hidden": True,
                "deleted_ts": message.ts,
                "previous_message": dict(message.raw),
                "ts": ts,
                "event_ts": ts,
            },
        )

    # Marks on messages

    def react(self, channel: Channel, message: Message, user: str, name: str) -> None:
        reactions = message.raw.setdefault("reactions", [])
        mark = next((r for r in reactions if r["name"] == name), None)
        if mark is None:
            mark = {"name": name, "users": [], "count": 0}
            reactions.append(mark)
        mark["users"].append(user)
        mark["count"] = len(mark["users"])
        self._announce_reaction("reaction_added", channel, message, user, name)

    def unreact(self, channel: Channel, message: Message, user: str, name: str) -> None:
        mark = next(r for r in message.raw["reactions"] if r["name"] == name)
        mark["users"].remove(user)
        mark["count"] = len(mark["users"])
        message.raw["reactions"] = [r for r in message.raw["reactions"] if r["count"]]
        self._announce_reaction("reaction_removed", channel, message, user, name)

    def has_reacted(self, message: Message, user: str, name: str) -> bool:
        return any(r["name"] == name and user in r["users"] for r in message.reactions)

    def pin(self, channel: Channel, message: Message, user: str) -> None:
        channel.pins.append(message.ts)
        message.raw["pinned_to"] = [channel.id]
        item = {"type": "message", "channel": channel.id, "message": dict(message.raw)}
        event = {"type": "pin_added", "user": user, "channel_id": channel.id, "item": item}
        self.announce(event, channel)

    def unpin(self, channel: Channel, message: Message, user: str) -> None:
        channel.pins.remove(message.ts)
        message.raw.pop("pinned_to", None)
        item = {"type": "message", "channel": channel.id, "message": dict(message.raw)}
        event = {"type": "pin_removed", "user": user, "channel_id": channel.id, "item": item}
        self.announce(event | {"has_pins": bool(channel.pins)}, channel)

    # Announcing

    def _dm(self, members: list[str]) -> Channel:
        for channel in self.channels.values():
            if channel.kind == DM and channel.members == members:
                return channel
        created = int(self.clock.now())
        return self._add(Channel(self.fresh_id("D"), "", DM, members[0], created, members))

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def _announce_message(self, channel: Channel, raw: JSON) -> None:
        self.announce({**raw, "channel": channel.id, "channel_type": channel.channel_type}, channel)

    def _announce_joined(self, channel: Channel, user: str, inviter: str | None) -> None:
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": _channel_letter(channel),
            "team": self.identity.team_id,
        }
        if inviter:
            event["inviter"] = inviter
        self.announce(event, channel)

    def _announce_channel(self, what: str, channel: Channel, **more: Any) -> None:
        kind = f"group_{what}" if channel.is_private else f"channel_{what}"
        self.announce({"type": kind, "channel": channel.id, **more}, channel)

    def _announce_reaction(
        self, kind: str, channel: Channel, message: Message, user: str, name: str
    ) -> None:
        event: JSON = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        }
        if message.user:
            event["item_user"] = message.user
        self.announce(event, channel)


def texts_in(thing: Any) -> Iterator[str]:
    """Every string a reader would see in some blocks, in reading order."""
    if isinstance(thing, list):
        for each in thing:
            yield from texts_in(each)
    if isinstance(thing, dict):
        for key in READ:
            value = thing.get(key)
            if isinstance(value, str):
                yield value
            elif value is not None:
                yield from texts_in(value)


READ = (
    *("title", "subtitle", "label", "text", "fields", "description", "hint", "placeholder"),
    *("initial_value", "elements", "element", "accessory", "options", "option_groups"),
    *("alt_text", "rows", "child_blocks", "body", "actions"),
)


def words_of(text: Any) -> str:
    """The string inside a text object."""
    return str(text.get("text", "")) if isinstance(text, dict) else str(text or "")


def elements_in(blocks: Iterable[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Each block with each interactive element in it."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element")]
        if block.get("type") in {"actions", "context_actions"}:
            found += block.get("elements", [])
        yield from ((block, each) for each in found if each and "action_id" in each)
        if block.get("type") == "card":
            yield from ((block, each) for each in block.get("actions", []) if "action_id" in each)
        if block.get("type") in {"container", "carousel"}:
            yield from elements_in(block.get("child_blocks") or block.get("elements") or [])


def buttons_in(blocks: Iterable[JSON]) -> list[JSON]:
    return [element for _, element in elements_in(blocks) if element["type"] == "button"]


def _channel_letter(channel: Channel) -> str:
    return "G" if channel.is_private else "C"


def _count_replies(channel: Channel, parent: Message) -> None:
    replies = channel.replies_to(parent.ts)
    if not replies:
        for key in ("reply_count", "reply_users", "reply_users_count", "latest_reply", "thread_ts"):
            parent.raw.pop(key, None)
        return
    people = list(dict.fromkeys(reply.user for reply in replies))
    parent.raw |= {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users": people,
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
    }


def _tombstone(message: Message) -> JSON:
    thread = {k: v for k, v in message.raw.items() if k.startswith(("reply_", "thread_", "latest"))}
    return {
        "type": "message",
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
        "ts": message.ts,
        **thread,
    }
