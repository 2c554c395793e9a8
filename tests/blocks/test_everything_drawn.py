"""Whatever is drawn: Slack takes it, it reads without its blocks, and no word in it comes alive."""

import re
from dataclasses import fields
from functools import cache
from typing import Any

import pytest

from blocks import notices
from challenge.model import Concern, Told
from sandbox.block_kit import problems_in_blocks, problems_in_view
from tests.blocks import gallery
from tests.blocks.gallery import CANARY, DEEDS, IN_THE_CHANNEL, MENTIONS, PRIVATE, WORDS
from tests.makers import REFERENCE

EVERY_WORD = pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
EVERY_KIND = pytest.mark.parametrize("kind", sorted(notices.CARDS))


@cache
def everything(words: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """The blocks of every card, answer, modal and tab."""
    return [
        *((drawn.name, drawn.blocks) for drawn in gallery.posted(words)),
        *((name, view["blocks"]) for name, view in gallery.views(words)),
    ]


# Every kind of notice is somebody's


def test_every_kind_of_notice_has_a_card_or_is_a_deed():
    assert set(notices.CARDS) | DEEDS == set(Told)
    assert not set(notices.CARDS) & DEEDS


def test_every_card_is_for_the_channel_or_for_one_person():
    assert set(notices.CARDS) == PRIVATE | IN_THE_CHANNEL


# Slack's limits


@EVERY_WORD
def test_slack_takes_every_card(words):
    refused = {
        drawn.name: problems
        for drawn in gallery.posted(words)
        if (problems := problems_in_blocks(drawn.blocks, "message"))
    }

    assert refused == {}


@EVERY_WORD
def test_slack_takes_every_modal_and_every_home(words):
    refused = {
        name: problems
        for name, view in gallery.views(words)
        if (problems := problems_in_view(view))
    }

    assert refused == {}


def test_buttons_and_titles_are_short_and_no_modal_asks_more_than_six_things():
    modals = [(n, v) for n, v in gallery.views(WORDS["a canary"]) if v["type"] == "modal"]
    for name, drawn in modals:
        assert len(drawn["title"]["text"]) <= 24, name
        assert len(drawn.get("submit", {}).get("text", "")) <= 24, name
        assert sum(block["type"] == "input" for block in drawn["blocks"]) <= 5, (
            name,
            "one more is needed for the box that confirms what was pointed out",
        )
    for name, blocks in everything(WORDS["a canary"]):
        for element in gallery.elements(blocks):
            if element["type"] == "button":
                assert len(element["text"]["text"]) <= 75, name


@EVERY_WORD
def test_no_text_beside_a_card_is_so_long_that_slack_would_split_it(words):
    assert [drawn.name for drawn in gallery.posted(words) if len(drawn.text) > 4000] == []


# Words that people wrote


@EVERY_WORD
def test_what_people_wrote_stands_only_where_no_formatting_or_mention_comes_alive(words):
    alive = {
        (name, text)
        for name, blocks in everything(words)
        for kind, text in gallery.texts(blocks)
        if kind == "mrkdwn" and (CANARY in text or words in text) and len(words) > 1
    }

    assert alive == set()


@EVERY_WORD
def test_no_mention_or_link_comes_alive_whoever_wrote_it(words):
    shown = [
        (name, text)
        for name, blocks in everything(words)
        for kind, text in gallery.texts(blocks)
        if kind == "mrkdwn"
    ]
    beside = [(drawn.name, drawn.text) for drawn in gallery.posted(words)]

    alive = [(n, text) for n, text in shown + beside for m in MENTIONS if m in text]

    assert alive == []


@EVERY_KIND
def test_a_direct_message_holds_no_word_that_anybody_wrote(kind):
    canary = WORDS["a canary"]
    for state, occasion in gallery.occasions(Told(kind), canary):
        if occasion.to is None or kind == Told.OFFER_ACT:
            continue
        message = notices.draw(Told(kind), occasion)
        everything_said = f"{message.text} {gallery.plain(message.blocks)}"
        assert CANARY not in everything_said, state


@EVERY_KIND
def test_every_message_names_the_reference_in_its_plain_text(kind):
    for state, occasion in gallery.occasions(Told(kind), WORDS["a canary"]):
        message = notices.draw(Told(kind), occasion)
        assert REFERENCE in message.text, state


def test_the_card_names_the_reference_in_its_plain_text_and_holds_no_word_there():
    for drawn in gallery.posted(WORDS["a canary"]):
        if drawn.name.startswith("card:"):
            assert REFERENCE in drawn.text
            assert CANARY not in drawn.text


def test_there_is_no_place_for_the_name_of_a_child():
    assert {field.name for field in fields(Concern)} == {
        "subject",
        "area",
        "reference",
        "decision",
        "why",
        "meanwhile",
        "ask",
        "mind",
    }


# Slack's own id of a person, or the fingerprint of a stage.
AN_ID = re.compile(r"U[A-Z0-9]+(:[0-9a-f]{12})?|[0-9a-f]{32}|\d+:[0-9a-f]{12}")


def test_what_a_button_and_a_modal_carry_is_an_id_and_never_words():
    for name, blocks in everything(WORDS["a canary"]):
        for element in gallery.elements(blocks):
            if element["type"] == "button":
                value = element["value"]
                assert value in {"home", "form"} or value.isdigit() or AN_ID.fullmatch(value), name
    for name, view in gallery.views(WORDS["a canary"]):
        assert CANARY not in view.get("private_metadata", ""), name


# Safety first


@pytest.mark.parametrize(
    "kind", [Told.REMINDER, Told.RISK_DECLARED, Told.ESCALATION, Told.PROMPT, Told.ACCEPTED]
)
def test_every_card_that_escalates_says_what_to_do_in_an_emergency(kind):
    for state, occasion in gallery.occasions(kind, WORDS["a canary"]):
        is_over = kind is Told.PROMPT and "mark 99" in state
        if not is_over:
            said = str(gallery.plain(notices.draw(kind, occasion).blocks))
            assert "Call 999." in said, state
