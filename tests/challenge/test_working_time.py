"""Durations and the working calendar, against numpy's business days and a count of minutes."""

from datetime import UTC, date, datetime, time, timedelta
from timeit import repeat
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.working_time import (
    MOST,
    NATIONS,
    Duration,
    Unit,
    WorkingCalendar,
    bank_holidays,
    clock_share,
)

LONDON = ZoneInfo("Europe/London")
ENGLAND = WorkingCalendar()
SCOTLAND = WorkingCalendar(nation="Scotland")
NORTHERN_IRELAND = WorkingCalendar(nation="Northern Ireland")
WALES = WorkingCalendar(nation="Wales")
ONE_DAY = Duration(1, Unit.WORKING_DAY)
MINUTE = timedelta(minutes=1)

instants = st.datetimes(
    datetime(2018, 1, 1),  # noqa: DTZ001 - the strategy adds the zone itself
    datetime(2035, 12, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, LONDON, ZoneInfo("Asia/Kolkata")]),
)
# Bank holidays, year ends and the clocks' nights gather here; a whole range would seldom meet them.
sore_days = st.builds(
    lambda day, minutes: datetime.combine(day, time(), UTC) + timedelta(days=0, minutes=minutes),
    st.sampled_from(
        [
            date(2026, 4, 1),
            date(2026, 4, 2),
            date(2026, 12, 23),
            date(2027, 12, 23),
            date(2026, 12, 31),
            date(2026, 3, 27),
            date(2026, 3, 29),
            date(2026, 10, 23),
            date(2026, 10, 25),
            date(2026, 7, 10),
            date(2026, 3, 16),
        ]
    ),
    st.integers(0, 3 * 24 * 60),
)
starts = instants | sore_days
closures = st.frozensets(st.dates(date(2018, 1, 1), date(2036, 12, 31)), max_size=30)
calendars = st.builds(WorkingCalendar, nation=st.sampled_from(list(NATIONS)), closed=closures)
working_days = st.builds(Duration, st.integers(1, 60), st.just(Unit.WORKING_DAY))
working_hours = st.builds(Duration, st.integers(1, 100), st.just(Unit.WORKING_HOUR))
clock_times = st.builds(
    Duration, st.integers(1, 500), st.sampled_from([Unit.HOUR, Unit.MINUTE, Unit.SECOND])
)
durations = working_days | working_hours | clock_times


