import dataclasses
from typing import Any

import pytest

from challenge.altering import replace
from challenge.directory import Person
from challenge.model import AgencyKey, Entry, Happened
from tests.makers import FRIDAY_TEN, U_RAISER, a_challenge, a_directory


def test_it_is_what_dataclasses_would_make_of_it():
    for value, fields in (
        (a_challenge(), {"stage": 2, "prompted": 3}),
        (Entry(Happened.RAISED, None, "raised"), {"summary": "again"}),
        (a_challenge(), {}),
    ):
        assert replace(value, **fields) == dataclasses.replace(value, **fields)


def test_the_first_one_stays_as_it_was():
    before = a_challenge(stage=1)

    assert replace(before, stage=2).stage == 2
    assert before == a_challenge(stage=1)


def test_what_was_worked_out_for_the_first_one_is_not_taken_along():
    before = a_directory()
    assert before.person(U_RAISER)

    after = replace(before, people=(Person(U_RAISER, "Another", AgencyKey("a"), "practitioner"),))

    assert after.name(U_RAISER) == "Another"


def test_what_a_value_refuses_is_refused():
    with pytest.raises(ValueError, match="zone"):
        replace(a_challenge(), due=FRIDAY_TEN.now.replace(tzinfo=None))
    misspelt: Any = {"stages": 2}
    with pytest.raises(TypeError, match="Challenge has no stages"):
        replace(a_challenge(), **misspelt)
