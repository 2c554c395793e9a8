"""What people type, as Slack passes it on: escaped text with references, rich text beside it."""

import html
import re
from collections.abc import Iterator

from sandbox.views import number_blocks
from sandbox.workspace import DM, JSON, Workspace

BROADCASTS = ("channel", "here", "everyone")
URL = r"https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]]"
REFERENCE = re.compile(r"<([@#!]|https?://|mailto:)([^<>|]*)(?:\|([^<>]*))?>")


def escaped(text: str) -> str:
    """Slack's three control characters, and no others, become entities."""
    return html.escape(text, quote=False)


def message(workspace: Workspace, typed: str) -> JSON:
    """The text and the blocks of a message that somebody typed."""
    elements = list(_elements(workspace, typed))
    text = "".join(_as_text(each) for each in elements)
    if not typed:
        return {"text": text, "blocks": []}
    section = {"type": "rich_text_section", "elements": elements}
    blocks = number_blocks([{"type": "rich_text", "elements": [section]}])
    return {"text": text, "blocks": blocks}


def command_text(workspace: Workspace, typed: str) -> str:
    """What follows a slash command, where the manifest sets should_escape."""

    def part(element: JSON) -> str:
        if element["type"] == "user":
            return f"<@{element['user_id']}|{workspace.people[element['user_id']].username}>"
        if element["type"] == "channel":
            found = workspace.channels[element["channel_id"]]
            return f"<#{found.id}|{'' if found.is_private else found.name}>"
        return _as_text(element)

    return "".join(part(each) for each in _elements(workspace, typed))


def as_typed(workspace: Workspace, text: str) -> str:
    """The other way round, for the box in which somebody edits their message."""

    def typed(match: re.Match[str]) -> str:
        kind, inside, label = match[1], match[2], match[3]
        if kind == "@":
            person = workspace.people.get(inside)
            return f"@{person.name if person else inside}"
        if kind == "#":
            found = workspace.channels.get(inside)
            return f"#{found.name if found else inside}"
        return f"@{inside}" if kind == "!" else label or kind + inside

    return html.unescape(REFERENCE.sub(typed, text))


def _elements(workspace: Workspace, typed: str) -> Iterator[JSON]:
    """Plain stretches, and between them the people, channels and links that are named."""
    people: dict[str, str] = {}
    for person in workspace.people.values():
        people |= {person.username.lower(): person.id, person.name.lower(): person.id}
        people[f"<@{person.id}>".lower()] = person.id  # as if picked from Slack's list
    channels = {f"#{c.name}".lower(): c.id for c in workspace.channels.values() if c.kind != DM}
    done = 0
    for found in _references(people, channels).finditer(typed):
        if found.start() > done:
            yield {"type": "text", "text": typed[done : found.start()]}
        done = found.end()
        yield _reference(found[0], people, channels)
    if done < len(typed):
        yield {"type": "text", "text": typed[done:]}


def _references(people: dict[str, str], channels: dict[str, str]) -> re.Pattern[str]:
    """The longest names first, so that nobody is taken for somebody with a shorter name."""
    marked = [name if name.startswith("<") else f"@{name}" for name in people]
    every = sorted([*marked, *(f"@{each}" for each in BROADCASTS), *channels], key=len)
    named = "|".join(re.escape(each) for each in reversed(every))
    return re.compile(rf"{URL}|(?<![\w<@#])(?:{named})(?![\w])", re.IGNORECASE)


def _reference(found: str, people: dict[str, str], channels: dict[str, str]) -> JSON:
    name = found.lower()
    if name.startswith("#"):
        return {"type": "channel", "channel_id": channels[name]}
    if name.startswith("http"):
        return {"type": "link", "url": found}
    if name.removeprefix("@") in BROADCASTS:
        return {"type": "broadcast", "range": name.removeprefix("@")}
    return {"type": "user", "user_id": people[name.removeprefix("@")]}


def _as_text(element: JSON) -> str:
    kind = element["type"]
    if kind == "user":
        return f"<@{element['user_id']}>"
    if kind == "channel":
        return f"<#{element['channel_id']}>"
    if kind == "link":
        return f"<{escaped(element['url'])}>"
    return f"<!{element['range']}>" if kind == "broadcast" else escaped(element["text"])
