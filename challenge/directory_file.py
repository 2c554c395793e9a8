"""The directory file: who works where, read with everything wrong with it said at once.

Somebody may be named by e-mail address instead of by Slack's id, also where they are another's
manager or deputy. Addresses are looked up first, by whoever can ask Slack:

    directory = read_directory(resolved(plain, {email: slack_id, ...}))
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from typing_extensions import override

from challenge.directory import NOBODY, Agency, Away, Directory, Person
from challenge.model import AgencyKey, PersonId
from challenge.plain import Problem, Table, meant

PARTNERSHIP_ROLES = ("business_unit", "coordinators", "scrutineer", "aftercare")
LAST_RESORT = PARTNERSHIP_ROLES[:3]
"""Whoever is in aftercare hears how it went since, and is asked for nothing else."""

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_LEAVE = (
    '"{}" does not say which days somebody is away. Write the first and the last, year first: '
    '"2026-12-24/2027-01-02".'
)
_ID_EXAMPLE = '"U0123ABCD"'
_AWAY_EXAMPLE = '["2026-12-24/2027-01-02"]'
_NOT_ANYBODY = "nobody"
_NAMED = ("line_manager", "deputy", "new_line_manager")
_LIST_THEM = "List them as a [[person]] too."


class DirectoryProblems(Exception):
    """Everything wrong with a directory file, at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @override
    def __str__(self) -> str:
        return "\n".join(
            f"{p.where}: {p.sentence}" if p.where else p.sentence for p in self.problems
        )


@dataclass(frozen=True)
class _Listed:
    """A person beside the table they were read from, for saying what is wrong with them."""

    person: Person
    table: Table
    email: str


def read_directory(plain: Mapping[str, object]) -> Directory:
    """Raises DirectoryProblems with everything that is wrong, in words for its author."""
    problems: list[Problem] = []
    file = Table(plain, problems)
    agencies = _agencies(file)
    listed = _people(file, agencies)
    partnership = _partnership(file)
    unlisted = {person for role in partnership for person in role}
    _check_people(listed, unlisted)
    _check_equivalents(file, agencies, {each.person.id for each in listed} | unlisted)
    file.refuse_unknown()
    if problems:
        raise DirectoryProblems(problems)
    business_unit, coordinators, scrutineer, aftercare = partnership
    people = tuple(each.person for each in listed)
    return Directory(agencies, people, business_unit, coordinators, scrutineer, aftercare)


def read_unresolved(plain: Mapping[str, object]) -> Directory:
    """As `read_directory`, where nobody can ask Slack: addresses stand for the ids, also in what
    is wrong with them."""
    ids = stand_ins(plain)
    try:
        return read_directory(resolved(plain, ids))
    except DirectoryProblems as found:
        raise DirectoryProblems(_with_addresses(each, ids) for each in found.problems) from None


def by_email(plain: Mapping[str, object]) -> tuple[tuple[int, str], ...]:
    """The people named by e-mail address only: their position in the file, from 1, and address."""
    people = plain.get("person")
    numbered = enumerate(people if isinstance(people, list | tuple) else (), start=1)
    return tuple(
        (number, person["email"])
        for number, person in numbered
        if isinstance(person, Mapping)
        and "slack" not in person
        and isinstance(person.get("email"), str)
    )


def stand_ins(plain: Mapping[str, object]) -> dict[str, str]:
    """Made-up ids, to check a file where nobody can ask Slack."""
    return {email: f"UNOTLOOKEDUP{number}Z" for number, email in by_email(plain)}


def resolved(plain: Mapping[str, object], ids: Mapping[str, str]) -> dict[str, object]:
    """The same file with those addresses replaced by ids, wherever they stand; to Slack an
    address is the same in capitals."""
    ids = {email.casefold(): who for email, who in ids.items()}
    changed: dict[str, object] = {"partnership": _with_ids(plain.get("partnership"), ids)}
    agencies = plain.get("agency")
    if isinstance(agencies, list | tuple):
        changed["agency"] = [_resolved_agency(each, ids) for each in agencies]
    people = plain.get("person")
    if isinstance(people, list | tuple):
        changed["person"] = [_resolved_person(each, ids) for each in people]
    return {key: changed.get(key, value) for key, value in plain.items()}


def plain_directory(directory: Directory) -> dict[str, Any]:
    """What `read_directory` reads back as the same directory."""
    return {
        "agency": [_plain_agency(agency) for agency in directory.agencies],
        "person": [_plain_person(person) for person in directory.people],
        "partnership": {
            role: list(getattr(directory, role))
            for role in PARTNERSHIP_ROLES
            if role in LAST_RESORT or getattr(directory, role)
        },
    }


def as_toml(directory: Directory) -> str:
    plain = plain_directory(directory)
    tables = [
        *(_toml_table("[[agency]]", agency) for agency in plain["agency"]),
        *(_toml_table("[[person]]", person) for person in plain["person"]),
        _toml_table("[partnership]", plain["partnership"]),
    ]
    return "\n".join(tables)


