"""The directory as it is kept: replaced whole, or one person's leave and place in it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from challenge.directory import Agency, Away, Directory, Person
from challenge.model import AgencyKey, PersonId
from challenge.people import Line
from storage.engine import Database
from storage.recording import put
from storage.tables import AGENCIES, DAY_BOOK, PARTNERSHIP, PEOPLE, SETTINGS

VERSION = "directory version"
BUSINESS_UNIT, COORDINATORS, SCRUTINEER = "business_unit", "coordinators", "scrutineer"
AFTERCARE = "aftercare"
_VERSION = select(SETTINGS.c.value).where(SETTINGS.c.name == VERSION)


class DirectoryBook:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> Directory:
        async with self._database.reading() as connection:
            return await read_directory(connection)

    async def is_empty(self) -> bool:
        anyone = or_(exists(select(PEOPLE.c.id)), exists(select(PARTNERSHIP.c.person)))
        async with self._database.reading() as connection:
            return not (await connection.execute(select(anyone))).scalar_one()

    async def replace(self, directory: Directory) -> None:
        """Everyone at once: readers see the old directory or the new one, never half of each."""
        async with self._database.writing() as connection:
            await hold_directory(connection)
            await put_directory(connection, directory)

    async def set_away(self, person: PersonId, away: Sequence[Away]) -> bool:
        """False when nobody of that id is listed as a person."""
        return await self._change(person, away=_away_rows(away))

    async def set_active(self, person: PersonId, active: bool) -> bool:
        return await self._change(person, active=active)

    async def _change(self, person: PersonId, **values: Any) -> bool:
        async with self._database.writing() as connection:
            await hold_directory(connection)
            found = await connection.execute(
                update(PEOPLE).where(PEOPLE.c.id == person).values(**values).returning(PEOPLE.c.id)
            )
            return found.one_or_none() is not None


async def directory_version(connection: AsyncConnection) -> int:
    found = await connection.execute(_VERSION)
    return int(found.scalar_one_or_none() or 0)


async def read_directory(connection: AsyncConnection) -> Directory:
    a, p = AGENCIES.c, PEOPLE.c
    agencies = await connection.execute(select(AGENCIES).order_by(a.position, a.key))
    people = await connection.execute(select(PEOPLE).order_by(p.position, p.id))
    roles = await _partnership(connection)
    return Directory(
        agencies=tuple(_agency(row) for row in agencies),
        people=tuple(_person(row) for row in people),
        business_unit=roles[BUSINESS_UNIT],
        coordinators=roles[COORDINATORS],
        scrutineer=roles[SCRUTINEER],
        aftercare=roles[AFTERCARE],
        version=await directory_version(connection),
    )


async def _partnership(connection: AsyncConnection) -> dict[str, tuple[PersonId, ...]]:
    roles = (BUSINESS_UNIT, COORDINATORS, SCRUTINEER, AFTERCARE)
    found: dict[str, tuple[PersonId, ...]] = dict.fromkeys(roles, ())
    for row in await connection.execute(select(PARTNERSHIP).order_by(PARTNERSHIP.c.position)):
        found[row.role] = (*found[row.role], PersonId(row.person))
    return found


async def put_directory(connection: AsyncConnection, directory: Directory) -> None:
    """In the place of the one that is held."""
    for table in (PEOPLE, AGENCIES):
        await connection.execute(delete(table))
    await _fill(connection, AGENCIES, _agency_rows(directory))
    await _fill(connection, PEOPLE, _person_rows(enumerate(directory.people)))
    await _put_partnership(connection, directory)


async def put_changes(connection: AsyncConnection, before: Directory, after: Directory) -> None:
    """As `put_directory`, and only the rows that are others now: mostly one of thousands.

    People refer to their agency, so when agencies change everything is written anew.
    """
    if before.agencies == after.agencies:
        await _put_people(connection, before, after)
        await _put_partnership(connection, after)
    else:
        await put_directory(connection, after)


async def _put_people(connection: AsyncConnection, before: Directory, after: Directory) -> None:
    was = {person.id: (at, person) for at, person in enumerate(before.people)}
    now = {person.id: (at, person) for at, person in enumerate(after.people)}
    stale = [{"who": who} for who, entry in was.items() if now.get(who) != entry]
    if stale:
        await connection.execute(delete(PEOPLE).where(PEOPLE.c.id == bindparam("who")), stale)
    fresh = (entry for who, entry in now.items() if was.get(who) != entry)
    await _fill(connection, PEOPLE, _person_rows(fresh))


async def _put_partnership(connection: AsyncConnection, directory: Directory) -> None:
    await connection.execute(delete(PARTNERSHIP))
    await _fill(connection, PARTNERSHIP, _partnership_rows(directory))


async def write_line(connection: AsyncConnection, line: Line, now: datetime) -> None:
    """Into the day book."""
    said = {"kind": line.kind.value, "by": line.by, "about": line.about}
    row = insert(DAY_BOOK).values(at=now, detail=dict(line.detail), **said)
    await connection.execute(row)


async def hold_directory(connection: AsyncConnection) -> None:
    """First of all, so that two who change the directory at once go one after the other."""
    first = put(connection, SETTINGS).values(name=VERSION, value="0").on_conflict_do_nothing()
    await connection.execute(first)
    held = select(SETTINGS.c.value).where(SETTINGS.c.name == VERSION).with_for_update()
    version = int((await connection.execute(held)).scalar_one())
    await connection.execute(
        update(SETTINGS).where(SETTINGS.c.name == VERSION).values(value=str(version + 1))
    )


async def _fill(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(table), rows)


def _agency_rows(directory: Directory) -> list[dict[str, Any]]:
    return [
        {
            "key": agency.key,
            "name": agency.name,
            "equivalents": [list(pair) for pair in agency.equivalents],
            "position": position,
        }
        for position, agency in enumerate(directory.agencies)
    ]


def _person_rows(people: Iterable[tuple[int, Person]]) -> list[dict[str, Any]]:
    return [
        {
            "id": person.id,
            "name": person.name,
            "agency": person.agency,
            "role": person.role,
            "line_manager": person.line_manager,
            "deputy": person.deputy,
            "away": _away_rows(person.away),
            "active": person.active,
            "position": position,
            "provisional": person.provisional,
            "last_confirmed": person.last_confirmed,
            "asked": person.asked,
            "new_manager": person.new_manager,
        }
        for position, person in people
    ]


def _partnership_rows(directory: Directory) -> list[dict[str, Any]]:
    roles = {
        BUSINESS_UNIT: directory.business_unit,
        COORDINATORS: directory.coordinators,
        SCRUTINEER: directory.scrutineer,
        AFTERCARE: directory.aftercare,
    }
    return [
        {"role": role, "person": person, "position": position}
        for role, people in roles.items()
        for position, person in enumerate(people)
    ]


def _away_rows(away: Iterable[Away]) -> list[list[str]]:
    return [[leave.first.isoformat(), leave.last.isoformat()] for leave in away]


def _agency(row: Row[Any]) -> Agency:
    named = tuple((role, PersonId(who)) for role, who in row.equivalents)
    return Agency(AgencyKey(row.key), row.name, named)


def _person(row: Row[Any]) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        agency=AgencyKey(row.agency),
        role=row.role,
        line_manager=PersonId(row.line_manager) if row.line_manager else None,
        deputy=PersonId(row.deputy) if row.deputy else None,
        away=tuple(
            Away(date.fromisoformat(first), date.fromisoformat(last)) for first, last in row.away
        ),
        active=row.active,
        provisional=row.provisional,
        last_confirmed=row.last_confirmed,
        asked=row.asked,
        new_manager=PersonId(row.new_manager) if row.new_manager is not None else None,
    )
