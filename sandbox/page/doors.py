"""The page's addresses: the whole page, its live parts, and what its forms ask for."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from sandbox.page.acts import ACTS, Given, Told
from sandbox.page.drawing import Drawing
from sandbox.page.panes import Pane, Place, ReadMarks
from sandbox.page.words import pictures
from sandbox.refusals import NotThere

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

STATIC = Path(__file__).parent / "static"
# Nothing that a message says can run: scripts come from our own file or not at all.
POLICY = "default-src 'self'; img-src 'self' https: data:; frame-ancestors 'none'; base-uri 'none'"
BREATH = 0.02
LONGEST_WAIT = 15.0
MOST_PANES = 4

Door = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    page = Page(sandbox)
    return [
        web.get("/", page.whole),
        web.get("/as/{id}", page.one),
        web.get("/as/{id}/{at}", page.one),
        web.get("/panes", page.panes),
        web.get("/live", page.live),
        web.get("/as/{id}/files/{file}", page.file),
        web.post("/as/{id}/{act}", page.act),
        web.post("/rule/{what}", page.rule),
        web.get("/static/{name}", page.static),
        web.get("/emoji", page.emoji),
        web.get("/archives/{channel}/p{number}", page.permalink),
    ]


class Page:
    """Draws what people see and carries out what they press."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.marks = ReadMarks()
        self.drawing = Drawing(sandbox)

    # Drawing

    async def whole(self, request: web.Request) -> web.StreamResponse:
        """The workspace with one pane for each person asked for: /?as=U1,U2&at=C1,home."""
        query = request.query
        people = [who for who in query.get("as", "").split(",") if who]
        places = [*query.get("at", "").split(","), *[""] * MOST_PANES]
        threads = [*query.get("thread", "").split(","), *[""] * MOST_PANES]
        if not people:
            people = [self.sandbox.people()[0].id]
        found = [
            Place(who, at or "home", thread)
            for who, at, thread in zip(people[:MOST_PANES], places, threads, strict=False)
        ]
        return self._html(found, query.get("story", ""))

    async def one(self, request: web.Request) -> web.StreamResponse:
        at = request.match_info.get("at", "home")
        return self._html([Place(request.match_info["id"], at)], "")

    async def panes(self, request: web.Request) -> web.StreamResponse:
        """The live parts of the panes asked for, for the script to put in place."""
        with _explained():
            panes = [self._pane(Place.read(each)) for each in request.query.getall("pane", [])]
            drawer = request.query.get("drawer") == "1"
            parts = self.drawing.parts(panes, drawer, request.query.get("story", ""))
        return web.json_response(parts, headers={"Cache-Control": "no-store"})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Says that something changed, whenever something did."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        changes, count = self.sandbox.world.changes, -1
        with contextlib.suppress(ConnectionResetError, asyncio.CancelledError):
            while True:
                count = await changes.after(count, LONGEST_WAIT)
                await stream.write(f"data: {count}\n\n".encode())
                await asyncio.sleep(BREATH)
        return stream

    async def static(self, request: web.Request) -> web.StreamResponse:
        wanted = STATIC / Path(request.match_info["name"]).name
        if not wanted.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(wanted, headers={"Cache-Control": "no-cache"})

    async def emoji(self, request: web.Request) -> web.StreamResponse:
        """Every emoji's name and picture, for the page to offer."""
        return web.json_response(pictures(), headers={"Cache-Control": "max-age=3600"})

    async def permalink(self, request: web.Request) -> web.StreamResponse:
        """A link to a message, opened as the first person who sees it."""
        with _explained():
            channel = self.sandbox.channel(request.match_info["channel"])
        people = [each.id for each in self.sandbox.people() if each.id in channel.members]
        number, thread = request.match_info["number"], request.query.get("thread_ts", "")
        asked = {"as": people[0] if people else "", "at": channel.id, "thread": thread}
        asked["message"] = f"{number[:-6]}.{number[-6:]}"
        raise web.HTTPFound(f"/?{urlencode(asked)}")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file that was shared where the person can see it."""
        workspace = self.sandbox.world.workspace
        with _explained():
            seat = self.sandbox.person(request.match_info["id"])
        wanted = request.match_info["file"]
        mine = (m for c in seat.channels() for m in seat.messages(c.id))
        if not any(file["id"] == wanted for m in mine for file in m.files):
            raise web.HTTPNotFound
        body = workspace.file_contents.get(wanted, b"sandbox")
        name = str(workspace.files[wanted]["name"]).replace('"', "")
        return web.Response(
            body=body, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    # Acting

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Carry out one form; answers what to say and where to go."""
        self._own_page_only(request)
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        with _explained():
            seat = self.sandbox.person(request.match_info["id"])
        try:
            told = await act(self.sandbox, seat, await _given(request))
        except (NotThere, ValueError, KeyError) as no:
            told = Told(_sentence(no), answered=False)
        self.sandbox.world.changes.ring()
        return web.json_response(vars(told))

    async def rule(self, request: web.Request) -> web.StreamResponse:
        """What happens to the clock, the wire or the whole workspace."""
        self._own_page_only(request)
        rule = RULES.get(request.match_info["what"])
        if rule is None:
            raise web.HTTPNotFound
        try:
            rule(self.sandbox, await _given(request))
        except (NotThere, ValueError, KeyError) as no:
            return web.json_response(vars(Told(_sentence(no), answered=False)))
        self.sandbox.world.changes.ring()
        return web.json_response(vars(Told()))

    def _own_page_only(self, request: web.Request) -> None:
        """Another site must not press buttons here through someone's browser."""
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            raise web.HTTPForbidden(text="This form belongs to another page.")

    def _html(self, places: list[Place], story: str) -> web.Response:
        with _explained():
            panes = [self._pane(place) for place in places]
        text = self.drawing.whole(panes, story)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    def _pane(self, place: Place) -> Pane:
        return Pane(self.sandbox, place, self.marks)


