"""What a challenge is: frozen values that every room may read and no room may change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from challenge.procedure import Procedure, Stage

PersonId = NewType("PersonId", str)
"""A person, by Slack's user id."""

AgencyKey = NewType("AgencyKey", str)

UNKNOWN_AGENCY = AgencyKey("")
"""The agency of someone whom the directory does not hold yet."""


class Side(StrEnum):
    """Whose people: of the one who raised it, of the one challenged, or of neither."""

    RAISING = "raising"
    RECEIVING = "receiving"
    PARTNERSHIP = "partnership"


class Status(StrEnum):
    OPEN = "open"
    OFFERED = "escalation offered"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({Status.SETTLED, Status.WITHDRAWN})


class Subject(StrEnum):
    CHILD = "a child"
    ADULT = "an adult"
    BOTH = "a child and an adult"


class Area(StrEnum):
    """What the disagreement is about: the briefing's list, and one for the rest."""

    REFERRAL = "Criteria for referrals"
    ASSESSMENT = "Outcome of an assessment"
    ROLES = "Roles and responsibilities"
    PROVISION = "Service provision"
    TIMELINESS = "Timeliness"
    SHARING = "Information sharing"
    COMMUNICATION = "Communication"
    OTHER = "Something else"


class Outcome(StrEnum):
    """How a challenge was settled."""

    AGREED_PLAN = "We agreed a plan"
    EXPLAINED = "The decision was explained and accepted"
    CHANGED = "The decision was changed"
    BOTH_CHANGED = "Both of us changed our view"


@dataclass(frozen=True)
class Concern:
    """What the raiser wrote. `reference` is the agency's own, never a name."""

    subject: Subject
    area: Area
    reference: str = field(repr=False)
    decision: str = field(repr=False)
    why: str = field(repr=False)
    meanwhile: str = field(repr=False)
    ask: str = field(repr=False)


@dataclass(frozen=True)
class Safety:
    """The answer to the first question: is anyone in immediate danger, and what has been done?"""

    danger: bool
    done: str = field(default="", repr=False)


@dataclass(frozen=True)
class Prompt:
    """Someone asked to take a stage on. `person` is None when nobody could be found: look again.

    `deputy` is who was told beside them; whether they may accept is asked of the directory.
    """

    side: Side
    stage: int
    number: int
    person: PersonId | None
    since: datetime
    due: datetime
    deputy: PersonId | None = None


@dataclass(frozen=True)
class Involved:
    """Someone brought onto the challenge, and for which side; they may read it ever after."""

    person: PersonId
    side: Side


@dataclass(frozen=True)
class DateProposal:
    by: PersonId
    side: Side
    due: datetime


@dataclass(frozen=True)
class AgreedAction:
    what: str = field(repr=False)
    who: PersonId
    by: date


@dataclass(frozen=True)
class Settlement:
    """A way forward that one side proposes; it settles the challenge when the other confirms."""

    outcome: Outcome
    proposed_by: PersonId
    side: Side
    how: str = field(repr=False)
    actions: tuple[AgreedAction, ...] = ()


@dataclass(frozen=True)
class Space:
    """The private channel. Slack may rename or renumber it, so both are what Slack said."""

    channel: str
    name: str
    card: str | None = None
    archived: bool = False


@dataclass(frozen=True)
class Unreached:
    """Someone whom Slack would not let us invite, and Slack's word for why."""

    person: PersonId
    why: str


@dataclass(frozen=True)
class Reminded:
    person: PersonId
    on: date


@dataclass(frozen=True)
class Clock:
    """One deadline of a challenge. The key is its meaning, so the same clock is never set twice."""

    key: str
    due: datetime


@dataclass(frozen=True)
class Challenge:
    """A professional challenge as it stands now. All datetimes carry a zone.

    `stage` is the stage that holds it; `offered` the one it is offered to. `turn` goes up each
    time a clock is set anew, so that a clock which wakes late finds nothing to do. The ceiling of
    a date is reckoned from `stage_began`, reminders from `clock_set`. `held_before` are those who
    answered at the stage before this one.
    """

    id: int
    reference: str
    procedure: Procedure = field(repr=False)
    concern: Concern
    safety: Safety
    raised_by: PersonId
    raising_agency: AgencyKey
    challenged: PersonId
    receiving_agency: AgencyKey
    raised_at: datetime
    status: Status
    stage: int
    stage_began: datetime
    clock_set: datetime
    due: datetime
    holders: tuple[Involved, ...]
    urgent: bool = False
    offered: int | None = None
    prompts: tuple[Prompt, ...] = ()
    tried: tuple[PersonId, ...] = ()
    involved: tuple[Involved, ...] = ()
    told: tuple[PersonId, ...] = ()
    held_before: tuple[PersonId, ...] = ()
    date_proposal: DateProposal | None = None
    date_agreed: bool = False
    settlement: Settlement | None = None
    space: Space | None = None
    unreached: tuple[Unreached, ...] = ()
    reminded: tuple[Reminded, ...] = ()
    seen_by: tuple[PersonId, ...] = ()
    turn: int = 1
    prompted: int = 0
    closed_at: datetime | None = None
    version: int = 0

    def __post_init__(self) -> None:
        for at in (self.raised_at, self.clock_set, self.due, self.closed_at):
            if at is not None and at.tzinfo is None:
                raise ValueError("A challenge's times must carry a zone.")

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def at_top(self) -> bool:
        return self.procedure.is_top(self.stage)

    @property
    def current(self) -> Stage:
        return self.procedure.stage(self.stage)

    def lead(self, side: Side) -> PersonId | None:
        """Who answers for that side at the stage that holds the challenge."""
        return next((holder.person for holder in self.holders if holder.side is side), None)

    @property
    def leads(self) -> tuple[PersonId, ...]:
        """Everyone who answers at this stage."""
        return tuple(holder.person for holder in self.holders)

    def agency(self, side: Side) -> AgencyKey:
        """The agency of a side; the partnership has none."""
        return {
            Side.RAISING: self.raising_agency,
            Side.RECEIVING: self.receiving_agency,
        }.get(side, UNKNOWN_AGENCY)

    def side_of(self, person: PersonId) -> Side | None:
        """The side that a person may act for now: the practitioners always, and today's leads."""
        if person == self.raised_by:
            return Side.RAISING
        if person == self.challenged:
            return Side.RECEIVING
        return next((side for side in Side if self.lead(side) == person), None)

    @property
    def everyone(self) -> tuple[PersonId, ...]:
        """Everyone who was ever on the challenge, each once, the two practitioners first."""
        people = (self.raised_by, self.challenged, *(i.person for i in self.involved))
        return tuple(dict.fromkeys(people))


