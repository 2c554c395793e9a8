"""The review: "not justified" ends nothing, and a manager is never the only door."""

from dataclasses import replace

import pytest

from challenge import deadlines, escalation, review
from challenge.model import Happened, Involved, Notice, PersonId, Side, Status, Told
from challenge.refusals import AskedAlready, NoReviewHere, NothingHere, NotYours, SayWhy
from challenge.rights import Part, parts
from tests.makers import (
    FRIDAY_TEN,
    OAK,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_person,
    later,
    the_person,
)

DIRECTORY = a_directory()
WHY = "The threshold document says so."
U_DESIGNATED = a_person(PersonId("UDESIGNATED"), OAK, role="designated professional")


def reviewed(challenge=None, *, by=U_RAISING_MANAGER, justified=False, because=WHY, directory=None):
    return review.record_review(
        challenge or a_challenge_at(2),
        FRIDAY_TEN,
        directory or DIRECTORY,
        by=by,
        justified=justified,
        because=because,
    )


def asked_again(challenge=None, by=U_RAISER):
    return review.ask_review_again(challenge or a_challenge_at(2), FRIDAY_TEN, DIRECTORY, by=by)


def again(challenge, *, by=U_RAISING_SAFEGUARDER, justified=True, because=WHY):
    return review.review_again(
        challenge, FRIDAY_TEN, DIRECTORY, by=by, justified=justified, because=because
    )


def silence(challenge, directory=DIRECTORY):
    due = challenge.second_look.due
    [clock] = [c for c in deadlines.clocks(challenge) if f":{deadlines.SECOND}:" in c.key]
    assert clock.due == due
    moment = later(FRIDAY_TEN, hours=(due - FRIDAY_TEN.now).total_seconds() / 3600)
    return deadlines.fall_due(challenge, moment, directory, key=clock.key)


def test_a_challenge_found_justified_goes_on_and_the_raiser_is_told():
    change = reviewed(justified=True)

    assert change.challenge.second_look is None
    assert change.challenge.due == a_challenge_at(2).due
    [entry] = change.entries
    assert entry.kind is Happened.REVIEWED
    assert entry.words == {"Is the challenge justified?": "Justified", "Why": WHY}
    assert Notice(Told.REVIEWED_PRIVATELY, to=U_RAISER) in change.notices


def test_not_justified_goes_to_the_raiser_and_asks_the_safeguarding_lead_for_a_second_opinion():
    change = reviewed()

    look = change.challenge.second_look
    assert look.person == U_RAISING_SAFEGUARDER
    assert look.due == later(FRIDAY_TEN, hours=4).now
    assert Involved(U_RAISING_SAFEGUARDER, Side.RAISING) in change.challenge.involved
    assert Part.REVIEWER in parts(change.challenge, DIRECTORY, U_RAISING_SAFEGUARDER)
    assert "<@URAISINGSAFEGUARDER> was asked for a second opinion" in change.entries[0].summary
    assert Notice(Told.INVITE, about=U_RAISING_SAFEGUARDER) in change.notices
    assert Notice(Told.REVIEW_AGAIN, to=U_RAISING_SAFEGUARDER) in change.notices
    assert change.challenge.status is Status.OPEN


def test_a_review_needs_its_reason():
    with pytest.raises(SayWhy):
        reviewed(because=" ")
    with pytest.raises(SayWhy):
        again(reviewed().challenge, because="")


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED, U_RECEIVING_MANAGER])
def test_only_the_raising_sides_manager_records_the_review(who):
    with pytest.raises(NotYours):
        reviewed(by=who)


def test_a_stage_without_a_review_has_none():
    with pytest.raises(NoReviewHere):
        reviewed(a_challenge_at(3), by=U_RAISING_SAFEGUARDER)
    with pytest.raises(NoReviewHere):
        asked_again(a_challenge_at(3))
    with pytest.raises(NotYours):
        reviewed(a_challenge(), by=U_CHALLENGED)


