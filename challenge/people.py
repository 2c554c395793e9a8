"""Keeping the directory right: who may change what, and what the day book says of it.

As with a challenge, each rule is a pure function that answers with the new directory and a line
for the day book, or refuses. Coordinators change everything; everybody keeps their own entry, and
somebody new may add themself, so that nobody who is worried has to wait for an administrator.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from challenge.directory import (
    LINE_MANAGER,
    NOBODY,
    SAFEGUARDING_LEAD,
    Agency,
    Away,
    Directory,
    Person,
)
from challenge.model import AgencyKey, PersonId
from challenge.moment import Moment
from challenge.procedure import Procedure
from challenge.refusals import (
    EntryChanged,
    LastCoordinator,
    LeaveUnclear,
    NobodyToAct,
    NotActive,
    NotCoordinator,
    NothingToConfirm,
    NotListed,
    OwnStandIn,
    UnknownAgency,
)
from challenge.shown import mark_of

PRACTITIONER = "practitioner"
USUAL_ROLES = (PRACTITIONER, LINE_MANAGER, SAFEGUARDING_LEAD, "senior manager", "director")
A_QUARTER = timedelta(days=91)
ASK_AGAIN_AFTER = timedelta(days=14)
NONE = "none"
ACTS_FOR = "acts for it"
"""What the day book calls whoever is named for a role that an agency does not have."""
NEW_MANAGER = "line manager, to be confirmed"
PARTNERSHIP_ROLES = {
    "business_unit": "business unit",
    "coordinators": "coordinators",
    "scrutineer": "scrutineer",
    "aftercare": "aftercare",
}


class Noted(StrEnum):
    """What a line of the day book records."""

    REGISTERED = "registered themself"
    CONFIRMED = "was confirmed"
    ADDED = "was added"
    CHANGED = "was changed"
    CHANGED_OWN = "changed their own entry"
    STILL_RIGHT = "said that their entry is right"
    LEAVE = "leave was set"
    LEFT = "left Slack"
    RENAMED = "has another name in Slack"
    AGENCY = "agency was changed"
    ACTS_FOR = "who acts for an agency was changed"
    PARTNERSHIP = "the partnership's people were changed"
    LOADED = "the directory was loaded from a file"
    STAGE_CONFIRMED = "a stage of the procedure was confirmed"


@dataclass(frozen=True)
class Line:
    """A line of the day book: `by` is None when Slack told it, `about` a person or agency."""

    kind: Noted
    by: PersonId | None
    about: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A line as it stands in the day book."""

    line: Line
    at: datetime


@dataclass(frozen=True)
class Rearranged:
    """The directory as it is from now on, and the lines that say what was altered."""

    directory: Directory
    lines: tuple[Line, ...]


def register(
    directory: Directory,
    moment: Moment,
    *,
    by: PersonId,
    name: str,
    agency: str,
    role: str,
    line_manager: PersonId | None,
) -> Rearranged:
    """Somebody unknown adds themself. They may raise at once; a coordinator confirms the rest."""
    known = directory.person(by)
    if known and not known.active:
        raise NotActive
    _refuse_unknown_agency(directory, agency)
    _refuse_oneself("line_manager", by, line_manager)
    fresh = Person(by, name or str(by), AgencyKey(agency), role, line_manager)
    person = replace(
        _with_manager(directory, known, line_manager) if known else fresh,
        agency=AgencyKey(agency),
        role=role,
        provisional=by not in directory.partnership,
        last_confirmed=moment.today,
        asked=None,
    )
    return _with(directory, person, Line(Noted.REGISTERED, by, by, told(person)))


def may_register(directory: Directory, who: PersonId) -> bool:
    """Somebody unknown, where there is an agency for them to choose."""
    return directory.person(who) is None and bool(directory.agencies)


