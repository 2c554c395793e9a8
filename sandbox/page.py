"""The rehearsal page: each person's Slack in a browser, drawn on the server."""

import contextlib
import html
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from yarl import URL

from sandbox.refusals import NotThere
from sandbox.views import VALUE_KEY
from sandbox.wire import JSON
from sandbox.workspace import Channel, words_of

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox
    from sandbox.seat import Seat

TEMPLATES = Path(__file__).parent / "templates"
LISTS = {"checkboxes"}
# Stands between block_id and action_id in the names of form fields.
BETWEEN = "||"


def routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    page = Page(sandbox)
    return [
        web.get("/", page.front),
        web.get("/as/{id}", page.person),
        web.get("/as/{id}/{channel}", page.person),
        web.get("/wire", page.wire),
        web.post("/as/{id}/{act}", page.act),
        web.get("/page.css", page.style),
        web.get("/page.js", page.script),
    ]


class Page:
    """Draws what a person sees and carries out what they press."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
        self.templates.globals |= {"words_of": words_of, "held": held, "options_of": options_of}
        self.templates.filters["mrkdwn"] = self._mrkdwn
        self.templates.filters["rich"] = self._rich

    # Drawing

    async def front(self, request: web.Request) -> web.StreamResponse:
        return self._draw("front.html", people=self.sandbox.people())

    async def person(self, request: web.Request) -> web.StreamResponse:
        try:
            seat = self.sandbox.person(request.match_info["id"])
            channel = self._chosen(seat, request.match_info.get("channel", "home"))
        except NotThere as no:
            raise web.HTTPNotFound(text=str(no)) from no
        people = self.sandbox.people()
        return self._draw(
            "person.html",
            seat=seat,
            people=people,
            channel=channel,
            channels=[c for c in seat.channels() if c.kind != "im"],
            messages=seat.messages(channel.id) if channel else [],
            channel_name=self._channel_name(seat, channel) if channel else "Home",
            notes=self.sandbox.world.workspace.notes_of(seat.id),
            commands=self._listed("slash_commands"),
            shortcuts=[s for s in self._listed("shortcuts") if s["type"] == "global"],
            author=self._author,
            said=request.query.get("said", ""),
        )

    async def wire(self, request: web.Request) -> web.StreamResponse:
        records = self.sandbox.wire[-200:][::-1]
        return self._draw("wire.html", records=records, complaints=self.sandbox.complaints[::-1])

    async def style(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(TEMPLATES / "page.css")

    async def script(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(TEMPLATES / "page.js")

    # Acting

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Carry out one form and go back to where it was sent from."""
        self._own_page_only(request)
        seat = self.sandbox.person(request.match_info["id"])
        form = await request.post()
        given = {key: [str(v) for v in form.getall(key)] for key in form}
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        said = ""
        try:
            said = await act(seat, given) or ""
        except (NotThere, ValueError, KeyError) as no:
            said = str(no.args[0] if no.args else no)
        # What the bot does next should be on the page that comes back.
        with contextlib.suppress(TimeoutError):
            await self.sandbox.quiet(timeout=1.0)
        back = given.get("back", ["home"])[0]
        where = URL(f"/as/{seat.id}/{back}").with_query({"said": said} if said else {})
        raise web.HTTPSeeOther(where)

    def _own_page_only(self, request: web.Request) -> None:
        """Another site must not press buttons here through someone's browser."""
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            raise web.HTTPForbidden(text="This form belongs to another page.")

    # Small things the templates ask for

    def _draw(self, name: str, **what: Any) -> web.Response:
        text = self.templates.get_template(name).render(sandbox=self.sandbox, **what)
        return web.Response(text=text, content_type="text/html")

    def _chosen(self, seat: "Seat", name: str) -> Channel | None:
        if name == "home":
            return None
        channel = self.sandbox.channel(name)
        seat.messages(channel.id)
        return channel

    def _channel_name(self, seat: "Seat", channel: Channel) -> str:
        if channel.kind != "im":
            return f"# {channel.name}"
        return self.sandbox.identity.bot_name if channel.id == seat.dm else "Notes to yourself"

    def _author(self, user: str) -> str:
        known = {
            self.sandbox.bot_user_id: self.sandbox.identity.bot_name,
            "USLACKBOT": "Slackbot",
        }
        person = self.sandbox.world.workspace.people.get(user)
        return known.get(user) or (person.name if person else user)

    def _listed(self, what: str) -> list[JSON]:
        return list(self.sandbox.world.manifest.get("features", {}).get(what, []))

    def _rich(self, block: JSON) -> Markup:
        """Rich text, flattened to its words."""
        return Markup("<br>").join(_flat(part) for part in block.get("elements", []))

    def _mrkdwn(self, text: Any) -> Markup:
        """Slack's marks as HTML: bold, italics, strikes, code, links, mentions, quotes, lines."""
        plain = words_of(text)
        safe = html.escape(html.unescape(plain), quote=False)
        if isinstance(text, dict) and text.get("type") == "plain_text":
            return Markup(html.escape(plain).replace("\n", "<br>"))  # noqa: S704 (escaped above)
        safe = re.sub(r"&lt;@(\w+)(\|[^&]*)?&gt;", self._mention, safe)
        safe = re.sub(r"&lt;!date\^\d+\^[^|]*\|([^&]*)&gt;", r"\1", safe)
        safe = re.sub(r"&lt;#(\w+)(\|[^&]*)?&gt;", self._channel_link, safe)
        safe = re.sub(
            r"&lt;(https?://[^|\s\"]+?)\|([^&]*)&gt;", r'<a href="\1" rel="noreferrer">\2</a>', safe
        )
        safe = re.sub(
            r"&lt;(https?://[^|\s\"]+?)&gt;", r'<a href="\1" rel="noreferrer">\1</a>', safe
        )
        safe = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<b>\1</b>", safe)
        safe = re.sub(r"(?<![\w_])_([^_\n]+)_(?![\w_])", r"<i>\1</i>", safe)
        safe = re.sub(r"(?<![\w~])~([^~\n]+)~(?![\w~])", r"<s>\1</s>", safe)
        safe = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", safe)
        return Markup(safe.replace("\n", "<br>"))  # noqa: S704 (escaped above)

    def _mention(self, match: re.Match[str]) -> str:
        return f'<span class="mention">@{html.escape(self._author(match[1]))}</span>'

    def _channel_link(self, match: re.Match[str]) -> str:
        channel = self.sandbox.world.workspace.channels.get(match[1])
        return f"#{html.escape(channel.name if channel else 'private channel')}"


