"""Every text that people read is plain, British, and blames nobody.

The reading age is textstat's automated readability index, which counts letters, words and
sentences and needs nothing from the internet; an age is a school year plus five. Words that the
field itself uses, and that no other word could stand for, count as the short words that they are
to those who use them every day. The index says little of a few words, so labels, hints, options and
buttons are read together, form by form, and no text of any length has a long word that nobody
weighed.
"""

import re
from functools import cache

import pytest
import textstat  # type: ignore[import-untyped]

from blocks.layout import safe
from challenge.people import USUAL_ROLES
from challenge.refusals import Refusal
from tests.blocks import gallery
from tests.house.lifecycle import steps
from tests.makers import PEOPLE
from tests.plain_words import AMERICAN, BLAME, FIELD, LONG_WORDS, american, blaming, long_words

READING_AGE = 12
A_YEAR_OF_SCHOOL = 5
ENOUGH_WORDS = 12
"""With fewer, the index says more about one long word than about the text."""

WORDS = "Zz."
ROLES = {person.role for person in PEOPLE} | {*USUAL_ROLES}
SHORT = re.compile(rf"\b(?:{FIELD})\b", re.IGNORECASE)
MARKS = re.compile(r"<[^>]*>|&\w+;|:\w+:|[*_`•·“”\"]")
# Names of people, agencies, stages and days are read as what they are, however long.
NAMES = re.compile(
    r"<@U\w+>(?: \((?:not in the directory|of the partnership)\))?"
    r"|PC-\d{4}-\d{4}|/challenge \w+|\bU[A-Z]+\d*\b|\bU(?:rais|receiv|chall|other|unit|coord)\w*"
    r"|\((?:Oak|Children|N)[^)]*\)|Inter-agency meeting|test-2026-01"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+ \d{4}(?:,? (?:at )?\d\d:\d\d)?"
)


def refusals(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [kind, *(each for child in kind.__subclasses__() for each in refusals(child))]


@cache
def everything_read() -> tuple[tuple[str, str], ...]:
    """Every text of ours that a person may read, and where it stands."""
    drawn = [
        *((each.name, [each.text, *_texts(each.blocks)]) for each in gallery.posted(WORDS)),
        *((name, _texts(view)) for name, view in gallery.views(WORDS)),
        *((kind.__name__, [" ".join((kind.__doc__ or "").split())]) for kind in refusals()),
    ]
    found = {text: name for name, texts in drawn for text in texts}
    return tuple((name, text) for text, name in found.items() if WORDS not in text)


def _texts(drawn: object) -> list[str]:
    return [text for _, text in gallery.texts(drawn)]


def plain(text: str) -> str:
    """Without names, dates and marks, and with the field's own words as short ones."""
    text = text.replace(safe(gallery.hostile_procedure().emergency.text), "Call 999.")
    for hostile in (gallery.HOSTILE_NAME, gallery.HOSTILE_TITLE):
        text = text.replace(hostile, "Ann").replace(safe(hostile), "Ann")
    text = text.replace(safe("<!here> "), "")
    text = NAMES.sub("Ann", re.sub(r"\{\w+\}", "Ann", text))
    # A list is as easy as its items, and a line is as good as a sentence.
    text = re.sub(r"Ann(?:(?:,| and)? Ann)+", "Ann", text.replace(" · ", ". ").replace("\n", ". "))
    text = MARKS.sub(" ", text)
    text = SHORT.sub("word", text)
    return " ".join(re.sub(r"\bword \d+\b", "Ann", text).split())


def reading_age(text: str) -> float:
    return float(textstat.automated_readability_index(plain(text))) + A_YEAR_OF_SCHOOL


def test_there_is_a_lot_to_read():
    assert len(everything_read()) > 100


def test_every_text_can_be_read_at_the_age_of_twelve():
    long = [(n, t) for n, t in everything_read() if len(plain(t).split()) >= ENOUGH_WORDS]

    hard = {t: f"{reading_age(t):.1f}, {n}" for n, t in long if reading_age(t) > READING_AGE}

    assert hard == {}


def test_no_text_however_short_has_a_long_word_that_nobody_weighed():
    found = {text: words for _, text in everything_read() if (words := long_words(plain(text)))}

    assert found == {}


def test_every_long_word_that_was_weighed_is_still_said():
    said = " ".join(plain(text).lower() for _, text in everything_read())

    assert {word for word in LONG_WORDS if word not in said} == set()


def test_labels_hints_options_and_buttons_of_one_form_are_easy_when_read_together():
    together = {name: ". ".join(texts) for name, texts in short_texts().items()}
    long = {name: text for name, text in together.items() if len(text.split()) >= ENOUGH_WORDS}

    assert len(long) > 100
    assert {text: name for name, text in long.items() if reading_age(text) > READING_AGE} == {}


def short_texts() -> dict[str, list[str]]:
    """Those too short to be judged alone, by the form or card in which they stand together; the
    long words that were weighed count as short ones, and names and roles alone are no text."""
    forms = [(name, _texts(view.to_dict())) for name, view in gallery.modals(WORDS)]
    forms += [(name, _texts(view.to_dict())) for name, view in gallery.tabs(WORDS)]
    forms += [(each.name, _texts(each.blocks)) for each in gallery.posted(WORDS)]
    weighed = re.compile(rf"\b(?:{'|'.join(LONG_WORDS)})\b", re.IGNORECASE)
    return {
        name: [weighed.sub("word", t.rstrip(".?!: ")) for t in dict.fromkeys(texts) if is_short(t)]
        for name, texts in forms
    }


def is_short(text: str) -> bool:
    said = plain(text).split()
    only_named = text.lower() in ROLES or not {*said} - {"Ann", "word", "."}
    return WORDS not in text and len(said) < ENOUGH_WORDS and not only_named


def test_every_line_of_the_chronology_can_be_read_at_the_age_of_twelve():
    lines = {entry.summary for _, change, _ in steps() for entry in change.entries}
    long = [line for line in lines if len(plain(line).split()) >= ENOUGH_WORDS]

    assert len(long) > 50
    assert {line: reading_age(line) for line in long if reading_age(line) > READING_AGE} == {}
    assert {line for line in lines if american(line) or blaming(line)} == set()


def test_every_text_is_spelt_the_british_way():
    found = {text: american(text) for _, text in everything_read() if american(text)}

    assert found == {}


def test_no_text_blames_anybody():
    found = {text: blaming(text) for _, text in everything_read() if blaming(text)}

    assert found == {}


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Your organization decides.", AMERICAN),
        ("It was canceled.", AMERICAN),
        ("You failed to answer.", BLAME),
        ("It is your fault.", BLAME),
    ],
)
def test_the_lists_find_what_they_are_for(text, pattern):
    assert pattern.search(text)