def confirm_person(
    directory: Directory, moment: Moment, *, by: PersonId, person: PersonId, seen: str = ""
) -> Rearranged:
    """A coordinator's yes to somebody who registered themself, or changed their own entry: from
    now on they may be asked, and so may the line manager whom they named.

    `seen` is the mark of the entry that the coordinator was shown.
    """
    refuse_unless_coordinator(directory, by)
    known = _known(directory, person)
    if seen and seen != mark_of(told(known)):
        raise EntryChanged
    manager = known.line_manager if known.new_manager is None else known.new_manager or None
    sure = replace(
        known,
        line_manager=manager,
        new_manager=None,
        provisional=False,
        last_confirmed=moment.today,
    )
    return _with(directory, sure, Line(Noted.CONFIRMED, by, person, told(sure)))


def change_person(
    directory: Directory,
    moment: Moment,
    *,
    by: PersonId,
    person: PersonId,
    name: str,
    agency: str,
    role: str,
    line_manager: PersonId | None = None,
    deputy: PersonId | None = None,
    active: bool = True,
) -> Rearranged:
    """A coordinator adds somebody, or puts their entry right."""
    refuse_unless_coordinator(directory, by)
    _refuse_unknown_agency(directory, agency)
    _refuse_oneself("line_manager", person, line_manager)
    _refuse_oneself("deputy", person, deputy)
    known = directory.person(person)
    changed = replace(
        known or Person(person, name, AgencyKey(agency), role),
        name=name.strip() or directory.name(person),
        agency=AgencyKey(agency),
        role=role,
        line_manager=line_manager,
        new_manager=None,
        deputy=deputy,
        active=active,
        provisional=False,
        last_confirmed=moment.today,
    )
    kind = Noted.CHANGED if known else Noted.ADDED
    return _with(directory, changed, Line(kind, by, person, _difference(known, changed)))


def change_own(
    directory: Directory,
    moment: Moment,
    *,
    by: PersonId,
    agency: str,
    role: str,
    line_manager: PersonId | None = None,
    deputy: PersonId | None = None,
) -> Rearranged:
    """One's own entry. Another agency, role or line manager has to be confirmed, as for somebody
    new."""
    known = _known(directory, by)
    _refuse_unknown_agency(directory, agency)
    _refuse_oneself("line_manager", by, line_manager)
    _refuse_oneself("deputy", by, deputy)
    moved = (known.agency, known.role) != (agency, role)
    managed = _with_manager(directory, known, line_manager)
    to_be_seen = moved or managed.new_manager not in (None, known.new_manager)
    changed = replace(
        managed,
        agency=AgencyKey(agency),
        role=role,
        deputy=deputy,
        provisional=known.provisional or moved,
        last_confirmed=moment.today,
        asked=None if to_be_seen else known.asked,
    )
    line = Line(Noted.CHANGED_OWN, by, by, _difference(known, changed))
    return _with(directory, changed, line)


def _with_manager(directory: Directory, known: Person, wanted: PersonId | None) -> Person:
    """The one who would take a stage on for them is not theirs alone to choose: until a
    coordinator has said yes, the line manager stays who it was."""
    if wanted == known.line_manager or is_coordinator(directory, known.id):
        return replace(known, line_manager=wanted, new_manager=None)
    return replace(known, new_manager=wanted or NOBODY)


def still_right(directory: Directory, moment: Moment, *, by: PersonId) -> Rearranged:
    """Yes to the quarterly question."""
    sure = replace(_known(directory, by), last_confirmed=moment.today)
    return _with(directory, sure, Line(Noted.STILL_RIGHT, by, by))