class Happened(StrEnum):
    """What a chronology entry records."""

    RAISED = "raised"
    SPACE_OPENED = "private channel opened"
    NOT_REACHED = "could not be invited"
    REACHED = "invited after all"
    SPACE_ARCHIVED = "private channel archived"
    DATE_PROPOSED = "date proposed"
    DATE_AGREED = "date agreed"
    REMINDED = "reminded"
    REMINDER_MISSED = "reminder missed"
    SEEN = "marked as seen"
    SEEN_TAKEN_BACK = "mark taken back"
    ACT_OFFERED = "private button offered"
    SUPPORT_ASKED = "support asked for"
    RISK_DECLARED = "risk declared"
    ESCALATED = "escalation asked for"
    LAPSED = "time allowed passed"
    PROMPTED_NEXT = "prompt passed on"
    ACCEPTED = "escalation accepted"
    DECLINED = "prompt declined"
    TOP_LAPSED = "time at the top passed"
    SETTLEMENT_PROPOSED = "settlement proposed"
    SETTLEMENT_DECLINED = "settlement not confirmed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    UNDELIVERED = "could not be told"
    SAID = "message"
    EDITED = "message edited"
    DELETED = "message deleted"
    SHARED = "file shared"
    REACTED = "reaction"
    UNREACTED = "reaction taken away"
    JOINED = "joined the channel"
    LEFT = "left the channel"


@dataclass(frozen=True)
class Entry:
    """One line of the chronology. `words` holds what people wrote, by the question they answered.

    People stand in `summary` as <@ID>; whoever prints it puts the names in. `message` and `said`
    are Slack's id and time of a message, for what was written in the channel.
    """

    kind: Happened
    by: PersonId | None
    summary: str = field(repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    message: str = ""
    said: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """An entry as it stands in the chronology: its place there, and when it was put on record."""

    seq: int
    number: int
    at: datetime
    entry: Entry


class Told(StrEnum):
    """What kind of word goes out. Each has a card in blocks/notices.py, or is a deed in bot/."""

    OPEN_SPACE = "space.open"
    INVITE = "space.invite"
    ARCHIVE_SPACE = "space.archive"
    CARD = "card"
    BROUGHT_IN = "brought in"
    NOT_REACHED = "not reached"
    DATE_PROPOSED = "date proposed"
    DATE_AGREED = "date agreed"
    REMINDER = "reminder"
    OFFER_ACT = "offer act"
    SUPPORT_ASKED = "support asked"
    RISK_DECLARED = "risk declared"
    ESCALATION = "escalation"
    PROMPT = "prompt"
    PROMPT_PRIVATELY = "prompt privately"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STAGE_REACHED = "stage reached"
    NOBODY_FOUND = "nobody found"
    TOP_LAPSED = "top lapsed"
    SETTLEMENT_PROPOSED = "settlement proposed"
    SETTLEMENT_DECLINED = "settlement declined"
    CLOSED = "closed"
    CLOSED_PRIVATELY = "closed privately"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True)
class Notice:
    """Someone should be told something: no wording, it is drawn from fresh state when it is sent.

    `to` is a person for a direct message, or None for the challenge's own channel. `about` is
    the person it speaks of (whom to invite, who was prompted), `mark` an opaque word such as a
    prompt's number. `key` makes the same notice of the same moment impossible to write twice.
    """

    kind: Told
    to: PersonId | None = None
    about: PersonId | None = None
    mark: str = ""


@dataclass(frozen=True)
class Change:
    """What one act alters: the new challenge, what the chronology says of it, who is told."""

    challenge: Challenge
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        if not self.entries:
            raise ValueError("Every change says in the chronology what happened.")


def privately(
    kind: Told, people: Iterable[PersonId], about: PersonId | None = None
) -> tuple[Notice, ...]:
    """The same word to each person in a direct message."""
    return tuple(Notice(kind, to=person, about=about) for person in dict.fromkeys(people))
