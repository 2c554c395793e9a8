"""The same verbs for a test in another process, over HTTP."""

from typing import Any

import aiohttp

from sandbox.outcome import Delivery
from sandbox.refusals import NotThere
from sandbox.views import View, view_from_json
from sandbox.wire import JSON, Complaint, Record
from sandbox.workspace import Channel, Message


class RemoteSandbox:
    """Drives a sandbox that runs elsewhere; call close() when done."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.api_url = f"{self.url}/api/"
        self.faults = RemoteFaults(self)
        self._session: aiohttp.ClientSession | None = None
        self._seats: dict[str, RemoteSeat] = {}

    async def __aenter__(self) -> "RemoteSandbox":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def person(self, user: str) -> "RemoteSeat":
        return self._seats.setdefault(user, RemoteSeat(self, user))

    async def quiet(self, timeout: float = 5.0) -> None:
        await self.tell("quiet", {"timeout": timeout})

    async def connected(self, timeout: float = 5.0) -> None:
        await self.tell("connected", {"timeout": timeout})

    async def set_ahead(self, ahead: float) -> None:
        await self.tell("clock", {"ahead": ahead})

    async def deactivate(self, user: str) -> None:
        await self.tell("deactivate", {"user": user})

    async def deliver_to(self, url: str | None) -> None:
        await self.tell("deliver_to", {"url": url})

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        await self.tell("disconnect_sockets", {"reason": reason})

    async def drop_sockets(self) -> None:
        await self.tell("drop_sockets", {})

    async def state(self) -> JSON:
        found: JSON = await self.ask("state")
        return found

    async def channel(self, name_or_id: str) -> Channel:
        for found in (await self.state())["channels"]:
            if name_or_id.lstrip("#") in (found["id"], found["name"]):
                return _channel(found)
        raise NotThere(f"there is no channel called {name_or_id!r}")

    async def wire(self) -> list[Record]:
        return [Record(**each) for each in await self.ask("wire")]

    async def complaints(self) -> list[Complaint]:
        return [Complaint(**each) for each in await self.ask("complaints")]

    async def ask(self, path: str) -> Any:
        async with self._http().get(f"{self.url}/sandbox/{path}") as answer:
            found = await answer.json()
        if isinstance(found, dict) and found.get("ok") is False:
            raise NotThere(found["error"])
        return found["result"] if isinstance(found, dict) and "ok" in found else found

    async def tell(self, path: str, given: JSON) -> Any:
        async with self._http().post(f"{self.url}/sandbox/{path}", json=given) as answer:
            found = await answer.json()
        if not found["ok"]:
            raise NotThere(found["error"])
        return found["result"]

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


class RemoteFaults:
    """Orders mishaps from afar."""

    def __init__(self, sandbox: RemoteSandbox) -> None:
        self.sandbox = sandbox

    async def add(self, method: str, kind: str, **how: Any) -> None:
        await self.sandbox.tell("faults", {"method": method, "kind": kind, **how})

    async def clear(self) -> None:
        await self.sandbox.tell("faults", {"clear": True})


class RemoteSeat:
    """A person at a Slack elsewhere; what they see is as of the last act or look()."""

    def __init__(self, sandbox: RemoteSandbox, user: str) -> None:
        self.sandbox = sandbox
        self.id = user
        self.seen: JSON = {}

    async def look(self) -> "RemoteSeat":
        """Fetch what they see now."""
        self.seen = await self.sandbox.ask(f"people/{self.id}")
        return self

    @property
    def name(self) -> str:
        return str(self.seen["name"])

    @property
    def dm(self) -> str:
        return str(self.seen["dm"])

    @property
    def views(self) -> list[View]:
        return [view_from_json(view) for view in self.seen["views"]]

    @property
    def view(self) -> View | None:
        return self.views[-1] if self.views else None

    @property
    def home(self) -> View | None:
        return view_from_json(self.seen["home"]) if self.seen["home"] else None

    @property
    def ephemerals(self) -> list[Message]:
        return [Message(**each) for each in self.seen["ephemerals"]]

    def channels(self) -> list[Channel]:
        return [_channel(each) for each in self.seen["channels"]]

    def messages(self, channel: str) -> list[Message]:
        wanted = channel.lstrip("#")
        for each in self.seen["channels"]:
            if wanted in (each["id"], each["name"]):
                return [Message(**found) for found in self.seen["messages"][each["id"]]]
        raise NotThere(f"{self.id} is not in {channel!r}")

    def direct_messages(self) -> list[Message]:
        return self.messages(self.dm)

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Delivery:
        return await self._delivered("command", [command, text, channel])

    async def shortcut(self, callback_id: str) -> Delivery:
        return await self._delivered("shortcut", [callback_id])

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Delivery:
        return await self._delivered("message_shortcut", [callback_id, channel, ts])

    async def says(
        self,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: list[JSON] | None = None,
    ) -> str:
        return str(await self._act("says", [channel, text, thread_ts, files]))

    async def uploads(
        self, channel: str, name: str, size: int = 1, text: str = "", thread_ts: str | None = None
    ) -> str:
        return str(await self._act("uploads", [channel, name, size, text, thread_ts]))

    async def edits(self, channel: str, ts: str, text: str) -> Delivery:
        return await self._delivered("edits", [channel, ts, text])

    async def deletes(self, channel: str, ts: str) -> Delivery:
        return await self._delivered("deletes", [channel, ts])

    async def reacts(self, channel: str, ts: str, name: str) -> Delivery:
        return await self._delivered("reacts", [channel, ts, name])

    async def unreacts(self, channel: str, ts: str, name: str) -> Delivery:
        return await self._delivered("unreacts", [channel, ts, name])

    async def clicks(
        self, channel: str, ts: str, action_id: str | None = None, **how: Any
    ) -> Delivery:
        return await self._delivered("clicks", [channel, ts, action_id], how)

    async def opens_home(self, tab: str = "home") -> Delivery:
        return await self._delivered("opens_home", [tab])

    async def fill(self, label_or_action_id: str, value: Any) -> Delivery | None:
        found = await self._act("fill", [label_or_action_id, value])
        return Delivery(**found) if found else None

    async def fills(self, answers: dict[str, Any] | None = None, /, **more: Any) -> None:
        await self._act("fills", [{**(answers or {}), **more}])

    async def presses(self, label_or_action_id: str, **how: Any) -> Delivery:
        return await self._delivered("presses", [label_or_action_id], how)

    async def submits(self) -> Delivery:
        return await self._delivered("submits", [])

    async def closes(self, everything: bool = False) -> Delivery | None:
        found = await self._act("closes", [everything])
        return Delivery(**found) if found else None

    async def writes_to(self, user: str) -> Channel:
        return _channel(await self._act("writes_to", [user]))

    async def creates(self, name: str, private: bool = True) -> Channel:
        return _channel(await self._act("creates", [name, private]))

    async def invites(self, channel: str, *users: str) -> Delivery:
        return await self._delivered("invites", [channel, *users])

    async def removes(self, channel: str, user: str) -> Delivery:
        return await self._delivered("removes", [channel, user])

    async def joins(self, channel: str) -> Delivery:
        return await self._delivered("joins", [channel])

    async def leaves(self, channel: str) -> Delivery:
        return await self._delivered("leaves", [channel])

    async def archives(self, channel: str) -> Delivery:
        return await self._delivered("archives", [channel])

    async def unarchives(self, channel: str) -> Delivery:
        return await self._delivered("unarchives", [channel])

    async def renames(self, channel: str, name: str) -> Delivery:
        return await self._delivered("renames", [channel, name])

    async def _delivered(self, verb: str, args: list[Any], how: JSON | None = None) -> Delivery:
        return Delivery(**await self._act(verb, args, how))

    async def _act(self, verb: str, args: list[Any], how: JSON | None = None) -> Any:
        given = {"args": args, **(how or {})}
        result = await self.sandbox.tell(f"people/{self.id}/{verb}", given)
        await self.look()
        return result


def _channel(found: JSON) -> Channel:
    return Channel(**{k: v for k, v in found.items() if k != "is_private"})
