"""Socket Mode: tickets, hello, envelopes, acks, and the disconnects Slack sends."""

import asyncio
import json
import random
import secrets
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.faults import Faults
from sandbox.outcome import ACKED, TIMEOUT, Delivery, LinkLost, NobodyListens, Timing
from sandbox.wire import JSON, Wire


@dataclass(eq=False)
class Link:
    """One open socket to the bot."""

    ws: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[JSON]] = field(default_factory=dict)

    def cut(self) -> None:
        """Drop the connection without a word, as a failing network does."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    """All open sockets; any of them may carry the next payload."""

    def __init__(self, app_id: str, timing: Timing, faults: Faults, wire: Wire) -> None:
        self.app_id = app_id
        self.timing = timing
        self.faults = faults
        self.wire = wire
        self.links: list[Link] = []
        self.opened = asyncio.Event()
        self._greeted = asyncio.Condition()
        self._tickets: dict[str, bool] = {}
        self._overdue: dict[str, float] = {}
        self._dice = random.Random(0)

    def issue_ticket(self) -> str:
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = False
        return ticket

    async def link(self, request: web.Request) -> web.StreamResponse:
        """The socket behind /link; a ticket opens it once."""
        ticket = request.query.get("ticket", "")
        if self._tickets.get(ticket, True):
            self.wire.complain("used_ticket", "a socket was opened with a used or unknown ticket")
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets[ticket] = True
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        link = Link(ws, request)
        await self._greet(link)
        try:
            await self._read(link)
        finally:
            self._forget(link)
        return ws

    async def send(
        self, kind: str, payload: JSON, attempt: int, envelope_id: str, accepts: bool
    ) -> Delivery:
        """Send an envelope on any socket and wait for its ack."""
        if not self.links:
            raise NobodyListens
        began = time.monotonic()
        if self.faults.active("silence"):
            await asyncio.sleep(self.timing.ack_seconds)
            return Delivery(False, TIMEOUT, seconds=time.monotonic() - began)
        link = self._dice.choice(self.links)
        answer = link.waiting.setdefault(envelope_id, asyncio.get_running_loop().create_future())
        await self._write(link, _envelope(kind, payload, attempt, envelope_id, accepts))
        if self.faults.strike_delivery("drop_socket"):
            link.cut()
        return await self._await_ack(link, envelope_id, answer, began)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every socket to go, as Slack does every few hours."""
        for link in list(self.links):
            debug = {"host": "sandbox"}
            await self._write(link, {"type": "disconnect", "reason": reason, "debug_info": debug})
            if reason != "warning":
                await link.ws.close()

    def drop(self) -> None:
        """Cut every socket without a word."""
        for link in list(self.links):
            self._forget(link)
            link.cut()

    async def next_greeting(self) -> None:
        async with self._greeted:
            await self._greeted.wait()

    async def close(self) -> None:
        for link in list(self.links):
            await link.ws.close()

    async def _await_ack(
        self, link: Link, envelope_id: str, answer: asyncio.Future[JSON], began: float
    ) -> Delivery:
        try:
            async with asyncio.timeout(self.timing.ack_seconds):
                frame = await asyncio.shield(answer)
        except TimeoutError:
            self._overdue[envelope_id] = began
            self.wire.complain("late_ack", f"no ack within {self.timing.ack_seconds} s")
            return Delivery(False, TIMEOUT, seconds=time.monotonic() - began)
        finally:
            link.waiting.pop(envelope_id, None)
        return Delivery(True, ACKED, frame.get("payload"), time.monotonic() - began)

    async def _greet(self, link: Link) -> None:
        self.links.append(link)
        self.wire.changed()
        hello = {
            "type": "hello",
            "num_connections": len(self.links),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self.app_id},
        }
        await self._write(link, hello)
        if link not in self.links:
            return  # it broke while it was greeted
        self.opened.set()
        async with self._greeted:
            self._greeted.notify_all()

    async def _read(self, link: Link) -> None:
        async for message in link.ws:
            if message.type == WSMsgType.TEXT:
                self._take(message.data)

    def _take(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            # The SDK's own keep-alive sends plain words; Slack ignores them too.
            return
        envelope_id = frame.get("envelope_id", "")
        began = self._overdue.pop(envelope_id, None)
        if began is not None:
            late = time.monotonic() - began
            self.wire.complain("late_ack", f"an ack came after {late:.2f} s")
        # An ack is good on any socket, since the SDK answers on its newest one.
        for link in self.links:
            waiting = link.waiting.get(envelope_id)
            if waiting is not None and not waiting.done():
                waiting.set_result(frame)

    def _forget(self, link: Link) -> None:
        if link in self.links:
            self.links.remove(link)
            self.wire.changed()
        if not self.links:
            self.opened.clear()
        for waiting in link.waiting.values():
            if not waiting.done():
                waiting.set_exception(LinkLost())

    async def _write(self, link: Link, frame: JSON) -> None:
        try:
            await link.ws.send_str(json.dumps(frame))
        except (ConnectionError, RuntimeError):
            self._forget(link)


def new_envelope_id() -> str:
    return str(uuid.uuid4())


def _envelope(kind: str, payload: JSON, attempt: int, envelope_id: str, accepts: bool) -> JSON:
    frame: JSON = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": accepts,
    }
    if kind == "events_api":
        frame |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
    return frame
