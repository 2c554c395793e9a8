"""Who may do what: one table, asked inside every rule, from the case file and the directory alone.

A part is what a person is to one challenge. Whoever has no part learns nothing, not even that
the reference exists.
"""

from enum import StrEnum

from challenge.directory import Directory, barred_from
from challenge.model import Challenge, PersonId, Prompt, Side, Status
from challenge.refusals import (
    AlreadyAccepted,
    AlreadyOffered,
    Closed,
    NotActive,
    NothingHere,
    NotYours,
    PromptPassedOn,
)


class Part(StrEnum):
    RAISER = "the person who raised it"
    CHALLENGED = "the person challenged"
    RAISING_LEAD = "the raising side's lead"
    RECEIVING_LEAD = "the receiving side's lead"
    PARTNERSHIP_LEAD = "the partnership's lead"
    PROMPTED = "the person asked to accept"
    DEPUTY = "the deputy of the person asked"
    INVOLVED = "someone brought in at some stage"
    TOLD = "the partnership, once told"


class Act(StrEnum):
    SEE = "see"
    PROPOSE_DATE = "propose a date"
    ACCEPT_DATE = "accept a date"
    PUT_POSITION = "put their side's position"
    CHANGE_DECISION = "say that the decision is changed"
    SET_MEANWHILE = "say what keeps the person safe"
    ADD_VOICE = "add the person's voice"
    MARK_SEEN = "mark as seen"
    ASK_SUPPORT = "ask for support"
    DECLARE_RISK = "say that someone may be at risk"
    ESCALATE = "escalate"
    ACCEPT = "accept the escalation"
    DECLINE = "say that they are not the right person"
    PROPOSE_SETTLEMENT = "propose how it was settled"
    CONFIRM_SETTLEMENT = "confirm how it was settled"
    DECLINE_SETTLEMENT = "say why it is not settled"
    WITHDRAW = "withdraw"


LEADS = frozenset({Part.RAISING_LEAD, Part.RECEIVING_LEAD, Part.PARTNERSHIP_LEAD})
SIDES = frozenset({Part.RAISER, Part.CHALLENGED}) | LEADS
BOTH_SIDES = SIDES - {Part.PARTNERSHIP_LEAD}
ASKED = frozenset({Part.PROMPTED, Part.DEPUTY})

MAY: dict[Act, frozenset[Part]] = {
    Act.SEE: frozenset(Part),
    Act.PROPOSE_DATE: SIDES,
    Act.ACCEPT_DATE: SIDES,
    Act.PUT_POSITION: BOTH_SIDES,
    Act.CHANGE_DECISION: frozenset({Part.CHALLENGED, Part.RECEIVING_LEAD}),
    Act.SET_MEANWHILE: SIDES,
    Act.ADD_VOICE: SIDES,
    Act.MARK_SEEN: SIDES,
    Act.ASK_SUPPORT: SIDES,
    # Safety before procedure: anyone who may read the challenge may say that someone is at risk.
    Act.DECLARE_RISK: frozenset(Part),
    Act.ESCALATE: SIDES,
    Act.ACCEPT: ASKED,
    Act.DECLINE: ASKED,
    Act.PROPOSE_SETTLEMENT: SIDES,
    Act.CONFIRM_SETTLEMENT: SIDES,
    Act.DECLINE_SETTLEMENT: SIDES,
    Act.WITHDRAW: frozenset({Part.RAISER}),
}

# Which moves are open in which state. Talking, seeing, settling and safety are always open until
# the end; a date belongs to a running clock; what is closed stays closed.
ALWAYS = frozenset(
    {
        Act.SEE,
        Act.PUT_POSITION,
        Act.CHANGE_DECISION,
        Act.SET_MEANWHILE,
        Act.ADD_VOICE,
        Act.MARK_SEEN,
        Act.ASK_SUPPORT,
        Act.DECLARE_RISK,
        Act.ACCEPT,
        Act.DECLINE,
        Act.PROPOSE_SETTLEMENT,
        Act.CONFIRM_SETTLEMENT,
        Act.DECLINE_SETTLEMENT,
        Act.WITHDRAW,
    }
)
MOVES: dict[Status, frozenset[Act]] = {
    Status.OPEN: ALWAYS | {Act.PROPOSE_DATE, Act.ACCEPT_DATE, Act.ESCALATE},
    Status.OFFERED: ALWAYS,
    Status.SETTLED: frozenset({Act.SEE}),
    Status.WITHDRAWN: frozenset({Act.SEE}),
}

