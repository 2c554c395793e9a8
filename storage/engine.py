"""The database's front door: one transaction at a time to write, a steady picture to read.

DatabaseTrouble       the database could not do what was asked
├── DatabaseBusy      somebody else held it too long; try again
├── DatabaseFull      no room; nothing was written
├── DatabaseAway      it cannot be reached, or the connection broke
└── DatabaseRefused   it is not set up so that what it acknowledges is kept
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import DateTime, Dialect, String, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from storage import one_hop

# Longer than any queue for the one writer that was measured (0.35 s with 32 waiting).
TURN_SECONDS = 30.0
SQLITE_READERS = 4
POSTGRESQL_CONNECTIONS = 10

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_POSTGRESQL_OPTIONS = frozenset({"host", "port", "ssl", "sslmode"})

# What each name must read back as; the order matters, for even WAL has to wait for a lock.
_PRAGMAS = {
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL lost acknowledged rows in a simulated power cut
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}


class DatabaseTrouble(RuntimeError):
    """The database could not do what was asked, so nothing was recorded; see its log."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or " ".join((type(self).__doc__ or "").split()))


class DatabaseBusy(DatabaseTrouble):
    """The database was busy for too long and nothing was recorded; try again in a moment, and if
    it stays so, look for another program that holds it."""


class DatabaseFull(DatabaseTrouble):
    """The database has no room left and nothing was recorded; free some space on its disk, then
    try again."""


class DatabaseAway(DatabaseTrouble):
    """The database cannot be reached; check that it runs and that DATABASE_URL points at it."""


class DatabaseRefused(DatabaseTrouble):
    """The database is not set up so that what it acknowledges is kept, so it is not used."""


