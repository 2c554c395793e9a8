"""The database keeps what it acknowledged, loses no update, and recovers from what befalls it."""

import asyncio
import contextlib
import re
import sqlite3
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import await_only

from storage import engine
from storage.engine import (
    Database,
    DatabaseAway,
    DatabaseBusy,
    DatabaseFull,
    DatabaseRefused,
    UtcDateTime,
    async_url,
    sqlite_has_wal_reset_bug,
    utc_text,
)
from tests.postgres import fresh_database

METADATA = MetaData()
COUNTER = Table("counter", METADATA, Column("id", Integer, primary_key=True), Column("n", Integer))
NOTE = Table(
    "note",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime),
)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
async def server() -> str:
    return await fresh_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'challenge.db'}"
    return await fresh_database()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database.at(url, busy_seconds=1.0)
    async with opened.writing() as connection:
        await connection.run_sync(METADATA.drop_all)
        await connection.run_sync(METADATA.create_all)
        await connection.execute(insert(COUNTER).values(id=1, n=0))
    yield opened
    await opened.dispose()


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}", busy_seconds=0.3)
    async with opened.writing() as connection:
        await connection.run_sync(METADATA.create_all)
    yield opened
    await opened.dispose()


# -- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_url", "ours"),
    [
        ("sqlite:///challenge.db", "sqlite+aiosqlite:///challenge.db"),
        ("sqlite:////var/lib/challenge.db", "sqlite+aiosqlite:////var/lib/challenge.db"),
        ("postgresql://u:p@h:5433/d", "postgresql+asyncpg://u:p@h:5433/d"),
        ("postgres://u:p%40ss@h/d", "postgresql+asyncpg://u:p%40ss@h/d"),
        (
            "postgresql://u@/d?host=/run/postgresql",
            "postgresql+asyncpg://u@/d?host=%2Frun%2Fpostgresql",
        ),
        ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
    ],
)
def test_an_address_is_given_the_driver_that_we_use(given_url: str, ours: str):
    assert async_url(given_url) == ours
    assert async_url(ours) == ours


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "challenge.db",
        "mysql://u:secret@h/d",
        "postgresql+psycopg://u:secret@h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "postgresql://u:secret@h/d?channel_binding=require",
        "postgresql://u:secret@h:port/d",
    ],
)
def test_any_other_address_is_refused_in_a_sentence_without_its_password(wrong: str):
    with pytest.raises(ValueError, match=r"^DATABASE_URL .*\.$") as refused:
        async_url(wrong)

    assert "secret" not in str(refused.value)


# -- writing and reading -----------------------------------------------------------------------


async def counted(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(COUNTER.c.n))).scalar_one())


async def count_one(database: Database) -> None:
    async with database.writing() as connection:
        # FOR UPDATE is left out on SQLite, where BEGIN IMMEDIATE does the same for the whole file.
        n = (await connection.execute(select(COUNTER.c.n).with_for_update())).scalar_one()
        await asyncio.sleep(0)
        await connection.execute(COUNTER.update().values(n=n + 1))


async def note(database: Database, text: str) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(NOTE).values(text=text))


async def noted(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(NOTE.c.text).order_by(NOTE.c.id))).scalars())