def test_the_raiser_goes_past_their_own_manager_without_saying_why():
    change = asked_again()

    assert change.challenge.second_look.person == U_RAISING_SAFEGUARDER
    assert change.entries[0].kind is Happened.REVIEW_AGAIN_ASKED
    assert change.entries[0].words == {}


def test_a_second_opinion_is_asked_for_once_a_stage():
    asked = asked_again().challenge

    with pytest.raises(AskedAlready):
        asked_again(asked)
    with pytest.raises(AskedAlready):
        asked_again(again(asked).challenge)
    assert reviewed(asked).challenge.second_look == asked.second_look


@pytest.mark.parametrize("justified", [True, False])
def test_whatever_the_second_opinion_is_the_challenge_goes_on(justified):
    change = again(reviewed().challenge, justified=justified)

    after = change.challenge
    assert (after.status, after.stage, after.second_look) == (Status.OPEN, 2, None)
    assert [(one.second, one.justified) for one in after.reviews] == [
        (False, False),
        (True, justified),
    ]
    assert change.entries[0].kind is Happened.REVIEWED_AGAIN
    escalation.escalate(after, FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="I still worry.")


def test_nobody_else_gives_the_second_opinion():
    with pytest.raises(NotYours):
        again(reviewed().challenge, by=U_RAISING_MANAGER)
    with pytest.raises(NothingHere):
        again(a_challenge_at(2), by=U_RAISING_SAFEGUARDER)


def test_silence_passes_the_second_opinion_on_without_end():
    change, order = reviewed(), []
    for _ in range(6):
        change = silence(change.challenge)
        order.append(change.challenge.second_look.person)

    assert order[:3] == [U_UNIT, U_COORDINATOR, U_SCRUTINEER]
    assert order[3:] == [U_RAISING_SAFEGUARDER, U_UNIT, U_COORDINATOR]
    assert change.entries[0].kind is Happened.REVIEW_AGAIN_PASSED_ON
    assert "gave no second opinion in the time allowed" in change.entries[0].summary


def test_a_second_opinion_that_comes_late_is_said_to_be_late():
    asked = reviewed().challenge

    change = review.no_second_opinion(
        asked, later(FRIDAY_TEN, hours=5), DIRECTORY, asked.second_look
    )

    assert "(acted on 1 h 0 min late)" in change.entries[0].summary


def test_a_designated_professional_is_asked_where_there_is_no_other_safeguarding_lead():
    directory = a_directory(U_DESIGNATED, the_person(U_RAISING_SAFEGUARDER, active=False))

    assert reviewed(directory=directory).challenge.second_look.person == "UDESIGNATED"


def test_with_nobody_to_ask_the_partnership_is_told_and_the_bot_looks_again():
    alone = a_directory(
        the_person(U_RAISING_SAFEGUARDER, active=False),
        business_unit=(U_CHALLENGED,),
        coordinators=(),
        scrutineer=(),
    )

    change = reviewed(directory=alone)

    assert change.challenge.second_look.person is None
    assert Notice(Told.NOBODY_FOUND, to=U_CHALLENGED) in change.notices
    assert "Nobody could be asked" in silence(change.challenge, alone).entries[0].summary
    found = silence(change.challenge).challenge
    assert found.second_look.person == U_RAISING_SAFEGUARDER


def test_when_the_challenge_moves_up_the_second_opinion_is_not_waited_for():
    moved = escalation.lapse(reviewed().challenge, FRIDAY_TEN, DIRECTORY).challenge

    assert moved.second_look is None
    assert moved.offered == 3


def test_no_supporter_gives_the_second_opinion():
    beside = (Involved(U_RAISING_SAFEGUARDER, Side.RECEIVING),)

    asked = reviewed(replace(a_challenge_at(2), supporters=beside)).challenge

    assert asked.second_look.person == U_UNIT
