"""A moment."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from challenge.moment import Moment
from challenge.working_time import Duration, WorkingCalendar

LONDON = ZoneInfo("Europe/London")
FRIDAY_TEN = Moment(datetime(2026, 3, 6, 10, tzinfo=LONDON), WorkingCalendar())
SUMMER_NIGHT = Moment(datetime(2026, 6, 8, 0, 30, tzinfo=LONDON), WorkingCalendar())


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="must say its zone"):
        Moment(datetime(2026, 3, 6, 10), WorkingCalendar())  # noqa: DTZ001 - naive on purpose


def test_a_moment_is_kept_in_utc_and_cannot_be_moved():
    assert SUMMER_NIGHT.now == datetime(2026, 6, 7, 23, 30, tzinfo=UTC)
    assert SUMMER_NIGHT.now.tzinfo is UTC
    with pytest.raises(FrozenInstanceError):
        SUMMER_NIGHT.now = datetime.now(UTC)  # type: ignore[misc]


def test_today_is_the_date_where_the_people_are():
    assert SUMMER_NIGHT.today == date(2026, 6, 8)


def test_a_deadline_runs_from_the_moment():
    two_days = Duration.read("2 working days")

    assert FRIDAY_TEN.deadline(two_days) == datetime(2026, 3, 10, 17, tzinfo=UTC)


def test_a_moment_knows_whether_working_hours_are_open_and_when_they_open():
    assert FRIDAY_TEN.is_open
    assert FRIDAY_TEN.next_opening() == FRIDAY_TEN.now
    assert not SUMMER_NIGHT.is_open
    assert SUMMER_NIGHT.next_opening() == datetime(2026, 6, 8, 8, tzinfo=UTC)
