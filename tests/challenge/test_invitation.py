"""A meeting that will not be held is taken out of calendars, and a new one is told apart."""

from collections.abc import Callable

import pytest

from challenge import escalation, follow_up, invitation, meeting, resolution
from challenge.deadlines import clocks
from challenge.model import Challenge, Change, Notice, Outcome, Status, Told
from challenge.moment import Moment
from tests.challenge.test_meeting import (
    DIRECTORY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    answers,
    doubted,
    fixed,
    held,
    offered,
)
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_RAISER,
    U_RECEIVING_SAFEGUARDER,
    a_moment,
)

CALLED_OFF = [Notice(Told.MEETING_CALLED_OFF), Notice(Told.MEETING_FILE, mark="2")]


def settles(challenge: Challenge, moment: Moment) -> Change:
    proposed = resolution.propose_settlement(
        challenge,
        moment,
        DIRECTORY,
        by=U_CHALLENGED,
        outcome=Outcome.CHANGED,
        how="I will visit.",
    ).challenge
    return resolution.confirm_settlement(proposed, moment, DIRECTORY, by=U_RAISER)


def withdraws(challenge: Challenge, moment: Moment) -> Change:
    return resolution.withdraw(
        challenge, moment, DIRECTORY, by=U_RAISER, because="They have moved away."
    )


def finds_it_not_needed(challenge: Challenge, moment: Moment) -> Change:
    return meeting.agree_no_meeting(
        doubted(challenge).challenge,
        moment,
        DIRECTORY,
        by=U_RECEIVING_SAFEGUARDER,
        because="Nothing new would be said.",
    )


def goes_to_the_next_stage(challenge: Challenge, moment: Moment) -> Change:
    asked = escalation.escalate(
        challenge, moment, DIRECTORY, by=U_RAISER, because="It cannot wait."
    ).challenge
    [prompt] = asked.prompts
    assert prompt.person is not None
    return escalation.accept(asked, moment, DIRECTORY, by=prompt.person, line="I read it today.")


ENDS = pytest.mark.parametrize(
    "ends", [settles, withdraws, finds_it_not_needed, goes_to_the_next_stage]
)


@ENDS
def test_a_meeting_still_to_come_is_cancelled_when_it_will_not_be_held(
    ends: Callable[[Challenge, Moment], Change],
):
    change = ends(fixed(), FRIDAY_TEN)

    assert [n for n in change.notices if n in CALLED_OFF] == CALLED_OFF
    assert "The meeting on Tuesday 10 March 2026, 14:00 is cancelled." in change.entries[0].summary
    off = held(change.challenge)
    assert (off.fixed, off.called_off, off.fixings) == (None, TUESDAY, 2)
    assert not [clock for clock in clocks(change.challenge) if ":meet:" in clock.key]


@ENDS
@pytest.mark.parametrize(
    ("known", "at"), [(fixed, "2026-03-10 14:00"), (offered, "2026-03-09 10:00")]
)
def test_a_meeting_that_has_begun_or_was_never_fixed_is_not_cancelled(
    ends: Callable[[Challenge, Moment], Change], known: Callable[[], Challenge], at: str
):
    change = ends(known(), a_moment(at))

    assert not {Told.MEETING_CALLED_OFF, Told.MEETING_FILE} & {n.kind for n in change.notices}
    assert "cancelled" not in change.entries[0].summary


def test_while_the_next_stage_is_only_offered_the_meeting_stands():
    asked = escalation.escalate(
        fixed(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="It cannot wait."
    )

    assert asked.challenge.status is Status.OFFERED
    assert held(asked.challenge).fixed == TUESDAY
    assert invitation.for_calendars(asked.challenge) == held(asked.challenge)


def test_calendars_are_told_of_what_was_called_off_whatever_the_challenge_has_become():
    for ends in (settles, withdraws, goes_to_the_next_stage):
        over = ends(fixed(), FRIDAY_TEN).challenge

        assert invitation.for_calendars(over) == held(over)

    assert invitation.for_calendars(offered()) is None


def test_opened_again_a_new_meeting_is_newer_than_the_one_that_was_cancelled():
    over = settles(fixed(), FRIDAY_TEN).challenge
    again = follow_up.reopen(
        over, FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="A new report."
    ).challenge
    assert held(again).fixed is None

    anew = fixed(again)

    assert (held(anew).fixed, held(anew).called_off, held(anew).fixings) == (TUESDAY, None, 3)


def test_the_place_of_a_fixed_meeting_stands_until_another_time_is_fixed():
    """A bug, mended: to offer other times elsewhere moved the old time there too."""
    moving = meeting.offer_times(
        fixed(), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, times=(WEDNESDAY, THURSDAY), place="Online"
    ).challenge
    assert (held(moving).place, held(moving).place_offered) == ("Room 2, Town Hall", "Online")

    for who in (U_RAISER, U_CHALLENGED):
        moving = answers(moving, who, THURSDAY).challenge
    change = meeting.fix_time(moving, FRIDAY_TEN, DIRECTORY, by=U_RAISER, at=THURSDAY)

    assert held(change.challenge).place == "Online"
    assert Notice(Told.MEETING_FILE, mark="2") in change.notices
