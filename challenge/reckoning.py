"""Reckoning anew: a day off announced late moves running clocks, and never makes a date earlier."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from challenge.directory import Directory
from challenge.escalation import cut, time_to_accept, time_to_answer
from challenge.meeting import is_on_day_off
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    Prompt,
    Status,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.procedure import Procedure, Stage
from challenge.rights import attendees
from challenge.working_time import Duration, Unit, WorkingCalendar

WEEK = 5
LOOKED_BACK = timedelta(days=60)


@dataclass(frozen=True)
class DayOff:
    """A weekday on which the partnership is closed, and since when the bot has known of it."""

    day: date
    known: datetime


def days_off(calendar: WorkingCalendar, today: date) -> tuple[date, ...]:
    """Every weekday that is none for work, from two months back to the end of next year."""
    first, last = today - LOOKED_BACK, date(today.year + 1, 12, 31)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(d for d in days if d.weekday() < WEEK and not calendar.is_working_day(d))


def reckoned_anew(
    challenge: Challenge, moment: Moment, directory: Directory, *, days: tuple[DayOff, ...]
) -> Change | None:
    """Days off that became known while its clocks ran; None when none of them touches it."""
    fresh = tuple(_touching(challenge, days))
    if not fresh:
        return None
    off = tuple(each.day for each in fresh)
    closed = with_closures(challenge.procedure, off)
    known = replace(challenge, procedure=closed, days_off=(*challenge.days_off, *off))
    after = known if known.is_closed else _moved(known, fresh)
    meeting = _meets_on(after, moment, off)
    what = f"{_spoken_days(off)} became known as a day off. {_what_moved(challenge, after)}"
    entry = Entry(Happened.RECKONED_ANEW, None, f"{what}{meeting}")
    told = [
        *(_told_of_dates(challenge) if _times(after) != _times(challenge) else ()),
        *(_told_of_meeting(after) if meeting else ()),
    ]
    return Change(after, (entry,), (*told, Notice(Told.CARD)) if told else ())


def with_closures(procedure: Procedure, days: tuple[date, ...]) -> Procedure:
    """The same procedure with those closures added, where its calendar does not know them yet."""
    missing = tuple(day for day in days if procedure.calendar.is_working_day(day))
    return _closed_on(procedure, missing) if missing else procedure


# Many challenges carry the same procedure, and to read it takes a while.
@lru_cache(maxsize=64)
def _closed_on(procedure: Procedure, days: tuple[date, ...]) -> Procedure:
    closed = sorted(procedure.calendar.closed | set(days))
    known = procedure.plain.get("calendar")
    calendar = {**(known if isinstance(known, dict) else {}), "closed": [*map(str, closed)]}
    return Procedure.read({**procedure.plain, "calendar": calendar})


def _touching(challenge: Challenge, days: Iterable[DayOff]) -> Iterator[DayOff]:
    """Those that its calendar lacks, or that lie within a clock that began before they were known.

    Whatever was counted once is not counted again.
    """
    calendar = challenge.procedure.calendar
    runs = list(_running(challenge))
    for each in days:
        lacking = calendar.is_working_day(each.day)
        within = any(_is_within(each, since, due, calendar) for since, due in runs)
        if each.day not in challenge.days_off and (lacking or within):
            yield each


def _running(challenge: Challenge) -> Iterator[tuple[datetime, datetime]]:
    """From when until when each clock runs."""
    for prompt in challenge.prompts:
        yield prompt.since, prompt.due
    if challenge.status is Status.OPEN:
        yield challenge.clock_set, challenge.due
    meeting = challenge.meeting
    if meeting and meeting.fixed and not challenge.is_closed:
        yield challenge.clock_set, meeting.fixed
    if challenge.closed_at is not None:
        # What follows after the end is reckoned from it whenever it is asked for.
        yield challenge.closed_at, challenge.closed_at + 2 * LOOKED_BACK


def _is_within(each: DayOff, since: datetime, due: datetime, calendar: WorkingCalendar) -> bool:
    began, ends = calendar.local(since).date(), calendar.local(due).date()
    return each.known > since and began <= each.day <= ends


def _moved(challenge: Challenge, fresh: tuple[DayOff, ...]) -> Challenge:
    prompts = tuple(_prompt_moved(challenge, prompt) for prompt in challenge.prompts)
    proposal, look = challenge.date_proposal, challenge.second_look
    if proposal is not None:
        proposal = replace(proposal, due=_onto_a_working_day(challenge, proposal.due))
    if look is not None and not time_to_accept(challenge, challenge.current).by_the_clock:
        look = replace(look, due=_onto_a_working_day(challenge, look.due))
    due = challenge.due
    if challenge.status is Status.OPEN:
        then = Moment(challenge.clock_set, challenge.procedure.calendar)
        due = max(due, cut(challenge, challenge.current, then, _due_moved(challenge, fresh)))
    return replace(challenge, due=due, prompts=prompts, date_proposal=proposal, second_look=look)


def _prompt_moved(challenge: Challenge, prompt: Prompt) -> Prompt:
    stage = challenge.procedure.stage(prompt.stage)
    length = time_to_accept(challenge, stage)
    anew = _anew(challenge, stage, prompt.since, length)
    return prompt if length.by_the_clock else replace(prompt, due=max(prompt.due, anew))


def _anew(challenge: Challenge, stage: Stage, since: datetime, length: Duration) -> datetime:
    """As it would be set at that time, with the days off known by now."""
    then = Moment(since, challenge.procedure.calendar)
    return cut(challenge, stage, then, then.deadline(length))


def _due_moved(challenge: Challenge, fresh: tuple[DayOff, ...]) -> datetime:
    """A date that people agreed stays unless it is a day off itself; the procedure's own runs on
    by as many working days as were lost."""
    calendar, length = challenge.procedure.calendar, time_to_answer(challenge, challenge.current)
    if length.by_the_clock and not challenge.date_agreed:
        return challenge.due
    if challenge.date_agreed:
        return _onto_a_working_day(challenge, challenge.due)
    if length.unit is Unit.WORKING_HOUR:
        return max(challenge.due, calendar.after(challenge.clock_set, length))
    began, ends = (calendar.local(at).date() for at in (challenge.clock_set, challenge.due))
    lost = sum(each.known > challenge.clock_set and began < each.day <= ends for each in fresh)
    if not lost:
        return _onto_a_working_day(challenge, challenge.due)
    return calendar.closing(calendar.working_day_after(ends, lost))


def _onto_a_working_day(challenge: Challenge, due: datetime) -> datetime:
    calendar = challenge.procedure.calendar
    day = calendar.local(due).date()
    off = day in challenge.days_off and not calendar.is_working_day(day)
    return calendar.closing(calendar.working_day_after(day)) if off else due


def _meets_on(challenge: Challenge, moment: Moment, days: tuple[date, ...]) -> str:
    """A sentence about the meeting still to come on one of those days; empty when there is none."""
    meeting = challenge.meeting
    if meeting is None or meeting.fixed is None or not is_on_day_off(challenge):
        return ""
    at = challenge.procedure.calendar.local(meeting.fixed)
    if meeting.fixed <= moment.now or at.date() not in days:
        return ""
    return f" The meeting on {at:%A %-d %B %Y, %H:%M} is on it, and stays until it is changed."


def _told_of_dates(challenge: Challenge) -> tuple[Notice, ...]:
    both = (challenge.raised_by, challenge.challenged)
    return (Notice(Told.RECKONED_ANEW), *privately(Told.RECKONED_ANEW, both))


def _told_of_meeting(challenge: Challenge) -> tuple[Notice, ...]:
    there = privately(Told.MEETING_ON_DAY_OFF, attendees(challenge))
    return (Notice(Told.MEETING_ON_DAY_OFF), *there)


def _times(challenge: Challenge) -> tuple[object, ...]:
    prompts = tuple(prompt.due for prompt in challenge.prompts)
    return challenge.due, challenge.date_proposal, challenge.second_look, prompts


def _what_moved(before: Challenge, after: Challenge) -> str:
    if _times(before) == _times(after):
        return "No date moves."
    if before.due == after.due:
        return "The times to accept, and a date that was proposed, are later by it."
    spoken = after.procedure.calendar.local
    return (
        f"The date moves from {spoken(before.due):%A %-d %B %Y} to "
        f"{spoken(after.due):%A %-d %B %Y, %H:%M}."
    )


def _spoken_days(days: Iterable[date]) -> str:
    return " and ".join(f"{day:%A %-d %B %Y}" for day in days)
