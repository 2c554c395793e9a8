"""Every text that people read is plain, British, and blames nobody.

The reading age is textstat's automated readability index, which counts letters, words and
sentences and needs nothing from the internet; an age is a school year plus five. Words that the
field itself uses, and that no other word could stand for, count as the short words that they are
to those who use them every day.
"""

import re
from functools import cache

import pytest
import textstat  # type: ignore[import-untyped]

from blocks.layout import safe
from challenge.refusals import Refusal
from tests.blocks import gallery

READING_AGE = 12
A_YEAR_OF_SCHOOL = 5
ENOUGH_WORDS = 12
"""With fewer, the index says more about one long word than about the text."""

WORDS = "Zz."
FIELD = (
    r"professional challenges?|professionals?|challeng(e|es|ed|er|ing)|safeguarding leads?"
    r"|safeguarding|designated|coordinators?|practitioners?|partnership's|partnerships?"
    r"|procedures?|escalations?|escalated?|settlements?|agency|agencies|directory"
    r"|independent scrutineer|scrutineer|front door|emergency|immediate|managers?|deputy"
    r"|supporters?|colleagues?|meanwhile|decisions?|confirmed|Slack|withdrawn|business unit"
)
SHORT = re.compile(rf"\b(?:{FIELD})\b", re.IGNORECASE)
MARKS = re.compile(r"<[^>]*>|&\w+;|:\w+:|[*_`•·“”\"]")
# Names of people, agencies, stages and days are read as what they are, however long.
NAMES = re.compile(
    r"<@U\w+>(?: \((?:not in the directory|of the partnership)\))?"
    r"|PC-\d{4}-\d{4}|/challenge \w+|\bU[A-Z]+\d*\b|\bU(?:rais|receiv|chall|other|unit|coord)\w*"
    r"|\((?:Oak|Children|N)[^)]*\)|Inter-agency meeting|test-2026-01"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+ \d{4}(?:,? (?:at )?\d\d:\d\d)?"
)

AMERICAN = re.compile(
    r"\b\w*(?:ization|izing|ized|izes?|ize)\b|\b(?:color|favor|behavior|honor|labor|center|theater"
    r"|defense|offense|license[ds]?|canceled|canceling|traveled|labeled|modeled|fulfill|enroll"
    r"|gray|program|check mark|judgment|acknowledgment|analyze[ds]?|catalog|dialog|organization"
    r"|gotten|percent|math|vacation|attorney|zip code|cell phone)s?\b",
    re.IGNORECASE,
)
NOT_AMERICAN = {"size", "sized", "sizes", "prize", "prizes", "seize", "seized"}

BLAME = re.compile(
    r"(?<!nobody is )(?<!no one is )\b(?:fault|blame[ds]?|guilty|failed to|failures?|negligent"
    r"|neglected to|careless|incompetent|unprofessional|wrongdoing|accus(?:e|es|ed|ation)"
    r"|offender|culprit|disobey"
    r"|violat\w+|punish\w*|shame|disciplin\w+|lazy|ignored|refused to|should have)\b",
    re.IGNORECASE,
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
    return " ".join(SHORT.sub("word", text).split())


def reading_age(text: str) -> float:
    return float(textstat.automated_readability_index(plain(text))) + A_YEAR_OF_SCHOOL


def test_there_is_a_lot_to_read():
    assert len(everything_read()) > 100


def test_every_text_can_be_read_at_the_age_of_twelve():
    long = [(n, t) for n, t in everything_read() if len(plain(t).split()) >= ENOUGH_WORDS]

    hard = {t: f"{reading_age(t):.1f}, {n}" for n, t in long if reading_age(t) > READING_AGE}

    assert hard == {}


def test_every_text_is_spelt_the_british_way():
    found = {
        text: word
        for _, text in everything_read()
        for word in AMERICAN.findall(text)
        if word.lower() not in NOT_AMERICAN
    }

    assert found == {}


def test_no_text_blames_anybody():
    found = {text: BLAME.findall(text) for _, text in everything_read() if BLAME.search(text)}

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
