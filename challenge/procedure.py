"""A procedure: one partnership's agreed stages, roles and clocks, as of a date."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Self

from typing_extensions import override

from challenge.plain import LONGEST_TEXT, Problem, Table, line_of, meant
from challenge.working_time import (
    NATIONS,
    Duration,
    Unit,
    WorkingCalendar,
    clock_share,
    utc,
    zone,
)

__all__ = [
    "Contact",
    "Emergency",
    "FollowUp",
    "Meetings",
    "OtherRoute",
    "Problem",
    "Procedure",
    "ProcedureProblems",
    "Reminder",
    "Retention",
    "Stage",
    "Top",
    "Total",
    "Urgent",
    "line_of",
    "reminder_times",
]

_PERCENTAGE = re.compile(r"([0-9]{1,3})\s*%")
_TIME = "((?:[01]?[0-9]|2[0-3]):[0-5][0-9])"
_HOURS = re.compile(rf"{_TIME}\s*[-–]\s*{_TIME}")
_KEPT_FOR = re.compile(r"([1-9][0-9]{0,2}) (year|month|day)s?")
_ROLES = '["line manager", "safeguarding lead"]'
_NINE_TO_FIVE = time(9), time(17)
_NO_EMERGENCY = (
    "There is no [emergency]: say what to do when someone is in danger, for example "
    'text = "If anyone is in immediate danger call 999.".'
)
_NO_TOP = (
    "There is no [top]: say who settles what no stage could, for example "
    'role = "Independent Scrutineer".'
)
PLEDGE = (
    "We are here for the child or adult. Everyone may speak and everyone is heard. We say what we "
    "see and what we do not know. Asking why is part of our work, and nobody is blamed for it. We "
    "talk about decisions, not about each other. Before we part, we say who does what, and by when."
)
_TOLD = {"business unit", "coordinators", "scrutineer"}
_STAND_IN = Duration(1, Unit.WORKING_DAY)
_SHORTLY_BEFORE = Duration(2, Unit.WORKING_HOUR)
_AN_HOUR = Duration(1, Unit.HOUR)
TO_FILL_IN = "to be filled in"
_PLACEHOLDER = re.compile(rf"[^.;,:]*\b{TO_FILL_IN}\b[^.;,:]*[.;,]?", re.IGNORECASE)
MOST_ROUTES = 10
LONGEST_NAME = 70
LONGEST_WHEN = 200
# A Monday with no bank holiday of any nation for a fortnight: durations of unlike units are
# compared by where each would end from here.
_A_MONDAY = date(2026, 3, 2)


class ProcedureProblems(Exception):
    """Everything wrong with a procedure file, at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @override
    def __str__(self) -> str:
        return "\n".join(f"{p.where}: {p.sentence}" for p in self.problems)


@dataclass(frozen=True)
class Reminder:
    """Either a share (between 0 and 1) of the time allowed, or so long before it ends."""

    share: float | None = None
    before: Duration | None = None

    def __post_init__(self) -> None:
        if (self.share is None) == (self.before is None):
            raise ValueError("A reminder is either a share of the time or a time before its end.")
        if self.share is not None and not 0 < self.share < 1:
            raise ValueError("A reminder's percentage lies from 1% to 99%.")

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError with a sentence that says what may be written."""
        if percentage := _PERCENTAGE.fullmatch(text.strip()):
            return cls(share=int(percentage[1]) / 100)
        length, _, rest = text.strip().rpartition(" ")
        if rest.lower() != "before":
            raise ValueError(
                f'"{text}" is not a reminder. Write a percentage of the time allowed, such as '
                '"50%", or a time before its end, such as "2 working hours before".'
            )
        return cls(before=Duration.read(length))

    @override
    def __str__(self) -> str:
        return f"{self.before} before" if self.before else f"{(self.share or 0) * 100:.0f}%"

    def at(
        self, start: datetime, due: datetime, calendar: WorkingCalendar, by_the_clock: bool
    ) -> datetime:
        """In UTC; moved to the next opening when it would disturb people outside working hours."""
        if self.before:
            at = calendar.before(due, self.before)
        else:
            share = clock_share if by_the_clock else calendar.share
            at = share(start, due, self.share or 0)
        return at if by_the_clock else calendar.next_opening(at)


@dataclass(frozen=True)
class Stage:
    """A level of the procedure; its clocks are ceilings, never targets."""

    number: int
    title: str
    raising: tuple[str, ...]
    receiving: tuple[str, ...]
    answer_within: Duration
    longest: Duration
    accept_within: Duration
    remind: tuple[Reminder, ...]
    confirmed: bool = True
    review: bool = False
    meeting: bool = False
    notify: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Whom to call; until somebody fills the number in, it only says where to look."""

    name: str
    phone: str

    @property
    def has_number(self) -> bool:
        return any(sign.isdigit() for sign in self.phone)


