"""Slack's ways of marking text, as safe HTML."""

import functools
import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import emoji
from markdown_it import MarkdownIt
from markupsafe import Markup

from sandbox.clock import LONDON
from sandbox.wire import JSON
from sandbox.workspace import words_of

# Private characters stand for what is finished while the rest is still being marked.
OPEN, SHUT = "\ue000", "\ue001"
DATES = {
    "date_num": "%Y-%m-%d",
    "date": "%-d %B %Y",
    "date_short": "%-d %b %Y",
    "date_long": "%A %-d %B %Y",
    "date_pretty": "%-d %B %Y",
    "date_short_pretty": "%-d %b %Y",
    "date_long_pretty": "%A %-d %B %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
}
STYLES = [
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), r"<s>\1</s>"),
]
TAGS = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "underline": "u"}
NAME = re.compile(r"[a-z0-9_+-]+")
LARGE = re.compile(r":large_(\w+_(?:circle|square)):")
MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


def picture(name: str) -> str:
    """The character for an emoji's name, or the name itself."""
    return _pictures(f":{name.strip(':')}:")


@functools.cache
def pictures() -> list[tuple[str, str]]:
    """The names of emoji that can be typed, each with its character; skin tones are left out."""
    named = {
        name.strip(":"): character
        for character, about in emoji.EMOJI_DATA.items()
        if about["status"] == emoji.STATUS["fully_qualified"]
        for name in (about["en"], *about.get("alias", ()))
    }
    return sorted((n, c) for n, c in named.items() if NAME.fullmatch(n) and "skin_tone" not in n)


class Words:
    """Turns text objects, mrkdwn and rich text into HTML, as one person may read them.

    `person` and `channel` answer what somebody or some channel is called, `channel` with None
    where the reader sees none. Without a reader there is nothing to press or to follow.
    """

    def __init__(
        self,
        person: Callable[[str], str],
        channel: Callable[[str], str | None],
        reader: str = "",
    ) -> None:
        self._person = person
        self._channel = channel
        self._reader = reader

    def text(self, given: Any) -> Markup:
        """A text object of either kind, or the text of a message."""
        if isinstance(given, dict) and given.get("type") == "plain_text":
            return self.plain(words_of(given), given.get("emoji", True))
        return self.mrkdwn(words_of(given))

    def plain(self, text: str, pictures: bool = True) -> Markup:
        shown = _pictures(text) if pictures else text
        return _lines(html.escape(shown))

    def markdown(self, text: str) -> Markup:
        return Markup(MARKDOWN.render(_pictures(text)))  # noqa: S704 (raw HTML is off)

    def mrkdwn(self, text: str) -> Markup:
        done: list[str] = []

        def put_by(made: str) -> str:
            done.append(made)
            return f"{OPEN}{len(done) - 1}{SHUT}"

        text = re.sub(f"[{OPEN}{SHUT}]", "", text)
        text = re.sub(r"```\n?(.+?)```", lambda m: put_by(_pre(m[1])), text, flags=re.DOTALL)
        text = re.sub(r"`([^`\n]+)`", lambda m: put_by(f"<code>{_escape(m[1])}</code>"), text)
        text = re.sub(r"<([^<>\n]+)>", lambda m: put_by(self._angled(m[1])), text)
        text = _quoted(_styled(_pictures(_escape(text))))
        while OPEN in text:
            text = re.sub(f"{OPEN}(\\d+){SHUT}", lambda m: done[int(m[1])], text)
        return Markup(text)  # noqa: S704 (escaped above)

    def rich(self, block: JSON) -> Markup:
        return Markup("").join(self._part(part) for part in block.get("elements", []))

    # Inside angle brackets

    def _angled(self, inside: str) -> str:
        target, _, label = inside.partition("|")
        if target.startswith("@"):
            return self.mention(target[1:])
        if target.startswith("#"):
            return self.place(target[1:])
        if target.startswith("!date^"):
            return _date(target, label)
        if target.startswith("!"):
            name = target[1:].partition("^")[0]
            return f'<span class="mention">{_escape(label or f"@{name}")}</span>'
        if re.match(r"(https?://|mailto:|tel:)", target):
            return _link(target, label)
        return _escape(f"<{inside}>")

    def mention(self, user: str) -> str:
        name = f"@{html.escape(self._person(user))}"
        if not self._reader:
            return f'<span class="mention">{name}</span>'
        kind = "mention me" if user == self._reader else "mention"
        return f'<button type="button" class="{kind}" data-person="{_escape(user)}">{name}</button>'

    def place(self, channel: str) -> str:
        """A channel by its name, to go to; to somebody who is not in it, only that there is one."""
        name = self._channel(channel)
        if name is None:
            return '<span class="mention">🔒 private channel</span>'
        if not self._reader:
            return f'<span class="mention">#{html.escape(name)}</span>'
        to = f'href="/as/{self._reader}/{_escape(channel)}" data-go="{_escape(channel)}"'
        return f'<a class="mention" {to}>#{html.escape(name)}</a>'

    # Rich text

    def _part(self, part: JSON) -> Markup:
        kind = part.get("type")
        if kind == "rich_text_list":
            return self._list(part)
        inside = Markup("").join(self._leaf(each) for each in part.get("elements", []))
        if kind == "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(inside)
        if kind == "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(inside)
        return Markup('<div class="rich">{}</div>').format(inside)

    def _list(self, part: JSON) -> Markup:
        tag = "ol" if part.get("style") == "ordered" else "ul"
        items = Markup("").join(
            Markup("<li>{}</li>").format(self._part(each)) for each in part.get("elements", [])
        )
        indent, begins = int(part.get("indent", 0)), int(part.get("offset", 0)) + 1
        opening = Markup('<{} class="indent-{}"{}>').format(
            Markup(tag),  # noqa: S704 (ul or ol)
            indent,
            Markup(f' start="{begins}"') if tag == "ol" else "",  # noqa: S704 (a number)
        )
        return opening + items + Markup(f"</{tag}>")  # noqa: S704

    def _leaf(self, element: JSON) -> Markup:
        kind = element.get("type")
        if kind == "user":
            made = Markup(self.mention(element["user_id"]))  # noqa: S704 (escaped there)
        elif kind == "channel":
            made = Markup(self.place(element["channel_id"]))  # noqa: S704 (escaped there)
        elif kind == "link":
            made = Markup(_link(element["url"], element.get("text", "")))  # noqa: S704
        elif kind == "emoji":
            made = Markup("{}").format(picture(element["name"]))
        elif kind == "date":
            shown = _spelled(element.get("format", "{date}"), int(element["timestamp"]))
            made = Markup("{}").format(shown)
        elif kind in {"broadcast", "usergroup"}:
            named = element.get("range") or element.get("usergroup_id", "")
            made = Markup('<span class="mention">@{}</span>').format(named)
        else:
            made = _lines(html.escape(str(element.get("text") or element.get("value") or "")))
        for style, tag in TAGS.items():
            if element.get("style", {}).get(style):
                made = Markup(f"<{tag}>{{}}</{tag}>").format(made)  # noqa: S704 (our own tags)
        return made


