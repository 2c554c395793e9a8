"""The case files: where challenges are taken from, and where every change of them is put."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from challenge import casework
from challenge.aftercare import Confidence
from challenge.casework import Due, Home, Posted, Undelivered
from challenge.directory import Directory
from challenge.follow_up import OVERDUE
from challenge.model import CLOSED, Challenge, Change, PersonId, Recorded, Status, Told
from challenge.people import Line, Noted, Written
from challenge.reckoning import DayOff
from challenge.scribe import Note
from storage.calendar import days_off_reckoned, learn_days_off
from storage.chain import EMPTY, Break, Head, Link, Walk
from storage.directory import (
    directory_version,
    hold_directory,
    put_changes,
    read_directory,
    write_line,
)
from storage.engine import Database, UtcDateTime, UtcText
from storage.forms import (
    Locksmith,
    Procedures,
    open_challenge,
    open_confidence,
    open_draft,
    open_entry,
    seal_draft,
)
from storage.recording import LostRace, Recorder, put
from storage.tables import (
    CASE_KEYS,
    CHAIN_HEAD,
    CHALLENGES,
    CONFIDENCES,
    COUNTERS,
    DAY_BOOK,
    DEAD,
    DEADLINES,
    DRAFTS,
    ENTRIES,
    HEARD,
    HOMES,
    INVOLVED,
    OUTBOX,
    PROCEDURES,
    SENT,
    SETTINGS,
)
from storage.vault import Vault, WrappedKey

__all__ = ["Desk", "Files", "LostRace", "Shelf"]

CANARY = "vault canary"
_LINKS_AT_ONCE = 2_000
_CLOSED = [status.value for status in CLOSED]
# By name, so that the index leads straight to the few that are open among the many that are not.
_STILL_OPEN = [status.value for status in Status if status not in CLOSED]


class Files(casework.CaseFiles):
    """One database of case files, and the vault that opens them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._memory = _Memory(vault)

    @override
    @asynccontextmanager
    async def desk(self) -> AsyncIterator["Desk"]:
        async with self._database.writing() as connection:
            yield Desk(connection, self._memory)

    @override
    @asynccontextmanager
    async def shelf(self) -> AsyncIterator["Shelf"]:
        async with self._database.reading() as connection:
            yield Shelf(connection, self._memory)

    async def check_key(self) -> None:
        """At every start: KeyMissing or SealBroken when these keys are not this database's."""
        vault = self._memory.locksmith.vault
        async with self._database.writing() as connection:
            await connection.execute(
                put(connection, SETTINGS)
                .values(name=CANARY, value=vault.canary().hex())
                .on_conflict_do_nothing()
            )
            s = SETTINGS.c
            kept = await connection.execute(select(s.value).where(s.name == CANARY))
            vault.check(bytes.fromhex(kept.scalar_one()))

    async def rewrap_keys(self, most: int = 1_000) -> int:
        """Puts that many case keys under the newest master key; call until it answers 0.

        Then the older master keys open nothing any more but drafts, which last a day.
        """
        locksmith = self._memory.locksmith
        async with self._database.writing() as connection:
            rows = (await connection.execute(_keys_not_under(locksmith.vault.newest, most))).all()
            if rows:
                await connection.execute(
                    _REWRAP, [_rewrapped(row, locksmith.vault) for row in rows]
                )
            else:
                canary = update(SETTINGS).where(SETTINGS.c.name == CANARY)
                await connection.execute(canary.values(value=locksmith.vault.canary().hex()))
        return len(rows)

    async def first_break(self, anchors: Iterable[Head] = ()) -> Break | None:
        """The first entry of the whole chronology that does not hold; None when all of it does."""
        walk = Walk(anchors)
        async with self.shelf() as shelf:
            head = await shelf.head()
            async for page in shelf.chain_pages():
                if broken := walk.along(page):
                    return broken
            return walk.end(head)


class _Memory:
    """What the files remember between transactions; all of it could be read again."""

    def __init__(self, vault: Vault) -> None:
        self.locksmith = Locksmith(vault)
        self.procedures = Procedures()
        self.directory: Directory | None = None