# The clock, the faults, and beginning again


def _clock(sandbox: "Sandbox", given: Given) -> None:
    if given.get("hours"):
        sandbox.clock.move_on(timedelta(hours=float(given["hours"])))
    elif given.get("to"):
        at = datetime.fromisoformat(given["to"]) + timedelta(seconds=1)
        sandbox.clock.move_to(at)
    else:
        sandbox.clock.move_to_morning()


# What each switch orders; the page shows it as on for as long as it is in force.
SWITCHES: dict[str, tuple[str, str, dict[str, object]]] = {
    "Rate limits": ("*", "ratelimited", {"times": None, "probability": 0.5}),
    "Errors": ("*", "error", {"times": None, "probability": 0.5}),
    "Slow answers": ("*", "slow", {"times": None, "seconds": 2.0}),
    "Lost answers": ("*", "drop_after", {"times": None, "probability": 0.5}),
    "Duplicates": ("delivery", "duplicate", {"times": None}),
    "Lost acks": ("delivery", "lose_ack", {"times": None, "probability": 0.5}),
    "Dropped sockets": ("delivery", "drop_socket", {"times": None, "probability": 0.5}),
    "Silence": ("delivery", "silence", {}),
}


def _faults(sandbox: "Sandbox", given: Given) -> None:
    named = given["name"]
    method, kind, how = SWITCHES[named]
    standing = [fault for fault in sandbox.faults.ordered if fault.kind == kind]
    for fault in standing:
        sandbox.faults.ordered.remove(fault)
    if not standing:
        sandbox.faults.add(method, kind, **how)


def _clear(sandbox: "Sandbox", given: Given) -> None:
    sandbox.faults.clear()
    sandbox.release_held()


def _drop(sandbox: "Sandbox", given: Given) -> None:
    sandbox.drop_sockets()


def _begin(sandbox: "Sandbox", given: Given) -> None:
    sandbox.begin(given["story"])


def _reset(sandbox: "Sandbox", given: Given) -> None:
    sandbox.reset()


RULES: dict[str, Callable[["Sandbox", Given], None]] = {
    "clock": _clock,
    "fault": _faults,
    "clear": _clear,
    "drop": _drop,
    "story": _begin,
    "reset": _reset,
}


async def _given(request: web.Request) -> Given:
    form = await request.post()
    given = Given({})
    for name, value in form.items():
        if isinstance(value, web.FileField):
            if value.filename:
                body = (value.filename, value.file.read())
                given.files.setdefault(name, []).append(body)
        else:
            # A browser sends every line end as two characters; Slack as one.
            given.fields.setdefault(name, []).append(str(value).replace("\r\n", "\n"))
    return given


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What is not there is a 404 that says so."""
    try:
        yield
    except NotThere as no:
        raise web.HTTPNotFound(text=str(no)) from no


def _sentence(no: Exception) -> str:
    said = str(no.args[0] if no.args else no)
    return said[:1].upper() + said[1:]
