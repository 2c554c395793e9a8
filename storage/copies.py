"""A copy of an SQLite database, whole and checked, for the day on which a migration goes wrong."""

import filecmp
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from storage.engine import DatabaseRefused


def keep(file: Path, why: str) -> Path:
    """Answers where it is; never in place of one that differs. Raises DatabaseRefused.

    SQLite makes it, while others read and one may hold the right to write.
    """
    part = file.with_name(f"{file.name}.{why}.part")
    try:
        _copy(file, part)
        return _placed(part, file.with_name(f"{file.name}.{why}"))
    except (OSError, sqlite3.Error) as problem:
        with suppress(OSError):
            part.unlink()
        raise DatabaseRefused(_NO_COPY.format(why=_reason(problem), folder=file.parent)) from None


def _copy(file: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    # SQLite fills an empty file that is there, and leaves it to its owner alone.
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    read_only = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(read_only, uri=True)) as own:
        own.execute("VACUUM INTO ?", (str(part),))
    with closing(sqlite3.connect(part)) as copied:
        found = [said for (said,) in copied.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError("it does not read back whole")
    with part.open("rb+") as whole:
        os.fsync(whole.fileno())


def _placed(part: Path, wanted: Path) -> Path:
    """A bot that fails to migrate and is started again and again does not fill the disk."""
    place, number = wanted, 1
    while place.exists() and not filecmp.cmp(part, place, shallow=False):
        number += 1
        place = wanted.with_name(f"{wanted.name}-{number}")
    part.replace(place)
    return place


def _reason(problem: Exception) -> str:
    return str(problem.strerror if isinstance(problem, OSError) else problem)


_NO_COPY = (
    "The database must be migrated, and the copy that is kept of it first could not be made "
    "({why}), so nothing was changed. Make room in {folder}, see that this user may write there, "
    "and start again."
)