def held(view: Any, block: JSON, element: JSON) -> Any:
    """What an input holds now, in the form a browser wants it."""
    state = view.state.get(block["block_id"], {}).get(element["action_id"], {})
    value = state.get(VALUE_KEY[element["type"]])
    if isinstance(value, dict):
        return value.get("value")
    if isinstance(value, list):
        return [each["value"] if isinstance(each, dict) else each for each in value]
    return "" if value is None else value


def options_of(element: JSON) -> list[JSON]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(o for g in groups for o in g["options"])]


def _flat(part: JSON) -> Markup:
    texts = []
    for each in part.get("elements", []):
        texts.append(str(_flat(each)) if "elements" in each else html.escape(_leaf(each)))
    joiner = "<br>• " if part.get("type") == "rich_text_list" else ""
    lead = "• " if joiner else ""
    return Markup(lead + joiner.join(texts).replace("\n", "<br>"))  # noqa: S704 (escaped above)


def _leaf(element: JSON) -> str:
    if element["type"] == "user":
        return f"@{element['user_id']}"
    return str(element.get("text") or element.get("url") or "")


# What the forms do

Given = dict[str, list[str]]
Act = Callable[["Seat", Given], Awaitable[str | None]]


async def _say(seat: "Seat", given: Given) -> str | None:
    text, back = given["text"][0].strip(), given["back"][0]
    if text.startswith("/"):
        return await _command(seat, text, None if back == "home" else back)
    if text:
        await seat.says(back, text, given.get("thread_ts", [""])[0] or None)
    return None


async def _command(seat: "Seat", text: str, channel: str | None) -> str | None:
    command, _, rest = text.partition(" ")
    outcome = await seat.command(command, rest, channel)
    if not outcome.acked:
        return f"{command} failed with the error “{outcome.status}”"
    shown = seat.ephemerals
    # Typed on Home, the reply has no channel on the screen to appear in.
    return shown[-1].text if channel is None and shown and outcome.response else None


async def _shortcut(seat: "Seat", given: Given) -> str | None:
    return _unless_acked((await seat.shortcut(given["callback_id"][0])).acked)


async def _press(seat: "Seat", given: Given) -> str | None:
    """A button or menu of a message."""
    option = given["option"][0] if "option" in given else None
    outcome = await seat.clicks(
        given["channel"][0],
        given["ts"][0],
        given["action_id"][0],
        block_id=given["block_id"][0],
        option=option,
    )
    return _unless_acked(outcome.acked)


async def _view(seat: "Seat", given: Given) -> str | None:
    """Everything in a modal or App Home is one form: keep what was typed, then press."""
    pressed = given.get("press", [""])[0]
    if pressed == "close":
        await seat.closes()
        return None
    await _keep_typing(seat, given)
    if pressed == "submit":
        outcome = await seat.submits()
        return None if outcome.acked or seat.view is None else "Please look at the form again."
    if pressed.startswith("button:"):
        block_id, action_id = pressed.removeprefix("button:").split(BETWEEN, 1)
        return _unless_acked((await seat.presses(action_id, block_id=block_id)).acked)
    return None


async def _keep_typing(seat: "Seat", given: Given) -> None:
    view = seat.view or seat.home
    if view is None:
        return
    for name in given.get("inputs", []):
        block_id, action_id = name.split(BETWEEN, 1)
        state = view.state.get(block_id, {}).get(action_id)
        if state is None:
            continue
        value: Any = given.get(f"in:{name}", [""])
        several = state["type"].startswith("multi_") or state["type"] in LISTS
        new = [v for v in value if v] if several else (value[0] or None)
        if _differs(view, block_id, action_id, new):
            await seat.fill_exactly(block_id, action_id, new)


def _differs(view: Any, block_id: str, action_id: str, new: Any) -> bool:
    block = next(b for b in view.blocks if b["block_id"] == block_id)
    inside = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
    element = next(e for e in inside if e and e.get("action_id") == action_id)
    return (held(view, block, element) or None) != (new or None)


def _unless_acked(acked: bool) -> str | None:
    return None if acked else "Sorry, that did not work: the bot did not answer in time."


async def _react(seat: "Seat", given: Given) -> str | None:
    await seat.reacts(given["channel"][0], given["ts"][0], given["name"][0].strip(": "))
    return None


async def _open_home(seat: "Seat", given: Given) -> str | None:
    await seat.opens_home()
    return None


ACTS: dict[str, Act] = {
    "say": _say,
    "shortcut": _shortcut,
    "press": _press,
    "view": _view,
    "react": _react,
    "open-home": _open_home,
}
