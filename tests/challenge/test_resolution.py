"""Settling: one side proposes, the other confirms or says why not; or the raiser withdraws."""

from dataclasses import replace
from datetime import date

import pytest

from challenge import resolution
from challenge.model import (
    AgreedAction,
    Entry,
    Happened,
    Notice,
    Outcome,
    PersonId,
    Side,
    Status,
    Told,
)
from challenge.refusals import (
    ActionUnclear,
    Closed,
    NothingProposed,
    NotYours,
    SayHow,
    SayWhy,
    YourOwnProposal,
)
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    an_offered_challenge,
)

DIRECTORY = a_directory()
HOW = "We looked at the new information together and the referral is open again."
VISIT = AgreedAction("Visit the family", U_CHALLENGED, date(2026, 3, 6))
CALL = AgreedAction("Ring the school nurse", U_RAISER, date(2026, 3, 10))


def proposed(challenge=None, *, by=U_CHALLENGED, outcome=Outcome.CHANGED, how=HOW, actions=()):
    return resolution.propose_settlement(
        challenge or a_challenge(),
        FRIDAY_TEN,
        DIRECTORY,
        by=by,
        outcome=outcome,
        how=how,
        actions=actions,
    )


def confirmed(challenge, *, by):
    return resolution.confirm_settlement(challenge, FRIDAY_TEN, DIRECTORY, by=by)


def refused(challenge, *, by, because="The visit has not happened yet."):
    return resolution.decline_settlement(challenge, FRIDAY_TEN, DIRECTORY, by=by, because=because)


def withdrawn(challenge=None, *, by=U_RAISER, because="The referral was opened this morning."):
    return resolution.withdraw(
        challenge or a_challenge(), FRIDAY_TEN, DIRECTORY, by=by, because=because
    )


@pytest.mark.parametrize("outcome", Outcome)
def test_either_side_may_propose_how_it_was_settled_and_the_clock_runs_on(outcome):
    change = proposed(outcome=outcome)

    assert change.challenge.status is Status.OPEN
    assert change.challenge.due == a_challenge().due
    assert change.challenge.settlement is not None
    assert change.challenge.settlement.side is Side.RECEIVING
    assert change.entries[0].kind is Happened.SETTLEMENT_PROPOSED
    assert outcome.value in change.entries[0].summary
    assert change.notices == (
        Notice(Told.SETTLEMENT_PROPOSED, about=U_CHALLENGED),
        Notice(Told.CARD),
        Notice(Told.SETTLEMENT_PROPOSED, to=U_RAISER, about=U_CHALLENGED),
    )


def test_agreed_actions_are_on_record_with_owner_and_day():
    words = proposed(actions=(VISIT, CALL)).entries[0].words

    assert words == {
        "How it was settled": HOW,
        "Agreed action 1": "Visit the family (<@UCHALLENGED>, by Friday 6 March 2026)",
        "Agreed action 2": "Ring the school nurse (<@URAISER>, by Tuesday 10 March 2026)",
    }


def test_a_proposal_says_how_in_words():
    with pytest.raises(SayHow) as no:
        proposed(how="\n ")

    assert no.value.field == "how"


@pytest.mark.parametrize(
    "unclear",
    [
        AgreedAction(" ", U_RAISER, date(2026, 3, 10)),
        AgreedAction("Ring the nurse", PersonId(""), date(2026, 3, 10)),
        AgreedAction("Ring the nurse", U_RAISER, date(2026, 3, 5)),
    ],
)
def test_an_agreed_action_needs_what_who_and_a_day_that_has_not_passed(unclear):
    with pytest.raises(ActionUnclear) as no:
        proposed(actions=(VISIT, unclear))

    assert no.value.field == "what"


def test_the_other_side_confirms_and_it_is_settled():
    before = proposed(actions=(VISIT,)).challenge

    change = confirmed(before, by=U_RAISER)

    settled = change.challenge
    assert (settled.status, settled.closed_at) == (Status.SETTLED, FRIDAY_TEN.now)
    assert (settled.prompts, settled.offered, settled.date_proposal) == ((), None, None)
    assert settled.turn == before.turn + 1
    assert change.entries[0].kind is Happened.SETTLED
    assert change.entries[0].words == proposed(actions=(VISIT,)).entries[0].words
    assert change.notices == (
        Notice(Told.CLOSED, about=U_RAISER),
        Notice(Told.CARD),
        Notice(Told.CLOSED_PRIVATELY, to=U_RAISER),
        Notice(Told.CLOSED_PRIVATELY, to=U_CHALLENGED),
        Notice(Told.ACTION_AGREED, to=U_CHALLENGED),
    )


def test_whoever_was_told_on_the_way_hears_of_the_end_and_nobody_twice():
    third = a_challenge_at(3)
    assert third.told == (U_UNIT,)
    lead = replace(third, told=(U_UNIT, U_RAISER, *third.leads))

    withdrawn = resolution.withdraw(
        lead, FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="It was put right."
    )

    assert [n.to for n in withdrawn.notices if n.kind is Told.ENDED] == [U_UNIT]


def test_everybody_who_agreed_to_do_something_is_told_at_once_whosever_side_they_are_on():
    theirs = AgreedAction("See him at the clinic", U_OTHER_PRACTITIONER, date(2026, 3, 12))

    before = proposed(actions=(VISIT, theirs, replace(theirs, what="Write it down"))).challenge

    told = [n.to for n in confirmed(before, by=U_RAISER).notices if n.kind is Told.ACTION_AGREED]
    assert told == [U_CHALLENGED, U_OTHER_PRACTITIONER]
    assert not [n for n in withdrawn(before).notices if n.kind is Told.ACTION_AGREED]


