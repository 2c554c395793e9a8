"""A moment: now, and the working calendar it falls in."""

from dataclasses import dataclass
from datetime import date, datetime

from challenge.working_time import Duration, WorkingCalendar, utc


@dataclass(frozen=True)
class Moment:
    """`now` is kept in UTC; one without a zone is refused with ValueError."""

    now: datetime
    calendar: WorkingCalendar

    def __post_init__(self) -> None:
        object.__setattr__(self, "now", utc(self.now))

    @property
    def is_open(self) -> bool:
        """Whether it falls inside working hours."""
        return self.calendar.is_open(self.now)

    @property
    def today(self) -> date:
        """The date where the people are, which in summer is not always the date in UTC."""
        return self.calendar.local(self.now).date()

    def deadline(self, duration: Duration) -> datetime:
        """In UTC; today does not count when `duration` is in working days."""
        return self.calendar.after(self.now, duration)

    def next_opening(self) -> datetime:
        """In UTC; now itself when working hours are open."""
        return self.calendar.next_opening(self.now)