def london(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def days(number: int) -> Duration:
    return Duration(number, Unit.WORKING_DAY)


def hours(number: int) -> Duration:
    return Duration(number, Unit.WORKING_HOUR)


def numpy_day(calendar: WorkingCalendar, day: date, count: int) -> date:
    """What numpy makes of it, from the same list of holidays but by arithmetic of its own."""
    years = range(day.year - 1, day.year + 3)
    listed = holidays.country_holidays("GB", subdiv=NATIONS[calendar.nation], years=years)
    free = sorted({*listed, *calendar.closed})
    # numpy counts from a working day; a start on any other day belongs to the one before it.
    roll: Literal["backward", "forward"] = "backward" if count > 0 else "forward"
    offset = np.busday_offset(np.datetime64(day), count, roll=roll, holidays=free)
    return date.fromisoformat(str(offset))


def minutes_worked(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Counted one minute after another, by what a clock on the wall there says."""
    count, at = 0, start.astimezone(UTC)
    while at < end:
        wall = at.astimezone(ZoneInfo(calendar.timezone))
        open_now = calendar.opens <= wall.time() < calendar.closes
        count += calendar.is_working_day(wall.date()) and open_now
        at += MINUTE
    return count


# Durations


@pytest.mark.parametrize(
    ("text", "amount", "unit", "again"),
    [
        ("3 working days", 3, Unit.WORKING_DAY, "3 working days"),
        ("1 working day", 1, Unit.WORKING_DAY, "1 working day"),
        ("4 working hours", 4, Unit.WORKING_HOUR, "4 working hours"),
        ("24 hours", 24, Unit.HOUR, "24 hours"),
        ("90 minutes", 90, Unit.MINUTE, "90 minutes"),
        ("20 seconds", 20, Unit.SECOND, "20 seconds"),
        (" 2  Working Days ", 2, Unit.WORKING_DAY, "2 working days"),
    ],
)
def test_a_duration_reads_as_people_write_it(text: str, amount: int, unit: Unit, again: str):
    duration = Duration.read(text)

    assert duration == Duration(amount, unit)
    assert str(duration) == again


@given(durations)
def test_a_duration_written_out_reads_back_the_same(duration: Duration):
    assert Duration.read(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    ["", "3", "3 days", "three working days", "1.5 hours", "-1 hours", "1 hour or so", "٣ hours"],
)
def test_what_is_not_a_duration_is_refused_with_what_may_be_written(text: str):
    with pytest.raises(ValueError, match="working days, working hours, hours, minutes or seconds"):
        Duration.read(text)


@pytest.mark.parametrize("text", ["0 hours", f"{MOST + 1} hours", "9" * 5000 + " hours"])
def test_a_duration_of_nothing_or_without_end_is_refused(text: str):
    with pytest.raises(ValueError, match="from 1 to"):
        Duration.read(text)


def test_hours_minutes_and_seconds_run_by_the_clock_and_working_time_does_not():
    by_the_clock = {unit for unit in Unit if Duration(1, unit).by_the_clock}

    assert by_the_clock == {Unit.HOUR, Unit.MINUTE, Unit.SECOND}


# A calendar that cannot be


@pytest.mark.parametrize("name", ["Europe/Lundon", "Europe", "/etc/passwd", "", "\0"])
def test_a_time_zone_nobody_knows_is_refused(name: str):
    with pytest.raises(ValueError, match="is not a time zone"):
        WorkingCalendar(timezone=name)


def test_a_nation_without_bank_holidays_here_is_refused():
    with pytest.raises(ValueError, match="is not one of England, Wales, Scotland"):
        WorkingCalendar(nation="France")


def test_working_hours_that_close_before_they_open_are_refused():
    with pytest.raises(ValueError, match="open before they close"):
        WorkingCalendar(opens=time(17), closes=time(9))


def test_a_time_that_does_not_say_its_zone_is_refused():
    naive = datetime(2026, 3, 6, 10)  # noqa: DTZ001 - naive on purpose

    for question in (
        lambda: ENGLAND.after(naive, ONE_DAY),
        lambda: ENGLAND.after(naive, Duration.read("1 hour")),
        lambda: ENGLAND.before(naive, hours(1)),
        lambda: ENGLAND.is_open(naive),
        lambda: ENGLAND.next_opening(naive),
        lambda: ENGLAND.local(naive),
        lambda: ENGLAND.share(naive, london(2026, 3, 9), 0.5),
        lambda: clock_share(london(2026, 3, 6), naive, 0.5),
    ):
        with pytest.raises(ValueError, match="must say its zone"):
            question()


# Working days by name


def test_one_working_day_from_maundy_thursday_evening_is_the_tuesday_after_easter():
    assert ENGLAND.after(london(2026, 4, 2, 17, 30), ONE_DAY) == london(2026, 4, 7, 17)


def test_in_scotland_easter_monday_is_a_working_day():
    assert SCOTLAND.after(london(2026, 4, 2, 17, 30), ONE_DAY) == london(2026, 4, 6, 17)


def test_two_working_days_skip_the_weekend():
    assert ENGLAND.after(london(2026, 3, 6), days(2)) == london(2026, 3, 10, 17)


def test_the_day_of_the_event_does_not_count_however_early_it_began():
    assert ENGLAND.after(london(2026, 3, 9, 0, 1), ONE_DAY) == london(2026, 3, 10, 17)


def test_an_event_at_the_weekend_has_until_the_close_of_monday():
    assert ENGLAND.after(london(2026, 3, 7), ONE_DAY) == london(2026, 3, 9, 17)


def test_the_day_of_the_event_is_the_day_there_and_not_in_utc():
    past_midnight_in_london = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)

    assert ENGLAND.after(past_midnight_in_london, ONE_DAY) == london(2026, 6, 10, 17)


def test_a_christmas_that_falls_on_the_weekend_moves_to_the_days_after():
    assert ENGLAND.after(london(2027, 12, 24), ONE_DAY) == london(2027, 12, 29, 17)


def test_boxing_day_on_a_saturday_moves_to_monday():
    assert ENGLAND.after(london(2026, 12, 24), ONE_DAY) == london(2026, 12, 29, 17)


def test_the_year_ends_without_losing_count():
    assert ENGLAND.after(london(2026, 12, 31), ONE_DAY) == london(2027, 1, 4, 17)
    assert SCOTLAND.after(london(2025, 12, 31), ONE_DAY) == london(2026, 1, 5, 17)
    assert ENGLAND.after(london(2025, 12, 31), ONE_DAY) == london(2026, 1, 2, 17)


def test_northern_ireland_keeps_saint_patrick_and_the_boyne():
    assert NORTHERN_IRELAND.after(london(2026, 3, 16), ONE_DAY) == london(2026, 3, 18, 17)
    # The twelfth of July 2026 is a Sunday, so the Monday is free.
    assert NORTHERN_IRELAND.after(london(2026, 7, 10), ONE_DAY) == london(2026, 7, 14, 17)
    assert ENGLAND.after(london(2026, 7, 10), ONE_DAY) == london(2026, 7, 13, 17)


def test_the_summer_bank_holiday_is_early_in_scotland():
    assert not SCOTLAND.is_working_day(date(2026, 8, 3))
    assert SCOTLAND.is_working_day(date(2026, 8, 31))
    assert not WALES.is_working_day(date(2026, 8, 31))


def test_a_further_closure_is_not_a_working_day():
    closed = WorkingCalendar(closed=frozenset({date(2026, 3, 9)}))

    assert closed.after(london(2026, 3, 6), ONE_DAY) == london(2026, 3, 10, 17)


def test_a_deadline_over_the_night_the_clocks_change_is_still_at_five_there():
    over_spring = ENGLAND.after(london(2026, 3, 27), ONE_DAY)
    over_autumn = ENGLAND.after(london(2026, 10, 23), ONE_DAY)

    assert over_spring == datetime(2026, 3, 30, 16, tzinfo=UTC)
    assert over_autumn == datetime(2026, 10, 26, 17, tzinfo=UTC)


def test_the_bank_holidays_are_known_for_ten_years_ahead():
    for nation in NATIONS:
        for year in range(2025, 2036):
            assert len(bank_holidays(nation, year)) >= 8


# Working hours and clock time by name


def test_working_hours_wait_out_the_night_and_the_weekend():
    assert ENGLAND.after(london(2026, 3, 6, 16), hours(4)) == london(2026, 3, 9, 12)


def test_working_hours_that_begin_at_night_begin_at_the_opening():
    assert ENGLAND.after(london(2026, 3, 6, 3), hours(2)) == london(2026, 3, 6, 11)
    assert ENGLAND.after(london(2026, 3, 6, 22), hours(2)) == london(2026, 3, 9, 11)


def test_a_full_day_of_working_hours_ends_at_the_closing_and_not_next_morning():
    assert ENGLAND.after(london(2026, 3, 6, 9), hours(8)) == london(2026, 3, 6, 17)
    assert ENGLAND.after(london(2026, 3, 6, 17), hours(8)) == london(2026, 3, 9, 17)


@pytest.mark.parametrize("night", [(2026, 3, 28), (2026, 10, 24)])
def test_clock_hours_are_elapsed_hours_on_the_nights_the_clocks_change(
    night: tuple[int, int, int],
):
    start = london(*night, 22)

    assert ENGLAND.after(start, Duration.read("4 hours")) - start.astimezone(UTC) == timedelta(
        hours=4
    )


def test_four_clock_hours_from_ten_in_the_evening_end_at_three_when_an_hour_is_lost():
    end = ENGLAND.after(london(2026, 3, 28, 22), Duration.read("4 hours"))

    assert ENGLAND.local(end).time() == time(3)


def test_so_long_before_the_end_mirrors_so_long_after_the_start():
    friday_closing = london(2026, 3, 6, 17)

    assert ENGLAND.before(friday_closing, hours(2)) == london(2026, 3, 6, 15)
    assert ENGLAND.before(friday_closing, hours(8)) == london(2026, 3, 6, 9)
    assert ENGLAND.before(friday_closing, hours(9)) == london(2026, 3, 5, 16)
    assert ENGLAND.before(london(2026, 3, 8, 12), hours(2)) == london(2026, 3, 6, 15)
    assert ENGLAND.before(london(2026, 3, 9, 8), hours(2)) == london(2026, 3, 6, 15)
    assert ENGLAND.before(friday_closing, days(1)) == london(2026, 3, 5, 17)
    assert ENGLAND.before(friday_closing, Duration.read("90 minutes")) == london(2026, 3, 6, 15, 30)


# Open and closed


def test_working_hours_open_at_nine_and_are_over_at_five():
    assert ENGLAND.is_open(london(2026, 3, 6, 9))
    assert ENGLAND.is_open(london(2026, 3, 6, 16, 59))
    assert not ENGLAND.is_open(london(2026, 3, 6, 17))
    assert not ENGLAND.is_open(london(2026, 3, 6, 8, 59))
    assert not ENGLAND.is_open(london(2026, 3, 7, 12))


def test_the_next_opening_is_now_when_open_and_else_the_next_working_morning():
    assert ENGLAND.next_opening(london(2026, 3, 6, 12, 1)) == london(2026, 3, 6, 12, 1)
    assert ENGLAND.next_opening(london(2026, 3, 6, 7)) == london(2026, 3, 6, 9)
    assert ENGLAND.next_opening(london(2026, 3, 6, 17)) == london(2026, 3, 9, 9)
    assert ENGLAND.next_opening(london(2026, 4, 3, 12)) == london(2026, 4, 7, 9)


def test_the_opening_and_the_closing_of_a_day_are_in_utc():
    assert ENGLAND.opening(date(2026, 6, 8)) == datetime(2026, 6, 8, 8, tzinfo=UTC)
    assert ENGLAND.closing(date(2026, 6, 8)).tzinfo is UTC


def test_local_time_is_what_the_clock_on_the_wall_says():
    assert ENGLAND.local(datetime(2026, 6, 8, 8, tzinfo=UTC)).hour == 9


def test_working_days_between_count_the_last_and_not_the_first():
    assert ENGLAND.working_days_between(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert ENGLAND.working_days_between(date(2026, 4, 2), date(2026, 4, 2)) == 0
    assert ENGLAND.working_days_between(date(2026, 4, 8), date(2026, 4, 2)) == 0


# Shares


def test_half_of_the_working_time_leaves_out_the_weekend():
    start, end = london(2026, 3, 6, 13), london(2026, 3, 9, 17)

    assert ENGLAND.share(start, end, 0.5) == london(2026, 3, 9, 11)


def test_with_no_working_time_between_it_is_half_of_the_clock_time():
    start, end = london(2026, 3, 7, 10), london(2026, 3, 7, 14)

    assert ENGLAND.share(start, end, 0.5) == london(2026, 3, 7, 12)


def test_none_of_the_time_has_passed_at_the_start():
    start = london(2026, 3, 6, 3)

    assert ENGLAND.share(start, london(2026, 3, 6, 17), 0) == start


@pytest.mark.parametrize(("fraction", "hours_later"), [(1.1, 1), (-0.1, 1), (0.5, -1)])
def test_a_share_that_makes_no_sense_is_refused(fraction: float, hours_later: int):
    start = london(2026, 3, 6)

    with pytest.raises(ValueError, match="A share is from 0 to 1"):
        ENGLAND.share(start, start + timedelta(hours=hours_later), fraction)


def test_no_time_is_worked_between_an_end_and_a_later_start():
    later, earlier = london(2026, 3, 9, 12), london(2026, 3, 9, 10)

    assert ENGLAND.working_time(later, earlier) == timedelta()
    assert ENGLAND.working_time(later, earlier - timedelta(days=3)) == timedelta()


# For any start at all


@given(calendars, starts, st.integers(1, 60))
def test_working_days_agree_with_numpy(calendar: WorkingCalendar, start: datetime, count: int):
    due = calendar.after(start, days(count))

    assert calendar.local(due).date() == numpy_day(calendar, calendar.local(start).date(), count)


@given(calendars, starts, st.integers(1, 60))
def test_working_days_before_agree_with_numpy(calendar: WorkingCalendar, end: datetime, count: int):
    at = calendar.before(end, days(count))

    assert calendar.local(at).date() == numpy_day(calendar, calendar.local(end).date(), -count)


@given(calendars, starts, working_days)
def test_a_deadline_is_a_working_day_at_closing_time_after_its_start(
    calendar: WorkingCalendar, start: datetime, duration: Duration
):
    due = calendar.after(start, duration)

    assert due.tzinfo is UTC
    assert due > start
    assert calendar.is_working_day(calendar.local(due).date())
    assert calendar.local(due).time() == calendar.closes


@given(calendars, starts, durations, st.dates(date(2018, 1, 1), date(2036, 1, 1)))
def test_a_deadline_is_never_earlier_with_a_holiday_added(
    calendar: WorkingCalendar, start: datetime, duration: Duration, day: date
):
    with_another = WorkingCalendar(nation=calendar.nation, closed=calendar.closed | {day})

    assert with_another.after(start, duration) >= calendar.after(start, duration) > start


@given(calendars, starts, starts, durations)
def test_who_starts_later_is_never_due_sooner(
    calendar: WorkingCalendar, one: datetime, other: datetime, duration: Duration
):
    # By the instant: two times of one zone are compared by the wall, which repeats an hour.
    first, second = sorted((one, other), key=datetime.timestamp)

    assert calendar.after(first, duration) <= calendar.after(second, duration)


@given(starts, clock_times)
def test_clock_time_is_elapsed_time_on_any_night(start: datetime, duration: Duration):
    unit = {Unit.HOUR: 3600, Unit.MINUTE: 60, Unit.SECOND: 1}[duration.unit]
    elapsed = ENGLAND.after(start, duration).timestamp() - start.timestamp()

    assert elapsed == pytest.approx(duration.amount * unit, abs=1e-3)
    assert ENGLAND.before(ENGLAND.after(start, duration), duration) == start.astimezone(UTC)


hostile_hours = st.sampled_from(
    [(time(9), time(17)), (time(0), time(23, 59)), (time(8, 30), time(8, 31)), (time(22), time(23))]
)
small_calendars = st.builds(
    lambda nation, hours, closed: WorkingCalendar(
        nation=nation, opens=hours[0], closes=hours[1], closed=closed
    ),
    st.sampled_from(list(NATIONS)),
    hostile_hours,
    closures,
)
whole_minutes = sore_days


@given(small_calendars, whole_minutes, st.integers(0, 4 * 24 * 60))
def test_working_time_agrees_with_counting_the_minutes(
    calendar: WorkingCalendar, start: datetime, minutes: int
):
    end = start + minutes * MINUTE

    assert calendar.working_time(start, end) == minutes_worked(calendar, start, end) * MINUTE


@given(calendars, whole_minutes, st.integers(1, 12))
def test_working_hours_after_agree_with_counting_the_minutes(
    calendar: WorkingCalendar, start: datetime, count: int
):
    due = calendar.after(start, hours(count))

    assert minutes_worked(calendar, start, due) == count * 60
    # It is the first such instant: a minute sooner, the last minute was not yet worked.
    assert minutes_worked(calendar, start, due - MINUTE) == count * 60 - 1


@given(calendars, whole_minutes, st.integers(1, 12))
def test_working_hours_before_agree_with_counting_the_minutes(
    calendar: WorkingCalendar, end: datetime, count: int
):
    at = calendar.before(end, hours(count))

    assert minutes_worked(calendar, at, end) == count * 60
    assert minutes_worked(calendar, at + MINUTE, end) == count * 60 - 1


@given(calendars, starts)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: WorkingCalendar, at: datetime):
    opening = calendar.next_opening(at)

    assert opening >= at
    assert calendar.is_open(opening)
    assert calendar.working_time(at, opening) == timedelta()


@given(calendars, starts, st.integers(0, 20 * 24 * 60), st.floats(0, 1))
def test_a_share_lies_between_and_has_that_much_of_the_working_time_before_it(
    calendar: WorkingCalendar, start: datetime, minutes: int, fraction: float
):
    start = start.astimezone(UTC)
    end = start + minutes * MINUTE
    at = calendar.share(start, end, fraction)

    worked = calendar.working_time(start, end)
    assert start <= at <= end
    assert calendar.working_time(start, at) == worked * fraction


@given(calendars, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 300))
def test_working_days_between_agree_with_numpy(calendar: WorkingCalendar, first: date, length: int):
    last = first + timedelta(days=length)
    listed = holidays.country_holidays(
        "GB", subdiv=NATIONS[calendar.nation], years=range(2020, 2032)
    )
    free = sorted({*listed, *calendar.closed})
    after_first, after_last = first + timedelta(days=1), last + timedelta(days=1)

    counted = np.busday_count(after_first, after_last, holidays=free)

    assert calendar.working_days_between(first, last) == counted


@pytest.mark.parametrize("duration", [days(10), hours(4), Duration.read("24 hours")], ids=str)
def test_a_deadline_is_reckoned_in_a_fraction_of_a_millisecond(duration: Duration):
    start = london(2026, 4, 2, 17, 30)
    ENGLAND.after(start, duration)

    # The quickest of several, because other work on the machine only ever makes it slower. It is
    # some fifteen millionths of a second; looking the holidays up anew would take a hundred times.
    quickest = min(repeat(lambda: ENGLAND.after(start, duration), number=200, repeat=10)) / 200

    assert quickest < 250e-6
