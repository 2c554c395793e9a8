"""Support: one named supporter beside each side, and somebody to talk with before raising anything.

A supporter reads, writes in the channel and may say that someone is at risk; they never decide.
"""

from dataclasses import replace
from datetime import date

from challenge.aside import refuse_put_out
from challenge.directory import LINE_MANAGER, SAFEGUARDING_LEAD, Directory
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Involved,
    Notice,
    PersonId,
    Side,
    Told,
)
from challenge.moment import Moment
from challenge.refusals import (
    NobodyToTalkTo,
    OnItAlready,
    PartnershipsOwn,
    SupportedAlready,
    SupporterUnknown,
    TheOtherSides,
)
from challenge.rights import Act, refuse_unless_may

OPPOSITE = {Side.RAISING: Side.RECEIVING, Side.RECEIVING: Side.RAISING}


def bring_supporter(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, supporter: PersonId
) -> Change:
    """Somebody of one side's own choosing comes in beside them, and the other side is told who."""
    refuse_unless_may(Act.BRING_SUPPORTER, challenge, directory, by)
    side = Side.RAISING if by == challenge.raised_by else Side.RECEIVING
    refuse_second(challenge, side)
    refuse_unless_supporter(challenge, directory, side, supporter)
    beside = Involved(supporter, side)
    changed = replace(
        challenge,
        involved=(*challenge.involved, beside),
        supporters=(*challenge.supporters, beside),
    )
    entry = Entry(
        Happened.SUPPORTED,
        by,
        f"<@{by}> brought in <@{supporter}> to support the {side} side. They may read, write and "
        "say that someone is at risk; they decide nothing.",
    )
    notices = (
        Notice(Told.INVITE, about=supporter),
        Notice(Told.SUPPORTED, about=supporter, mark=by),
        Notice(Told.SUPPORTING, to=supporter, about=by),
        Notice(Told.CARD),
    )
    return Change(changed, (entry,), notices)


def refuse_second(challenge: Challenge, side: Side) -> None:
    """Raises SupportedAlready: one for each side keeps the two of them equal."""
    there = supporter_of(challenge, side)
    if there:
        raise SupportedAlready(who=f"<@{there}>")


def supporter_of(challenge: Challenge, side: Side) -> PersonId | None:
    return next((s.person for s in challenge.supporters if s.side is side), None)


def refuse_unless_supporter(
    challenge: Challenge, directory: Directory, side: Side, who: PersonId
) -> None:
    """Raises what is wrong with the choice: the other side's, on it already, neutral or unknown."""
    if who in _people_of(challenge, directory, OPPOSITE[side]):
        raise TheOtherSides
    if who in challenge.everyone:
        raise OnItAlready
    refuse_put_out(challenge, "supporter", who)
    if who in directory.partnership:
        raise PartnershipsOwn
    person = directory.person(who)
    if person is None or not person.active:
        raise SupporterUnknown
    between_two = challenge.raising_agency != challenge.receiving_agency
    if between_two and person.agency == challenge.agency(OPPOSITE[side]):
        raise TheOtherSides


def lead_to_ask(
    directory: Directory, day: date, by: PersonId, but: frozenset[PersonId] = frozenset()
) -> PersonId | None:
    """The safeguarding lead of somebody's agency, else a line manager, who is there that day."""
    agency, person = directory.agency_of(by), directory.person(by)
    own = person.line_manager if person else None
    named = [
        *directory.in_role(agency, SAFEGUARDING_LEAD),
        *([own] if own else []),
        *directory.in_role(agency, LINE_MANAGER),
    ]
    there = (who for who in named if directory.can_be_asked(who, day))
    return next((who for who in there if who != by and who not in but), None)


def someone_to_talk_to(
    directory: Directory, day: date, by: PersonId, *, emergency: str
) -> PersonId:
    """Whom to talk with before raising anything. Raises NobodyToTalkTo, which says whom to ask."""
    who = lead_to_ask(directory, day, by)
    if who is None:
        coordinators = " or ".join(f"<@{c}>" for c in directory.coordinators) or "a coordinator"
        raise NobodyToTalkTo(coordinators=coordinators, emergency=emergency)
    return who


def _people_of(challenge: Challenge, directory: Directory, side: Side) -> frozenset[PersonId]:
    """Whoever is on that side by now, is asked for it, or is its practitioner's own manager."""
    practitioner = challenge.raised_by if side is Side.RAISING else challenge.challenged
    person = directory.person(practitioner)
    asked = {who for p in challenge.prompts if p.side is side for who in (p.person, p.deputy)}
    brought = {i.person for i in (*challenge.involved, *challenge.answering) if i.side is side}
    manager = person.line_manager if person else None
    return frozenset(who for who in {practitioner, manager, *asked, *brought} if who)
