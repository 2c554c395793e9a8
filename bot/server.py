"""The server of HTTP mode: a guard in front of Bolt, health and metrics beside it."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.metrics import Metrics

log = structlog.get_logger()

MOST_BYTES = 1024 * 1024
MOST_SKEW = 300
DEEPEST = 64
MOST_FIELDS = 100
REMEMBERED_SECONDS = 600
IN_FLIGHT_SECONDS = 10.0
LINGERING_SECONDS = 1.0
_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
# What Bolt takes for granted about a body, and would break over.
_OBJECTS = frozenset({"view", "message", "container", "state", "response_metadata"})
_WORDS = frozenset(
    {"event_id", "team_id", "enterprise_id", "api_app_id", "user_id", "channel_id"}
    | {"trigger_id", "callback_id", "command", "token", "bot_id", "bot_user_id"}
)

Check = Callable[[], Awaitable[bool]]


class TurnedAway(Exception):
    """Not Slack, or not a request that Slack would make."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard:
    """Looks at a request before anything reads its body: a wrong one costs little and says nothing.

    A request that was answered is remembered: the same bytes again are answered and not acted on.
    """

    def __init__(self, secret: str, wall: Callable[[], float]) -> None:
        self._secret = secret.encode()
        self._wall = wall
        self._answered: dict[str, float] = {}

    async def admit(self, request: web.Request) -> str:
        """The signature of a request that is Slack's; anything else raises TurnedAway."""
        if (request.content_length or 0) > MOST_BYTES:
            raise TurnedAway(413, "too large")
        timestamp = self._timestamp(request)
        signature = request.headers.get("X-Slack-Signature", "")
        if not _SIGNATURE.fullmatch(signature):
            raise TurnedAway(401, "signature missing")
        body = await _body(request)
        if not hmac.compare_digest(self._expected(timestamp, body), signature):
            raise TurnedAway(401, "signature wrong")
        _refuse_unless_readable(request.content_type, body)
        return signature

    def was_answered(self, signature: str) -> bool:
        return signature in self._answered

    def answered(self, signature: str) -> None:
        now = time.monotonic()
        self._answered[signature] = now
        oldest = next(iter(self._answered))
        while now - self._answered[oldest] > REMEMBERED_SECONDS:
            del self._answered[oldest]
            oldest = next(iter(self._answered))

    def _timestamp(self, request: web.Request) -> str:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not _TIMESTAMP.fullmatch(timestamp):
            raise TurnedAway(401, "timestamp missing")
        if abs(self._wall() - int(timestamp)) > MOST_SKEW:
            raise TurnedAway(401, "timestamp too far off")
        return timestamp

    def _expected(self, timestamp: str, body: bytes) -> str:
        signed = b"v0:" + timestamp.encode() + b":" + body
        return "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()


class Server:
    """Everything at one address."""

    def __init__(
        self,
        app: AsyncApp,
        guard: Guard,
        checks: dict[str, Check],
        metrics: Metrics,
        printed: Callable[[], Awaitable[bytes]],
    ) -> None:
        self._app = app
        self._guard = guard
        self._checks = checks
        self._metrics = metrics
        self._printed = printed
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listens; answers the port, which the system chose if it was given as 0."""
        self._runner = web.AppRunner(
            self.routes(),
            access_log=None,
            shutdown_timeout=IN_FLIGHT_SECONDS,
            # How long the rest of a body that nobody wants is still taken.
            lingering_time=LINGERING_SECONDS,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        taken: int = self._runner.addresses[0][1]
        log.info("listening", port=taken)
        return taken

    async def stop(self) -> None:
        """Takes nothing more in and lets what is under way come to its end."""
        if self._runner is not None:
            await self._runner.cleanup()

    def routes(self) -> web.Application:
        application = web.Application(client_max_size=MOST_BYTES)
        application.router.add_post("/slack/events", self._from_slack)
        application.router.add_get("/health/live", _live)
        application.router.add_get("/health/ready", self._ready)
        application.router.add_get("/metrics", self._print)
        return application

    async def _from_slack(self, request: web.Request) -> web.Response:
        began = time.monotonic()
        try:
            signature = await self._guard.admit(request)
            asked = await _as_bolt_reads_it(request)
        except TurnedAway as no:
            self._metrics.turned_away.labels(no.why).inc()
            log.warning("request turned away", status=no.status, why=no.why)
            return web.Response(status=no.status)
        if self._guard.was_answered(signature):
            return web.Response()
        answer = await to_aiohttp_response(await self._app.async_dispatch(asked))
        if answer.status == 200:
            self._guard.answered(signature)
        self._metrics.acks.labels(str(answer.status)).observe(time.monotonic() - began)
        return answer

    async def _ready(self, _: web.Request) -> web.Response:
        found = {name: await check() for name, check in self._checks.items()}
        well = all(found.values())
        return web.json_response({"ready": well, "checks": found}, status=200 if well else 503)

    async def _print(self, _: web.Request) -> web.Response:
        return web.Response(
            body=await self._printed(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )


async def _live(_: web.Request) -> web.Response:
    return web.json_response({"live": True})


async def _as_bolt_reads_it(request: web.Request) -> AsyncBoltRequest:
    """Bolt looks for teams and people all over a body, and takes its shape on trust."""
    try:
        return await to_bolt_request(request)
    except (AttributeError, LookupError, TypeError, ValueError):
        raise TurnedAway(400, "not readable") from None


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TurnedAway(413, "too large") from None


def _refuse_unless_readable(content_type: str, body: bytes) -> None:
    """UTF-8, not too deep, and of the shape that Bolt takes for granted."""
    try:
        text = body.decode()
        # As Bolt tells them apart.
        if content_type == "application/json" or text.startswith("{"):
            _refuse_unless_object(text)
            return
        for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS):
            if name == "payload":
                _refuse_unless_object(value)
    except ValueError:
        raise TurnedAway(400, "not readable") from None


def _refuse_unless_object(text: str) -> None:
    # With so few brackets it cannot be too deep; only a text of more is looked at closely.
    brackets = text.count("{") + text.count("[")
    if brackets > DEEPEST and _depth(text.encode(errors="surrogatepass")) > DEEPEST:
        raise TurnedAway(400, "too deep")
    body = json.loads(text)
    if not isinstance(body, dict) or not _shaped(body):
        raise TurnedAway(400, "not an object")


def _shaped(body: Mapping[str, object]) -> bool:
    """Objects, lists and words where Slack has them, in the body, its event and whom it is for."""
    event = body.get("event", {"type": ""})
    others = body.get("authorizations") or []
    if not isinstance(event, dict) or not isinstance(others, list) or "type" not in event:
        return False
    return all(
        isinstance(part, dict) and all(_fits(key, value) for key, value in part.items())
        for part in (body, event, *others)
    )


def _fits(key: str, value: object) -> bool:
    if key == "type":
        return isinstance(value, str)
    if value is None:
        return True
    kinds = {**dict.fromkeys(_OBJECTS, dict), **dict.fromkeys(_WORDS, str), "actions": list}
    return isinstance(value, kinds.get(key, object))


def _depth(text: bytes) -> int:
    """How deep brackets nest, found without parsing, which is what too deep a text would break."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
