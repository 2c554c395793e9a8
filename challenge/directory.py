"""Who works where, who stands in for whom, and who is next when nobody answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import takewhile

from challenge.model import UNKNOWN_AGENCY, AgencyKey, Challenge, PersonId, Side, Status
from challenge.procedure import Stage

PRACTITIONER = "practitioner"
LINE_MANAGER = "line manager"
SAFEGUARDING_LEAD = "safeguarding lead"
# What somebody does for the person. Any other role says how high somebody stands, or is a title of
# an agency's own; it finds people, and is shown to nobody who challenges them.
ROLES_SHOWN = (PRACTITIONER, LINE_MANAGER, SAFEGUARDING_LEAD)
NOBODY = PersonId("")
"""The new line manager of somebody who says that they have none."""


@dataclass(frozen=True)
class Away:
    """Days of leave; both ends count."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Agency:
    """`equivalents` are named for roles that the agency does not have itself: a GP practice, a
    small provider or a school may name a person of its own, or another agency's, to act for it."""

    key: AgencyKey
    name: str
    equivalents: tuple[tuple[str, PersonId], ...] = ()


@dataclass(frozen=True)
class Person:
    """`provisional` until a coordinator has confirmed somebody who registered themself.

    `last_confirmed` is when the entry was last known to be right; `asked` is when they were asked
    or, while something waits for a coordinator's yes, when the coordinators were. `new_manager` is
    the line manager whom they named themself, and who is asked for nothing before that yes.
    """

    id: PersonId
    name: str
    agency: AgencyKey
    role: str
    line_manager: PersonId | None = None
    deputy: PersonId | None = None
    away: tuple[Away, ...] = ()
    active: bool = True
    provisional: bool = False
    last_confirmed: date | None = None
    asked: date | None = None
    new_manager: PersonId | None = None

    @property
    def waits(self) -> bool:
        """Whether a coordinator has something in their entry to say yes to."""
        return self.active and (self.provisional or self.new_manager is not None)

    def is_away(self, day: date) -> bool:
        return any(leave.covers(day) for leave in self.away)


@dataclass(frozen=True)
class Directory:
    """People and agencies as of now. Order counts: of several in one role, the first is asked."""

    agencies: tuple[Agency, ...] = ()
    people: tuple[Person, ...] = ()
    business_unit: tuple[PersonId, ...] = ()
    coordinators: tuple[PersonId, ...] = ()
    scrutineer: tuple[PersonId, ...] = ()
    aftercare: tuple[PersonId, ...] = ()
    version: int = field(default=0, compare=False)

    @cached_property
    def _by_id(self) -> Mapping[PersonId, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def _names(self) -> Mapping[AgencyKey, str]:
        return {agency.key: agency.name for agency in self.agencies}

    @cached_property
    def _by_role(self) -> Mapping[tuple[AgencyKey, str], tuple[PersonId, ...]]:
        found: dict[tuple[AgencyKey, str], tuple[PersonId, ...]] = {}
        for agency in self.agencies:
            for role, who in agency.equivalents:
                found[agency.key, role] = (who,)
        for person in self.people:
            key = (person.agency, person.role)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), person.id)))
        return found

    @cached_property
    def by_name(self) -> tuple[Person, ...]:
        """In the order of the alphabet; whoever has left stands at the end."""
        return tuple(sorted(self.people, key=lambda each: (not each.active, each.name.casefold())))

    @cached_property
    def _by_agency(self) -> Mapping[AgencyKey, tuple[Person, ...]]:
        found: dict[AgencyKey, list[Person]] = {}
        for person in self.by_name:
            found.setdefault(person.agency, []).append(person)
        return {key: tuple(people) for key, people in found.items()}

    def people_of(self, agency: AgencyKey) -> tuple[Person, ...]:
        """As `by_name`."""
        return self._by_agency.get(agency, ())

    def person(self, who: PersonId) -> Person | None:
        return self._by_id.get(who)

    def name(self, who: PersonId) -> str:
        person = self.person(who)
        return person.name if person else str(who)

    def agency_of(self, who: PersonId) -> AgencyKey:
        person = self.person(who)
        return person.agency if person else UNKNOWN_AGENCY

    def agency_name(self, key: AgencyKey) -> str:
        return self._names.get(key, "an agency not in the directory")

    def in_role(self, agency: AgencyKey, role: str) -> tuple[PersonId, ...]:
        return self._by_role.get((agency, role), ())

    def deputy_of(self, who: PersonId) -> PersonId | None:
        """Nobody whom a coordinator has still to confirm."""
        person = self.person(who)
        deputy = self.person(person.deputy) if person and person.deputy else None
        return None if person is None or (deputy and deputy.provisional) else person.deputy

    def is_active(self, who: PersonId) -> bool:
        """Whether they may act: active in the directory, or of the partnership's own people."""
        person = self.person(who)
        return person.active if person else who in self.partnership

    def has_left(self, who: PersonId) -> bool:
        """Listed, and no longer active."""
        person = self.person(who)
        return person is not None and not person.active

    @property
    def partnership(self) -> tuple[PersonId, ...]:
        """The last resort, in order: the business unit, the coordinators, the scrutineer."""
        return (*self.business_unit, *self.coordinators, *self.scrutineer)

    def can_be_asked(self, who: PersonId, day: date) -> bool:
        """Active, confirmed and not on leave; the partnership's own people count as there."""
        person = self.person(who)
        if person is None:
            return who in self.partnership
        return person.active and not person.provisional and not person.is_away(day)