class _Reader:
    """What both may do: find challenges, and the directory."""

    def __init__(self, connection: AsyncConnection, memory: _Memory) -> None:
        self._connection = connection
        self._memory = memory

    async def directory(self) -> Directory:
        version = await directory_version(self._connection)
        known = self._memory.directory
        if known is None or known.version != version:
            known = self._memory.directory = await read_directory(self._connection)
        return known

    async def confirmed_stages(self) -> frozenset[str]:
        b = DAY_BOOK.c
        query = select(b.about).where(b.kind == Noted.STAGE_CONFIRMED.value)
        return frozenset((await self._connection.execute(query)).scalars())

    async def confidences(self, challenge_id: int) -> list[Confidence]:
        f = CONFIDENCES.c
        rows = await self._connection.execute(
            select(CONFIDENCES, CASE_KEYS.c.key_id, CASE_KEYS.c.wrapped)
            .join(CASE_KEYS, CASE_KEYS.c.challenge_id == f.challenge_id)
            .where(f.challenge_id == challenge_id)
            .order_by(f.at, f.id)
        )
        locksmith = self._memory.locksmith
        return [open_confidence(row, locksmith.key(row.key_id, row.wrapped)) for row in rows]

    async def _challenges(
        self, query: Select[Any], given: dict[str, Any] | None = None
    ) -> list[Challenge]:
        rows = (await self._connection.execute(query, given)).all()
        await self._learn_procedures({row.procedure for row in rows})
        return [self._challenge(row) for row in rows]

    async def _learn_procedures(self, keys: set[str]) -> None:
        procedures = self._memory.procedures
        strange = [key for key in keys if procedures.known(key) is None]
        if strange:
            p = PROCEDURES.c
            query = select(p.key, p.plain).where(p.key.in_(strange))
            for row in await self._connection.execute(query):
                procedures.remember(row.key, row.plain)

    def _challenge(self, row: Row[Any]) -> Challenge:
        procedure = self._memory.procedures.known(row.procedure)
        if procedure is None:
            raise LookupError(f"The procedure {row.procedure} is missing from the database.")
        key = self._memory.locksmith.key(row.key_id, row.wrapped)
        return open_challenge(row.sealed, row.id, procedure, key)


