"""Everything one pretend Slack is made of, passed to whoever needs it."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox.changes import Changes
from sandbox.deliverer import Deliverer
from sandbox.faults import Faults
from sandbox.outcome import Timing
from sandbox.refusals import SlackRefusal
from sandbox.sockets import Sockets
from sandbox.views import Screen, View, fresh_hash, number_blocks, state_of
from sandbox.wire import JSON, Wire
from sandbox.workspace import Identity, Workspace


@dataclass
class Trigger:
    """A short-lived ticket to open a modal, good once."""

    user: str
    born: float
    in_modal: bool
    used: bool = False


@dataclass
class ResponseUrl:
    """An address that answers one interaction for half an hour."""

    user: str
    channel: str
    message_ts: str | None
    born: float
    uses: int = 0


@dataclass
class World:
    """The parts, and the few things that belong to no one of them."""

    identity: Identity
    manifest: JSON
    workspace: Workspace
    wire: Wire
    faults: Faults
    timing: Timing
    deliverer: Deliverer
    sockets: Sockets
    bot_token: str
    app_token: str
    strict_rate_limits: bool = False
    url: str = ""
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    last_post: dict[str, float] = field(default_factory=dict)
    uploads: dict[str, JSON] = field(default_factory=dict)
    calls_under_way: int = 0
    changes: Changes = field(default_factory=Changes)

    def __post_init__(self) -> None:
        self.wire.changed = self.workspace.changed = self.changes.ring

    def forget(self) -> None:
        """Everything that happened since the start; people, manifest and tokens stay."""
        self.workspace.forget()
        for kept in (self.triggers, self.response_urls, self.screens, self.last_post, self.uploads):
            kept.clear()
        self.wire.records.clear()
        self.wire.complaints.clear()
        self.faults.clear()
        self.changes.ring()

    def screen(self, user: str) -> Screen:
        return self.screens.setdefault(user, Screen())

    # Triggers and response addresses

    def issue_trigger(self, user: str, in_modal: bool = False) -> str:
        trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[trigger] = Trigger(user, time.monotonic(), in_modal)
        return trigger

    def use_trigger(self, given: str) -> Trigger:
        """The trigger, now spent; an old, spent or unknown one is refused."""
        trigger = self.triggers.get(given)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            self.wire.complain("trigger_used_twice", "a trigger_id opens one view")
            raise SlackRefusal("exchanged_trigger_id")
        age = time.monotonic() - trigger.born
        if age > self.timing.trigger_seconds:
            self.wire.complain("trigger_expired", f"a trigger_id was used after {age:.2f} s")
            raise SlackRefusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def issue_response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        key = secrets.token_urlsafe(18)
        self.response_urls[key] = ResponseUrl(user, channel, message_ts, time.monotonic())
        return f"{self.url}/respond/{key}"

    # Views

    def new_view(self, given: JSON, user: str, earlier: View | None = None) -> View:
        """The view as Slack keeps it; a new version of an earlier one keeps its id and typing."""
        blocks = number_blocks(given["blocks"])
        raw = _view_defaults() | given | {"blocks": blocks}
        raw |= {
            "id": earlier.id if earlier else self.workspace.fresh_id("V"),
            "hash": fresh_hash(),
            "team_id": self.identity.team_id,
            "app_id": self.identity.app_id,
            "app_installed_team_id": self.identity.team_id,
            "bot_id": self.identity.bot_id,
        }
        raw["previous_view_id"] = earlier.raw["previous_view_id"] if earlier else None
        raw["root_view_id"] = earlier.raw["root_view_id"] if earlier else raw["id"]
        return View(raw, user, state_of(blocks, earlier.state if earlier else None))

    def open_view(self, given: JSON, user: str) -> View:
        view = self.new_view(given, user)
        self.screen(user).stack[:] = [view]
        return view

    def push_view(self, given: JSON, user: str) -> View:
        stack = self.screen(user).stack
        if len(stack) >= 3:
            raise SlackRefusal("push_limit_reached")
        view = self.new_view(given, user)
        if stack:
            view.raw["previous_view_id"] = stack[-1].id
            view.raw["root_view_id"] = stack[0].id
        stack.append(view)
        return view

    def replace_view(self, old: View, given: JSON) -> View:
        view = self.new_view(given, old.owner, old)
        screen = self.screen(old.owner)
        if screen.home is not None and screen.home.id == old.id:
            screen.home = view
        else:
            screen.stack[:] = [view if each.id == old.id else each for each in screen.stack]
        return view

    def find_view(self, view_id: str | None, external_id: str | None) -> View | None:
        """The view with that id, if someone still has it open."""
        for screen in self.screens.values():
            for view in [*screen.stack, *([screen.home] if screen.home else [])]:
                if view.id == view_id or (external_id and view.external_id == external_id):
                    return view
        return None

    # Messages

    def bot_message(self, content: JSON) -> JSON:
        """The fields Slack adds to whatever the bot posts."""
        identity = self.identity
        return {
            "user": identity.bot_user_id,
            "bot_id": identity.bot_id,
            "app_id": identity.app_id,
            "team": identity.team_id,
            "bot_profile": identity.bot_profile,
            **content,
        }

    def from_slackbot(self, user: str, channel_id: str, text: str) -> None:
        """What Slack itself tells a person, for their eyes only."""
        channel = self.workspace.channels.get(channel_id) or self.workspace.dm_with(user)
        self.workspace.whisper(channel, user, {"user": "USLACKBOT", "text": text})


def _view_defaults() -> JSON:
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        "close": None,
        "submit": None,
    }
