"""Checking what people wrote by hand: procedure and directory files, and the whole installation."""

import asyncio
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

import typer

from bot import doctor as surgery
from bot.commands import terminal
from bot.commands.mishaps import Failed
from challenge.directory import Directory
from challenge.directory_file import (
    DirectoryProblems,
    by_email,
    read_directory,
    resolved,
    stand_ins,
    warnings,
)
from challenge.plain import Problem, line_of
from challenge.procedure import Procedure, ProcedureProblems


def procedure_check(path: Path) -> None:
    source = _text(path)
    try:
        procedure = Procedure.read(_toml(path, source))
    except ProcedureProblems as found:
        _say_problems(path, source, found.problems)
        raise typer.Exit(1) from None
    stages = _count(len(procedure.stages), "stage")
    terminal.answer(f"This file is good: {stages}, then the {procedure.top.role}.")
    _say_warnings(source, _procedure_warnings(procedure))


def directory_check(path: Path) -> None:
    source = _text(path)
    plain = _toml(path, source)
    try:
        directory = read_directory(resolved(plain, stand_ins(plain)))
    except DirectoryProblems as found:
        _say_problems(path, source, found.problems)
        raise typer.Exit(1) from None
    terminal.answer(f"This file is good: {counted(directory)}.")
    if addressed := len(by_email(plain)):
        people = _count(addressed, "person", "people")
        terminal.answer(f"When it is loaded, {people} will be looked up in Slack by e-mail.")
    _say_warnings(source, warnings(directory))


def directory_file(path: Path) -> dict[str, object]:
    """As plain data. Raises Failed when it is not TOML at all."""
    try:
        return _toml(path, _text(path))
    except typer.Exit:
        raise Failed(_not_loaded(path, 1)) from None


def directory_in(path: Path, plain: dict[str, object]) -> Directory:
    """Raises Failed when anything is wrong with it."""
    try:
        return read_directory(plain)
    except DirectoryProblems as found:
        raise Failed(_not_loaded(path, len(found.problems))) from found


def counted(directory: Directory) -> str:
    people = _count(len(directory.people), "person", "people")
    agencies = _count(len(directory.agencies), "agency", "agencies")
    return f"{people} in {agencies}"


def doctor(*, as_json: bool) -> None:
    """Exit 1 when anything is red."""
    found = asyncio.run(surgery.examine())
    if as_json:
        terminal.answer(json.dumps(surgery.as_plain(found), indent=2))
    else:
        terminal.answer(surgery.as_text(found))
    if surgery.is_red(found):
        raise typer.Exit(1)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Failed(f"{path} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except OSError as problem:
        raise Failed(f"{path} cannot be read ({problem.strerror}). Choose another.") from problem


def _toml(path: Path, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as problem:
        _say_problems(path, source, [Problem("", f"This is not TOML: {problem}.")])
        raise typer.Exit(1) from None
