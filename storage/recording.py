"""Recording: many changes put on file at once, a few statements however many they are.

Locks are taken in one order, so that two writers never wait for each other: heard keys first,
then challenges by id, then the head of the chain, and only then is anything written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ARRAY, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from challenge.aftercare import Confidence
from challenge.altering import replace
from challenge.casework import Due
from challenge.deadlines import clocks
from challenge.model import Challenge, Change, Entry, Notice, Told
from challenge.rights import finders
from storage.chain import EMPTY, Head, link
from storage.engine import POSTGRESQL, utc_text
from storage.forms import (
    Locksmith,
    Procedures,
    procedure_text,
    seal_challenge,
    seal_confidence,
    seal_entry,
)
from storage.outbox import row_of
from storage.tables import (
    CASE_KEYS,
    CHAIN_HEAD,
    CHALLENGES,
    CONFIDENCES,
    DEADLINES,
    ENTRIES,
    INVOLVED,
    OUTBOX,
    PENDING,
    PROCEDURES,
)
from storage.vault import CaseKey

Values = dict[str, Any]


class LostRace(RuntimeError):
    """Somebody else changed the challenge meanwhile, so nothing was recorded; look again."""


@dataclass(frozen=True)
class Written:
    """An entry with its place: whose it is, the how-manieth, and the key that seals it."""

    challenge_id: int
    number: int
    entry: Entry


def put(connection: AsyncConnection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that can say what to do when the row is there; both databases read it alike."""
    on_postgresql = connection.dialect.name == POSTGRESQL
    return postgresql.insert(table) if on_postgresql else sqlite.insert(table)


def many(
    connection: AsyncConnection, table: Table, rows: Sequence[Values]
) -> "tuple[postgresql.Insert | sqlite.Insert, Values | Sequence[Values]]":
    """The same for many rows: what to execute, and with which parameters.

    PostgreSQL takes every column as one array; row by row it is twice the work for it and for us.
    """
    if connection.dialect.name != POSTGRESQL:
        return sqlite.insert(table), rows
    names = tuple(rows[0])
    return _from_arrays(table, names), {name: [row[name] for row in rows] for name in names}


@lru_cache
def _from_arrays(table: Table, names: tuple[str, ...]) -> postgresql.Insert:
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in names]
    unnested = func.unnest(*arrays).table_valued(*names, with_ordinality="place")
    rows = unnested.render_derived()
    # In their order: parcels go out by the number that they are given here.
    ordered = select(*(rows.c[name] for name in names)).order_by(rows.c.place)
    return postgresql.insert(table).from_select(names, ordered)