WHOSE: dict[Act, str] = {
    Act.PUT_POSITION: "the two people whose disagreement it is, and those who answer for them",
    Act.CHANGE_DECISION: "the person challenged, or whoever answers for them",
    Act.ACCEPT: "the person asked to take it on, or their deputy",
    Act.DECLINE: "the person asked to take it on, or their deputy",
    Act.WITHDRAW: "the person who raised the challenge",
}

OF_SIDE = {
    Side.RAISING: Part.RAISING_LEAD,
    Side.RECEIVING: Part.RECEIVING_LEAD,
    Side.PARTNERSHIP: Part.PARTNERSHIP_LEAD,
}


def parts(challenge: Challenge, directory: Directory, who: PersonId) -> frozenset[Part]:
    """Everything that a person is to this challenge; empty for everyone outside it."""
    found = {OF_SIDE[side] for side in Side if challenge.lead(side) == who}
    if who == challenge.raised_by:
        found.add(Part.RAISER)
    if who == challenge.challenged:
        found.add(Part.CHALLENGED)
    if any(prompt.person == who for prompt in challenge.prompts):
        found.add(Part.PROMPTED)
    if prompt_as_deputy(challenge, directory, who):
        found.add(Part.DEPUTY)
    if any(involved.person == who for involved in challenge.involved):
        found.add(Part.INVOLVED)
    if who in challenge.told:
        found.add(Part.TOLD)
    return frozenset(found)


def prompt_as_deputy(challenge: Challenge, directory: Directory, who: PersonId) -> Prompt | None:
    """The prompt that this person may answer for somebody else; None when barred from it."""
    for prompt in challenge.prompts:
        stands_in = prompt.person is not None and directory.deputy_of(prompt.person) == who
        if stands_in and who not in barred_from(challenge, prompt.side):
            return prompt
    return None


def refuse_unless_on_it(challenge: Challenge, directory: Directory, who: PersonId) -> None:
    """Raises NothingHere for everyone outside the challenge, NotActive for the deactivated."""
    if not parts(challenge, directory, who):
        raise NothingHere
    if directory.person(who) is not None and not directory.is_active(who):
        raise NotActive


def refuse_late_comer(challenge: Challenge, who: PersonId, *, instead_of: PersonId) -> None:
    """For somebody who was asked, or their deputy: says who has it now, if anybody has."""
    side = next((i.side for i in reversed(challenge.involved) if i.person == instead_of), None)
    waiting = next((p.person for p in challenge.prompts if p.side is side and p.person), None)
    if waiting:
        raise PromptPassedOn(who=f"<@{waiting}>")
    lead = challenge.lead(side) if side and challenge.status is Status.OPEN else None
    if lead:
        raise AlreadyAccepted(who="You" if lead == who else f"<@{lead}>")


def refuse_late_deputy(challenge: Challenge, directory: Directory, who: PersonId) -> None:
    """For a deputy who was told, after somebody else took it on: they know of it already."""
    if parts(challenge, directory, who) or not directory.is_active(who):
        return
    for person in challenge.tried:
        if directory.deputy_of(person) == who:
            refuse_late_comer(challenge, who, instead_of=person)


def refuse_unless_may(act: Act, challenge: Challenge, directory: Directory, who: PersonId) -> None:
    """Raises NothingHere, NotActive, Closed, NotYours or AlreadyOffered, in that order."""
    refuse_unless_on_it(challenge, directory, who)
    if challenge.is_closed and act not in MOVES[challenge.status]:
        raise Closed
    if not parts(challenge, directory, who) & MAY[act]:
        raise NotYours(whose=WHOSE.get(act, "the two sides of the challenge"))
    if act not in MOVES[challenge.status]:
        raise AlreadyOffered(stage=challenge.offered, who=asked(challenge))


def asked(challenge: Challenge) -> str:
    """Who was asked to accept, as mentions; the partnership when nobody could be."""
    people = [f"<@{p.person}>" for p in challenge.prompts if p.person]
    return " and ".join(people) or "the partnership"
