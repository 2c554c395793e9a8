"""Rights: what somebody is to a challenge, and what that lets them do."""

import pytest

from challenge.model import CLOSED, Involved, Side
from challenge.refusals import Closed, NotActive, NotCoordinator, NothingHere, NotYours, StillOpen
from challenge.rights import (
    AFTER,
    MAY,
    WHOSE,
    Act,
    Part,
    parts,
    prompt_as_deputy,
    refuse_unless_may,
    refuse_unless_on_it,
)
from tests.makers import (
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_DEPUTY,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    an_offered_challenge,
    the_person,
)

DIRECTORY = a_directory()


def test_the_two_practitioners_are_also_the_first_stages_leads():
    assert parts(a_challenge(), DIRECTORY, U_RAISER) == {Part.RAISER, Part.RAISING_LEAD}
    assert parts(a_challenge(), DIRECTORY, U_CHALLENGED) == {Part.CHALLENGED, Part.RECEIVING_LEAD}


def test_whoever_is_asked_is_prompted_and_involved_and_their_deputy_is_a_deputy():
    offered = an_offered_challenge()

    assert parts(offered, DIRECTORY, U_RAISING_MANAGER) == {Part.PROMPTED, Part.INVOLVED}
    assert parts(offered, DIRECTORY, U_RAISING_DEPUTY) == {Part.DEPUTY}
    assert parts(a_challenge(), DIRECTORY, U_RAISING_DEPUTY) == frozenset()


def test_a_lead_leads_while_they_hold_the_stage_and_stays_involved_ever_after():
    second, third = a_challenge_at(2), a_challenge_at(3)

    assert parts(second, DIRECTORY, U_RECEIVING_MANAGER) == {Part.RECEIVING_LEAD, Part.INVOLVED}
    assert parts(third, DIRECTORY, U_RECEIVING_MANAGER) == {Part.INVOLVED}
    assert Part.PARTNERSHIP_LEAD in parts(a_challenge_at(TOP), DIRECTORY, U_SCRUTINEER)


def test_the_partnership_has_a_part_once_told_and_none_before():
    assert parts(a_challenge_at(2), DIRECTORY, U_UNIT) == frozenset()
    assert parts(a_challenge_at(3), DIRECTORY, U_UNIT) == {Part.TOLD}


@pytest.mark.parametrize("who", [U_GUEST, U_RAISING_COLLEAGUE])
def test_everybody_else_has_none(who):
    assert parts(an_offered_challenge(), DIRECTORY, who) == frozenset()
    with pytest.raises(NothingHere):
        refuse_unless_on_it(an_offered_challenge(), DIRECTORY, who)


def test_a_deputy_answers_the_first_prompt_they_are_not_barred_from():
    both = a_directory(the_person(U_RECEIVING_MANAGER, deputy=U_RAISING_DEPUTY))
    offered = an_offered_challenge(directory=both)

    prompt = prompt_as_deputy(offered, both, U_RAISING_DEPUTY)

    assert prompt is not None
    assert prompt.side is Side.RAISING
    assert prompt_as_deputy(offered, both, U_RECEIVING_DEPUTY) is None


def test_a_prompt_without_a_person_has_no_deputy():
    nobody = a_directory(people=(), business_unit=(), coordinators=(), scrutineer=())

    assert prompt_as_deputy(an_offered_challenge(directory=nobody), nobody, U_GUEST) is None


def test_somebody_deactivated_is_told_so_only_if_they_are_on_it():
    gone = a_directory(
        the_person(U_RAISER, active=False), the_person(U_RAISING_COLLEAGUE, active=False)
    )

    with pytest.raises(NotActive):
        refuse_unless_may(Act.SEE, a_challenge(), gone, U_RAISER)
    with pytest.raises(NothingHere):
        refuse_unless_may(Act.SEE, a_challenge(), gone, U_RAISING_COLLEAGUE)


def test_a_party_who_is_not_in_the_directory_keeps_their_part():
    refuse_unless_may(Act.MARK_SEEN, a_challenge(challenged=U_GUEST), DIRECTORY, U_GUEST)


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_a_closed_challenge_can_be_seen_and_followed_up_and_nothing_else(status):
    closed = a_challenge(status=status)

    refuse_unless_may(Act.SEE, closed, DIRECTORY, U_RAISER)
    of_coordinators = {Act.MOVE_PROCEDURE}
    for act in set(Act) - {Act.SEE, Act.READ_PACK, Act.RECORD_MINUTES} - AFTER - of_coordinators:
        with pytest.raises(Closed):
            refuse_unless_may(act, closed, DIRECTORY, U_RAISER)


@pytest.mark.parametrize("act", sorted(AFTER))
def test_what_follows_the_end_waits_for_it(act):
    with pytest.raises(StillOpen):
        refuse_unless_may(act, a_challenge(), DIRECTORY, U_RAISER)


NOT_FOR_READERS = set(Act) - {Act.SEE, Act.DECLARE_RISK, Act.MOVE_PROCEDURE}


@pytest.mark.parametrize("act", sorted(NOT_FOR_READERS))
def test_whoever_may_only_read_is_told_kindly_whose_it_is(act):
    reader = a_challenge(involved=(Involved(U_OTHER_PRACTITIONER, Side.PARTNERSHIP),))

    with pytest.raises(NotYours) as no:
        refuse_unless_may(act, reader, DIRECTORY, U_OTHER_PRACTITIONER)

    assert WHOSE.get(act, "the two sides of the challenge") in no.value.sentence


def test_a_coordinator_does_what_is_theirs_without_being_on_it_and_reads_nothing():
    refuse_unless_may(Act.MOVE_PROCEDURE, a_challenge(), DIRECTORY, U_COORDINATOR)

    assert parts(a_challenge(), DIRECTORY, U_COORDINATOR) == frozenset()
    with pytest.raises(NothingHere):
        refuse_unless_may(Act.SEE, a_challenge(), DIRECTORY, U_COORDINATOR)
    for who in (U_RAISER, U_UNIT, U_GUEST):
        with pytest.raises(NotCoordinator):
            refuse_unless_may(Act.MOVE_PROCEDURE, a_challenge(), DIRECTORY, who)


def test_everyone_who_was_ever_on_it_is_named_once_the_practitioners_first():
    third = a_challenge_at(3)

    assert third.everyone == (
        U_RAISER,
        U_CHALLENGED,
        U_RAISING_MANAGER,
        U_RECEIVING_MANAGER,
        U_RAISING_SAFEGUARDER,
        U_RECEIVING_SAFEGUARDER,
    )


def test_every_act_has_its_row():
    assert set(MAY) == set(Act)
