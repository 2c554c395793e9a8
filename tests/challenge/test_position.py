"""Two positions: the same fields for both, neither edits the other's, and every version is kept."""

from dataclasses import replace

import pytest

from challenge import position, resolution
from challenge.model import Challenge, Change, Happened, Notice, Outcome, Side, Status, Told
from challenge.refusals import Closed, MissingWords, NotYours
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    a_challenge,
    a_challenge_at,
    a_concern,
    a_directory,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()
WORDS = {
    "decision": "The referral did not meet the threshold on Monday.",
    "why": "One bruise, explained; the health visitor saw nothing else.",
    "mind": "A second mark, or what the child says.",
    "ask": "Please send us the body map.",
}


def put(
    challenge: Challenge | None = None, *, by=U_CHALLENGED, moment=FRIDAY_TEN, **words
) -> Change:
    return position.put(challenge or a_challenge(), moment, DIRECTORY, by=by, **{**WORDS, **words})


def changed(challenge: Challenge, *, by=U_CHALLENGED) -> Change:
    return position.change_decision(challenge, FRIDAY_TEN, DIRECTORY, by=by)


# The same fields


def test_both_sides_are_asked_the_same():
    answered = put().challenge

    for side in (Side.RAISING, Side.RECEIVING):
        own = position.standing(answered, side)
        assert own is not None
        assert list(position.position_words(own)) == list(position.QUESTIONS.values())


def test_what_was_raised_is_the_raising_sides_first_position():
    raised = a_challenge(concern=a_concern(mind="A visit."))

    [first] = position.versions(raised, Side.RAISING)

    assert (first.by, first.at, first.mind) == (U_RAISER, raised.raised_at, "A visit.")
    assert (first.decision, first.why) == (raised.concern.decision, raised.concern.why)
    assert position.standing(raised, Side.RECEIVING) is None


def test_the_challenged_person_puts_theirs_and_it_is_on_record_to_the_letter():
    change = put()

    [entry] = change.entries
    assert entry.kind is Happened.POSITION_PUT
    assert entry.words["What would change our mind"] == WORDS["mind"]
    assert "put the receiving side's position" in entry.summary
    assert change.notices == (Notice(Told.POSITION_PUT, about=U_CHALLENGED), Notice(Told.CARD))
    assert (change.challenge.due, change.challenge.turn) == (a_challenge().due, a_challenge().turn)


@pytest.mark.parametrize("name", position.QUESTIONS)
def test_no_field_is_left_empty(name):
    with pytest.raises(MissingWords) as no:
        put(a_challenge(), **{name: " \n"})

    assert no.value.field == name


# Neither edits the other's


def test_whatever_one_side_puts_the_others_stands_untouched():
    both = put().challenge
    before = position.versions(both, Side.RECEIVING)

    added = put(both, by=U_RAISER, why="The nurse saw a second mark.").challenge

    assert position.versions(added, Side.RECEIVING) == before
    assert len(position.versions(added, Side.RAISING)) == 2


def test_each_side_may_add_in_the_light_of_something_new_and_the_earlier_words_are_kept():
    first = put().challenge

    change = put(first, moment=later(FRIDAY_TEN, hours=2), why="The body map shows two marks.")

    old, new = position.versions(change.challenge, Side.RECEIVING)
    assert (old.why, new.why) == (WORDS["why"], "The body map shows two marks.")
    assert "added to the receiving side's position" in change.entries[0].summary
    assert position.standing(change.challenge, Side.RECEIVING) == new


def test_at_a_later_stage_each_sides_lead_may_speak_for_it():
    two = a_challenge_at(2)

    theirs = put(two, by=U_RECEIVING_MANAGER).challenge
    ours = put(theirs, by=U_RAISING_MANAGER).challenge

    assert [p.side for p in ours.positions] == [Side.RECEIVING, Side.RAISING]


def test_while_a_stage_is_offered_positions_are_still_put():
    assert put(an_offered_challenge()).challenge.positions


@pytest.mark.parametrize("by", [U_OTHER_PRACTITIONER, U_SCRUTINEER])
def test_nobody_else_has_a_position_of_a_side(by):
    top = replace(a_challenge_at(TOP), told=(U_OTHER_PRACTITIONER,))

    with pytest.raises(NotYours):
        put(top, by=by)


def test_when_it_is_closed_nothing_is_added():
    with pytest.raises(Closed):
        put(a_challenge(status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now))


# Looked at again, and changed


def test_reviewed_and_changed_is_one_press_and_the_other_side_confirms():
    proposed = changed(a_challenge()).challenge

    assert proposed.settlement is not None
    assert proposed.settlement.outcome is Outcome.CHANGED
    assert proposed.status is Status.OPEN
    settled = resolution.confirm_settlement(proposed, FRIDAY_TEN, DIRECTORY, by=U_RAISER)
    assert settled.challenge.status is Status.SETTLED


def test_the_side_that_made_the_decision_changes_it_and_nobody_else():
    assert changed(a_challenge_at(2), by=U_RECEIVING_MANAGER).challenge.settlement
    for by in (U_RAISER, U_RAISING_MANAGER):
        with pytest.raises(NotYours):
            changed(a_challenge_at(2), by=by)


# Whose name stands first


def test_the_order_of_names_alternates_from_challenge_to_challenge_and_stays_within_one():
    assert a_challenge(id=7).order == (Side.RAISING, Side.RECEIVING, Side.PARTNERSHIP)
    assert a_challenge(id=8).order == (Side.RECEIVING, Side.RAISING, Side.PARTNERSHIP)
    assert a_challenge(id=8, stage=2, turn=9).order == a_challenge(id=8).order