class Recorder:
    """Writes on one connection, inside whatever transaction that is in."""

    def __init__(
        self, connection: AsyncConnection, locksmith: Locksmith, procedures: Procedures
    ) -> None:
        self._connection = connection
        self._locksmith = locksmith
        self._procedures = procedures

    async def record(
        self, changes: Sequence[Change], struck: Sequence[Due], now: datetime
    ) -> list[Challenge]:
        """Several changes of one challenge build on one another: its last value is what is kept."""
        await self._strike(struck, now)
        if not changes:
            return []
        ids = await self._open_files([change.challenge for change in changes])
        last = {ids[c.challenge.reference]: c.challenge for c in changes}
        keys = await self._hold(last)
        head = await self._hold_head()
        numbers = await self._last_numbers(last)
        written, notices = _numbered(changes, ids, numbers)
        kept = await self._keep(last, keys)
        await self._chain(written, keys, head, now)
        await self._set_clocks(kept)
        await self._set_involved(kept)
        await self._post([challenge.id for challenge in kept], notices, now)
        return kept

    async def note(self, entries: Sequence[tuple[int, Entry]], now: datetime) -> None:
        """Only the chronology: the challenges themselves are not even read."""
        if not entries:
            return
        ids = {challenge_id for challenge_id, _ in entries}
        head = await self._hold_head()
        places = (await self._connection.execute(_PLACES, {"ids": list(ids)})).all()
        keys = {row.id: self._locksmith.key(row.key_id, row.wrapped) for row in places}
        numbers = {row.id: row.number or 0 for row in places}
        written: list[Written] = []
        for challenge_id, entry in entries:
            numbers[challenge_id] += 1
            written.append(Written(challenge_id, numbers[challenge_id], entry))
        await self._chain(written, keys, head, now)

    async def confide(self, challenge_id: int, confidence: Confidence, now: datetime) -> None:
        """Beside the chronology and not in it; the listener is told only of a difficulty."""
        kept = replace(confidence, at=now, id=uuid4().hex)
        await self.keep_confidence(challenge_id, kept)
        if confidence.difficulty:
            # The mark says which, for whoever must send it back; who wrote it stands sealed.
            notice = Notice(Told.CONFIDED, to=confidence.to, mark=kept.id)
            told = row_of(challenge_id, None, notice, now)
            await self._connection.execute(insert(OUTBOX), told)

    async def keep_confidence(self, challenge_id: int, confidence: Confidence) -> None:
        """As it is now, in the place of itself as it was."""
        [place] = (await self._connection.execute(_PLACES, {"ids": [challenge_id]})).all()
        key = self._locksmith.key(place.key_id, place.wrapped)
        sealed = seal_confidence(confidence, challenge_id, key)
        row = {"id": confidence.id, "challenge_id": challenge_id, "sealed": sealed}
        kept = put(self._connection, CONFIDENCES).values(at=confidence.at, **row)
        await self._connection.execute(
            kept.on_conflict_do_update(
                index_elements=[CONFIDENCES.c.id], set_={"sealed": kept.excluded.sealed}
            )
        )

    async def _strike(self, struck: Sequence[Due], now: datetime) -> None:
        if struck:
            await self._connection.execute(
                update(DEADLINES)
                .where(
                    DEADLINES.c.challenge_id == bindparam("of"), DEADLINES.c.key == bindparam("k")
                )
                .values(done_at=now),
                [{"of": challenge_id, "k": key} for challenge_id, key in struck],
            )

    async def _open_files(self, challenges: Sequence[Challenge]) -> dict[str, int]:
        """Ids by reference. A new challenge gets a row, still empty, and a key of its own."""
        ids = {c.reference: c.id for c in challenges}
        fresh = {c.reference: c for c in challenges if not c.id}
        if fresh:
            await self._keep_procedures(fresh.values())
            rows = [self._empty_row(challenge) for challenge in fresh.values()]
            found = await self._connection.execute(
                insert(CHALLENGES).returning(CHALLENGES.c.reference, CHALLENGES.c.id), rows
            )
            new = {row.reference: row.id for row in found}
            await self._connection.execute(
                insert(CASE_KEYS), [self._new_key(challenge_id) for challenge_id in new.values()]
            )
            ids |= new
        return ids

    async def _keep_changed_procedures(
        self, challenges: dict[int, Challenge], found: Mapping[int, Any]
    ) -> None:
        """A challenge keeps its procedure, unless it was moved or a day off was added to it."""
        changed = [
            challenge
            for id, challenge in challenges.items()
            if self._procedures.key(challenge.procedure) != found[id].procedure
        ]
        if changed:
            await self._keep_procedures(changed)

    async def _keep_procedures(self, challenges: Iterable[Challenge]) -> None:
        used = {self._procedures.key(c.procedure): c.procedure for c in challenges}
        await self._connection.execute(
            put(self._connection, PROCEDURES).on_conflict_do_nothing(),
            [
                {"key": key, "version": procedure.version, "plain": procedure_text(procedure)}
                for key, procedure in used.items()
            ],
        )

    def _empty_row(self, challenge: Challenge) -> Values:
        return {
            "reference": challenge.reference,
            "status": challenge.status.value,
            "stage": challenge.stage,
            "raised_by": challenge.raised_by,
            "challenged": challenge.challenged,
            "procedure": self._procedures.key(challenge.procedure),
            "version": challenge.version,
            "sealed": b"",
        }

    def _new_key(self, challenge_id: int) -> Values:
        key = self._locksmith.vault.new_case_key()
        return {"challenge_id": challenge_id, "key_id": key.key_id, "wrapped": key.wrapped}

    async def _hold(self, challenges: dict[int, Challenge]) -> dict[int, CaseKey]:
        """Locks the rows, in order, and makes sure that they are as the changes found them."""
        c, k = CHALLENGES.c, CASE_KEYS.c
        rows = await self._connection.execute(
            select(c.id, c.version, c.procedure, k.key_id, k.wrapped)
            .join(CASE_KEYS, k.challenge_id == c.id)
            .where(c.id.in_(challenges))
            .order_by(c.id)
            .with_for_update(of=CHALLENGES, key_share=True)
        )
        found = {row.id: row for row in rows}
        for challenge_id, challenge in challenges.items():
            if challenge_id not in found or found[challenge_id].version != challenge.version:
                raise LostRace(f"Challenge {challenge_id} was changed by somebody else meanwhile.")
        await self._keep_changed_procedures(challenges, found)
        return {row.id: self._locksmith.key(row.key_id, row.wrapped) for row in found.values()}

    async def _hold_head(self) -> Head:
        row = (await self._connection.execute(_HEAD)).one_or_none()
        if row is None:
            await self._connection.execute(
                put(self._connection, CHAIN_HEAD)
                .values(id=1, seq=EMPTY.seq, hash=EMPTY.hash)
                .on_conflict_do_nothing()
            )
            row = (await self._connection.execute(_HEAD)).one()
        return Head(row.seq, row.hash)

    async def _last_numbers(self, ids: Iterable[int]) -> dict[int, int]:
        rows = await self._connection.execute(_PLACES, {"ids": list(ids)})
        return {row.id: row.number or 0 for row in rows}

    async def _keep(
        self, challenges: dict[int, Challenge], keys: dict[int, CaseKey]
    ) -> list[Challenge]:
        kept = [replace(c, id=id, version=c.version + 1) for id, c in challenges.items()]
        await self._connection.execute(
            _UPDATE_CHALLENGE,
            [_challenge_row(c, keys[c.id], self._procedures.key(c.procedure)) for c in kept],
        )
        return kept

    async def _chain(
        self, written: Sequence[Written], keys: dict[int, CaseKey], head: Head, now: datetime
    ) -> None:
        rows: list[Values] = []
        for one in written:
            row, head = _entry_row(one, keys[one.challenge_id], head, now)
            rows.append(row)
        await self._connection.execute(*many(self._connection, ENTRIES, rows))
        await self._connection.execute(_MOVE_HEAD, {"to": head.seq, "hashed": head.hash})

    async def _set_clocks(self, kept: Sequence[Challenge]) -> None:
        """What waited is forgotten, and what follows from the challenge now waits instead."""
        d = DEADLINES.c
        await self._connection.execute(
            delete(DEADLINES).where(d.challenge_id.in_(c.id for c in kept), d.done_at.is_(None))
        )
        rows = [
            {"challenge_id": challenge.id, "key": clock.key, "due_at": clock.due}
            for challenge in kept
            for clock in clocks(challenge)
        ]
        if rows:
            # A clock that was acted on keeps its row, and is not set a second time.
            adding, given = many(self._connection, DEADLINES, rows)
            await self._connection.execute(adding.on_conflict_do_nothing(), given)

    async def _set_involved(self, kept: Sequence[Challenge]) -> None:
        wanted = {(c.id, person) for c in kept for person in finders(c)}
        i = INVOLVED.c
        rows = await self._connection.execute(
            select(i.challenge_id, i.person).where(i.challenge_id.in_(c.id for c in kept))
        )
        found = {(row.challenge_id, row.person) for row in rows}
        if fresh := wanted - found:
            added = [{"challenge_id": id, "person": who} for id, who in sorted(fresh)]
            await self._connection.execute(*many(self._connection, INVOLVED, added))
        if gone := found - wanted:
            await self._connection.execute(
                delete(INVOLVED).where(
                    i.challenge_id == bindparam("of"), i.person == bindparam("who")
                ),
                [{"of": id, "who": who} for id, who in sorted(gone)],
            )

    async def _post(
        self, ids: Iterable[int], notices: Sequence[tuple[int, int, Notice]], now: datetime
    ) -> None:
        waiting = await self._drawn_anyway(ids)
        rows: list[Values] = []
        for challenge_id, entry, notice in notices:
            if notice.kind is Told.CARD:
                if (challenge_id, Told.CARD) in waiting:
                    continue
                waiting.add((challenge_id, Told.CARD))
            rows.append(row_of(challenge_id, entry, notice, now))
        for challenge_id in await self._with_questions(ids):
            if (challenge_id, Told.DEALT_WITH) not in waiting:
                rows.append(row_of(challenge_id, None, Notice(Told.DEALT_WITH), now))
        if rows:
            await self._connection.execute(*many(self._connection, OUTBOX, rows))

    async def _drawn_anyway(self, ids: Iterable[int]) -> set[tuple[int, Told]]:
        """What will be drawn later anyway, of each challenge: nobody has it in hand.

        The rows are held, so that none is claimed and drawn before this change is there to be seen.
        """
        o = OUTBOX.c
        rows = await self._connection.execute(
            select(o.challenge_id, o.kind)
            .where(
                o.lane.in_(f"{lane}{challenge_id}" for challenge_id in ids for lane in "cq"),
                o.state == PENDING,
                o.kind.in_([Told.CARD.value, Told.DEALT_WITH.value]),
                # One that may have been posted already would be found, and not drawn again.
                o.unsure.is_(False),
            )
            .with_for_update()
        )
        return {(row.challenge_id, Told(row.kind)) for row in rows}

    async def _with_questions(self, ids: Iterable[int]) -> Sequence[int]:
        """Challenges of which a message in Slack has buttons that wait."""
        rows = await self._connection.execute(_WITH_QUESTIONS, {"ids": list(ids)})
        return rows.scalars().all()


