"""The roll: everybody in the directory, a page at a time, whatever its size."""

import sys
from datetime import date
from types import FrameType
from typing import Any

import pytest

from blocks import roll as drawn
from challenge.directory import Agency, Directory
from challenge.model import AgencyKey, PersonId
from challenge.roll import A_PAGE, DOUBTFUL, EVERYBODY, OF_AGENCY, turned_to
from tests.makers import a_person

TODAY = date(2026, 3, 6)


def a_roll(number: int, **changes: Any) -> Directory:
    """So many people of two agencies, every second one in each, with nothing wrong with them."""
    facts = {"role": "director", "last_confirmed": TODAY, **changes}
    people = [
        a_person(PersonId(f"U{n:05}"), AgencyKey(f"a{n % 2}"), name=f"Name {n:05}", **facts)
        for n in range(number)
    ]
    agencies = tuple(Agency(AgencyKey(f"a{n}"), f"Agency {n}") for n in range(2))
    return Directory(agencies, tuple(reversed(people)))


def names(directory: Directory, part: str, at: int) -> list[str]:
    return [person.name for person in turned_to(directory, part, at, TODAY).people]


def test_people_stand_by_name_a_page_at_a_time_and_the_last_page_is_the_last():
    directory = a_roll(45)

    assert names(directory, EVERYBODY, 0) == [f"Name {n:05}" for n in range(A_PAGE)]
    assert names(directory, EVERYBODY, 2) == [f"Name {n:05}" for n in range(40, 45)]
    last = turned_to(directory, EVERYBODY, 99, TODAY)
    assert (last.at, last.pages, last.of) == (2, 3, 45)


def test_everybody_stands_on_one_page_and_nobody_on_two():
    directory = a_roll(45)

    shown = [name for at in range(3) for name in names(directory, EVERYBODY, at)]

    assert sorted(shown) == sorted(person.name for person in directory.people)


def test_an_agency_has_pages_of_its_own_and_an_unknown_one_is_empty():
    page = turned_to(a_roll(45), f"{OF_AGENCY}a1", 1, TODAY)

    assert {person.agency for person in page.people} == {"a1"}
    assert (page.of, page.pages) == (22, 2)
    assert turned_to(a_roll(3), f"{OF_AGENCY}gone", 0, TODAY).of == 0


def test_whoever_has_left_stands_at_the_end():
    gone = a_person(PersonId("UGONE"), name="Aaron", active=False)
    directory = Directory(people=(gone, *a_roll(2).people))

    assert names(directory, EVERYBODY, 0) == ["Name 00000", "Name 00001", "Aaron"]


def test_what_needs_a_look_leaves_the_rest_out():
    doubtful = a_person(PersonId("UNEW"), name="Nia", provisional=True)
    directory = Directory(people=(*a_roll(30).people, doubtful))

    assert names(directory, DOUBTFUL, 0) == ["Nia"]


def calls_of(act: Any) -> int:
    """How many functions are called meanwhile: on any machine the same number."""
    calls = 0

    def count(_frame: FrameType, event: str, _: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("part", [EVERYBODY, f"{OF_AGENCY}a1"])
def test_turning_a_page_costs_the_same_with_five_thousand_people_as_with_a_hundred(part):
    small, large = a_roll(100), a_roll(5_000)

    def turn(directory: Directory) -> int:
        return calls_of(lambda: drawn.view(directory, turned_to(directory, part, 1, TODAY), TODAY))

    for directory in (small, large):
        turn(directory)  # put in order once; the bot keeps the directory until it is changed

    assert turn(large) < 1.1 * turn(small)


def test_looking_for_what_needs_a_look_takes_little_for_each_person():
    large = a_roll(5_000)

    assert calls_of(lambda: turned_to(large, DOUBTFUL, 0, TODAY)) < 25 * 5_000