async def test_a_block_that_ends_well_is_kept_and_one_that_does_not_is_undone(database):
    await note(database, "kept")

    async def fails_half_way() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(NOTE).values(text="undone"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails_half_way()

    assert await noted(database) == ["kept"]


async def test_400_read_then_write_transactions_in_20_tasks_lose_nothing(database):
    async def twenty() -> None:
        for _ in range(20):
            await count_one(database)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(twenty())

    assert await counted(database) == 400


async def test_two_programs_on_one_database_lose_nothing_either(database, url):
    another = Database.at(url)

    async def fifty(one: Database) -> None:
        for _ in range(50):
            await count_one(one)

    async with asyncio.TaskGroup() as tasks:
        for one in (database, another, database, another):
            tasks.create_task(fifty(one))

    assert await counted(another) == 200
    await another.dispose()


async def test_a_table_made_in_a_block_that_fails_is_not_left_behind(database):
    with contextlib.suppress(RuntimeError):
        async with database.writing() as connection:
            await connection.exec_driver_sql("CREATE TABLE leftover (id INTEGER)")
            raise RuntimeError

    async with database.writing() as connection:
        await connection.exec_driver_sql("CREATE TABLE leftover (id INTEGER)")
        await connection.exec_driver_sql("DROP TABLE leftover")


async def test_nothing_can_be_written_while_reading(database):
    with pytest.raises(DBAPIError, match=r"(?i)read-?\s?only"):
        async with database.reading() as connection:
            await connection.execute(insert(NOTE).values(text="sneaked in"))

    await note(database, "after")
    assert await noted(database) == ["after"]


async def test_a_reader_sees_one_steady_picture(database):
    async with database.reading() as connection:
        before = (await connection.execute(select(func.count(NOTE.c.id)))).scalar_one()
        await note(database, "meanwhile")
        after = (await connection.execute(select(func.count(NOTE.c.id)))).scalar_one()

    assert (before, after) == (0, 0)
    assert await noted(database) == ["meanwhile"]


async def test_what_a_constraint_refuses_stays_an_integrity_error_that_shows_no_text(database):
    async def twice_the_same() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(NOTE).values(id=1, text="canary"))
            await connection.execute(insert(NOTE).values(id=1, text="canary"))

    with pytest.raises(IntegrityError) as refused:
        await twice_the_same()

    assert "canary" not in str(refused.value)
    assert await noted(database) == []


# -- cancellation ------------------------------------------------------------------------------


async def test_a_task_cancelled_before_its_commit_leaves_nothing_and_the_way_free(database):
    inside = asyncio.Event()

    async def stuck() -> None:
        async with database.writing() as connection:
            await connection.execute(COUNTER.update().values(n=99))
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(stuck())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    began = monotonic()
    await count_one(database)
    assert await counted(database) == 1
    assert monotonic() - began < 0.5


async def test_a_commit_once_begun_is_finished_although_its_task_is_cancelled(database):
    begun = asyncio.Event()

    def slowly(_: object) -> None:
        begun.set()
        await_only(asyncio.sleep(0.05))

    event.listen(Engine, "commit", slowly)
    try:
        task = asyncio.create_task(note(database, "acknowledged"))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    finally:
        event.remove(Engine, "commit", slowly)

    assert await noted(database) == ["acknowledged"]


async def test_tasks_cancelled_at_any_moment_leave_a_usable_database_and_whole_transactions(
    database,
):
    acknowledged = 0

    async def pair(number: int) -> None:
        nonlocal acknowledged
        async with database.writing() as connection:
            await connection.execute(insert(NOTE).values(text=f"{number} first"))
            await connection.execute(insert(NOTE).values(text=f"{number} second"))
        acknowledged += 1

    for number in range(150):
        task = asyncio.create_task(pair(number))
        # Steps of 40 microseconds walk the cancellation through every await of the transaction.
        await asyncio.sleep(number * 40e-6)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await pair(1000)

    texts = await noted(database)
    firsts = [text.split()[0] for text in texts if text.endswith("first")]
    seconds = [text.split()[0] for text in texts if text.endswith("second")]
    assert firsts == seconds
    assert len(firsts) >= acknowledged
    assert "1000" in firsts


async def test_many_cancelled_while_waiting_their_turn_do_not_use_the_turns_up(database):
    async with database.writing() as connection:
        await connection.execute(COUNTER.update().values(n=0))
        waiting = [asyncio.create_task(count_one(database)) for _ in range(40)]
        await asyncio.sleep(0.05)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    for _ in range(20):
        await count_one(database)
    assert await counted(database) == 20


# -- trouble -----------------------------------------------------------------------------------


async def test_a_row_that_another_holds_is_waited_for_and_then_the_database_is_busy(database, url):
    another = Database.at(url, busy_seconds=0.2)
    began = monotonic()

    async with database.writing() as connection:
        await connection.execute(COUNTER.update().values(n=5))
        with pytest.raises(DatabaseBusy, match="try again"):
            await count_one(another)
    waited = monotonic() - began

    await count_one(another)
    assert 0.15 < waited < 2
    assert await counted(database) == 6
    await another.dispose()


