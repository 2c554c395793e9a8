"""The outbox: what goes to Slack, row by row, at least once and recognised when repeated.

A parcel waits in a lane, and only the oldest of each lane may be taken: so what goes to one place
arrives in order, while other lanes go on. Whoever takes it has it on a lease; when that runs out
first, nobody knows whether it was posted, and the next taker is told to look (`unsure`).

    pending ── claim ──> sending ── sent ─────> sent
       ^                    │
       └───── later ────────┴─── given_up ───> dead (stays listed, and frees its lane)
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Update,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from challenge.model import Notice, PersonId, Told
from storage.engine import Database, UtcDateTime
from storage.tables import CHALLENGES, DEAD, OUTBOX, PENDING, SENDING, SENT

_O = OUTBOX.c


@dataclass(frozen=True)
class Parcel:
    """One thing to tell. `key` is opaque and goes into the message's metadata; `entry` is the
    number of the first chronology entry of the change that wrote it."""

    id: int
    key: str
    challenge_id: int
    kind: Told
    to: PersonId | None
    about: PersonId | None
    mark: str
    entry: int | None
    lane: str
    attempts: int
    unsure: bool
    first_try: datetime | None
    written: datetime
    why: str = ""


@dataclass(frozen=True)
class Delivered:
    """A parcel that was sent, and the message it became, when it became one."""

    parcel: Parcel
    channel: str | None
    ts: str | None


@dataclass(frozen=True)
class Question:
    """A message whose buttons wait, where it stands and what it said; `again` when a later one
    asks the same."""

    parcel: Parcel
    channel: str
    ts: str
    said: str
    again: bool


class Outbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self,
        now: datetime,
        most: int,
        lease: timedelta,
        owner: str,
        resting: Collection[str] = (),
    ) -> list[Parcel]:
        """The oldest open parcel of each lane that may go now, oldest first; `resting` lanes may
        not. They are the owner's until the lease ends."""
        taken = _take(_chosen(now, most, resting), now).values(
            lease_owner=owner, lease_until=now + lease
        )
        async with self._database.writing() as connection:
            rows = (await connection.execute(taken)).all()
        return sorted((_parcel(row) for row in rows), key=lambda parcel: parcel.id)

    async def still_mine(
        self, parcel: Parcel, owner: str, now: datetime, at_least: timedelta
    ) -> bool:
        """Whether the owner's lease has that much left: asked right before posting."""
        mine = select(_O.id).where(
            _in_hand(parcel), _O.lease_owner == owner, _O.lease_until >= now + at_least
        )
        async with self._database.reading() as connection:
            return (await connection.execute(mine)).one_or_none() is not None

    async def sent(
        self,
        parcel: Parcel,
        channel: str | None,
        ts: str | None,
        now: datetime,
        said: str | None = None,
        drawn: int = 0,
    ) -> None:
        """Slack has it. True whoever holds the lease by now, but the first answer stands.

        `said` for a message whose buttons wait. Should the challenge be another by now than the
        version it was `drawn` from, its buttons are looked at again.
        """
        done = update(OUTBOX).where(_O.id == parcel.id, _O.state != SENT)
        done = done.values(state=SENT, channel=channel, ts=ts, ended=now, said=said, **_FREE)
        async with self._database.writing() as connection:
            # Held first, so that no change of the challenge and this pass each other unseen.
            if said is not None and await _version(connection, parcel.challenge_id) != drawn:
                again = Notice(Told.DEALT_WITH)
                await connection.execute(
                    insert(OUTBOX), row_of(parcel.challenge_id, None, again, now)
                )
            await connection.execute(done)

    async def later(self, parcel: Parcel, at: datetime, *, unsure: bool, why: str) -> None:
        """Back into its lane, not before `at`; `unsure` when it may have been posted after all."""
        back = update(OUTBOX).where(_in_hand(parcel))
        await self._write(
            back.values(state=PENDING, not_before=at, unsure=unsure, why=why, **_FREE)
        )

    async def given_up(self, parcel: Parcel, why: str, now: datetime) -> None:
        end = update(OUTBOX).where(_in_hand(parcel))
        await self._write(end.values(state=DEAD, why=why, ended=now, **_FREE))

    async def next_at(self, now: datetime) -> datetime | None:
        """When the next parcel may go, `now` if one may already; None when nothing is open."""
        free_at = case(
            (_O.state == SENDING, _O.lease_until), else_=func.coalesce(_O.not_before, _O.written)
        )
        earliest = select(func.min(free_at, type_=UtcDateTime())).where(_O.id.in_(_heads()))
        async with self._database.reading() as connection:
            at: datetime | None = (await connection.execute(earliest)).scalar_one()
        return at and max(at, now)

    async def waiting(self) -> int:
        count = select(func.count()).select_from(OUTBOX).where(_IS_OPEN)
        async with self._database.reading() as connection:
            number: int = (await connection.execute(count)).scalar_one()
        return number

    async def dead(self) -> list[Parcel]:
        """What Slack refused for good, and why, oldest first."""
        listed = select(OUTBOX).where(_O.state == DEAD).order_by(_O.id)
        async with self._database.reading() as connection:
            return [_parcel(row) for row in await connection.execute(listed)]

    async def last_sent(self, challenge_id: int, kind: Told) -> tuple[str, str] | None:
        """Channel and ts of the newest message of that kind, for instance the card to redraw."""
        latest = _sent_of(challenge_id, kind).where(_O.ts.is_not(None)).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(latest)).one_or_none()
        return (row.channel, row.ts) if row else None

    async def sent_about(self, challenge_id: int, kind: Told) -> list[Delivered]:
        """Everything of that kind that was sent, newest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_sent_of(challenge_id, kind))).all()
        return [Delivered(_parcel(row), row.channel, row.ts) for row in rows]

    async def questions(self, challenge_id: int) -> list[Question]:
        """The messages of a challenge whose buttons wait, oldest first."""
        later = OUTBOX.alias()
        same = (
            later.c[name].is_not_distinct_from(_O[name])
            for name in ("challenge_id", "kind", "to", "about", "mark")
        )
        # One that will never arrive takes nobody's buttons away.
        comes = later.c.id > _O.id, later.c.state != DEAD
        again = exists().where(*same, *comes).label("again")
        asked = select(OUTBOX, again).where(_O.challenge_id == challenge_id, _O.said.is_not(None))
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked.order_by(_O.id))).all()
        return [Question(_parcel(row), row.channel, row.ts, row.said, row.again) for row in rows]

    async def dealt_with(self, question: Question) -> None:
        """Its buttons are gone, and its words are of no more use to us."""
        await self._write(update(OUTBOX).where(_O.id == question.parcel.id).values(said=None))

    async def _write(self, statement: Update) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement)


_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
# In so many words, and not as parameters: only so is the partial index of open lanes used.
_IS_OPEN = _O.state.in_(
    [literal(PENDING, literal_execute=True), literal(SENDING, literal_execute=True)]
)


def row_of(challenge_id: int, entry: int | None, notice: Notice, now: datetime) -> dict[str, Any]:
    """A parcel as it is put in."""
    return {
        "key": uuid4().hex,
        "challenge_id": challenge_id,
        "kind": notice.kind.value,
        "to": notice.to,
        "about": notice.about,
        "mark": notice.mark,
        "entry": entry,
        "lane": _lane(challenge_id, notice),
        "state": PENDING,
        "attempts": 0,
        "unsure": False,
        "written": now,
        "why": "",
    }


def _lane(challenge_id: int, notice: Notice) -> str:
    """What must arrive in order: whatever goes to one channel, and to one person privately."""
    if notice.kind is Told.DEALT_WITH:
        # By itself: that an old message cannot be altered holds nothing up.
        return f"q{challenge_id}"
    if notice.to is None or notice.kind is Told.OFFER_ACT:
        return f"c{challenge_id}"
    return f"p{notice.to}"


async def _version(connection: AsyncConnection, challenge_id: int) -> int | None:
    c = CHALLENGES.c
    held = select(c.version).where(c.id == challenge_id).with_for_update(read=True)
    version: int | None = (await connection.execute(held)).scalar_one_or_none()
    return version


def _heads() -> Any:
    """The oldest open parcel of each lane."""
    return select(func.min(_O.id)).where(_IS_OPEN).group_by(_O.lane).scalar_subquery()


def _chosen(now: datetime, most: int, resting: Collection[str]) -> CTE:
    ready = or_(
        and_(_O.state == PENDING, or_(_O.not_before.is_(None), _O.not_before <= now)),
        and_(_O.state == SENDING, _O.lease_until <= now),
    )
    query = select(_O.id).where(_O.id.in_(_heads()), ready)
    if resting:
        query = query.where(_O.lane.not_in(resting))
    # Two who claim at once share the work: what one has locked, the other passes over.
    return query.order_by(_O.id).limit(most).with_for_update(skip_locked=True).cte("chosen")


def _take(chosen: CTE, now: datetime) -> ReturningUpdate[Any]:
    """One who finds a parcel still in hand, its lease run out, cannot know what became of it."""
    return (
        update(OUTBOX)
        .where(_O.id.in_(select(chosen.c.id)))
        .values(
            unsure=or_(_O.unsure, _O.state == SENDING),
            state=SENDING,
            attempts=_O.attempts + 1,
            first_try=func.coalesce(_O.first_try, literal(now, UtcDateTime())),
        )
        .returning(OUTBOX)
    )


def _in_hand(parcel: Parcel) -> ColumnElement[bool]:
    """Nobody took it again meanwhile: the count of attempts would be another."""
    return and_(_O.id == parcel.id, _O.state == SENDING, _O.attempts == parcel.attempts)


def _sent_of(challenge_id: int, kind: Told) -> Any:
    return (
        select(OUTBOX)
        .where(_O.challenge_id == challenge_id, _O.kind == kind.value, _O.state == SENT)
        .order_by(_O.id.desc())
    )


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        id=row.id,
        key=row.key,
        challenge_id=row.challenge_id,
        kind=Told(row.kind),
        to=PersonId(row.to) if row.to is not None else None,
        about=PersonId(row.about) if row.about is not None else None,
        mark=row.mark,
        entry=row.entry,
        lane=row.lane,
        attempts=row.attempts,
        unsure=row.unsure,
        first_try=row.first_try,
        written=row.written,
        why=row.why,
    )