@dataclass(frozen=True)
class Emergency:
    text: str
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class OtherRoute:
    """Where a matter goes that is not a challenge; its contact may be still to be filled in."""

    name: str
    when: str
    contact: str

    @property
    def is_filled_in(self) -> bool:
        return TO_FILL_IN not in self.contact.casefold()

    @property
    def known(self) -> str:
        """The contact without what is still to be filled in; empty when that is all of it."""
        rest = _PLACEHOLDER.sub("", self.contact).strip(" ,;:")
        return f"{rest}." if rest and rest[-1] not in ".!?" else rest


@dataclass(frozen=True)
class Meetings:
    """How a stage's meeting is held: what is said at its start, the reminder, how long it is."""

    pledge: str = PLEDGE
    remind: Duration = _SHORTLY_BEFORE
    lasts: Duration = _AN_HOUR


@dataclass(frozen=True)
class Top:
    """Who settles what no stage could."""

    role: str
    accept_within: Duration
    answer_within: Duration
    remind: tuple[Reminder, ...]


@dataclass(frozen=True)
class Total:
    """The first stages, that many, may take so long together, from the day of raising on."""

    stages: int
    within: Duration


@dataclass(frozen=True)
class Urgent:
    """The route when someone is at risk now; `start_at` is a stage's number."""

    start_at: int
    accept_within: Duration
    answer_within: Duration
    remind: tuple[Reminder, ...]


@dataclass(frozen=True)
class Retention:
    """How long a closed challenge is kept, such as "6 years"; None until somebody decides."""

    closed_for: str | None = None

    def __post_init__(self) -> None:
        if self.closed_for is not None:
            kept_for(self.closed_for)

    def ends(self, closed: date) -> date | None:
        """The first day on which what was closed then may be removed; None: not yet decided."""
        return _later(closed, *kept_for(self.closed_for)) if self.closed_for else None


@dataclass(frozen=True)
class FollowUp:
    """When people are asked again after the end; each at the opening of working hours."""

    ask_after: tuple[Duration, ...]
    sign_within: Duration
    ask_again: Duration
    aftercare_after: Duration


