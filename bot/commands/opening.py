"""Opening the database for a command: it must be there, and of this version."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url

from bot import config, logs
from bot.commands.mishaps import Failed
from storage import schema
from storage.engine import SQLITE, Database, DatabaseTrouble, async_url

Read = TypeVar("Read", bound=config.HouseSettings)


def settings(kind: type[Read]) -> Read:
    """Reads them and sets up the logs as they say. Raises BadSetting."""
    read = config.read(kind)
    logs.set_up(read.log_level, read.log_format)
    return read


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Raises Failed when there is no database yet, or when its schema is not this version's."""
    refuse_missing(url)
    async with connected(url) as database:
        refuse_other_schema(await schema.current(database))
        yield database


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    """Whatever its schema; closed again in every case."""
    database = Database.at(url)
    try:
        yield database
    finally:
        # Tidying up may find the database held by another; the job itself is done by now.
        with contextlib.suppress(DatabaseTrouble):
            await database.dispose()


def refuse_missing(url: str) -> None:
    """A reader must not make an empty database by looking for one. Raises Failed."""
    path = sqlite_file(url)
    if path is not None and not path.exists():
        raise Failed(
            f"There is no database at {path}. Check DATABASE_URL, or make one with: "
            "python -m bot migrate"
        )


def sqlite_file(url: str) -> Path | None:
    """None on PostgreSQL."""
    address = make_url(async_url(url))
    return Path(address.database or "") if address.get_backend_name() == SQLITE else None


def refuse_other_schema(current: str | None) -> None:
    """Raises Failed, with what to do."""
    if current is None:
        raise Failed("The database has no tables yet. Make them with: python -m bot migrate")
    if current in schema.numbers() and current != schema.newest():
        raise Failed("The database is of an older version. Bring it on with: python -m bot migrate")
    if current != schema.newest():
        raise Failed("The database is of a newer version than this bot. Use the newer bot for it.")
