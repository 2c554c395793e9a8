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
    Integer,
    Row,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

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
        given = {"now": now, "most": most, "resting": list(resting)}
        given |= {"owner": owner, "until": now + lease}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_CLAIM, given)).all()
        return sorted((_parcel(row) for row in rows), key=lambda parcel: parcel.id)

    async def still_mine(
        self, parcel: Parcel, owner: str, now: datetime, at_least: timedelta
    ) -> bool:
        """Whether the owner's lease has that much left: asked right before posting."""
        given = _this(parcel) | {"owner": owner, "until": now + at_least}
        async with self._database.reading() as connection:
            return (await connection.execute(_STILL_MINE, given)).one_or_none() is not None

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
        came = {"it": parcel.id, "where": channel, "as": ts, "now": now, "words": said}
        async with self._database.writing() as connection:
            # Held first, so that no change of the challenge and this pass each other unseen.
            if said is not None and await _version(connection, parcel.challenge_id) != drawn:
                again = Notice(Told.DEALT_WITH)
                await connection.execute(
                    insert(OUTBOX), row_of(parcel.challenge_id, None, again, now)
                )
            await connection.execute(_SENT, came)

    async def later(self, parcel: Parcel, at: datetime, *, unsure: bool, why: str) -> None:
        """Back into its lane, not before `at`; `unsure` when it may have been posted after all."""
        await self._write(_LATER, _this(parcel) | {"at": at, "doubt": unsure, "because": why})

    async def given_up(self, parcel: Parcel, why: str, now: datetime) -> None:
        await self._write(_GIVEN_UP, _this(parcel) | {"because": why, "now": now})

    async def next_at(self, now: datetime) -> datetime | None:
        """When the next parcel may go, `now` if one may already; None when nothing is open."""
        async with self._database.reading() as connection:
            at: datetime | None = (await connection.execute(_NEXT_AT)).scalar_one()
        return at and max(at, now)

    async def waiting(self) -> int:
        async with self._database.reading() as connection:
            number: int = (await connection.execute(_WAITING)).scalar_one()
        return number

    async def dead(self) -> list[Parcel]:
        """What Slack refused for good, and why, oldest first."""
        listed = select(OUTBOX).where(_O.state == DEAD).order_by(_O.id)
        async with self._database.reading() as connection:
            return [_parcel(row) for row in await connection.execute(listed)]

    async def last_sent(self, challenge_id: int, kind: Told) -> tuple[str, str] | None:
        """Channel and ts of the newest message of that kind, for instance the card to redraw."""
        given = {"of": challenge_id, "what": kind.value}
        async with self._database.reading() as connection:
            row = (await connection.execute(_LAST_SENT, given)).one_or_none()
        return (row.channel, row.ts) if row else None

    async def sent_about(self, challenge_id: int, kind: Told) -> list[Delivered]:
        """Everything of that kind that was sent, newest first."""
        given = {"of": challenge_id, "what": kind.value}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_SENT_OF, given)).all()
        return [Delivered(_parcel(row), row.channel, row.ts) for row in rows]

    async def questions(self, challenge_id: int) -> list[Question]:
        """The messages of a challenge whose buttons wait, oldest first."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_QUESTIONS, {"of": challenge_id})).all()
        return [Question(_parcel(row), row.channel, row.ts, row.said, row.again) for row in rows]

    async def dealt_with(self, question: Question) -> None:
        """Its buttons are gone, and its words are of no more use to us."""
        await self._write(_DEALT_WITH, {"it": question.parcel.id})

    async def _write(self, statement: Update, given: dict[str, Any]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement, given)


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
    held = await connection.execute(_VERSION, {"of": challenge_id})
    version: int | None = held.scalar_one_or_none()
    return version


def _this(parcel: Parcel) -> dict[str, Any]:
    return {"it": parcel.id, "tries": parcel.attempts}


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


# Every word to Slack asks these, so each is put together once: to build a statement anew takes
# longer than the database takes to answer it.
_NOW = bindparam("now", type_=UtcDateTime())
_UNTIL = bindparam("until", type_=UtcDateTime())
_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
# In so many words, and not as parameters: only so is the partial index of open lanes used.
_IS_OPEN = _O.state.in_([literal_column(f"'{PENDING}'"), literal_column(f"'{SENDING}'")])
# Nobody took it again meanwhile: the count of attempts would be another.
_IN_HAND = and_(_O.id == bindparam("it"), _O.state == SENDING, _O.attempts == bindparam("tries"))

# The oldest open parcel of each lane.
_HEADS = select(func.min(_O.id)).where(_IS_OPEN).group_by(_O.lane).scalar_subquery()
_READY = or_(
    and_(_O.state == PENDING, or_(_O.not_before.is_(None), _O.not_before <= _NOW)),
    and_(_O.state == SENDING, _O.lease_until <= _NOW),
)
_CHOSEN = (
    select(_O.id)
    .where(_O.id.in_(_HEADS), _READY, _O.lane.not_in(bindparam("resting", expanding=True)))
    .order_by(_O.id)
    .limit(bindparam("most", type_=Integer()))
    # Two who claim at once share the work: what one has locked, the other passes over.
    .with_for_update(skip_locked=True)
    .cte("chosen")
)
_CLAIM = (
    update(OUTBOX)
    .where(_O.id.in_(select(_CHOSEN.c.id)))
    .values(
        # One who finds a parcel still in hand, its lease run out, cannot know what became of it.
        unsure=or_(_O.unsure, _O.state == SENDING),
        state=SENDING,
        attempts=_O.attempts + 1,
        first_try=func.coalesce(_O.first_try, _NOW),
        lease_owner=bindparam("owner"),
        lease_until=_UNTIL,
    )
    .returning(OUTBOX)
)
_STILL_MINE = select(_O.id).where(
    _IN_HAND, _O.lease_owner == bindparam("owner"), _O.lease_until >= _UNTIL
)
_SENT = (
    update(OUTBOX)
    .where(_O.id == bindparam("it"), _O.state != SENT)
    .values(
        state=SENT,
        channel=bindparam("where"),
        ts=bindparam("as"),
        ended=_NOW,
        said=bindparam("words"),
        **_FREE,
    )
)
_LATER = (
    update(OUTBOX)
    .where(_IN_HAND)
    .values(
        state=PENDING,
        not_before=bindparam("at", type_=UtcDateTime()),
        unsure=bindparam("doubt"),
        why=bindparam("because"),
        **_FREE,
    )
)
_GIVEN_UP = (
    update(OUTBOX).where(_IN_HAND).values(state=DEAD, why=bindparam("because"), ended=_NOW, **_FREE)
)
_FREE_AT = case(
    (_O.state == SENDING, _O.lease_until), else_=func.coalesce(_O.not_before, _O.written)
)
_NEXT_AT = select(func.min(_FREE_AT, type_=UtcDateTime())).where(_O.id.in_(_HEADS))
_WAITING = select(func.count()).select_from(OUTBOX).where(_IS_OPEN)
_SENT_OF = (
    select(OUTBOX)
    .where(_O.challenge_id == bindparam("of"), _O.kind == bindparam("what"), _O.state == SENT)
    .order_by(_O.id.desc())
)
_LAST_SENT = _SENT_OF.where(_O.ts.is_not(None)).limit(1)
_VERSION = (
    select(CHALLENGES.c.version)
    .where(CHALLENGES.c.id == bindparam("of"))
    .with_for_update(read=True)
)
_ANOTHER = OUTBOX.alias()
_ASKS_THE_SAME = exists().where(
    *(
        _ANOTHER.c[name].is_not_distinct_from(_O[name])
        for name in ("challenge_id", "kind", "to", "about", "mark")
    ),
    _ANOTHER.c.id > _O.id,
    # One that will never arrive takes nobody's buttons away.
    _ANOTHER.c.state != DEAD,
)
_QUESTIONS = (
    select(OUTBOX, _ASKS_THE_SAME.label("again"))
    .where(_O.challenge_id == bindparam("of"), _O.said.is_not(None))
    .order_by(_O.id)
)
_DEALT_WITH = update(OUTBOX).where(_O.id == bindparam("it")).values(said=None)
