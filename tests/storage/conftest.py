"""A kept house: one migrated database of each kind, with files, outbox and directory over it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from challenge.casework import Casework, Due
from challenge.model import Challenge, Change, Entry, Happened, Notice
from challenge.procedure import Procedure
from storage.directory import DirectoryBook
from storage.engine import Database
from storage.files import Files
from storage.outbox import Outbox, Parcel
from storage.vault import Vault, new_master_key
from tests.databases import with_tables
from tests.makers import FRIDAY_TEN, a_challenge, a_procedure

settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("unhurried")

NOW = FRIDAY_TEN.now
LEASE = timedelta(seconds=60)
THE_PROCEDURE = a_procedure()


@dataclass
class Kept:
    """What a test needs; `now` is a clock that stands still until the test moves it."""

    url: str
    key: str = field(default_factory=new_master_key)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.database = Database.at(self.url)
        self.files = Files(self.database, Vault(self.key))
        self.outbox = Outbox(self.database)
        self.directory = DirectoryBook(self.database)

    def casework(self) -> Casework:
        return Casework(self.files, THE_PROCEDURE, lambda: self.now, lambda _: None)

    async def raised(self, *notices: Notice, number: int = 1, **changes: Any) -> Challenge:
        """A challenge on file: the first entry of its chronology, and these notices."""
        return (await self.all_raised([number], *notices, **changes))[0]

    async def all_raised(
        self, numbers: list[int], *notices: Notice, **changes: Any
    ) -> list[Challenge]:
        given: dict[str, Any] = {"id": 0, "procedure": THE_PROCEDURE, **changes}
        return await self.record(
            *(
                a_change(a_challenge(**{"reference": a_reference(n), **given}), *notices)
                for n in numbers
            )
        )

    async def record(self, *changes: Change, struck: tuple[Due, ...] = ()) -> list[Challenge]:
        async with self.files.desk() as desk:
            return await desk.record(changes, struck, self.now)

    async def taken(self, challenge_id: int) -> Challenge:
        async with self.files.desk() as desk:
            return (await desk.take([challenge_id]))[0]

    async def numbers(self, query: str) -> list[Any]:
        async with self.database.reading() as connection:
            return list((await connection.execute(text(query))).scalars())

    async def claim(
        self, most: int = 10, owner: str = "me", lease: timedelta = LEASE, **more: Any
    ) -> list[Parcel]:
        return await self.outbox.claim(self.now, most, lease, owner, **more)

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)


def a_reference(number: int) -> str:
    return f"PC-2026-{number:04}"


def an_entry(**changes: Any) -> Entry:
    return replace(Entry(Happened.SAID, None, "Something was said."), **changes)


def a_change(challenge: Challenge, *notices: Notice) -> Change:
    return Change(challenge, (an_entry(),), notices)


def other(procedure: Procedure, **settings: Any) -> Procedure:
    """A changed file under the same version."""
    return Procedure.read({**procedure.plain, **settings})


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    house = Kept(await with_tables(request.param, tmp_path, people=True))
    yield house
    await house.database.dispose()
