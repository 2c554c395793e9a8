"""Absence: nobody waits for somebody who has left, or who is on leave."""

from dataclasses import replace
from datetime import date

import pytest

from challenge import absence, escalation, follow_up, resolution, review, scrutiny
from challenge.deadlines import ACCEPT, clocks, fall_due
from challenge.directory import Away
from challenge.model import (
    AgreedAction,
    Change,
    Happened,
    Involved,
    Leave,
    Notice,
    Outcome,
    PersonId,
    Side,
    Status,
    Told,
    Went,
)
from challenge.refusals import YourOwnProposal
from challenge.rights import Part, parts, speakers
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_RAISER,
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
    a_moment,
    an_offered_challenge,
    the_person,
)

MONDAY = date(2026, 3, 9)
MONDAY_NINE = a_moment("2026-03-09 09:00")
LINE = "I will call both today."


def without(*people: PersonId, **changes):
    return a_directory(*(the_person(who, active=False) for who in people), **changes)


def away(who: PersonId, first: date, last: date, **changes):
    return a_directory(the_person(who, away=(Away(first, last),)), **changes)


def leaves(challenge, who, directory=None, moment=FRIDAY_TEN) -> Change:
    change = absence.gone(challenge, moment, directory or without(who), person=who)
    assert change is not None
    return change


def goes_on_leave(challenge, who, first=FRIDAY_TEN.today, last=date(2026, 3, 20)) -> Change:
    directory = away(who, first, last)
    change = absence.leave_set(challenge, FRIDAY_TEN, directory, person=who)
    assert change is not None
    return change


def accepted(challenge, by, directory=None, moment=FRIDAY_TEN):
    return escalation.accept(challenge, moment, directory or a_directory(), by=by, line=LINE)


def asked(challenge, side):
    return next((p.person for p in challenge.prompts if p.side is side), None)


def told(change, kind):
    return {notice.to for notice in change.notices if notice.kind is kind}


# Somebody left who was asked, or answers


def test_a_leaver_who_was_asked_hands_on_at_once_and_the_coordinators_know():
    change = leaves(an_offered_challenge(), U_RAISING_MANAGER)

    assert asked(change.challenge, Side.RAISING) == U_RAISING_DEPUTY
    assert asked(change.challenge, Side.RECEIVING) == U_RECEIVING_MANAGER
    assert change.entries[0].kind is Happened.GONE
    assert "is no longer active. <@URAISINGDEPUTY> was asked next." in change.entries[0].summary
    assert told(change, Told.GONE) == {U_COORDINATOR}


def test_whom_a_file_no_longer_names_hands_on_and_the_record_says_why():
    dropped = a_directory()
    dropped = replace(
        dropped, people=tuple(p for p in dropped.people if p.id != U_RECEIVING_MANAGER)
    )

    change = leaves(an_offered_challenge(), U_RECEIVING_MANAGER, dropped)

    assert asked(change.challenge, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER
    assert change.entries[0].summary.startswith(
        f"<@{U_RECEIVING_MANAGER}> is no longer in the directory. "
    )


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED])
def test_a_practitioner_whom_a_file_no_longer_names_has_not_left(who):
    dropped = a_directory()
    dropped = replace(dropped, people=tuple(p for p in dropped.people if p.id != who))

    for challenge in (a_challenge(), an_offered_challenge(), a_challenge_at(2)):
        assert absence.gone(challenge, FRIDAY_TEN, dropped, person=who) is None


def test_whoever_held_the_stage_and_left_is_replaced_while_its_clock_runs_on():
    held = a_challenge_at(2)

    after = leaves(held, U_RECEIVING_MANAGER).challenge

    assert (after.status, after.stage) == (Status.OPEN, 2)
    assert (after.due, after.turn) == (held.due, held.turn)
    assert after.leads == (U_RAISING_MANAGER,)
    assert asked(after, Side.RECEIVING) == U_RECEIVING_DEPUTY
    assert {c.key.split(":")[1] for c in clocks(after)} >= {ACCEPT, "lapse"}

    taken = accepted(after, U_RECEIVING_DEPUTY).challenge
    assert taken.lead(Side.RECEIVING) == U_RECEIVING_DEPUTY
    assert taken.due == held.due


def test_without_a_deputy_it_is_the_next_role_and_never_whoever_held_the_stage_before():
    third = a_challenge_at(3)
    assert third.lead(Side.RECEIVING) == U_RECEIVING_SAFEGUARDER

    after = leaves(third, U_RECEIVING_SAFEGUARDER).challenge

    assert asked(after, Side.RECEIVING) not in {*third.held_before, U_CHALLENGED, U_RAISER, None}