async def test_whoever_waits_too_long_for_a_turn_is_told_and_takes_no_turn_away(
    embedded, monkeypatch
):
    monkeypatch.setattr(engine, "TURN_SECONDS", 0.05)

    async with embedded.writing():
        with pytest.raises(DatabaseBusy):
            await note(embedded, "too late")

    await note(embedded, "in time")
    assert await noted(embedded) == ["in time"]


async def test_a_lock_let_go_in_time_is_only_a_wait(database, url):
    another = Database.at(url)

    async with database.writing() as connection:
        await connection.execute(COUNTER.update().values(n=5))
        waiting = asyncio.create_task(count_one(another))
        await asyncio.sleep(0.2)
        assert not waiting.done()
    await waiting

    assert await counted(database) == 6
    await another.dispose()


async def test_a_reader_never_waits_for_the_writer(database):
    async with database.writing() as connection:
        await connection.execute(COUNTER.update().values(n=5))

        assert await asyncio.wait_for(counted(database), 1) == 0


async def test_a_full_database_says_so_and_recovers(embedded):
    await note(embedded, "before")
    async with embedded.writing() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with pytest.raises(DatabaseFull, match="no room"):
        await note(embedded, "x" * 100_000)
    assert await noted(embedded) == ["before"]

    async with embedded.writing() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    await note(embedded, "after")
    assert await noted(embedded) == ["before", "after"]


async def test_a_database_that_is_not_there_is_away(tmp_path):
    nowhere = Database.at(f"postgresql://nobody@/nothing?host={tmp_path}")

    with pytest.raises(DatabaseAway, match="cannot be reached"):
        await noted(nowhere)
    await nowhere.dispose()


@pytest.mark.postgres
async def test_a_postgresql_database_that_does_not_exist_is_away(server):
    nowhere = Database.at(re.sub(r"/t_\w+\?", "/nothing?", server))

    with pytest.raises(DatabaseAway, match="DATABASE_URL"):
        await noted(nowhere)
    await nowhere.dispose()


@pytest.mark.postgres
async def test_after_the_server_drops_a_connection_the_next_act_goes_through(server):
    database, another = Database.at(server), Database.at(server)

    async def is_cut_off() -> None:
        async with database.writing() as connection:
            pid = (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar_one()
            async with another.writing() as elsewhere:
                await elsewhere.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
            await connection.exec_driver_sql("SELECT 1")

    with pytest.raises(DatabaseAway):
        await is_cut_off()

    async with database.writing() as connection:
        assert (await connection.exec_driver_sql("SELECT 1")).scalar_one() == 1
    await another.dispose()
    await database.dispose()


# -- SQLite's file -----------------------------------------------------------------------------


async def test_a_new_database_file_can_be_read_by_its_owner_only(embedded, tmp_path):
    await note(embedded, "private")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"challenge.db": 0o600, "challenge.db-wal": 0o600, "challenge.db-shm": 0o600}


async def test_the_pragmas_took(embedded):
    assert await embedded.pragmas() == {
        "busy_timeout": "300",
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "secure_delete": "1",
        "trusted_schema": "0",
    }


async def test_a_pragma_that_does_not_take_is_named_and_the_database_is_not_used(
    tmp_path, monkeypatch
):
    monkeypatch.setitem(engine._PRAGMAS, "page_size", 777)
    database = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}")

    with pytest.raises(DatabaseRefused, match="page_size"):
        await noted(database)
    with pytest.raises(DatabaseRefused, match="page_size"):
        await database.pragmas()
    await database.dispose()


