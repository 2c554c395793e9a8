"""SQLite with one hop a statement: to its thread with the question, and back with every row.

aiosqlite hops four times for each (open a cursor, execute, fetch, close), and on a busy event
loop every hop waits its turn: a transaction of eight statements took three times as long. A BEGIN
goes along with the first statement, and nobody hops to end what never began.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from typing_extensions import override

Rows = list[Any]


def connect(path: str, **options: Any) -> "OneHop":
    """What SQLAlchemy calls for a new connection, as its `async_creator_fn`."""
    connection = OneHop(partial(sqlite3.connect, path, **options), iter_chunk_size=64)
    # One that was forgotten must not keep the process from ending.
    connection._thread.daemon = True
    return connection


class OneHop(aiosqlite.Connection):
    _to_begin = ""
    # Somebody stopped waiting for the thread, so nobody knows what it is doing.
    _unwatched = False

    def begin_with_the_next(self, how: str) -> None:
        """The transaction begins when the first statement does."""
        self._to_begin = how

    @override
    async def commit(self) -> None:
        if self._may_be_in_transaction():
            await self._hop(self._conn.commit)

    @override
    async def rollback(self) -> None:
        if self._may_be_in_transaction():
            await self._hop(self._conn.rollback)

    @override
    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def ask(self, sql: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, Rows]:
        answer: tuple[sqlite3.Cursor, Rows] = await self._hop(self._ask, sql, parameters)
        return answer

    async def ask_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        answer: sqlite3.Cursor = await self._hop(self._ask_many, sql, rows)
        return answer

    async def _hop(self, work: Callable[..., Any], *given: object) -> Any:
        try:
            return await self._execute(work, *given)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self._unwatched = True
            raise

    def _may_be_in_transaction(self) -> bool:
        self._to_begin = ""
        return self._unwatched or self.in_transaction

    # On the thread

    def _ask(self, sql: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, Rows]:
        self._begin()
        cursor = self._conn.execute(sql, parameters)
        return cursor, cursor.fetchall()

    def _ask_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        self._begin()
        return self._conn.executemany(sql, rows)

    def _begin(self) -> None:
        if self._to_begin:
            how, self._to_begin = self._to_begin, ""
            self._conn.execute(how)


class Cursor:
    """As much of a cursor as SQLAlchemy asks for; it holds rows and no statement."""

    arraysize = 1

    def __init__(self, connection: OneHop) -> None:
        self._connection = connection
        self._asked: sqlite3.Cursor | None = None
        self._rows: Rows = []

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        self._asked, self._rows = await self._connection.ask(sql, parameters)

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._asked = await self._connection.ask_many(sql, rows)

    async def fetchall(self) -> Rows:
        return self._rows

    async def close(self) -> None:
        self._rows = []

    @property
    def description(self) -> Any:
        return self._asked.description if self._asked else None

    @property
    def rowcount(self) -> int:
        return self._asked.rowcount if self._asked else -1

    @property
    def lastrowid(self) -> int | None:
        return self._asked.lastrowid if self._asked else None
