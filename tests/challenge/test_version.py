"""Which version of the procedure a challenge follows, and what a coordinator may do about it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from challenge import agreement, escalation, version
from challenge.model import Challenge, Change, Meeting, PersonId, Review, Status, Told
from challenge.procedure import Procedure
from challenge.reckoning import DayOff, reckoned_anew
from challenge.refusals import (
    ChangedSinceShown,
    Closed,
    FollowsItAlready,
    NoSuchStage,
    NotCoordinator,
    OfferedNow,
    SayWhy,
)
from challenge.rights import meeting_now
from challenge.version import GONE, Ahead
from tests.makers import (
    FRIDAY_TEN,
    PROCEDURE,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_MANAGER,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_person,
    a_procedure,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)

NEXT = a_procedure(version="test-2026-06")


def moved(challenge: Challenge, by: PersonId = U_COORDINATOR, **facts: Any) -> Change:
    given_facts = {"to": NEXT, "note": "The board changed the times.", **facts}
    return version.move(challenge, FRIDAY_TEN, DIRECTORY, by=by, **given_facts)


def test_a_coordinator_moves_an_open_challenge_with_a_note_and_both_sides_are_told():
    change = moved(a_challenge_at(2))

    assert change.challenge.procedure == NEXT
    assert change.challenge.due == a_challenge_at(2).due
    assert change.entries[0].words == {"Note": "The board changed the times."}
    assert "from procedure test-2026-01 to test-2026-06" in change.entries[0].summary
    assert [n.to for n in change.notices] == [None, U_RAISER, U_CHALLENGED, None]


def test_nobody_else_moves_it_and_nobody_without_a_note():
    with pytest.raises(NotCoordinator):
        moved(a_challenge(), by=U_RAISER)
    with pytest.raises(SayWhy):
        moved(a_challenge(), note=" ")


def test_a_closed_challenge_and_one_that_is_offered_stay():
    with pytest.raises(Closed):
        moved(a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now))
    with pytest.raises(OfferedNow) as no:
        moved(an_offered_challenge())
    assert "once somebody has taken that stage on" in no.value.sentence


def test_a_stage_is_found_by_its_title_else_by_its_number():
    fewer = [PROCEDURE["stage"][0], PROCEDURE["stage"][2]]
    renamed = [{**each, "title": f"{each['title']}, renamed"} for each in PROCEDURE["stage"]]

    by_title = moved(a_challenge_at(3), to=a_procedure(stage=fewer, urgent=None))
    by_number = moved(a_challenge_at(3), to=a_procedure(stage=renamed, urgent=None))

    assert by_title.challenge.stage == 2
    assert by_number.challenge.stage == 3


def test_the_top_stays_the_top():
    fewer = a_procedure(stage=PROCEDURE["stage"][:2])

    assert moved(a_challenge_at(TOP), to=fewer).challenge.at_top


@pytest.mark.parametrize(
    "stages",
    [
        PROCEDURE["stage"][:2],
        [*PROCEDURE["stage"][:2], {**PROCEDURE["stage"][2], "confirmed": False}],
    ],
    ids=["no such stage", "not confirmed"],
)
def test_without_a_stage_like_its_own_it_is_not_moved(stages):
    with pytest.raises(NoSuchStage):
        moved(a_challenge_at(3), to=a_procedure(stage=stages))


def test_whoever_is_still_asked_to_join_is_asked_for_the_stage_as_it_is_called_now():
    half = a_challenge_at(3)
    half = replace(half, prompts=(replace(an_offered_challenge().prompts[0], stage=3),))
    fewer = a_procedure(stage=[PROCEDURE["stage"][0], PROCEDURE["stage"][2]], urgent=None)

    assert [p.stage for p in moved(half, to=fewer).challenge.prompts] == [2]


def test_what_is_set_from_now_on_follows_the_new_version():
    slower = [dict(each) for each in PROCEDURE["stage"]]
    slower[0]["longest"] = "9 working days"

    later_on = moved(a_challenge(), to=a_procedure(stage=slower)).challenge

    assert agreement.latest(later_on) > agreement.latest(a_challenge())
    assert escalation.lapse(later_on, FRIDAY_TEN, DIRECTORY).challenge.prompts[0].person == (
        U_RAISING_MANAGER
    )


def test_a_coordinator_who_has_left_moves_nothing():
    gone = a_directory(a_person(U_COORDINATOR, active=False))

    with pytest.raises(NotCoordinator):
        version.move(
            a_challenge(), FRIDAY_TEN, gone, by=U_COORDINATOR, to=NEXT, note="The board met."
        )


def test_what_follows_the_newest_version_already_is_not_moved():
    with pytest.raises(FollowsItAlready):
        moved(a_challenge(), to=a_procedure())
    closed = a_procedure(calendar={"closed": ["2026-12-29"]})
    with pytest.raises(FollowsItAlready):
        moved(a_challenge(procedure=closed), to=a_procedure())


def test_a_stage_that_was_confirmed_since_makes_it_another_procedure():
    procedure = a_procedure()
    confirmed = procedure.with_confirmed([procedure.fingerprint(procedure.stages[3])])

    change = moved(a_challenge(), to=confirmed)

    assert change.challenge.procedure.following(3) == 4
    assert "to procedure test-2026-01 as it is now" in change.entries[0].summary


# Days off


def test_a_day_off_that_was_learnt_stays_one():
    learnt = reckoned_anew(
        a_challenge(), FRIDAY_TEN, DIRECTORY, days=(DayOff(MONDAY, later(FRIDAY_TEN, hours=1).now),)
    )
    assert learnt is not None

    after = moved(learnt.challenge).challenge

    assert after.procedure.version == NEXT.version
    assert MONDAY in after.procedure.calendar.closed
    assert not after.procedure.calendar.is_working_day(MONDAY)
    assert after.days_off == (MONDAY,)
    assert after.due == learnt.challenge.due


def test_a_closure_that_it_began_with_stays_one_beside_those_of_the_new_version():
    began = a_challenge(procedure=a_procedure(calendar={"closed": [str(MONDAY)]}))
    to = a_procedure(version="test-2026-06", calendar={"closed": [str(TUESDAY)]})

    assert moved(began, to=to).challenge.procedure.calendar.closed == {MONDAY, TUESDAY}


# What belongs to a stage


def without_the_second() -> Procedure:
    return a_procedure(stage=[PROCEDURE["stage"][0], PROCEDURE["stage"][2]], urgent=None)


def test_a_meeting_that_its_stage_no_longer_has_is_called_off_and_calendars_are_told():
    meeting = Meeting(3, fixed=later(FRIDAY_TEN, days=4).now)
    without = [{**each, "meeting": False} for each in PROCEDURE["stage"]]

    change = moved(replace(a_challenge_at(3), meeting=meeting), to=a_procedure(stage=without))

    assert "The meeting on Tuesday 10 March 2026, 10:00 is cancelled." in change.entries[0].summary
    assert {Told.MEETING_CALLED_OFF, Told.MEETING_FILE} <= {each.kind for each in change.notices}


def test_a_meeting_that_is_fixed_goes_with_its_stage():
    meeting = Meeting(3, fixed=later(FRIDAY_TEN, days=4).now)

    after = moved(replace(a_challenge_at(3), meeting=meeting), to=without_the_second()).challenge

    assert after.stage == 2
    assert meeting_now(after) == replace(meeting, stage=2)


def test_a_review_of_a_stage_that_is_gone_does_not_count_at_another():
    reviews = (Review(2, U_RAISING_MANAGER, False, "No."),)
    third = replace(a_challenge_at(3), reviews=reviews, extended=(1, 3, 3))

    after = moved(third, to=without_the_second()).challenge

    assert [each.stage for each in after.reviews] == [GONE]
    assert after.extended == (1, 2, 2)


# What would change


def looked_at(challenge: Challenge, to: Procedure) -> Ahead:
    return version.ahead(challenge, DIRECTORY, to, by=U_COORDINATOR)


def test_what_would_change_is_said_before_it_is_moved():
    first, second, third, _ = PROCEDURE["stage"]
    slower = {**second, "answer_within": "4 working days"}
    fresh = {**third, "title": "Heads of service", "meeting": False}
    to = a_procedure(stage=[first, slower, fresh], top={"role": "Independent Chair"})

    there = looked_at(a_challenge_at(2), to)

    assert there.stage.number == 2
    assert [(c.before and c.before.number, c.after and c.after.number) for c in there.stages] == [
        (2, 2),
        (3, None),
        (4, None),
        (None, 3),
    ]
    assert there.others == ("top",)


def test_the_stage_it_is_at_is_shown_beside_the_one_it_would_be_at():
    renamed = [{**each, "title": f"{each['title']}, renamed"} for each in PROCEDURE["stage"]]

    there = looked_at(a_challenge_at(2), a_procedure(stage=renamed, urgent=None))

    [pair] = [each for each in there.stages if each.before and each.before.number == 2]
    assert pair.after == there.stage


def test_days_off_alone_are_nothing_that_would_change():
    to = a_procedure(version="test-2026-06", calendar={"closed": ["2026-12-29"]})

    there = looked_at(a_challenge(), to)

    assert (there.stages, there.others) == ((), ())


def test_it_is_not_moved_to_anything_that_was_not_shown():
    shown = looked_at(a_challenge(), NEXT).mark
    newest = a_procedure(version="test-2026-09")

    assert moved(a_challenge(), seen=shown).challenge.procedure == NEXT
    with pytest.raises(ChangedSinceShown):
        moved(a_challenge(), seen=shown, to=newest)
    with pytest.raises(ChangedSinceShown):
        moved(replace(a_challenge(), due=later(FRIDAY_TEN, days=9).now), seen=shown)
