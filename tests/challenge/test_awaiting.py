"""What awaits somebody: the next move, when it is theirs to make."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from challenge.awaiting import Awaited, awaited, whose_move
from challenge.model import (
    AgreedAction,
    AttendeesProposed,
    CanMake,
    Challenge,
    DateProposal,
    Involved,
    Meeting,
    Minutes,
    NewDay,
    Opinion,
    Outcome,
    PersonId,
    Review,
    Settlement,
    Side,
    Signature,
    Status,
)
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    a_challenge,
    a_challenge_at,
    a_directory,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()
BY_RAISER = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "It is open again.")


def awaits(challenge: Challenge, me: PersonId) -> bool:
    return bool(awaited(challenge, DIRECTORY, me))


def test_at_stage_one_it_awaits_the_person_challenged():
    assert awaits(a_challenge(), U_CHALLENGED)
    assert not awaits(a_challenge(), U_RAISER)
    assert not awaits(a_challenge(), U_COORDINATOR)


def test_at_a_later_stage_it_awaits_the_leads():
    second = a_challenge_at(2, date_agreed=True)

    assert awaits(second, U_RAISING_MANAGER)
    assert awaits(second, U_RECEIVING_MANAGER)
    assert not awaits(second, U_RAISER)


def test_an_offer_awaits_whoever_was_asked_and_their_deputy():
    assert awaits(an_offered_challenge(), U_RAISING_MANAGER)
    assert awaits(an_offered_challenge(), U_RAISING_DEPUTY)
    assert not awaits(an_offered_challenge(), U_RAISER)
    assert not awaits(an_offered_challenge(), U_CHALLENGED)


@pytest.mark.parametrize("challenge", [a_challenge(), an_offered_challenge()])
def test_a_proposed_settlement_awaits_the_other_side(challenge):
    proposed = replace(challenge, settlement=BY_RAISER)

    assert awaits(proposed, U_CHALLENGED)
    assert not awaits(proposed, U_RAISER)


def test_nothing_awaits_anybody_once_it_is_withdrawn():
    closed = a_challenge(status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now)

    assert not awaits(closed, U_CHALLENGED)


def test_a_settled_record_awaits_both_practitioners_until_their_side_has_signed():
    settled = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now, settlement=BY_RAISER)
    signed = replace(settled, signed=(Signature(U_RAISER, Side.RAISING, dissents=False),))

    assert awaited(settled, DIRECTORY, U_RAISER) == (Awaited.SIGN,)
    assert awaited(signed, DIRECTORY, U_RAISER) == ()
    assert awaited(signed, DIRECTORY, U_CHALLENGED) == (Awaited.SIGN,)
    assert awaited(signed, DIRECTORY, U_RAISING_MANAGER) == ()


def test_an_overdue_action_awaits_the_tier_that_agreed_it_until_it_is_done():
    late = AgreedAction("Visit.", U_CHALLENGED, date(2026, 3, 20), asked_at=FRIDAY_TEN.now)
    agreed = replace(BY_RAISER, actions=(late,))
    facts: dict[str, Any] = {
        "status": Status.SETTLED,
        "closed_at": FRIDAY_TEN.now,
        "settlement": agreed,
    }
    first, second = a_challenge(**facts), replace(a_challenge_at(2), **facts)
    done = replace(first, settlement=replace(agreed, actions=(replace(late, done_by=U_RAISER),)))

    assert Awaited.OVERDUE in awaited(first, DIRECTORY, U_RAISER)
    assert Awaited.OVERDUE in awaited(second, DIRECTORY, U_RAISING_MANAGER)
    assert Awaited.OVERDUE not in awaited(second, DIRECTORY, U_RAISER)
    assert Awaited.OVERDUE not in awaited(done, DIRECTORY, U_RAISER)


def test_the_review_awaits_the_raising_sides_manager_until_it_is_there():
    second = a_challenge_at(2, date_agreed=True)
    reviewed = replace(second, reviews=(Review(2, U_RAISING_MANAGER, True, "It stands."),))

    assert Awaited.JUSTIFIED in awaited(second, DIRECTORY, U_RAISING_MANAGER)
    assert Awaited.JUSTIFIED not in awaited(second, DIRECTORY, U_RECEIVING_MANAGER)
    assert Awaited.JUSTIFIED not in awaited(reviewed, DIRECTORY, U_RAISING_MANAGER)


def test_another_day_for_an_action_awaits_the_other_side():
    moved = NewDay(U_CHALLENGED, Side.RECEIVING, date(2026, 4, 1))
    action = AgreedAction("Visit.", U_CHALLENGED, date(2026, 3, 20), new_day=moved)
    settled = a_challenge(
        status=Status.SETTLED,
        closed_at=FRIDAY_TEN.now,
        settlement=replace(BY_RAISER, actions=(action,)),
    )

    assert Awaited.NEW_DAY in awaited(settled, DIRECTORY, U_RAISER)
    assert Awaited.NEW_DAY not in awaited(settled, DIRECTORY, U_CHALLENGED)
    assert Awaited.NEW_DAY not in awaited(settled, DIRECTORY, U_RAISING_COLLEAGUE)


def test_the_top_awaits_the_scrutineer_and_their_opinion_then_both_sides():
    top = a_challenge_at(TOP)
    action = AgreedAction("Look again.", U_CHALLENGED, date(2026, 3, 20))
    given = Opinion(U_SCRUTINEER, "Look again.", "Bruises.", (action,))
    heard = (Involved(U_RAISER, Side.RAISING),)
    advised = replace(top, opinion=given)
    half = replace(top, opinion=replace(given, acknowledged=heard))

    assert awaited(top, DIRECTORY, U_SCRUTINEER) == (Awaited.OPINION,)
    assert awaited(advised, DIRECTORY, U_SCRUTINEER) == ()
    assert Awaited.ACKNOWLEDGE in awaited(advised, DIRECTORY, U_RAISER)
    assert Awaited.ACKNOWLEDGE not in awaited(half, DIRECTORY, U_RAISER)
    assert Awaited.ACKNOWLEDGE in awaited(half, DIRECTORY, U_CHALLENGED)


def test_offered_times_await_everybody_who_attends_until_they_have_answered():
    third = a_challenge_at(3, date_agreed=True)
    times = (FRIDAY_TEN.now,)
    offered = replace(third, meeting=Meeting(3, times=times))
    known = (CanMake(U_RAISER, times),)

    assert awaited(offered, DIRECTORY, U_RAISER) == (Awaited.TIMES,)
    answered = replace(offered, meeting=Meeting(3, times=times, answers=known))
    assert awaited(answered, DIRECTORY, U_RAISER) == ()
    assert awaited(replace(third, meeting=Meeting(3, fixed=times[0])), DIRECTORY, U_RAISER) == ()


def test_times_offered_for_a_meeting_that_moves_await_an_answer_too():
    third = a_challenge_at(3, date_agreed=True)
    moving = Meeting(3, fixed=FRIDAY_TEN.now, times=(later(FRIDAY_TEN, days=1).now,))

    assert awaited(replace(third, meeting=moving), DIRECTORY, U_RAISER) == (Awaited.TIMES,)


def test_people_proposed_for_the_meeting_await_the_other_side():
    asked = AttendeesProposed(U_RAISER, Side.RAISING, (U_RAISING_COLLEAGUE,))
    third = replace(a_challenge_at(3, date_agreed=True), meeting=Meeting(3, proposed=asked))

    assert awaited(third, DIRECTORY, U_CHALLENGED) == (Awaited.ATTENDEES,)
    assert awaited(third, DIRECTORY, U_RAISER) == ()


def test_what_came_of_it_awaits_whoever_was_asked_and_has_not_said():
    settled = a_challenge(status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now)
    asked = replace(settled, to_follow=(U_CHALLENGED,))

    assert awaited(asked, DIRECTORY, U_CHALLENGED) == (Awaited.FOLLOW_UP,)
    assert awaited(asked, DIRECTORY, U_RAISER) == ()


def test_at_a_later_stage_no_date_awaits_the_challenged_until_one_is_proposed():
    second = a_challenge_at(2)
    proposed = DateProposal(U_RAISER, Side.RAISING, FRIDAY_TEN.now)

    assert awaited(second, DIRECTORY, U_CHALLENGED) == ()
    asked = replace(second, date_proposal=proposed)
    assert awaited(asked, DIRECTORY, U_CHALLENGED) == (Awaited.NEW_DATE,)


# Whose move it is


def test_whoever_answers_at_the_stage_is_waited_for():
    assert whose_move(a_challenge()) == (U_CHALLENGED,)
    assert set(whose_move(a_challenge_at(2))) == {U_RAISING_MANAGER, U_RECEIVING_MANAGER}


def test_once_it_is_proposed_how_it_is_settled_the_other_side_is_waited_for():
    theirs = replace(BY_RAISER, proposed_by=U_CHALLENGED, side=Side.RECEIVING)

    assert whose_move(a_challenge(settlement=theirs)) == (U_RAISER,)
    assert Awaited.ANSWER not in awaited(a_challenge(settlement=theirs), DIRECTORY, U_CHALLENGED)
    managers = a_challenge_at(2, settlement=BY_RAISER)
    assert set(whose_move(managers)) == {U_CHALLENGED, U_RECEIVING_MANAGER}


def test_an_opinion_waits_for_the_sides_that_have_not_acknowledged_it():
    top = a_challenge_at(TOP)
    action = AgreedAction("Look again.", U_CHALLENGED, date(2026, 3, 20))
    given = Opinion(U_SCRUTINEER, "Look again.", "Bruises.", (action,))
    half = replace(given, acknowledged=(Involved(U_RAISER, Side.RAISING),))

    assert whose_move(top) == (U_SCRUTINEER,)
    assert {U_RAISER, U_CHALLENGED} <= set(whose_move(replace(top, opinion=given)))
    waited_for = whose_move(replace(top, opinion=half))
    assert U_CHALLENGED in waited_for
    assert not {U_RAISER, U_SCRUTINEER} & {*waited_for}


# What a manager and a lead are asked for


def test_the_raising_sides_manager_is_asked_whether_it_is_justified_until_they_have_said():
    second = a_challenge_at(2, date_agreed=True)
    said = replace(second, reviews=(Review(2, U_RAISING_MANAGER, True, "It is."),))

    asked = awaited(second, DIRECTORY, U_RAISING_MANAGER)
    assert asked == (Awaited.JUSTIFIED, Awaited.ANSWER)
    assert awaited(second, DIRECTORY, U_RECEIVING_MANAGER) == (Awaited.ANSWER,)
    assert awaited(said, DIRECTORY, U_RAISING_MANAGER) == (Awaited.ANSWER,)


def test_the_leads_arrange_the_meeting_and_see_to_its_minutes():
    third = a_challenge_at(3, date_agreed=True)
    lead = third.leads[0]
    fixed = Meeting(3, fixed=later(FRIDAY_TEN, days=1).now)
    minutes = Minutes(lead, "We met.", "", "", "Visit.")
    begun = replace(fixed, reminded=True)

    def asked(meeting: Meeting | None) -> tuple[Awaited, ...]:
        return awaited(replace(third, meeting=meeting), DIRECTORY, lead)

    assert asked(None) == (Awaited.ARRANGE, Awaited.ANSWER)
    assert asked(fixed) == (Awaited.ANSWER,)
    assert asked(begun) == (Awaited.MINUTES, Awaited.ANSWER)
    assert asked(replace(begun, minutes=minutes)) == (Awaited.ANSWER,)