class Desk(_Reader, casework.Desk):
    """One writing transaction."""

    def __init__(self, connection: AsyncConnection, memory: _Memory) -> None:
        super().__init__(connection, memory)
        self._recorder = Recorder(connection, memory.locksmith, memory.procedures)
        self._held = Directory()

    @override
    async def hold_directory(self) -> Directory:
        await hold_directory(self._connection)
        # Not remembered: it has the number of the one that will take its place.
        self._held = await read_directory(self._connection)
        return self._held

    @override
    async def keep_directory(
        self, directory: Directory, lines: Sequence[Line], now: datetime
    ) -> None:
        await put_changes(self._connection, self._held, directory)
        for line in lines:
            await self.write_line(line, now)

    @override
    async def write_line(self, line: Line, now: datetime) -> None:
        await write_line(self._connection, line, now)

    @override
    async def open_with(self, people: Collection[PersonId]) -> list[int]:
        c, i = CHALLENGES.c, INVOLVED.c
        query = (
            select(c.id)
            .distinct()
            .join(INVOLVED, i.challenge_id == c.id)
            .where(i.person.in_(people), c.status.in_(_STILL_OPEN))
            .order_by(c.id)
        )
        return list((await self._connection.execute(query)).scalars())

    @override
    async def hear(self, keys: Sequence[str], now: datetime) -> set[str]:
        if not keys:
            return set()
        # In order, so that two who hear the same keys do not wait for each other.
        rows = [{"key": key, "at": now} for key in sorted(set(keys))]
        heard = put(self._connection, HEARD).on_conflict_do_nothing().returning(HEARD.c.key)
        return set((await self._connection.execute(heard, rows)).scalars())

    @override
    async def forget_heard(self, before: datetime) -> None:
        await self._connection.execute(delete(HEARD).where(HEARD.c.at < before))

    @override
    async def next_reference(self, year: int) -> str:
        first = put(self._connection, COUNTERS).values(year=year, number=1)
        following = first.on_conflict_do_update(
            index_elements=[COUNTERS.c.year], set_={"number": COUNTERS.c.number + 1}
        ).returning(COUNTERS.c.number)
        number: int = (await self._connection.execute(following)).scalar_one()
        return f"PC-{year}-{number:04}"

    @override
    async def take(self, ids: Sequence[int]) -> list[Challenge]:
        """In the order asked for."""
        found = await self._challenges(_HELD, {"ids": list(ids)})
        by_id = {challenge.id: challenge for challenge in found}
        return [by_id[id] for id in dict.fromkeys(ids) if id in by_id]

    @override
    async def hold_due(self, due: Sequence[Due]) -> tuple[list[Challenge], list[Due]]:
        ids = list({id for id, _ in due})
        challenges = await self._challenges(_HELD_UNLESS_LOCKED, {"ids": ids})
        # Asked again now that they are held: another may have acted on them in between.
        d = DEADLINES.c
        waiting = await self._connection.execute(
            select(d.challenge_id, d.key).where(
                d.challenge_id.in_(c.id for c in challenges), d.done_at.is_(None)
            )
        )
        still = {(row.challenge_id, row.key) for row in waiting}
        return challenges, [one for one in due if one in still]

    @override
    async def record(
        self, changes: Sequence[Change], struck: Sequence[Due], now: datetime
    ) -> list[Challenge]:
        """Raises LostRace when a challenge is no longer as it was taken."""
        return await self._recorder.record(changes, struck, now)

    @override
    async def note(self, notes: Sequence[Note], now: datetime) -> None:
        await self._recorder.note([(note.challenge_id, note.entry) for note in notes], now)

    @override
    async def keep_draft(
        self, draft: str, by: PersonId, answers: Mapping[str, Any], now: datetime
    ) -> None:
        sealed = seal_draft(self._memory.locksmith.vault, draft, by, answers)
        kept = put(self._connection, DRAFTS).values(id=draft, by=by, at=now, sealed=sealed)
        # Another person's draft of the same id is not theirs to overwrite.
        again = kept.on_conflict_do_update(
            index_elements=[DRAFTS.c.id],
            set_={"at": kept.excluded.at, "sealed": kept.excluded.sealed},
            where=DRAFTS.c.by == by,
        )
        await self._connection.execute(again)

    @override
    async def drop_drafts(self, before: datetime) -> None:
        await self._connection.execute(delete(DRAFTS).where(DRAFTS.c.at < before))

    @override
    async def keep_home(self, home: Home) -> None:
        kept = put(self._connection, HOMES).values(asdict(home))
        columns = {name: kept.excluded[name] for name in ("page", "hash", "opened")}
        await self._connection.execute(
            kept.on_conflict_do_update(index_elements=[HOMES.c.person], set_=columns)
        )

    @override
    async def home_redrawn(self, before: Home, home: Home) -> None:
        h = HOMES.c
        stood = update(HOMES).where(h.person == before.person, h.hash == before.hash)
        await self._connection.execute(stood.values(page=home.page, hash=home.hash))

    @override
    async def forget_home(self, person: PersonId) -> None:
        await self._connection.execute(delete(HOMES).where(HOMES.c.person == person))

    @override
    async def confide(self, challenge_id: int, confidence: Confidence, now: datetime) -> None:
        await self._recorder.confide(challenge_id, confidence, now)

    @override
    async def return_confidence(self, challenge_id: int, id: str) -> bool:
        kept = await self.confidences(challenge_id)
        found = next((c for c in kept if c.id == id and not c.returned), None)
        if found:
            await self._recorder.keep_confidence(challenge_id, replace(found, returned=True))
        return found is not None

    @override
    async def learn_days_off(self, days: Sequence[date], now: datetime) -> tuple[DayOff, ...]:
        return await learn_days_off(self._connection, days, now)

    @override
    async def days_off_reckoned(self, now: datetime) -> None:
        await days_off_reckoned(self._connection, now)

    async def forget(self, ids: Collection[int]) -> None:
        """Destroys the keys of closed challenges, and whatever would have opened with them.

        What is left says that a challenge was there, and the chain still holds over its sealed
        entries. In SQLite's log the keys go at the next checkpoint.
        """
        c = CHALLENGES.c
        closed = update(CHALLENGES).where(c.id.in_(ids), c.status.in_(_CLOSED)).returning(c.id)
        emptied = await self._connection.execute(closed.values(sealed=b"", version=c.version + 1))
        gone = list(emptied.scalars())
        for table in (CASE_KEYS, INVOLVED, CONFIDENCES):
            await self._connection.execute(delete(table).where(table.c.challenge_id.in_(gone)))
        d = DEADLINES.c
        await self._connection.execute(
            delete(DEADLINES).where(d.challenge_id.in_(gone), d.done_at.is_(None))
        )


