"""Files that people write by hand: read, and everything wrong with them said line by line."""

import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.commands import toml_hints
from bot.commands.mishaps import Failed
from challenge.directory_file import DirectoryProblems
from challenge.plain import Problem, line_of
from challenge.procedure import ProcedureProblems

Plain = dict[str, object]
T = TypeVar("T")


class NotToml(Exception):
    """The file is not even TOML."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problems = (problem,)


MISTAKES = (NotToml, ProcedureProblems, DirectoryProblems)


def text(path: Path) -> str:
    """Raises Failed when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Failed(f"{path} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except OSError as problem:
        raise Failed(f"{path} cannot be read ({problem.strerror}). Choose another.") from problem


def toml(source: str) -> Plain:
    """Raises NotToml."""
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as problem:
        raise NotToml(Problem("", str(problem))) from None


def tried(source: str, read: Callable[[Plain], T]) -> tuple[T | None, Sequence[Problem]]:
    """What `read` makes of it, or everything that is wrong in it."""
    try:
        return read(toml(source)), ()
    except MISTAKES as found:
        return None, found.problems


def loaded(path: Path, read: Callable[[Plain], T], check: str) -> T:
    """What `read` makes of it; its mistakes stop a command that does something else with it."""
    try:
        return read(toml(text(path)))
    except MISTAKES as found:
        mistakes = count(len(found.problems), "mistake")
        raise Failed(
            f"{path} has {mistakes}, so nothing was changed. See: python -m bot {check} {path}"
        ) from None


def numbered(source: str, problems: Iterable[Problem]) -> list[tuple[int | None, str]]:
    """Each with its line, in the order of the file; those without a line come first."""
    found = [(_line(source, each), _words(source, each)) for each in problems]
    return sorted(found, key=lambda each: each[0] or 0)


def lines(source: str, problems: Iterable[Problem]) -> list[str]:
    """As a person reads them."""
    found = numbered(source, problems)
    return [f"line {number}: {words}" if number else words for number, words in found]


def count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _line(source: str, problem: Problem) -> int | None:
    if toml_hints.is_about_toml(problem.sentence):
        return toml_hints.line_in(source, problem.sentence)
    return line_of(problem.where, source)


def _words(source: str, problem: Problem) -> str:
    if toml_hints.is_about_toml(problem.sentence):
        return toml_hints.in_words(source, problem.sentence)
    return f"{problem.where}: {problem.sentence}" if problem.where else problem.sentence