def test_somebody_who_has_accepted_and_waits_for_the_other_side_is_replaced():
    half = accepted(an_offered_challenge(), U_RECEIVING_MANAGER).challenge

    after = leaves(half, U_RECEIVING_MANAGER).challenge

    assert (after.status, after.accepted) == (Status.OFFERED, ())
    assert asked(after, Side.RECEIVING) == U_RECEIVING_DEPUTY
    assert asked(after, Side.RAISING) == U_RAISING_MANAGER


def test_whoever_held_the_stage_before_the_one_that_is_offered_hands_on_nothing():
    offered = escalation.lapse(a_challenge_at(2), FRIDAY_TEN, a_directory()).challenge

    change = leaves(offered, U_RECEIVING_MANAGER)

    assert change.challenge == offered
    assert told(change, Told.GONE) == {U_COORDINATOR}


def test_whoever_held_a_stage_and_comes_back_does_not_hold_the_next_one():
    after = leaves(a_challenge_at(2), U_RECEIVING_MANAGER).challenge

    assert {Involved(U_RECEIVING_MANAGER, side) for side in Side} <= {*after.aside}


def test_whoever_holds_the_top_is_replaced_by_another_of_the_partnership():
    top = a_challenge_at(TOP)
    emptied = a_directory(scrutineer=())

    after = leaves(top, U_SCRUTINEER, emptied).challenge

    assert after.leads == ()
    assert asked(after, Side.PARTNERSHIP) == U_UNIT
    assert after.aside == ()


def test_a_second_opinion_on_the_review_is_asked_of_the_next_person():
    looked = review.record_review(
        a_challenge_at(2),
        FRIDAY_TEN,
        a_directory(),
        by=U_RAISING_MANAGER,
        justified=False,
        because="The threshold document says so.",
    ).challenge

    change = leaves(looked, U_RAISING_SAFEGUARDER)

    assert change.challenge.second_look is not None
    assert change.challenge.second_look.person == U_UNIT
    assert "<@UUNIT> was asked for a second opinion." in change.entries[0].summary


def test_a_leaver_without_a_part_in_it_or_after_its_end_changes_nothing():
    closed = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now)

    assert not absence.gone(closed, FRIDAY_TEN, a_directory(), person=U_CHALLENGED)
    assert not absence.gone(a_challenge(), FRIDAY_TEN, a_directory(), person=U_OTHER_MANAGER)


# A practitioner left


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED])
def test_a_practitioner_who_leaves_while_the_two_are_talking_sends_it_to_their_managers(who):
    change = leaves(a_challenge(), who)

    assert (change.challenge.status, change.challenge.offered) == (Status.OFFERED, 2)
    assert change.entries[0].kind is Happened.GONE
    assert "Stage 2 (Managers and safeguarding leads) was offered to" in change.entries[0].summary
    manager = {U_RAISER: U_RAISING_MANAGER, U_CHALLENGED: U_RECEIVING_MANAGER}[who]
    assert told(change, Told.STANDS_IN) == {manager}


def test_later_on_whoever_answers_for_their_side_hears_that_it_is_theirs_now():
    held = a_challenge_at(2)

    change = leaves(held, U_RAISER)

    assert change.challenge == held
    assert Notice(Told.STANDS_IN, to=U_RAISING_MANAGER, about=U_RAISER) in change.notices
    assert told(change, Told.STANDS_IN) == {U_RAISING_MANAGER}


# At the top, where neither side has a lead


def proposed(challenge, by, directory=None):
    return resolution.propose_settlement(
        challenge,
        FRIDAY_TEN,
        directory or a_directory(),
        by=by,
        outcome=Outcome.EXPLAINED,
        how="We spoke.",
    ).challenge


def test_at_the_top_the_leads_of_the_stage_before_settle_it_for_a_practitioner_who_has_left():
    top, directory = a_challenge_at(TOP), without(U_RAISER)
    raising, receiving = (speakers(top, side) for side in (Side.RAISING, Side.RECEIVING))
    assert raising == (U_RAISER, U_RAISING_SAFEGUARDER)
    assert receiving == (U_CHALLENGED, U_RECEIVING_SAFEGUARDER)

    change = leaves(top, U_RAISER)
    assert change.challenge == top
    assert told(change, Told.STANDS_IN) == {U_RAISING_SAFEGUARDER}

    waits = proposed(top, U_RAISING_SAFEGUARDER, directory)
    with pytest.raises(YourOwnProposal):
        resolution.confirm_settlement(waits, FRIDAY_TEN, directory, by=U_RAISING_SAFEGUARDER)
    closed = resolution.confirm_settlement(waits, FRIDAY_TEN, directory, by=U_CHALLENGED).challenge
    assert closed.status is Status.SETTLED
    signed = follow_up.sign(closed, FRIDAY_TEN, directory, by=U_RAISING_SAFEGUARDER).challenge
    assert signed.signed[0].side is Side.RAISING