class Shelf(_Reader, casework.Shelf):
    """One steady picture, for reading."""

    @override
    async def challenge(self, reference: str) -> Challenge | None:
        return await self._one(_BY_REFERENCE, {"reference": reference})

    @override
    async def challenge_by_id(self, challenge_id: int) -> Challenge | None:
        return await self._one(_BY_ID, {"id": challenge_id})

    @override
    async def challenges_of(self, person: PersonId, closed: int) -> list[Challenge]:
        c, i = CHALLENGES.c, INVOLVED.c
        mine = select(c.id).join(INVOLVED, i.challenge_id == c.id).where(i.person == person)
        # The ids first: what is sealed is heavy, and of the closed only a few are shown.
        latest = mine.where(c.status.in_(_CLOSED)).order_by(c.closed_at.desc()).limit(closed)
        still_open = await self._challenges(
            _CHALLENGES.where(c.id.in_(mine.where(c.status.in_(_STILL_OPEN)))).order_by(c.id)
        )
        chosen = select(latest.subquery().c.id)
        owed = mine.where(c.status == Status.SETTLED.value, _STILL_OWED)
        wanted = or_(c.id.in_(chosen), c.id.in_(owed))
        shown = _CHALLENGES.where(wanted).order_by(c.closed_at.desc())
        return [*still_open, *await self._challenges(shown)]

    @override
    async def on_the_clock(self) -> list[int]:
        d = DEADLINES.c
        waiting = select(d.challenge_id).where(d.done_at.is_(None)).distinct()
        return list(await self._connection.scalars(waiting.order_by(d.challenge_id)))

    @override
    async def open_challenges(self, skip: int, most: int) -> list[Challenge]:
        c = CHALLENGES.c
        page = _OPEN_ONES.with_only_columns(c.id).order_by(c.id).offset(skip).limit(most)
        chosen = select(page.subquery().c.id)
        return await self._challenges(_CHALLENGES.where(c.id.in_(chosen)).order_by(c.id))

    @override
    async def count_open(self) -> int:
        number: int = (await self._connection.execute(_COUNT_OPEN)).scalar_one()
        return number

    @override
    async def undelivered(self, most: int) -> list[Undelivered]:
        rows = await self._connection.execute(_UNDELIVERED.limit(most))
        return [
            Undelivered(
                row.reference,
                Told(row.kind),
                PersonId(row.to) if row.to is not None else None,
                row.ended,
                row.why,
            )
            for row in rows
        ]

    @override
    async def day_book(self, skip: int, most: int) -> list[Written]:
        b = DAY_BOOK.c
        lines = select(DAY_BOOK).where(b.kind != Noted.STILL_RIGHT.value)
        rows = await self._connection.execute(lines.order_by(b.id.desc()).offset(skip).limit(most))
        return [_written(row) for row in rows]

    @override
    async def due(self, now: datetime, most: int) -> list[Due]:
        rows = await self._connection.execute(_DUE, {"now": now, "most": most})
        return [(row.challenge_id, row.key) for row in rows]

    @override
    async def next_due(self) -> datetime | None:
        first = await self._connection.execute(_NEXT_DUE)
        due: datetime | None = first.scalar_one()
        return due

    @override
    async def without_clock(self) -> list[str]:
        c, d = CHALLENGES.c, DEADLINES.c
        running = exists().where(d.challenge_id == c.id, d.done_at.is_(None))
        rows = await self._connection.execute(
            select(c.reference).where(c.status.not_in(_CLOSED), ~running).order_by(c.id)
        )
        return list(rows.scalars())

    @override
    async def chronology(self, challenge_id: int) -> list[Recorded]:
        rows = await self._connection.execute(_ENTRIES, {"of": challenge_id})
        return [
            open_entry(row, self._memory.locksmith.key(row.key_id, row.wrapped)) for row in rows
        ]

    @override
    async def challenge_in(self, channel: str) -> int | None:
        found = await self._connection.execute(_IN_CHANNEL, {"there": channel})
        challenge_id: int | None = found.scalar_one_or_none()
        return challenge_id

    @override
    async def open_spaces(self) -> list[tuple[int, str]]:
        c = CHALLENGES.c
        rows = await self._connection.execute(
            select(c.id, c.channel).where(c.channel.is_not(None), c.status.not_in(_CLOSED))
        )
        return [(row.id, row.channel) for row in rows]

    @override
    async def posted(self, channel: str, ts: str) -> Posted | None:
        """The latest word there: a card that was drawn anew is one message still."""
        rows = await self._connection.execute(_POSTED, {"there": channel, "then": ts})
        row = rows.one_or_none()
        return Posted(row.challenge_id, Told(row.kind)) if row else None

    @override
    async def draft(self, draft: str, by: PersonId) -> dict[str, Any] | None:
        d = DRAFTS.c
        found = await self._connection.execute(select(d.sealed).where(d.id == draft, d.by == by))
        sealed: bytes | None = found.scalar_one_or_none()
        return open_draft(self._memory.locksmith.vault, draft, by, sealed) if sealed else None

    @override
    async def home(self, person: PersonId) -> Home | None:
        found = await self._homes(HOMES.c.person == person)
        return found[0] if found else None

    @override
    async def homes(self, people: Collection[PersonId]) -> list[Home]:
        return await self._homes(or_(HOMES.c.person.in_(people), HOMES.c.page.is_not(None)))

    @override
    async def homes_opened(self, since: datetime) -> list[Home]:
        return await self._homes(HOMES.c.opened >= since)

    async def _homes(self, which: ColumnElement[bool]) -> list[Home]:
        latest_first = select(HOMES).where(which).order_by(HOMES.c.opened.desc(), HOMES.c.person)
        rows = await self._connection.execute(latest_first)
        return [Home(PersonId(r.person), r.page, r.hash, r.opened) for r in rows]

    async def head(self) -> Head:
        """Where the chain ends in this picture; kept elsewhere, an anchor."""
        h = CHAIN_HEAD.c
        row = (await self._connection.execute(select(h.seq, h.hash))).one_or_none()
        return Head(row.seq, row.hash) if row else EMPTY

    async def chain_pages(self) -> AsyncIterator[list[Link]]:
        """Every entry in order of seq, a page at a time; no key is needed."""
        reached = 0
        while True:
            rows = await self._connection.execute(_LINKS, {"after": reached})
            page = [Link._make(row) for row in rows]
            yield page
            if len(page) < _LINKS_AT_ONCE:
                return
            reached = page[-1].seq

    async def whose(self, seq: int) -> str | None:
        """The reference of the challenge that an entry belongs to; None when it is missing."""
        query = _OWNED.with_only_columns(CHALLENGES.c.reference).where(ENTRIES.c.seq == seq)
        reference: str | None = (await self._connection.execute(query)).scalar_one_or_none()
        return reference

    async def count_entries(self, reference: str) -> int:
        query = _OWNED.with_only_columns(func.count()).where(CHALLENGES.c.reference == reference)
        number: int = (await self._connection.execute(query)).scalar_one()
        return number

    async def _one(self, query: Select[Any], given: dict[str, Any]) -> Challenge | None:
        found = await self._challenges(query, given)
        return found[0] if found else None