_HEAD = (
    select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)
    .where(CHAIN_HEAD.c.id == 1)
    .with_for_update(key_share=True)
)
# Made once, because it is said for every batch of messages.
_MOVE_HEAD = (
    update(CHAIN_HEAD)
    .where(CHAIN_HEAD.c.id == 1)
    .values(seq=bindparam("to"), hash=bindparam("hashed"))
)
# A look-up for each: to group would walk every entry of a long chronology.
_PLACES = select(
    CASE_KEYS.c.challenge_id.label("id"),
    CASE_KEYS.c.key_id,
    CASE_KEYS.c.wrapped,
    select(func.max(ENTRIES.c.number))
    .where(ENTRIES.c.challenge_id == CASE_KEYS.c.challenge_id)
    .scalar_subquery()
    .label("number"),
).where(CASE_KEYS.c.challenge_id.in_(bindparam("ids", expanding=True)))
_WITH_QUESTIONS = (
    select(OUTBOX.c.challenge_id)
    .where(OUTBOX.c.challenge_id.in_(bindparam("ids", expanding=True)), OUTBOX.c.said.is_not(None))
    .distinct()
)
_UPDATE_CHALLENGE = update(CHALLENGES).where(
    CHALLENGES.c.id == bindparam("at"), CHALLENGES.c.version == bindparam("found")
)


