"""Durations and the working calendar they run on."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Self
from zoneinfo import ZoneInfo

import holidays
from typing_extensions import override


class Unit(StrEnum):
    WORKING_DAY = "working day"
    WORKING_HOUR = "working hour"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


CLOCK = {
    Unit.HOUR: timedelta(hours=1),
    Unit.MINUTE: timedelta(minutes=1),
    Unit.SECOND: timedelta(seconds=1),
}
MOST = 9_999
NATIONS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}

_DURATION = re.compile(rf"([0-9]+)\s+({'|'.join(Unit)})s?", re.IGNORECASE)
_DAY = timedelta(days=1)
_NOTHING = timedelta()


@dataclass(frozen=True)
class Duration:
    """A length of time as a procedure states it: `Duration.read("3 working days")`."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MOST:
            raise ValueError(f"A length of time is a whole number from 1 to {MOST} of its unit.")

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError with a sentence that says what may be written."""
        found = _DURATION.fullmatch(text.strip())
        if not found:
            raise ValueError(
                f'"{text}" is not a length of time. Write a whole number, then working days, '
                'working hours, hours, minutes or seconds: for example "3 working days".'
            )
        return cls(_amount(found[1]), Unit(found[2].lower()))

    @property
    def by_the_clock(self) -> bool:
        """Whether it runs day and night, whatever the calendar says."""
        return self.unit in CLOCK

    @override
    def __str__(self) -> str:
        return f"{self.amount} {self.unit}" + ("" if self.amount == 1 else "s")


@dataclass(frozen=True)
class WorkingCalendar:
    """When people work: Monday to Friday, less their nation's bank holidays and `closed`.

    Every instant given must carry a zone (ValueError if not); every instant returned is UTC.
    Reckoning is in UTC too, so that an hour stays an hour on the night the clocks change.
    """

    timezone: str = "Europe/London"
    nation: str = "England"
    opens: time = time(9)
    closes: time = time(17)
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        zone(self.timezone)
        if self.nation not in NATIONS:
            raise ValueError(f'"{self.nation}" is not one of {", ".join(NATIONS)}.')
        if not self.opens < self.closes:
            raise ValueError("Working hours must open before they close.")

    def is_working_day(self, day: date) -> bool:
        return (
            day.weekday() < 5
            and day not in self.closed
            and day not in bank_holidays(self.nation, day.year)
        )

    def is_open(self, at: datetime) -> bool:
        """The closing instant itself is already closed."""
        day = self.local(at).date()
        return self.is_working_day(day) and self.opening(day) <= utc(at) < self.closing(day)

    def after(self, start: datetime, duration: Duration) -> datetime:
        """When `duration` has passed.

        The day of the event does not count: N working days end at the close of working hours on
        the Nth working day after it. Working hours count only the time inside working hours.
        """
        if duration.unit is Unit.WORKING_DAY:
            return self.closing(self.working_day_after(self.local(start).date(), duration.amount))
        if duration.unit is Unit.WORKING_HOUR:
            return self._when_worked(utc(start), timedelta(hours=duration.amount))
        return utc(start) + duration.amount * CLOCK[duration.unit]

    def before(self, end: datetime, duration: Duration) -> datetime:
        """The latest instant from which `duration` still fits before `end`; mirrors `after`."""
        if duration.unit is Unit.WORKING_DAY:
            return self.closing(self.working_day_before(self.local(end).date(), duration.amount))
        if duration.unit is Unit.WORKING_HOUR:
            return self._when_to_begin(utc(end), timedelta(hours=duration.amount))
        return utc(end) - duration.amount * CLOCK[duration.unit]

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when open, else the instant at which working hours next open."""
        day = self.local(at).date()
        if not self.is_working_day(day) or utc(at) >= self.closing(day):
            day = self.working_day_after(day)
        return max(utc(at), self.opening(day))

    def share(self, start: datetime, end: datetime, fraction: float) -> datetime:
        """The first instant at which that fraction (0 to 1) of the working time has passed.

        Where there is no working time between the two, it is a fraction of the clock time.
        """
        if not 0 <= fraction <= 1 or utc(end) < utc(start):
            raise ValueError("A share is from 0 to 1, of a time that ends after it starts.")
        worked = self.working_time(start, end)
        if not worked:
            return clock_share(start, end, fraction)
        return self._when_worked(utc(start), worked * fraction)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between lies inside working hours; nothing when end is first."""
        first, last = self.local(start).date(), self.local(end).date()
        days = (first + n * _DAY for n in range((last - first).days + 1))
        return sum((self._worked_on(day, utc(start), utc(end)) for day in days), _NOTHING)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to and counting `last`."""
        days = (first + n * _DAY for n in range(1, (last - first).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def working_day_after(self, day: date, count: int = 1) -> date:
        """The working day that many after `day`, which is itself never counted."""
        return self._counted(day, count, _DAY)

    def working_day_before(self, day: date, count: int = 1) -> date:
        """The working day that many before `day`, which is itself never counted."""
        return self._counted(day, count, -_DAY)

    def local(self, at: datetime) -> datetime:
        """The same instant as people there read it."""
        return utc(at).astimezone(self._zone)

    def opening(self, day: date) -> datetime:
        """Whether or not it is a working day."""
        return _instant(day, self.opens, self.timezone)

    def closing(self, day: date) -> datetime:
        """Whether or not it is a working day."""
        return _instant(day, self.closes, self.timezone)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone(self.timezone)

    def _counted(self, day: date, count: int, step: timedelta) -> date:
        while count:
            day += step
            count -= self.is_working_day(day)
        return day

    def _when_worked(self, start: datetime, work: timedelta) -> datetime:
        if not work:
            return start
        day = self.local(start).date()
        while (left := self._worked_on(day, start, self.closing(day))) < work:
            work -= left
            day += _DAY
        return max(start, self.opening(day)) + work

    def _when_to_begin(self, end: datetime, work: timedelta) -> datetime:
        day = self.local(end).date()
        while (done := self._worked_on(day, self.opening(day), end)) < work:
            work -= done
            day -= _DAY
        return min(end, self.closing(day)) - work

    def _worked_on(self, day: date, start: datetime, end: datetime) -> timedelta:
        """How much of that day's working hours lies between two instants in UTC."""
        if not self.is_working_day(day):
            return _NOTHING
        worked = min(self.closing(day), end) - max(self.opening(day), start)
        return max(worked, _NOTHING)


def utc(at: datetime) -> datetime:
    """Raises ValueError when the time does not say its zone."""
    if at.utcoffset() is None:
        raise ValueError("A time must say its zone: a naive one could mean two instants.")
    return at.astimezone(UTC)


def clock_share(start: datetime, end: datetime, fraction: float) -> datetime:
    """The instant at which that fraction of the clock time, day and night, has passed."""
    return utc(start) + (utc(end) - utc(start)) * fraction


def zone(name: str) -> ZoneInfo:
    """Raises ValueError with a sentence when no such time zone is known."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f'"{name}" is not a time zone this computer knows. Write for example "Europe/London".'
        ) from None


@lru_cache(maxsize=1024)
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """Substitute days included, for one of NATIONS."""
    return frozenset(holidays.country_holidays("GB", subdiv=NATIONS[nation], years=year))


@lru_cache(maxsize=4096)
def _instant(day: date, clock: time, timezone: str) -> datetime:
    return datetime.combine(day, clock, zone(timezone)).astimezone(UTC)


def _amount(digits: str) -> int:
    # Python refuses to read very long numbers; anything past MOST is refused alike.
    return int(digits) if len(digits) <= len(str(MOST)) else MOST + 1
