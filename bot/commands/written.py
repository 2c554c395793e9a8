"""Files that people write by hand: read, and everything wrong with them said line by line."""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.commands.mishaps import Failed
from challenge.directory import Directory
from challenge.directory_file import DirectoryProblems, read_directory, resolved, stand_ins
from challenge.plain import Problem, line_of
from challenge.procedure import ProcedureProblems

Plain = dict[str, object]
T = TypeVar("T")

_AT_LINE = re.compile(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)")


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


def without_slack(plain: Plain) -> Directory:
    """Nobody is looked up: a directory can be checked where there is no Slack."""
    return read_directory(resolved(plain, stand_ins(plain)))


def numbered(source: str, problems: Iterable[Problem]) -> list[tuple[int | None, str]]:
    """Each with its line, in the order of the file; those without a line come first."""
    found = [(_line(source, problem), _words(problem)) for problem in problems]
    return sorted(found, key=lambda each: each[0] or 0)


def lines(source: str, problems: Iterable[Problem]) -> list[str]:
    """As a person reads them."""
    found = numbered(source, problems)
    return [f"line {number}: {words}" if number else words for number, words in found]


def count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _line(source: str, problem: Problem) -> int | None:
    if found := _AT_LINE.fullmatch(problem.sentence):
        return int(found[2])
    return line_of(problem.where, source)


def _words(problem: Problem) -> str:
    if found := _AT_LINE.fullmatch(problem.sentence):
        return f"This is not TOML: {found[1].rstrip('.')}, at column {found[3]}."
    return f"{problem.where}: {problem.sentence}" if problem.where else problem.sentence
