"""The directory comes back as it was put in, whole, and its version counts every change."""

import asyncio
import dataclasses
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from challenge import people
from challenge.directory import NOBODY, Agency, Away, Directory, Person
from challenge.model import AgencyKey, PersonId
from storage.directory import DirectoryBook
from tests.makers import FRIDAY_TEN, U_GUEST, U_RAISER, U_UNIT, a_directory, the_person
from tests.storage.conftest import NOW, Kept

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
EQUIVALENTS = st.sampled_from([(), (("line manager", PersonId("U1")),)])
IDS = st.from_regex(r"U[A-Z0-9]{2,6}", fullmatch=True).map(PersonId)
AWAY = st.lists(st.builds(Away, st.dates(), st.dates()), max_size=3).map(tuple)


@st.composite
def directories(draw):
    keys = draw(st.lists(NAMES.map(AgencyKey), min_size=1, max_size=4, unique=True))
    ids = draw(st.lists(IDS, max_size=8, unique=True))
    several = st.lists(IDS, max_size=3, unique=True).map(tuple)
    people = (
        draw(
            st.builds(
                Person,
                id=st.just(who),
                name=NAMES,
                agency=st.sampled_from(keys),
                role=NAMES,
                line_manager=st.none() | IDS,
                deputy=st.none() | IDS,
                new_manager=st.none() | st.just(NOBODY) | IDS,
                away=AWAY,
                active=st.booleans(),
            )
        )
        for who in ids
    )
    agencies = tuple(Agency(key, draw(NAMES), draw(EQUIVALENTS)) for key in keys)
    return Directory(agencies, tuple(people), draw(several), draw(several), draw(several))


@settings(max_examples=25)
@given(directories())
async def test_a_directory_comes_back_as_it_was_put_in(kept: Kept, directory):
    before = await kept.directory.read()

    await kept.directory.replace(directory)

    after = await kept.directory.read()
    assert after == directory
    assert after.version == before.version + 1


@settings(max_examples=25)
@given(directories(), directories(), st.randoms())
async def test_what_is_kept_of_a_change_is_the_whole_new_directory(kept: Kept, before, after, dice):
    await kept.directory.replace(before)
    # Some stay as they were, some are others, some are new and some are gone, in any order.
    mixed = {person.id: person for person in (*before.people, *after.people)}
    few = dice.sample(list(mixed.values()), dice.randint(0, len(mixed)))
    keys = {person.agency for person in few}
    same = dice.random() < 0.5 and keys <= {agency.key for agency in before.agencies}
    listed = {agency.key: agency for agency in (*before.agencies, *after.agencies)}
    agencies = before.agencies if same else tuple(listed.values())
    changed = dataclasses.replace(after, people=tuple(few), agencies=agencies)

    async with kept.files.desk() as desk:
        await desk.hold_directory()
        await desk.keep_directory(changed, [], NOW)

    assert await kept.directory.read() == changed


async def test_to_change_one_of_five_thousand_writes_one_row(kept: Kept):
    crowd = tuple(
        the_person(U_RAISER, id=PersonId(f"U{n}"), name=f"Name {n}") for n in range(5_000)
    )
    await kept.directory.replace(a_directory(*crowd))
    written: list[int] = []

    def hear(_c: Any, _cur: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        if statement.startswith(("DELETE FROM person", "INSERT INTO person")):
            written.append(len(parameters) if many else 1)

    engine = kept.database._writer.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    await kept.casework().rearrange(people.still_right, by=PersonId("U4321"))

    assert sum(written) == 2
    changed = (await kept.directory.read()).person(PersonId("U4321"))
    assert changed is not None
    assert changed.last_confirmed == FRIDAY_TEN.today


async def test_a_directory_of_nobody_is_empty(kept: Kept):
    assert not await kept.directory.is_empty()

    await kept.directory.replace(Directory())
    assert await kept.directory.is_empty()

    await kept.directory.replace(Directory(business_unit=(U_UNIT,)))
    assert not await kept.directory.is_empty()


async def test_leave_and_leaving_change_one_person_alone(kept: Kept):
    leave = (Away(date(2026, 12, 24), date(2027, 1, 2)),)

    assert await kept.directory.set_away(U_RAISER, leave)
    assert await kept.directory.set_active(U_RAISER, active=False)

    assert await kept.directory.read() == a_directory(
        the_person(U_RAISER, away=leave, active=False)
    )


async def test_nobody_can_be_changed_who_is_not_listed(kept: Kept):
    assert not await kept.directory.set_away(U_GUEST, ())
    assert not await kept.directory.set_active(U_GUEST, active=True)


async def test_readers_never_see_half_of_a_new_directory(kept: Kept):
    whole = {len(a_directory().people), 0}
    book: DirectoryBook = kept.directory

    async def swap() -> None:
        for directory in (Directory(), a_directory()) * 5:
            await book.replace(directory)

    async def look() -> set[int]:
        return {len((await book.read()).people) for _ in range(20)}

    _, seen = await asyncio.gather(swap(), look())

    assert seen <= whole


async def test_when_somebody_was_asked_and_confirmed_is_kept(kept: Kept):
    day = date(2026, 3, 1)
    directory = a_directory(
        the_person(U_RAISER, provisional=True, last_confirmed=day, asked=date(2026, 3, 2))
    )

    await kept.directory.replace(directory)

    assert await kept.directory.read() == directory


async def test_two_who_rearrange_the_directory_at_once_go_one_after_the_other(kept: Kept):
    casework = kept.casework()
    leave = {"first": date(2026, 3, 9), "last": date(2026, 3, 10)}

    await asyncio.gather(
        *(
            casework.rearrange(people.set_leave, by=person.id, person=person.id, **leave)
            for person in a_directory().people
        )
    )

    assert all(person.away for person in (await casework.directory()).people)