def test_a_side_of_which_everybody_has_left_is_given_somebody_who_speaks_for_it_at_the_top():
    top = a_challenge_at(TOP)
    directory = without(U_RAISER, U_RAISING_SAFEGUARDER)

    change = leaves(top, U_RAISING_SAFEGUARDER, directory)

    after = change.challenge
    [heir] = {*after.held_before} - {*top.held_before}
    assert heir not in {U_RAISER, U_CHALLENGED, U_SCRUTINEER, *top.held_before}
    assert Part.LAST_LEAD in parts(after, directory, heir)
    assert told(change, Told.STANDS_IN) == {heir}
    assert Notice(Told.INVITE, about=heir) in change.notices
    advised = scrutiny.give_opinion(
        after,
        FRIDAY_TEN,
        directory,
        by=U_SCRUTINEER,
        opinion="Look again.",
        reasons="Two saw it.",
        actions=(AgreedAction("Visit.", U_CHALLENGED, date(2026, 3, 20)),),
    ).challenge
    for who in (heir, U_CHALLENGED):
        advised = scrutiny.acknowledge(advised, FRIDAY_TEN, directory, by=who).challenge
    assert advised.status is Status.SETTLED


def test_so_it_is_when_they_had_left_before_it_came_to_the_top():
    directory = without(U_RAISER, U_RAISING_SAFEGUARDER)
    offered = escalation.lapse(a_challenge_at(3), FRIDAY_TEN, directory).challenge

    change = accepted(offered, U_SCRUTINEER, directory)

    assert change.challenge.at_top
    [heir] = told(change, Told.STANDS_IN)
    assert heir in speakers(change.challenge, Side.RAISING)


def test_where_nobody_at_all_is_left_for_a_side_the_clock_decides():
    mine = [U_RAISER, U_RAISING_MANAGER, U_RAISING_DEPUTY, U_RAISING_SAFEGUARDER]
    mine += [PersonId("URAISINGSENIOR"), PersonId("URAISINGCOLLEAGUE")]
    directory = without(*mine, business_unit=(), coordinators=())

    change = leaves(a_challenge_at(TOP), U_RAISER, directory)

    assert change.challenge.held_before == a_challenge_at(TOP).held_before
    assert told(change, Told.STANDS_IN) == set()


# Leave


def test_a_prompt_passes_on_the_morning_that_leave_begins_without_using_up_the_sides_time():
    directory = away(U_RECEIVING_MANAGER, MONDAY, date(2026, 3, 20))
    at = a_moment("2026-03-06 16:00")
    offered = an_offered_challenge(at, directory)
    assert offered.leaves == (Leave(U_RECEIVING_MANAGER, MONDAY_NINE.now),)
    [clock] = absence.clocks(offered)
    assert clock.due == MONDAY_NINE.now

    change = fall_due(offered, MONDAY_NINE, directory, key=clock.key)

    assert change is not None
    after = change.challenge
    assert asked(after, Side.RECEIVING) == U_RECEIVING_DEPUTY
    assert after.overdue == ()
    assert change.entries[0].kind is Happened.AWAY
    assert "is on leave. <@URECEIVINGDEPUTY> was asked next." in change.entries[0].summary
    assert told(change, Told.NO_LONGER_ASKED) == {U_RECEIVING_MANAGER}


def test_leave_that_begins_on_a_weekend_counts_from_the_next_working_morning():
    saturday = away(U_RECEIVING_MANAGER, date(2026, 3, 7), date(2026, 3, 20))

    offered = an_offered_challenge(directory=saturday)

    assert offered.leaves == (Leave(U_RECEIVING_MANAGER, MONDAY_NINE.now),)


def test_leave_that_was_taken_back_changes_nothing_when_its_morning_comes():
    planned = away(U_RECEIVING_MANAGER, MONDAY, date(2026, 3, 20))
    offered = an_offered_challenge(a_moment("2026-03-06 16:00"), planned)
    [clock] = absence.clocks(offered)

    assert fall_due(offered, MONDAY_NINE, a_directory(), key=clock.key) is None
    assert not absence.leave_begins(offered, MONDAY_NINE, a_directory(), person=U_RECEIVING_MANAGER)