async def test_an_older_file_that_another_program_holds_is_busy_and_then_opens(tmp_path):
    path = tmp_path / "challenge.db"
    database = Database.at(f"sqlite:///{path}", busy_seconds=0.1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("CREATE TABLE t (id)")
        holder.execute("BEGIN EXCLUSIVE")

        with pytest.raises(DatabaseBusy):
            await database.pragmas()

    assert (await database.pragmas())["journal_mode"] == "wal"
    await database.dispose()


async def test_a_folder_that_is_not_there_is_named(tmp_path):
    database = Database.at(f"sqlite:///{tmp_path}/nowhere/challenge.db")

    with pytest.raises(DatabaseRefused, match="nowhere"):
        await noted(database)
    await database.dispose()


async def test_twenty_readers_may_be_the_first_to_open_a_new_file(tmp_path):
    database = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}")

    async def look() -> int:
        async with database.reading() as connection:
            return int((await connection.exec_driver_sql("SELECT 1")).scalar_one())

    assert await asyncio.gather(*(look() for _ in range(20))) == [1] * 20
    await database.dispose()


async def test_closing_brings_the_log_home(tmp_path):
    database = Database.at(f"sqlite:///{tmp_path / 'challenge.db'}")
    async with database.writing() as connection:
        await connection.run_sync(METADATA.create_all)
    await note(database, "kept")
    wal = tmp_path / "challenge.db-wal"
    assert wal.stat().st_size > 0

    await database.dispose()

    assert not wal.exists() or wal.stat().st_size == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "challenge.db")) as plain:
        assert plain.execute("SELECT text FROM note").fetchall() == [("kept",)]


async def test_after_a_checkpoint_a_deleted_text_is_nowhere_in_the_files(embedded, tmp_path):
    await note(embedded, "canarycanary" * 50)
    async with embedded.writing() as connection:
        await connection.execute(NOTE.delete())

    assert await embedded.checkpoint()

    assert not any(b"canarycanary" in path.read_bytes() for path in tmp_path.iterdir())


async def test_a_checkpoint_says_when_a_reader_was_in_the_way(embedded):
    async with embedded.reading() as connection:
        await connection.execute(select(NOTE.c.text))
        await note(embedded, "meanwhile")

        assert not await embedded.checkpoint()
    assert await embedded.checkpoint()


async def test_foreign_keys_are_kept(embedded):
    async with embedded.writing() as connection:
        await connection.exec_driver_sql(
            "CREATE TABLE child (note INTEGER NOT NULL REFERENCES note (id))"
        )

    with pytest.raises(IntegrityError):
        async with embedded.writing() as connection:
            await connection.exec_driver_sql("INSERT INTO child VALUES (404)")


async def test_rebuilding_a_table_does_not_take_its_children_along(embedded):
    async with embedded.writing() as connection:
        await connection.exec_driver_sql(
            "CREATE TABLE child (note INTEGER NOT NULL REFERENCES note (id) ON DELETE CASCADE)"
        )
        await connection.exec_driver_sql("INSERT INTO note (id, text) VALUES (1, 'parent')")
        await connection.exec_driver_sql("INSERT INTO child VALUES (1)")

    async with embedded.rebuilding() as connection:
        await connection.exec_driver_sql("DROP TABLE note")
        await connection.run_sync(METADATA.create_all)

    async with embedded.reading() as connection:
        children = await connection.exec_driver_sql("SELECT count(*) FROM child")
        assert children.scalar_one() == 1
    assert (await embedded.pragmas())["foreign_keys"] == "1"


async def test_a_rebuilding_cut_short_leaves_everything_and_the_foreign_keys_on(embedded):
    await note(embedded, "kept")
    inside = asyncio.Event()

    async def rebuild() -> None:
        async with embedded.rebuilding() as connection:
            await connection.exec_driver_sql("DROP TABLE note")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(rebuild())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await noted(embedded) == ["kept"]
    assert (await embedded.pragmas())["foreign_keys"] == "1"


async def test_nobody_writes_between_the_steps_of_a_rebuilding(database):
    async with database.rebuilding() as connection:
        await connection.execute(COUNTER.update().values(n=7))
        waiting = asyncio.create_task(count_one(database))
        await asyncio.sleep(0.1)
        assert not waiting.done()
    await waiting

    assert await counted(database) == 8


