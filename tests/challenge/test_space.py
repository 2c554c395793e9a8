"""The private space: opened once, and honest about who could not be brought in."""

from dataclasses import replace
from datetime import date

import pytest

from challenge import agreement, space
from challenge.deadlines import clocks
from challenge.model import Challenge, Change, Happened, Notice, Safety, Space, Told, Unreached
from challenge.refusals import AlreadyHeard
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    a_raised_challenge,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()


def not_reached(challenge, *, person=U_CHALLENGED, why="they are a guest"):
    return space.not_reached(challenge, FRIDAY_TEN, DIRECTORY, person=person, why=why)


def test_the_channel_is_remembered_as_slack_named_it():
    change = space.opened(
        a_challenge(), FRIDAY_TEN, DIRECTORY, channel="C9", name="challenge-pc-2026-0042-1f"
    )

    assert change.challenge.space == Space("C9", "challenge-pc-2026-0042-1f")
    assert change.entries[0].kind is Happened.SPACE_OPENED
    assert "#challenge-pc-2026-0042-1f" in change.entries[0].summary


def test_the_raiser_and_the_coordinators_hear_at_once_who_could_not_be_invited():
    change = not_reached(a_challenge())

    assert change.notices == (
        Notice(Told.NOT_REACHED, to=U_RAISER, about=U_CHALLENGED),
        Notice(Told.NOT_REACHED, to=U_COORDINATOR, about=U_CHALLENGED),
        Notice(Told.CARD),
    )
    assert change.challenge.unreached == (Unreached(U_CHALLENGED, "they are a guest"),)
    assert change.challenge.due == a_challenge().due
    assert "The clock runs on" in change.entries[0].summary


def test_a_second_failure_replaces_the_first_and_leaves_the_others():
    both = not_reached(not_reached(a_challenge(), person=U_RAISER).challenge).challenge

    again = not_reached(both, why="their account is closed").challenge

    assert again.unreached == (
        Unreached(U_RAISER, "they are a guest"),
        Unreached(U_CHALLENGED, "their account is closed"),
    )


def test_somebody_who_joins_after_all_is_struck_off_the_list():
    both = not_reached(not_reached(a_challenge(), person=U_RAISER).challenge).challenge

    change = space.reached(both, FRIDAY_TEN, DIRECTORY, person=U_CHALLENGED)

    assert change.challenge.unreached == (Unreached(U_RAISER, "they are a guest"),)
    assert change.entries[0].kind is Happened.REACHED
    assert change.notices == (Notice(Told.CARD),)


def test_whoever_was_set_aside_and_is_out_of_the_channel_is_on_record_and_nobody_is_told():
    change = space.taken_out(a_challenge(), FRIDAY_TEN, DIRECTORY, person=U_RAISING_MANAGER)

    assert change.entries[0].kind is Happened.TAKEN_OUT
    assert change.notices == ()


def stays_in(directory=DIRECTORY):
    why = "the workspace does not let the bot take people out"
    return space.stays_in(a_challenge(), FRIDAY_TEN, directory, person=U_RAISING_MANAGER, why=why)


def test_whoever_slack_leaves_in_the_channel_is_on_record_and_the_business_unit_knows():
    change = stays_in()

    assert change.challenge == a_challenge()
    assert change.entries[0].kind is Happened.STAYS_IN
    assert "the workspace does not let the bot" in change.entries[0].summary
    assert change.notices == (Notice(Told.STAYS_IN, to=U_UNIT, about=U_RAISING_MANAGER),)


def test_a_business_unit_that_is_set_aside_itself_is_not_asked_to_see_to_it():
    themself = a_directory(business_unit=(U_RAISING_MANAGER,), coordinators=(U_COORDINATOR,))

    told = {notice.to for notice in stays_in(themself).notices}

    assert U_COORDINATOR in told
    assert U_RAISING_MANAGER not in told


def test_a_word_that_could_not_be_delivered_is_on_record_and_the_coordinators_know():
    change = space.undelivered(
        a_challenge(), FRIDAY_TEN, DIRECTORY, what="prompt", why="channel_not_found"
    )

    assert change.challenge == a_challenge()
    assert change.entries[0].kind is Happened.UNDELIVERED
    assert "(prompt)" in change.entries[0].summary
    assert "channel_not_found" in change.entries[0].summary
    assert change.notices == (Notice(Told.UNDELIVERED, to=U_COORDINATOR),)


# The first clock starts when the challenged person is reached


MONDAY_TEN = a_moment("2026-03-09 10:00")


