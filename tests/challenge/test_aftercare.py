"""After-care: a private word after the end, for one listener outside both lines."""

from dataclasses import replace
from typing import Any

import pytest

from challenge import aftercare
from challenge.aftercare import Confidence, confide, in_the_lines, listener
from challenge.deadlines import clocks, fall_due
from challenge.directory import Directory
from challenge.model import Challenge, Happened, Involved, Notice, PersonId, Side, Status, Told
from challenge.refusals import (
    ListenerChanged,
    NobodyToConfideIn,
    NothingHere,
    NotYours,
    SayWhatWasHard,
    StillOpen,
)
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SENIOR,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    later,
    the_person,
)

DIRECTORY = a_directory()
A_FORTNIGHT_LATER = a_moment("2026-03-20 09:00")


def a_closed(status: Status = Status.SETTLED, of: Challenge | None = None) -> Challenge:
    return replace(of or a_challenge(), status=status, closed_at=FRIDAY_TEN.now)


def confided(by: PersonId = U_RAISER, directory: Directory = DIRECTORY, **facts: Any) -> Confidence:
    given = {"to": U_UNIT, "difficulty": True, "words": "I am left out of meetings.", **facts}
    return confide(a_closed(), A_FORTNIGHT_LATER, directory, by=by, **given)


# Being asked


@pytest.mark.parametrize("status", [Status.SETTLED, Status.WITHDRAWN])
def test_both_are_asked_alike_ten_working_days_after_the_end_however_it_ended(status):
    closed = a_closed(status)

    [clock] = [c for c in clocks(closed) if c.key == "1:aftercare"]
    change = fall_due(closed, A_FORTNIGHT_LATER, DIRECTORY, key=clock.key)

    assert clock.due == A_FORTNIGHT_LATER.now
    assert change is not None
    assert change.notices == (
        Notice(Told.AFTERCARE, to=U_RAISER),
        Notice(Told.AFTERCARE, to=U_CHALLENGED),
    )
    assert change.entries[0].kind is Happened.AFTERCARE_ASKED
    assert change.entries[0].words == {}


def test_an_open_challenge_has_no_such_clock():
    assert aftercare.clocks(a_challenge()) == ()


def test_that_they_were_asked_late_is_said():
    late = later(A_FORTNIGHT_LATER, hours=2)
    [clock] = aftercare.clocks(a_closed())

    change = aftercare.ask(a_closed(), late, DIRECTORY, clock)

    assert "2 h 0 min late" in change.entries[0].summary


def test_when_nobody_outside_both_lines_could_hear_it_the_coordinators_are_told():
    alone = a_directory(business_unit=(U_RAISER,), coordinators=(U_CHALLENGED,), scrutineer=())

    change = fall_due(a_closed(), A_FORTNIGHT_LATER, alone, key="1:aftercare")

    assert change is not None
    assert change.notices == (Notice(Told.UNDELIVERED, to=U_CHALLENGED),)
    with pytest.raises(NobodyToConfideIn):
        aftercare.listener_or_refuse(a_closed(), alone)


# Who hears it


def test_whoever_is_named_for_it_hears_it_and_else_the_partnership_in_order():
    assert listener(a_closed(), a_directory(aftercare=(U_OTHER_MANAGER,))) == U_OTHER_MANAGER
    assert listener(a_closed(), DIRECTORY) == U_UNIT
    assert aftercare.listener_or_refuse(a_closed(), DIRECTORY) == U_UNIT
    assert listener(a_closed(), a_directory(business_unit=())) == U_COORDINATOR


def test_nobody_of_either_line_hears_it_even_when_they_are_named_for_it():
    lines = (U_RAISER, U_RAISING_MANAGER, U_RAISING_DEPUTY, U_RECEIVING_MANAGER)

    assert listener(a_closed(), a_directory(aftercare=lines)) == U_UNIT
    assert {*lines, U_CHALLENGED} <= in_the_lines(a_closed(), DIRECTORY)


def test_a_managers_manager_is_of_the_line_and_a_circle_of_managers_ends():
    above = a_directory(the_person(U_RAISING_MANAGER, line_manager=U_RAISING_SENIOR))
    circle = a_directory(
        the_person(U_RAISING_MANAGER, line_manager=U_RAISING_SENIOR),
        the_person(U_RAISING_SENIOR, line_manager=U_RAISING_MANAGER),
    )

    assert U_RAISING_SENIOR in in_the_lines(a_closed(), above)
    assert U_RAISING_SENIOR not in in_the_lines(a_closed(), DIRECTORY)
    assert U_RAISING_SENIOR in in_the_lines(a_closed(), circle)


def test_whoever_of_the_partnership_took_a_stage_on_does_not_hear_it():
    held = a_closed(of=a_challenge_at(2, involved=(Involved(U_UNIT, Side.RAISING),)))

    assert listener(held, DIRECTORY) == U_COORDINATOR


def test_whoever_has_left_does_not_hear_it():
    gone = a_directory(
        the_person(U_OTHER_MANAGER, active=False), business_unit=(U_OTHER_MANAGER, U_SCRUTINEER)
    )

    assert listener(a_closed(), gone) == U_SCRUTINEER
    assert listener(a_closed(), replace(gone, aftercare=(U_OTHER_MANAGER,))) == U_SCRUTINEER


# Answering


def test_what_is_confided_names_who_may_read_it():
    told = confided()

    assert (told.by, told.to, told.difficulty) == (U_RAISER, U_UNIT, True)
    assert told.at == A_FORTNIGHT_LATER.now
    assert "left out" not in repr(told)


def test_no_difficulty_needs_no_words_and_a_difficulty_does():
    assert confided(difficulty=False, words="").words == ""
    with pytest.raises(SayWhatWasHard):
        confided(words=" ")


def test_it_goes_to_nobody_but_whom_the_form_named():
    with pytest.raises(ListenerChanged):
        confided(to=U_COORDINATOR)


def test_whoever_slack_refused_is_passed_over_and_the_next_is_named():
    back = replace(confided(), returned=True)

    assert listener(a_closed(), DIRECTORY, [back]) == U_COORDINATOR
    with pytest.raises(ListenerChanged):
        confided(returned=[back])
    assert confided(to=U_COORDINATOR, returned=[back]).to == U_COORDINATOR


def test_when_everybody_was_refused_the_form_says_to_tell_somebody_else():
    everybody = [
        replace(confided(), to=who, returned=True) for who in (U_UNIT, U_COORDINATOR, U_SCRUTINEER)
    ]

    with pytest.raises(NobodyToConfideIn, match="somebody you trust"):
        aftercare.listener_or_refuse(a_closed(), DIRECTORY, everybody)


def test_only_their_own_words_go_back_to_somebody_and_the_last_of_them():
    mine, theirs, last = (
        replace(confided(), by=by, words=words, returned=True)
        for by, words in ((U_RAISER, "First."), (U_CHALLENGED, "Theirs."), (U_RAISER, "Last."))
    )

    assert aftercare.words_returned([mine, last, theirs], U_RAISER) == "Last."
    assert aftercare.words_returned([mine], U_CHALLENGED) == ""


def test_only_the_two_practitioners_are_asked_and_only_after_the_end():
    closed = a_closed(of=a_challenge_at(2))
    facts: dict[str, Any] = {"to": U_UNIT, "difficulty": False, "words": ""}
    for by, refusal in ((U_RAISING_MANAGER, NotYours), (U_GUEST, NothingHere)):
        with pytest.raises(refusal):
            confide(closed, FRIDAY_TEN, DIRECTORY, by=by, **facts)
    with pytest.raises(StillOpen):
        confide(a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, **facts)
