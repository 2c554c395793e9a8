"""Conflict of interest: either side asks, the business unit settles, and nothing waits."""

from dataclasses import replace

import pytest

from challenge import conflict, escalation
from challenge.deadlines import clocks, fall_due
from challenge.directory import barred_from
from challenge.model import Happened, Involved, Notice, Side, Space, Status, Told
from challenge.refusals import (
    AskedAlready,
    NobodyWithThat,
    NothingHere,
    NothingProposed,
    NotYours,
    PutOut,
    SayWhy,
)
from challenge.rights import parts
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_OTHER_MANAGER,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    an_offered_challenge,
)

DIRECTORY = a_directory()
MONDAY = a_moment("2026-03-09 09:00")
WHY = "They are married to somebody in the case."


def flagged(challenge, *, by=U_RAISER, about=U_RECEIVING_MANAGER, because=WHY, directory=DIRECTORY):
    return conflict.flag_conflict(
        challenge, FRIDAY_TEN, directory, by=by, about=about, because=because
    )


def settled(challenge, *, by=U_UNIT, upheld=True, because="It is close.", number=None):
    return conflict.settle_conflict(
        challenge,
        FRIDAY_TEN,
        DIRECTORY,
        by=by,
        number=number or challenge.conflicts[0].number,
        upheld=upheld,
        because=because,
    )


def asked(challenge, side):
    return next((p.person for p in challenge.prompts if p.side is side), None)


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED])
def test_either_side_may_flag_one_and_the_business_unit_is_asked_while_the_clocks_run_on(who):
    offered = an_offered_challenge()

    change = flagged(offered, by=who)

    assert change.challenge.prompts == offered.prompts
    assert change.challenge.turn == offered.turn
    assert change.challenge.told == (U_UNIT,)
    assert change.entries[0].kind is Happened.CONFLICT_FLAGGED
    assert change.entries[0].words == {"Why": WHY}
    to_settle = Notice(Told.CONFLICT_TO_SETTLE, to=U_UNIT, about=U_RECEIVING_MANAGER)
    assert to_settle in change.notices


def test_whoever_is_flagged_may_still_accept_until_it_is_settled():
    offered = flagged(an_offered_challenge()).challenge

    escalation.accept(offered, FRIDAY_TEN, DIRECTORY, by=U_RECEIVING_MANAGER, line="Today.")