def next_to_ask(
    challenge: Challenge, directory: Directory, side: Side, stage: Stage, day: date
) -> PersonId | None:
    """The first person of a side's ladder who may take the stage on and was not asked yet.

    Once everyone was asked, the partnership's own people are asked again, in turn and starting
    with whoever was asked longest ago: silence never ends it.
    """
    first = not_asked_yet(challenge, directory, side, stage, day)
    return first or _asked_longest_ago(challenge, directory, side, day)


def not_asked_yet(
    challenge: Challenge, directory: Directory, side: Side, stage: Stage, day: date
) -> PersonId | None:
    """The first of a side's ladder to whom nobody has turned; None once everyone was asked."""
    ladder = _still_to_ask(challenge, directory, side, stage)
    return next((who for who in ladder if directory.can_be_asked(who, day)), None)


def passed_over(
    challenge: Challenge, directory: Directory, side: Side, stage: Stage, day: date
) -> tuple[PersonId, ...]:
    """Whoever would have been asked first, had they been there: away, gone, or not listed."""
    ladder = _still_to_ask(challenge, directory, side, stage)
    absent = takewhile(lambda who: not directory.can_be_asked(who, day), ladder)
    return tuple(dict.fromkeys(who for who in absent if who not in directory.partnership))


def barred_from(challenge: Challenge, side: Side) -> frozenset[PersonId]:
    """Who may not accept for a side: those in the dispute, this stage's leads, the other side's.

    A supporter of the other side counts as theirs.

    Whoever made the disputed decision never accepts its review, and nobody holds two successive
    stages: once one side has accepted, the stage before is the one that the challenge left.
    """
    elsewhere = {p.person for p in challenge.prompts if p.side is not side and p.person}
    before = challenge.held_before if challenge.status is Status.OPEN else ()
    dispute = {challenge.raised_by, challenge.challenged}
    taken = {one.person for one in challenge.answering}
    beside = {s.person for s in challenge.supporters if s.side is not side}
    aside = {one.person for one in challenge.aside if one.side is side}
    return frozenset({*dispute, *taken, *before, *elsewhere, *beside, *aside})


def stand_in(challenge: Challenge, directory: Directory, side: Side, day: date) -> PersonId | None:
    """Who could speak for a side of which nobody is left: the practitioner's own line manager
    first, then whoever its agency has in any role that the stages name, then the partnership."""
    barred = barred_from(challenge, side)
    mine = challenge.practitioner(side)
    named = (role for stage in challenge.procedure.stages for role in _of(stage, side))
    roles = dict.fromkeys((LINE_MANAGER, *(role for role in named if role != PRACTITIONER)))
    own = ladder_of(directory, mine, challenge.agency(side), roles, barred)
    people = (*own, *directory.business_unit, *directory.coordinators)
    there = (who for who in people if directory.can_be_asked(who, day))
    return next((who for who in there if who not in barred), None)


def is_on_ladder(
    challenge: Challenge, directory: Directory, side: Side, stage: Stage, who: PersonId
) -> bool:
    """Whether somebody could be asked for that side, whether or not they were already."""
    return who in _ladder(challenge, directory, side, stage, barred_from(challenge, side))