def _written(row: Row[Any]) -> Written:
    by = PersonId(row.by) if row.by is not None else None
    return Written(Line(Noted(row.kind), by, row.about, row.detail), row.at)


_CHALLENGES = select(
    CHALLENGES.c.id,
    CHALLENGES.c.procedure,
    CHALLENGES.c.sealed,
    CASE_KEYS.c.key_id,
    CASE_KEYS.c.wrapped,
).join(CASE_KEYS, CASE_KEYS.c.challenge_id == CHALLENGES.c.id)
_BY_ID = _CHALLENGES.where(CHALLENGES.c.id == bindparam("id"))
_BY_REFERENCE = _CHALLENGES.where(CHALLENGES.c.reference == bindparam("reference"))
_IN_CHANNEL = select(CHALLENGES.c.id).where(CHALLENGES.c.channel == bindparam("there"))
_THESE = _CHALLENGES.where(CHALLENGES.c.id.in_(bindparam("ids", expanding=True))).order_by(
    CHALLENGES.c.id
)
# For no one else to change; others may still write in their chronology meanwhile.
_HELD = _THESE.with_for_update(of=CHALLENGES, key_share=True)
_HELD_UNLESS_LOCKED = _THESE.with_for_update(of=CHALLENGES, key_share=True, skip_locked=True)
_WAITING = DEADLINES.c.done_at.is_(None)
_NEXT_DUE = select(func.min(DEADLINES.c.due_at)).where(_WAITING)
_DUE = (
    select(DEADLINES.c.challenge_id, DEADLINES.c.key)
    .where(_WAITING, DEADLINES.c.due_at <= bindparam("now", type_=UtcDateTime()))
    .order_by(DEADLINES.c.due_at, DEADLINES.c.id)
    .limit(bindparam("most", type_=Integer()))
)
_POSTED = (
    select(OUTBOX.c.challenge_id, OUTBOX.c.kind)
    .where(
        OUTBOX.c.channel == bindparam("there"),
        OUTBOX.c.ts == bindparam("then"),
        OUTBOX.c.state == SENT,
    )
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_OPEN_ONES = select(CHALLENGES).where(CHALLENGES.c.status.in_(_STILL_OPEN))
_COUNT_OPEN = (
    select(func.count()).select_from(CHALLENGES).where(CHALLENGES.c.status.in_(_STILL_OPEN))
)
# The state in so many words, and not as a parameter: only so is the partial index used.
_UNDELIVERED = (
    select(CHALLENGES.c.reference, OUTBOX.c.kind, OUTBOX.c.to, OUTBOX.c.ended, OUTBOX.c.why)
    .join(CHALLENGES, CHALLENGES.c.id == OUTBOX.c.challenge_id)
    .where(
        OUTBOX.c.state == literal(DEAD, literal_execute=True),
        # That somebody confided something is nobody's to know but the listener's.
        OUTBOX.c.kind != Told.CONFIDED.value,
        # No word to anybody: buttons that stayed where they are of no more use.
        OUTBOX.c.kind != Told.DEALT_WITH.value,
        CHALLENGES.c.status.in_(_STILL_OPEN),
    )
    .order_by(OUTBOX.c.id.desc())
)
# What was agreed and is not done is asked after for as long as it is not.
_STILL_OWED = exists().where(
    DEADLINES.c.challenge_id == CHALLENGES.c.id,
    DEADLINES.c.done_at.is_(None),
    DEADLINES.c.key.like(f"%:{OVERDUE}:%"),
)
_ENTRIES = (
    select(ENTRIES, CASE_KEYS.c.key_id, CASE_KEYS.c.wrapped)
    .join(CASE_KEYS, CASE_KEYS.c.challenge_id == ENTRIES.c.challenge_id)
    .where(ENTRIES.c.challenge_id == bindparam("of"))
    .order_by(ENTRIES.c.seq)
)
_OWNED = select(ENTRIES).join(CHALLENGES, CHALLENGES.c.id == ENTRIES.c.challenge_id)
# In the order of a link, and just as they were hashed.
_LINKS = (
    select(
        ENTRIES.c.seq,
        ENTRIES.c.challenge_id,
        ENTRIES.c.number,
        type_coerce(ENTRIES.c.at, UtcText),
        ENTRIES.c.kind,
        func.coalesce(ENTRIES.c.by, ""),
        ENTRIES.c.sealed,
        ENTRIES.c.previous,
        ENTRIES.c.hash,
    )
    .where(ENTRIES.c.seq > bindparam("after"))
    .order_by(ENTRIES.c.seq)
    .limit(_LINKS_AT_ONCE)
)
_REWRAP = (
    update(CASE_KEYS)
    .where(CASE_KEYS.c.challenge_id == bindparam("of"))
    .values(key_id=bindparam("id"), wrapped=bindparam("key"))
)


def _keys_not_under(newest: str, most: int) -> Select[Any]:
    old = select(CASE_KEYS).where(CASE_KEYS.c.key_id != newest)
    return old.order_by(CASE_KEYS.c.challenge_id).limit(most).with_for_update()


def _rewrapped(row: Row[Any], vault: Vault) -> dict[str, Any]:
    fresh = vault.rewrap(WrappedKey(row.key_id, row.wrapped))
    return {"of": row.challenge_id, "id": fresh.key_id, "key": fresh.wrapped}
