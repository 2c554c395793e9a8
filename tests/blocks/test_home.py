"""The App Home: what awaits me first, and never a challenge that is not mine to press."""

from dataclasses import replace
from typing import Any

import pytest

from blocks import home
from challenge.model import Challenge, Outcome, PersonId, Settlement, Side, Status
from tests.blocks import gallery
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_procedure,
    an_offered_challenge,
)

DIRECTORY = a_directory()
BY_RAISER = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "It is open again.")


def awaits(challenge: Challenge, me: PersonId) -> bool:
    return home.awaits(challenge, DIRECTORY, me)


def tab(challenges: list[Challenge], me: PersonId) -> list[dict[str, Any]]:
    return list(home.tab(challenges, DIRECTORY, a_procedure(), me).to_dict()["blocks"])


def buttons_of(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["text"]["text"] for element in gallery.elements(blocks)]


def test_at_stage_one_it_awaits_the_person_challenged():
    assert awaits(a_challenge(), U_CHALLENGED)
    assert not awaits(a_challenge(), U_RAISER)
    assert not awaits(a_challenge(), U_COORDINATOR)


def test_at_a_later_stage_it_awaits_the_leads():
    second = a_challenge_at(2, date_agreed=True)

    assert awaits(second, U_RAISING_MANAGER)
    assert awaits(second, U_RECEIVING_MANAGER)
    assert not awaits(second, U_RAISER)


def test_an_offer_awaits_whoever_was_asked_and_their_deputy():
    assert awaits(an_offered_challenge(), U_RAISING_MANAGER)
    assert awaits(an_offered_challenge(), U_RAISING_DEPUTY)
    assert not awaits(an_offered_challenge(), U_RAISER)
    assert not awaits(an_offered_challenge(), U_CHALLENGED)


@pytest.mark.parametrize("challenge", [a_challenge(), an_offered_challenge()])
def test_a_proposed_settlement_awaits_the_other_side(challenge):
    proposed = replace(challenge, settlement=BY_RAISER)

    assert awaits(proposed, U_CHALLENGED)
    assert not awaits(proposed, U_RAISER)


def test_nothing_awaits_anybody_once_it_is_closed():
    closed = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now)

    assert not awaits(closed, U_CHALLENGED)


def test_whoever_was_asked_can_accept_from_home_and_everybody_can_say_someone_is_at_risk():
    assert buttons_of(tab([an_offered_challenge()], U_RAISING_MANAGER)) == [
        "Raise a challenge",
        "I would like support first",
        "Set my leave",
        "Accept escalation",
        "I am not the right person",
        "Someone may be at risk",
    ]
    assert buttons_of(tab([an_offered_challenge()], U_RAISER)) == [
        "Raise a challenge",
        "Someone may be at risk",
    ]


def test_the_emergency_sentence_stands_first_and_every_part_says_when_it_is_empty():
    blocks = tab([], U_RAISER)
    shown = [text for _, text in gallery.texts(blocks)]

    assert "call 999" in shown[0]
    assert "Nothing awaits you just now." in shown
    assert shown.count("None.") == 2


def test_each_challenge_stands_in_one_part_only():
    closed = a_challenge(
        status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now, reference="PC-2026-0003"
    )
    mine = [
        a_challenge(reference="PC-2026-0001"),
        replace(a_challenge_at(2, reference="PC-2026-0002"), date_agreed=True),
        closed,
    ]

    shown = "\n".join(text for _, text in gallery.texts(tab(mine, U_CHALLENGED)))

    first, second, third = (shown.index(f"PC-2026-000{n}") for n in (1, 2, 3))
    assert shown.index("What awaits me") < first < shown.index("My other open challenges")
    assert shown.index("My other open challenges") < second < shown.index("Closed lately") < third
    assert shown.count("PC-2026-0001") == 1


def test_more_than_fit_are_counted():
    many = [a_challenge(reference=f"PC-2026-{n:04}") for n in range(1, 21)]

    shown = "\n".join(text for _, text in gallery.texts(tab(many, U_CHALLENGED)))

    assert "And 5 more: type /challenge list." in shown


def test_a_list_has_one_line_each_and_says_when_there_is_none():
    assert "not on any challenge" in home.listing([], DIRECTORY).text
    assert home.listing([a_challenge(), a_challenge()], DIRECTORY).text.count("PC-2026-0042") == 2
    assert "*" not in home.help_message().text
