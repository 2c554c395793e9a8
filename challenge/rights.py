"""Who may do what: one table, asked inside every rule, from the case file and the directory alone.

A part is what a person is to one challenge. Whoever has no part learns nothing, not even that
the reference exists.
"""

from enum import StrEnum

from challenge.directory import Directory, barred_from
from challenge.model import AgreedAction, Challenge, Meeting, PersonId, Prompt, Side, Status
from challenge.people import refuse_unless_coordinator
from challenge.refusals import (
    AlreadyAccepted,
    AlreadyOffered,
    Closed,
    NotActive,
    NothingHere,
    NotYours,
    OfferedNow,
    PromptPassedOn,
    PutOut,
    StillOpen,
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
    SUPPORTER = "a side's supporter"
    TOLD = "the partnership, once told"
    ATTENDEE = "someone who attends the stage's meeting"
    SECOND_OPINION = "someone asked for a second opinion on the meeting"
    LAST_LEAD = "a lead of the stage before the last"
    REVIEWER = "the person asked for a second opinion on the review"
    UNIT = "the business unit, asked about a conflict of interest"
    OWNER = "the owner of an agreed action"
    COORDINATOR = "a coordinator of the partnership"


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
    BRING_SUPPORTER = "bring in a supporter"
    ADD_EXCERPT = "add a message from elsewhere"
    DECLARE_RISK = "say that someone may be at risk"
    ESCALATE = "escalate"
    ACCEPT = "accept the escalation"
    DECLINE = "say that they are not the right person"
    GO_PAST_LINE = "ask for somebody outside the line"
    REVIEW = "record the review"
    ASK_REVIEW_AGAIN = "ask for a second opinion on the review"
    REVIEW_AGAIN = "give a second opinion on the review"
    FLAG_CONFLICT = "flag a conflict of interest"
    SETTLE_CONFLICT = "settle a conflict of interest"
    PROPOSE_SETTLEMENT = "propose how it was settled"
    CONFIRM_SETTLEMENT = "confirm how it was settled"
    DECLINE_SETTLEMENT = "say why it is not settled"
    WITHDRAW = "withdraw"
    PROPOSE_ATTENDEES = "propose who attends the meeting"
    AGREE_ATTENDEES = "agree who attends the meeting"
    OFFER_TIMES = "offer times for the meeting"
    ANSWER_TIMES = "say which times they can make"
    FIX_TIME = "fix the time of the meeting"
    RECORD_MINUTES = "record the minutes"
    DOUBT_MEETING = "say that a meeting is not appropriate"
    SECOND_OPINION = "give a second opinion on the meeting"
    READ_PACK = "read the pack for the last stage"
    GIVE_OPINION = "give an independent opinion"
    ACKNOWLEDGE = "acknowledge the opinion for a side"
    TICK_OFF = "tick an agreed action off"
    MOVE_ACTION = "propose another day for an agreed action"
    AGREE_NEW_DAY = "agree to another day for an agreed action"
    FOLLOW_THROUGH = "say what came of it"
    SIGN = "sign the record"
    REOPEN = "open it again"
    CONFIDE = "confide how it went since"
    MOVE_PROCEDURE = "move it to another version of the procedure"


LEADS = frozenset({Part.RAISING_LEAD, Part.RECEIVING_LEAD, Part.PARTNERSHIP_LEAD})
SIDES = frozenset({Part.RAISER, Part.CHALLENGED}) | LEADS
BOTH_SIDES = SIDES - {Part.PARTNERSHIP_LEAD}
ASKED = frozenset({Part.PROMPTED, Part.DEPUTY})
LINES = frozenset({Part.RAISER, Part.CHALLENGED, Part.LAST_LEAD})
# What somebody was to it, and is no longer once they were put out. Should the procedure ask them
# anew, in another role or for another side, they are brought in again.
ENDED_BY_LEAVING = frozenset(
    {Part.INVOLVED, Part.TOLD, Part.ATTENDEE, Part.SECOND_OPINION, Part.UNIT, Part.LAST_LEAD}
)
# Who owns an agreed action hears of that action; the challenge itself is for those on it.
# Coordinators see that it is there, and not a word of it.
READERS = frozenset(Part) - {Part.OWNER, Part.COORDINATOR}
KEEPERS = frozenset({Part.COORDINATOR})
"""For what is done to a challenge by its reference, by somebody who need not be on it."""

MAY: dict[Act, frozenset[Part]] = {
    Act.SEE: READERS,
    Act.PROPOSE_DATE: SIDES,
    Act.ACCEPT_DATE: SIDES,
    Act.PUT_POSITION: BOTH_SIDES,
    Act.CHANGE_DECISION: frozenset({Part.CHALLENGED, Part.RECEIVING_LEAD}),
    Act.SET_MEANWHILE: SIDES,
    Act.ADD_VOICE: SIDES,
    Act.MARK_SEEN: SIDES,
    Act.ASK_SUPPORT: SIDES,
    # Each chooses for themself who stands beside them; a manager does not choose it for them.
    Act.BRING_SUPPORTER: frozenset({Part.RAISER, Part.CHALLENGED}),
    Act.ADD_EXCERPT: SIDES | {Part.SUPPORTER},
    # Safety before procedure: anyone who may read the challenge may say that someone is at risk.
    Act.DECLARE_RISK: READERS,
    Act.ESCALATE: SIDES,
    Act.ACCEPT: ASKED,
    Act.DECLINE: ASKED,
    Act.GO_PAST_LINE: frozenset({Part.RAISER, Part.CHALLENGED}),
    Act.REVIEW: frozenset({Part.RAISING_LEAD}),
    Act.ASK_REVIEW_AGAIN: frozenset({Part.RAISER}),
    Act.REVIEW_AGAIN: frozenset({Part.REVIEWER}),
    Act.FLAG_CONFLICT: SIDES,
    Act.SETTLE_CONFLICT: frozenset({Part.UNIT}),
    # One side settles with the other: whoever holds the last stage gives an opinion instead, and
    # the leads of the stage before speak for their sides there.
    Act.PROPOSE_SETTLEMENT: BOTH_SIDES | LINES,
    Act.CONFIRM_SETTLEMENT: BOTH_SIDES | LINES,
    Act.DECLINE_SETTLEMENT: BOTH_SIDES | LINES,
    Act.WITHDRAW: frozenset({Part.RAISER}),
    Act.PROPOSE_ATTENDEES: SIDES,
    Act.AGREE_ATTENDEES: SIDES,
    Act.OFFER_TIMES: SIDES,
    Act.ANSWER_TIMES: frozenset({Part.ATTENDEE}),
    Act.FIX_TIME: SIDES,
    Act.RECORD_MINUTES: frozenset({Part.ATTENDEE}),
    Act.DOUBT_MEETING: LEADS,
    Act.SECOND_OPINION: frozenset({Part.SECOND_OPINION}),
    Act.READ_PACK: LINES | LEADS | ASKED,
    Act.GIVE_OPINION: frozenset({Part.PARTNERSHIP_LEAD}),
    Act.ACKNOWLEDGE: LINES,
    Act.TICK_OFF: frozenset({Part.OWNER}) | LEADS,
    Act.MOVE_ACTION: frozenset({Part.OWNER}) | SIDES,
    Act.AGREE_NEW_DAY: SIDES,
    Act.FOLLOW_THROUGH: SIDES,
    Act.SIGN: SIDES | LINES,
    Act.REOPEN: SIDES,
    Act.CONFIDE: frozenset({Part.RAISER, Part.CHALLENGED}),
    Act.MOVE_PROCEDURE: KEEPERS,
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
        Act.BRING_SUPPORTER,
        Act.ADD_EXCERPT,
        Act.DECLARE_RISK,
        Act.ACCEPT,
        Act.DECLINE,
        Act.GO_PAST_LINE,
        Act.FLAG_CONFLICT,
        Act.SETTLE_CONFLICT,
        Act.PROPOSE_SETTLEMENT,
        Act.CONFIRM_SETTLEMENT,
        Act.DECLINE_SETTLEMENT,
        Act.WITHDRAW,
        Act.RECORD_MINUTES,
        Act.READ_PACK,
    }
)
# A meeting belongs to the stage that calls it, an opinion to the last stage, while they are held.
MEETING = frozenset(
    {
        Act.PROPOSE_ATTENDEES,
        Act.AGREE_ATTENDEES,
        Act.OFFER_TIMES,
        Act.ANSWER_TIMES,
        Act.FIX_TIME,
        Act.DOUBT_MEETING,
        Act.SECOND_OPINION,
    }
)
AT_TOP = frozenset({Act.GIVE_OPINION, Act.ACKNOWLEDGE})
AFTER = frozenset(
    {
        Act.TICK_OFF,
        Act.MOVE_ACTION,
        Act.AGREE_NEW_DAY,
        Act.FOLLOW_THROUGH,
        Act.SIGN,
        Act.REOPEN,
        Act.CONFIDE,
    }
)
REVIEW = frozenset({Act.REVIEW, Act.ASK_REVIEW_AGAIN, Act.REVIEW_AGAIN})
MOVES: dict[Status, frozenset[Act]] = {
    Status.OPEN: ALWAYS
    | MEETING
    | REVIEW
    | AT_TOP
    | {Act.PROPOSE_DATE, Act.ACCEPT_DATE, Act.ESCALATE, Act.MOVE_PROCEDURE},
    Status.OFFERED: ALWAYS,
    # People settle in the room and type the minutes an hour later.
    Status.SETTLED: frozenset({Act.SEE, Act.READ_PACK, Act.RECORD_MINUTES}) | AFTER,
    Status.WITHDRAWN: frozenset(
        {Act.SEE, Act.READ_PACK, Act.RECORD_MINUTES, Act.REOPEN, Act.CONFIDE}
    ),
}

