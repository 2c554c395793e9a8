"""A form shown again with something pointed out: the text stays, and Slack takes it."""

from typing import Any

import pytest

from blocks import raising, wording
from challenge.model import Status
from sandbox.block_kit import problems_in_view
from tests.blocks.gallery import CANARY, WORDS, texts
from tests.makers import a_challenge, a_challenge_at, an_offered_challenge

EVERY_WORD = pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())


def filled(view: Any, **typed: str) -> dict[str, Any]:
    """As Slack sends a form on which these were typed."""
    answers = {
        name: {"answer": {"type": "plain_text_input", "value": text}}
        for name, text in typed.items()
    }
    return {**view.to_dict(), "state": {"values": answers}}


def asking(words: str) -> dict[str, Any]:
    return filled(raising.asking_view("d1", {}, None), why=words, ask=words)


def shown(view: dict[str, Any], name: str) -> Any:
    [block] = [b for b in view["blocks"] if b.get("block_id") == name]
    return block


@EVERY_WORD
def test_the_questions_about_words_are_ours_and_the_words_stay_in_their_fields(words):
    again = wording.looked_over(asking(words), {"decision": words})

    assert problems_in_view(again) == []
    assert shown(again, "why")["element"]["initial_value"] == words
    assert not any(CANARY in text for kind, text in texts(again["blocks"]) if kind == "mrkdwn")
    assert again["private_metadata"] == "d1"


def test_looking_twice_shows_the_questions_once_right_above_the_button():
    once = wording.looked_over(asking("It is wrong."), {})
    twice = wording.looked_over({**once, "state": asking("It is wrong.")["state"]}, {})

    ids = [block.get("block_id") for block in twice["blocks"]]
    assert ids.count("wording.questions") == 1
    assert ids.index("wording.button") == ids.index("wording.questions") + 1


def test_words_that_leave_nothing_to_ask_are_said_to_be_well():
    well = asking("I am worried because he missed school. Could you look again?")

    said = str(shown(wording.looked_over(well, {}), "wording.questions"))

    assert wording.WELL in said
    assert wording.FREELY in said


@EVERY_WORD
def test_an_open_challenge_about_the_same_is_pointed_out_with_a_way_to_its_next_stage(words):
    form = filled(raising.about_view("d1", {}), reference="CSC-77", decision=words)

    again = raising.with_earlier_one(form, a_challenge())

    assert problems_in_view(again) == []
    assert shown(again, "decision")["element"]["initial_value"] == words
    assert raising.shows(again, a_challenge())
    assert "Ask for the next stage" in str(again["blocks"])


def test_only_the_latest_open_one_is_pointed_out():
    form = filled(raising.about_view("d1", {}), reference="CSC-77")
    first = raising.with_earlier_one(form, a_challenge(id=7))

    second = raising.with_earlier_one({**first, "state": form["state"]}, a_challenge(id=8))

    assert raising.shows(second, a_challenge(id=8))
    assert not raising.shows(second, a_challenge(id=7))
    assert str(second["blocks"]).count("Ask for the next stage") == 1


@pytest.mark.parametrize("higher", [an_offered_challenge(), a_challenge_at(5)])
def test_where_no_next_stage_can_be_asked_for_none_is_offered(higher):
    form = filled(raising.about_view("d1", {}), reference="CSC-77")

    assert "Ask for the next stage" not in str(raising.with_earlier_one(form, higher)["blocks"])


def test_one_that_is_closed_may_be_opened_again():
    form = filled(raising.about_view("d1", {}), reference="CSC-77")

    again = raising.with_earlier_one(form, a_challenge(status=Status.SETTLED))

    assert "It is settled." in str(again["blocks"])
    assert "Open it again" in str(again["blocks"])
    assert "Ask for the next stage" not in str(again["blocks"])
