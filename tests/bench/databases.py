"""Both databases, fresh and filled. PostgreSQL waits for its disk here, as in earnest."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.engine import Database
from storage.files import Files
from storage.vault import Vault, new_master_key
from tests import postgres
from tests.bench.filling import fill, prepare

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
KEY = new_master_key()

postgres.SETTINGS |= {"fsync": "on", "full_page_writes": "on"}


async def address(kind: str, folder: Path, name: str) -> str:
    if kind == SQLITE:
        return f"sqlite:///{folder}/{name}.db"
    return await postgres.fresh_database()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Database, Files]]:
    database = Database.at(url)
    try:
        yield database, Files(database, Vault(KEY))
    finally:
        await database.dispose()


async def filled(
    kind: str, folder: Path, name: str, challenges: int, due: Sequence[datetime] = ()
) -> str:
    """The address of a database with that many open challenges."""
    url = await address(kind, folder, name)
    async with opened(url) as (database, files):
        await prepare(database, files)
        await fill(files, challenges, datetime.now(UTC), due=due)
    return url