@pytest.mark.parametrize("answer", [confirmed, refused])
def test_nobody_answers_their_own_proposal(answer):
    with pytest.raises(YourOwnProposal):
        answer(proposed().challenge, by=U_CHALLENGED)


@pytest.mark.parametrize("answer", [confirmed, refused])
def test_nor_does_anybody_else_of_the_same_side(answer):
    by_lead = proposed(a_challenge_at(2), by=U_RECEIVING_MANAGER).challenge

    with pytest.raises(YourOwnProposal):
        answer(by_lead, by=U_CHALLENGED)


@pytest.mark.parametrize("answer", [confirmed, refused])
def test_there_must_be_something_to_answer(answer):
    with pytest.raises(NothingProposed, match="no settlement is proposed"):
        answer(a_challenge(), by=U_RAISER)


def test_not_settled_yet_needs_a_reason_and_the_challenge_goes_on():
    before = proposed().challenge
    with pytest.raises(SayWhy):
        refused(before, by=U_RAISER, because=" ")

    change = refused(before, by=U_RAISER)

    assert (change.challenge.status, change.challenge.settlement) == (Status.OPEN, None)
    assert change.challenge.due == before.due
    assert change.entries[0].kind is Happened.SETTLEMENT_DECLINED
    assert change.entries[0].words == {"Why": "The visit has not happened yet."}
    assert change.notices == (Notice(Told.SETTLEMENT_DECLINED, about=U_RAISER), Notice(Told.CARD))


def test_a_newer_proposal_takes_the_place_of_the_older():
    countered = proposed(proposed().challenge, by=U_RAISER, outcome=Outcome.AGREED_PLAN).challenge

    assert countered.settlement is not None
    assert countered.settlement.outcome is Outcome.AGREED_PLAN
    assert confirmed(countered, by=U_CHALLENGED).challenge.status is Status.SETTLED


def test_it_can_be_settled_while_the_next_stage_is_offered():
    change = confirmed(proposed(an_offered_challenge()).challenge, by=U_RAISER)

    assert change.challenge.status is Status.SETTLED
    assert change.challenge.prompts == ()


def test_the_leads_of_a_later_stage_settle_for_their_sides():
    by_lead = proposed(a_challenge_at(2), by=U_RECEIVING_MANAGER).challenge

    assert confirmed(by_lead, by=U_RAISING_MANAGER).challenge.status is Status.SETTLED


@pytest.mark.parametrize("by", [U_RAISING_MANAGER, U_RECEIVING_MANAGER])
def test_nobody_settles_it_over_the_raisers_head(by):
    change = proposed(a_challenge_at(2), by=by)

    told = [n.to for n in change.notices if n.kind is Told.SETTLEMENT_PROPOSED and n.to]
    assert told == [U_RAISER, U_CHALLENGED]
    assert refused(change.challenge, by=U_RAISER).challenge.settlement is None


def test_the_raiser_does_not_confirm_what_their_own_side_proposed():
    with pytest.raises(YourOwnProposal):
        confirmed(proposed(a_challenge_at(2), by=U_RAISING_MANAGER).challenge, by=U_RAISER)


def test_what_the_raiser_proposes_is_answered_by_the_other_side():
    change = proposed(a_challenge_at(2), by=U_RAISER)

    assert not [n for n in change.notices if n.to]
    with pytest.raises(YourOwnProposal):
        refused(change.challenge, by=U_RAISER)


def test_at_the_top_the_two_sides_settle_it_between_them_and_nobody_else_does():
    with pytest.raises(NotYours):
        proposed(a_challenge_at(TOP), by=U_SCRUTINEER)
    by_raiser = proposed(a_challenge_at(TOP), by=U_RAISER).challenge
    with pytest.raises(NotYours):
        confirmed(by_raiser, by=U_SCRUTINEER)

    assert confirmed(by_raiser, by=U_CHALLENGED).challenge.status is Status.SETTLED


def test_whatever_ends_it_ends_it_alike():
    offered = an_offered_challenge()
    change = resolution.closed(
        offered, FRIDAY_TEN, Status.SETTLED, Entry(Happened.SETTLED, None, "It is settled.")
    )

    assert change.challenge.closed_at == FRIDAY_TEN.now
    assert (change.challenge.offered, change.challenge.prompts) == (None, ())
    assert {n.to for n in change.notices if n.kind is Told.CLOSED_PRIVATELY} == {
        U_RAISER,
        U_CHALLENGED,
    }


def test_the_raiser_withdraws_with_a_reason():
    with pytest.raises(SayWhy):
        withdrawn(because="")

    change = withdrawn(proposed().challenge)

    assert (change.challenge.status, change.challenge.settlement) == (Status.WITHDRAWN, None)
    assert change.entries[0].kind is Happened.WITHDRAWN
    assert change.entries[0].words == {"Why": "The referral was opened this morning."}
    assert {n.to for n in change.notices if n.kind is Told.CLOSED_PRIVATELY} == {
        U_RAISER,
        U_CHALLENGED,
    }


def test_nobody_else_withdraws_it():
    with pytest.raises(NotYours, match="the person who raised the challenge"):
        withdrawn(by=U_CHALLENGED)


@pytest.mark.parametrize(
    "act",
    [
        lambda c: proposed(c, by=U_RAISER),
        lambda c: confirmed(c, by=U_RAISER),
        lambda c: refused(c, by=U_RAISER),
        lambda c: withdrawn(c),
    ],
)
def test_what_is_closed_stays_closed(act):
    settled = confirmed(proposed().challenge, by=U_RAISER).challenge

    with pytest.raises(Closed):
        act(settled)
