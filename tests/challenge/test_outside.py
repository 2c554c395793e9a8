"""Outside the line: a way past one's own managers, without a reason and without a story."""

from dataclasses import replace

import pytest

from challenge import escalation, meeting, outside, support
from challenge.directory import LINE_MANAGER, line_of
from challenge.model import (
    Happened,
    Involved,
    Notice,
    PersonId,
    SecondLook,
    Side,
    Status,
    Told,
)
from challenge.refusals import AskedAlready, NotYours, PutOut, WasSetAside
from challenge.rights import parts, speakers
from tests.makers import (
    FRIDAY_TEN,
    OAK,
    TOP,
    U_CHALLENGED,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
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


def accepted(challenge, by):
    return escalation.accept(
        challenge, FRIDAY_TEN, DIRECTORY, by=by, line="I will call both today."
    ).challenge


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
    assert Notice(Told.GONE_PAST, to=U_RAISING_MANAGER) in change.notices
    assert Notice(Told.TAKE_OUT, about=U_RAISING_MANAGER) in change.notices
    said = change.entries[0].summary
    assert "<@URAISINGMANAGER> is no longer asked. <@URAISINGSAFEGUARDER> was asked next." in said
    assert U_RAISING_SENIOR in change.challenge.out
    assert U_RAISING_SENIOR not in {notice.to for notice in change.notices}


def test_a_manager_who_has_accepted_hands_it_over_to_somebody_outside_the_line():
    half = accepted(an_offered_challenge(), U_RAISING_MANAGER)

    change = past(half)

    after = change.challenge
    assert (after.status, after.offered, after.accepted) == (Status.OFFERED, 2, ())
    prompt = next(p for p in after.prompts if p.side is Side.RAISING)
    assert prompt.person == U_RAISING_SAFEGUARDER
    assert prompt.due == FRIDAY_TEN.deadline(half.procedure.stage(2).accept_within)
    said = change.entries[0].summary
    assert "<@URAISINGMANAGER> had accepted, and hands it over." in said
    assert "<@URAISINGSAFEGUARDER> was asked next." in said
    assert parts(after, DIRECTORY, U_RAISING_MANAGER) == frozenset()
    with pytest.raises(PutOut):
        escalation.accept(after, FRIDAY_TEN, DIRECTORY, by=U_RAISING_MANAGER, line="I will.")


def test_a_stage_that_a_manager_holds_is_asked_anew_while_its_clock_runs_on():
    held = a_challenge_at(2)

    after = past(held).challenge

    assert (after.status, after.stage, after.due, after.turn) == (
        Status.OPEN,
        2,
        held.due,
        held.turn,
    )
    assert after.leads == (U_RECEIVING_MANAGER,)
    assert asked(after, Side.RAISING) == U_RAISING_SAFEGUARDER
    again = accepted(after, U_RAISING_SAFEGUARDER)
    assert (again.stage, again.due) == (2, held.due)
    assert set(again.leads) == {U_RECEIVING_MANAGER, U_RAISING_SAFEGUARDER}


def test_a_side_that_is_asked_anew_has_its_whole_time_to_accept():
    late = replace(accepted(an_offered_challenge(), U_RAISING_MANAGER), overdue=(Side.RAISING,))

    after = accepted(past(late).challenge, U_RECEIVING_MANAGER)

    assert (after.status, after.overdue) == (Status.OFFERED, ())
    assert asked(after, Side.RAISING) == U_RAISING_SAFEGUARDER


def test_a_deputy_who_accepted_for_the_manager_hands_it_over_too():
    half = accepted(an_offered_challenge(), U_RAISING_DEPUTY)

    after = past(half).challenge

    assert after.accepted == ()
    assert asked(after, Side.RAISING) == U_RAISING_SAFEGUARDER
    assert U_RAISING_DEPUTY in after.out


def test_a_deputy_who_is_the_safeguarding_lead_as_well_keeps_it():
    both = a_directory(the_person(U_RAISING_MANAGER, deputy=U_RAISING_SAFEGUARDER))
    offered = an_offered_challenge(directory=both)
    half = escalation.accept(
        offered, FRIDAY_TEN, both, by=U_RAISING_SAFEGUARDER, line="I will."
    ).challenge

    change = past(half, directory=both)

    assert change.challenge.accepted == half.accepted
    assert U_RAISING_SAFEGUARDER not in change.challenge.out
    assert U_RAISING_MANAGER in change.challenge.out


def test_the_two_themselves_and_a_supporter_are_never_put_out():
    inside = a_challenge(
        challenged=U_RAISING_MANAGER,
        receiving_agency=OAK,
        supporters=(Involved(U_RAISING_SENIOR, Side.RECEIVING),),
    )

    change = past(inside)

    assert change.challenge.out == ()
    assert [n.kind for n in change.notices] == [Told.CARD]


def test_a_manager_who_held_an_earlier_stage_leaves_too_and_speaks_for_nobody_at_the_top():
    top = a_challenge_at(TOP, held_before=())
    before = replace(top, held_before=(U_RAISING_MANAGER,))

    after = past(before).challenge

    assert U_RAISING_MANAGER not in speakers(after, Side.RAISING)
    assert parts(after, DIRECTORY, U_RAISING_MANAGER) == frozenset()


def test_the_line_is_kept_from_notify_points_and_from_coming_in_again():
    after = past(an_offered_challenge()).challenge

    assert escalation.notified(after, DIRECTORY, LINE_MANAGER) == (U_RECEIVING_MANAGER,)
    with pytest.raises(WasSetAside):
        support.bring_supporter(
            after, FRIDAY_TEN, DIRECTORY, by=U_RAISER, supporter=U_RAISING_MANAGER
        )
    meeting_stage = replace(a_challenge_at(3), out=(U_RAISING_MANAGER,))
    with pytest.raises(WasSetAside):
        meeting.propose_attendees(
            meeting_stage, FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_RAISING_MANAGER,)
        )


def test_a_second_opinion_asked_of_the_line_is_asked_of_somebody_else():
    look = SecondLook(9, U_RAISING_SENIOR, FRIDAY_TEN.now)
    held = replace(
        a_challenge_at(2),
        second_look=look,
        involved=(Involved(U_RAISING_SENIOR, Side.RAISING),),
    )

    change = past(held)

    assert change.challenge.second_look.person not in {None, U_RAISING_SENIOR}
    assert "was asked for a second opinion" in change.entries[0].summary


def test_whoever_is_asked_anew_for_another_side_comes_in_again():
    gone = replace(an_offered_challenge(), out=(U_RAISING_SENIOR,))

    back = escalation.brought_in(gone, U_RAISING_SENIOR, Side.PARTNERSHIP)

    assert back.out == ()
    assert U_RAISING_SENIOR in back.everyone


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
