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
    OPINION = "An independent opinion was given, and both sides acknowledged it"


class Heard(StrEnum):
    """Whether the child's or adult's own voice is known. Each is an answer, and is counted."""

    SAID = "They have said or shown something"
    NOT_KNOWN = "Not known"
    NOT_SAFE = "Not safe to ask"


@dataclass(frozen=True)
class Concern:
    """What the raiser wrote. `reference` is the agency's own, never a name.

    `mind` is what would change their mind; `meanwhile` what keeps the person safe, if anything
    was written: who does it and by when stands in the challenge's own standing line.
    """

    subject: Subject
    area: Area
    reference: str = field(repr=False)
    decision: str = field(repr=False)
    why: str = field(repr=False)
    meanwhile: str = field(repr=False)
    ask: str = field(repr=False)
    mind: str = field(default="", repr=False)


@dataclass(frozen=True)
class Safety:
    """The answer to the first question: is anyone in immediate danger, and what has been done?"""

    danger: bool
    done: str = field(default="", repr=False)


@dataclass(frozen=True)
class Prompt:
    """Someone asked to take a stage on. `person` is None when nobody could be found: look again.

    `deputy` is who was told beside them; whether they may accept is asked of the directory, unless
    they are in `not_for`: deputies who said that they are not the right person.
    `passed_over` are those before them who are away, no longer active, or unknown.
    """

    side: Side
    stage: int
    number: int
    person: PersonId | None
    since: datetime
    due: datetime
    deputy: PersonId | None = None
    passed_over: tuple[PersonId, ...] = ()
    not_for: tuple[PersonId, ...] = ()


@dataclass(frozen=True)
class Leave:
    """The first working morning of somebody's leave, known ahead."""

    person: PersonId
    begins: datetime


@dataclass(frozen=True)
class Review:
    """What the raising side's manager thinks of the challenge, or a second opinion on that."""

    stage: int
    by: PersonId
    justified: bool
    because: str = field(repr=False)
    second: bool = False


