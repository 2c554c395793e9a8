"""A person at their Slack: what they can do and what they see."""

import uuid
from typing import Any

from sandbox import answers, payloads, writing
from sandbox.methods.files import new_file, note_share
from sandbox.outcome import REFUSED, Delivery
from sandbox.refusals import NotThere
from sandbox.views import (
    VALUE_KEY,
    State,
    View,
    find_button,
    find_input,
    set_value,
    state_of,
)
from sandbox.wire import JSON
from sandbox.workspace import DM, PRIVATE, PUBLIC, Channel, Message, elements_in, words_of
from sandbox.world import World


class Seat:
    """Acts for one person; each act returns once the bot has acked or Slack has given up."""

    def __init__(self, world: World, user: str) -> None:
        self.world = world
        self.person = world.workspace.people[user]
        self.delivery: Delivery | None = None

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def name(self) -> str:
        return self.person.name

    # What they see

    @property
    def dm(self) -> str:
        """The id of their direct message with the bot."""
        return self.world.workspace.dm_with(self.id).id

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        return self.views[-1] if self.views else None

    @property
    def views(self) -> list[View]:
        return self.world.screen(self.id).stack

    @property
    def home(self) -> View | None:
        return self.world.screen(self.id).home

    def channels(self) -> list[Channel]:
        return self.world.workspace.channels_of(self.id)

    def messages(self, channel: str) -> list[Message]:
        """Everything they see there, replies and ephemeral messages included, oldest first."""
        return [m for m in self._channel(channel).messages if m.ephemeral_for in (None, self.id)]

    def direct_messages(self) -> list[Message]:
        return self.messages(self.dm)

    @property
    def ephemerals(self) -> list[Message]:
        every = (m for c in self.world.workspace.channels.values() for m in c.messages)
        return sorted((m for m in every if m.ephemeral_for == self.id), key=lambda m: m.ts)

    # Commands and shortcuts

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Delivery:
        """Type a slash command, in their notes to themselves unless told where."""
        self._present()
        where = self._channel(channel or self.world.workspace.notes_of(self.id).id)
        known = _listed(self.world.manifest, "slash_commands")
        offered = {each["command"]: each for each in known}
        if known and command not in offered:
            self.world.from_slackbot(self.id, where.id, f"{command} is not a valid command.")
            raise NotThere(f"{command} is not in the manifest; there are {sorted(offered)}")
        if offered.get(command, {}).get("should_escape"):
            text = writing.command_text(self.world.workspace, text)
        payload = payloads.slash_command(self.world, self.person, command, text.strip(), where)
        outcome = await self._ask("slash_commands", payload)
        answers.show_command_reply(self.world, self.person, where, command, outcome)
        return outcome

    async def shortcut(self, callback_id: str) -> Delivery:
        self._present()
        self._offered(callback_id, "global")
        payload = payloads.shortcut(self.world, self.person, callback_id)
        return await self._ask("interactive", payload)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Delivery:
        self._present()
        self._offered(callback_id, "message")
        where, message = self._channel(channel), self._message(channel, ts)
        if message.is_ephemeral:
            raise NotThere("an ephemeral message has no shortcuts")
        payload = payloads.message_shortcut(self.world, self.person, callback_id, where, message)
        return await self._ask("interactive", payload)

    # Messages

    async def says(
        self,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: list[JSON] | None = None,
    ) -> str:
        """Post a message; returns its ts. What the bot made of it is in .delivery."""
        where = self._writable(channel)
        raw = self._written(text)
        if thread_ts:
            parent = self._message(channel, thread_ts)
            raw["thread_ts"] = parent.thread_ts or parent.ts
        given = [self._file(f["name"], int(f.get("size", 1))) for f in files or []]
        if given:
            raw |= {"subtype": "file_share", "files": given, "upload": False}
            raw["display_as_bot"] = False
        return await self._post(where, raw, given)

    async def uploads(
        self, channel: str, name: str, size: int = 1, text: str = "", thread_ts: str | None = None
    ) -> str:
        return await self.says(channel, text, thread_ts, [{"name": name, "size": size}])

    async def edits(self, channel: str, ts: str, text: str) -> Delivery:
        where, message = self._open_channel(channel), self._own_message(channel, ts)
        edited = {"user": self.id, "ts": self.world.workspace.ts()}
        posts = self.world.deliverer.start_noting()
        written = writing.message(self.world.workspace, text)
        raw = message.raw | written | {"edited": edited}
        self.world.workspace.change(where, message, raw)
        return await self._told(posts)

    async def deletes(self, channel: str, ts: str) -> Delivery:
        where, message = self._open_channel(channel), self._own_message(channel, ts)
        posts = self.world.deliverer.start_noting()
        self.world.workspace.delete(where, message)
        return await self._told(posts)

    async def reacts(self, channel: str, ts: str, name: str) -> Delivery:
        where, message = self._open_channel(channel), self._message(channel, ts)
        if self.world.workspace.has_reacted(message, self.id, name):
            raise NotThere(f"{self.name} has already reacted with {name}")
        posts = self.world.deliverer.start_noting()
        self.world.workspace.react(where, message, self.id, name)
        return await self._told(posts)

    async def unreacts(self, channel: str, ts: str, name: str) -> Delivery:
        where, message = self._open_channel(channel), self._message(channel, ts)
        if not self.world.workspace.has_reacted(message, self.id, name):
            raise NotThere(f"{self.name} has not reacted with {name}")
        posts = self.world.deliverer.start_noting()
        self.world.workspace.unreact(where, message, self.id, name)
        return await self._told(posts)

    async def pins(self, channel: str, ts: str) -> Delivery:
        where, message = self._open_channel(channel), self._message(channel, ts)
        if ts in where.pins or message.is_ephemeral:
            raise NotThere("that message cannot be pinned")
        posts = self.world.deliverer.start_noting()
        self.world.workspace.pin(where, message, self.id)
        return await self._told(posts)

    async def unpins(self, channel: str, ts: str) -> Delivery:
        where, message = self._open_channel(channel), self._message(channel, ts)
        if ts not in where.pins:
            raise NotThere("that message is not pinned")
        posts = self.world.deliverer.start_noting()
        self.world.workspace.unpin(where, message, self.id)
        return await self._told(posts)

    async def clicks(
        self,
        channel: str,
        ts: str,
        action_id: str | None = None,
        *,
        label: str | None = None,
        value: str | None = None,
        block_id: str | None = None,
        option: Any = None,
        blocks: list[JSON] | None = None,
    ) -> Delivery:
        """Press a button on a message, or choose the option of a menu there.

        `blocks` are what the message showed before, for a screen that is behind.
        """
        self._present()
        where, message = self._channel(channel), self._message(channel, ts)
        shown = message.blocks if blocks is None else blocks
        block, element = find_button(shown, action_id, label, value, block_id)
        chosen, state = _choice(element, option), state_of(shown)
        if chosen and element["type"] in VALUE_KEY:
            state[block["block_id"]][element["action_id"]] = chosen
        action = payloads.action(self.world, block, element, chosen)
        payload = payloads.message_action(self.world, self.person, where, message, action, state)
        return await self._ask("interactive", payload)

    async def looks_up(
        self, block_id: str, action_id: str, typed: str, where: tuple[str | None, str | None]
    ) -> Delivery:
        """Type in a menu whose options the app supplies; .response holds what it offers."""
        self._present()
        channel, ts = where
        message = self._message(channel, ts) if channel and ts else None
        asked = {"block_id": block_id, "action_id": action_id, "value": typed}
        view = None if message else self._surface()
        payload = payloads.block_suggestion(self.world, self.person, message, view, asked)
        return await self._ask("interactive", payload)

    # Modals and App Home

    async def opens_home(self, tab: str = "home") -> Delivery:
        self._present()
        channel = self.world.workspace.dm_with(self.id)
        event: JSON = {"type": "app_home_opened", "user": self.id, "channel": channel.id}
        event |= {"tab": tab, "event_ts": self.world.workspace.ts()}
        if self.home is not None and tab == "home":
            event["view"] = self.home.payload()
        posts = self.world.deliverer.start_noting()
        self.world.deliverer.announce(event, channel)
        return await self._told(posts)

    async def fill(self, label_or_action_id: str, value: Any) -> Delivery | None:
        """Set one input of the modal on top (or of App Home); a dispatching one tells the bot."""
        block, element = find_input(self._surface().blocks, label_or_action_id)
        return await self._fill(block, element, value)

    async def fill_exactly(self, block_id: str, action_id: str, value: Any) -> Delivery | None:
        """Set the input with those two ids, where a label would fit several."""
        for block, element in elements_in(self._surface().blocks):
            if (block["block_id"], element["action_id"]) == (block_id, action_id):
                return await self._fill(block, element, value)
        raise NotThere(f"there is no input {block_id} / {action_id}")

    def holds(self, block_id: str, action_id: str, value: Any) -> None:
        """What is typed and told to nobody yet: a browser keeps it until something is pressed."""
        view = self._surface()
        for block, element in elements_in(view.blocks):
            if (block["block_id"], element["action_id"]) == (block_id, action_id):
                view.state[block_id][action_id] = set_value(element, value)
                return
        raise NotThere(f"there is no input {block_id} / {action_id}")

    async def _fill(self, block: JSON, element: JSON, value: Any) -> Delivery | None:
        view = self._surface()
        chosen = set_value(element, value)
        view.state[block["block_id"]][element["action_id"]] = chosen
        view.errors.pop(block["block_id"], None)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        action = payloads.action(self.world, block, element, chosen)
        return await self._ask(
            "interactive", payloads.view_action(self.world, self.person, view, action)
        )

    async def fills(self, answers: dict[str, Any] | None = None, /, **more: Any) -> None:
        """Set several inputs, each named by its visible label or action_id."""
        for name, value in {**(answers or {}), **more}.items():
            await self.fill(name, value)

    async def presses(
        self,
        label_or_action_id: str,
        *,
        value: str | None = None,
        block_id: str | None = None,
        option: Any = None,
    ) -> Delivery:
        """Press a button in the modal on top, or in App Home when none is open."""
        view = self._surface()
        block, element = find_button(view.blocks, label_or_action_id, None, value, block_id)
        action = payloads.action(self.world, block, element, _choice(element, option))
        payload = payloads.view_action(self.world, self.person, view, action)
        return await self._ask("interactive", payload)

    async def submits(self) -> Delivery:
        """Press the modal's submit button; Slack itself stops one with required fields empty."""
        view = self._modal()
        view.errors = view.unready()
        if view.errors:
            return Delivery(False, REFUSED, reason=str(view.errors))
        if not view.raw.get("submit"):
            raise NotThere(f"the modal {view.title!r} has no submit button")
        payload = payloads.view_submission(self.world, self.person, view)
        outcome = await self._ask("interactive", payload)
        answers.move_modal_on(self.world, view, outcome)
        return outcome

    async def closes(self, everything: bool = False) -> Delivery | None:
        """Cancel the modal on top, or all of them with the X."""
        view = self._modal()
        closed = self.views[0] if everything else view
        del self.views[0 if everything else -1 :]
        if not closed.raw.get("notify_on_close"):
            return None
        payload = payloads.view_closed(self.world, self.person, closed, everything)
        return await self._ask("interactive", payload)

    # Channels

    async def writes_to(self, user: str) -> Channel:
        """The direct message with another person, with the bot, or with themselves."""
        self._present()
        if user == self.world.identity.bot_user_id:
            return self.world.workspace.dm_with(self.id)
        person = self.world.workspace.people.get(user)
        if person is None or person.deactivated:
            raise NotThere(f"there is nobody here to write to called {user!r}")
        return self.world.workspace.dm_between(self.id, user)

    async def creates(self, name: str, private: bool = True) -> Channel:
        self._present()
        kind = PRIVATE if private else PUBLIC
        return self.world.workspace.create_channel(name, kind, self.id)

    async def invites(self, channel: str, *users: str) -> Delivery:
        """Add people, or the bot, to a channel they are in."""
        where = self._shared_channel(channel)
        posts = self.world.deliverer.start_noting()
        for user in users:
            if user not in where.members:
                self.world.workspace.join(where, user, self.id)
        return await self._told(posts)

    async def removes(self, channel: str, user: str) -> Delivery:
        """Take someone, or the bot, out of a channel."""
        where = self._shared_channel(channel)
        if user not in where.members:
            raise NotThere(f"{user} is not in {where.name}")
        posts = self.world.deliverer.start_noting()
        self.world.workspace.part(where, user, self.id)
        return await self._told(posts)

    async def joins(self, channel: str) -> Delivery:
        where = self.world.workspace.channel(channel)
        if where.kind != PUBLIC:
            raise NotThere("only a public channel can be joined without an invitation")
        posts = self.world.deliverer.start_noting()
        self.world.workspace.join(where, self.id)
        return await self._told(posts)

    async def leaves(self, channel: str) -> Delivery:
        return await self.removes(channel, self.id)

    async def archives(self, channel: str) -> Delivery:
        where = self._shared_channel(channel)
        posts = self.world.deliverer.start_noting()
        self.world.workspace.archive(where, self.id)
        return await self._told(posts)

    async def unarchives(self, channel: str) -> Delivery:
        where = self._channel(channel)
        posts = self.world.deliverer.start_noting()
        self.world.workspace.unarchive(where, self.id)
        return await self._told(posts)

    async def renames(self, channel: str, name: str) -> Delivery:
        where = self._shared_channel(channel)
        posts = self.world.deliverer.start_noting()
        self.world.workspace.rename(where, name, self.id)
        return await self._told(posts)

    def snapshot(self) -> JSON:
        """All they see, for readers in another process."""
        every = self.channels()
        return {
            "id": self.id,
            "name": self.name,
            "title": self.person.title,
            "dm": self.dm,
            "channels": [c.as_json() for c in every],
            "messages": {c.id: [m.as_json() for m in self.messages(c.id)] for c in every},
            "ephemerals": [m.as_json() for m in self.ephemerals],
            "views": [view.as_json() for view in self.views],
            "home": self.home.as_json() if self.home else None,
        }

    # Reaching for things

    def _present(self) -> None:
        if self.person.deactivated:
            raise NotThere(f"{self.name} is deactivated and cannot act")

    def _channel(self, name_or_id: str) -> Channel:
        channel = self.world.workspace.channel(name_or_id)
        if self.id not in channel.members and channel.kind != PUBLIC:
            raise NotThere(f"{self.name} is not in {name_or_id!r}")
        return channel

    def _open_channel(self, name_or_id: str) -> Channel:
        self._present()
        channel = self._channel(name_or_id)
        if channel.archived:
            raise NotThere(f"{channel.name} is archived")
        if self.id not in channel.members:
            raise NotThere(f"{self.name} has not joined {channel.name}")
        return channel

    def _shared_channel(self, name_or_id: str) -> Channel:
        """A channel that is open and is nobody's direct message."""
        channel = self._open_channel(name_or_id)
        if channel.kind == DM:
            raise NotThere("a direct message has no members to change and no name")
        return channel

    def _writable(self, name_or_id: str) -> Channel:
        channel = self._open_channel(name_or_id)
        home = self.world.manifest.get("features", {}).get("app_home", {})
        closed = home.get("messages_tab_read_only_enabled", False)
        if closed and channel.kind == DM and self.world.workspace.shared_with_bot(channel):
            raise NotThere("the manifest makes the direct message with the bot read-only")
        return channel

    def _message(self, channel: str, ts: str) -> Message:
        found = next((m for m in self.messages(channel) if m.ts == ts), None)
        if found is None:
            raise NotThere(f"{self.name} sees no message {ts} in {channel!r}")
        return found

    def _own_message(self, channel: str, ts: str) -> Message:
        message = self._message(channel, ts)
        if message.user != self.id:
            raise NotThere(f"the message {ts} is not {self.name}'s to change")
        return message

    def _modal(self) -> View:
        self._present()
        if self.view is None:
            raise NotThere(f"{self.name} has no modal open")
        return self.view

    def _surface(self) -> View:
        self._present()
        view = self.view or self.home
        if view is None:
            raise NotThere(f"{self.name} has no modal open and no App Home")
        return view

    def _offered(self, callback_id: str, kind: str) -> None:
        shortcuts = _listed(self.world.manifest, "shortcuts")
        offered = [each["callback_id"] for each in shortcuts if each["type"] == kind]
        if shortcuts and callback_id not in offered:
            raise NotThere(f"no {kind} shortcut {callback_id!r} in the manifest, only {offered}")

    # Doing

    async def _ask(self, kind: str, payload: JSON) -> Delivery:
        self.delivery = await self.world.deliverer.ask(kind, payload)
        return self.delivery

    async def _told(self, posts: list[Any]) -> Delivery:
        self.delivery = await self.world.deliverer.outcome_of(posts)
        return self.delivery

    async def _post(self, channel: Channel, raw: JSON, files: list[JSON]) -> str:
        posts = self.world.deliverer.start_noting()
        message = self.world.workspace.post(channel, raw)
        for file in files:
            note_share(channel, file, message.ts)
            shared = {"type": "file_shared", "file_id": file["id"], "file": {"id": file["id"]}}
            about = {"user_id": self.id, "channel_id": channel.id}
            self.world.workspace.announce(shared | about, channel)
        await self._told(posts)
        return message.ts

    def _written(self, text: str) -> JSON:
        return {
            "user": self.id,
            "team": self.world.identity.team_id,
            "client_msg_id": str(uuid.uuid4()),
            **writing.message(self.world.workspace, text),
        }

    def brings(self, name: str, body: bytes) -> JSON:
        """A file from their own computer, for an input of a modal."""
        file = self._file(name, max(1, len(body)))
        self.world.workspace.file_contents[file["id"]] = body
        return file

    def _file(self, name: str, size: int) -> JSON:
        file_id = self.world.workspace.fresh_id("F")
        return new_file(self.world, file_id, name, size, self.id)


def _choice(element: JSON, option: Any) -> JSON | None:
    if element["type"] == "overflow":
        for each in element["options"]:
            if option in (words_of(each["text"]), each.get("value")):
                return {"selected_option": each}
        raise NotThere(f"an overflow menu wants option=, not {option!r}")
    if element["type"] == "feedback_buttons":
        ways = (element["positive_button"], element["negative_button"])
        chosen = next(
            (way for way in ways if option in (way["value"], words_of(way["text"]))), None
        )
        if chosen is None:
            raise NotThere(f"feedback buttons want option=, not {option!r}")
        return {"text": chosen["text"], "value": chosen["value"]}
    return set_value(element, option) if element["type"] in VALUE_KEY else None


def _listed(manifest: JSON, what: str) -> list[JSON]:
    return list(manifest.get("features", {}).get(what, []))


__all__ = ["Seat", "State"]
