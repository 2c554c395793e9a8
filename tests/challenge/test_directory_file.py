"""The directory file: what is wrong with it in words, and the same directory back from a dump."""

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.directory import NOBODY, Agency, Away, Directory, Person
from challenge.directory_file import (
    DirectoryProblems,
    as_toml,
    by_email,
    plain_directory,
    read_directory,
    read_unresolved,
    resolved,
    stand_ins,
)
from challenge.model import AgencyKey, PersonId
from tests.makers import U_UNIT, a_directory

AGENCY = '[[agency]]\nkey = "csc"\nname = "Children\'s Social Care"\n'
UNIT = '[partnership]\nbusiness_unit = ["UUNIT"]\n'


def a_file(person: str = "", partnership: str = UNIT, agency: str = AGENCY) -> dict[str, object]:
    """One person, with all that must be said of them, and these lines."""
    lines = '[[person]]\nname = "Asha"\nagency = "csc"\nrole = "practitioner"\n'
    needs_id = "slack" not in person and "email" not in person
    return tomllib.loads(
        agency + lines + ('slack = "UASHA"\n' if needs_id else "") + person + "\n" + partnership
    )


def problems(plain: dict[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(DirectoryProblems) as refused:
        read_directory(plain)
    return [(problem.where, problem.sentence) for problem in refused.value.problems]


def test_a_file_becomes_a_directory():
    away = 'away = ["2026-12-24/2027-01-02", "2026-08-03"]\ndeputy = "UUNIT"'

    directory = read_directory(a_file(away))

    [asha] = directory.people
    assert asha.away == (
        Away(date(2026, 12, 24), date(2027, 1, 2)),
        Away(date(2026, 8, 3), date(2026, 8, 3)),
    )
    assert (asha.deputy, asha.active) == (U_UNIT, True)
    assert directory.business_unit == (U_UNIT,)


@pytest.mark.parametrize(
    ("person", "where", "says"),
    [
        ('agency = "cs"', "person 1, agency", 'Did you mean "csc"?'),
        ('line_manager = "UNOBODY"', "person 1, line_manager", "UNOBODY is nobody in this file."),
        ('deputy = "UNOBODY"', "person 1, deputy", "List them as a [[person]] too."),
        ('deputy = "UASHA"', "person 1, deputy", "Nobody can be their own deputy."),
        ('line_manager = "UASHA"', "person 1, line_manager", "be their own line manager."),
        ('away = ["2026-12-24 to 2027-01-02"]', "person 1, away", "which days somebody is away"),
        ('away = ["2026-02-30"]', "person 1, away", "which days somebody is away"),
        ('away = ["2027-01-02/2026-12-24"]', "person 1, away", "ends before it begins"),
        ('slack = "@asha"', "person 1, slack", "is not a Slack member ID"),
        ('role = ""', "person 1, role", "Write words in quotation marks"),
        ('colour = "red"', "person 1, colour", "is not a setting here."),
        ('email = "asha@example.org"', "person 1, email", "has not been looked up"),
        ('active = "no"', "person 1, active", "Write active = true"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_in_words(person: str, where: str, says: str):
    plain = a_file()
    people = plain["person"]
    assert isinstance(people, list)
    people[0] |= tomllib.loads(person)
    if "email" in person:
        del people[0]["slack"]

    [(place, sentence)] = problems(plain)

    assert place == where
    assert says in sentence


def test_a_missing_role_is_said():
    plain = a_file()
    del plain["person"][0]["role"]  # type: ignore[index]

    assert problems(plain)[0][0] == "person 1, role"


def test_a_file_without_agencies_is_told_how_to_begin_one():
    assert problems({"partnership": {"business_unit": ["UUNIT"]}}) == [
        ("agency", "There are no agencies. Begin each with [[agency]], its key and name.")
    ]


def test_everybody_is_listed_once():
    plain = plain_directory(a_directory())
    plain["person"].append(plain["person"][0])
    plain["agency"].append(plain["agency"][1])
    plain["partnership"]["coordinators"] *= 2

    assert [where for where, _ in problems(plain)] == [
        "agency 4, key",
        f"person {len(plain['person'])}, slack",
        "partnership, coordinators",
    ]


@pytest.mark.parametrize("partnership", ["", "[partnership]\n", "[partnership]\nscrutineer = []"])
def test_somebody_must_be_left_to_ask_at_the_end(partnership: str):
    [(where, sentence)] = problems(a_file(partnership=partnership))

    assert where == "partnership"
    assert sentence.startswith("Nobody would be left to ask at the end.")


def test_everything_wrong_is_said_at_once_and_can_be_printed():
    with pytest.raises(DirectoryProblems) as refused:
        read_directory({"people": [], "agency": "x"})

    said = str(refused.value)
    assert "agency: Write each one as [[agency]]" in said
    assert "There are no agencies" not in said
    assert "partnership: Nobody" in said
    assert '"people" is not a setting here.' in said


@pytest.mark.parametrize("odd", [{"person": 3}, {"person": [3]}, {"person": [{"email": 3}]}, {}])
def test_a_file_of_another_shape_is_refused_and_never_crashes(odd: dict[str, object]):
    with pytest.raises(DirectoryProblems):
        read_directory(resolved(odd, stand_ins(odd)))


# -- e-mail addresses ----------------------------------------------------------------------------

BY_EMAIL = """
[[person]]
email = "m@example.org"
name = "Mo"
agency = "csc"
role = "line manager"
"""


def test_addresses_are_listed_with_their_place_and_replaced_wherever_they_stand():
    person = 'email = "a@example.org"\nline_manager = "m@example.org"\n' + BY_EMAIL
    plain = a_file(person, '[partnership]\ncoordinators = ["m@example.org", "UUNIT"]')

    assert by_email(plain) == ((1, "a@example.org"), (2, "m@example.org"))
    directory = read_directory(resolved(plain, {"a@example.org": "UA1", "m@example.org": "UM1"}))

    assert [(p.id, p.line_manager) for p in directory.people] == [("UA1", "UM1"), ("UM1", None)]
    assert directory.coordinators == ("UM1", "UUNIT")


def test_a_file_can_be_checked_where_nobody_can_ask_slack():
    plain = a_file('email = "a@example.org"')

    assert read_unresolved(plain).people[0].name == "Asha"


def test_what_is_wrong_there_is_said_with_the_address_and_never_with_a_made_up_id():
    twice = '[partnership]\ncoordinators = ["a@example.org", "A@EXAMPLE.org", "gone@example.org"]'

    with pytest.raises(DirectoryProblems) as refused:
        read_unresolved(a_file('email = "a@example.org"\ndeputy = "m@example.org"', twice))

    assert str(refused.value).splitlines() == [
        "person 1, deputy: Nobody in this file has the address m@example.org. List them as a "
        "[[person]] too.",
        "partnership, coordinators: Nobody in this file has the address gone@example.org. List "
        "them as a [[person]] too.",
        "partnership, coordinators: a@example.org is listed 2 times. Once is enough.",
    ]


@pytest.mark.parametrize("slack", ["", 'slack = "UMO"\n'])
def test_the_same_address_twice_is_said_once_whether_or_not_an_id_stands_beside_it(slack: str):
    another = BY_EMAIL.replace("[[person]]\n", f"[[person]]\n{slack}").replace("m@", "A@")

    with pytest.raises(DirectoryProblems) as refused:
        read_unresolved(a_file('email = "a@example.org"\n' + another))

    [problem] = refused.value.problems
    assert problem.where == "person 2, email"
    assert problem.sentence == "Another person has the address a@example.org. List everybody once."


# -- dumping -------------------------------------------------------------------------------------

WORDS = (
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda words: words and words.isprintable())
)
IDS = st.from_regex(r"[UW][A-Z0-9]{2,6}", fullmatch=True).map(PersonId)
LEAVE = st.tuples(st.dates(), st.dates()).map(lambda days: Away(min(days), max(days)))


@st.composite
def directories(draw):
    keys = draw(st.lists(WORDS.map(AgencyKey), min_size=1, max_size=3, unique=True))
    ids = draw(st.lists(IDS, min_size=1, max_size=5, unique=True))

    def somebody_else(who: PersonId) -> PersonId | None:
        others = [other for other in ids if other != who]
        return draw(st.none() | st.sampled_from(others)) if others else None

    people = tuple(
        Person(
            id=who,
            name=draw(WORDS),
            agency=draw(st.sampled_from(keys)),
            role=draw(WORDS),
            line_manager=somebody_else(who),
            deputy=somebody_else(who),
            away=draw(st.lists(LEAVE, max_size=2).map(tuple)),
            active=draw(st.booleans()),
        )
        for who in ids
    )
    some = st.lists(IDS, min_size=1, max_size=2, unique=True).map(tuple)
    agencies = tuple(Agency(key, draw(WORDS)) for key in keys)
    return Directory(agencies, people, draw(some), draw(some), draw(some))


@given(directories())
def test_a_dump_reads_back_as_the_same_directory(directory):
    assert read_directory(tomllib.loads(as_toml(directory))) == directory
    assert read_directory(plain_directory(directory)) == directory


FLAT: dict[str, object] = {
    "agency": [
        {"key": "gp", "name": "High Street Surgery", "equivalents": {"line manager": "U1LEAD"}},
        {"key": "icb", "name": "Health Commissioner"},
    ],
    "person": [
        {"slack": "U1GP", "name": "Gil", "agency": "gp", "role": "practitioner"},
        {"slack": "U1LEAD", "name": "Lia", "agency": "icb", "role": "named GP"},
    ],
    "partnership": {"business_unit": ["U1UNIT"]},
}


def test_an_agency_with_few_layers_names_somebody_elsewhere_for_a_role():
    directory = read_directory(FLAT)

    assert directory.agencies[0].equivalents == (("line manager", "U1LEAD"),)
    assert directory.in_role(AgencyKey("gp"), "line manager") == ("U1LEAD",)
    assert read_directory(tomllib.loads(as_toml(directory))) == directory


def test_an_equivalent_may_be_named_by_address_and_must_be_listed():
    by_address = {
        **FLAT,
        "agency": [{"key": "gp", "name": "Surgery", "equivalents": {"line manager": "l@x.org"}}],
        "person": [{"slack": "U1GP", "name": "Gil", "agency": "gp", "role": "practitioner"}],
    }

    looked_up = resolved(by_address, {"l@x.org": "U1LEAD"})
    with pytest.raises(DirectoryProblems) as no:
        read_directory(looked_up)

    assert str(no.value) == (
        "agency 1, equivalents, line manager: U1LEAD is nobody in this file. List them as a "
        "[[person]] too."
    )


def test_when_an_entry_was_last_confirmed_goes_out_and_comes_back():
    known = 'last_confirmed = "2026-03-01"\nprovisional = true'

    directory = read_directory(a_file(known))

    [asha] = directory.people
    assert (asha.last_confirmed, asha.provisional) == (date(2026, 3, 1), True)
    assert read_directory(tomllib.loads(as_toml(directory))) == directory
    [(where, says)] = problems(a_file('last_confirmed = "last week"'))
    assert where == "person 1, last_confirmed"
    assert "Write the year first" in says


@pytest.mark.parametrize("named", [PersonId("UUNIT"), NOBODY])
def test_a_line_manager_who_waits_for_a_yes_goes_out_and_comes_back(named: PersonId):
    directory = read_directory(a_file(f'new_line_manager = "{named or "nobody"}"'))

    [asha] = directory.people
    assert (asha.line_manager, asha.new_manager) == (None, named)
    assert read_directory(tomllib.loads(as_toml(directory))) == directory
    [(where, says)] = problems(a_file('new_line_manager = "U0GONE"'))
    assert where == "person 1, new_line_manager"
    assert "U0GONE is nobody in this file." in says