@dataclass(frozen=True)
class SecondLook:
    """Who is asked for a second opinion on the review, until when, and who was asked before."""

    number: int
    person: PersonId | None
    due: datetime
    tried: tuple[PersonId, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """A conflict of interest that one side sees in somebody; `asked` are those who settle it.

    `asked_at` is when they were last asked, `reminded` how often they were reminded.
    """

    number: int
    about: PersonId
    by: PersonId
    asked: tuple[PersonId, ...]
    because: str = field(repr=False)
    asked_at: datetime | None = None
    reminded: int = 0


@dataclass(frozen=True)
class Involved:
    """Someone brought onto the challenge, and for which side; they may read it ever after, unless
    they are set aside."""

    person: PersonId
    side: Side


@dataclass(frozen=True)
class Position:
    """One side's view of the matter, in the same fields for both. A version is never altered."""

    side: Side
    by: PersonId
    at: datetime
    decision: str = field(repr=False)
    why: str = field(repr=False)
    mind: str = field(repr=False)
    ask: str = field(repr=False)


@dataclass(frozen=True)
class Meanwhile:
    """The standing line: what keeps the person safe meanwhile, who does it, and by when.

    `passed` once its day is over and nobody has renewed it.
    """

    side: Side
    by: PersonId
    at: datetime
    what: str = field(repr=False)
    who: str = field(default="", repr=False)
    until: date | None = None
    passed: bool = False

    @property
    def is_whole(self) -> bool:
        return bool(self.what and self.who and self.until)


@dataclass(frozen=True)
class Voice:
    """What the child or adult has said or shown, and who asked them; or that nobody knows."""

    side: Side
    by: PersonId
    at: datetime
    heard: Heard
    said: str = field(default="", repr=False)
    asked_by: str = field(default="", repr=False)


@dataclass(frozen=True)
class PersonFirst:
    """What the raiser could say at once of the person's safety and voice; all of it may wait."""

    who: str = field(default="", repr=False)
    until: date | None = None
    heard: Heard | None = None
    said: str = field(default="", repr=False)
    asked_by: str = field(default="", repr=False)


@dataclass(frozen=True)
class DateProposal:
    """`extends` when it puts off a date that both have already, which needs a fresh look."""

    by: PersonId
    side: Side
    due: datetime
    extends: bool = False
    accepted: tuple[Side, ...] = ()

    @property
    def waits_for(self) -> tuple[Side, ...]:
        """The sides that have still to say yes: the other, or both when it came from neither."""
        both = (Side.RAISING, Side.RECEIVING)
        return tuple(side for side in both if side not in (self.side, *self.accepted))


@dataclass(frozen=True)
class NewDay:
    """Another day proposed for an agreed action; it counts once somebody else agrees.

    `side` is None for an owner who is of neither side: then either side may agree.
    """

    by: PersonId
    side: Side | None
    day: date


@dataclass(frozen=True)
class AgreedAction:
    """Who does what by when; and, once it is settled, what has become of it.

    Reminders are reckoned from `since`, which is the settling unless the day was moved. `asked_at`
    is when it was last asked after, once its day had passed.
    """

    what: str = field(repr=False)
    who: PersonId
    by: date
    since: datetime | None = None
    done_by: PersonId | None = None
    asked_at: datetime | None = None
    new_day: NewDay | None = None


@dataclass(frozen=True)
class Settlement:
    """A way forward that one side proposes; it settles the challenge when the other confirms."""

    outcome: Outcome
    proposed_by: PersonId
    side: Side
    how: str = field(repr=False)
    actions: tuple[AgreedAction, ...] = ()


class Went(StrEnum):
    """Whether what was agreed happened for the child or adult."""

    YES = "Yes"
    PARTLY = "Partly"
    NO = "No"


@dataclass(frozen=True)
class FollowedThrough:
    """One person's answer, some time after settling; their words stand in the chronology."""

    person: PersonId
    went: Went


@dataclass(frozen=True)
class Signature:
    """Under the final record; whoever `dissents` wrote why in the chronology."""

    person: PersonId
    side: Side
    dissents: bool = False


@dataclass(frozen=True)
class AttendeesProposed:
    """Whom one side would like at the meeting; the other side agrees, or names others."""

    by: PersonId
    side: Side
    people: tuple[PersonId, ...]


@dataclass(frozen=True)
class CanMake:
    """Which of the offered times somebody can make; none of them when it is empty."""

    person: PersonId
    times: tuple[datetime, ...]


@dataclass(frozen=True)
class NotAppropriate:
    """A lead's view that a meeting is not appropriate, and who was asked for a second opinion."""

    by: PersonId
    because: str = field(repr=False)
    asked: tuple[PersonId, ...]


@dataclass(frozen=True)
class Minutes:
    by: PersonId
    discussion: str = field(repr=False)
    agreed: str = field(repr=False)
    outstanding: str = field(repr=False)
    next_steps: str = field(repr=False)


@dataclass(frozen=True)
class Meeting:
    """A stage's inter-agency meeting. `people` were agreed beside those who come anyway.

    `place_offered` goes with the times that are offered, and becomes the place when one is fixed.
    `called_off` is the time of a meeting that will not be held. `fixings` counts how often
    calendars were told something, so that they know what is newer.
    """

    stage: int
    people: tuple[PersonId, ...] = ()
    proposed: AttendeesProposed | None = None
    organiser: PersonId | None = None
    place: str = field(default="", repr=False)
    place_offered: str = field(default="", repr=False)
    times: tuple[datetime, ...] = ()
    answers: tuple[CanMake, ...] = ()
    fixed: datetime | None = None
    called_off: datetime | None = None
    fixings: int = 0
    reminded: bool = False
    doubt: NotAppropriate | None = None
    needed: bool = False
    minutes: Minutes | None = None


@dataclass(frozen=True)
class Opinion:
    """What the top role thinks and recommends, and which sides have acknowledged it."""

    by: PersonId
    opinion: str = field(repr=False)
    reasons: str = field(repr=False)
    actions: tuple[AgreedAction, ...]
    acknowledged: tuple[Involved, ...] = ()

    @property
    def waits_for(self) -> tuple[Side, ...]:
        """The sides that have still to acknowledge it."""
        heard = {one.side for one in self.acknowledged}
        return tuple(side for side in (Side.RAISING, Side.RECEIVING) if side not in heard)


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

    `stage` is the stage that holds it; `offered` the one it is offered to. `turn` goes up each time
    a clock is set anew, so that a clock which wakes late finds nothing to do. The ceiling of a date
    is reckoned from `stage_began`, reminders from `clock_set`. While a stage is offered, `accepted`
    are those who took it on, `overdue` the sides whose time to accept ran out once, and
    `gone_round` those on which everybody was asked in vain. `aside` are those who may not answer
    for a side, `out` those who are to read it no longer, `past_line` the sides that asked past
    their own line, `absent` those of whose absence the business unit was told. `held_before` are
    those who answered at the stage before this one; at the top they still speak for their side.
    `leaves` is whose leave begins while they are asked or answer. `extended` holds the stage of
    each extension agreed; `delivered_at` is when the challenged person was reached. Of `positions`,
    `meanwhiles` and `voices` every version is kept; their own modules say which stands. `earlier`
    are the ways it was settled before it was opened again, `days_off` those that became known while
    its clocks ran and are reckoned with. `to_follow` were asked what came of it and have not
    answered since.
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
    accepted: tuple[Involved, ...] = ()
    gone_round: tuple[Side, ...] = ()
    overdue: tuple[Side, ...] = ()
    aside: tuple[Involved, ...] = ()
    out: tuple[PersonId, ...] = ()
    past_line: tuple[Side, ...] = ()
    absent: tuple[PersonId, ...] = ()
    reviews: tuple[Review, ...] = ()
    second_look: SecondLook | None = None
    conflicts: tuple[Conflict, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    tried: tuple[PersonId, ...] = ()
    involved: tuple[Involved, ...] = ()
    supporters: tuple[Involved, ...] = ()
    told: tuple[PersonId, ...] = ()
    held_before: tuple[PersonId, ...] = ()
    leaves: tuple[Leave, ...] = ()
    date_proposal: DateProposal | None = None
    date_agreed: bool = False
    extended: tuple[int, ...] = ()
    delivered_at: datetime | None = None
    positions: tuple[Position, ...] = ()
    meanwhiles: tuple[Meanwhile, ...] = ()
    voices: tuple[Voice, ...] = ()
    settlement: Settlement | None = None
    meeting: Meeting | None = None
    opinion: Opinion | None = None
    space: Space | None = None
    unreached: tuple[Unreached, ...] = ()
    reminded: tuple[Reminded, ...] = ()
    seen_by: tuple[PersonId, ...] = ()
    turn: int = 1
    prompted: int = 0
    closed_at: datetime | None = None
    signed: tuple[Signature, ...] = ()
    followed: tuple[FollowedThrough, ...] = ()
    to_follow: tuple[PersonId, ...] = ()
    earlier: tuple[Settlement, ...] = ()
    days_off: tuple[date, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        for at in (self.raised_at, self.clock_set, self.due, self.closed_at):
            if at is not None and at.tzinfo is None:
                raise ValueError("A challenge's times must carry a zone.")

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def awaits_space(self) -> bool:
        """Whether a channel is on its way: the first one, or a new one for one put away."""
        return self.space is None or (self.space.archived and not self.is_closed)

    @property
    def at_top(self) -> bool:
        return self.procedure.is_top(self.stage)

    @property
    def current(self) -> Stage:
        return self.procedure.stage(self.stage)

    @property
    def order(self) -> tuple[Side, ...]:
        """Whose name stands first: it alternates from one challenge to the next."""
        first, second = Side.RAISING, Side.RECEIVING
        two = (first, second) if self.id % 2 else (second, first)
        return (*two, Side.PARTNERSHIP)

    def practitioner(self, side: Side) -> PersonId:
        """The person whose disagreement it is, on that side."""
        return self.raised_by if side is Side.RAISING else self.challenged

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
        return next((one.side for one in self.answering if one.person == person), None)

    @property
    def answering(self) -> tuple[Involved, ...]:
        """Who answers at this stage, and who has accepted the stage that is offered."""
        return (*self.holders, *self.accepted)

    def is_invited(self, person: PersonId) -> bool:
        """Whether somebody was invited into the private channel, and Slack let them in."""
        return person in self.everyone and all(u.person != person for u in self.unreached)

    @property
    def everyone(self) -> tuple[PersonId, ...]:
        """Everyone who was ever on the challenge and was not put out since, each once, the two
        practitioners first."""
        brought_in = (i.person for i in self.involved if i.person not in self.out)
        return tuple(dict.fromkeys((self.raised_by, self.challenged, *brought_in)))


class Happened(StrEnum):
    """What a chronology entry records."""

    RAISED = "raised"
    SPACE_OPENED = "private channel opened"
    NOT_REACHED = "could not be invited"
    REACHED = "invited after all"
    DELIVERED = "reached"
    POSITION_PUT = "position put"
    MEANWHILE_SET = "safety meanwhile"
    MEANWHILE_PASSED = "safety meanwhile has run out"
    VOICE_ADDED = "the person's voice"
    EXTENSION_REFUSED = "third extension asked for"
    SPACE_ARCHIVED = "private channel archived"
    DATE_PROPOSED = "date proposed"
    DATE_ACCEPTED = "date accepted by one side"
    DATE_AGREED = "date agreed"
    REMINDED = "reminded"
    REMINDER_MISSED = "reminder missed"
    SEEN = "marked as seen"
    SEEN_TAKEN_BACK = "mark taken back"
    ACT_OFFERED = "private button offered"
    SUPPORT_ASKED = "support asked for"
    SUPPORTED = "supporter brought in"
    COPIED = "message copied in"
    RISK_DECLARED = "risk declared"
    ESCALATED = "escalation asked for"
    LAPSED = "time allowed passed"
    PROMPTED_NEXT = "prompt passed on"
    GONE = "no longer active"
    AWAY = "on leave"
    ACCEPTED = "escalation accepted"
    REACHED_WITH_ONE = "stage reached with one side"
    MOVED_ABOVE = "offered to the stage above"
    PAST_LINE = "asked past the line"
    REVIEWED = "review"
    REVIEW_AGAIN_ASKED = "second opinion on the review asked for"
    REVIEW_AGAIN_PASSED_ON = "second opinion on the review passed on"
    REVIEWED_AGAIN = "second opinion on the review"
    CONFLICT_FLAGGED = "conflict of interest flagged"
    CONFLICT_SETTLED = "conflict of interest settled"
    CONFLICT_REMINDED = "reminded of a conflict of interest"
    TAKEN_OUT = "taken out of the channel"
    STAYS_IN = "could not be taken out of the channel"
    DECLINED = "prompt declined"
    TOP_LAPSED = "time at the top passed"
    SETTLEMENT_PROPOSED = "settlement proposed"
    SETTLEMENT_DECLINED = "settlement not confirmed"
    SETTLED = "settled"
    ATTENDEES_PROPOSED = "attendees proposed"
    ATTENDEES_AGREED = "attendees agreed"
    TIMES_OFFERED = "meeting times offered"
    TIMES_ANSWERED = "meeting times answered"
    MEETING_FIXED = "meeting fixed"
    MEETING_REMINDED = "reminded of the meeting"
    MEETING_DOUBTED = "meeting said not to be appropriate"
    MEETING_NEEDED = "second opinion: the meeting is needed"
    MEETING_NOT_HELD = "second opinion: no meeting"
    MINUTES = "minutes of the meeting"
    OPINION_GIVEN = "independent opinion"
    OPINION_ACKNOWLEDGED = "opinion acknowledged"
    WITHDRAWN = "withdrawn"
    ACTION_REMINDED = "reminded of an agreed action"
    ACTION_OVERDUE = "agreed action overdue"
    ACTION_DONE = "agreed action done"
    NEW_DAY_PROPOSED = "new day proposed"
    NEW_DAY_AGREED = "new day agreed"
    FOLLOW_UP_ASKED = "asked what came of it"
    FOLLOWED_THROUGH = "said what came of it"
    SIGNED = "record signed"
    DISSENTED = "record signed, with dissent"
    SIGNATURE_ASKED = "reminded to sign"
    REOPENED = "opened again"
    AFTERCARE_ASKED = "after-care offered"
    RECKONED_ANEW = "clocks reckoned anew"
    PROCEDURE_MOVED = "moved to another procedure"
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
    TAKE_OUT = "space.take_out"
    ARCHIVE_SPACE = "space.archive"
    CARD = "card"
    DEALT_WITH = "dealt with"
    BROUGHT_IN = "brought in"
    NOT_REACHED = "not reached"
    DATE_PROPOSED = "date proposed"
    DATE_AGREED = "date agreed"
    POSITION_PUT = "position put"
    MEANWHILE_SET = "safety meanwhile"
    MEANWHILE_PASSED = "safety meanwhile has run out"
    VOICE_ADDED = "the person's voice"
    REMINDER = "reminder"
    OFFER_ACT = "offer act"
    SUPPORT_ASKED = "support asked"
    SUPPORTED = "supported"
    SUPPORTING = "supporting"
    COPIED = "copied"
    RISK_DECLARED = "risk declared"
    RISK_PRIVATELY = "risk, privately"
    ESCALATION = "escalation"
    PROMPT = "prompt"
    PROMPT_PRIVATELY = "prompt privately"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STAGE_REACHED = "stage reached"
    REACHED_WITH_ONE = "stage reached with one side"
    NOBODY_ACCEPTED = "nobody accepted"
    PASSED_OVER = "passed over"
    FIND_MANAGERS = "find managers"
    NO_LONGER_ASKED = "no longer asked"
    GONE_PAST = "gone past"
    SET_ASIDE = "set aside"
    STAYS_IN = "still in the channel"
    REVIEWED = "reviewed"
    REVIEWED_PRIVATELY = "reviewed, privately"
    REVIEW_AGAIN = "second opinion on the review"
    CONFLICT_FLAGGED = "conflict flagged"
    CONFLICT_TO_SETTLE = "conflict to settle"
    CONFLICT_SETTLED = "conflict settled"
    NOBODY_FOUND = "nobody found"
    GONE = "somebody left"
    STANDS_IN = "stands in"
    TOP_LAPSED = "top lapsed"
    SETTLEMENT_PROPOSED = "settlement proposed"
    SETTLEMENT_DECLINED = "settlement declined"
    ATTENDEES_PROPOSED = "attendees proposed"
    ATTENDEES_AGREED = "attendees agreed"
    ASKED_TO_MEETING = "asked to the meeting"
    TIMES_OFFERED = "meeting times offered"
    MEETING_FIXED = "meeting fixed"
    MEETING_CALLED_OFF = "meeting called off"
    MEETING_ON_DAY_OFF = "meeting on a day off"
    MEETING_FILE = "meeting.file"
    MEETING_SOON = "meeting soon"
    MEETING_DOUBTED = "meeting doubted"
    SECOND_OPINION_ASKED = "second opinion asked"
    MEETING_NEEDED = "meeting needed"
    MEETING_NOT_HELD = "meeting not held"
    MINUTES = "minutes"
    OPINION_GIVEN = "opinion given"
    OPINION_WAITS = "opinion waits"
    OPINION_ACKNOWLEDGED = "opinion acknowledged"
    CLOSED = "closed"
    CLOSED_PRIVATELY = "closed privately"
    ENDED = "ended"
    ACTION_AGREED = "action agreed"
    ACTION_DUE = "action due"
    ACTION_OVERDUE = "action overdue"
    ACTION_DONE = "action done"
    NEW_DAY_PROPOSED = "new day proposed"
    NEW_DAY_AGREED = "new day agreed"
    FOLLOW_UP = "follow up"
    FOLLOWED_THROUGH = "followed through"
    SIGN = "sign"
    DISSENTED = "dissented"
    REOPENED = "reopened"
    REOPENED_PRIVATELY = "reopened privately"
    AFTERCARE = "aftercare"
    CONFIDED = "confided"
    CONFIDED_BACK = "confided, and returned"
    RECKONED_ANEW = "reckoned anew"
    PROCEDURE_MOVED = "procedure moved"
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
