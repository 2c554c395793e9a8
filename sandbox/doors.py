"""The addresses of the pretend Slack: Slack's own, and those for tests and readers."""

import inspect
import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import answers, page
from sandbox.refusals import NotThere, SlackRefusal
from sandbox.web_api import WebApi
from sandbox.wire import JSON

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Door = Callable[[web.Request], Awaitable[web.StreamResponse]]

VERBS = {
    "command", "shortcut", "message_shortcut", "says", "uploads", "edits", "deletes", "reacts",
    "unreacts", "clicks", "opens_home", "fill", "fills", "presses", "submits", "closes", "creates",
    "invites", "removes", "pins", "unpins", "joins", "leaves", "archives", "unarchives", "renames",
    "writes_to",
}  # fmt: skip


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    slack, people = SlackDoors(sandbox), PeopleDoors(sandbox)
    api = WebApi(sandbox.world)
    return [
        web.route("*", "/api/{method}", api.call),
        web.get("/link", sandbox.world.sockets.link),
        web.get("/link/", sandbox.world.sockets.link),
        web.post("/respond/{key}", slack.respond),
        web.post("/upload/{file}/{secret}", slack.upload),
        web.get("/files/{file}/{name}", slack.download),
        web.get("/sandbox/people/{id}", people.look),
        web.post("/sandbox/people/{id}/{verb}", people.act),
        web.get("/sandbox/wire", people.wire),
        web.get("/sandbox/complaints", people.complaints),
        web.get("/sandbox/state", people.state),
        web.get("/sandbox/clock", people.clock),
        web.post("/sandbox/clock/marks", people.marks),
        web.post("/sandbox/faults", people.faults),
        web.post("/sandbox/{act}", people.rule),
        *page.routes(sandbox),
    ]


class SlackDoors:
    """What the bot may call besides the Web API."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.world = sandbox.world

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """A response_url: five uses in half an hour."""
        url = self.world.response_urls.get(request.match_info["key"])
        if url is None:
            return _no("expired_url", 404)
        timing = self.world.timing
        if url.uses >= timing.response_url_uses:
            self.world.wire.complain("response_url_used_up", "a response_url is good five times")
            return _no("used_url", 404)
        if time.monotonic() - url.born > timing.response_url_seconds:
            return _no("expired_url", 404)
        url.uses += 1
        try:
            answers.use_response_url(self.world, url, await request.json())
        except SlackRefusal as no:
            return _no(no.code, 400)
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        upload = self.world.uploads.get(request.match_info["file"])
        if upload is None or upload["secret"] != request.match_info["secret"]:
            return web.Response(status=404)
        sent = await _bytes_sent(request)
        if len(sent) != upload["size"]:
            self.world.wire.complain("upload_size", "an upload is not as long as announced")
        upload["arrived"] = True
        self.world.workspace.file_contents[request.match_info["file"]] = sent
        return web.Response(text=f"OK - {len(sent)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.world.bot_token}":
            return web.Response(status=401)
        file_id = request.match_info["file"]
        if file_id not in self.world.workspace.files:
            return web.Response(status=404)
        body = self.world.workspace.file_contents.get(file_id, b"sandbox")
        return web.Response(body=body)


class PeopleDoors:
    """The acting and reading verbs, for a test or a page in another process."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox

    async def look(self, request: web.Request) -> web.StreamResponse:
        return await self._answering(lambda: self._seat(request).snapshot())

    async def act(self, request: web.Request) -> web.StreamResponse:
        verb = request.match_info["verb"]
        if verb not in VERBS:
            return _no(f"people cannot {verb}; they can {', '.join(sorted(VERBS))}", 404)
        given = await _json(request)
        positional = given.pop("args", [])
        answer = await self._answering(
            lambda: getattr(self._seat(request), verb)(*positional, **given)
        )
        self.sandbox.world.changes.ring()
        return answer

    async def wire(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([record.as_json() for record in self.sandbox.wire])

    async def complaints(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([each.as_json() for each in self.sandbox.complaints])

    async def state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.sandbox.state())

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """The time; with ?after=COUNT, as soon as anything has changed since then."""
        after = request.query.get("after")
        if after is not None:
            await self.sandbox.world.changes.after(int(after), float(request.query.get("wait", 20)))
        return web.json_response(self.sandbox.time())

    async def marks(self, request: web.Request) -> web.StreamResponse:
        given = await _json(request)
        return await self._answering(lambda: self.sandbox.mark(given.get("marks", [])))

    async def faults(self, request: web.Request) -> web.StreamResponse:
        given = await _json(request)
        if given.get("clear"):
            self.sandbox.faults.clear()
            return web.json_response({"ok": True, "result": None})
        method = given.pop("method", "*")
        return await self._answering(
            lambda: self.sandbox.faults.add(method, given.pop("kind"), **given)
        )

    async def rule(self, request: web.Request) -> web.StreamResponse:
        """What happens to the workspace or its sockets rather than through a person."""
        acts = {
            "clock": self.sandbox.set_ahead,
            "reset": self.sandbox.reset,
            "empty": self.sandbox.empty,
            "quiet": self.sandbox.quiet,
            "connected": self.sandbox.connected,
            "deactivate": self.sandbox.deactivate,
            "deliver_to": self.sandbox.deliver_to,
            "disconnect_sockets": self.sandbox.disconnect_sockets,
            "drop_sockets": self.sandbox.drop_sockets,
            "release_held": self.sandbox.release_held,
        }
        act: Callable[..., Any] | None = acts.get(request.match_info["act"])  # type: ignore[assignment]
        if act is None:
            return _no(f"the sandbox cannot {request.match_info['act']}", 404)
        given = await _json(request)
        return await self._answering(lambda: act(**given))

    def _seat(self, request: web.Request) -> Any:
        return self.sandbox.person(request.match_info["id"])

    async def _answering(self, act: Callable[[], Any]) -> web.StreamResponse:
        try:
            result = act()
            if inspect.isawaitable(result):
                result = await result
        except (NotThere, TypeError, ValueError, KeyError, TimeoutError) as no:
            return _no(str(no.args[0] if no.args else no), 409)
        return web.json_response({"ok": True, "result": _plain(result)})


def _plain(result: Any) -> Any:
    return result.as_json() if hasattr(result, "as_json") else result


def _no(error: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


async def _json(request: web.Request) -> JSON:
    body = await request.text()
    found = json.loads(body) if body.strip() else {}
    return found if isinstance(found, dict) else {"args": found}


async def _bytes_sent(request: web.Request) -> bytes:
    """The file itself, whether sent bare or in a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
