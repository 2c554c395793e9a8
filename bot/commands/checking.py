"""Checking what people wrote by hand: procedure and directory files, and the whole installation."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

import typer

from bot import doctor as surgery
from bot.commands import terminal, written
from challenge.directory import Directory
from challenge.directory_file import by_email, read_directory, resolved, stand_ins, warnings
from challenge.plain import Problem
from challenge.procedure import Procedure


def procedure_check(path: Path) -> None:
    source = written.text(path)
    procedure = written.checked(path, source, Procedure.read)
    stages = written.count(len(procedure.stages), "stage")
    terminal.answer(f"This file is good: {stages}, then the {procedure.top.role}.")
    _warn(source, _procedure_warnings(procedure))


def directory_check(path: Path) -> None:
    source = written.text(path)
    directory = written.checked(path, source, _without_slack)
    terminal.answer(f"This file is good: {counted(directory)}.")
    if addressed := len(by_email(written.toml(source))):
        people = written.count(addressed, "person", "people")
        terminal.answer(f"When it is loaded, {people} will be looked up in Slack by e-mail.")
    _warn(source, warnings(directory))


def doctor(*, as_json: bool) -> None:
    """Exit 1 when anything is red."""
    found = asyncio.run(surgery.examine())
    text = json.dumps(surgery.as_plain(found), indent=2) if as_json else surgery.as_text(found)
    terminal.answer(text)
    if surgery.is_red(found):
        raise typer.Exit(1)


def counted(directory: Directory) -> str:
    people = written.count(len(directory.people), "person", "people")
    return f"{people} in {written.count(len(directory.agencies), 'agency', 'agencies')}"


def _without_slack(plain: written.Plain) -> Directory:
    """Nobody is looked up: a file can be checked where there is no Slack."""
    return read_directory(resolved(plain, stand_ins(plain)))


def _warn(source: str, problems: Iterable[Problem]) -> None:
    for line in written.lines(source, problems):
        terminal.answer(f"warning: {line}")


def _procedure_warnings(procedure: Procedure) -> list[Problem]:
    unconfirmed = [
        Problem(
            f"stage {stage.number}, confirmed",
            f"{stage.title} is not confirmed: the bot says so and passes over it.",
        )
        for stage in procedure.stages
        if not stage.confirmed
    ]
    unknown = [
        Problem(f"other_route {number}, contact", f"{route.name} has no contact yet: fill it in.")
        for number, route in enumerate(procedure.other_routes, start=1)
        if not route.is_filled_in
    ]
    numberless = [
        Problem("emergency, contacts", f"{contact.name} has no number to call yet: fill it in.")
        for contact in procedure.emergency.contacts
        if not any(sign.isdigit() for sign in contact.phone)
    ]
    undecided = [] if procedure.retention.closed_for else [Problem("retention", _UNDECIDED)]
    slow = [] if procedure.urgent else [Problem("", _NO_URGENT)]
    return [*numberless, *unconfirmed, *unknown, *undecided, *slow]


_UNDECIDED = "Nobody has decided how long a closed challenge is kept, so nothing is ever removed."
_NO_URGENT = "There is no [urgent] route: someone at risk now goes through the stages in turn."
