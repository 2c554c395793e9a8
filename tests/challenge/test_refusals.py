"""Refusals: a kind sentence each, which says what to do next."""

import re

import pytest

from challenge import refusals
from challenge.refusals import Incomplete, MissingWords, MovedOn, NotYours, OwnStandIn, Refusal

WITH_A_FIELD = (MissingWords, OwnStandIn)
FACTS = {
    "version": "darlington-2025-12",
    "title": "Senior managers",
    "whose": "the person who raised the challenge",
    "coordinators": "<@UCOORDINATOR>",
    "emergency": "Call 999.",
    "now": "it was settled",
    "who": "<@USOMEBODY>",
    "stage": 2,
    "role": "Independent Scrutineer",
    "day": "Sunday 8 March 2026",
    "latest": "Monday 9 March 2026, 17:00",
}


def family(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [kind, *(each for child in kind.__subclasses__() for each in family(child))]


def said(kind: type[Refusal]) -> str:
    no = kind("why") if issubclass(kind, WITH_A_FIELD) else kind(**FACTS)
    return no.sentence


@pytest.mark.parametrize("kind", family())
def test_every_refusal_is_whole_sentences_on_one_line(kind):
    sentence = said(kind)

    assert kind.__dict__.get("__doc__")
    assert sentence.endswith(".")
    assert sentence[0].isupper() or sentence.startswith("<@")
    assert not re.search(r"\s\s|\n|[{}]", sentence)


@pytest.mark.parametrize("kind", family())
def test_every_fact_that_a_refusal_names_is_one_we_know(kind):
    assert set(re.findall(r"{(\w+)}", kind.__doc__ or "")) <= set(FACTS)


@pytest.mark.parametrize(
    "kind", [k for k in family(Incomplete) if k not in {Incomplete, *WITH_A_FIELD}]
)
def test_whatever_is_incomplete_names_its_field(kind):
    assert kind(**FACTS).field


def test_words_that_are_missing_name_the_field_they_are_missing_from():
    assert MissingWords("meanwhile").field == "meanwhile"


def test_a_refusal_reads_as_its_sentence_wherever_it_is_printed():
    no = NotYours(whose="the two sides")

    assert str(no) == no.sentence
    assert "it is for the two sides." in str(no)


def test_the_family_is_as_it_is_drawn():
    drawn = re.findall(r"[├└]── (\w+)", refusals.__doc__ or "")

    assert drawn
    assert all(issubclass(getattr(refusals, name), Refusal) for name in drawn)
    assert issubclass(MovedOn, Refusal)
