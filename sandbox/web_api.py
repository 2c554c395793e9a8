"""The Web API: tokens, scopes, arguments and mishaps first, then the method itself."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox import arguments
from sandbox.arguments import Arguments
from sandbox.deliverer import granted_scopes
from sandbox.faults import Fault
from sandbox.method_table import METHODS
from sandbox.methods import ANSWERS
from sandbox.refusals import SlackRefusal
from sandbox.wire import JSON, TO_SLACK, Record
from sandbox.world import World

Answer = Callable[[World, Arguments], JSON | Awaitable[JSON]]


class WebApi:
    """The door at /api/<method>."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def call(self, request: web.Request) -> web.StreamResponse:
        self.world.calls_under_way += 1
        try:
            return await self._call(request)
        finally:
            self.world.calls_under_way -= 1
            self.world.changes.ring()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        began = time.monotonic()
        record = self.world.wire.note(Record(TO_SLACK, method, {}))
        try:
            args = await arguments.read(request)
        except SlackRefusal as no:
            return _reply(record, _refused(no), began)
        token = _token(request, args)
        record.payload = {k: v for k, v in args.values.items() if k != "token"}
        fault = self.world.faults.strike(method, args.text("channel") or None)
        early = await self._mishap_before(fault, request, record)
        if early is not None:
            return early
        answer = await self._answer(method, token, args)
        if fault is not None and fault.kind == "drop_after":
            record.refused = "drop_after"
            return _dropped(request)
        if fault is not None and fault.kind == "error_after":
            record.refused = "error_after"
            return _broken(fault)
        return _reply(record, answer, began)

    async def _answer(self, method: str, token: str, args: Arguments) -> JSON:
        try:
            self._check_token(method, token)
            self._check_method(method, args)
            self._check_scopes(method, args)
            answer = ANSWERS[method](self.world, args)
            if inspect.isawaitable(answer):
                answer = await answer
        except SlackRefusal as no:
            return _refused(no)
        return {"ok": True, **answer}

    def _check_token(self, method: str, token: str) -> None:
        if not token:
            raise SlackRefusal("not_authed")
        if token not in (self.world.bot_token, self.world.app_token):
            raise SlackRefusal("invalid_auth")
        wants_app = method == "apps.connections.open"
        if wants_app != (token == self.world.app_token):
            raise SlackRefusal("not_allowed_token_type")

    def _check_method(self, method: str, args: Arguments) -> None:
        if method not in METHODS or method not in ANSWERS:
            self.world.wire.complain("unknown_method", f"the sandbox does not speak {method}")
            raise SlackRefusal("unknown_method", req_method=method)
        known = METHODS[method]
        missing = [name for name in known.required if args.text(name) == ""]
        if missing:
            problems = [f"[ERROR] missing required field: {name}" for name in missing]
            raise SlackRefusal("invalid_arguments", *problems)
        unknown = set(args.values) - set(known.arguments) - {"token", "team_id"}
        if unknown:
            text = f"{method} takes no {', '.join(sorted(unknown))}"
            self.world.wire.complain("unknown_argument", text)

    def _check_scopes(self, method: str, args: Arguments) -> None:
        granted = granted_scopes(self.world.manifest)
        for wanted in _wanted_scopes(self.world, method, args):
            if not granted & set(wanted):
                self.world.wire.complain("missing_scope", f"{method} needs {' or '.join(wanted)}")
                provided = ",".join(sorted(granted))
                raise SlackRefusal("missing_scope", needed=wanted[0], provided=provided)

    async def _mishap_before(
        self, fault: Fault | None, request: web.Request, record: Record
    ) -> web.StreamResponse | None:
        if fault is None:
            return None
        record.refused = fault.kind
        if fault.kind == "slow":
            record.refused = None
            await asyncio.sleep(fault.seconds)
        if fault.kind == "drop_before":
            return _dropped(request)
        if fault.kind == "error":
            return _broken(fault)
        if fault.kind == "ratelimited":
            return too_fast(fault.retry_after)
        if fault.kind == "answer":
            record.answer = {"ok": False, "error": fault.error}
            return web.json_response(record.answer)
        return None


def too_fast(seconds: int) -> web.Response:
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(seconds)})


def _token(request: web.Request, args: Arguments) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() or args.text("token")


def _wanted_scopes(world: World, method: str, args: Arguments) -> list[list[str]]:
    """Lists of scopes; of each list the app needs one."""
    scopes = list(METHODS[method].scopes)
    if not scopes:
        return []
    families = _families(world, method, args)
    if not families:
        return [scopes]
    per_family = [[s for s in scopes if s.startswith(f"{family}:")] for family in families]
    return [wanted for wanted in per_family if wanted]


def _families(world: World, method: str, args: Arguments) -> list[str]:
    """The kinds of channel the call is about, since each kind has scopes of its own."""
    if not method.startswith(("conversations.", "users.conversations")):
        return []
    if method == "conversations.create":
        return ["groups"] if args.flag("is_private") else ["channels"]
    if method == "conversations.open":
        return ["mpim" if len(args.listed("users")) > 1 else "im"]
    if "channel" in METHODS[method].arguments:
        channel = world.workspace.channels.get(args.text("channel"))
        kind = channel.kind if channel else "private"
        return [{"private": "groups", "public": "channels", "im": "im", "mpim": "mpim"}[kind]]
    kinds = args.listed("types") or ["public_channel"]
    named = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
    return [named[kind] for kind in kinds if kind in named]


def _refused(no: SlackRefusal) -> JSON:
    answer: JSON = {"ok": False, "error": no.code, **no.more}
    if no.messages:
        answer["response_metadata"] = {"messages": no.messages}
    return answer


def _reply(record: Record, answer: JSON, began: float) -> web.Response:
    record.seconds = time.monotonic() - began
    record.answer = answer
    record.refused = None if answer["ok"] else answer["error"]
    if answer.get("error") in {"ratelimited", "rate_limited"}:
        return too_fast(int(answer.get("retry_after", 1)))
    return web.json_response(answer)


def _broken(fault: Fault) -> web.Response:
    return web.Response(status=fault.status, text="upstream error")


def _dropped(request: web.Request) -> web.StreamResponse:
    """Cut the connection, so that the bot cannot know whether the work was done."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
