"""Ready situations to rehearse, read from a folder of TOML files. Words, nothing more."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.wire import JSON
from sandbox.workspace import Channel, Workspace

WEEKEND = {5, 6}


@dataclass(frozen=True)
class Line:
    """Something one person could type, and where."""

    who: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class Said:
    """Something that was said before the story begins, and how long before."""

    who: str
    text: str
    hours_ago: float = 1.0


@dataclass(frozen=True)
class Story:
    """A title, what has happened so far, who acts first, and words to begin with."""

    key: str
    title: str
    about: str
    first: str
    beside: tuple[str, ...] = ()
    channel: str = ""
    members: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def people(self) -> list[str]:
        """Whoever acts first, then those to watch beside them."""
        return list(dict.fromkeys([self.first, *self.beside]))

    @property
    def places(self) -> list[str]:
        """Where each of them begins."""
        return [self.channel or "home"] * len(self.people)

    @property
    def everyone(self) -> list[str]:
        spoken = [each.who for each in self.said]
        return list(dict.fromkeys([*self.people, *spoken, *self.members]))


def tell(workspace: Workspace, story: Story) -> Channel | None:
    """Fill the workspace: the channel, its people, and what they have said to each other."""
    if not story.channel:
        return None
    known = [who for who in story.everyone if who in workspace.people]
    if strangers := [who for who in story.everyone if who not in workspace.people]:
        raise ValueError(f"{story.key} tells of people who are not here: {', '.join(strangers)}")
    now = workspace.clock.local
    said = [(each.who, each.text, _before(now, each.hours_ago)) for each in story.said]
    return workspace.furnish(story.channel, story.title, known, said)


def _before(now: datetime, hours: float) -> float:
    """So many hours ago, as if there were no weekends: people tell each other this at work."""
    days, rest = divmod(hours, 24)
    at = now
    for back in (*[timedelta(days=1)] * int(days), timedelta(hours=rest)):
        at -= back
        while at.weekday() in WEEKEND:
            at -= timedelta(days=1)
    return at.timestamp()


def read_stories(folder: Path | None) -> list[Story]:
    if folder is None:
        return []
    return [_story(path) for path in sorted(folder.glob("*.toml"))]


def _story(path: Path) -> Story:
    found: JSON = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Story(
            path.stem,
            found["title"],
            " ".join(str(found["about"]).split()),
            found["first"],
            tuple(found.get("beside", [])),
            found.get("channel", ""),
            tuple(found.get("members", [])),
            tuple(Said(**each) for each in found.get("said", [])),
            tuple(Line(**each) for each in found.get("line", [])),
        )
    except (KeyError, TypeError) as no:
        raise ValueError(f"{path} is no story: {no}") from no
