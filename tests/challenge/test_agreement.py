"""Agreeing the deadline: one proposes, the other accepts or counters; silence changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from challenge import agreement
from challenge.deadlines import clocks
from challenge.model import DateProposal, Happened, Notice, Safety, Side, Status, Told
from challenge.refusals import (
    AlreadyOffered,
    AnswerSafetyFirst,
    DateHasPassed,
    NobodyWorksThen,
    NothingProposed,
    NowhereHigher,
    SayWhy,
    TooLate,
    TooSoon,
    YourOwnProposal,
)
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
)

WEDNESDAY = date(2026, 3, 11)
WEDNESDAY_FIVE = datetime(2026, 3, 11, 17, tzinfo=UTC)
DIRECTORY = a_directory()
MONDAY_TEN = a_moment("2026-03-09 10:00")
SAFE, IN_DANGER = Safety(danger=False), Safety(danger=True, done="Called 999.")
WHY = "The nurse is back on Tuesday."


def proposed(challenge=None, *, by=U_CHALLENGED, day=WEDNESDAY, moment=FRIDAY_TEN, **facts):
    return agreement.propose_date(
        challenge or a_challenge(), moment, DIRECTORY, by=by, day=day, **facts
    )


def accepted(challenge, *, by, moment=FRIDAY_TEN, **facts):
    return agreement.accept_date(challenge, moment, DIRECTORY, by=by, **facts)


def test_a_proposal_leaves_the_deadline_where_it_is():
    change = proposed()

    assert change.challenge.due == a_challenge().due
    assert change.challenge.date_proposal == DateProposal(
        U_CHALLENGED, Side.RECEIVING, WEDNESDAY_FIVE
    )
    assert change.entries[0].kind is Happened.DATE_PROPOSED
    assert "Monday 9 March 2026, 17:00 stands" in change.entries[0].summary
    assert change.notices == (Notice(Told.DATE_PROPOSED, about=U_CHALLENGED), Notice(Told.CARD))


def test_the_other_side_accepts_and_the_clocks_run_on_the_agreed_date():
    before = proposed().challenge

    change = accepted(before, by=U_RAISER, moment=later(FRIDAY_TEN, hours=1))

    agreed = change.challenge
    assert (agreed.due, agreed.date_agreed, agreed.date_proposal) == (WEDNESDAY_FIVE, True, None)
    assert agreed.clock_set == later(FRIDAY_TEN, hours=1).now
    assert agreed.turn == before.turn + 1
    assert {clock.key for clock in clocks(agreed)}.isdisjoint(c.key for c in clocks(before))
    assert change.entries[0].kind is Happened.DATE_AGREED
    assert change.notices == (Notice(Told.DATE_AGREED, about=U_RAISER), Notice(Told.CARD))


def test_a_counter_takes_the_place_of_the_proposal_and_is_answered_by_the_other_side():
    countered = proposed(proposed().challenge, by=U_RAISER, day=date(2026, 3, 10)).challenge

    with pytest.raises(YourOwnProposal):
        accepted(countered, by=U_RAISER)
    assert accepted(countered, by=U_CHALLENGED).challenge.due == datetime(
        2026, 3, 10, 17, tzinfo=UTC
    )


def test_the_challenged_person_accepts_the_date_first_asked_for_and_the_clock_is_not_moved():
    before = a_challenge()

    agreed = accepted(before, by=U_CHALLENGED).challenge

    assert agreed.date_agreed
    assert (agreed.due, agreed.turn, agreed.clock_set) == (
        before.due,
        before.turn,
        before.clock_set,
    )


def test_the_raiser_cannot_accept_the_date_that_they_asked_for():
    with pytest.raises(YourOwnProposal):
        accepted(a_challenge(), by=U_RAISER)


def test_a_date_that_is_agreed_cannot_be_accepted_again_but_another_may_be_proposed():
    agreed = accepted(a_challenge(), by=U_CHALLENGED).challenge

    with pytest.raises(NothingProposed, match="agreed already"):
        accepted(agreed, by=U_CHALLENGED)
    assert proposed(agreed, because="He is away.", safety=SAFE).challenge.date_proposal


def test_the_procedures_longest_is_the_ceiling_reckoned_from_when_the_stage_began():
    tuesday = a_moment("2026-03-10 09:00")
    challenge = a_challenge(due=WEDNESDAY_FIVE)

    assert agreement.latest(challenge) == WEDNESDAY_FIVE
    with pytest.raises(TooLate, match="Wednesday 11 March 2026, 17:00"):
        proposed(challenge, day=date(2026, 3, 12), moment=tuesday)


def test_a_day_that_has_passed_cannot_be_proposed():
    with pytest.raises(TooSoon):
        proposed(day=date(2026, 3, 5))


def test_on_the_urgent_route_the_ceiling_is_the_urgent_time():
    urgent = a_challenge(urgent=True, due=later(FRIDAY_TEN, hours=2).now)

    assert agreement.latest(urgent) == later(FRIDAY_TEN, hours=4).now
    with pytest.raises(TooLate):
        proposed(urgent, day=date(2026, 3, 7))


def test_where_the_procedure_has_no_urgent_route_the_stages_longest_stays_the_ceiling():
    challenge = a_challenge(urgent=True, procedure=a_procedure(urgent=None))

    assert agreement.latest(challenge) == WEDNESDAY_FIVE


def test_the_ceiling_is_never_below_the_deadline_that_stands():
    friday_week = datetime(2026, 3, 13, 17, tzinfo=UTC)

    assert agreement.latest(a_challenge(due=friday_week)) == friday_week


@pytest.mark.parametrize("act", [proposed, accepted])
def test_while_a_stage_is_offered_no_date_is_discussed(act):
    with pytest.raises(
        AlreadyOffered, match="stage 2; <@URAISINGMANAGER> and <@URECEIVINGMANAGER>"
    ):
        act(an_offered_challenge(), by=U_RAISER)


def test_when_nobody_could_be_asked_the_refusal_names_the_partnership():
    alone = a_directory(people=(), business_unit=(), coordinators=(), scrutineer=())
    offered = an_offered_challenge(directory=alone)

    with pytest.raises(AlreadyOffered, match="the partnership was asked"):
        agreement.accept_date(offered, FRIDAY_TEN, alone, by=U_CHALLENGED)


def test_at_a_later_stage_the_leads_and_the_practitioners_speak_for_their_sides():
    second = a_challenge_at(2)

    by_lead = proposed(second, by=U_RECEIVING_MANAGER).challenge

    assert by_lead.date_proposal is not None
    assert by_lead.date_proposal.side is Side.RECEIVING
    with pytest.raises(YourOwnProposal):
        accepted(by_lead, by=U_CHALLENGED)
    assert accepted(by_lead, by=U_RAISING_MANAGER).challenge.date_agreed


@pytest.mark.parametrize(("first", "second"), [(U_RAISER, U_CHALLENGED), (U_CHALLENGED, U_RAISER)])
def test_at_the_top_the_partnerships_lead_may_propose_and_both_sides_must_accept(first, second):
    before = a_challenge_at(TOP)
    top = proposed(before, by=U_SCRUTINEER).challenge
    half = accepted(top, by=first)

    assert top.date_proposal is not None
    assert top.date_proposal.side is Side.PARTNERSHIP
    assert half.challenge.due == before.due
    assert half.entries[0].kind is Happened.DATE_ACCEPTED
    with pytest.raises(NothingProposed, match="your side has accepted"):
        accepted(half.challenge, by=first)
    assert accepted(half.challenge, by=second).challenge.due == WEDNESDAY_FIVE


def test_what_the_two_sides_agree_at_the_top_is_not_the_partnerships_to_accept():
    asked = proposed(a_challenge_at(TOP), by=U_RAISER).challenge

    with pytest.raises(NothingProposed, match="two sides"):
        accepted(asked, by=U_SCRUTINEER)
    assert accepted(asked, by=U_CHALLENGED).challenge.due == WEDNESDAY_FIVE


def test_a_proposed_date_that_has_passed_cannot_be_accepted_and_the_deadline_stands():
    sooner = proposed(a_challenge(due=WEDNESDAY_FIVE), day=date(2026, 3, 9)).challenge

    with pytest.raises(DateHasPassed):
        accepted(sooner, by=U_RAISER, moment=a_moment("2026-03-09 17:00"))
    assert accepted(sooner, by=U_RAISER, moment=a_moment("2026-03-09 16:59")).challenge


@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 4, 3)])
def test_a_day_on_which_nobody_works_is_refused_unless_someone_is_at_risk(day):
    late = datetime(2026, 4, 8, 16, tzinfo=UTC)

    with pytest.raises(NobodyWorksThen, match=f"{day:%A %-d %B}"):
        proposed(a_challenge(due=late), day=day)
    assert proposed(a_challenge(due=late, urgent=True), day=day).challenge.date_proposal


def test_only_the_side_that_is_asked_may_answer_a_date():
    fresh = a_challenge()
    asked = proposed(fresh, by=U_RAISER).challenge

    assert agreement.may_answer_date(fresh, Side.RECEIVING)
    assert not agreement.may_answer_date(fresh, Side.RAISING)
    assert agreement.may_answer_date(asked, Side.RECEIVING)
    assert not agreement.may_answer_date(asked, Side.RAISING)
    assert not agreement.may_answer_date(a_challenge(date_agreed=True), Side.RECEIVING)


# More time, once the date is settled or the clock has run for a day


def more_time(challenge=None, *, by=U_CHALLENGED, day=WEDNESDAY, because=WHY, safety=SAFE):
    return proposed(challenge, by=by, day=day, moment=MONDAY_TEN, because=because, safety=safety)


def test_on_the_first_day_the_two_settle_the_date_and_nothing_more_is_asked():
    assert not agreement.is_running(a_challenge(), later(FRIDAY_TEN, hours=6))
    proposal = proposed(moment=later(FRIDAY_TEN, hours=6)).challenge.date_proposal

    assert proposal is not None
    assert not proposal.extends


@pytest.mark.parametrize(
    ("challenge", "moment"),
    [(a_challenge(), MONDAY_TEN), (a_challenge(date_agreed=True), FRIDAY_TEN)],
    ids=["the first day is over", "a date is agreed"],
)
def test_afterwards_a_later_date_is_an_extension_and_needs_a_reason_and_a_look_at_safety(
    challenge, moment
):
    with pytest.raises(AnswerSafetyFirst):
        proposed(challenge, moment=moment, because=WHY)
    with pytest.raises(SayWhy):
        proposed(challenge, moment=moment, because=" ", safety=SAFE)

    change = proposed(challenge, moment=moment, because=WHY, safety=SAFE)

    assert change.challenge.date_proposal.extends
    assert change.challenge.due == challenge.due
    assert change.entries[0].words == {"Why more time": WHY, "Is anyone in immediate danger?": "No"}


def test_a_sooner_date_is_no_extension():
    sooner = proposed(a_challenge(due=WEDNESDAY_FIVE), day=date(2026, 3, 10), moment=MONDAY_TEN)

    assert not sooner.challenge.date_proposal.extends


def test_the_other_side_says_yes_with_a_fresh_look_at_safety_and_it_is_counted():
    asked = more_time().challenge

    assert agreement.may_accept_extension(asked, DIRECTORY, by=U_RAISER)
    with pytest.raises(AnswerSafetyFirst):
        accepted(asked, by=U_RAISER, moment=MONDAY_TEN)
    change = accepted(asked, by=U_RAISER, moment=MONDAY_TEN, safety=SAFE)

    assert (change.challenge.due, change.challenge.extended) == (WEDNESDAY_FIVE, (1,))
    assert change.entries[0].words == {"Is anyone in immediate danger?": "No"}
    assert agreement.extensions_left(change.challenge) == 1


def test_whoever_asked_for_more_time_does_not_accept_it_themself():
    asked = more_time().challenge

    assert not agreement.may_accept_extension(asked, DIRECTORY, by=U_CHALLENGED)
    assert not agreement.may_accept_extension(a_challenge(), DIRECTORY, by=U_RAISER)
    with pytest.raises(YourOwnProposal):
        accepted(asked, by=U_CHALLENGED, safety=SAFE)


def test_an_agreed_date_that_is_no_extension_is_not_counted():
    assert accepted(proposed().challenge, by=U_RAISER).challenge.extended == ()


def test_somebody_in_danger_puts_nothing_off_and_begins_the_urgent_route():
    change = more_time(safety=IN_DANGER, because="")

    assert change.challenge.urgent
    assert change.challenge.status is Status.OFFERED
    assert change.challenge.date_proposal is None
    assert change.entries[0].kind is Happened.RISK_DECLARED


def test_somebody_in_danger_when_more_time_is_accepted_begins_the_urgent_route_too():
    change = accepted(more_time().challenge, by=U_RAISER, moment=MONDAY_TEN, safety=IN_DANGER)

    assert change.challenge.urgent
    assert change.challenge.extended == ()
    assert change.entries[0].words == {"What has been done": "Called 999."}


def test_a_third_extension_goes_to_the_next_stage_with_its_reason():
    twice = a_challenge(extended=(1, 1))

    change = more_time(twice)

    assert (change.challenge.status, change.challenge.offered) == (Status.OFFERED, 2)
    assert change.challenge.due == twice.due
    [entry] = change.entries
    assert entry.kind is Happened.EXTENSION_REFUSED
    assert entry.words["Why more time"] == WHY
    assert "Stage 2" in entry.summary
    assert Notice(Told.ESCALATION, about=U_CHALLENGED) in change.notices


def test_each_stage_has_its_own_two_extensions():
    two = replace(a_challenge_at(2), extended=(1, 1))

    assert agreement.extensions_left(two) == 2


def test_at_the_top_a_third_extension_is_refused_for_there_is_nowhere_higher():
    top = a_challenge_at(TOP)
    late = replace(top, extended=(TOP, TOP), due=later(MONDAY_TEN, hours=3).now)

    with pytest.raises(NowhereHigher):
        more_time(late, by=U_SCRUTINEER, day=date(2026, 3, 10))


def test_a_third_extension_goes_to_the_next_stage_even_beyond_the_ceiling():
    twice = a_challenge(due=WEDNESDAY_FIVE, date_agreed=True, extended=(1, 1))

    change = proposed(twice, day=date(2026, 3, 12), because=WHY, safety=SAFE)

    assert change.challenge.offered == 2


def test_danger_comes_before_a_date_that_is_too_late():
    agreed = a_challenge(due=WEDNESDAY_FIVE, date_agreed=True)

    assert proposed(agreed, day=date(2026, 3, 12), safety=IN_DANGER).challenge.urgent
