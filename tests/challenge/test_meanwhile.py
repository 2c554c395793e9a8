"""The standing line: either side sets or renews it; without it, or past its day, it is amber."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from challenge import meanwhile
from challenge.deadlines import clocks, fall_due, is_held
from challenge.model import Challenge, Change, Happened, Notice, Side, Status, Told
from challenge.refusals import Closed, SayWhatKeepsThemSafe
from tests.makers import (
    FRIDAY_TEN,
    LONDON,
    TOP,
    U_CHALLENGED,
    U_RAISER,
    U_SCRUTINEER,
    a_challenge,
    a_challenge_at,
    a_concern,
    a_directory,
    a_moment,
    an_offered_challenge,
)

DIRECTORY = a_directory()
TUESDAY = date(2026, 3, 10)
TUESDAY_FIVE = datetime(2026, 3, 10, 17, tzinfo=LONDON)
WORDS = {"what": "Seen every morning.", "who": "The school", "until": TUESDAY}
EMPTY = a_concern(meanwhile="")


def given(challenge: Challenge | None = None, *, by=U_CHALLENGED, **words) -> Change:
    return meanwhile.set_meanwhile(
        challenge or a_challenge(), FRIDAY_TEN, DIRECTORY, by=by, **{**WORDS, **words}
    )


def run_out(challenge: Challenge) -> Change:
    [clock] = meanwhile.meanwhile_clock(challenge)
    change = fall_due(challenge, a_moment("2026-03-10 17:00"), DIRECTORY, key=clock.key)
    assert change is not None
    return change


@pytest.mark.parametrize("by", [U_RAISER, U_CHALLENGED])
def test_either_side_sets_it_and_it_is_on_record_and_on_the_card(by):
    change = given(by=by)

    [entry] = change.entries
    assert entry.kind is Happened.MEANWHILE_SET
    assert entry.words == {
        "What keeps the person safe meanwhile": "Seen every morning.",
        "Who does it": "The school",
        "Until": "Tuesday 10 March 2026",
    }
    assert change.notices == (Notice(Told.MEANWHILE_SET, about=by), Notice(Told.CARD))
    assert not meanwhile.is_wanting(change.challenge)


def test_whoever_decides_at_the_top_may_set_it_too():
    line = meanwhile.standing(given(a_challenge_at(TOP), by=U_SCRUTINEER).challenge)

    assert line is not None
    assert line.side is Side.PARTNERSHIP


def test_what_was_renewed_stands_and_what_stood_before_is_kept():
    twice = given(given().challenge, by=U_RAISER, who="The school nurse").challenge

    assert [line.who for line in twice.meanwhiles] == ["The school", "The school nurse"]
    line = meanwhile.standing(twice)
    assert line is not None
    assert line.who == "The school nurse"


def test_a_challenge_that_says_nothing_of_it_is_amber():
    assert meanwhile.standing(a_challenge(concern=EMPTY)) is None
    assert meanwhile.is_wanting(a_challenge(concern=EMPTY))


def test_what_was_written_at_the_raising_stands_but_without_who_and_when_it_is_amber():
    line = meanwhile.standing(a_challenge())

    assert line is not None
    assert (line.what, line.by) == (a_challenge().concern.meanwhile, U_RAISER)
    assert meanwhile.is_wanting(a_challenge())


@pytest.mark.parametrize(("name", "empty"), [("what", " "), ("who", ""), ("until", None)])
def test_a_line_says_what_and_who_and_until_when(name, empty):
    with pytest.raises(SayWhatKeepsThemSafe) as no:
        given(**{name: empty})

    assert no.value.field == name


def test_a_day_that_is_over_keeps_nobody_safe():
    with pytest.raises(SayWhatKeepsThemSafe) as no:
        given(until=date(2026, 3, 5))

    assert no.value.field == "until"


# Its day is over


def test_when_its_day_is_over_it_turns_amber_and_both_sides_are_asked():
    held = given().challenge

    [clock] = [c for c in clocks(held) if "meanwhile" in c.key]
    change = run_out(held)

    assert clock.due == TUESDAY_FIVE
    assert change.entries[0].kind is Happened.MEANWHILE_PASSED
    assert change.notices == (Notice(Told.MEANWHILE_PASSED), Notice(Told.CARD))
    assert meanwhile.is_wanting(change.challenge)
    assert (change.challenge.due, change.challenge.turn) == (held.due, held.turn)


def test_that_it_ran_out_is_said_by_nobody_and_alters_no_other_line():
    twice = given(given().challenge).challenge

    change = meanwhile.run_out(twice)

    assert change.entries[0].by is None
    assert change.challenge.meanwhiles[0] == twice.meanwhiles[0]
    assert change.challenge.meanwhiles[1].passed


def test_it_is_said_once_and_a_renewed_line_has_a_day_of_its_own():
    over = run_out(given().challenge).challenge

    assert meanwhile.meanwhile_clock(replace(over, turn=over.turn + 1)) == ()
    renewed = given(over, until=date(2026, 3, 12)).challenge
    assert [c.due.day for c in meanwhile.meanwhile_clock(renewed)] == [12]
    assert not meanwhile.is_wanting(renewed)


def test_it_runs_on_while_a_stage_is_offered_and_holds_no_challenge_by_itself():
    offered = given(an_offered_challenge()).challenge

    assert any("meanwhile" in clock.key for clock in clocks(offered))
    assert any("accept" in clock.key for clock in clocks(offered))
    assert is_held(offered)


def test_a_closed_challenge_is_not_amber_and_takes_no_more_lines():
    closed = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now, concern=EMPTY)

    assert not meanwhile.is_wanting(closed)
    with pytest.raises(Closed):
        given(closed)
