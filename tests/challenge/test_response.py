"""Seen, support please, someone may be at risk: a tap each, and never a form in the way."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from challenge import response
from challenge.deadlines import clocks
from challenge.directory import Away
from challenge.model import Happened, Involved, Notice, PersonId, Side, Status, Told
from challenge.refusals import Closed, NothingHere, NotYours
from challenge.rights import Act
from tests.makers import (
    FRIDAY_TEN,
    OAK,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
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
    a_person,
    a_procedure,
    an_offered_challenge,
    later,
    the_person,
)

DIRECTORY = a_directory()


def at_risk(challenge=None, *, by=U_RAISER, moment=FRIDAY_TEN, **words):
    return response.declare_risk(challenge or a_challenge(), moment, DIRECTORY, by=by, **words)


def supported(challenge=None, *, by=U_RAISER, directory=DIRECTORY):
    return response.ask_support(challenge or a_challenge(), FRIDAY_TEN, directory, by=by)


# Seen


def test_a_mark_is_on_record_and_the_clock_runs_on():
    change = response.mark_seen(a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED)

    assert change.challenge.seen_by == (U_CHALLENGED,)
    assert clocks(change.challenge) == clocks(a_challenge())
    assert change.entries[0].kind is Happened.SEEN
    assert change.notices == (Notice(Told.CARD),)


def test_a_mark_made_twice_stands_once_and_can_be_taken_back():
    seen = a_challenge(seen_by=(U_CHALLENGED, U_RAISER))

    twice = response.mark_seen(seen, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge
    back = response.take_back_seen(twice, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED)

    assert twice.seen_by == (U_CHALLENGED, U_RAISER)
    assert back.challenge.seen_by == (U_RAISER,)
    assert back.entries[0].kind is Happened.SEEN_TAKEN_BACK


def test_only_the_two_sides_mark_a_reminder():
    supporter = a_challenge(involved=(Involved(U_OTHER_PRACTITIONER, Side.PARTNERSHIP),))

    with pytest.raises(NotYours):
        response.mark_seen(supporter, FRIDAY_TEN, DIRECTORY, by=U_OTHER_PRACTITIONER)
    with pytest.raises(NothingHere):
        response.take_back_seen(supporter, FRIDAY_TEN, DIRECTORY, by=U_GUEST)


# A button that only they can see


@pytest.mark.parametrize("act", [Act.PROPOSE_SETTLEMENT, Act.PROPOSE_DATE, Act.ESCALATE])
def test_a_reaction_brings_a_button_that_only_that_person_sees(act):
    change = response.offer_act(a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, act=act)

    assert change.challenge == a_challenge()
    assert change.notices == (Notice(Told.OFFER_ACT, to=U_RAISER, mark=act.name),)
    assert change.entries[0].kind is Happened.ACT_OFFERED
    assert act.value in change.entries[0].summary


def test_no_button_is_offered_for_what_is_not_theirs_to_do():
    with pytest.raises(NotYours):
        response.offer_act(a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, act=Act.WITHDRAW)


# Support


def test_the_safeguarding_lead_of_their_own_agency_hears_of_it():
    change = supported(by=U_CHALLENGED)

    assert change.notices == (
        Notice(Told.SUPPORT_ASKED, to=U_RECEIVING_SAFEGUARDER, about=U_CHALLENGED),
        Notice(Told.SUPPORT_ASKED, to=U_CHALLENGED, about=U_CHALLENGED),
    )
    assert change.challenge == a_challenge()
    assert change.entries[0].kind is Happened.SUPPORT_ASKED
    assert f"<@{U_RECEIVING_SAFEGUARDER}> was told" in change.entries[0].summary


def test_a_safeguarding_lead_who_is_away_or_gone_is_not_waited_for():
    away = a_directory(
        the_person(U_RAISING_SAFEGUARDER, away=(Away(date(2026, 3, 6), date(2026, 3, 6)),))
    )
    gone = a_directory(the_person(U_RAISING_SAFEGUARDER, active=False))

    for directory in (away, gone):
        assert supported(directory=directory).notices[0].to == U_RAISING_MANAGER


def test_support_is_never_asked_of_the_other_party_of_the_dispute():
    """A bug, mended: inside one agency the lead may be the very person challenged."""
    inside = a_challenge(challenged=U_RAISING_SAFEGUARDER, receiving_agency=OAK)

    assert supported(inside).notices[0].to == U_RAISING_MANAGER
    assert supported(inside, by=U_RAISING_SAFEGUARDER).notices[0].to == U_RAISING_MANAGER


def test_when_nobody_is_named_for_support_the_partnership_is_told():
    nobody = a_directory()
    nobody = replace(nobody, people=tuple(p for p in nobody.people if p.role == "practitioner"))

    change = supported(directory=nobody)

    assert [n.to for n in change.notices] == [U_UNIT, U_COORDINATOR, U_SCRUTINEER, U_RAISER]
    assert "the partnership was told" in change.entries[0].summary


def test_somebody_who_asks_for_support_twice_over_is_told_once_each_time():
    lead_asks = a_directory(a_person(U_RAISER, role="safeguarding lead"))

    notices = supported(directory=lead_asks).notices

    assert [n.to for n in notices] == [U_RAISING_SAFEGUARDER, U_RAISER]


# Someone may be at risk


def test_a_word_about_risk_asks_the_next_people_at_once_on_the_urgent_route():
    change = at_risk(because="He was outside the school.", done="Rang 101.")

    hurried = change.challenge
    assert (hurried.urgent, hurried.status, hurried.offered) == (True, Status.OFFERED, 2)
    assert {p.due for p in hurried.prompts} == {later(FRIDAY_TEN, minutes=30).now}
    assert change.entries[0].kind is Happened.RISK_DECLARED
    assert change.entries[0].words == {
        "Why": "He was outside the school.",
        "What has been done": "Rang 101.",
    }
    assert "was offered to <@URAISINGMANAGER>" in change.entries[0].summary
    assert change.notices[0] == Notice(Told.RISK_DECLARED, about=U_RAISER)
    assert Notice(Told.PROMPT, about=U_RECEIVING_MANAGER, mark="2") in change.notices


def test_no_reason_is_demanded_first():
    assert at_risk(because="  ").entries[0].words == {}


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED, U_OTHER_PRACTITIONER, U_UNIT])
def test_anyone_who_may_read_the_challenge_may_say_so(who):
    known = a_challenge(
        involved=(Involved(U_OTHER_PRACTITIONER, Side.PARTNERSHIP),), told=(U_UNIT,)
    )

    assert at_risk(known, by=who).challenge.urgent


def test_nobody_outside_it_can():
    with pytest.raises(NothingHere):
        at_risk(by=U_RAISING_COLLEAGUE)


def test_whoever_is_already_asked_has_less_time_and_never_more():
    offered = an_offered_challenge()
    soon = replace(offered.prompts[0], due=later(FRIDAY_TEN, minutes=10).now)
    offered = replace(offered, prompts=(soon, offered.prompts[1]))

    change = at_risk(offered)

    hurried = change.challenge
    assert [p.due for p in hurried.prompts] == [
        later(FRIDAY_TEN, minutes=10).now,
        later(FRIDAY_TEN, minutes=30).now,
    ]
    assert [p.person for p in hurried.prompts] == [p.person for p in offered.prompts]
    assert hurried.turn == offered.turn + 1
    assert not [n for n in change.notices if n.kind is Told.PROMPT]


def test_at_the_top_the_clock_is_shortened_and_never_lengthened():
    top = a_challenge_at(TOP)

    hurried = at_risk(top).challenge

    assert (hurried.status, hurried.stage) == (Status.OPEN, TOP)
    assert hurried.due == later(FRIDAY_TEN, hours=4).now
    nearly = replace(top, due=later(FRIDAY_TEN, hours=1).now)
    assert at_risk(nearly).challenge.due == nearly.due


def test_both_sides_and_whoever_is_asked_already_hear_of_it_at_once_and_no_more_than_that():
    change = at_risk(an_offered_challenge())

    told = {n.to for n in change.notices if n.kind is Told.RISK_PRIVATELY}
    assert told == {U_CHALLENGED}
    again = {n.to for n in change.notices if n.kind is Told.PROMPT_PRIVATELY}
    assert {U_RAISING_MANAGER, U_RECEIVING_MANAGER} <= again
    assert change.challenge.offered == 2


def test_at_the_top_the_partnership_hears_of_it_too():
    change = at_risk(a_challenge_at(TOP))

    told = {n.to for n in change.notices if n.kind is Told.RISK_PRIVATELY}
    assert told == {U_CHALLENGED, U_SCRUTINEER, U_UNIT, U_COORDINATOR}


def test_while_a_lower_stage_is_offered_it_goes_where_the_urgent_route_starts():
    far = a_procedure(urgent={"start_at": "Inter-agency meeting", "answer_within": "4 hours"})

    change = at_risk(an_offered_challenge(procedure=far))

    assert (change.challenge.status, change.challenge.offered) == (Status.OFFERED, 3)
    assert {p.stage for p in change.challenge.prompts} == {3}


def test_a_second_word_about_risk_goes_beyond_the_stage_that_holds_it():
    urgent = a_challenge_at(2, urgent=True)

    assert at_risk(urgent, by=U_RECEIVING_MANAGER).challenge.offered == 3


def test_once_taken_on_an_urgent_challenge_runs_day_and_night():
    from_evening = a_moment("2026-03-06 20:00")
    offered = at_risk(moment=from_evening).challenge

    assert offered.prompts[0].due == datetime(2026, 3, 6, 20, 30, tzinfo=UTC)


def test_a_closed_challenge_is_not_opened_by_it():
    with pytest.raises(Closed, match="raise a new"):
        at_risk(a_challenge(status=Status.WITHDRAWN))


def test_a_person_whom_slack_knows_and_nobody_else_learns_nothing():
    with pytest.raises(NothingHere):
        at_risk(by=PersonId("UNOBODY"))