def _escape(text: str) -> str:
    """Slack's three escapes stay; everything else that could be HTML is made harmless."""
    return html.escape(html.unescape(text), quote=True)


def _pictures(text: str) -> str:
    """Characters for names; some shapes that Slack calls large have a shorter name elsewhere."""
    shown = emoji.emojize(text, language="alias")
    return LARGE.sub(lambda found: emoji.emojize(f":{found[1]}:", language="alias"), shown)


def _styled(text: str) -> str:
    for pattern, made in STYLES:
        text = pattern.sub(made, text)
    return text


def _quoted(text: str) -> str:
    """Lines that begin with > are a quotation; other line ends are kept."""
    made: list[str] = []
    for quoted, lines in _runs(text.split("\n")):
        joined = "<br>".join(lines)
        made.append(f"<blockquote>{joined}</blockquote>" if quoted else joined)
    return re.sub(r"<br>(<blockquote>)|(</blockquote>)<br>", r"\1\2", "<br>".join(made))


def _runs(lines: list[str]) -> list[tuple[bool, list[str]]]:
    runs: list[tuple[bool, list[str]]] = []
    for line in lines:
        quoted = line.startswith("&gt;")
        if not runs or runs[-1][0] != quoted:
            runs.append((quoted, []))
        runs[-1][1].append(line.removeprefix("&gt;").lstrip() if quoted else line)
    return runs


def _lines(escaped: str) -> Markup:
    return Markup(escaped.replace("\n", "<br>"))  # noqa: S704 (escaped by the caller)


def _pre(text: str) -> str:
    return f"<pre>{_escape(text)}</pre>"


def _link(url: str, label: str) -> str:
    if not re.match(r"(https?://|mailto:|tel:)", url):
        return _escape(label or url)
    shown = _escape(label or url.removeprefix("mailto:"))
    return f'<a href="{_escape(url)}" target="_blank" rel="noreferrer noopener">{shown}</a>'


def _date(target: str, fallback: str) -> str:
    parts = target.split("^")
    if len(parts) < 3 or not parts[1].isdigit():
        return _escape(fallback)
    return _escape(_spelled(parts[2], int(parts[1])))


def _spelled(form: str, ts: int) -> str:
    at = datetime.fromtimestamp(ts, LONDON)
    return re.sub(r"\{(\w+)\}", lambda m: at.strftime(DATES.get(m[1], "%c")), form)
