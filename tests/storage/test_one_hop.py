"""SQLite with one hop a statement: what was begun is ended, whoever stopped waiting for it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator

import pytest

from storage import one_hop
from storage.one_hop import OneHop
from tests.bot.waiting import eventually


@pytest.fixture
async def connection(tmp_path) -> AsyncIterator[OneHop]:
    opened = one_hop.connect(str(tmp_path / "any.db"), isolation_level=None, timeout=30)
    await opened
    yield opened
    await opened.close()


async def test_a_transaction_begins_with_its_first_statement(connection):
    connection.begin_with_the_next("BEGIN IMMEDIATE")
    assert not connection.in_transaction

    await connection.ask("SELECT 1", ())
    assert connection.in_transaction

    await connection.commit()
    assert not connection.in_transaction


async def test_one_that_never_began_is_over_when_it_is_ended(connection):
    connection.begin_with_the_next("BEGIN")
    await connection.rollback()

    await connection.ask("SELECT 1", ())
    assert not connection.in_transaction


async def test_what_begins_after_nobody_waits_for_it_any_more_is_undone(connection, tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "any.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        connection.begin_with_the_next("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(connection.ask("SELECT 1", ()))
        # Its thread has taken it up, and waits for the other one's lock.
        await eventually(lambda: not connection._to_begin)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

        undone = asyncio.create_task(connection.rollback())
        await asyncio.sleep(0)
        other.execute("ROLLBACK")
    await undone

    await connection.ask("SELECT 1", ())
    assert not connection.in_transaction
