"""An operator's desk for the tests: a folder with a database in it, and the command line."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from typer.testing import CliRunner

from bot.cli import app
from challenge import follow_up, resolution
from challenge.casework import Casework
from challenge.model import Challenge, Entry, Happened, Outcome, PersonId, Safety
from storage import migrations
from storage.directory import DirectoryBook
from storage.engine import Database
from storage.files import Files
from storage.vault import Vault, new_master_key
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_RAISER,
    a_concern,
    a_directory,
    a_procedure,
)

ROOT = Path(__file__).parents[2]
CANARY = "The bruises were seen again on Wednesday."
"""Words that must never be seen anywhere but in the record."""


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass
class Office:
    """Commands run in `folder` with these settings and no others."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "challenge.db"

    def calls(self, *words: str, **settings: str) -> Said:
        """In this process: quick."""
        with contextlib.chdir(self.folder), logging_as_it_was():
            done = CliRunner().invoke(app, list(words), env={**self.settings, **settings})
        return Said(done.exit_code, done.stdout, done.stderr)

    def types(self, *words: str, seconds: float = 60, **settings: str) -> Said:
        """In a process of its own: the real thing."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environment(settings),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        basics = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        return {**basics, **self.settings, **settings}


@contextlib.contextmanager
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, threading.excepthook
    try:
        yield
    finally:
        root.handlers[:], threading.excepthook = before, hook
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.reset_defaults()


def an_office(folder: Path, **settings: str) -> Office:
    basics = {"CHALLENGE_KEY": new_master_key(), "LOG_LEVEL": "WARNING"}
    return Office(folder, {**basics, **settings})


async def fill(office: Office, url: str = "") -> Challenge:
    """Makes the tables and puts one settled challenge, with some talk, in them."""
    database = Database.at(url or f"sqlite:///{office.database}")
    await migrations.upgrade(database)
    await DirectoryBook(database).replace(a_directory())
    files = Files(database, Vault(office.settings["CHALLENGE_KEY"]))
    await files.check_key()
    challenge = await _told(files)
    await database.dispose()
    return challenge


async def open_again(office: Office) -> None:
    """The challenge that `fill` put there, once more."""
    database = Database.at(f"sqlite:///{office.database}")
    files = Files(database, Vault(office.settings["CHALLENGE_KEY"]))
    casework = Casework(files, a_procedure(), lambda: FRIDAY_TEN.now, lambda _: None)
    await casework.carry_out(follow_up.reopen, 1, by=U_RAISER, because="Something new.")
    await database.dispose()


async def _told(files: Files) -> Challenge:
    now = FRIDAY_TEN.now
    casework = Casework(files, a_procedure(), lambda: now, lambda _: None)
    raised = await casework.raise_challenge(
        "D1",
        by=U_RAISER,
        challenged=U_CHALLENGED,
        concern=a_concern(why=CANARY),
        safety=Safety(danger=False),
    )
    for number, entry in enumerate(TALK):
        await casework.note(raised.id, entry, heard=f"E{number}")
    await casework.carry_out(
        resolution.propose_settlement, raised.id, by=U_RAISER, outcome=Outcome.CHANGED, how="Seen."
    )
    return await casework.carry_out(resolution.confirm_settlement, raised.id, by=U_CHALLENGED)


def said(kind: Happened, by: PersonId, at: timedelta, message: str, **words: str) -> Entry:
    """As handlers/messages.py and handlers/reactions.py write them."""
    return Entry(kind, by, "", words, message=message, said=FRIDAY_TEN.now + at)


TALK = (
    said(Happened.SAID, U_RAISER, timedelta(minutes=1), "1.1", Message="Could we talk?"),
    said(Happened.SAID, U_CHALLENGED, timedelta(minutes=2), "1.2", Message="Yes, at two."),
)