def _agencies(file: Table) -> tuple[Agency, ...]:
    tables = file.tables("agency", "[[agency]], in double square brackets, on a line of its own")
    agencies = tuple(_agency(table) for table in tables)
    _refuse_repeated(
        zip(tables, (agency.key for agency in agencies), strict=True),
        "key",
        'Another agency has the key "{}". Give each its own.',
    )
    if not agencies and not any(problem.where == "agency" for problem in file.problems):
        file.wrong("agency", "There are no agencies. Begin each with [[agency]], its key and name.")
    return agencies


def _agency(table: Table) -> Agency:
    key = table.text("key", '"csc"')
    name = table.text("name", '"Children\'s Social Care"')
    agency = Agency(AgencyKey(key), name, _equivalents(table.table("equivalents")))
    table.refuse_unknown()
    return agency


def _equivalents(table: Table) -> tuple[tuple[str, PersonId], ...]:
    """Who acts for the agency in a role that it does not have: { "line manager" = "U0123ABCD" }."""
    named = [(role, _someone(table, role)) for role in table.keys]
    return tuple((role, who) for role, who in named if who)


def _people(file: Table, agencies: Iterable[Agency]) -> tuple[_Listed, ...]:
    keys = [agency.key for agency in agencies]
    tables = file.tables("person", "[[person]], in double square brackets, on a line of its own")
    listed = tuple(_listed(table, keys) for table in tables)
    again = "Another person has the {} {{}}. List everybody once."
    addresses = [(each.table, each.email.casefold()) for each in listed]
    twice = _refuse_repeated(addresses, "email", again.format("address"))
    ids = [(each.table, each.person.id) for each in listed if each.table not in twice]
    _refuse_repeated(ids, "slack", again.format("id"))
    return listed


def _listed(table: Table, agencies: list[AgencyKey]) -> _Listed:
    email = table.text("email", '"asha.begum@example.org"') if table.has("email") else ""
    return _Listed(_person(table, agencies, email), table, email)


def _person(table: Table, agencies: list[AgencyKey], email: str) -> Person:
    person = Person(
        id=_own_id(table, email),
        name=table.text("name", '"Asha Begum"'),
        agency=_agency_of(table, agencies),
        role=table.text("role", '"practitioner"'),
        line_manager=_someone(table, "line_manager"),
        deputy=_someone(table, "deputy"),
        away=table.list_of("away", _AWAY_EXAMPLE, _away, default=()),
        active=table.flag("active", default=True),
        provisional=table.flag("provisional", default=False),
        last_confirmed=_last_confirmed(table),
        new_manager=_new_manager(table),
    )
    table.refuse_unknown()
    return person


def _last_confirmed(table: Table) -> date | None:
    key = "last_confirmed"
    return table.reading(key, '"2026-03-01"', _one_day, None) if table.has(key) else None


def _new_manager(table: Table) -> PersonId | None:
    """Named by the person, and not confirmed yet."""
    key = "new_line_manager"
    return table.reading(key, _ID_EXAMPLE, _somebody_or_nobody, None) if table.has(key) else None


def _somebody_or_nobody(text: str) -> PersonId | None:
    return NOBODY if text == _NOT_ANYBODY else _slack_id(text)


def _own_id(table: Table, email: str) -> PersonId:
    """From `slack`; one who has only an address must have been looked up before."""
    if not table.has("slack") and table.has("email"):
        table.wrong("email", f"{email} has not been looked up in Slack: write slack = instead.")
        return NOBODY
    return table.reading("slack", _ID_EXAMPLE, _slack_id, NOBODY)


def _agency_of(table: Table, agencies: list[AgencyKey]) -> AgencyKey:
    key = table.text("agency", '"csc"')
    if key and key not in agencies:
        choices = f" {meant(key, agencies)}" if agencies else ""
        table.wrong("agency", f'No agency has the key "{key}".{choices}')
    return AgencyKey(key)


def _someone(table: Table, key: str) -> PersonId | None:
    if not table.has(key):
        return None
    return table.reading(key, _ID_EXAMPLE, _slack_id, NOBODY) or None


def _partnership(file: Table) -> tuple[tuple[PersonId, ...], ...]:
    """One for each of PARTNERSHIP_ROLES."""
    table = file.table("partnership")
    found = tuple(_in_role(table, role) for role in PARTNERSHIP_ROLES)
    table.refuse_unknown()
    if not any(found[: len(LAST_RESORT)]):
        table.wrong("", _NOBODY_LEFT)
    return found


def _in_role(table: Table, role: str) -> tuple[PersonId, ...]:
    people = table.list_of(role, f"[{_ID_EXAMPLE}]", _slack_id, default=())
    for person, times in Counter(people).items():
        if times > 1:
            table.wrong(role, f"{person} is listed {times} times. Once is enough.")
    return people


def _check_people(listed: Iterable[_Listed], partnership: set[PersonId]) -> None:
    listed = tuple(listed)
    known = {each.person.id for each in listed} | partnership
    for each in listed:
        _check_reference(each, "line_manager", each.person.line_manager, known)
        _check_reference(each, "deputy", each.person.deputy, known)
        _check_reference(each, "new_line_manager", each.person.new_manager or None, known)