WHOSE: dict[Act, str] = {
    Act.PUT_POSITION: "the two people whose disagreement it is, and those who answer for them",
    Act.CHANGE_DECISION: "the person challenged, or whoever answers for them",
    Act.ACCEPT: "the person asked to take it on, or their deputy",
    Act.DECLINE: "the person asked to take it on, or their deputy",
    Act.BRING_SUPPORTER: "the two people whose disagreement it is",
    Act.GO_PAST_LINE: "the two people whose disagreement it is",
    Act.REVIEW: "the raising side's manager",
    Act.ASK_REVIEW_AGAIN: "the person who raised the challenge",
    Act.REVIEW_AGAIN: "the person asked for a second opinion",
    Act.SETTLE_CONFLICT: "the partnership's business unit",
    Act.WITHDRAW: "the person who raised the challenge",
    Act.ANSWER_TIMES: "those who attend the meeting",
    Act.RECORD_MINUTES: "those who attend the meeting",
    Act.DOUBT_MEETING: "the leads of this stage",
    Act.SECOND_OPINION: "those who were asked for a second opinion",
    Act.READ_PACK: "the two sides and whoever holds the last stage",
    Act.GIVE_OPINION: "whoever holds the last stage",
    Act.ACKNOWLEDGE: "the two sides' own people",
    Act.TICK_OFF: "the action's owner, or their side's lead",
    Act.MOVE_ACTION: "the action's owner, or the two sides of the challenge",
    Act.CONFIDE: "the two people whose challenge it was",
}

