"""The tables: rows for the database, where challenge/model.py has values for thinking.

Whatever people wrote stands in a column called `sealed`. Foreign keys never cascade: what hangs
from a challenge is not lost by accident.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.engine import UtcDateTime

METADATA = MetaData(
    # Every constraint has a name, because one without cannot be altered later.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PENDING, SENDING, SENT, DEAD = "pending", "sending", "sent", "dead"
_OPEN = text("state IN ('pending', 'sending')")
_IS_DEAD = text("state = 'dead'")
_WAITING = text("done_at IS NULL")
_ASKS = text("said IS NOT NULL")
_IN_A_CHANNEL = text("channel IS NOT NULL")


class Row(SQLModel):
    metadata: ClassVar[MetaData] = METADATA


def _refers(column: str, to: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([column], [to], ondelete="RESTRICT")


class ProcedureRow(Row, table=True):
    """A procedure as it was when a challenge began; the key changes with any word of it."""

    __tablename__ = "procedure"

    key: str = Field(primary_key=True)
    version: str
    plain: str


class ChallengeRow(Row, table=True):
    """What must be searched or locked stands in columns; the challenge itself is `sealed`."""

    __tablename__ = "challenge"
    __table_args__ = (
        _refers("procedure", "procedure.key"),
        # Partial, so that PostgreSQL does not count it as a key: to change it then does not lock
        # out whoever writes in the chronology.
        Index(
            "uq_challenge_channel",
            "channel",
            unique=True,
            sqlite_where=_IN_A_CHANNEL,
            postgresql_where=_IN_A_CHANNEL,
        ),
        # An id is never given twice: sealed texts are bound to it.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    status: str = Field(index=True)
    stage: int
    raised_by: str
    challenged: str
    channel: str | None = None
    procedure: str
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int
    sealed: bytes


class InvolvedRow(Row, table=True):
    """Everyone who may see a challenge now, so that people find their own."""

    __tablename__ = "involved"
    __table_args__ = (_refers("challenge_id", "challenge.id"),)

    challenge_id: int = Field(primary_key=True)
    person: str = Field(primary_key=True, index=True)


class CaseKeyRow(Row, table=True):
    __tablename__ = "case_key"
    __table_args__ = (_refers("challenge_id", "challenge.id"),)

    challenge_id: int = Field(primary_key=True)
    key_id: str = Field(index=True)
    wrapped: bytes


class EntryRow(Row, table=True):
    """The chronology of every challenge in one chain; triggers refuse any change to it."""

    __tablename__ = "entry"
    __table_args__ = (
        _refers("challenge_id", "challenge.id"),
        UniqueConstraint("challenge_id", "number"),
    )

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    challenge_id: int
    number: int
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    by: str | None = None
    sealed: bytes
    previous: bytes
    hash: bytes


class ChainHeadRow(Row, table=True):
    """One row: where the chain ends. Whoever adds to the chronology holds it until they commit."""

    __tablename__ = "chain_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int
    hash: bytes


class HeardRow(Row, table=True):
    __tablename__ = "heard"

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeadlineRow(Row, table=True):
    __tablename__ = "deadline"
    __table_args__ = (
        _refers("challenge_id", "challenge.id"),
        UniqueConstraint("challenge_id", "key"),
        Index("ix_deadline_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    challenge_id: int
    key: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OutboxRow(Row, table=True):
    """What goes to Slack. `said` is our own sentence, while the message has buttons that wait."""

    __tablename__ = "outbox"
    __table_args__ = (
        _refers("challenge_id", "challenge.id"),
        Index("ix_outbox_lane", "lane", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_channel_ts", "channel", "ts"),
        Index("ix_outbox_challenge_id_kind", "challenge_id", "kind"),
        Index("ix_outbox_dead", "id", sqlite_where=_IS_DEAD, postgresql_where=_IS_DEAD),
        Index("ix_outbox_asks", "challenge_id", sqlite_where=_ASKS, postgresql_where=_ASKS),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    challenge_id: int
    kind: str
    to: str | None = None
    about: str | None = None
    mark: str
    entry: int | None = None
    lane: str
    state: str
    attempts: int
    unsure: bool
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_try: datetime | None = Field(default=None, sa_type=UtcDateTime)
    written: datetime = Field(sa_type=UtcDateTime)
    ended: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel: str | None = None
    ts: str | None = None
    why: str = ""
    said: str | None = None


class DraftRow(Row, table=True):
    __tablename__ = "draft"

    id: str = Field(primary_key=True)
    by: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    sealed: bytes


class ConfidenceRow(Row, table=True):
    """What somebody confided after the end: who, to whom and what are all inside `sealed`."""

    __tablename__ = "confidence"
    __table_args__ = (_refers("challenge_id", "challenge.id"),)

    id: str = Field(primary_key=True)
    challenge_id: int = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    sealed: bytes


class HomeRow(Row, table=True):
    """The App Home that somebody opened: which page stands there, and Slack's hash of it."""

    __tablename__ = "home"

    person: str = Field(primary_key=True)
    page: int | None = None
    hash: str
    opened: datetime = Field(sa_type=UtcDateTime)


class CounterRow(Row, table=True):
    __tablename__ = "counter"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int


class SettingRow(Row, table=True):
    __tablename__ = "setting"

    name: str = Field(primary_key=True)
    value: str


class AgencyRow(Row, table=True):
    __tablename__ = "agency"

    key: str = Field(primary_key=True)
    name: str
    position: int
    equivalents: list[list[str]] = Field(default_factory=list, sa_type=JSON)


class PersonRow(Row, table=True):
    __tablename__ = "person"
    __table_args__ = (_refers("agency", "agency.key"),)

    id: str = Field(primary_key=True)
    name: str
    agency: str
    role: str
    line_manager: str | None = None
    deputy: str | None = None
    away: list[list[str]] = Field(sa_type=JSON)
    active: bool
    position: int
    provisional: bool = False
    last_confirmed: date | None = None
    asked: date | None = None
    new_manager: str | None = None


class PartnershipRow(Row, table=True):
    __tablename__ = "partnership"

    role: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    position: int


class DayBookRow(Row, table=True):
    """Who changed the directory, or confirmed a stage; triggers refuse any change to it."""

    __tablename__ = "day_book"
    __table_args__ = (Index("ix_day_book_kind_about", "kind", "about"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    by: str | None = None
    about: str
    detail: dict[str, str] = Field(sa_type=JSON)


def _table(row: type[Row]) -> Table:
    return METADATA.tables[str(row.__tablename__)]


PROCEDURES = _table(ProcedureRow)
CHALLENGES = _table(ChallengeRow)
INVOLVED = _table(InvolvedRow)
CASE_KEYS = _table(CaseKeyRow)
ENTRIES = _table(EntryRow)
CHAIN_HEAD = _table(ChainHeadRow)
HEARD = _table(HeardRow)
DEADLINES = _table(DeadlineRow)
OUTBOX = _table(OutboxRow)
DRAFTS = _table(DraftRow)
CONFIDENCES = _table(ConfidenceRow)
HOMES = _table(HomeRow)
COUNTERS = _table(CounterRow)
SETTINGS = _table(SettingRow)
AGENCIES = _table(AgencyRow)
PEOPLE = _table(PersonRow)
PARTNERSHIP = _table(PartnershipRow)
DAY_BOOK = _table(DayBookRow)
