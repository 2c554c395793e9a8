"""A load of signed message events, from a process of its own so as not to share the bot's loop.

    python -m tests.bench.load URL --events 2000 --in-flight 24      as fast as they are answered
    python -m tests.bench.load URL --rate 100 --seconds 10           so many a second

Plain sockets, because a client library would cost more than the server that is measured.
"""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import json
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from typing_extensions import override

SECRET = "b3nch-of-the-house"
CHANNEL = "C00000001"
WRITERS = ("URAISER", "UCHALLENGED")
TEXT = (
    "The health visitor saw the same marks on Tuesday and the mother was not at home again. "
    "Could you tell me what the screening looked at, and who rang the school?"
)


def event(number: int) -> bytes:
    """As Slack writes it: a message of two sentences in the challenge's channel, never repeated."""
    ts = f"{time.time_ns() // 1_000_000_000}.{number % 1_000_000:06}"
    unique = f"{time.time_ns():x}{number:x}".upper()
    text = f"{TEXT} ({number})"
    said = {
        "user": WRITERS[number % 2],
        "type": "message",
        "ts": ts,
        "client_msg_id": f"0b7c1d7e-0000-4000-8000-{unique[:12]}",
        "text": text,
        "team": "T0SANDBOX",
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "x7Gq",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
                ],
            }
        ],
        "channel": CHANNEL,
        "event_ts": ts,
        "channel_type": "group",
    }
    envelope = {
        "token": "unused",
        "team_id": "T0SANDBOX",
        "context_team_id": "T0SANDBOX",
        "context_enterprise_id": None,
        "api_app_id": "A0SANDBOX",
        "event": said,
        "type": "event_callback",
        "event_id": f"Ev{unique}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T0SANDBOX",
                "user_id": "U0SANDBOXBOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{unique}",
    }
    return json.dumps(envelope).encode()


def request(number: int, host: str) -> bytes:
    body, at = event(number), str(int(time.time()))
    signed = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256)
    return (
        f"POST /slack/events HTTP/1.1\r\nHost: {host}\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept-Encoding: gzip,deflate\r\nAccept: */*\r\n"
        f"X-Slack-Signature: v0={signed.hexdigest()}\r\nX-Slack-Request-Timestamp: {at}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Line(asyncio.Protocol):
    """One kept-open connection: a request out, its answer in."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bytes] | None = None
        self._wire: asyncio.Transport | None = None
        self._read = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, body = self._read.partition(b"\r\n\r\n")
        if end and len(body) >= _length(head) and self._answer:
            self._read = b""
            self._answer.set_result(head)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))

    async def asks(self, words: bytes) -> bool:
        """True for an answer of 200."""
        self._answer = asyncio.get_running_loop().create_future()
        assert self._wire is not None
        self._wire.write(words)
        return (await self._answer).startswith(b"HTTP/1.1 200")


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def flood(url: str, events: int, in_flight: int) -> dict[str, object]:
    """Everything is signed beforehand; then each line asks again as soon as it is answered."""
    address = urlsplit(url).netloc
    first = time.time_ns() % 10**15
    waiting = iter([request(first + n, address) for n in range(events)])
    lines = [await _line(address) for _ in range(in_flight)]
    took: list[float] = []
    failed = 0

    async def keep_asking(line: Line, words: Iterator[bytes]) -> None:
        nonlocal failed
        for word in words:
            began = time.perf_counter()
            failed += not await line.asks(word)
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(keep_asking(line, waiting) for line in lines))
    return {"seconds": time.perf_counter() - began, "took": took, "failed": failed}


async def drip(url: str, rate: float, seconds: float) -> dict[str, object]:
    """At an even pace, whether or not the last one was answered."""
    address = urlsplit(url).netloc
    first = time.time_ns() % 10**15
    lines: asyncio.LifoQueue[Line] = asyncio.LifoQueue()
    for _ in range(32):
        lines.put_nowait(await _line(address))
    took: list[float] = []
    failed = 0

    async def ask(number: int) -> None:
        nonlocal failed
        line = await lines.get()
        began = time.perf_counter()
        failed += not await line.asks(request(first + number, address))
        took.append(time.perf_counter() - began)
        lines.put_nowait(line)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in itertools.count():
            if time.perf_counter() - began > seconds:
                break
            group.create_task(ask(number))
            await asyncio.sleep(max(0, began + (number + 1) / rate - time.perf_counter()))
    return {"seconds": time.perf_counter() - began, "took": took, "failed": failed}


async def _line(address: str) -> Line:
    host, _, port = address.partition(":")
    _, line = await asyncio.get_running_loop().create_connection(Line, host, int(port))
    return line


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--in-flight", type=int, default=24)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    if given.rate:
        told = asyncio.run(drip(given.url, given.rate, given.seconds))
    else:
        told = asyncio.run(flood(given.url, given.events, given.in_flight))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
