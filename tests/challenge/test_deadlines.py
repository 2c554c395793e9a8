"""Deadlines: which clocks a challenge has, and what each of them brings about."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from challenge import deadlines, resolution
from challenge.deadlines import clocks, fall_due
from challenge.model import (
    Challenge,
    Change,
    Happened,
    Notice,
    Outcome,
    Reminded,
    Space,
    Status,
    Told,
)
from challenge.moment import Moment
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    a_procedure,
    an_offered_challenge,
    later,
    the_person,
)

DIRECTORY = a_directory()
MONDAY_HALF_NINE = a_moment("2026-03-09 09:30")
MONDAY_THREE = a_moment("2026-03-09 15:00")


def fallen(challenge: Challenge, moment: Moment, key: str) -> Change:
    change = fall_due(challenge, moment, DIRECTORY, key=key)
    assert change is not None
    return change


def keys(challenge: Challenge) -> list[str]:
    return [clock.key for clock in clocks(challenge)]


# Which clocks there are


def test_an_open_challenge_has_its_reminders_and_its_lapse():
    found = {clock.key: clock.due for clock in clocks(a_challenge())}

    assert found == {
        "1:remind:1": MONDAY_HALF_NINE.now,
        "1:remind:2": MONDAY_THREE.now,
        "1:lapse": datetime(2026, 3, 9, 17, tzinfo=UTC),
    }


def test_while_a_stage_is_offered_only_those_who_were_asked_are_on_the_clock():
    offered = an_offered_challenge()

    assert keys(offered) == ["2:accept:1", "2:accept:2"]
    assert {clock.due for clock in clocks(offered)} == {datetime(2026, 3, 6, 14, tzinfo=UTC)}


def test_whoever_has_not_joined_yet_stays_on_the_clock_beside_the_stage():
    offered = an_offered_challenge()
    half = replace(
        offered, status=Status.OPEN, offered=None, stage=2, prompts=offered.prompts[1:], turn=3
    )

    assert keys(half)[0] == "3:accept:2"
    assert keys(half)[-1] == "3:lapse"


def test_on_the_urgent_route_reminders_are_the_urgent_ones_and_run_by_the_clock():
    evening = a_moment("2026-03-06 20:00")
    urgent = a_challenge(urgent=True, clock_set=evening.now, due=later(evening, hours=4).now)

    assert [c.due for c in clocks(urgent)] == [
        later(evening, hours=2).now,
        later(evening, hours=3).now,
        later(evening, hours=4).now,
    ]


def test_without_an_urgent_route_the_stages_own_reminders_stay():
    plain = a_challenge(urgent=True, procedure=a_procedure(urgent=None))

    assert keys(plain) == ["1:remind:1", "1:remind:2", "1:lapse"]


def test_a_closed_challenge_has_a_clock_until_its_channel_is_put_away():
    closed = a_challenge(
        status=Status.SETTLED, closed_at=FRIDAY_TEN.now, space=Space("C1", "challenge-pc-2026-0042")
    )

    [clock] = [c for c in clocks(closed) if c.key == "1:archive"]

    assert clock.due == datetime(2026, 3, 13, 17, tzinfo=UTC)
    change = fallen(closed, a_moment("2026-03-13 17:00"), clock.key)
    assert change.notices == (Notice(Told.ARCHIVE_SPACE, mark="C1"),)
    assert change.entries[0].kind is Happened.SPACE_ARCHIVED
    assert "1:archive" not in keys(change.challenge)


def test_a_closed_challenge_without_a_channel_has_nothing_to_put_away():
    closed = a_challenge(status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now)

    assert keys(closed) == ["1:aftercare"]
    assert deadlines._put_away(closed).challenge.space is None


@pytest.mark.parametrize(
    "challenge",
    [
        a_challenge(),
        an_offered_challenge(),
        a_challenge_at(2),
        a_challenge_at(TOP),
        a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now),
    ],
)
def test_every_challenge_is_held_by_a_clock_or_closed(challenge):
    assert deadlines.is_held(challenge)


def test_an_offered_challenge_with_nobody_asked_would_not_be_held():
    assert not deadlines.is_held(replace(an_offered_challenge(), prompts=()))


# What a clock brings about


def test_a_clock_that_is_not_due_yet_does_nothing():
    assert fall_due(a_challenge(), FRIDAY_TEN, DIRECTORY, key="1:lapse") is None


@pytest.mark.parametrize("gone", ["0:lapse", "1:accept:1", "1:archive", "1:remind:9", "nonsense"])
def test_a_clock_that_is_gone_does_nothing(gone):
    late = a_moment("2026-06-01 12:00")

    assert fall_due(a_challenge(), late, DIRECTORY, key=gone) is None


def test_the_lapse_offers_the_next_stage():
    change = fallen(a_challenge(), a_moment("2026-03-09 17:00"), "1:lapse")

    assert (change.challenge.status, change.challenge.offered) == (Status.OFFERED, 2)


def test_the_time_to_accept_passes_the_prompt_of_that_number_on():
    offered = an_offered_challenge()

    change = fallen(offered, a_moment("2026-03-06 14:00"), "2:accept:2")

    assert [p.number for p in change.challenge.prompts] == [1, 3]
    assert change.entries[0].kind is Happened.PROMPTED_NEXT
    assert "<@URECEIVINGMANAGER> did not accept" in change.entries[0].summary


def test_what_was_settled_meanwhile_makes_an_old_clock_harmless():
    proposed = resolution.propose_settlement(
        a_challenge(),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_CHALLENGED,
        outcome=Outcome.EXPLAINED,
        how="Agreed.",
    ).challenge
    settled = resolution.confirm_settlement(proposed, FRIDAY_TEN, DIRECTORY, by=U_RAISER).challenge

    assert fall_due(settled, a_moment("2026-03-09 17:00"), DIRECTORY, key="1:lapse") is None


# Reminders


def test_at_stage_one_the_person_challenged_is_reminded():
    change = fallen(a_challenge(), MONDAY_HALF_NINE, "1:remind:1")

    assert change.entries[0].kind is Happened.REMINDED
    assert change.entries[0].summary == "<@UCHALLENGED> was reminded."
    assert change.notices == (Notice(Told.REMINDER, mark=U_CHALLENGED), Notice(Told.CARD))
    assert change.challenge.reminded == (Reminded(U_CHALLENGED, MONDAY_HALF_NINE.today),)
    assert change.challenge.turn == a_challenge().turn


def test_at_a_later_stage_the_leads_of_every_side_are():
    second = a_challenge_at(2)
    clock = clocks(second)[0]

    change = fallen(second, replace(FRIDAY_TEN, now=clock.due), clock.key)

    assert change.notices[0].mark == f"{U_RAISING_MANAGER} {U_RECEIVING_MANAGER}"


def test_at_the_top_the_scrutineer_is():
    top = a_challenge_at(TOP)
    clock = clocks(top)[0]

    change = fallen(top, replace(FRIDAY_TEN, now=clock.due), clock.key)

    assert change.notices[0].mark == U_SCRUTINEER


def test_whoever_is_asked_for_a_yes_is_reminded_and_not_whoever_proposed_it():
    proposed = resolution.propose_settlement(
        a_challenge(),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_CHALLENGED,
        outcome=Outcome.EXPLAINED,
        how="Agreed.",
    ).challenge

    assert fallen(proposed, MONDAY_HALF_NINE, "1:remind:1").notices[0].mark == U_RAISER


def test_whoever_has_left_is_not_reminded():
    gone = a_directory(the_person(U_CHALLENGED, active=False))

    assert fall_due(a_challenge(), MONDAY_HALF_NINE, gone, key="1:remind:1") is None


def test_nobody_is_reminded_twice_in_a_day():
    once = fallen(a_challenge(), MONDAY_HALF_NINE, "1:remind:1").challenge

    assert fall_due(once, MONDAY_THREE, DIRECTORY, key="1:remind:2") is None


def test_who_was_reminded_today_is_left_out_and_yesterdays_are_forgotten():
    friday, monday = FRIDAY_TEN.today, MONDAY_HALF_NINE.today
    second = a_challenge_at(
        2, reminded=(Reminded(U_RAISING_MANAGER, monday), Reminded(U_RECEIVING_MANAGER, friday))
    )
    second = replace(second, clock_set=FRIDAY_TEN.now, due=a_moment("2026-03-09 17:00").now)

    change = fallen(second, MONDAY_HALF_NINE, clocks(second)[0].key)

    assert change.notices[0].mark == U_RECEIVING_MANAGER
    assert change.challenge.reminded == (
        Reminded(U_RAISING_MANAGER, monday),
        Reminded(U_RECEIVING_MANAGER, monday),
    )


def test_a_reminder_that_comes_late_says_so():
    change = fallen(a_challenge(), a_moment("2026-03-09 11:05"), "1:remind:1")

    assert change.entries[0].summary == "<@UCHALLENGED> was reminded (acted on 1 h 35 min late)."


def test_a_reminder_missed_until_the_deadline_is_put_on_record_as_missed():
    change = fallen(a_challenge(), a_moment("2026-03-09 17:00"), "1:remind:2")

    assert change.entries[0].kind is Happened.REMINDER_MISSED
    assert "its deadline had passed (acted on 2 h 0 min late)" in change.entries[0].summary
    assert change.notices == ()
    assert change.challenge == a_challenge()


def test_a_reminder_missed_until_the_evening_disturbs_nobody():
    """A bug, mended: a bot that came back at night reminded people at night."""
    due_on_wednesday = a_challenge(due=a_moment("2026-03-11 17:00").now)
    clock = clocks(due_on_wednesday)[0]
    evening = a_moment("2026-03-10 21:00")
    assert clock.due < evening.now

    change = fallen(due_on_wednesday, evening, clock.key)

    assert change.entries[0].kind is Happened.REMINDER_MISSED
    assert "working hours had ended" in change.entries[0].summary
    assert change.notices == ()


def test_on_the_urgent_route_a_reminder_comes_at_night_too():
    evening = a_moment("2026-03-06 20:00")
    urgent = a_challenge(urgent=True, clock_set=evening.now, due=later(evening, hours=4).now)

    change = fallen(urgent, later(evening, hours=2), "1:remind:1")

    assert change.entries[0].kind is Happened.REMINDED
