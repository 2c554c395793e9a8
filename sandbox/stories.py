"""Ready situations to rehearse, read from a folder of TOML files. Words, nothing more."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sandbox.wire import JSON


@dataclass(frozen=True)
class Line:
    """Something one person could type, and where."""

    who: str
    text: str
    where: str = ""


@dataclass(frozen=True)
class Story:
    """A title, what has happened so far, who acts first, and words to begin with."""

    key: str
    title: str
    about: str
    first: str
    beside: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def people(self) -> list[str]:
        """Whoever acts first, then those to watch beside them."""
        return list(dict.fromkeys([self.first, *self.beside]))


def read_stories(folder: Path | None) -> list[Story]:
    if folder is None:
        return []
    return [_story(path) for path in sorted(folder.glob("*.toml"))]


def _story(path: Path) -> Story:
    found: JSON = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        lines = tuple(Line(**line) for line in found.get("line", []))
        beside = tuple(found.get("beside", []))
        about = " ".join(str(found["about"]).split())
        return Story(path.stem, found["title"], about, found["first"], beside, lines)
    except (KeyError, TypeError) as no:
        raise ValueError(f"{path} is no story: {no}") from no
