"""A yes is to what was shown: whatever took its place meanwhile is read first."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from challenge import agreement, meeting, resolution
from challenge.model import Challenge, DateProposal, Happened, Outcome, Side
from challenge.refusals import ShownBefore
from challenge.rights import meeting_now
from challenge.shown import mark_of
from tests.challenge.test_meeting import a_meeting_stage
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_OTHER_MANAGER,
    U_RAISER,
    U_UNIT,
    a_challenge,
    a_directory,
)

DIRECTORY = a_directory()
PROPOSAL = DateProposal(U_CHALLENGED, Side.RECEIVING, datetime(2026, 7, 8, 16, tzinfo=UTC))


def settled_by(challenge: Challenge, how: str) -> Challenge:
    return resolution.propose_settlement(
        challenge, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, outcome=Outcome.AGREED_PLAN, how=how
    ).challenge


def test_a_mark_is_of_the_whole_proposal_and_of_the_time_not_its_zone():
    local = PROPOSAL.due.astimezone(ZoneInfo("Europe/London"))

    assert mark_of(PROPOSAL) == mark_of(replace(PROPOSAL, due=local))
    assert mark_of(PROPOSAL) != mark_of(replace(PROPOSAL, extends=True))
    assert mark_of(date(2026, 7, 8)) != mark_of(PROPOSAL.due)


def test_a_settlement_is_confirmed_as_it_was_shown_or_not_at_all():
    shown = settled_by(a_challenge(), "A joint visit.")
    newer = settled_by(shown, "No visit.")
    seen = mark_of(shown.settlement)

    with pytest.raises(ShownBefore):
        resolution.confirm_settlement(newer, FRIDAY_TEN, DIRECTORY, by=U_RAISER, seen=seen)
    done = resolution.confirm_settlement(shown, FRIDAY_TEN, DIRECTORY, by=U_RAISER, seen=seen)
    assert done.entries[0].kind is Happened.SETTLED


def test_a_date_is_accepted_as_it_was_shown_or_not_at_all():
    first_asked = a_challenge()
    proposed = replace(first_asked, date_proposal=PROPOSAL)
    newer = replace(PROPOSAL, due=first_asked.due)

    for shown, by in ((first_asked, U_CHALLENGED), (proposed, U_RAISER)):
        seen = mark_of(agreement.asked_of(shown))
        other = replace(newer, side=Side.RAISING) if by == U_CHALLENGED else newer
        with pytest.raises(ShownBefore):
            agreement.accept_date(
                replace(shown, date_proposal=other), FRIDAY_TEN, DIRECTORY, by=by, seen=seen
            )
        done = agreement.accept_date(shown, FRIDAY_TEN, DIRECTORY, by=by, seen=seen)
        assert done.challenge.date_agreed


def test_who_attends_is_agreed_as_it_was_shown_or_not_at_all():
    shown, newer = (
        meeting.propose_attendees(
            a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(who,)
        ).challenge
        for who in (U_OTHER_MANAGER, U_UNIT)
    )
    held = meeting_now(shown)
    assert held is not None
    seen = mark_of(held.proposed)

    with pytest.raises(ShownBefore):
        meeting.agree_attendees(newer, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, seen=seen)
    done = meeting.agree_attendees(shown, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, seen=seen)
    assert done.entries[0].kind is Happened.ATTENDEES_AGREED
