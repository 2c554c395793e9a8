"""Outside the line: a way past one's own managers, without a reason and without a story."""

import pytest

from challenge import escalation, outside
from challenge.directory import line_of
from challenge.model import Happened, Notice, PersonId, Side, Told
from challenge.refusals import AskedAlready, NotYours
from tests.makers import (
    FRIDAY_TEN,
    OAK,
    U_CHALLENGED,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    a_challenge,
    a_challenge_at,
    a_directory,
    an_offered_challenge,
    the_person,
)

DIRECTORY = a_directory(
    the_person(U_RAISING_MANAGER, line_manager=U_RAISING_SENIOR),
    the_person(U_RAISING_SENIOR, line_manager=U_RAISING_MANAGER),
)


def past(challenge, by=U_RAISER, directory=DIRECTORY):
    return outside.go_past_line(challenge, FRIDAY_TEN, directory, by=by)


def offered(challenge):
    return escalation.lapse(challenge, FRIDAY_TEN, DIRECTORY).challenge


def asked(challenge, side):
    return next(p.person for p in challenge.prompts if p.side is side)


def test_the_line_goes_up_and_ends_even_where_it_runs_in_a_circle():
    assert line_of(DIRECTORY, U_RAISER) == (U_RAISING_MANAGER, U_RAISING_SENIOR)
    assert line_of(DIRECTORY, PersonId("UNOBODY")) == ()


def test_asked_before_it_goes_up_the_line_is_never_asked_at_all():
    change = past(a_challenge())

    assert change.entries[0].kind is Happened.PAST_LINE
    assert change.entries[0].words == {}
    up = offered(change.challenge)
    assert asked(up, Side.RAISING) == U_RAISING_SAFEGUARDER
    assert asked(up, Side.RECEIVING) == U_RECEIVING_MANAGER


def test_asked_afterwards_the_manager_is_told_that_they_are_not_needed_and_no_more():
    change = past(an_offered_challenge())

    assert asked(change.challenge, Side.RAISING) == U_RAISING_SAFEGUARDER
    assert Notice(Told.NO_LONGER_ASKED, to=U_RAISING_MANAGER) in change.notices
    assert "<@URAISINGMANAGER> is no longer asked." in change.entries[0].summary


def test_the_challenged_person_may_go_past_their_own_line_too():
    change = past(an_offered_challenge(), by=U_CHALLENGED)

    assert asked(change.challenge, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER
    assert asked(change.challenge, Side.RAISING) == U_RAISING_MANAGER


def test_within_one_agency_either_side_asks_for_both():
    inside = a_challenge(challenged=U_RAISING_COLLEAGUE, receiving_agency=OAK)

    up = offered(past(inside, by=U_RAISING_COLLEAGUE).challenge)

    line = {U_RAISING_MANAGER, U_RAISING_SENIOR}
    assert line.isdisjoint({asked(up, Side.RAISING), asked(up, Side.RECEIVING)})
    with pytest.raises(AskedAlready):
        past(up)


def test_it_is_asked_once_and_by_the_two_people_only():
    with pytest.raises(AskedAlready):
        past(past(a_challenge()).challenge)
    with pytest.raises(NotYours):
        past(a_challenge_at(2), by=U_RAISING_MANAGER)
