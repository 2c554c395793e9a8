"""The main story is told in both modes and on both databases; others where their promise lies."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.databases import with_tables
from tests.journeys.story import Story, told_in

WAYS = [
    pytest.param(("socket", "sqlite"), id="socket-sqlite"),
    pytest.param(("http", "sqlite"), id="http-sqlite"),
    pytest.param(("socket", "postgres"), id="socket-postgres", marks=pytest.mark.postgres),
    pytest.param(("http", "postgres"), id="http-postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(params=WAYS)
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    mode, kind = request.param
    async with told_in(tmp_path, await with_tables(kind, tmp_path), mode) as story:
        yield story
        assert not story.complaints


Telling = Callable[..., AbstractAsyncContextManager[Story]]


@pytest.fixture(params=[WAYS[0], WAYS[3]])
async def two_ways(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    """Each mode once and each database once, for stories that lean on both a little."""
    mode, kind = request.param
    async with told_in(tmp_path, await with_tables(kind, tmp_path), mode) as story:
        yield story
        assert not story.complaints


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    """For stories whose point is a race in the database; the mode is neither here nor there."""
    async with told_in(tmp_path, await with_tables(request.param, tmp_path), "http") as story:
        yield story
        assert not story.complaints


@pytest.fixture
def telling(tmp_path: Path) -> Telling:
    """For stories with another start, other people or another procedure than usual."""

    @asynccontextmanager
    async def tell(**how: Any) -> AsyncIterator[Story]:
        url = await with_tables("sqlite", tmp_path)
        async with told_in(tmp_path, url, "socket", **how) as story:
            yield story
            assert not story.complaints

    return tell


@pytest.fixture
async def one_way(tmp_path: Path) -> AsyncIterator[Story]:
    """For stories whose point is neither the mode nor the database: Socket Mode on SQLite."""
    url = await with_tables("sqlite", tmp_path)
    async with told_in(tmp_path, url, "socket") as story:
        yield story
        assert not story.complaints
