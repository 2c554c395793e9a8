"""Checking what people wrote by hand: procedure and directory files, and the whole installation."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from bot import config
from bot import doctor as surgery
from bot.commands import terminal, written
from bot.commands.mishaps import Failed
from bot.wiring import CannotStart, load_procedure
from challenge.directory import Directory
from challenge.directory_file import by_email, read_unresolved
from challenge.doubts import warnings
from challenge.plain import Problem
from challenge.procedure import Procedure


def procedure_check(path: Path, *, as_json: bool) -> None:
    source = written.text(path)
    procedure, mistakes = written.tried(source, Procedure.read)
    looked = Looked(
        source,
        mistakes,
        _procedure_warnings(procedure) if procedure else (),
        _about_procedure(procedure) if procedure else (),
    )
    _answer(path, looked, as_json=as_json)


def directory_check(path: Path, *, as_json: bool) -> None:
    source = written.text(path)
    directory, mistakes = written.tried(source, read_unresolved)
    procedure = _todays_procedure()
    looked = Looked(
        source,
        mistakes,
        warnings(directory, procedure) if directory else (),
        _about_directory(directory, source) if directory else (),
    )
    if procedure is None:
        typer.echo(_NO_PROCEDURE, err=True)
    _answer(path, looked, as_json=as_json)


def warned(source: str, directory: Directory) -> list[str]:
    """Held against the procedure that the settings name, if that can be read."""
    found = warnings(directory, _todays_procedure())
    return [f"warning: {line}" for line in written.lines(source, found)]


def doctor(*, as_json: bool) -> None:
    """Exit 1 when anything is red."""
    found = asyncio.run(surgery.examine())
    if as_json:
        terminal.answer(json.dumps(surgery.as_plain(found), indent=2))
    else:
        terminal.answer(surgery.as_text(found, terminal.width()))
    if surgery.is_red(found):
        raise typer.Exit(1)


@dataclass(frozen=True)
class Looked:
    """What was found in a file; what is good to know about it only if there is no mistake."""

    source: str
    mistakes: Sequence[Problem]
    warnings: Sequence[Problem]
    about: Sequence[str]


def counted(directory: Directory) -> str:
    people = written.count(len(directory.people), "person", "people")
    return f"{people} in {written.count(len(directory.agencies), 'agency', 'agencies')}"


def _about_procedure(procedure: Procedure) -> list[str]:
    stages = written.count(len(procedure.stages), "stage")
    return [f"This file is good: {stages}, then the {procedure.top.role}."]


def _todays_procedure() -> Procedure | None:
    try:
        return load_procedure(config.read(config.HouseSettings).challenge_procedure)
    except (config.BadSetting, CannotStart):
        return None


def _about_directory(directory: Directory, source: str) -> list[str]:
    said = [f"This file is good: {counted(directory)}."]
    if addressed := len(by_email(written.toml(source))):
        said.append(_BY_EMAIL.format(written.count(addressed, "person", "people")))
    return said


def _answer(path: Path, looked: Looked, *, as_json: bool) -> None:
    """Raises Failed when there are mistakes, once they are listed."""
    if as_json:
        terminal.answer(json.dumps(_plain(looked), indent=2))
    else:
        for line in _lines(looked):
            terminal.answer(line)
    if looked.mistakes:
        mistakes = written.count(len(looked.mistakes), "mistake")
        raise Failed(f"{path} has {mistakes}. Put right what is listed and check it again.")


def _lines(looked: Looked) -> Iterator[str]:
    yield from looked.about
    yield from written.lines(looked.source, looked.mistakes)
    for line in written.lines(looked.source, looked.warnings):
        yield f"warning: {line}"


def _plain(looked: Looked) -> dict[str, object]:
    listed = {"mistakes": looked.mistakes, "warnings": looked.warnings}
    return {
        "good": not looked.mistakes,
        **{
            name: [
                {"line": line, "says": says}
                for line, says in written.numbered(looked.source, problems)
            ]
            for name, problems in listed.items()
        },
    }


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
        Problem(f"other_route {number}, contact", _UNFILLED.format(route.name, route.contact))
        for number, route in enumerate(procedure.other_routes, start=1)
        if not route.is_filled_in
    ]
    numberless = [
        Problem("emergency, contacts", f"{contact.name} has no number to call yet: fill it in.")
        for contact in procedure.emergency.contacts
        if not contact.has_number
    ]
    undecided = [] if procedure.retention.closed_for else [Problem("retention", _UNDECIDED)]
    slow = [] if procedure.urgent else [Problem("", _NO_URGENT)]
    return [*numberless, *unconfirmed, *unknown, *undecided, *slow]


_BY_EMAIL = (
    "When it is loaded, {} will be looked up in Slack by e-mail. For that the app needs one more "
    f"scope, {config.EMAIL_SCOPE}: add it on the app's page, OAuth & Permissions, and install the "
    "app again."
)
_NO_PROCEDURE = (
    "Roles and stages were not looked at, because the procedure cannot be read. See: python -m bot "
    "doctor"
)
_UNFILLED = (
    'Whom to contact about "{}" is still to be filled in; it says: "{}" Until then people are told '
    "to ask their safeguarding lead."
)
_UNDECIDED = "Nobody has decided how long a closed challenge is kept, so nothing is ever removed."
_NO_URGENT = "There is no [urgent] route: someone at risk now goes through the stages in turn."
