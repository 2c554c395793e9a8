"""Databases to begin from: every migration once a run, and for each test a copy."""

import atexit
import shutil
from pathlib import Path
from tempfile import mkdtemp

from storage import migrations
from storage.directory import DirectoryBook
from storage.engine import Database
from tests.makers import a_directory
from tests.postgres import fresh_database

_FIRST: dict[tuple[str, bool], str] = {}


async def with_tables(kind: str, folder: Path, *, people: bool = False) -> str:
    """The address of a fresh database of that kind, with the tests' people in it if wanted."""
    first = _FIRST.get((kind, people))
    if first is None:
        first = _FIRST[kind, people] = await _furnished(kind, people=people)
    if kind == "sqlite":
        return f"sqlite:///{shutil.copy(first.removeprefix('sqlite:///'), folder)}"
    return await fresh_database(first)


async def _furnished(kind: str, *, people: bool) -> str:
    url = await fresh_database() if kind == "postgres" else f"sqlite:///{_elsewhere()}/challenge.db"
    database = Database.at(url)
    await migrations.upgrade(database)
    if people:
        await DirectoryBook(database).replace(a_directory())
    await database.dispose()
    return url


def _elsewhere() -> Path:
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
