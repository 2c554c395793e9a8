"""Migrations: numbered steps that bring a database to the newest schema, all of them or none."""

import asyncio
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage import copies, schema
from storage.engine import POSTGRESQL, SQLITE, Database, DatabaseRefused
from storage.tables import METADATA

_ONE_AT_A_TIME = 0x4368616C  # any number will do, as long as it never changes
_SCRIPTS = ScriptDirectory(str(Path(__file__).parent))


async def upgrade(database: Database) -> Path | None:
    """Brings the database to the newest schema; whoever comes second waits and finds it done.

    Answers where SQLite's copy of what it was is kept, if there was anything to change in it.
    """
    async with database.rebuilding() as connection:
        kept = None
        # With nobody else writing by now, so that the copy is what the steps begin from.
        if database.file is not None and await connection.run_sync(_changes_something):
            kept = await asyncio.to_thread(copies.keep, database.file, f"before-{schema.newest()}")
        await connection.run_sync(_upgrade)
    return kept


def _changes_something(connection: Connection) -> bool:
    """A database that is empty, or at the newest schema, has nothing to lose."""
    if not inspect(connection).get_table_names():
        return False
    return MigrationContext.configure(connection).get_current_revision() != schema.newest()


def _upgrade(connection: Connection) -> None:
    _wait_for_turn(connection)
    with EnvironmentContext(Config(), _SCRIPTS, fn=_steps) as environment:
        environment.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=connection.dialect.name == SQLITE,
        )
        environment.run_migrations()
    _refuse_orphans(connection)


def _steps(revision: Any, context: MigrationContext) -> list[Any]:
    return _SCRIPTS._upgrade_revs("head", revision)


def _wait_for_turn(connection: Connection) -> None:
    """SQLite's transaction is the only one already; PostgreSQL is asked for the same."""
    if connection.dialect.name == POSTGRESQL:
        connection.execute(text("SET LOCAL lock_timeout = '10min'"))
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == SQLITE:
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise DatabaseRefused(
                "The migration was undone, because it would have left rows of the table "
                f"{orphans[0][0]} without what they belong to."
            )