@dataclass(frozen=True)
class Procedure:
    """`plain` is the mapping it was read from, fit for JSON and for `read` again."""

    version: str
    title: str
    single_agency: bool
    calendar: WorkingCalendar
    emergency: Emergency
    stages: tuple[Stage, ...]
    top: Top
    urgent: Urgent | None
    retention: Retention
    archive_after: Duration
    follow_up: FollowUp
    other_routes: tuple[OtherRoute, ...] = ()
    total: Total | None = None
    meetings: Meetings = Meetings()
    plain: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, plain: Mapping[str, object]) -> Self:
        """Raises ProcedureProblems with everything that is wrong, in words for its author."""
        problems: list[Problem] = []
        kept = {str(key): _for_json(value) for key, value in plain.items()}
        file = Table(kept, problems)
        stages = _stages(file)
        procedure = cls(
            version=file.text("version", '"darlington-2025-12"'),
            title=file.text("title", '"Darlington: Professional Challenge"'),
            single_agency=file.flag("single_agency", default=True),
            calendar=_calendar(file.table("calendar")),
            emergency=_emergency(file),
            stages=stages,
            top=_top(file),
            urgent=_urgent(file, stages),
            retention=_retention(file.table("retention")),
            archive_after=_duration(file, "archive_after", "5 working days"),
            follow_up=_follow_up(file.table("follow_up")),
            other_routes=_other_routes(file),
            meetings=_meetings(file.table("meeting")),
            total=_total(file, stages),
            plain=kept,
        )
        _check_notified(file, procedure)
        file.refuse_unknown()
        if problems:
            raise ProcedureProblems(problems)
        return procedure

    def stage(self, number: int) -> Stage:
        """The top counts as the stage after the last. LookupError when there is none such."""
        if self.is_top(number):
            return self._top_stage
        if not 1 <= number <= len(self.stages):
            raise LookupError(f"This procedure has no stage {number}.")
        return self.stages[number - 1]

    def is_top(self, number: int) -> bool:
        return number == len(self.stages) + 1

    def following(self, number: int) -> int | None:
        """The next confirmed stage; None when the top follows. `following(0)` is the first."""
        later = self.stages[number:]
        return next((stage.number for stage in later if stage.confirmed), None)

    def skipped_after(self, number: int) -> tuple[Stage, ...]:
        """The unconfirmed stages passed over on the way to `following(number)`."""
        until = self.following(number) or len(self.stages) + 1
        return self.stages[number : until - 1]

    def total_ends(self, raised_at: datetime) -> datetime | None:
        """When the stages of the total are over, in UTC; None where the procedure has no total."""
        return self.calendar.after(raised_at, self.total.within) if self.total else None

    def is_in_total(self, number: int) -> bool:
        return self.total is not None and number <= self.total.stages

    def with_confirmed(self, fingerprints: Collection[str]) -> "Procedure":
        """The same, with the stages confirmed whose fingerprint is among these.

        It is another procedure in every respect: a challenge carries the one it began with.
        """
        fresh = [
            s.number for s in self.stages if not s.confirmed and self.fingerprint(s) in fingerprints
        ]
        if not fresh:
            return self
        stages = [
            {**plain, "confirmed": True} if number in fresh else plain
            for number, plain in enumerate(self._plain_stages, start=1)
        ]
        return Procedure.read({**self.plain, "stage": stages})

    def fingerprint(self, stage: Stage) -> str:
        """Of everything the file says of a stage: a yes to one figure is no yes to another."""
        said = {k: v for k, v in self._plain_stages[stage.number - 1].items() if k != "confirmed"}
        text = json.dumps([self.version, stage.number, said], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def _plain_stages(self) -> Sequence[Mapping[str, object]]:
        listed = self.plain["stage"]
        return listed if isinstance(listed, list) else []

    @property
    def _top_stage(self) -> Stage:
        top = self.top
        return Stage(
            number=len(self.stages) + 1,
            title=top.role,
            raising=(),
            receiving=(),
            answer_within=top.answer_within,
            longest=top.answer_within,
            accept_within=top.accept_within,
            remind=top.remind,
        )


def reminder_times(
    start: datetime,
    due: datetime,
    remind: Iterable[Reminder],
    calendar: WorkingCalendar,
    by_the_clock: bool,
) -> tuple[datetime, ...]:
    """In UTC, in order, each once, all after `start` and before `due`.

    Unless they run by the clock, none falls outside working hours: it waits for the next opening,
    and is dropped when that comes too late.
    """
    start, due = utc(start), utc(due)
    if due <= start:
        return ()
    times = {reminder.at(start, due, calendar, by_the_clock) for reminder in remind}
    return tuple(sorted(at for at in times if start < at < due))


def kept_for(text: str) -> tuple[int, str]:
    """The number and the unit (year, month or day). ValueError with a sentence otherwise."""
    found = _KEPT_FOR.fullmatch(text)
    if not found:
        raise ValueError(
            f'"{text}" is not a time to keep records for. Write for example "6 years", '
            '"18 months" or "90 days".'
        )
    return int(found[1]), found[2]


def _stages(file: Table) -> tuple[Stage, ...]:
    tables = file.tables("stage", "[[stage]], in double square brackets, on a line of its own")
    stages = tuple(_stage(table, number) for number, table in enumerate(tables, start=1))
    if not stages and not any(problem.where == "stage" for problem in file.problems):
        file.wrong("stage", "There are no stages. Begin each one with [[stage]] and its title.")
    elif stages and not any(stage.confirmed for stage in stages):
        file.wrong("stage", "No stage is confirmed, so no challenge could be raised. Confirm one.")
    _refuse_same_titles(tables, stages)
    return stages


def _stage(table: Table, number: int) -> Stage:
    answer_within = _duration(table, "answer_within")
    stage = Stage(
        number=number,
        title=table.text("title", '"Practitioner to practitioner"'),
        raising=table.names("raising", _ROLES),
        receiving=table.names("receiving", _ROLES),
        answer_within=answer_within,
        longest=_duration(table, "longest", str(answer_within)),
        accept_within=_duration(table, "accept_within", "4 working hours"),
        remind=_reminders(table, "50%", "2 working hours before"),
        confirmed=table.flag("confirmed", default=True),
        review=table.flag("review", default=False),
        meeting=table.flag("meeting", default=False),
        notify=table.names("notify", '["business unit"]', default=()),
    )
    if _shorter(stage.longest, stage.answer_within):
        table.wrong("longest", f'"{stage.longest}" is shorter than answer_within. Make it longer.')
    table.refuse_unknown()
    return stage


def _refuse_same_titles(tables: Iterable[Table], stages: Iterable[Stage]) -> None:
    seen: set[str] = set()
    for table, stage in zip(tables, stages, strict=True):
        if stage.title and stage.title in seen:
            table.wrong("title", f'Another stage is called "{stage.title}". Give each its own.')
        seen.add(stage.title)


def _calendar(table: Table) -> WorkingCalendar:
    opens, closes = table.reading(
        "working_hours", '"09:00-17:00"', _hours, _NINE_TO_FIVE, default=_NINE_TO_FIVE
    )
    calendar = WorkingCalendar(
        timezone=table.reading(
            "timezone", '"Europe/London"', _zone_name, "Europe/London", default="Europe/London"
        ),
        nation=table.reading("nation", '"England"', _nation, "England", default="England"),
        opens=opens,
        closes=closes,
        closed=frozenset(table.list_of("closed", '["2026-12-29"]', _day, default=())),
    )
    table.refuse_unknown()
    return calendar


def _emergency(file: Table) -> Emergency:
    table = file.needed_table("emergency", _NO_EMERGENCY)
    if table is None:
        return Emergency("")
    contacts = table.tables("contacts", '{ name = "Police", phone = "101" }, in square brackets')
    emergency = Emergency(
        text=table.text("text", '"If anyone is in immediate danger call 999."', most=LONGEST_TEXT),
        contacts=tuple(_contact(contact) for contact in contacts),
    )
    table.refuse_unknown()
    return emergency


def _contact(table: Table) -> Contact:
    contact = Contact(table.text("name", '"Police"'), table.text("phone", '"101"'))
    table.refuse_unknown()
    return contact


def _other_routes(file: Table) -> tuple[OtherRoute, ...]:
    tables = file.tables("other_route", "[[other_route]], in double square brackets")
    if len(tables) > MOST_ROUTES:
        file.wrong("other_route", f"A form holds {MOST_ROUTES} other routes. Leave some out.")
    return tuple(_other_route(table) for table in tables)


def _other_route(table: Table) -> OtherRoute:
    route = OtherRoute(
        name=table.text("name", '"A complaint"', most=LONGEST_NAME),
        when=table.text("when", '"Somebody is unhappy with a service."', most=LONGEST_WHEN),
        contact=table.text("contact", '"Complaints team, 01632 960001"', most=LONGEST_WHEN),
    )
    table.refuse_unknown()
    return route


def _top(file: Table) -> Top:
    table = file.needed_table("top", _NO_TOP)
    if table is None:
        return Top("", _STAND_IN, _STAND_IN, ())
    top = Top(
        role=table.text("role", '"Independent Scrutineer"'),
        accept_within=_duration(table, "accept_within", "1 working day"),
        answer_within=_duration(table, "answer_within", "10 working days"),
        remind=_reminders(table, "50%", "2 working hours before"),
    )
    table.refuse_unknown()
    return top


def _urgent(file: Table, stages: tuple[Stage, ...]) -> Urgent | None:
    if not file.has("urgent"):
        return None
    table = file.table("urgent")
    urgent = Urgent(
        start_at=_start_at(table, stages),
        accept_within=_duration(table, "accept_within", "30 minutes"),
        answer_within=_duration(table, "answer_within", example="4 hours"),
        # By the clock, because what is urgent does not wait for the morning.
        remind=_reminders(table, "50%", "1 hour before"),
    )
    table.refuse_unknown()
    return urgent


def _meetings(table: Table) -> Meetings:
    usual = Meetings()
    meetings = Meetings(
        pledge=table.text("pledge", '"We listen first."', usual.pledge, most=LONGEST_TEXT),
        remind=_duration(table, "remind", str(usual.remind)),
        lasts=_duration(table, "lasts", str(usual.lasts)),
    )
    table.refuse_unknown()
    return meetings


def _total(file: Table, stages: tuple[Stage, ...]) -> Total | None:
    if not file.has("total"):
        return None
    table = file.table("total")
    total = Total(
        stages=table.number("stages", "5"),
        within=_duration(table, "within", example="5 working days"),
    )
    if total.stages > len(stages):
        table.wrong("stages", f"There are only {len(stages)} stages. Write how many it covers.")
    table.refuse_unknown()
    return total


def _start_at(table: Table, stages: tuple[Stage, ...]) -> int:
    """The number of the confirmed stage whose title is given; 0 once a problem is noted."""
    title = table.text("start_at", '"Managers and safeguarding leads"')
    stage = next((stage for stage in stages if stage.title == title), None)
    if title and not stage:
        choices = meant(title, [stage.title for stage in stages if stage.title])
        table.wrong("start_at", f'No stage is called "{title}". {choices}')
    elif stage and not stage.confirmed:
        table.wrong("start_at", f'"{title}" is not confirmed, so nothing urgent can start there.')
    return stage.number if stage else 0


def _retention(table: Table) -> Retention:
    undecided = Retention()
    kept = table.reading("closed_for", '"6 years"', Retention, undecided, default=undecided)
    table.refuse_unknown()
    return kept


def _follow_up(table: Table) -> FollowUp:
    usual = (Duration(5, Unit.WORKING_DAY), Duration(20, Unit.WORKING_DAY))
    example = '["5 working days", "20 working days"]'
    follow_up = FollowUp(
        ask_after=table.list_of("ask_after", example, Duration.read, usual),
        sign_within=_duration(table, "sign_within", "3 working days"),
        ask_again=_duration(table, "ask_again", "5 working days"),
        aftercare_after=_duration(table, "aftercare_after", "10 working days"),
    )
    table.refuse_unknown()
    return follow_up


def _duration(
    table: Table, key: str, default: str | None = None, example: str = "3 working days"
) -> Duration:
    silent = Duration.read(default) if default else None
    return table.reading(key, f'"{default or example}"', Duration.read, _STAND_IN, default=silent)


def _reminders(table: Table, *defaults: str) -> tuple[Reminder, ...]:
    silent = tuple(Reminder.read(default) for default in defaults)
    return table.list_of("remind", '["50%", "2 working hours before"]', Reminder.read, silent)


def _check_notified(file: Table, procedure: Procedure) -> None:
    """A misspelt name would tell nobody and nobody would know, so near misses are refused."""
    roles = {role for stage in procedure.stages for role in (*stage.raising, *stage.receiving)}
    known = roles | _TOLD | {procedure.top.role}
    for stage in procedure.stages:
        for name in stage.notify:
            if name not in known and (near := get_close_matches(name, known, n=1, cutoff=0.8)):
                file.wrong(f"stage {stage.number}, notify", f'Did you mean "{near[0]}"?')


def _shorter(one: Duration, other: Duration) -> bool:
    calendar = WorkingCalendar()
    start = calendar.opening(_A_MONDAY)
    return calendar.after(start, one) < calendar.after(start, other)


def _hours(text: str) -> tuple[time, time]:
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError(f'"{text}" is not a pair of times. Write them as "09:00-17:00".')
    opens, closes = (time.fromisoformat(found[n].zfill(5)) for n in (1, 2))
    if opens >= closes:
        raise ValueError("The second time must be later in the day than the first: opening first.")
    return opens, closes


def _zone_name(text: str) -> str:
    return zone(text).key


def _nation(text: str) -> str:
    if text not in NATIONS:
        raise ValueError(f'There are no bank holidays here for "{text}". {meant(text, NATIONS)}')
    return text


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ValueError(f'"{text}" is not a date. Write the year first: "2026-12-29".') from None


def _later(day: date, number: int, unit: str) -> date:
    """A day that the month lacks becomes the first of the next: never sooner than was agreed."""
    if unit == "day":
        return day + timedelta(days=number)
    years, month = divmod(day.month - 1 + number * (12 if unit == "year" else 1), 12)
    first = date(day.year + years, month + 1, 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=day.day - 1), next_month)


def _for_json(value: object) -> object:
    """Dates become text, which is how JSON and `read` have them."""
    if isinstance(value, Mapping):
        return {str(key): _for_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_for_json(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value