@pytest.mark.parametrize(
    ("version", "has_it"),
    [((3, 6, 23), False), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)],
)
def test_the_versions_with_the_wal_reset_bug_are_known(version, has_it):
    assert sqlite_has_wal_reset_bug(version) is has_it


# -- PostgreSQL --------------------------------------------------------------------------------


@pytest.mark.postgres
async def test_postgresql_is_durable_and_will_not_wait_for_ever(server):
    database = Database.at(server)

    async with database.writing() as connection:
        assert (await connection.exec_driver_sql("SHOW synchronous_commit")).scalar_one() == "on"
        level = await connection.exec_driver_sql("SHOW transaction_isolation")
        assert level.scalar_one() == "read committed"
    assert (await database.pragmas())["lock_timeout"] == "5s"
    assert await database.checkpoint()
    await database.dispose()


@pytest.mark.postgres
async def test_a_postgresql_that_may_lose_commits_is_refused(server):
    database = Database.at(server)
    async with database.writing() as connection:
        await connection.exec_driver_sql("CREATE ROLE hasty LOGIN")
        await connection.exec_driver_sql("ALTER ROLE hasty SET synchronous_commit = off")
    hasty = Database.at(server.replace("postgres@", "hasty@"))

    with pytest.raises(DatabaseRefused, match="synchronous_commit"):
        await hasty.pragmas()

    await hasty.dispose()
    async with database.writing() as connection:
        await connection.exec_driver_sql("DROP ROLE hasty")
    await database.dispose()


# -- moments -----------------------------------------------------------------------------------

MOMENTS = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 7, 1, 12, tzinfo=LONDON),
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0),
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
        datetime(2026, 3, 6, 10, 0, 0, 1, tzinfo=timezone(timedelta(hours=-11))),
    ],
)
async def test_a_moment_comes_back_as_the_same_moment_in_utc(database, moment):
    async with database.writing() as connection:
        await connection.execute(insert(NOTE).values(text="", at=moment))

    async with database.reading() as connection:
        back = (await connection.execute(select(NOTE.c.at))).scalar_one()
    assert back == moment.astimezone(UTC)
    assert back.tzinfo is UTC


async def test_moments_sort_and_compare_as_time_and_not_as_text(database):
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    moments = [
        first + timedelta(hours=1),
        (first + timedelta(minutes=30)).astimezone(timezone(timedelta(hours=14))),
        first.astimezone(LONDON),
        first + timedelta(microseconds=1),
    ]
    async with database.writing() as connection:
        for moment in moments:
            await connection.execute(insert(NOTE).values(text="", at=moment))

    async with database.reading() as connection:
        ordered = (await connection.execute(select(NOTE.c.at).order_by(NOTE.c.at))).scalars().all()
        due = (
            await connection.execute(
                select(func.count()).where(NOTE.c.at <= first.astimezone(LONDON))
            )
        ).scalar_one()
    assert ordered == sorted(moment.astimezone(UTC) for moment in moments)
    assert due == 1


async def test_no_moment_at_all_is_kept_as_none(database):
    await note(database, "timeless")

    async with database.reading() as connection:
        assert (await connection.execute(select(NOTE.c.at))).scalar_one() is None


async def test_a_moment_without_its_zone_is_refused(database):
    with pytest.raises(Exception, match="time zone"):
        async with database.writing() as connection:
            await connection.execute(
                insert(NOTE).values(text="", at=datetime(2026, 3, 6, 10))  # noqa: DTZ001
            )


@given(MOMENTS, MOMENTS)
def test_the_text_of_a_moment_sorts_as_the_moment_does(one: datetime, other: datetime):
    assert (utc_text(one) < utc_text(other)) == (one.astimezone(UTC) < other.astimezone(UTC))
    assert len(utc_text(one)) == 27
    assert datetime.fromisoformat(utc_text(one)) == one.astimezone(UTC)


def test_each_database_has_its_own_kind_of_column():
    assert str(UtcDateTime().compile(sqlite.dialect())) == "VARCHAR(27)"
    assert str(UtcDateTime().compile(postgresql.dialect())) == "TIMESTAMP WITH TIME ZONE"