def set_leave(
    directory: Directory,
    moment: Moment,
    *,
    by: PersonId,
    person: PersonId,
    first: date | None,
    last: date | None,
    deputy: PersonId | None = None,
) -> Rearranged:
    """One's own leave, or anybody's by a coordinator.

    The days take the place of the leave that one's own form showed, the next, and of any that they
    touch; without days, the next ends. Past leave goes. No deputy keeps the one they have.
    """
    if by != person:
        refuse_unless_coordinator(directory, by)
    known = _known(directory, person)
    _refuse_oneself("deputy", person, deputy)
    if (first is None) != (last is None) or (first and last and (last < first)):
        raise LeaveUnclear
    if last and last < moment.today:
        raise LeaveUnclear
    leave = Away(first, last) if first and last else None
    away = _on_leave(known, moment.today, leave, instead=by == person or leave is None)
    changed = replace(known, away=away, deputy=deputy or known.deputy)
    return _with(directory, changed, Line(Noted.LEAVE, by, person, _difference(known, changed)))


def _on_leave(
    person: Person, today: date, leave: Away | None, *, instead: bool
) -> tuple[Away, ...]:
    """`instead` of the next leave, or beside it."""
    coming = sorted((each for each in person.away if each.last >= today), key=lambda a: a.first)
    rest = coming[1:] if instead else coming
    if leave is None:
        return tuple(rest)
    apart = [each for each in rest if each.last < leave.first or leave.last < each.first]
    return tuple(sorted([*apart, leave], key=lambda each: each.first))


def change_agency(
    directory: Directory, moment: Moment, *, by: PersonId, key: str, name: str
) -> Rearranged:
    """A coordinator adds an agency (without a key), or gives one another name."""
    refuse_unless_coordinator(directory, by)
    if key:
        _refuse_unknown_agency(directory, key)
    listed = {each.key: each for each in directory.agencies}
    known = listed.get(AgencyKey(key)) or Agency(AgencyKey(_fresh_key(directory, name)), "")
    agency = replace(known, name=name.strip())
    listed[agency.key] = agency
    changed = replace(directory, agencies=tuple(listed.values()))
    return Rearranged(changed, (Line(Noted.AGENCY, by, agency.key, {"name": agency.name}),))


def name_equivalent(
    directory: Directory,
    moment: Moment,
    *,
    by: PersonId,
    agency: str,
    role: str,
    person: PersonId | None = None,
) -> Rearranged:
    """A coordinator says who acts for an agency in a role; without a person, nobody does."""
    refuse_unless_coordinator(directory, by)
    _refuse_unknown_agency(directory, agency)
    if person and not directory.is_active(person):
        raise NobodyToAct
    was = equivalents_of(directory, AgencyKey(agency))
    named = {**was, role: person}
    acting = tuple((each, who) for each, who in named.items() if who)
    agencies = (
        replace(each, equivalents=acting) if each.key == agency else each
        for each in directory.agencies
    )
    said = f"{_mention(was.get(role)) or NONE} → {_mention(person) or NONE}"
    line = Line(Noted.ACTS_FOR, by, agency, {"agency": agency, "role": role, ACTS_FOR: said})
    return Rearranged(replace(directory, agencies=tuple(agencies)), (line,))


def equivalents_of(directory: Directory, agency: AgencyKey) -> Mapping[str, PersonId]:
    """Who acts for an agency, by the role in which they do."""
    return next((dict(a.equivalents) for a in directory.agencies if a.key == agency), {})


def change_partnership(
    directory: Directory,
    moment: Moment,
    *,
    by: PersonId,
    business_unit: Sequence[PersonId],
    coordinators: Sequence[PersonId],
    scrutineer: Sequence[PersonId],
    aftercare: Sequence[PersonId] = (),
) -> Rearranged:
    """A coordinator names the partnership's own people; one coordinator at least is left."""
    refuse_unless_coordinator(directory, by)
    if not coordinators:
        raise LastCoordinator
    changed = replace(
        directory,
        business_unit=tuple(business_unit),
        coordinators=tuple(coordinators),
        scrutineer=tuple(scrutineer),
        aftercare=tuple(aftercare),
    )
    detail = {
        words: f"{_people(getattr(directory, role))} → {_people(getattr(changed, role))}"
        for role, words in PARTNERSHIP_ROLES.items()
        if getattr(directory, role) != getattr(changed, role)
    }
    return Rearranged(changed, (Line(Noted.PARTNERSHIP, by, "partnership", detail),))