def _check_equivalents(file: Table, agencies: Iterable[Agency], known: set[PersonId]) -> None:
    for number, agency in enumerate(agencies, start=1):
        for role, who in agency.equivalents:
            if who not in known:
                sentence = f"{who} is nobody in this file. {_LIST_THEM}"
                file.wrong(f"agency {number}, equivalents, {role}", sentence)


def _check_reference(
    each: _Listed, key: str, who: PersonId | None, known: Iterable[PersonId]
) -> None:
    word = key.replace("_", " ")
    if who is None:
        return
    if who == each.person.id:
        each.table.wrong(
            key, f"Nobody can be their own {word}. Name somebody else, or leave it out."
        )
    elif who not in known:
        each.table.wrong(key, f"{who} is nobody in this file. {_LIST_THEM}")


def _refuse_repeated(
    tables: Iterable[tuple[Table, str]], key: str, sentence: str
) -> tuple[Table, ...]:
    """The tables that say again what another has said."""
    seen: set[str] = set()
    again: list[Table] = []
    for table, value in tables:
        if value and value in seen:
            table.wrong(key, sentence.format(value))
            again.append(table)
        seen.add(value)
    return tuple(again)


def _slack_id(text: str) -> PersonId:
    if "@" in text[1:]:
        raise ValueError(f"Nobody in this file has the address {text}. {_LIST_THEM}")
    if not _SLACK_ID.fullmatch(text):
        raise ValueError(
            f'"{text}" is not a Slack member ID, such as "U0123ABCD". It is in the person\'s '
            'profile in Slack, under "Copy member ID".'
        )
    return PersonId(text)


def _away(text: str) -> Away:
    first, _, last = text.partition("/")
    away = Away(_day(first, text), _day(last or first, text))
    if away.last < away.first:
        raise ValueError(f'"{text}" ends before it begins. Write the first day, then the last.')
    return away


def _one_day(text: str) -> date | None:
    try:
        return _day(text, text)
    except ValueError:
        raise ValueError(f'"{text}" is not a date. Write the year first: "2026-03-01".') from None


def _day(day: str, text: str) -> date:
    if not _ISO_DAY.fullmatch(day):
        raise ValueError(_NOT_LEAVE.format(text))
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise ValueError(_NOT_LEAVE.format(text)) from None


def _resolved_agency(agency: object, ids: Mapping[str, str]) -> object:
    if not isinstance(agency, Mapping) or "equivalents" not in agency:
        return agency
    return {**agency, "equivalents": _with_ids(agency["equivalents"], ids)}


def _resolved_person(person: object, ids: Mapping[str, str]) -> object:
    if not isinstance(person, Mapping):
        return person
    found = _with_ids({key: person[key] for key in _NAMED if key in person}, ids)
    email = person.get("email")
    if "slack" not in person and isinstance(email, str) and email.casefold() in ids:
        found = {**found, "slack": ids[email.casefold()]}
    return {**person, **found}


def _with_ids(values: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(values, str):
        return ids.get(values.casefold(), values)
    if isinstance(values, Mapping):
        return {key: _with_ids(value, ids) for key, value in values.items()}
    return (
        [_with_ids(value, ids) for value in values] if isinstance(values, list | tuple) else values
    )


def _with_addresses(problem: Problem, ids: Mapping[str, str]) -> Problem:
    sentence = problem.sentence
    for email, who in ids.items():
        sentence = sentence.replace(who, email)
    return Problem(problem.where, sentence)


def _plain_agency(agency: Agency) -> dict[str, Any]:
    plain: dict[str, Any] = {"key": agency.key, "name": agency.name}
    return {**plain, **({"equivalents": dict(agency.equivalents)} if agency.equivalents else {})}


def _plain_person(person: Person) -> dict[str, Any]:
    """Only what says something: who has no deputy has no line about one."""
    return {
        "slack": person.id,
        "name": person.name,
        "agency": person.agency,
        "role": person.role,
        **({"line_manager": person.line_manager} if person.line_manager else {}),
        **({"deputy": person.deputy} if person.deputy else {}),
        **({"away": [f"{away.first}/{away.last}" for away in person.away]} if person.away else {}),
        **({} if person.active else {"active": False}),
        **({"provisional": True} if person.provisional else {}),
        **({"last_confirmed": f"{person.last_confirmed}"} if person.last_confirmed else {}),
        **_plain_new_manager(person),
    }


def _plain_new_manager(person: Person) -> dict[str, str]:
    named = person.new_manager
    return {} if named is None else {"new_line_manager": named or _NOT_ANYBODY}


def _toml_table(header: str, values: Mapping[str, Any]) -> str:
    lines = (f"{key} = {_toml_value(value)}" for key, value in values.items())
    return "\n".join((header, *lines, ""))


def _toml_value(value: Any) -> str:
    """JSON's texts, lists and truths are TOML's too, but for one character."""
    if isinstance(value, Mapping):
        pairs = (f"{_toml_value(key)} = {_toml_value(each)}" for key, each in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_NOBODY_LEFT = (
    "Nobody would be left to ask at the end. Name the business unit, the coordinators or the "
    f"scrutineer, for example business_unit = [{_ID_EXAMPLE}]."
)
