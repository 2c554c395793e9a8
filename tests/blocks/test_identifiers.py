"""What may identify a person is pointed out beside its field; the text stays, and may be meant."""

from datetime import date
from typing import Any

import pytest
from slack_sdk.models.views import View

from blocks import escalation, raising, resolution, response
from blocks.identifiers import INTENDED, point_out
from sandbox.block_kit import problems_in_view
from tests.blocks import gallery
from tests.blocks.filling import answers_in, filled
from tests.makers import U_CHALLENGED, a_challenge

TODAY = date(2026, 3, 6)
NHS_NUMBER = "943 476 5919"
TYPED = f"Her number is {NHS_NUMBER}, see the referral."

TELLING = {
    "an NHS number": NHS_NUMBER,
    "a UPN": "H801200001001",
    "a date of birth": "born 14/02/2015",
    "a postcode": "DL1 5QT",
    "a phone number": "07700 900123",
    "an e-mail address": "mum@example.org",
    "a National Insurance number": "QQ 12 34 56 C",
}

EVERY_MODAL = {name: view for name, view in gallery.modals("x") if "one" not in name}


def pointed_out(view: View | dict[str, Any], **answers: Any) -> dict[str, Any]:
    again = point_out(filled(view, **answers), TODAY)
    assert again is not None
    return again


def notes(view: dict[str, Any]) -> dict[str, str]:
    """Each note, by the block id of the field that stands right above it."""
    blocks = view["blocks"]
    return {
        blocks[at - 1]["block_id"]: block["elements"][0]["text"]
        for at, block in enumerate(blocks)
        if str(block.get("block_id")).startswith("pointed_out.")
    }


def text_fields(view: View) -> list[str]:
    return [
        block["block_id"]
        for block in view.to_dict()["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    ]


def test_a_find_stands_right_below_its_field_and_nowhere_else():
    view = escalation.decline_view(a_challenge())

    again = pointed_out(view, because=TYPED)

    assert list(notes(again)) == ["because"]
    assert "looks like an NHS number (943 *** ****)" in notes(again)["because"]
    assert NHS_NUMBER not in notes(again)["because"]


@pytest.mark.parametrize("name", [n for n, view in EVERY_MODAL.items() if text_fields(view)])
def test_every_modal_keeps_every_word_and_choice_and_slack_takes_it_again(name):
    view = EVERY_MODAL[name]
    fields = text_fields(view)
    typed: dict[str, Any] = {field.replace(".", "__"): TYPED for field in fields}
    before = filled(view, **typed)

    again = point_out(before, TODAY)

    assert again is not None
    assert list(notes(again)) == fields
    assert problems_in_view(again) == []
    kept = [b for b in again["blocks"] if b.get("block_id") in fields]
    assert [b["element"]["initial_value"] for b in kept] == [TYPED] * len(fields)
    after = answers_in(filled(again, earlier=before))
    assert {field: after[field] for field in answers_in(before)} == answers_in(before)
    assert again["callback_id"] == view.to_dict()["callback_id"]
    assert again["private_metadata"] == view.to_dict()["private_metadata"]


@pytest.mark.parametrize("name", EVERY_MODAL)
def test_with_the_box_that_confirms_no_modal_asks_more_than_six_things(name):
    inputs = [b for b in EVERY_MODAL[name].to_dict()["blocks"] if b["type"] == "input"]

    assert len(inputs) + 1 <= 6


def test_a_choice_a_person_and_a_day_are_kept_beside_the_text():
    before = filled(
        raising.about_view("d1", {}),
        subject="CHILD",
        challenged=U_CHALLENGED,
        area="OTHER",
        reference="CSC-77",
        decision=TYPED,
    )

    again = point_out(before, TODAY)

    assert again is not None
    assert raising.read_about(filled(again, earlier=before)) == raising.read_about(before)


def test_what_is_confirmed_as_intended_goes_through():
    before = filled(escalation.decline_view(a_challenge()), because=TYPED)
    again = point_out(before, TODAY)
    assert again is not None

    confirmed = filled(again, earlier=before, intended=[INTENDED])

    assert point_out(confirmed, TODAY) is None


def test_without_the_confirmation_it_is_pointed_out_again_and_only_once():
    before = filled(escalation.decline_view(a_challenge()), because=TYPED)
    once = point_out(before, TODAY)
    assert once is not None

    twice = point_out(filled(once, earlier=before), TODAY)

    assert twice == once


def test_once_it_is_taken_out_nothing_is_in_the_way():
    before = filled(escalation.decline_view(a_challenge()), because=TYPED)
    again = point_out(before, TODAY)
    assert again is not None

    mended = filled(again, earlier=before, because="See the referral.")

    assert point_out(mended, TODAY) is None


def test_only_the_field_where_it_still_stands_is_pointed_out_the_second_time():
    view = response.risk_view(a_challenge())
    before = filled(view, because=TYPED, done=TYPED)
    once = point_out(before, TODAY)
    assert once is not None

    again = point_out(filled(once, earlier=before, because="He is outside."), TODAY)

    assert again is not None
    assert list(notes(again)) == ["done"]


@pytest.mark.parametrize(
    "view",
    [
        escalation.ask_view(a_challenge()),
        resolution.propose_view(a_challenge(), "d1"),
        raising.asking_view("d1", {}, date(2026, 3, 9)),
    ],
)
def test_nothing_is_said_when_there_is_nothing_to_say(view):
    typed: dict[str, Any] = dict.fromkeys(text_fields(view), "She told the nurse on Monday.")

    assert point_out(filled(view, **typed), TODAY) is None
    assert point_out(filled(view), TODAY) is None


@pytest.mark.parametrize("kind", TELLING)
def test_each_kind_of_identifier_is_named_in_words(kind):
    again = pointed_out(
        escalation.ask_view(a_challenge()), because=f"It is {TELLING[kind]}, he said."
    )

    assert f"looks like {kind}" in notes(again)["because"]


def test_several_finds_in_one_field_are_named_together():
    again = pointed_out(
        escalation.ask_view(a_challenge()), because=f"{NHS_NUMBER} or {NHS_NUMBER} or DL1 5QT"
    )

    assert "an NHS number (943 *** ****), a postcode (DL* ***)" in notes(again)["because"]


def test_a_number_with_hidden_characters_in_it_is_found_too():
    """A bug, mended: what cannot be seen was not taken out before looking."""
    hidden = "943\u200b 476\u2060 5919"

    again = pointed_out(escalation.ask_view(a_challenge()), because=hidden)

    assert list(notes(again)) == ["because"]
    assert answers_in(filled(again))["because"]["value"] == hidden
