"""Reckoning anew: a day off that is announced late moves running clocks."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from challenge.deadlines import clocks
from challenge.meeting import is_on_day_off
from challenge.model import (
    Challenge,
    Change,
    DateProposal,
    Happened,
    Meeting,
    Notice,
    PersonId,
    SecondLook,
    Side,
    Status,
    Told,
)
from challenge.reckoning import (
    DayOff,
    days_off,
    reckoned_anew,
    with_closures,
)
from challenge.rights import attendees
from tests.makers import (
    FRIDAY_TEN,
    PROCEDURE,
    TOP,
    U_CHALLENGED,
    U_OTHER_MANAGER,
    U_RAISER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    a_procedure,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)
FRIDAY_NOON = later(FRIDAY_TEN, hours=2)


def off(*days: date, known: datetime = FRIDAY_NOON.now) -> tuple[DayOff, ...]:
    """Known of at noon, two hours after every clock here was set."""
    return tuple(DayOff(day, known) for day in days)


def anew(challenge: Challenge, *days: DayOff) -> Change:
    change = reckoned_anew(challenge, FRIDAY_NOON, DIRECTORY, days=days)
    assert change is not None
    return change


def untouched(challenge: Challenge, *days: DayOff) -> bool:
    return reckoned_anew(challenge, FRIDAY_NOON, DIRECTORY, days=days) is None


def at(text: str) -> datetime:
    return a_moment(text).now


# Which days are off


def test_days_off_are_the_weekdays_on_which_nobody_works():
    calendar = a_procedure(calendar={"closed": ["2026-12-29", "2026-08-15"]}).calendar

    found = days_off(calendar, date(2026, 3, 6))

    assert date(2026, 4, 3) in found  # Good Friday
    assert date(2026, 12, 29) in found
    assert date(2026, 8, 15) not in found  # a Saturday anyway
    assert date(2027, 12, 27) in found


# What a day off does to a running clock


def test_a_deadline_runs_on_by_the_working_day_that_was_lost_and_both_sides_are_told():
    change = anew(a_challenge(), *off(MONDAY))

    assert change.challenge.due == at("2026-03-10 17:00")
    [entry] = change.entries
    assert entry.kind is Happened.RECKONED_ANEW
    assert "from Monday 9 March 2026 to Tuesday 10 March 2026, 17:00" in entry.summary
    assert change.notices == (
        Notice(Told.RECKONED_ANEW),
        Notice(Told.RECKONED_ANEW, to=U_RAISER),
        Notice(Told.RECKONED_ANEW, to=U_CHALLENGED),
        Notice(Told.CARD),
    )


def test_its_clocks_follow_and_no_reminder_falls_on_the_day_off():
    moved = anew(a_challenge(), *off(MONDAY)).challenge

    waiting = {c.key: c.due for c in clocks(moved)}
    assert waiting["1:lapse"] == at("2026-03-10 17:00")
    assert all(moved.procedure.calendar.is_open(d) for k, d in waiting.items() if "remind" in k)


def test_two_days_lost_are_two_days_more():
    long = a_challenge(due=at("2026-03-12 17:00"))

    assert anew(long, *off(TUESDAY, WEDNESDAY)).challenge.due == at("2026-03-16 17:00")


def test_what_is_reckoned_with_once_is_not_reckoned_with_again():
    once = anew(a_challenge(), *off(MONDAY)).challenge

    assert once.days_off == (MONDAY,)
    assert untouched(once, *off(MONDAY))
    assert anew(once, *off(MONDAY, TUESDAY)).challenge.due == at("2026-03-11 17:00")


def test_a_clock_that_was_set_after_the_day_off_was_known_is_right_already():
    knowing = a_procedure(calendar={"closed": [MONDAY.isoformat()]})

    assert untouched(a_challenge(procedure=knowing), *off(MONDAY, known=FRIDAY_TEN.now))


def test_a_day_off_that_its_calendar_knows_still_moves_a_clock_that_was_set_before():
    # As when the list of bank holidays is renewed: the calendar changes under a running clock.
    knowing = a_procedure(calendar={"closed": [MONDAY.isoformat()]})

    change = anew(a_challenge(procedure=knowing), *off(MONDAY))

    assert change.challenge.due == at("2026-03-10 17:00")
    assert change.challenge.procedure is knowing


def test_a_day_off_far_ahead_is_added_to_its_calendar_and_no_date_moves():
    change = anew(a_challenge(), *off(date(2026, 12, 29)))

    assert change.challenge.due == a_challenge().due
    assert "No date moves." in change.entries[0].summary
    assert change.notices == ()
    assert date(2026, 12, 29) in change.challenge.procedure.calendar.closed


def test_a_day_off_in_the_past_or_far_ahead_that_the_calendar_knows_is_nothing_new():
    assert untouched(a_challenge(), *off(date(2026, 12, 25)))


def test_the_day_on_which_it_was_raised_never_counted_so_it_loses_nothing():
    change = anew(a_challenge(), *off(date(2026, 3, 6)))

    assert change.challenge.due == a_challenge().due


# Dates that people agreed


def test_an_agreed_date_stays_where_it_is():
    agreed = a_challenge(due=at("2026-03-11 17:00"), date_agreed=True)

    assert anew(agreed, *off(TUESDAY)).challenge.due == at("2026-03-11 17:00")


def test_an_agreed_date_that_is_a_day_off_itself_becomes_the_next_working_day():
    agreed = a_challenge(due=at("2026-03-10 17:00"), date_agreed=True)

    assert anew(agreed, *off(TUESDAY, WEDNESDAY)).challenge.due == at("2026-03-12 17:00")


def test_a_proposed_date_that_is_a_day_off_is_proposed_for_the_next_working_day():
    proposal = DateProposal(U_CHALLENGED, Side.RECEIVING, at("2026-03-11 17:00"))
    proposed = a_challenge(date_proposal=proposal, due=at("2026-03-10 17:00"))

    change = anew(proposed, *off(WEDNESDAY))

    assert change.challenge.date_proposal == replace(proposal, due=at("2026-03-12 17:00"))
    assert change.challenge.due == proposed.due
    assert "a date that was proposed" in change.entries[0].summary


def test_a_date_asked_for_that_turns_out_to_be_a_day_off_becomes_the_next_working_day():
    today = a_challenge(due=at("2026-03-06 17:00"))

    assert anew(today, *off(FRIDAY_TEN.today)).challenge.due == at("2026-03-09 17:00")


# Other clocks


def test_the_time_to_accept_is_later_by_the_hours_that_were_lost():
    friday_four = a_moment("2026-03-06 16:00")
    offered = an_offered_challenge(friday_four)
    assert {p.due for p in offered.prompts} == {at("2026-03-09 12:00")}

    known = friday_four.now + timedelta(hours=1)
    change = anew(offered, *off(MONDAY, known=known))

    assert {p.due for p in change.challenge.prompts} == {at("2026-03-10 12:00")}
    assert change.challenge.status is Status.OFFERED


def test_working_hours_run_on_past_the_day_off():
    hours = [{**PROCEDURE["stage"][0], "answer_within": "9 working hours"}]
    plain = a_challenge(procedure=a_procedure(stage=hours, urgent=None), due=at("2026-03-09 11:00"))

    assert anew(plain, *off(MONDAY)).challenge.due == at("2026-03-10 11:00")


def test_the_time_to_accept_still_ends_with_the_time_that_the_first_stages_have_together():
    friday_four = a_moment("2026-03-06 16:00")
    slow = [{**each, "accept_within": "12 working hours"} for each in PROCEDURE["stage"]]
    together = {"stages": 2, "within": "1 working day"}
    offered = an_offered_challenge(friday_four, procedure=a_procedure(total=together, stage=slow))

    after = anew(offered, *off(MONDAY, known=friday_four.now + timedelta(hours=1))).challenge

    assert {p.due for p in after.prompts} == {after.procedure.total_ends(after.raised_at)}


def test_a_day_off_gives_no_more_time_than_the_first_stages_have_together_by_the_clock():
    together = a_procedure(total={"stages": 2, "within": "79 hours"})

    assert untouched_due(a_challenge(procedure=together), MONDAY)
    assert not untouched_due(a_challenge(), MONDAY)


def untouched_due(challenge: Challenge, day: date) -> bool:
    return anew(challenge, *off(day)).challenge.due == challenge.due


def test_a_second_opinion_is_not_due_on_a_day_off():
    asked = SecondLook(4, U_UNIT, at("2026-03-09 11:00"))
    looked_at = replace(a_challenge_at(2), second_look=asked)

    look = anew(looked_at, *off(MONDAY)).challenge.second_look

    assert look is not None
    assert look.due == at("2026-03-10 17:00")


def test_the_urgent_route_runs_by_the_clock_and_never_waits_for_a_day_off():
    urgent = a_challenge(urgent=True, due=later(FRIDAY_TEN, hours=80).now)
    prompted = replace(
        an_offered_challenge(a_moment("2026-03-06 23:50"), urgent=True), due=urgent.due
    )

    assert anew(urgent, *off(MONDAY)).challenge.due == urgent.due
    assert anew(prompted, *off(MONDAY)).challenge.prompts == prompted.prompts


def test_a_closed_challenge_keeps_its_end_and_what_follows_it_moves():
    closed = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now)

    change = anew(closed, *off(MONDAY))

    assert change.notices == ()
    before, after = ({c.key: c.due for c in clocks(c)} for c in (closed, change.challenge))
    assert after["1:aftercare"] == before["1:aftercare"] + timedelta(days=3)


# A meeting that is fixed


def meets_on(day: str, **changes: Any) -> Challenge:
    third = a_challenge_at(3, due=at("2026-03-20 17:00"), **changes)
    return replace(third, meeting=Meeting(3, (U_OTHER_MANAGER,), fixed=at(f"{day} 14:00")))


def told_of_meeting(change: Change) -> list[PersonId | None]:
    return [each.to for each in change.notices if each.kind is Told.MEETING_ON_DAY_OFF]


def test_a_meeting_on_a_day_off_stays_and_everyone_who_attends_is_told():
    before = meets_on("2026-03-10")

    change = anew(before, *off(TUESDAY))

    assert change.challenge.meeting == before.meeting
    assert is_on_day_off(change.challenge)
    assert told_of_meeting(change) == [None, *attendees(before)]
    assert U_OTHER_MANAGER in told_of_meeting(change)
    assert "The meeting on Tuesday 10 March 2026, 14:00 is on it" in change.entries[0].summary


def test_a_meeting_on_another_day_is_not_mentioned():
    change = anew(meets_on("2026-03-10"), *off(WEDNESDAY))

    assert not is_on_day_off(change.challenge)
    assert told_of_meeting(change) == []


def test_a_meeting_that_has_been_is_not_mentioned():
    assert told_of_meeting(anew(meets_on("2026-03-06"), *off(date(2026, 3, 6)))) == [
        None,
        *attendees(meets_on("2026-03-06")),
    ]
    held = replace(meets_on("2026-03-06"), meeting=Meeting(3, fixed=at("2026-03-06 11:00")))

    assert told_of_meeting(anew(held, *off(date(2026, 3, 6)))) == []


def test_a_meeting_is_mentioned_while_the_next_stage_is_offered_too():
    knowing = a_procedure(calendar={"closed": [str(TUESDAY)]})
    offered = replace(meets_on("2026-03-10"), procedure=knowing, status=Status.OFFERED, offered=TOP)

    assert told_of_meeting(anew(offered, *off(TUESDAY)))[0] is None


def test_a_meeting_is_told_of_once_and_though_no_date_moves():
    agreed = replace(meets_on("2026-03-10"), date_agreed=True)
    once = anew(agreed, *off(TUESDAY))

    assert "No date moves." in once.entries[0].summary
    assert {each.kind for each in once.notices} == {Told.MEETING_ON_DAY_OFF, Told.CARD}
    assert told_of_meeting(anew(once.challenge, *off(TUESDAY, WEDNESDAY))) == []


@given(
    st.lists(st.dates(date(2026, 3, 1), date(2026, 4, 30)), max_size=6),
    st.booleans(),
    st.integers(1, 30),
)
def test_no_day_off_ever_makes_a_date_earlier_or_leaves_it_on_a_day_off(days, agreed, length):
    calendar = a_procedure().calendar
    due = calendar.closing(calendar.working_day_after(FRIDAY_TEN.today, length))
    before = a_challenge(due=due, date_agreed=agreed)

    change = reckoned_anew(before, FRIDAY_NOON, DIRECTORY, days=off(*days))

    if change:
        after = change.challenge
        assert after.due >= before.due
        assert after.procedure.calendar.is_working_day(calendar.local(after.due).date())


def test_closures_are_added_to_the_procedure_it_carries_and_to_nothing_else():
    procedure = a_procedure()

    closed = with_closures(procedure, (MONDAY, date(2026, 4, 3)))

    assert closed.calendar.closed == {MONDAY}
    assert closed.stages == procedure.stages
    assert with_closures(closed, (MONDAY,)) is closed
    early = a_procedure(calendar={"working_hours": "08:00-16:00"})
    assert with_closures(early, (TUESDAY,)).calendar.opens.hour == 8
