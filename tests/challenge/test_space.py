"""The private space: opened once, and honest about who could not be brought in."""

from challenge import space
from challenge.model import Happened, Notice, Space, Told, Unreached
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    a_challenge,
    a_directory,
)

DIRECTORY = a_directory()


def not_reached(challenge, *, person=U_CHALLENGED, why="they are a guest"):
    return space.not_reached(challenge, FRIDAY_TEN, DIRECTORY, person=person, why=why)


def test_the_channel_is_remembered_as_slack_named_it():
    change = space.opened(
        a_challenge(), FRIDAY_TEN, DIRECTORY, channel="C9", name="challenge-pc-2026-0042-1f"
    )

    assert change.challenge.space == Space("C9", "challenge-pc-2026-0042-1f")
    assert change.entries[0].kind is Happened.SPACE_OPENED
    assert "#challenge-pc-2026-0042-1f" in change.entries[0].summary


def test_the_raiser_and_the_coordinators_hear_at_once_who_could_not_be_invited():
    change = not_reached(a_challenge())

    assert change.notices == (
        Notice(Told.NOT_REACHED, to=U_RAISER, about=U_CHALLENGED),
        Notice(Told.NOT_REACHED, to=U_COORDINATOR, about=U_CHALLENGED),
        Notice(Told.CARD),
    )
    assert change.challenge.unreached == (Unreached(U_CHALLENGED, "they are a guest"),)
    assert change.challenge.due == a_challenge().due
    assert "The clock runs on" in change.entries[0].summary


def test_a_second_failure_replaces_the_first_and_leaves_the_others():
    both = not_reached(not_reached(a_challenge(), person=U_RAISER).challenge).challenge

    again = not_reached(both, why="their account is closed").challenge

    assert again.unreached == (
        Unreached(U_RAISER, "they are a guest"),
        Unreached(U_CHALLENGED, "their account is closed"),
    )


def test_somebody_who_joins_after_all_is_struck_off_the_list():
    both = not_reached(not_reached(a_challenge(), person=U_RAISER).challenge).challenge

    change = space.reached(both, FRIDAY_TEN, DIRECTORY, person=U_CHALLENGED)

    assert change.challenge.unreached == (Unreached(U_RAISER, "they are a guest"),)
    assert change.entries[0].kind is Happened.REACHED
    assert change.notices == (Notice(Told.CARD),)


def test_a_word_that_could_not_be_delivered_is_on_record_and_the_coordinators_know():
    change = space.undelivered(
        a_challenge(), FRIDAY_TEN, DIRECTORY, what="prompt", why="channel_not_found"
    )

    assert change.challenge == a_challenge()
    assert change.entries[0].kind is Happened.UNDELIVERED
    assert "(prompt)" in change.entries[0].summary
    assert "channel_not_found" in change.entries[0].summary
    assert change.notices == (Notice(Told.UNDELIVERED, to=U_COORDINATOR),)