def reached(challenge: Challenge, moment=MONDAY_TEN, person=U_CHALLENGED) -> Change:
    return space.reached(challenge, moment, DIRECTORY, person=person)


def test_reached_within_the_minute_the_clock_stands_as_it_was_and_the_record_says_so():
    raised = a_raised_challenge()

    change = reached(raised, later(FRIDAY_TEN, minutes=1))

    assert change.challenge.delivered_at == later(FRIDAY_TEN, minutes=1).now
    assert (change.challenge.due, change.challenge.turn) == (raised.due, raised.turn)
    [entry] = change.entries
    assert entry.kind is Happened.DELIVERED
    assert "The first clock runs from now" in entry.summary
    assert change.notices == ()


def test_reached_a_day_late_they_have_the_procedures_whole_time_from_then():
    raised = a_raised_challenge()

    change = reached(raised)

    late = change.challenge
    assert late.due == MONDAY_TEN.deadline(late.current.answer_within) > raised.due
    assert (late.stage_began, late.clock_set) == (MONDAY_TEN.now, MONDAY_TEN.now)
    assert late.turn == raised.turn + 1
    assert {c.key for c in clocks(late)}.isdisjoint(c.key for c in clocks(raised))
    assert change.notices == (Notice(Told.CARD),)


def test_until_they_are_reached_the_clock_runs_from_the_raising_and_silence_moves_up():
    raised = a_raised_challenge()

    waiting = not_reached(raised).challenge

    assert waiting.delivered_at is None
    assert (waiting.due, clocks(waiting)) == (raised.due, clocks(raised))


def test_somebody_reached_after_all_gets_their_time_too():
    change = reached(not_reached(a_raised_challenge()).challenge)

    assert [e.kind for e in change.entries] == [Happened.REACHED, Happened.DELIVERED]
    assert change.challenge.unreached == ()
    assert change.challenge.stage_began == MONDAY_TEN.now


def test_a_sooner_date_that_was_asked_for_and_one_that_was_agreed_stand():
    asked = a_raised_challenge(answer_by=date(2026, 3, 6))
    raised = a_raised_challenge()
    agreed = agreement.accept_date(raised, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge

    for before in (asked, agreed):
        after = reached(before, later(FRIDAY_TEN, hours=3)).challenge
        assert (after.due, after.stage_began) == (before.due, before.stage_began)
        assert after.delivered_at is not None


@pytest.mark.parametrize(
    "challenge",
    [
        a_raised_challenge(safety=Safety(danger=True)),
        replace(a_challenge_at(1), urgent=True),
        an_offered_challenge(),
        a_challenge_at(2),
    ],
    ids=["raised as urgent", "urgent", "the next stage is offered", "stage two"],
)
def test_no_other_clock_waits_for_anybody_to_be_reached(challenge):
    change = reached(challenge)

    assert clocks(change.challenge) == clocks(challenge)
    assert change.entries[0].summary == f"<@{U_CHALLENGED}> has been reached."


def test_being_reached_counts_once_and_leaving_and_coming_back_wins_no_time():
    once = reached(a_raised_challenge()).challenge

    assert not space.awaits(once, U_CHALLENGED)
    with pytest.raises(AlreadyHeard):
        reached(once, later(MONDAY_TEN, hours=2))


def test_nobody_waits_for_the_raiser():
    assert space.awaits(a_challenge(), U_CHALLENGED)
    assert not space.awaits(a_challenge(), U_RAISER)
    assert space.awaits(not_reached(a_challenge(), person=U_RAISER).challenge, U_RAISER)
    with pytest.raises(AlreadyHeard):
        reached(a_challenge(), person=U_RAISER)


def test_somebody_asked_whom_slack_will_not_let_in_gives_way_to_the_next_at_once():
    offered = an_offered_challenge()

    change = not_reached(offered, person=U_RAISING_MANAGER)

    assert [p.person for p in change.challenge.prompts] == [U_RECEIVING_MANAGER, U_RAISING_DEPUTY]
    assert "<@URAISINGDEPUTY> was asked next" in change.entries[0].summary
    assert Notice(Told.PASSED_OVER, to=U_UNIT, about=U_RAISING_MANAGER) in change.notices


def test_with_nobody_left_to_ask_instead_the_clock_decides():
    offered = an_offered_challenge()
    everybody = tuple(p.id for p in DIRECTORY.people) + DIRECTORY.partnership
    tried = replace(offered, tried=everybody)

    assert not_reached(tried, person=U_RAISING_MANAGER).challenge.prompts == offered.prompts
