"""Bringing the database to the newest schema."""

import asyncio
from pathlib import Path

from bot.commands import terminal
from bot.commands.opening import connected, settings
from bot.config import HouseSettings
from storage import migrations, schema
from storage.engine import POSTGRESQL


def migrate() -> None:
    read = settings(HouseSettings)
    copy = asyncio.run(_migrate(read.database_url))
    if copy:
        terminal.answer(f"The database as it was is kept at {copy}, in case you must go back.")
    terminal.answer(f"The database is at schema {schema.newest()}, the newest.")


async def _migrate(url: str) -> Path | None:
    async with connected(url) as database:
        at = await schema.current(database)
        if database.dialect == POSTGRESQL and at not in (None, schema.newest()):
            terminal.answer(_NO_COPY)
        return await migrations.upgrade(database)


_NO_COPY = (
    "On PostgreSQL no copy is kept of what was: the way back is the dump that you took before "
    "(pg_dump)."
)
