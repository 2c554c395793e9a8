"""What stands in the directory and will work, but not as whoever wrote it may think."""

from dataclasses import replace
from datetime import timedelta

import pytest

from challenge.directory import Agency, Directory
from challenge.doubts import Doubt, doubts, warnings
from challenge.model import PersonId
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    NHS,
    OAK,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SENIOR,
    U_SCRUTINEER,
    U_UNIT,
    a_directory,
    a_person,
    a_procedure,
    the_person,
)

TODAY = FRIDAY_TEN.today
LISTED = [
    a_person(U_UNIT, role="business unit"),
    a_person(U_COORDINATOR, role="coordinator"),
    a_person(U_SCRUTINEER, role="scrutineer"),
]


def said(*changed, procedure=None, **changes) -> list[tuple[str, str]]:
    """Warnings about the usual directory, so altered, in which the partnership is listed."""
    directory = a_directory(*LISTED, *changed, **changes)
    return [(problem.where, problem.sentence) for problem in warnings(directory, procedure)]


# One entry


def test_an_entry_that_is_right_raises_no_doubt():
    sure = the_person(U_RAISER, last_confirmed=TODAY)

    assert doubts(a_directory(sure), sure, TODAY) == ()


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"line_manager": None}, Doubt.NO_MANAGER),
        ({"line_manager": U_GUEST}, Doubt.MANAGER_GONE),
        ({"deputy": U_RAISING_DEPUTY}, Doubt.DEPUTY_GONE),
        ({"provisional": True}, Doubt.UNCHECKED),
        ({"last_confirmed": None}, Doubt.NOT_SURE),
        ({"last_confirmed": TODAY - timedelta(days=91)}, Doubt.NOT_SURE),
    ],
)
def test_each_thing_to_look_at_is_found(changes, doubt):
    person = the_person(U_RAISER, **{"last_confirmed": TODAY, **changes})
    directory = a_directory(person, the_person(U_RAISING_DEPUTY, active=False))

    assert doubts(directory, person, TODAY) == (doubt,)


def test_nobody_wonders_about_who_has_left_or_about_a_director_with_nobody_above():
    gone = the_person(U_RAISER, active=False, line_manager=None)
    senior = the_person(U_RAISING_SENIOR, last_confirmed=TODAY)

    assert doubts(a_directory(gone), gone, TODAY) == ()
    assert doubts(a_directory(senior), senior, TODAY) == ()


# All of it


def test_a_directory_in_which_everybody_is_listed_has_no_warnings():
    assert said() == []
    assert said(the_person(U_RAISER, line_manager=None)) == []


def test_a_practitioner_with_nobody_above_is_pointed_out():
    alone = Directory((Agency(CSC, "CSC"),), (a_person(U_RAISER, CSC),), (U_RAISER,))

    found = warnings(alone)

    assert [problem.where for problem in found] == [
        "person 1",
        "partnership, coordinators",
        "partnership, scrutineer",
    ]
    assert "straight to the partnership" in found[0].sentence


def test_a_deputy_from_another_agency_is_pointed_out():
    [(where, sentence)] = said(the_person(U_RAISING_MANAGER, deputy=U_CHALLENGED))

    assert where == "person 2, deputy"
    assert "Uchallenged is of another agency, Children's Social Care" in sentence


def test_line_managers_in_a_circle_are_said_once_with_everybody_in_it():
    circle = [
        the_person(U_RAISING_MANAGER, line_manager=U_RAISING_SENIOR),
        the_person(U_RAISING_SENIOR, line_manager=U_RAISING_MANAGER),
    ]

    [(where, sentence)] = said(*circle)

    assert where == "person 2, line_manager"
    assert "Uraisingmanager, then Uraisingsenior, then Uraisingmanager." in sentence


def test_the_partnerships_people_without_an_entry_are_named():
    [(where, sentence)] = said(business_unit=(U_UNIT, U_GUEST))

    assert where == "partnership, business_unit"
    assert sentence.startswith("No [[person]] entry for UGUEST: they are asked all the same")


def test_a_role_that_no_stage_asks_for_is_said_once_with_the_one_that_was_meant():
    typed = [
        the_person(who, role=role)
        for who, role in [
            (U_RAISING_MANAGER, "line manger"),
            (U_OTHER_MANAGER, "line manger"),
            (U_RAISING_DEPUTY, "practitioner"),
        ]
    ]
    nurse = Agency(NHS, "Health Trust", (("named nurse", U_RAISER),))
    agencies = (Agency(OAK, "Oak School"), Agency(CSC, "Social Care"), nurse)

    found = dict(said(*typed, procedure=a_procedure(), agencies=agencies))

    assert found["person 2, role"] == (
        'No stage asks for the role "line manger". Did you mean "line manager"?'
    )
    assert "person 14, role" not in found
    strange = found["agency 3, equivalents, named nurse"]
    assert '"named nurse". What may stand here: practitioner, line manager' in strange


def test_a_stage_that_nobody_in_an_agency_can_answer_is_named_with_the_agency():
    found = [sentence for where, sentence in said(procedure=a_procedure()) if "agency 3" in where]

    assert found == [
        "Nobody in Health Trust can answer stage 3, Inter-agency meeting: it asks for "
        "safeguarding lead or senior manager. The partnership would be asked in their place.",
        "Nobody in Health Trust can answer stage 4, Senior managers: it asks for senior manager. "
        "The partnership would be asked in their place.",
    ]


def test_whoever_has_left_or_waits_for_a_yes_answers_no_stage_and_an_equivalent_does():
    gone = [
        the_person(U_OTHER_MANAGER, active=False),
        the_person(PersonId("UOTHERPRACTITIONER"), line_manager=None),
    ]
    stages = [s for where, s in said(*gone, procedure=a_procedure()) if where == "agency 3"]
    acting = Agency(NHS, "Health Trust", (("senior manager", U_RAISING_SENIOR),))
    agencies = (Agency(OAK, "Oak"), Agency(CSC, "CSC"), acting)

    assert ["stage 2" in each for each in stages] == [True, False, False]
    assert [w for w, _ in said(procedure=a_procedure(), agencies=agencies)] == [
        "person 3, role",
        "person 9, role",
    ]


def test_an_agency_in_which_only_the_partnership_works_is_not_asked_for_stages():
    office = Agency(NHS, "The office")
    directory = a_directory(*(replace(person, agency=NHS) for person in LISTED))
    working = tuple(p for p in directory.people if p.agency != NHS or p in directory.people[-3:])
    only = replace(directory, people=working, agencies=(*directory.agencies[:2], office))

    assert not [p for p in warnings(only, a_procedure()) if p.where == "agency 3"]