OF_SIDE = {
    Side.RAISING: Part.RAISING_LEAD,
    Side.RECEIVING: Part.RECEIVING_LEAD,
    Side.PARTNERSHIP: Part.PARTNERSHIP_LEAD,
}


def parts(challenge: Challenge, directory: Directory, who: PersonId) -> frozenset[Part]:
    """Everything that a person is to this challenge; empty for everyone outside it."""
    leads = {OF_SIDE[one.side] for one in challenge.answering if one.person == who}
    also = {
        Part.RAISER: who == challenge.raised_by,
        Part.CHALLENGED: who == challenge.challenged,
        Part.PROMPTED: any(prompt.person == who for prompt in challenge.prompts),
        Part.DEPUTY: bool(prompt_as_deputy(challenge, directory, who)),
        Part.INVOLVED: any(involved.person == who for involved in challenge.involved),
        Part.SUPPORTER: any(supporter.person == who for supporter in challenge.supporters),
        Part.REVIEWER: bool(challenge.second_look and challenge.second_look.person == who),
        Part.UNIT: any(who in conflict.asked for conflict in challenge.conflicts),
        Part.TOLD: who in challenge.told,
        Part.OWNER: any(action.who == who for action in actions_of(challenge)),
        Part.ATTENDEE: bool(meeting_held(challenge) and who in attendees(challenge)),
        Part.SECOND_OPINION: who in second_opinions(challenge),
        Part.LAST_LEAD: bool(challenge.at_top and who in challenge.held_before),
    }
    found = frozenset({*leads, *(part for part, is_so in also.items() if is_so)})
    return found - ENDED_BY_LEAVING if who in challenge.out else found


def speaks_for(challenge: Challenge, who: PersonId) -> Side | None:
    """The side that somebody settles, acknowledges or signs for. At the top, where neither side
    has a lead, the leads of the stage before still speak for theirs."""
    known = (one.side for one in reversed(challenge.involved) if one.person == who)
    last_lead = challenge.at_top and who in challenge.held_before and who not in challenge.out
    return challenge.side_of(who) or (next(known, None) if last_lead else None)


def speakers(challenge: Challenge, side: Side) -> tuple[PersonId, ...]:
    """Everybody who may do so for that side."""
    people = (challenge.practitioner(side), *challenge.leads, *challenge.held_before)
    return tuple(dict.fromkeys(who for who in people if speaks_for(challenge, who) is side))


def meeting_now(challenge: Challenge) -> Meeting | None:
    """The meeting of the stage that holds the challenge, begun when nothing was said of it yet."""
    if not challenge.current.meeting:
        return None
    known = challenge.meeting
    return known if known and known.stage == challenge.stage else Meeting(challenge.stage)


def meeting_held(challenge: Challenge) -> Meeting | None:
    """The one of which there may be minutes: this stage's, else the last that was fixed and not
    called off."""
    known = challenge.meeting
    return meeting_now(challenge) or (known if known and known.fixed else None)


