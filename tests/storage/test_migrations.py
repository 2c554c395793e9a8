"""Migrations: numbered in one line, the same as the tables, whole or not at all, once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage import migrations, schema
from storage.engine import Database, DatabaseRefused
from storage.tables import METADATA
from tests.postgres import fresh_database
from tests.storage.conftest import Kept

FOLDER = Path(migrations.__file__).parent


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    embedded = f"sqlite:///{tmp_path / 'challenge.db'}"
    url = embedded if request.param == "sqlite" else await fresh_database()
    database = Database.at(url, busy_seconds=60)
    yield database
    await database.dispose()


def test_the_numbers_count_up_in_one_line_and_name_their_files():
    scripts = ScriptDirectory(str(FOLDER))
    expected = [f"{number:04}" for number in range(1, len(schema.numbers()) + 1)]

    assert schema.numbers() == expected
    assert scripts.get_heads() == [schema.newest()]
    files = sorted(path.name for path in (FOLDER / "versions").glob("*.py"))
    assert [name[:4] for name in files] == expected


async def test_tables_and_migrations_agree(kept: Kept):
    async with kept.database.reading() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True}), METADATA
            )
        )

    assert differences == []


async def test_constraints_have_the_names_by_which_a_later_step_may_alter_them(kept: Kept):
    def named(sync) -> dict[str, set[str | None]]:
        looked = inspect(sync)
        return {
            table: {
                *(key["name"] for key in looked.get_foreign_keys(table)),
                *(key["name"] for key in looked.get_unique_constraints(table)),
            }
            for table in METADATA.tables
        }

    async with kept.database.reading() as connection:
        found = await connection.run_sync(named)

    for name, table in METADATA.tables.items():
        primary = table.primary_key  # SQLite's counted ones have no name
        assert found[name] == {str(c.name) for c in table.constraints if c is not primary}


async def test_an_empty_database_is_brought_to_the_newest(empty: Database):
    assert await schema.current(empty) is None

    await migrations.upgrade(empty)

    assert await schema.current(empty) == schema.newest()
    await migrations.upgrade(empty)


async def test_whoever_migrates_second_finds_it_done(empty: Database, tmp_path: Path):
    url = empty._writer.engine.url.render_as_string(hide_password=False)
    others = [Database.at(url, busy_seconds=60) for _ in range(3)]

    await asyncio.gather(*(migrations.upgrade(database) for database in (empty, *others)))

    assert await schema.current(empty) == schema.newest()
    for database in others:
        await database.dispose()


async def test_a_step_that_fails_leaves_the_database_as_it_was(empty: Database):
    # In the way of a table that the first step makes late.
    async with empty.writing() as connection:
        await connection.execute(text("CREATE TABLE person (id INTEGER)"))

    with pytest.raises(Exception, match="person"):
        await migrations.upgrade(empty)

    assert await schema.current(empty) is None
    async with empty.reading() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(tables) == {"person"}


async def test_a_migration_that_would_leave_orphans_is_undone(tmp_path: Path):
    database = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}")
    await migrations.upgrade(database)
    orphan = "INSERT INTO case_key (challenge_id, key_id, wrapped) VALUES (9, 'k', x'')"
    async with database.rebuilding() as connection:
        await connection.execute(text(orphan))

    with pytest.raises(DatabaseRefused, match="case_key"):
        await migrations.upgrade(database)
    await database.dispose()


async def test_foreign_keys_are_enforced_again_after_a_migration(tmp_path: Path):
    database = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}")

    await migrations.upgrade(database)

    assert (await database.pragmas())["foreign_keys"] == "1"
    await database.dispose()