class Database:
    """One database, SQLite or PostgreSQL, whose every act is a transaction of its own."""

    def __init__(self, dialect: str, doors: "_Doors") -> None:
        self.dialect = dialect
        self._writer, self._reader, self._rebuilder = doors

    @property
    def file(self) -> Path | None:
        """Where SQLite keeps it; None on PostgreSQL."""
        return Path(self._writer.engine.url.database or "") if self.dialect == SQLITE else None

    @classmethod
    def at(cls, url: str, *, busy_seconds: float = 5.0) -> "Database":
        """Connects when first used; `busy_seconds` is how long to wait for another's lock."""
        address = make_url(async_url(url))
        if address.get_backend_name() == SQLITE:
            return cls(SQLITE, _sqlite_doors(address, busy_seconds))
        return cls(POSTGRESQL, _postgresql_doors(address, busy_seconds))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: kept if the block ends well, undone if it does not.

        A cancelled commit is waited for, so that its outcome is known to the database and to us.
        """
        async with self._writer.transaction() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One steady picture, however long the block takes; writing in it is refused."""
        async with self._reader.transaction() as connection:
            yield connection

    @asynccontextmanager
    async def rebuilding(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may rebuild tables: as long as it takes, and on SQLite with nobody
        else writing and no foreign key enforced, for dropping a table takes its children along."""
        if self.dialect == POSTGRESQL:
            async with self._rebuilder.transaction() as connection:
                yield connection
            return
        async with (
            self._rebuilder.connection() as connection,
            _without_foreign_keys(connection),
            _transaction(connection),
        ):
            yield connection

    async def pragmas(self) -> dict[str, str]:
        """What the writer's connection reports of itself, having refused to open if unsafe."""
        names = _PRAGMAS if self.dialect == SQLITE else _postgresql_settings(0)
        ask = "PRAGMA" if self.dialect == SQLITE else "SHOW"
        async with self.writing() as connection:
            return {
                name: str((await connection.exec_driver_sql(f"{ask} {name}")).scalar_one())
                for name in names
            }

    async def checkpoint(self) -> bool:
        """Brings the write-ahead log home and empties it; False when a reader was in the way.

        Until then a deleted key can still be read in SQLite's -wal file.
        """
        if self.dialect == POSTGRESQL:
            return True
        async with self._writer.connection() as connection:
            rows = await _outside_transactions(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(rows[0][0] == 0)

    async def dispose(self) -> None:
        """Closes every connection, the readers first because they hold a checkpoint up."""
        await self._reader.engine.dispose()
        pool = self._writer.engine.pool
        # A database that was never opened is not opened, and its file made, only to be closed.
        if isinstance(pool, QueuePool) and pool.checkedin():
            await self.checkpoint()
        await self._writer.engine.dispose()
        await self._rebuilder.engine.dispose()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone: kept as UTC, refused without one.

    SQLite has no such type and drops the zone, so there it is text of one width, which sorts and
    compares as the moments do.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        own = String(27) if dialect.name == SQLITE else DateTime(timezone=True)
        return dialect.type_descriptor(own)

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return utc_text(value) if dialect.name == SQLITE else _utc(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return _utc(datetime.fromisoformat(value) if isinstance(value, str) else value)


class UtcText(UtcDateTime):
    """The same column, read as the text that the chain was made of; SQLite has it so already."""

    cache_ok = True

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return None if dialect.name == SQLITE else utc_text


def utc_text(moment: datetime) -> str:
    """The one spelling of a moment, for SQLite and for the chain: 2026-03-06T10:00:00.000000Z."""
    return _spelt(_utc(moment))


# One change writes the same moment into every row of it. Only of UTC: where a clock goes back, two
# moments are equal that are an hour apart.
@lru_cache(maxsize=4_096)
def _spelt(utc: datetime) -> str:
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


def async_url(url: str) -> str:
    """The same database, named with the driver we use; a ValueError says what an address may be."""
    address = _address(url)
    driver = _DRIVERS.get(address.drivername)
    if driver is None:
        raise ValueError(_NOT_AN_ADDRESS)
    check = _sqlite_address if driver.startswith(SQLITE) else _postgresql_address
    return check(address.set(drivername=driver)).render_as_string(hide_password=False)


def sqlite_has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether two connections that checkpoint at the same moment can, very rarely, spoil a file."""
    return (3, 7, 0) <= version < (3, 51, 3)


@dataclass(frozen=True)
class _Door:
    """An engine and as many turns as it has connections, handed out in the order asked for.

    SQLAlchemy's own queue is not fair, and cancelling a task in the middle of opening a connection
    left half-closed ones behind: so the waiting happens here, and the opening is not cancelled.
    """

    engine: AsyncEngine
    turns: asyncio.Semaphore

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self.connection() as connection, _transaction(connection):
            yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        with _in_plain_words():
            async with self._turn():
                connection = self.engine.connect()
                try:
                    await _opened(connection)
                    yield connection
                finally:
                    if connection.sync_connection is not None:
                        await _to_the_end(connection.close())

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self.turns.acquire()
        except TimeoutError:
            raise DatabaseBusy from None
        try:
            yield
        finally:
            self.turns.release()


class _Doors(NamedTuple):
    writer: _Door
    reader: _Door
    rebuilder: _Door


@asynccontextmanager
async def _transaction(connection: AsyncConnection) -> AsyncIterator[None]:
    transaction = await connection.begin()
    try:
        yield
    except BaseException:
        await _to_the_end(transaction.rollback())
        raise
    await _to_the_end(transaction.commit())


@asynccontextmanager
async def _without_foreign_keys(connection: AsyncConnection) -> AsyncIterator[None]:
    # On this very connection and before its transaction begins: inside one, SQLite ignores it.
    await _outside_transactions(connection, "PRAGMA foreign_keys=0")
    try:
        yield
    finally:
        if not connection.invalidated:  # one that broke is replaced, and a new one enforces them
            await _to_the_end(_outside_transactions(connection, "PRAGMA foreign_keys=1"))


async def _outside_transactions(connection: AsyncConnection, pragma: str) -> list[Any]:
    raw = await connection.get_raw_connection()
    # Through the driver, because SQLAlchemy would begin a transaction first.
    driver: Any = raw.driver_connection
    return list(await driver.execute_fetchall(pragma))


async def _opened(connection: AsyncConnection) -> None:
    try:
        await _to_the_end(connection.start())
    except DBAPIError as problem:
        raise _trouble(problem) or DatabaseAway() from problem
    except OSError as problem:
        raise DatabaseAway from problem


async def _to_the_end(work: Coroutine[Any, Any, object]) -> None:
    """Finish even if cancelled meanwhile, and only then pass the cancellation on."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as request:
            cancelled = request
    if cancelled:
        raise cancelled from task.exception()
    task.result()


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as problem:
        trouble = _trouble(problem)
        if trouble is None:
            raise
        raise trouble from problem


# SQLite's primary result codes, PostgreSQL's SQLSTATEs.
_TROUBLES: Mapping[object, type[DatabaseTrouble]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_FULL: DatabaseFull,
    "55P03": DatabaseBusy,  # lock_timeout
    "57014": DatabaseBusy,  # statement_timeout
    "40P01": DatabaseBusy,  # deadlock: PostgreSQL picked us to give way
    "53100": DatabaseFull,
    "53300": DatabaseBusy,  # too many connections
}


def _trouble(problem: DBAPIError) -> DatabaseTrouble | None:
    if problem.connection_invalidated:
        return DatabaseAway()
    code = getattr(problem.orig, "sqlite_errorcode", None)
    # The low byte is the primary code; the rest tells variants of the same trouble apart.
    key = code & 0xFF if code is not None else getattr(problem.orig, "sqlstate", None)
    kind = _TROUBLES.get(key)
    return kind() if kind else None


def _sqlite_doors(address: URL, busy_seconds: float) -> _Doors:
    # One writer, because SQLite's own queue for the lock is not fair: 20 waited up to 2 s.
    connect = {"async_creator_fn": one_hop.connect}
    writer = _door(address, 1, connect_args=connect)
    reader = _door(address, SQLITE_READERS, connect_args=connect)
    pragmas = _PRAGMAS | {"busy_timeout": int(busy_seconds * 1000)}
    _set_up_sqlite(writer.engine, "BEGIN IMMEDIATE", pragmas)
    _set_up_sqlite(reader.engine, "BEGIN", pragmas | {"query_only": 1})
    return _Doors(writer, reader, rebuilder=writer)


def _set_up_sqlite(engine: AsyncEngine, begin: str, pragmas: Mapping[str, object]) -> None:
    path = engine.url.database or ""

    @event.listens_for(engine.sync_engine, "do_connect")
    def create(*_: object) -> None:
        _create_for_owner_only(path)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _: object) -> None:
        # Without this the driver begins by itself, late, and read-then-write loses updates.
        connection.isolation_level = None
        _insist(connection, pragmas)

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.begin_with_the_next(begin)


def _create_for_owner_only(path: str) -> None:
    # SQLite gives its -wal and -shm files the mode of the database file.
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as problem:
        raise DatabaseRefused(_NOT_OPENED.format(path=path, why=problem.strerror)) from problem


def _insist(connection: DBAPIConnection, pragmas: Mapping[str, object]) -> None:
    cursor = connection.cursor()
    for name, wanted in pragmas.items():
        cursor.execute(f"PRAGMA {name}={wanted}")
        cursor.execute(f"PRAGMA {name}")
        found = cursor.fetchone()
        if found is None or found[0] != wanted:
            raise DatabaseRefused(_NOT_SET.format(name=name, wanted=wanted))
    cursor.close()


def _postgresql_doors(address: URL, busy_seconds: float) -> _Doors:
    settings = _postgresql_settings(busy_seconds)
    # The limit is above statement_timeout, so that only a dead connection ever meets it.
    writer = _postgresql_door(address, POSTGRESQL_CONNECTIONS, settings, command_timeout=60)
    # One picture for several queries, as SQLite gives; read-only, it can never fail to serialise.
    steady = writer.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    rebuilder = _postgresql_door(address, 1, settings, command_timeout=None)
    return _Doors(writer, _Door(steady, writer.turns), rebuilder)


def _postgresql_door(
    address: URL, connections: int, settings: dict[str, str], **arguments: float | None
) -> _Door:
    door = _door(
        address,
        connections,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"timeout": 10, "server_settings": settings, **arguments},
    )
    event.listen(door.engine.sync_engine, "connect", _refuse_if_not_durable)
    return door


def _postgresql_settings(busy_seconds: float) -> dict[str, str]:
    return {
        "application_name": "challenge-bot",
        "lock_timeout": f"{int(busy_seconds * 1000)}ms",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "60s",
    }


def _refuse_if_not_durable(connection: DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SHOW synchronous_commit")
    found = cursor.fetchone()
    cursor.close()
    if found is None or found[0] == "off":
        raise DatabaseRefused(_NOT_SET.format(name="synchronous_commit", wanted="on"))


def _door(address: URL, connections: int, **options: Any) -> _Door:
    engine = create_async_engine(
        address,
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,  # the connection used last is the one whose pages are still warm
        hide_parameters=True,  # an error must not carry into a log what somebody wrote
        **options,
    )
    return _Door(engine, asyncio.Semaphore(connections))


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # Not chained: the original error would print the address, password and all.
        raise ValueError(_NOT_AN_ADDRESS) from None


def _sqlite_address(address: URL) -> URL:
    if address.database in (None, "", ":memory:") or address.query or address.host:
        raise ValueError(_NOT_A_FILE)
    return address


def _postgresql_address(address: URL) -> URL:
    unknown = sorted(set(address.query) - _POSTGRESQL_OPTIONS)
    if unknown:
        raise ValueError(_UNKNOWN_OPTION.format(option=unknown[0]))
    if "sslmode" not in address.query:
        return address
    # The same thing under the name that asyncpg knows it by.
    query = dict(address.query)
    query["ssl"] = query.pop("sslmode")
    return address.set(query=query)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError("A moment without a time zone cannot be kept: say which zone it is in.")
    return moment.astimezone(UTC)


_NOT_OPENED = (
    "The database file {path} cannot be opened ({why}): check DATABASE_URL, that its folder is "
    "there, and that this user may write in it."
)
_NOT_AN_ADDRESS = (
    "DATABASE_URL is not an address we can use: write sqlite:///challenge.db "
    "or postgresql://user:password@host/database."
)
_NOT_A_FILE = (
    "DATABASE_URL must name a file and nothing else for SQLite, for example sqlite:///challenge.db."
)
_UNKNOWN_OPTION = (
    "DATABASE_URL has the option {option}, which we cannot pass on: only host, port and sslmode "
    "may follow the question mark."
)
_NOT_SET = (
    "The database would not set {name} to {wanted}, without which what it acknowledges may be lost "
    "or left readable, so it is not used."
)
