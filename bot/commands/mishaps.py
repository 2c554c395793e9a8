"""What goes wrong in a command: one sentence on stderr that says what to do next, never a trace."""

import os
from collections.abc import Iterator
from uuid import uuid4

import structlog
import typer
from sqlalchemy.exc import DBAPIError

from bot import logs
from storage.engine import DatabaseTrouble

FAILED = 1


class Failed(Exception):
    """The job could not be done; the message is a sentence with what to do next."""


def complain(problem: Exception) -> int:
    """Says it, and answers the exit code."""
    typer.echo(sentence(problem), err=True)
    return FAILED


def sentence(problem: Exception) -> str:
    codes = (logs.code_of(each) for each in _causes(problem))
    known = next((_DATABASE[code] for code in codes if code in _DATABASE), None)
    if known:
        return known
    if isinstance(problem, (Failed, *logs.SAFE)):
        return " ".join(str(problem).split())
    return _unforeseen(problem)


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    """Of a database's trouble, because what caused it may be said more closely; else none."""
    if isinstance(problem, DatabaseTrouble | DBAPIError):
        while problem is not None:
            yield problem
            problem = problem.__cause__


def _unforeseen(problem: Exception) -> str:
    """The type and a reference; where it happened only for whoever asks, and values for nobody."""
    reference = uuid4().hex[:8]
    if not structlog.is_configured():
        debugging = os.environ.get("LOG_LEVEL", "").upper() == "DEBUG"
        logs.set_up("DEBUG" if debugging else "WARNING", "text")
    log = structlog.get_logger("bot.commands")
    log.debug("command failed", reference=reference, exc_info=problem)
    return _UNFORESEEN.format(type=type(problem).__name__, reference=reference)


_SPOILT = (
    "What DATABASE_URL points at is not a database, or it is damaged: check the path, or put a "
    "backup in its place."
)
_NOT_OURS = (
    "The database does not let us read or write: see that this user may, in its folder too, and "
    "that the disk is there."
)
_NO_ENTRY = "The database refuses the user or the password in DATABASE_URL: put them right there."
_NO_TABLES = "The database lacks a table that we need. Run: python -m bot migrate"
_DATABASE = {
    "SQLITE_NOTADB": _SPOILT,
    "SQLITE_CORRUPT": _SPOILT,
    "SQLITE_CANTOPEN": _NOT_OURS,
    "SQLITE_READONLY": _NOT_OURS,
    "SQLITE_READONLY_DIRECTORY": _NOT_OURS,
    "SQLITE_IOERR": _NOT_OURS,
    "3D000": "PostgreSQL has no database of the name in DATABASE_URL: make it, or mend the name.",
    "28P01": _NO_ENTRY,
    "28000": _NO_ENTRY,
    "42P01": _NO_TABLES,
    "42501": _NOT_OURS,
}
_UNFORESEEN = (
    "Something went wrong that nobody foresaw ({type}, reference {reference}): set LOG_LEVEL=DEBUG "
    "and run it again to see where, and tell whoever looks after the bot."
)
