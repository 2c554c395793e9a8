"""What stands in the directory and will work, but not as whoever wrote it may think.

`doubts` are about one entry, for a coordinator in Slack; `warnings` are about all of it at once,
by their place in a file, for whoever loads one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from challenge.directory import (
    LINE_MANAGER,
    PRACTITIONER,
    SAFEGUARDING_LEAD,
    Agency,
    Directory,
    Person,
    line_of,
)
from challenge.directory_file import LAST_RESORT, PARTNERSHIP_ROLES
from challenge.model import AgencyKey, PersonId
from challenge.people import A_QUARTER, USUAL_ROLES
from challenge.plain import Problem, meant
from challenge.procedure import Procedure, Stage

NOBODY_ABOVE = ("senior manager", "director")
"""Roles in which it is no wonder that somebody has no line manager."""


class Doubt(StrEnum):
    """What a coordinator should look at in somebody's entry."""

    UNCHECKED = "A coordinator has still to check this"
    NO_MANAGER = "No line manager"
    MANAGER_GONE = "The line manager has left or is not listed"
    DEPUTY_GONE = "The deputy has left or is not listed"
    NOT_SURE = "Not confirmed this quarter"


def doubts(directory: Directory, person: Person, today: date) -> tuple[Doubt, ...]:
    """Nothing about somebody who has left: nobody is asked through them any more."""
    if not person.active:
        return ()
    confirmed = person.last_confirmed
    found = {
        Doubt.UNCHECKED: person.waits,
        Doubt.NO_MANAGER: person.line_manager is None and _needs_manager(directory, person),
        Doubt.MANAGER_GONE: _is_gone(directory, person.line_manager),
        Doubt.DEPUTY_GONE: _is_gone(directory, person.deputy),
        Doubt.NOT_SURE: confirmed is None or today - confirmed >= A_QUARTER,
    }
    return tuple(doubt for doubt, is_so in found.items() if is_so)


def warnings(directory: Directory, procedure: Procedure | None = None) -> tuple[Problem, ...]:
    """Roles and stages are held against the procedure, where there is one."""
    of_procedure = [*_strange_roles(directory, procedure)] if procedure else []
    of_procedure += [*_unanswered(directory, procedure)] if procedure else []
    return (
        *_alone(directory),
        *_deputies_elsewhere(directory),
        *_circles(directory),
        *_partnership(directory),
        *of_procedure,
    )


def _needs_manager(directory: Directory, person: Person) -> bool:
    return person.role not in NOBODY_ABOVE and person.id not in directory.partnership


def _is_gone(directory: Directory, who: PersonId | None) -> bool:
    return who is not None and not directory.is_active(who)


def _numbered(directory: Directory) -> Iterator[tuple[int, Person]]:
    """Those who are there, by their place in the file."""
    for number, person in enumerate(directory.people, start=1):
        if person.active:
            yield number, person


def _alone(directory: Directory) -> Iterator[Problem]:
    for number, person in _numbered(directory):
        if person.role == PRACTITIONER and not _has_someone_above(directory, person):
            yield Problem(f"person {number}", _ALONE.format(person.name))


def _has_someone_above(directory: Directory, person: Person) -> bool:
    roles = (LINE_MANAGER, SAFEGUARDING_LEAD)
    others = (who for role in roles for who in directory.in_role(person.agency, role))
    return person.line_manager is not None or any(who != person.id for who in others)


def _deputies_elsewhere(directory: Directory) -> Iterator[Problem]:
    for number, person in _numbered(directory):
        deputy = directory.person(person.deputy) if person.deputy else None
        if deputy and deputy.agency != person.agency:
            agency = directory.agency_name(deputy.agency)
            sentence = _DEPUTY_ELSEWHERE.format(deputy.name, agency, person.name)
            yield Problem(f"person {number}, deputy", sentence)


