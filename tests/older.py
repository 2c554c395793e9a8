"""A database as the version before the newest migration left it, with something in it."""

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection

from storage import migrations, schema
from storage.engine import Database

BEFORE = schema.numbers()[-2]


async def make_older(database: Database) -> None:
    async with database.rebuilding() as connection:
        await connection.run_sync(_steps_to_before)
        kept = "INSERT INTO setting (name, value) VALUES ('told', 'kept')"
        await connection.exec_driver_sql(kept)


def _steps_to_before(connection: Connection) -> None:
    scripts = migrations._SCRIPTS
    with EnvironmentContext(
        Config(), scripts, fn=lambda at, _: scripts._upgrade_revs(BEFORE, at)
    ) as environment:
        environment.configure(connection=connection, render_as_batch=True)
        environment.run_migrations()
