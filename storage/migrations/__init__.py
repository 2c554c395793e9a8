"""Migrations: numbered steps that bring a database to the newest schema, all of them or none."""

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.engine import POSTGRESQL, SQLITE, Database, DatabaseRefused
from storage.tables import METADATA

_ONE_AT_A_TIME = 0x4368616C  # any number will do, as long as it never changes
_SCRIPTS = ScriptDirectory(str(Path(__file__).parent))


async def upgrade(database: Database) -> None:
    """Brings the database to the newest schema; whoever comes second waits and finds it done."""
    async with database.rebuilding() as connection:
        await connection.run_sync(_upgrade)


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