def line_of(directory: Directory, who: PersonId) -> tuple[PersonId, ...]:
    """Their line manager, that one's line manager, and so on up; each once, however they stand."""
    line: list[PersonId] = []
    above = directory.person(who)
    while above and above.line_manager and above.line_manager not in (who, *line):
        line.append(above.line_manager)
        above = directory.person(above.line_manager)
    return tuple(line)


def _still_to_ask(
    challenge: Challenge, directory: Directory, side: Side, stage: Stage
) -> Iterator[PersonId]:
    """The side's ladder, without those who may not take it on or were asked."""
    barred = barred_from(challenge, side)
    ladder = _ladder(challenge, directory, side, stage, barred)
    return (who for who in ladder if who not in barred and who not in challenge.tried)


def _asked_longest_ago(
    challenge: Challenge, directory: Directory, side: Side, day: date
) -> PersonId | None:
    barred = barred_from(challenge, side)
    again = (who for who in challenge.tried if who in directory.partnership and who not in barred)
    return next((who for who in again if directory.can_be_asked(who, day)), None)


def _ladder(
    challenge: Challenge,
    directory: Directory,
    side: Side,
    stage: Stage,
    barred: frozenset[PersonId],
) -> Iterator[PersonId]:
    """Each role's first person and their deputy, then the others in those roles, then the unit.

    Nobody is found through somebody who is barred: a deputy would answer in that one's stead.
    """
    if side is Side.PARTNERSHIP:
        yield from _climbed(directory, [directory.scrutineer], barred)
    else:
        roles = _roles(challenge, side, stage)
        practitioner = challenge.practitioner(side)
        # Somebody unknown at first may have been listed since.
        agency = challenge.agency(side) or directory.agency_of(practitioner)
        yield from ladder_of(directory, practitioner, agency, roles, barred)
    yield from directory.partnership


def _roles(challenge: Challenge, side: Side, stage: Stage) -> tuple[str, ...]:
    roles = _of(stage, side)
    if side not in challenge.past_line:
        return roles
    # Past the line: the safeguarding lead first of all, another line manager last.
    others = tuple(role for role in roles if role != LINE_MANAGER)
    return tuple(dict.fromkeys((SAFEGUARDING_LEAD, *others, *roles)))


def _of(stage: Stage, side: Side) -> tuple[str, ...]:
    return stage.raising if side is Side.RAISING else stage.receiving


def ladder_of(
    directory: Directory,
    practitioner: PersonId,
    agency: AgencyKey,
    roles: Iterable[str],
    barred: frozenset[PersonId] = frozenset(),
) -> Iterator[PersonId]:
    """Everyone who could be asked in these roles for that practitioner's side, in order.

    Whoever reports to that practitioner comes after all the others: nobody should have to answer
    for their own manager while somebody else could.
    """
    rungs = [_in_role(directory, practitioner, agency, role) for role in roles]
    for below in (False, True):
        some = [
            tuple(w for w in r if _is_below(directory, w, practitioner) is below) for r in rungs
        ]
        yield from _climbed(directory, some, barred)


def _is_below(directory: Directory, who: PersonId, manager: PersonId) -> bool:
    return manager in line_of(directory, who)


def _climbed(
    directory: Directory, rungs: Sequence[tuple[PersonId, ...]], barred: frozenset[PersonId]
) -> Iterator[PersonId]:
    for rung in rungs:
        yield from _with_deputies(directory, rung[:1], barred)
    for rung in rungs:
        yield from _with_deputies(directory, rung[1:], barred)


def _in_role(
    directory: Directory, practitioner: PersonId, agency: AgencyKey, role: str
) -> tuple[PersonId, ...]:
    person = directory.person(practitioner)
    anyone = directory.in_role(agency, role)
    if role == LINE_MANAGER and person and person.line_manager:
        return tuple(dict.fromkeys((person.line_manager, *anyone)))
    return anyone


def _with_deputies(
    directory: Directory, rung: tuple[PersonId, ...], barred: frozenset[PersonId]
) -> Iterator[PersonId]:
    for who in rung:
        yield who
        deputy = directory.deputy_of(who)
        if deputy and who not in barred:
            yield deputy
