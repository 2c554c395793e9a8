"""Which schema a database has, and which is the newest. Bringing it there is `migrations`."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from storage.engine import Database

_STEPS = Path(__file__).parent / "migrations" / "versions"
_KEPT = table("alembic_version", column("version_num"))


def numbers() -> Sequence[str]:
    """Every step's number, the first one first; a step's file is named by it."""
    return sorted(path.name.partition("_")[0] for path in _STEPS.glob("[0-9]*_*.py"))


def newest() -> str:
    return numbers()[-1]


async def current(database: Database) -> str | None:
    """The number of the last step taken; None for a database that is still empty."""
    async with database.reading() as connection:
        return await connection.run_sync(_current)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_KEPT.name):
        return None
    number: str | None = connection.execute(select(_KEPT.c.version_num)).scalar_one_or_none()
    return number