def test_whoever_was_not_asked_or_answered_already_has_no_such_clock():
    offered = an_offered_challenge(directory=away(U_RECEIVING_MANAGER, MONDAY, MONDAY))
    passed = escalation.decline(
        offered, FRIDAY_TEN, a_directory(), by=U_RECEIVING_MANAGER, because="I am new."
    ).challenge

    assert absence.clocks(offered)
    assert not absence.clocks(passed)


def test_leave_entered_while_a_prompt_waits_passes_it_on_at_once():
    change = goes_on_leave(an_offered_challenge(), U_RECEIVING_MANAGER)

    assert asked(change.challenge, Side.RECEIVING) == U_RECEIVING_DEPUTY


def test_leave_entered_for_later_is_known_from_then_on_and_may_be_taken_back():
    later = goes_on_leave(an_offered_challenge(), U_RECEIVING_MANAGER, first=MONDAY)
    assert later.challenge.leaves == (Leave(U_RECEIVING_MANAGER, MONDAY_NINE.now),)
    assert "begins on Monday 9 March 2026" in later.entries[0].summary

    back = absence.leave_set(later.challenge, FRIDAY_TEN, a_directory(), person=U_RECEIVING_MANAGER)
    assert back is not None
    assert back.challenge.leaves == ()
    assert "was taken back" in back.entries[0].summary


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED, U_OTHER_MANAGER, U_GUEST])
def test_leave_of_somebody_for_whom_nothing_waits_changes_nothing(who):
    assert not absence.leave_set(an_offered_challenge(), FRIDAY_TEN, a_directory(), person=who)


def test_the_same_leave_again_changes_nothing():
    directory = away(U_RECEIVING_MANAGER, MONDAY, MONDAY)
    offered = an_offered_challenge(directory=directory)

    assert not absence.leave_set(offered, FRIDAY_TEN, directory, person=U_RECEIVING_MANAGER)


def test_a_stage_passes_on_when_its_holder_is_not_back_before_its_time_is_over():
    held = a_challenge_at(2)
    last_day = held.procedure.calendar.local(held.due).date()

    handed_on = goes_on_leave(held, U_RECEIVING_MANAGER, last=last_day).challenge
    kept = goes_on_leave(held, U_RECEIVING_MANAGER, last=MONDAY)

    assert asked(handed_on, Side.RECEIVING) == U_RECEIVING_DEPUTY
    assert handed_on.due == held.due
    assert kept.challenge == held
    assert "is back before the time of this stage is over" in kept.entries[0].summary


def test_whoever_accepted_and_waits_keeps_it_only_if_they_are_back_in_time():
    half = accepted(an_offered_challenge(), U_RECEIVING_MANAGER).challenge

    assert goes_on_leave(half, U_RECEIVING_MANAGER, last=MONDAY).challenge == half
    handed_on = goes_on_leave(half, U_RECEIVING_MANAGER).challenge
    assert asked(handed_on, Side.RECEIVING) == U_RECEIVING_DEPUTY
    assert handed_on.accepted == ()


def test_the_leave_of_whoever_takes_a_stage_on_is_known_too():
    directory = away(U_RECEIVING_DEPUTY, MONDAY, date(2026, 3, 20))

    half = accepted(an_offered_challenge(directory=directory), U_RECEIVING_DEPUTY, directory)

    assert half.challenge.leaves == (Leave(U_RECEIVING_DEPUTY, MONDAY_NINE.now),)
    assert absence.clocks(half.challenge)


# Opened again


def test_a_stage_that_is_opened_again_is_held_by_people_who_are_there_or_they_are_asked():
    held = a_challenge_at(2)
    closed = replace(held, status=Status.SETTLED, closed_at=FRIDAY_TEN.now)
    directory = without(U_RECEIVING_MANAGER)

    again = follow_up.follow_through(
        closed, FRIDAY_TEN, directory, by=U_RAISER, went=Went.NO, line="Nobody came."
    ).challenge

    assert again.leads == (U_RAISING_MANAGER,)
    assert asked(again, Side.RECEIVING) == U_RECEIVING_DEPUTY
    alone = replace(closed, holders=closed.holders[:1])
    after, _ = absence.relieved(replace(alone, status=Status.OPEN), FRIDAY_TEN, a_directory())
    assert {*(p.side for p in after.prompts), *(h.side for h in after.holders)} == {
        Side.RAISING,
        Side.RECEIVING,
    }
