"""The person's voice: added by either side; not known and not safe to ask are answers too."""

import pytest

from challenge import voice
from challenge.model import Challenge, Change, Happened, Heard, Notice, Side, Told
from challenge.refusals import NotYours, SayWhatTheyShowed
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_RAISER,
    U_UNIT,
    a_challenge,
    a_directory,
)

DIRECTORY = a_directory()


def added(
    challenge: Challenge | None = None, *, by=U_RAISER, heard=Heard.SAID, said="", asked_by=""
) -> Change:
    return voice.add(
        challenge or a_challenge(),
        FRIDAY_TEN,
        DIRECTORY,
        by=by,
        answer=heard,
        said=said,
        asked_by=asked_by,
    )


@pytest.mark.parametrize("by", [U_RAISER, U_CHALLENGED])
def test_either_side_adds_what_they_said_and_who_asked(by):
    change = added(by=by, said="I hide when he shouts.", asked_by="The school nurse")

    [entry] = change.entries
    assert entry.kind is Happened.VOICE_ADDED
    assert entry.words == {
        "The person's voice": "They have said or shown something",
        "What they have said or shown": "I hide when he shouts.",
        "Who asked them": "The school nurse",
    }
    assert change.notices == (Notice(Told.VOICE_ADDED, about=by), Notice(Told.CARD))


@pytest.mark.parametrize("heard", [Heard.NOT_KNOWN, Heard.NOT_SAFE])
def test_not_known_and_not_safe_to_ask_are_answers_and_are_counted(heard):
    answered = added(heard=heard).challenge

    standing = voice.standing(answered)
    assert standing is not None
    assert standing.heard is heard
    assert standing.side is Side.RAISING


def test_until_somebody_answers_there_is_none():
    assert voice.standing(a_challenge()) is None


def test_what_they_said_is_written_down():
    with pytest.raises(SayWhatTheyShowed):
        added(said="  ")


def test_what_one_heard_is_never_hidden_by_another_not_knowing():
    heard = added(said="I want to stay with Nan.").challenge

    both = added(heard, by=U_CHALLENGED, heard=Heard.NOT_KNOWN).challenge

    standing = voice.standing(both)
    assert standing is not None
    assert standing.said == "I want to stay with Nan."
    assert len(both.voices) == 2


def test_whoever_was_only_told_adds_nothing():
    with pytest.raises(NotYours):
        added(a_challenge(told=(U_UNIT,)), by=U_UNIT, heard=Heard.NOT_KNOWN)