def _circles(directory: Directory) -> Iterator[Problem]:
    """Each circle once, at the first who is in it."""
    told: set[PersonId] = set()
    for number, person in _numbered(directory):
        line = (person.id, *line_of(directory, person.id))
        last = directory.person(line[-1])
        if last and last.line_manager == person.id and person.id not in told:
            told |= set(line)
            names = ", then ".join(directory.name(who) for who in (*line[:5], person.id))
            yield Problem(f"person {number}, line_manager", _CIRCLE.format(names))


def _partnership(directory: Directory) -> Iterator[Problem]:
    for role in PARTNERSHIP_ROLES:
        people: tuple[PersonId, ...] = getattr(directory, role)
        strange = [str(who) for who in people if directory.person(who) is None]
        if strange:
            yield Problem(f"partnership, {role}", _UNLISTED.format(", ".join(strange)))
        if not people and role in LAST_RESORT:
            yield Problem(f"partnership, {role}", _EMPTY.format(role))


def _strange_roles(directory: Directory, procedure: Procedure) -> Iterator[Problem]:
    """Each role once, at the first who has it: most often it is one of the known, misspelt."""
    known = _roles_asked(procedure)
    own = {*directory.partnership, *directory.aftercare}
    told: set[str] = set()
    for number, person in _numbered(directory):
        if person.role not in known and person.role not in told and person.id not in own:
            told.add(person.role)
            yield Problem(f"person {number}, role", _strange(person.role, known))
    for number, agency in enumerate(directory.agencies, start=1):
        for role, _ in agency.equivalents:
            if role not in known:
                yield Problem(f"agency {number}, equivalents, {role}", _strange(role, known))


def _roles_asked(procedure: Procedure) -> tuple[str, ...]:
    stages = (r for s in procedure.stages for r in (*s.raising, *s.receiving, *s.notify))
    return tuple(dict.fromkeys((*USUAL_ROLES, *stages, procedure.top.role)))


def _strange(role: str, known: Iterable[str]) -> str:
    return f'No stage asks for the role "{role}". {meant(role, known)}'


def _unanswered(directory: Directory, procedure: Procedure) -> Iterator[Problem]:
    own = set(directory.partnership)
    at_work = {p.agency for p in directory.people if p.active and p.id not in own}
    managed = {p.agency for p in directory.people if p.line_manager and p.active}
    for number, agency in enumerate(directory.agencies, start=1):
        for stage in procedure.stages if agency.key in at_work else ():
            if roles := _nobody_in(directory, agency.key, stage, managed):
                yield Problem(f"agency {number}", _nobody_answers(agency, stage, roles))


def _nobody_in(
    directory: Directory, agency: AgencyKey, stage: Stage, managed: Iterable[AgencyKey]
) -> tuple[str, ...]:
    """The roles of that side of the stage for which the agency has nobody; empty when it has."""

    def has(role: str) -> bool:
        listed = (directory.person(who) for who in directory.in_role(agency, role))
        there = any(person and person.active and not person.provisional for person in listed)
        # The practitioners answer their own stage; a line manager is found by who has one.
        return there or role == PRACTITIONER or (role == LINE_MANAGER and agency in managed)

    sides = (stage.raising, stage.receiving)
    return next((roles for roles in sides if not any(has(role) for role in roles)), ())


def _nobody_answers(agency: Agency, stage: Stage, roles: Iterable[str]) -> str:
    return (
        f"Nobody in {agency.name} can answer stage {stage.number}, {stage.title}: it asks for "
        f"{' or '.join(roles)}. The partnership would be asked in their place."
    )


_ALONE = (
    "{} has no line manager, and their agency nobody else who could be asked: a challenge that "
    "goes up goes straight to the partnership."
)
_DEPUTY_ELSEWHERE = (
    "The deputy {} is of another agency, {}, and would answer for {}'s side. Name somebody of the "
    "same agency, unless that is meant."
)
_CIRCLE = "Line managers go round in a circle: {}. Nobody stands above them."
_UNLISTED = (
    "No [[person]] entry for {}: they are asked all the same, but the bot does not know their "
    "name, their leave or whether they have left."
)
_EMPTY = "There is nobody in {}: others are asked in their place."
