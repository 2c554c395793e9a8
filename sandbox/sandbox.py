"""One pretend Slack: its parts put together, started and stopped."""

import asyncio
import ipaddress
import time
from collections.abc import Iterable

from aiohttp import web

from sandbox.clock import Clock
from sandbox.deliverer import Deliverer, granted_scopes
from sandbox.doors import routes
from sandbox.events import SCOPES
from sandbox.faults import Faults
from sandbox.outcome import Timing
from sandbox.refusals import NotThere
from sandbox.seat import Seat
from sandbox.signed_http import SignedHttp
from sandbox.sockets import Sockets
from sandbox.stories import Story, tell
from sandbox.wire import JSON, Complaint, Record, Wire
from sandbox.workspace import Channel, Identity, Person, Workspace
from sandbox.world import World

LARGEST_BODY = 50 * 2**20
# Pretend credentials: they open nothing but this sandbox.
BOT_TOKEN = "xoxb-sandbox"  # noqa: S105
APP_TOKEN = "xapp-sandbox"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105


class Sandbox:
    """A workspace with people in it and one app installed, on a loopback port."""

    def __init__(
        self,
        people: Iterable[Person],
        manifest: JSON | None = None,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        *,
        ack_seconds: float = 3.0,
        retry_pauses: tuple[float, ...] = (0.0, 0.2, 0.5),
        trigger_seconds: float = 3.0,
        strict_rate_limits: bool = False,
        seed: int = 0,
        stories: Iterable[Story] = (),
    ) -> None:
        manifest = manifest or {}
        identity = _identity(manifest)
        self.wire_log = Wire()
        self.faults = Faults(seed=seed)
        self.stories = list(stories)
        self.resets = 0
        timing = Timing(ack_seconds, tuple(retry_pauses), trigger_seconds)
        sockets = Sockets(identity.app_id, timing, self.faults, self.wire_log)
        self._http = SignedHttp(signing_secret, timing, self.faults, self.wire_log)
        self.clock = Clock()
        deliverer = Deliverer(
            identity,
            manifest,
            sockets,
            self._http,
            self.faults,
            self.wire_log,
            timing,
            self.clock,
        )
        self.world = World(
            identity,
            manifest,
            Workspace(people, identity, deliverer.announce, self.clock),
            self.wire_log,
            self.faults,
            timing,
            deliverer,
            sockets,
            bot_token,
            app_token,
            strict_rate_limits,
        )
        self._seats = {user: Seat(self.world, user) for user in self.world.workspace.people}
        self._runner: web.AppRunner | None = None
        self._judge_manifest()

    # Coming and going

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> "Sandbox":
        if not _is_loopback(host):
            raise ValueError(f"The sandbox only listens on this machine, so not on {host}.")
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(routes(self))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        found = self._runner.addresses[0][1]
        self.world.url = f"http://{host}:{found}"
        return self

    async def stop(self) -> None:
        await self.world.deliverer.close()
        await self.world.sockets.close()
        await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> "Sandbox":
        return await self.start() if self._runner is None else self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def deliver_to(self, url: str | None) -> None:
        """Deliver by signed HTTP to this address; None goes back to Socket Mode."""
        self._http.url = url

    async def verify_address(self) -> bool:
        """The url_verification handshake with the delivery address."""
        return await self._http.verify()

    async def connected(self, timeout: float = 5.0) -> None:
        """Wait until the bot has a socket open."""
        async with asyncio.timeout(timeout):
            await self.world.sockets.opened.wait()

    async def reconnected(self, timeout: float = 5.0) -> None:
        """Wait until the bot has opened one more socket than those it had until now."""
        async with asyncio.timeout(timeout):
            await self.world.sockets.next_greeting()

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask the bot to reconnect: warning, refresh_requested or link_disabled."""
        await self.world.sockets.disconnect(reason)

    def drop_sockets(self) -> None:
        """Cut every socket without a word."""
        self.world.sockets.drop()

    def release_held(self) -> None:
        """Deliver the events a reorder fault still holds, newest first."""
        self.world.deliverer.release()

    async def quiet(self, timeout: float = 5.0) -> None:
        """Wait until nothing is on its way to the bot and the bot is calling nothing."""
        deadline = time.monotonic() + timeout
        calm_since: float | None = None
        settle = self.world.timing.settle_seconds
        while calm_since is None or time.monotonic() - calm_since < settle:
            now = time.monotonic()
            busy = self.world.deliverer.busy or self.world.calls_under_way
            before = calm_since
            calm_since = None if busy else (before or now)
            if now > deadline:
                raise TimeoutError("the sandbox did not fall quiet")
            await asyncio.sleep(0.005)

    # Looking

    @property
    def url(self) -> str:
        return self.world.url

    @property
    def api_url(self) -> str:
        return f"{self.world.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.world.bot_token

    @property
    def app_token(self) -> str:
        return self.world.app_token

    @property
    def signing_secret(self) -> str:
        return self._http.secret

    @property
    def identity(self) -> Identity:
        return self.world.identity

    @property
    def bot_user_id(self) -> str:
        return self.world.identity.bot_user_id

    @property
    def wire(self) -> list[Record]:
        return self.wire_log.records

    @property
    def complaints(self) -> list[Complaint]:
        return self.wire_log.complaints

    def person(self, user: str) -> Seat:
        if user not in self._seats:
            raise NotThere(f"nobody here has the id {user!r}; there are {sorted(self._seats)}")
        return self._seats[user]

    def people(self) -> list[Seat]:
        return list(self._seats.values())

    def channel(self, name_or_id: str) -> Channel:
        return self.world.workspace.channel(name_or_id)

    def channels(self) -> list[Channel]:
        return list(self.world.workspace.channels.values())

    def calls(self, method: str) -> list[Record]:
        """What went over the wire under that name."""
        return [record for record in self.wire if record.kind == method]

    # The workspace changes

    def add_person(self, person: Person) -> Seat:
        self.world.workspace.people[person.id] = person
        self._seats[person.id] = Seat(self.world, person.id)
        return self._seats[person.id]

    def deactivate(self, user: str) -> None:
        """Someone leaves the organisation; their account stays, marked as deleted."""
        person = self.person(user).person
        person.deactivated = True
        about = {"id": user, "name": person.username, "deleted": True}
        self.world.workspace.announce({"type": "user_change", "user": about}, None)

    def set_ahead(self, ahead: float) -> None:
        """Move the workspace's time so many seconds ahead of the wall, for a rehearsal."""
        self.clock.ahead = ahead
        self.world.changes.ring()

    def mark(self, marks: list[JSON]) -> None:
        """Moments that the page offers to go to, told by the program that runs the bot."""
        before = self.clock.marks
        self.clock.mark(marks)
        if self.clock.marks != before:
            self.world.changes.ring()

    def begin(self, key: str) -> Channel | None:
        """Fill the workspace with one of the practice stories."""
        story = next((each for each in self.stories if each.key == key), None)
        if story is None:
            raise NotThere(f"no story is called {key!r}; there are {[s.key for s in self.stories]}")
        return tell(self.world.workspace, story)

    def empty(self) -> None:
        """Everything said and done is gone; the people stay."""
        self.world.forget()

    def reset(self) -> None:
        """Empty it, and let the program that runs the bot know, so that it begins anew too."""
        self.resets += 1
        self.clock.marks = []
        self.empty()

    def time(self) -> JSON:
        """What a program that follows the sandbox's clock wants to know."""
        return self.clock.as_json() | {"resets": self.resets, "count": self.world.changes.count}

    def state(self) -> JSON:
        workspace = self.world.workspace
        return {
            "people": [person.__dict__ for person in workspace.people.values()],
            "channels": [channel.as_json() for channel in workspace.channels.values()],
            "sockets": len(self.world.sockets.links),
            "delivering_to": self._http.url,
            "busy": self.world.deliverer.busy,
            "faults": [fault.as_json() for fault in self.faults.ordered],
        }

    def _judge_manifest(self) -> None:
        granted = granted_scopes(self.world.manifest)
        for event in sorted(self.world.deliverer.wanted):
            wanted = SCOPES.get(event, ())
            if wanted and not granted & set(wanted):
                text = f"the event {event} needs {' or '.join(wanted)}"
                self.wire_log.complain("event_without_scope", text)


def _identity(manifest: JSON) -> Identity:
    features = manifest.get("features", {})
    app = manifest.get("display_information", {}).get("name", "Sandbox bot")
    return Identity(bot_name=features.get("bot_user", {}).get("display_name", app))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
