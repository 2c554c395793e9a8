"""What one pane shows: one person's Slack, and where in it they are."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sandbox.clock import LONDON
from sandbox.refusals import NotThere
from sandbox.wire import JSON
from sandbox.workspace import DM, GROUP_DM, PUBLIC, Channel, Message

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox
    from sandbox.seat import Seat

HOME = "home"
NEWEST = 80


@dataclass(frozen=True)
class Place:
    """Where a pane is: who looks, at which channel, which thread, and how far back."""

    who: str
    at: str = HOME
    thread: str = ""
    newest: int = NEWEST

    @classmethod
    def read(cls, given: str) -> "Place":
        """From the form WHO~AT~THREAD~NEWEST, of which only WHO must be there."""
        who, at, thread, newest = [*given.split("~"), "", "", ""][:4]
        return cls(who, at or HOME, thread, int(newest) if newest.isdigit() else NEWEST)


@dataclass(frozen=True)
class Row:
    """A line of the sidebar."""

    id: str
    name: str
    mark: str
    unread: int
    archived: bool
    current: bool


class ReadMarks:
    """How far each person has read; the page's own business, Slack tells no app."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], str] = defaultdict(str)

    def read(self, user: str, channel: Channel) -> None:
        if channel.messages:
            self._read[user, channel.id] = channel.messages[-1].ts

    def unread(self, user: str, channel: Channel) -> int:
        last = self._read[user, channel.id]
        later = itertools.takewhile(lambda m: m.ts > last, reversed(channel.messages))
        return sum(m.user != user and m.ephemeral_for in (None, user) for m in later)


class Pane:
    """One person's view of the workspace; asks only their own seat."""

    def __init__(self, sandbox: "Sandbox", place: Place, marks: ReadMarks) -> None:
        self.sandbox = sandbox
        self.seat: Seat = sandbox.person(place.who)
        self.channel = self._channel(place.at)
        self.place = place
        self.marks = marks
        self.thread = self._thread(place.thread)
        if self.channel is not None:
            marks.read(self.seat.id, self.channel)

    @property
    def at(self) -> str:
        return self.channel.id if self.channel else HOME

    @property
    def title(self) -> str:
        if self.channel is None:
            return self.sandbox.identity.bot_name
        return self._name(self.channel)

    # The sidebar

    @property
    def channels(self) -> list[Row]:
        mine = [c for c in self.seat.channels() if c.kind not in {DM, GROUP_DM}]
        return [self._row(c) for c in sorted(mine, key=lambda c: (c.archived, c.name))]

    @property
    def joinable(self) -> list[Channel]:
        public = [c for c in self.sandbox.channels() if c.kind == PUBLIC and not c.archived]
        return [c for c in public if self.seat.id not in c.members]

    @property
    def direct(self) -> list[Row]:
        """With the app, with themselves, and with whoever has written or is being written to."""
        workspace = self.sandbox.world.workspace
        first = [workspace.dm_with(self.seat.id), workspace.notes_of(self.seat.id)]
        mine = [c for c in self.seat.channels() if c.kind in {DM, GROUP_DM} and c not in first]
        others = [c for c in mine if c.messages or c.id == self.at]
        return [self._row(c) for c in [*first, *sorted(others, key=self._name)]]

    @property
    def unread(self) -> int:
        """How much waits in other places than the one they look at."""
        return sum(row.unread for row in [*self.direct, *self.channels] if not row.current)

    # The messages

    @property
    def messages(self) -> list[Message]:
        """The newest of the channel, replies left to their threads."""
        return self._all[-self.place.newest :]

    @property
    def earlier(self) -> int:
        return max(0, len(self._all) - self.place.newest)

    @property
    def days(self) -> Iterator[tuple[date, list[Message]]]:
        for day, messages in itertools.groupby(self.messages, lambda m: local(m.ts).date()):
            yield day, list(messages)

    @property
    def _all(self) -> list[Message]:
        if self.channel is None:
            return []
        return [m for m in self.seat.messages(self.channel.id) if not m.is_reply or _broadcast(m)]

    @property
    def thread_messages(self) -> list[Message]:
        if self.thread is None or self.channel is None:
            return []
        every = self.seat.messages(self.channel.id)
        return [m for m in every if m.thread_ts == self.thread.ts and m.is_reply]

    @property
    def pinned(self) -> list[Message]:
        if self.channel is None:
            return []
        found = (self.channel.find(ts) for ts in self.channel.pins)
        return [message for message in found if message is not None]

    # May they write?

    @property
    def closed(self) -> str:
        """Why nothing can be written here; empty when something can."""
        if self.channel is None:
            return "Only commands that begin with / can be typed here."
        if self.channel.archived:
            return "This channel is archived. It can be read, and nothing can be added."
        if self.seat.id not in self.channel.members:
            return "You are not in this channel. Join it to write."
        if self._is_read_only:
            return "The app's messages come here; sending messages to it is turned off."
        return ""

    @property
    def _is_read_only(self) -> bool:
        home = self.sandbox.world.manifest.get("features", {}).get("app_home", {})
        return bool(home.get("messages_tab_read_only_enabled")) and self.at == self.seat.dm

    # Finding

    @cached_property
    def called(self) -> dict[str, str]:
        """The names of the places that the person sees, by their id."""
        every = self.sandbox.world.workspace.channels.values()
        seen = [c for c in every if c.kind == PUBLIC or self.seat.id in c.members]
        return {channel.id: self._name(channel) for channel in seen}

    def in_menu(self, channel: Channel) -> str:
        """What a menu calls a channel or a direct message."""
        direct = channel.kind in {DM, GROUP_DM}
        return self._name(channel) if direct else f"#{channel.name}"

    def _channel(self, at: str) -> Channel | None:
        try:
            channel = self.sandbox.channel(at) if at != HOME else None
            if channel is not None:
                self.seat.messages(channel.id)
        except NotThere:
            return None
        return channel

    def _thread(self, ts: str) -> Message | None:
        if not ts or self.channel is None:
            return None
        seen = self.seat.messages(self.channel.id)
        return next((m for m in seen if m.ts == ts), None)

    def _row(self, channel: Channel) -> Row:
        unread = self.marks.unread(self.seat.id, channel)
        mark = {"im": "@", "mpim": "@", "private": "🔒", "public": "#"}[channel.kind]
        current = channel.id == self.at
        return Row(channel.id, self._name(channel), mark, unread, channel.archived, current)

    def _name(self, channel: Channel) -> str:
        if channel.kind == GROUP_DM:
            others = [m for m in channel.members if m != self.seat.id]
            known = self.sandbox.world.workspace.people
            return ", ".join(known[m].name for m in others if m in known)
        if channel.kind != DM:
            return channel.name
        if channel.id == self.seat.dm:
            return self.sandbox.identity.bot_name
        other = next((user for user in channel.members if user != self.seat.id), None)
        return f"{self.seat.name} (you)" if other is None else self.sandbox.person(other).name


def _broadcast(message: Message) -> bool:
    return message.subtype == "thread_broadcast"


def local(ts: str | float) -> datetime:
    return datetime.fromtimestamp(float(ts), LONDON)


def listed(manifest: JSON, what: str) -> list[JSON]:
    return list(manifest.get("features", {}).get(what, []))
