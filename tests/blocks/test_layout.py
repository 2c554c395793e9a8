"""The way in: a link to the private channel is for those who were invited there."""

from dataclasses import replace

import pytest

from blocks import card, meeting, notices
from blocks.layout import introduced, named, where
from blocks.occasion import Occasion
from challenge.model import Involved, Side, Space, Status, Told, Unreached
from challenge.rights import Act, refuse_unless_may
from tests.blocks import gallery
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    an_offered_challenge,
    the_person,
)

DIRECTORY = a_directory()
SPACE = Space("C042", "challenge-pc-2026-0042")
CHANNEL, SHOW = "<#C042>", "its record: /challenge show PC-2026-0042"


def test_whoever_was_invited_is_shown_into_the_channel():
    offered = an_offered_challenge(
        space=SPACE, involved=(Involved(U_OTHER_PRACTITIONER, Side.RAISING),)
    )

    for who in (U_RAISER, U_CHALLENGED, U_RAISING_MANAGER, U_OTHER_PRACTITIONER):
        assert where(offered, who) == CHANNEL


@pytest.mark.parametrize("who", [U_RAISING_DEPUTY, U_UNIT, U_GUEST, None])
def test_nobody_else_is_given_a_link_that_does_not_open(who):
    assert where(an_offered_challenge(space=SPACE), who) == SHOW


def test_nor_is_whoever_slack_would_not_let_in_and_nobody_once_it_is_put_away():
    shut_out = a_challenge(space=SPACE, unreached=(Unreached(U_CHALLENGED, "restricted"),))
    away = a_challenge(
        status=Status.SETTLED, closed_at=FRIDAY_TEN.now, space=replace(SPACE, archived=True)
    )

    assert where(shut_out, U_CHALLENGED) == SHOW
    assert where(away, U_RAISER) == SHOW


def test_where_somebody_is_first_named_their_role_is_shown_and_their_rank_is_not():
    directory = a_directory(the_person(U_CHALLENGED, role="director"))
    known, unknown = introduced(directory, U_RAISER), introduced(directory, U_GUEST)

    assert known == "Uraiser (Oak School, practitioner)"
    assert introduced(directory, U_RAISING_MANAGER) == "Uraisingmanager (Oak School, line manager)"
    assert introduced(directory, U_CHALLENGED) == "Uchallenged (Children's Social Care)"
    assert unknown == named(directory, U_GUEST)
    for words in (str(gallery.plain(card.draw(a_challenge(), directory).blocks)), brought_in_of()):
        assert known in words


def brought_in_of() -> str:
    told = Occasion(a_challenge(), DIRECTORY, U_CHALLENGED, None, "", None, FRIDAY_TEN)
    return notices.draw(Told.BROUGHT_IN, told).text


def test_until_it_is_open_it_is_said_to_open_soon():
    again = a_challenge(space=replace(SPACE, archived=True))

    assert where(a_challenge(), U_RAISER) == where(again, U_RAISER) == "its own channel, open soon"


def test_a_deputy_and_a_notify_point_may_read_what_they_are_sent_to():
    refuse_unless_may(Act.SEE, an_offered_challenge(), DIRECTORY, U_RAISING_DEPUTY)
    refuse_unless_may(Act.SEE, a_challenge_at(3), DIRECTORY, U_UNIT)


def test_the_second_opinion_on_a_meeting_has_the_reasons_in_its_forms_and_not_in_the_message():
    doubted = gallery.a_doubted(a_challenge_at(3, space=SPACE), "They met on Monday.")
    asked = Occasion(doubted, DIRECTORY, U_COORDINATOR, U_CHALLENGED, "", None, FRIDAY_TEN)
    told = notices.draw(Told.SECOND_OPINION_ASKED, asked)

    for form in (meeting.needed_view(doubted), meeting.not_held_view(doubted)):
        assert "They met on Monday." in str(form.to_dict())
    assert "They met on Monday." not in str(gallery.plain(told.blocks))
    assert CHANNEL not in told.text
    refuse_unless_may(Act.SEE, doubted, DIRECTORY, U_COORDINATOR)