def attendees(challenge: Challenge) -> tuple[PersonId, ...]:
    """The two practitioners and the stage's leads come anyway; the rest were agreed. Once the
    challenge has gone on, the leads are those of the stage before."""
    agreed = challenge.meeting.people if challenge.meeting else ()
    parties = (challenge.raised_by, challenge.challenged)
    leads = challenge.leads if meeting_now(challenge) else challenge.held_before
    there = (who for who in (*parties, *leads, *agreed) if who not in challenge.out)
    return tuple(dict.fromkeys(there))


def second_opinions(challenge: Challenge) -> tuple[PersonId, ...]:
    """Who was asked whether a meeting is appropriate, while nobody has answered."""
    meeting = meeting_now(challenge)
    return meeting.doubt.asked if meeting and meeting.doubt else ()


def actions_of(challenge: Challenge) -> tuple[AgreedAction, ...]:
    """What both sides agreed to do; nothing while it is only proposed, or once it is open again."""
    settled = challenge.status is Status.SETTLED and challenge.settlement
    return settled.actions if settled else ()


def finders(challenge: Challenge) -> frozenset[PersonId]:
    """Everyone who finds it among their own."""
    asked = {who for prompt in challenge.prompts for who in (prompt.person, prompt.deputy) if who}
    owners = {action.who for action in actions_of(challenge)}
    on_it = (*challenge.everyone, *challenge.told, *challenge.leads)
    return frozenset({*on_it, *asked, *owners})


def prompt_as_deputy(challenge: Challenge, directory: Directory, who: PersonId) -> Prompt | None:
    """The prompt that this person may answer for somebody else; None when barred from it, or when
    they said that they are not the right person."""
    for prompt in challenge.prompts:
        stands_in = prompt.person is not None and directory.deputy_of(prompt.person) == who
        barred = {*barred_from(challenge, prompt.side), *prompt.not_for}
        if stands_in and who not in barred:
            return prompt
    return None


def only_owns(challenge: Challenge, directory: Directory, who: PersonId) -> bool:
    """Whether an agreed action is all that somebody has to do with it."""
    return parts(challenge, directory, who) == {Part.OWNER}


def refuse_unless_on_it(challenge: Challenge, directory: Directory, who: PersonId) -> None:
    """Raises NothingHere for everyone outside the challenge, PutOut for whoever was set aside,
    NotActive for the deactivated."""
    if not parts(challenge, directory, who):
        raise PutOut if _was_put_out(challenge, who) else NothingHere
    if directory.has_left(who):
        raise NotActive


def _was_put_out(challenge: Challenge, who: PersonId) -> bool:
    """Whoever had no part in it before learns nothing by asking."""
    return who in challenge.out and any(one.person == who for one in challenge.involved)


def refuse_late_comer(challenge: Challenge, who: PersonId, *, instead_of: PersonId) -> None:
    """For somebody who was asked, or their deputy: says who has it now, if anybody has."""
    side = next((i.side for i in reversed(challenge.involved) if i.person == instead_of), None)
    waiting = next((p.person for p in challenge.prompts if p.side is side and p.person), None)
    if waiting:
        raise PromptPassedOn(who=f"<@{waiting}>")
    took = {Status.OPEN: challenge.holders, Status.OFFERED: challenge.accepted}
    of_now = took.get(challenge.status, ())
    lead = next((one.person for one in of_now if one.side is side), None)
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
    """Raises NothingHere, NotActive, Closed, NotYours, StillOpen or AlreadyOffered, in order; for
    what is the coordinators' NotCoordinator, Closed or OfferedNow."""
    if MAY[act] == KEEPERS:
        refuse_unless_coordinator(directory, who)
        _refuse_unless_open_for(act, challenge, OfferedNow)
        return
    refuse_unless_on_it(challenge, directory, who)
    if challenge.is_closed and act not in MOVES[challenge.status]:
        raise Closed
    if not parts(challenge, directory, who) & MAY[act]:
        raise NotYours(whose=WHOSE.get(act, "the two sides of the challenge"))
    if act in AFTER and not challenge.is_closed:
        raise StillOpen
    _refuse_unless_open_for(act, challenge, AlreadyOffered)


def _refuse_unless_open_for(act: Act, challenge: Challenge, offered: type[AlreadyOffered]) -> None:
    """Whether the state of the challenge allows it."""
    if act in MOVES[challenge.status]:
        return
    if challenge.is_closed:
        raise Closed
    raise offered(stage=challenge.offered, who=asked(challenge))


def asked(challenge: Challenge) -> str:
    """Who was asked to accept, as mentions; the partnership when nobody could be."""
    people = [f"<@{p.person}>" for p in challenge.prompts if p.person]
    return " and ".join(people) or "the partnership"
