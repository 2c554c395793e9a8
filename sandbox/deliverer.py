"""Getting payloads to the bot: once for a click, up to four times for an event."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from sandbox import events
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.outcome import (
    FAILED,
    HELD,
    NOT_SENT,
    TIMEOUT,
    Delivery,
    LinkLost,
    NobodyListens,
    Timing,
)
from sandbox.signed_http import SignedHttp
from sandbox.sockets import Sockets, new_envelope_id
from sandbox.wire import JSON, TO_BOT, Record, Wire
from sandbox.workspace import Channel, Identity


@dataclass(eq=False)
class Post:
    """One event on its way; settled once the person who caused it need not wait any more."""

    payload: JSON
    settled: asyncio.Future[Delivery]
    envelope_id: str = field(default_factory=new_envelope_id)

    def settle(self, outcome: Delivery) -> None:
        if not self.settled.done():
            self.settled.set_result(outcome)


class Deliverer:
    """Sends by socket or by signed HTTP and keeps count of what is under way."""

    def __init__(
        self,
        identity: Identity,
        manifest: JSON,
        sockets: Sockets,
        http: SignedHttp,
        faults: Faults,
        wire: Wire,
        timing: Timing,
        clock: Clock,
    ) -> None:
        self.identity = identity
        self.sockets = sockets
        self.http = http
        self.faults = faults
        self.wire = wire
        self.timing = timing
        self.clock = clock
        self.granted = granted_scopes(manifest)
        settings = manifest.get("settings", {})
        self.wanted = set(settings.get("event_subscriptions", {}).get("bot_events", []))
        self.busy = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Post] = []
        self._noted: list[Post] | None = None

    # Events

    def announce(self, event: JSON, channel: Channel | None) -> None:
        """Deliver an event if the app asked for it and the bot can see where it happened."""
        name = events.subscription(event, channel)
        if name not in self.wanted or not events.may_receive(name, self.granted):
            return
        if channel is not None and self.identity.bot_user_id not in channel.members:
            return
        event = dict(event)
        event.setdefault("event_ts", event.get("ts") or f"{self.clock.now():.6f}")
        settled: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        post = Post(events.envelope(event, self.identity), settled)
        if self._noted is not None:
            self._noted.append(post)
        self._dispatch(post)

    def start_noting(self) -> list[Post]:
        """From now on, remember which events a person's act causes."""
        self._noted = []
        return self._noted

    async def outcome_of(self, posts: list[Post]) -> Delivery:
        """Wait until each noted event is acked, given up or held; the worst one is told."""
        self._noted = None
        if not posts:
            return Delivery(False, NOT_SENT, reason="no event the app subscribed to")
        outcomes = await asyncio.gather(*(post.settled for post in posts))
        return next((o for o in outcomes if not o.acked), outcomes[-1])

    # Commands, clicks and forms

    async def ask(self, kind: str, payload: JSON) -> Delivery:
        """Deliver something a person is waiting on; Slack does not try twice."""
        self.busy += 1
        record = self.wire.note(Record(TO_BOT, _name(kind, payload), payload))
        try:
            outcome = await self._send(kind, payload, 0, new_envelope_id(), "")
        except (LinkLost, NobodyListens):
            outcome = Delivery(False, FAILED, reason="nobody is listening")
        finally:
            self.busy -= 1
        if outcome.acked and self.faults.strike_delivery("lose_ack"):
            outcome = Delivery(False, TIMEOUT, seconds=outcome.seconds, reason="the ack was lost")
        _finish(record, outcome)
        return outcome

    def release(self) -> None:
        """Deliver what a reorder fault still holds, newest first."""
        held, self._held = self._held, []
        self._start(self._run_in_turn(held[::-1]))

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # The rounds of one event

    def _dispatch(self, post: Post) -> None:
        reorder = self.faults.active("reorder")
        if reorder is None:
            self._start(self._run(post))
            return
        self._held.append(post)
        post.settle(Delivery(False, HELD, reason="held to arrive out of order"))
        if len(self._held) >= reorder.count:
            self.release()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_in_turn(self, posts: list[Post]) -> None:
        for post in posts:
            await self._run(post)

    async def _run(self, post: Post) -> None:
        outcome = Delivery(False, NOT_SENT, reason="the sandbox stopped")
        try:
            outcome = await self._persist(post)
            await self._repeat(post)
        finally:
            post.settle(outcome)

    async def _repeat(self, post: Post) -> None:
        """Slack sometimes sends an event again though it was acked."""
        duplicate = self.faults.strike_delivery("duplicate")
        for _ in range(duplicate.count if duplicate else 0):
            with contextlib.suppress(LinkLost, NobodyListens):
                await self._attempt(post, 0, "", new_envelope_id())

    async def _persist(self, post: Post) -> Delivery:
        """The first try and Slack's three retries."""
        pauses = self.timing.retry_pauses
        attempt = 0
        reason = ""
        while True:
            try:
                outcome = await self._attempt(post, attempt, reason, post.envelope_id)
            except NobodyListens:
                attempt = max(attempt, 1)
                await self._wait_for_a_socket(post)
                continue
            except LinkLost:
                # Slack sends the same envelope again on the next connection.
                continue
            outcome.attempts = attempt + 1
            if outcome.acked or outcome.reason == "no_retry" or attempt >= len(pauses):
                return outcome
            reason = outcome.reason or "http_timeout"
            await self._pause(pauses[attempt])
            attempt += 1

    async def _attempt(self, post: Post, attempt: int, reason: str, envelope_id: str) -> Delivery:
        self.busy += 1
        payload = post.payload
        record = self.wire.note(Record(TO_BOT, _name("events_api", payload), payload))
        try:
            outcome = await self._send("events_api", payload, attempt, envelope_id, reason)
        except (LinkLost, NobodyListens) as lost:
            record.refused = type(lost).__name__
            raise
        finally:
            self.busy -= 1
        if outcome.acked and self.faults.strike_delivery("lose_ack"):
            outcome = Delivery(False, TIMEOUT, seconds=outcome.seconds, reason="http_timeout")
        _finish(record, outcome)
        return outcome

    async def _send(
        self, kind: str, payload: JSON, attempt: int, envelope_id: str, reason: str
    ) -> Delivery:
        if self.http.url is not None:
            return await self.http.send(kind, payload, attempt, reason)
        accepts = kind != "events_api"
        return await self.sockets.send(kind, payload, attempt, envelope_id, accepts)

    async def _pause(self, seconds: float) -> None:
        """Between two tries the event is still on its way, so quiet() waits for it."""
        self.busy += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self.busy -= 1

    async def _wait_for_a_socket(self, post: Post) -> None:
        post.settle(Delivery(False, HELD, reason="no socket is open"))
        await self.sockets.opened.wait()


def granted_scopes(manifest: JSON) -> set[str]:
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    return set(scopes.get("bot", []))


def _name(kind: str, payload: JSON) -> str:
    if kind == "events_api":
        event = payload.get("event", {})
        return ".".join(filter(None, (event.get("type"), event.get("subtype"))))
    return str(payload.get("type") or payload.get("command") or kind)


def _finish(record: Record, outcome: Delivery) -> None:
    record.answer = outcome.response
    record.seconds = outcome.seconds
    record.refused = None if outcome.acked else outcome.reason or outcome.status
