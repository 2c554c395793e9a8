"""Before a migration touches an SQLite database, what it was is kept: whole, private, and once."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from storage import copies, migrations, schema
from storage.engine import Database, DatabaseRefused
from tests.older import BEFORE, make_older

NEWEST = schema.newest()
WORDS = "INSERT INTO setting (name, value) VALUES ('told', 'kept')"


@pytest.fixture
async def database(tmp_path: Path):
    database = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}")
    yield database
    await database.dispose()


def copies_in(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("*.before-*")}


def asked(file: Path, question: str) -> object:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(question).fetchone()[0]


async def test_an_older_database_is_kept_as_it_was(database: Database, tmp_path: Path):
    await make_older(database)

    kept = await migrations.upgrade(database)

    assert kept == tmp_path / f"challenge.db.before-{NEWEST}"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert asked(kept, "SELECT version_num FROM alembic_version") == BEFORE
    assert asked(kept, "SELECT value FROM setting WHERE name = 'told'") == "kept"
    assert await schema.current(database) == NEWEST
    assert copies_in(tmp_path) == {kept.name}


async def test_there_is_no_copy_of_what_is_empty_or_new(database: Database, tmp_path: Path):
    assert await migrations.upgrade(database) is None
    assert await migrations.upgrade(database) is None

    assert copies_in(tmp_path) == set()


async def test_without_a_copy_nothing_is_migrated(database: Database, tmp_path: Path):
    await make_older(database)
    (tmp_path / f"challenge.db.before-{NEWEST}.part").mkdir()

    with pytest.raises(DatabaseRefused, match="could not be made"):
        await migrations.upgrade(database)

    assert await schema.current(database) == BEFORE


async def test_trying_again_and_again_keeps_one_copy_and_loses_none(
    database: Database, tmp_path: Path
):
    await migrations.upgrade(database)
    file = tmp_path / "challenge.db"

    first, again = copies.keep(file, "before-9"), copies.keep(file, "before-9")
    async with database.writing() as connection:
        await connection.exec_driver_sql(WORDS)
    changed = copies.keep(file, "before-9")

    assert [each.name for each in (first, again, changed)] == [
        "challenge.db.before-9",
        "challenge.db.before-9",
        "challenge.db.before-9-2",
    ]
    assert asked(changed, "SELECT count(*) FROM setting") == 1
    assert asked(first, "SELECT count(*) FROM setting") == 0
