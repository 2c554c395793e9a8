"""Puts panes into HTML, as a whole page or as the parts of one that stays open."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context

from sandbox import writing
from sandbox.methods.chat import permalink
from sandbox.page import doors
from sandbox.page.fields import BETWEEN, chosen, groups_of, held, takes_several
from sandbox.page.panes import Pane, listed, local
from sandbox.page.words import Words, picture
from sandbox.wire import JSON, Record
from sandbox.workspace import PRIVATE, PUBLIC, Channel, Message, words_of

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox
    from sandbox.seat import Seat
    from sandbox.stories import Story

TEMPLATES = Path(__file__).parent / "templates"
MOST_RECORDS = 150
# The reactions a small picker offers; any other can be typed by its name.
PICKER = (
    "white_check_mark", "eyes", "hourglass_flowing_sand", "arrow_up", "sos", "raising_hand",
    "thumbsup", "pray", "heart", "tada", "thinking_face", "x",
)  # fmt: skip


class Drawing:
    """The templates, and the few questions that they ask."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self._kept: dict[str, tuple[str, str]] = {}
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals |= {
            "sandbox": sandbox,
            "words_of": words_of,
            "held": held,
            "chosen": chosen,
            "offered": self._offered,
            "groups_of": groups_of,
            "takes_several": takes_several,
            "BETWEEN": BETWEEN,
            "PICKER": PICKER,
            "author": self.author,
            "initials": initials,
            "colour": colour,
            "local": local,
            "picture": picture,
            "draw_message": self.message,
            "permalink": lambda each: permalink(sandbox.world, sandbox.channel(each.channel), each),
        }
        self.templates.filters |= {
            "shown": pass_context(lambda context, given: self._words(context).text(given)),
            "rich": pass_context(lambda context, given: self._words(context).rich(given)),
            "markdown": pass_context(lambda context, given: self._words(context).markdown(given)),
            "as_json": _pretty,
            "typed": lambda text: writing.as_typed(sandbox.world.workspace, text),
        }

    def whole(self, panes: list[Pane], story: str) -> str:
        drawn = [self.pane(pane) for pane in panes]
        return self._draw(
            "workspace.html",
            panes=list(zip(panes, drawn, strict=True)),
            bar=self.bar(),
            drawer=self.drawer(),
            story=self.story(story),
            stories=self.sandbox.stories,
            names=[[s.name, s.person.title, s.id] for s in self.sandbox.people()],
            commands=listed(self.sandbox.world.manifest, "slash_commands"),
            shortcuts=listed(self.sandbox.world.manifest, "shortcuts"),
        )

    def parts(self, panes: list[Pane], drawer: bool, story: str) -> JSON:
        return {
            "bar": self.bar(),
            "drawer": self.drawer() if drawer else None,
            "story": self.story(story),
            "resets": self.sandbox.resets,
            "complaints": len(self.sandbox.complaints),
            "panes": [self.pane(pane) for pane in panes],
        }

    def pane(self, pane: Pane) -> JSON:
        """The parts of one pane; only these are drawn again while people type."""
        return {
            "who": pane.seat.id,
            "at": pane.at,
            "title": pane.title,
            "closed": pane.closed,
            "side": self._draw("side.html", pane=pane),
            "head": self._draw("head.html", pane=pane),
            "main": self._draw("main.html" if pane.channel else "home.html", pane=pane),
            "thread": self._draw("thread.html", pane=pane) if pane.thread else "",
            "modal": self._modal(pane),
            "view": pane.seat.view.id if pane.seat.view else "",
        }

    def message(self, pane: Pane, message: Message, inside: str) -> str:
        """One message; drawn again only when something in it is new."""
        key = f"{pane.seat.id} {inside} {message.channel} {message.ts}"
        around = [self._is_pinned(pane, message), pane.closed, pane.called]
        seen = json.dumps([message.raw, *around], default=str)
        version = hashlib.blake2b(seen.encode(), digest_size=8).hexdigest()
        if self._kept.get(key, ("", ""))[0] != version:
            drawn = self._draw(
                "message.html", pane=pane, message=message, inside=inside, version=version
            )
            self._kept[key] = (version, drawn)
        return self._kept[key][1]

    def bar(self) -> str:
        return self._draw("bar.html", clock=self.sandbox.clock)

    def drawer(self) -> str:
        return self._draw(
            "drawer.html",
            records=self.sandbox.wire[-MOST_RECORDS:][::-1],
            complaints=self.sandbox.complaints[-MOST_RECORDS:][::-1],
            switches=list(doors.SWITCHES),
            standing={
                name
                for name, (_, kind, _) in doors.SWITCHES.items()
                if self.sandbox.faults.active(kind)
            },
            ack_limit=self.sandbox.world.timing.ack_seconds,
            way=_way,
        )

    def story(self, key: str) -> str:
        found: Story | None = next((s for s in self.sandbox.stories if s.key == key), None)
        return self._draw("story.html", story=found) if found else ""

    def author(self, user: str) -> str:
        identity = self.sandbox.identity
        known = {identity.bot_user_id: identity.bot_name, "USLACKBOT": "Slackbot"}
        person = self.sandbox.world.workspace.people.get(user)
        return known.get(user) or (person.name if person else user)

    def _offered(self, on: JSON, element: JSON) -> list[tuple[JSON | None, list[JSON]]]:
        """The options of a menu: its own, or the people or channels that the person sees."""
        kind, seat = str(element["type"]), on["pane"].seat
        if kind.endswith("users_select"):
            people = self.sandbox.world.workspace.people.values()
            return [(None, [_option(p.id, p.name) for p in people if not p.deactivated])]
        if kind.endswith(("channels_select", "conversations_select")):
            return [
                (None, [_option(c.id, on["pane"].in_menu(c)) for c in self._places(seat, element)])
            ]
        return groups_of(element)

    def _places(self, seat: "Seat", element: JSON) -> list[Channel]:
        """The channels and direct messages that a menu offers: only those the person could see."""
        if str(element["type"]).endswith("channels_select"):
            return [c for c in self.sandbox.channels() if c.kind == PUBLIC and not c.archived]
        wanted = element.get("filter") or {}
        kinds = wanted.get("include") or ["im", "mpim", PUBLIC, PRIVATE]
        mine = [c for c in self.sandbox.channels() if c.kind == PUBLIC or seat.id in c.members]
        hidden = seat.dm if wanted.get("exclude_bot_users") else ""
        return [c for c in mine if c.kind in kinds and c.id != hidden and not c.archived]

    def _words(self, context: Context) -> Words:
        """As the pane's person reads them; in a form nothing leads away from it."""
        pane: Pane = context["pane"]
        return Words(self.author, pane.called.get, "" if "is_form" in context else pane.seat.id)

    def _modal(self, pane: Pane) -> str:
        return self._draw("modal.html", pane=pane, is_form=True) if pane.seat.view else ""

    def _is_pinned(self, pane: Pane, message: Message) -> bool:
        return pane.channel is not None and message.ts in pane.channel.pins

    def _draw(self, name: str, **what: Any) -> str:
        return self.templates.get_template(name).render(**what)


def initials(name: str) -> str:
    """Of the first and the last word."""
    parts = name.split()
    return "".join(part[0] for part in dict.fromkeys([*parts[:1], *parts[-1:]])).upper()


def colour(user: str) -> int:
    """Which of eight colours an avatar has."""
    return sum(user.encode()) % 8


def _option(value: str, text: str) -> JSON:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


def _pretty(thing: Any) -> str:
    return json.dumps(thing, indent=1, ensure_ascii=False, default=str)


def _way(record: Record) -> str:
    return "The app called" if record.direction == "to_slack" else "Sent to the app"
