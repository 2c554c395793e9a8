"""Reading plain data, as TOML or JSON gives it, while gathering everything wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

LONGEST_LINE = 120
LONGEST_TEXT = 2_000

T = TypeVar("T")

_PART = re.compile(r"([\w-]+)(?: ([0-9]+))?")
_HEADER = re.compile(r"\s*\[{1,2}\s*[^\[\],={}]+\]{1,2}\s*(?:#.*)?")


@dataclass(frozen=True)
class Problem:
    """What is wrong at one place: `where` reads "stage 2, answer_within", or "" for the whole."""

    where: str
    sentence: str


class Table:
    """One table of a file. A wrong value is noted in `problems`, and a stand-in is returned.

    Each question takes an example, written as the file would have it, to show in a complaint.
    A question without a default is for a value that must be there.
    """

    def __init__(
        self, plain: Mapping[str, object], problems: list[Problem], where: str = ""
    ) -> None:
        self._plain = plain
        self._where = where
        self._asked: dict[str, None] = {}
        self.problems = problems

    @property
    def keys(self) -> tuple[str, ...]:
        """For a table whose keys are its author's own."""
        return tuple(self._plain)

    def has(self, key: str) -> bool:
        self._asked[key] = None
        return self._plain.get(key) is not None

    def text(
        self, key: str, example: str, default: str | None = None, most: int = LONGEST_LINE
    ) -> str:
        """Stripped, and on one line unless `most` allows for several."""
        if not self.has(key):
            return self._absent(key, example, default, "")
        return self._words(key, self._plain[key], example, most)

    def flag(self, key: str, default: bool) -> bool:
        value = self._plain[key] if self.has(key) else default
        if not isinstance(value, bool):
            self.wrong(key, f"Write {key} = true or {key} = false, without quotation marks.")
        return value is True

    def number(self, key: str, example: str) -> int:
        """A whole number from 1 up that must be there."""
        if not self.has(key):
            return self._absent(key, example, None, 1)
        value = self._plain[key]
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.wrong(key, f"Write a whole number from 1 up, for example {key} = {example}.")
            return 1
        return value

    def reading(
        self,
        key: str,
        example: str,
        read: Callable[[str], T],
        stand_in: T,
        default: T | None = None,
    ) -> T:
        """What `read` makes of the words; its ValueError is a sentence that becomes the problem."""
        if not self.has(key):
            return self._absent(key, example, default, stand_in)
        words = self._words(key, self._plain[key], example, LONGEST_LINE)
        return self._read(key, words, read, stand_in) if words else stand_in

    def list_of(
        self, key: str, example: str, read: Callable[[str], T], default: tuple[T, ...] | None = None
    ) -> tuple[T, ...]:
        """What `read` makes of each of several words; at least one when there is no default."""
        if not self.has(key):
            return self._absent(key, example, default, ())
        listed = self._plain[key]
        if not isinstance(listed, list | tuple):
            self.wrong(key, f"Write a list in square brackets, for example {key} = {example}.")
            return ()
        if default is None and not listed:
            self.wrong(key, f"Name at least one, for example {key} = {example}.")
        words = [self._words(key, value, example, LONGEST_LINE) for value in listed]
        results = [self._read(key, word, read, None) for word in words if word]
        return tuple(result for result in results if result is not None)

    def names(
        self, key: str, example: str, default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        return self.list_of(key, example, str, default)

    def table(self, key: str) -> "Table":
        """The table of that name, empty when there is none."""
        value = self._plain[key] if self.has(key) else {}
        if not isinstance(value, Mapping):
            self.wrong(key, f"Write [{key}] on a line of its own, and its settings under it.")
            return Table({}, [])
        return Table(value, self.problems, self._place(key))

    def needed_table(self, key: str, sentence: str) -> "Table | None":
        """None, with that sentence noted, when there is none."""
        if self.has(key):
            return self.table(key)
        self.wrong(key, sentence)
        return None

    def tables(self, key: str, example: str) -> tuple["Table", ...]:
        """Each of the tables of that name, in order; `example` shows how one is written."""
        value = self._plain[key] if self.has(key) else []
        if not isinstance(value, list | tuple) or not all(isinstance(v, Mapping) for v in value):
            self.wrong(key, f"Write each one as {example}.")
            return ()
        return tuple(
            Table(each, self.problems, self._place(f"{key} {number}"))
            for number, each in enumerate(value, start=1)
        )

    def wrong(self, key: str, sentence: str) -> None:
        self.problems.append(Problem(self._place(key), sentence))

    def refuse_unknown(self) -> None:
        """To be called last: what nobody asked about is a mistake, most often of spelling."""
        for key in self._plain:
            if key not in self._asked:
                self.wrong(str(key), f'"{key}" is not a setting here. {meant(key, self._asked)}')

    def _place(self, key: str) -> str:
        return ", ".join(part for part in (self._where, key) if part)

    def _absent(self, key: str, example: str, default: T | None, stand_in: T) -> T:
        if default is not None:
            return default
        self.wrong(key, f"{key} is missing. Write for example {key} = {example}.")
        return stand_in

    def _words(self, key: str, value: object, example: str, most: int) -> str:
        """The value stripped, or "" once what is wrong with it has been noted."""
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, f"Write words in quotation marks, for example {key} = {example}.")
        elif len(value) > most:
            self.wrong(key, f"This is {len(value)} characters long. Use at most {most}.")
        elif most <= LONGEST_LINE and not value.isprintable():
            self.wrong(key, "Write this on one line, without tabs or invisible characters.")
        else:
            return value.strip()
        return ""

    def _read(self, key: str, words: str, read: Callable[[str], T], stand_in: T) -> T:
        try:
            return read(words)
        except ValueError as problem:
            self.wrong(key, str(problem))
            return stand_in


def meant(word: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest known word, or else lists them all."""
    choices = list(known)
    near = get_close_matches(word, choices, n=1)
    return f'Did you mean "{near[0]}"?' if near else f"What may stand here: {', '.join(choices)}."


def line_of(where: str, source: str) -> int | None:
    """The line, counted from 1, of a problem's place in TOML source.

    Best effort: the key's own line, else its table's header, else None.
    """
    lines = source.splitlines()
    header, first = None, 0
    for part in where.split(", "):
        found = _PART.fullmatch(part)
        if not found:
            break
        name, number = found[1], int(found[2] or 1)
        at = _nth(lines, _header_of(name), number) if not header else None
        if at is None:
            return _key_line(lines, name, first) or header
        header, first = at + 1, at + 1
    return header


def _header_of(name: str) -> re.Pattern[str]:
    return re.compile(rf'\s*\[{{1,2}}\s*"?{re.escape(name)}"?\s*\]{{1,2}}\s*(?:#.*)?')


def _nth(lines: list[str], pattern: re.Pattern[str], number: int) -> int | None:
    matching = [at for at, line in enumerate(lines) if pattern.fullmatch(line)]
    return matching[number - 1] if len(matching) >= number else None


def _key_line(lines: list[str], key: str, first: int) -> int | None:
    """Looks only as far as the next table's header."""
    setting = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=.*""")
    for number, line in enumerate(lines[first:], start=first + 1):
        if _HEADER.fullmatch(line):
            return None
        if setting.fullmatch(line):
            return number
    return None
