"""What the App Home asks of the database, which stays little however many challenges are closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert

from challenge.model import Notice, PersonId, Status, Told
from challenge.people import Line, Noted
from challenge.refusals import NotCoordinator
from storage.engine import SQLITE, Database
from storage.tables import CASE_KEYS, CHALLENGES, INVOLVED
from tests.makers import (
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    a_challenge,
    a_directory,
)
from tests.storage.conftest import NOW, THE_PROCEDURE, Kept, a_change

CLOSED = 10_000
OPEN = 3
Statement = tuple[str, Any]


@pytest.fixture
async def full(kept: Kept) -> Kept:
    """A few open challenges, and very many closed ones of the same person."""
    await kept.all_raised([1, 2, 3])
    pattern = (await kept.record(a_change(_closed(4))))[0]
    async with kept.database.writing() as connection:
        [row] = (
            await connection.execute(CHALLENGES.select().where(CHALLENGES.c.id == pattern.id))
        ).mappings()
        key = (
            (
                await connection.execute(
                    CASE_KEYS.select().where(CASE_KEYS.c.challenge_id == pattern.id)
                )
            )
            .mappings()
            .one()
        )
        ids = range(1_000, 1_000 + CLOSED)
        many = [{**row, "id": n, "reference": f"PC-2025-{n}", "sealed": b""} for n in ids]
        await connection.execute(insert(CHALLENGES), many)
        await connection.execute(insert(CASE_KEYS), [{**key, "challenge_id": n} for n in ids])
        involved = [{"challenge_id": n, "person": U_RAISER} for n in ids]
        await connection.execute(insert(INVOLVED), involved)
    return kept


def _closed(number: int) -> Any:
    return a_challenge(
        id=0,
        procedure=THE_PROCEDURE,
        reference=f"PC-2026-{number:04}",
        status=Status.SETTLED,
        closed_at=NOW,
    )


@contextmanager
def listening(database: Database) -> Iterator[list[Statement]]:
    """Every statement that is read with, and its parameters."""
    heard: list[Statement] = []

    def hear(_c: Any, _cur: Any, statement: str, parameters: Any, *_: Any) -> None:
        heard.append((statement, parameters))

    engine = database._reader.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


async def plans(kept: Kept, heard: list[Statement]) -> list[str]:
    """How SQLite goes about the statements that ask for challenges."""
    async with kept.database.reading() as connection:
        return [
            str(step.detail)
            for statement, parameters in list(heard)
            if "challenge" in statement
            for step in await connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
        ]


async def test_a_coordinators_page_reads_only_what_is_open(full: Kept):
    casework = full.casework()

    with listening(full.database) as heard:
        page, number = await casework.open_challenges(U_COORDINATOR, 0, 20)
        await casework.undelivered(U_COORDINATOR)

    assert (len(page), number) == (OPEN, OPEN)
    assert len(heard) < 30
    if full.database.dialect == SQLITE:
        steps = await plans(full, heard)
        assert not [step for step in steps if step.startswith("SCAN challenge")]
        assert not [step for step in steps if step.startswith("SCAN outbox ")]
        assert any("ix_challenge_status" in step for step in steps)


async def test_one_persons_open_challenges_are_found_among_ten_thousand_closed(full: Kept):
    casework = full.casework()

    with listening(full.database) as heard:
        mine = await casework.challenges_of(PersonId(U_CHALLENGED))

    assert len([c for c in mine if not c.is_closed]) == OPEN
    assert len(mine) == OPEN + 1
    assert len(heard) < 15
    if full.database.dialect == SQLITE:
        steps = await plans(full, heard)
        assert not [step for step in steps if step.startswith("SCAN challenge")]


async def test_what_slack_refused_is_listed_for_open_challenges_and_no_confidence_is(kept: Kept):
    confided = Notice(Told.CONFIDED, to=U_COORDINATOR)
    [one] = await kept.all_raised([1], Notice(Told.PROMPT, to=U_RAISER), confided)
    await kept.record(a_change(_closed(2), Notice(Told.CLOSED_PRIVATELY, to=U_RAISER)))
    for parcel in await kept.claim():
        await kept.outbox.given_up(parcel, "user_disabled", NOW)
    for parcel in await kept.claim():
        await kept.outbox.given_up(parcel, "user_disabled", NOW)

    [lost] = await kept.casework().undelivered(U_COORDINATOR)

    assert (lost.reference, lost.kind, lost.to) == (one.reference, Told.PROMPT, U_RAISER)
    assert (lost.why, lost.at) == ("user_disabled", NOW)


async def test_only_a_coordinator_is_shown_them(kept: Kept):
    with pytest.raises(NotCoordinator):
        await kept.casework().open_challenges(U_RAISER, 0, 20)
    with pytest.raises(NotCoordinator):
        await kept.casework().undelivered(U_RAISER)
    with pytest.raises(NotCoordinator):
        await kept.casework().day_book(U_RAISER, 0, 15)


async def test_the_day_book_is_read_a_page_at_a_time_and_without_who_said_that_all_is_right(
    kept: Kept,
):
    lines = [Line(Noted.ADDED, U_COORDINATOR, f"U{n}", {"name": f"{n}"}) for n in range(5)]
    right = Line(Noted.STILL_RIGHT, U_RAISER, U_RAISER)
    async with kept.files.desk() as desk:
        for line in (*lines[:3], right, *lines[3:]):
            await desk.write_line(line, NOW)
    casework = kept.casework()

    newest = await casework.day_book(U_COORDINATOR, 0, 3)
    older = await casework.day_book(U_COORDINATOR, 3, 3)

    assert [written.line for written in newest] == [lines[4], lines[3], lines[2]]
    assert [written.line for written in older] == [lines[1], lines[0]]
    assert newest[0].at == NOW


async def test_whoever_loads_a_directory_is_in_the_day_book(kept: Kept):
    await kept.casework().load_directory(a_directory())

    [written] = await kept.casework().day_book(U_COORDINATOR, 0, 9)

    assert written.line.kind is Noted.LOADED
    assert written.line.detail == {"people": "14", "agencies": "3"}


@pytest.mark.parametrize("act", ["UPDATE day_book SET about = 'x'", "DELETE FROM day_book"])
async def test_the_day_book_is_only_ever_added_to(kept: Kept, act: str):
    line = Line(Noted.AGENCY, U_COORDINATOR, "oak", {"name": "Oak"})
    async with kept.files.desk() as desk:
        await desk.write_line(line, NOW)

    with pytest.raises(Exception, match="only ever added to"):
        async with kept.database.writing() as connection:
            await connection.exec_driver_sql(act)

    assert await kept.numbers("SELECT count(*) FROM day_book") == [1]