def followed(
    directory: Directory, moment: Moment, *, person: PersonId, name: str, gone: bool
) -> Rearranged | None:
    """What Slack says of somebody listed: another name, or an account that was closed."""
    known = directory.person(person)
    if known is None:
        return None
    changed = replace(known, name=name or known.name, active=known.active and not gone)
    lines = [
        *([_renamed(known, changed)] if changed.name != known.name else []),
        *([Line(Noted.LEFT, None, person)] if known.active and gone else []),
    ]
    return _with(directory, changed, *lines) if lines else None


def loaded(directory: Directory, moment: Moment, *, listed: Directory) -> Rearranged:
    """From a file, in the place of the one before, by whoever may type at the bot's own machine.
    Whoever it gives no date for counts as right today."""
    dated = (replace(p, last_confirmed=p.last_confirmed or moment.today) for p in listed.people)
    after = replace(listed, people=tuple(dated))
    counts = {"people": str(len(after.people)), "agencies": str(len(after.agencies))}
    return Rearranged(after, (Line(Noted.LOADED, None, "directory", counts),))


def asked_again(
    directory: Directory, moment: Moment, *, people: Collection[PersonId]
) -> Rearranged:
    """These, or the coordinators about them, are being asked today whether their entry is right.
    The day book does not say so."""
    today = moment.today
    changed = tuple(replace(p, asked=today) if p.id in people else p for p in directory.people)
    return Rearranged(replace(directory, people=changed), ())


def confirm_stage(
    directory: Directory, procedure: Procedure, *, by: PersonId, fingerprint: str
) -> Line:
    """A coordinator's yes to a stage as it stands in the file; for what is raised afterwards."""
    refuse_unless_coordinator(directory, by)
    for stage in procedure.stages:
        if not stage.confirmed and procedure.fingerprint(stage) == fingerprint:
            said = {"procedure": procedure.version, "stage": f"{stage.number}. {stage.title}"}
            return Line(Noted.STAGE_CONFIRMED, by, fingerprint, said)
    raise NothingToConfirm


def to_be_asked(directory: Directory, today: date, most: int) -> tuple[PersonId, ...]:
    """Whose entry was last confirmed over a quarter ago, longest ago first; that many."""
    due = [p for p in directory.people if p.active and _is_due(p, today)]
    longest_ago = sorted(due, key=lambda person: person.last_confirmed or date.min)
    return tuple(person.id for person in longest_ago[:most])


def to_be_checked(directory: Directory, today: date) -> tuple[PersonId, ...]:
    """Of those who wait for a coordinator's yes, whom the coordinators were not told of lately."""
    waiting = to_be_confirmed(directory)
    return tuple(person.id for person in waiting if not _lately(person, today))


def to_be_confirmed(directory: Directory) -> tuple[Person, ...]:
    """Who registered themself, moved or named a line manager, and waits for a coordinator's yes."""
    return tuple(person for person in directory.people if person.waits)


def still_named(directory: Directory) -> tuple[Person, ...]:
    """Who has left and is still somebody's manager or deputy, acts for an agency, or is one of the
    partnership's own."""
    named = {who for p in directory.people if p.active for who in (p.line_manager, p.deputy)}
    named |= {who for agency in directory.agencies for _, who in agency.equivalents}
    named |= set(directory.partnership)
    return tuple(p for p in directory.people if not p.active and p.id in named)


def naming(directory: Directory, who: PersonId) -> tuple[Person, ...]:
    """Whose line manager or deputy somebody is."""
    return tuple(p for p in directory.people if p.active and who in (p.line_manager, p.deputy))