def _numbered(
    changes: Sequence[Change], ids: dict[str, int], numbers: dict[int, int]
) -> tuple[list[Written], list[tuple[int, int, Notice]]]:
    """Entries with their numbers; notices with the number of the first entry of their change."""
    written: list[Written] = []
    notices: list[tuple[int, int, Notice]] = []
    for change in changes:
        challenge_id = ids[change.challenge.reference]
        first = numbers[challenge_id] + 1
        for number, entry in enumerate(change.entries, first):
            written.append(Written(challenge_id, number, entry))
            numbers[challenge_id] = number
        notices.extend((challenge_id, first, notice) for notice in change.notices)
    return written, notices


def _challenge_row(challenge: Challenge, key: CaseKey, procedure: str) -> Values:
    return {
        "at": challenge.id,
        "found": challenge.version - 1,
        "status": challenge.status.value,
        "stage": challenge.stage,
        "procedure": procedure,
        "channel": challenge.space.channel if challenge.space else None,
        "closed_at": challenge.closed_at,
        "version": challenge.version,
        "sealed": seal_challenge(challenge, key),
    }


def _entry_row(one: Written, key: CaseKey, head: Head, now: datetime) -> tuple[Values, Head]:
    sealed = seal_entry(one.entry, one.challenge_id, one.number, key)
    seq, kind, by = head.seq + 1, one.entry.kind.value, one.entry.by
    hashed = link(
        head.hash,
        seq=seq,
        challenge_id=one.challenge_id,
        n=one.number,
        at=utc_text(now),
        kind=kind,
        by=by or "",
        sealed=sealed,
    )
    row = {
        "seq": seq,
        "challenge_id": one.challenge_id,
        "number": one.number,
        "at": now,
        "kind": kind,
        "by": by,
        "sealed": sealed,
        "previous": head.hash,
        "hash": hashed,
    }
    return row, Head(seq, hashed)