def test_upheld_the_prompt_moves_on_but_not_to_the_deputy_of_the_one_in_question():
    change = settled(flagged(an_offered_challenge()).challenge)

    after = change.challenge
    assert after.conflicts == ()
    assert asked(after, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER
    assert asked(after, Side.RAISING) == U_RAISING_MANAGER
    assert U_RECEIVING_MANAGER in barred_from(after, Side.RAISING)
    assert change.entries[0].kind is Happened.CONFLICT_SETTLED
    assert change.entries[0].words == {
        "Is there a conflict of interest?": "Yes",
        "Why": "It is close.",
    }


def test_upheld_they_leave_the_channel_hear_why_and_read_no_further():
    change = settled(flagged(a_challenge_at(2, space=Space("C1", "c"))).challenge)

    after = change.challenge
    assert after.out == (U_RECEIVING_MANAGER,)
    assert U_RECEIVING_MANAGER not in after.everyone
    assert parts(after, DIRECTORY, U_RECEIVING_MANAGER) == frozenset()
    assert Notice(Told.TAKE_OUT, about=U_RECEIVING_MANAGER, mark="C1") in change.notices
    assert Notice(Told.SET_ASIDE, to=U_RECEIVING_MANAGER) in change.notices
    assert "<@URECEIVINGMANAGER> leaves the channel." in change.entries[0].summary
    with pytest.raises(PutOut):
        escalation.escalate(
            after, FRIDAY_TEN, DIRECTORY, by=U_RECEIVING_MANAGER, because="It is mine."
        )


def test_upheld_a_supporter_stays_beside_whoever_brought_them():
    beside = (Involved(U_RECEIVING_MANAGER, Side.RECEIVING),)
    change = settled(flagged(an_offered_challenge(supporters=beside, involved=beside)).challenge)

    assert change.challenge.out == ()
    assert asked(change.challenge, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER
    assert not [n for n in change.notices if n.kind in (Told.TAKE_OUT, Told.SET_ASIDE)]


def test_upheld_of_the_units_own_person_they_are_told_of_it_and_asked_about_others_no_more():
    with_unit = a_challenge_at(TOP, told=(U_UNIT,))
    with_unit = replace(with_unit, holders=(Involved(U_UNIT, Side.PARTNERSHIP),))
    raised = flagged(with_unit, about=U_UNIT).challenge

    after = settled(raised, by=raised.conflicts[0].asked[0]).challenge

    assert U_UNIT not in after.told
    assert parts(after, DIRECTORY, U_UNIT) == frozenset()


def test_not_upheld_nothing_changes_but_the_record():
    offered = an_offered_challenge()

    change = settled(flagged(offered).challenge, upheld=False)

    assert change.challenge.prompts == offered.prompts
    assert change.challenge.aside == ()
    assert "There is none" in change.entries[0].summary


def test_upheld_a_holder_is_replaced_by_asking_the_next_at_the_same_stage():
    held = a_challenge_at(2)

    after = settled(flagged(held).challenge).challenge

    assert (after.status, after.stage, after.due) == (Status.OPEN, 2, held.due)
    assert after.leads == (U_RAISING_MANAGER,)
    assert asked(after, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER


def test_upheld_somebody_who_accepted_and_waits_is_replaced_too():
    half = escalation.accept(
        an_offered_challenge(), FRIDAY_TEN, DIRECTORY, by=U_RECEIVING_MANAGER, line="Today."
    ).challenge

    after = settled(flagged(half).challenge).challenge

    assert (after.status, after.accepted) == (Status.OFFERED, ())
    assert asked(after, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER
    assert asked(after, Side.RAISING) == U_RAISING_MANAGER


def test_at_the_top_somebody_else_of_the_partnership_is_asked():
    after = settled(flagged(a_challenge_at(TOP), about=U_SCRUTINEER).challenge).challenge

    assert after.leads == ()
    assert asked(after, Side.PARTNERSHIP) in {U_UNIT, U_COORDINATOR}


def test_upheld_after_it_has_moved_on_they_are_barred_all_the_same():
    raised = flagged(an_offered_challenge()).challenge
    moved = replace(raised, prompts=tuple(p for p in raised.prompts if p.side is Side.RAISING))

    after = settled(moved).challenge

    assert after.prompts == moved.prompts
    assert U_RECEIVING_MANAGER in barred_from(after, Side.RECEIVING)


@pytest.mark.parametrize("about", [U_RAISER, U_CHALLENGED, U_OTHER_MANAGER, U_RAISING_DEPUTY])
def test_only_somebody_who_is_asked_or_has_it_can_be_flagged(about):
    with pytest.raises(NobodyWithThat) as no:
        flagged(an_offered_challenge(), about=about)

    assert no.value.field == "about"


def test_nobody_is_flagged_twice_or_without_a_reason():
    with pytest.raises(AskedAlready):
        flagged(flagged(an_offered_challenge()).challenge, by=U_CHALLENGED)
    with pytest.raises(SayWhy):
        flagged(an_offered_challenge(), because=" ")


def test_only_the_unit_settles_it_with_a_reason_and_once():
    offered = flagged(an_offered_challenge()).challenge

    with pytest.raises(NotYours):
        settled(offered, by=U_RAISER)
    with pytest.raises(NothingHere):
        settled(offered, by=U_COORDINATOR)
    with pytest.raises(SayWhy):
        settled(offered, because="")
    with pytest.raises(NothingProposed):
        settled(offered, number=999)


def test_a_conflict_of_the_units_own_person_is_settled_by_somebody_else():
    with_unit = replace(
        an_offered_challenge(),
        prompts=tuple(replace(p, person=U_UNIT) for p in an_offered_challenge().prompts[:1]),
    )

    change = flagged(with_unit, about=U_UNIT)

    assert change.challenge.conflicts[0].asked == (U_COORDINATOR,)


@pytest.mark.parametrize("who", [U_CHALLENGED, U_RAISER, U_RAISING_MANAGER, U_RECEIVING_MANAGER])
def test_nobody_settles_a_question_in_their_own_dispute_however_few_there_are(who):
    only = a_directory(business_unit=(who,), coordinators=(), scrutineer=())

    change = flagged(an_offered_challenge(), directory=only)

    assert change.challenge.conflicts[0].asked == ()
    assert "Nobody of the partnership is free to settle it yet" in change.entries[0].summary
    assert not [n for n in change.notices if n.kind is Told.CONFLICT_TO_SETTLE]
    found = reminded(change.challenge, MONDAY)
    assert found.challenge.conflicts[0].asked == (U_UNIT,)


def test_at_stage_one_there_is_nobody_to_flag():
    assert conflict.may_be_flagged(a_challenge()) == ()
    assert conflict.to_settle(a_challenge(), U_UNIT) is None


def test_whoever_was_replaced_for_the_raising_side_gives_way_to_the_safeguarding_lead():
    after = settled(flagged(a_challenge_at(2), about=U_RAISING_MANAGER).challenge).challenge

    assert asked(after, Side.RAISING) == U_RAISING_SAFEGUARDER


# Nobody settles it


def reminded(challenge, moment, directory=DIRECTORY):
    [clock] = [c for c in clocks(challenge) if f":{conflict.CONFLICT}:" in c.key]
    assert clock.due == moment.now
    change = fall_due(challenge, moment, directory, key=clock.key)
    assert change is not None
    return change


def test_the_business_unit_is_reminded_each_working_morning_while_the_clocks_run_on():
    held = flagged(a_challenge_at(2)).challenge

    change = reminded(held, MONDAY)

    number = held.conflicts[0].number
    assert change == conflict.remind(held, MONDAY, DIRECTORY, number=number)
    assert change.entries[0].kind is Happened.CONFLICT_REMINDED
    assert change.notices == (
        Notice(Told.CONFLICT_TO_SETTLE, to=U_UNIT, about=U_RECEIVING_MANAGER),
    )
    again = change.challenge
    assert (again.due, again.turn, again.holders) == (held.due, held.turn, held.holders)
    reminded(again, a_moment("2026-03-10 09:00"))


def test_after_two_reminders_in_vain_the_scrutineer_is_asked_too_and_may_settle_it():
    waits = flagged(a_challenge_at(2)).challenge
    for morning in (MONDAY, a_moment("2026-03-10 09:00")):
        waits = reminded(waits, morning).challenge

    third = reminded(waits, a_moment("2026-03-11 09:00"))

    assert {notice.to for notice in third.notices} == {U_UNIT, U_SCRUTINEER}
    settled(third.challenge, by=U_SCRUTINEER)


def test_without_a_scrutineer_it_is_a_coordinator():
    few = a_directory(scrutineer=())
    waits = flagged(a_challenge_at(2), directory=few).challenge
    waits = replace(waits, conflicts=(replace(waits.conflicts[0], reminded=conflict.ALONE),))

    assert {n.to for n in reminded(waits, MONDAY, few).notices} == {U_UNIT, U_COORDINATOR}


def test_whoever_came_to_the_business_unit_meanwhile_is_asked_from_then_on():
    waits = flagged(a_challenge_at(2)).challenge

    change = reminded(waits, MONDAY, a_directory(business_unit=(U_OTHER_MANAGER,)))

    assert {notice.to for notice in change.notices} == {U_OTHER_MANAGER}
    assert change.challenge.conflicts[0].asked == (U_OTHER_MANAGER,)


def test_nobody_is_reminded_once_the_person_in_question_answers_no_more():
    waits = flagged(a_challenge_at(2)).challenge
    moved = replace(waits, holders=waits.holders[:1])

    assert conflict.clocks(waits)
    assert conflict.clocks(moved) == ()