def acted_for(directory: Directory, who: PersonId) -> tuple[Agency, ...]:
    """The agencies for which somebody acts in a role that they do not have."""
    return tuple(a for a in directory.agencies if who in dict(a.equivalents).values())


def became_inactive(before: Directory, after: Directory) -> tuple[PersonId, ...]:
    """Who was there and is not any more; the partnership's own need no entry to be there."""
    known = dict.fromkeys((*(p.id for p in before.people), *before.partnership))
    return tuple(w for w in known if before.is_active(w) and not after.is_active(w))


def leave_changed(before: Directory, after: Directory) -> tuple[PersonId, ...]:
    """Whose days away are others than they were."""
    away = {person.id: person.away for person in before.people}
    return tuple(p.id for p in after.people if p.active and p.away != away.get(p.id, ()))


def is_coordinator(directory: Directory, who: PersonId) -> bool:
    person = directory.person(who)
    return who in directory.coordinators and (person is None or person.active)


def refuse_unless_coordinator(directory: Directory, who: PersonId) -> None:
    """Raises NotCoordinator."""
    if not is_coordinator(directory, who):
        raise NotCoordinator


def roles_known(directory: Directory, procedure: Procedure) -> tuple[str, ...]:
    """Every role that somebody may be given: the usual, the procedure's, and those in use."""
    asked = (r for stage in procedure.stages for r in (*stage.raising, *stage.receiving))
    used = (person.role for person in directory.people)
    return tuple(dict.fromkeys((*USUAL_ROLES, *asked, *used)))


def told(person: Person) -> dict[str, str]:
    """An entry in words, for the day book."""
    away = ", ".join(f"{leave.first} to {leave.last}" for leave in person.away)
    said = {
        "name": person.name,
        "agency": str(person.agency),
        "role": person.role,
        "line manager": _mention(person.line_manager),
        NEW_MANAGER: NONE if person.new_manager == NOBODY else _mention(person.new_manager),
        "deputy": _mention(person.deputy),
        "away": away,
        "active": "" if person.active else "no",
        "to be confirmed": "yes" if person.provisional else "",
    }
    return {key: words for key, words in said.items() if words}


def _difference(before: Person | None, after: Person) -> dict[str, str]:
    was, now = told(before) if before else {}, told(after)
    keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    return {key: f"{was.get(key, NONE)} → {now.get(key, NONE)}" for key in keys}


def _renamed(before: Person, after: Person) -> Line:
    return Line(Noted.RENAMED, None, after.id, {"name": f"{before.name} → {after.name}"})


def _with(directory: Directory, person: Person, *lines: Line) -> Rearranged:
    known = {each.id: each for each in directory.people} | {person.id: person}
    return Rearranged(replace(directory, people=tuple(known.values())), lines)


def _known(directory: Directory, who: PersonId) -> Person:
    person = directory.person(who)
    if person is None:
        raise NotListed
    return person


def _is_due(person: Person, today: date) -> bool:
    sure = person.last_confirmed is not None and today - person.last_confirmed < A_QUARTER
    return not sure and not _lately(person, today)


def _lately(person: Person, today: date) -> bool:
    return person.asked is not None and today - person.asked < ASK_AGAIN_AFTER


def _refuse_unknown_agency(directory: Directory, key: str) -> None:
    if key not in {agency.key for agency in directory.agencies}:
        raise UnknownAgency


def _refuse_oneself(field: str, who: PersonId, other: PersonId | None) -> None:
    if other == who:
        raise OwnStandIn(field)


def _fresh_key(directory: Directory, name: str) -> str:
    """A short key made of the name, and numbered when it is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "agency"
    taken = {agency.key for agency in directory.agencies}
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (base, *numbered) if key not in taken)


def _people(people: Iterable[PersonId]) -> str:
    return ", ".join(_mention(who) for who in people) or "nobody"


def _mention(who: PersonId | None) -> str:
    return f"<@{who}>" if who else ""
