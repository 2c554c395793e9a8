"""What awaits somebody on a challenge: the next move, when it is theirs to make."""

from enum import StrEnum

from challenge.agreement import may_answer_date
from challenge.directory import Directory
from challenge.follow_up import agreeable, overdue, unsigned
from challenge.model import Challenge, PersonId, Side, Status
from challenge.review import is_here, of_this_stage
from challenge.rights import ASKED, LINES, Part, meeting_now, parts, speakers, speaks_for

BOTH = (Side.RAISING, Side.RECEIVING)


class Awaited(StrEnum):
    """What somebody is asked for, in words that end a sentence."""

    ACCEPT = "accept it, or say that you are not the right person"
    CONFLICT = "settle a conflict of interest"
    JUSTIFIED = "say whether the challenge is justified"
    REVIEW = "give a second opinion on the review"
    MEETING = "give a second opinion on the meeting"
    SETTLEMENT = "say yes or no to how it is settled"
    OPINION = "give your opinion"
    ACKNOWLEDGE = "acknowledge the opinion"
    NEW_DATE = "agree to the date, or propose another"
    ATTENDEES = "agree who attends the meeting, or name others"
    TIMES = "say which times you can make"
    ARRANGE = "arrange the meeting: who attends, and when"
    MINUTES = "record the minutes of the meeting"
    ANSWER = "answer it"
    OVERDUE = "see that an agreed action is done, or propose another day"
    NEW_DAY = "agree to another day for an action, or not"
    FOLLOW_UP = "say what came of it"
    SIGN = "sign the record"


def whose_move(challenge: Challenge) -> tuple[PersonId, ...]:
    """Who is to do something before the time of this stage is over, in the order in which the
    challenge names its sides: whoever answers what was proposed, or else whoever answers here."""
    waits = _asked_for_a_yes(challenge)
    if waits:
        people = [who for side in challenge.order for who in speakers(challenge, side)]
        return tuple(who for who in people if speaks_for(challenge, who) in waits)
    if challenge.stage == 1:
        return (challenge.challenged,)
    holders = sorted(challenge.holders, key=lambda one: challenge.order.index(one.side))
    return tuple(holder.person for holder in holders)


def awaited(challenge: Challenge, directory: Directory, me: PersonId) -> tuple[Awaited, ...]:
    """The most pressing first; nothing when the next move is somebody else's."""
    if challenge.is_closed:
        return _afterwards(challenge, me)
    mine = parts(challenge, directory, me)
    running = challenge.status is Status.OPEN
    found = {
        Awaited.ACCEPT: bool(mine & ASKED),
        Awaited.CONFLICT: Part.UNIT in mine,
        Awaited.JUSTIFIED: running and Part.RAISING_LEAD in mine and _unreviewed(challenge),
        Awaited.REVIEW: Part.REVIEWER in mine,
        Awaited.MEETING: Part.SECOND_OPINION in mine,
        Awaited.SETTLEMENT: _may_settle(challenge, me),
        Awaited.OPINION: running and Part.PARTNERSHIP_LEAD in mine and not challenge.opinion,
        Awaited.ACKNOWLEDGE: running and bool(mine & LINES) and _unacknowledged(challenge, me),
        Awaited.NEW_DATE: running and _may_agree_date(challenge, me),
        Awaited.ATTENDEES: running and _may_agree_attendees(challenge, me),
        Awaited.TIMES: Part.ATTENDEE in mine and _unanswered(challenge, me),
        Awaited.ARRANGE: running and me in challenge.leads and _unarranged(challenge),
        Awaited.MINUTES: running and me in challenge.leads and _unminuted(challenge),
        Awaited.ANSWER: running and _answers(challenge, me),
    }
    return tuple(each for each, is_so in found.items() if is_so)


def _afterwards(challenge: Challenge, me: PersonId) -> tuple[Awaited, ...]:
    of_practitioners = {challenge.raised_by: Side.RAISING, challenge.challenged: Side.RECEIVING}
    found = {
        Awaited.OVERDUE: me in challenge.leads and bool(overdue(challenge)),
        Awaited.NEW_DAY: bool(agreeable(challenge, me)),
        Awaited.FOLLOW_UP: me in challenge.to_follow,
        Awaited.SIGN: of_practitioners.get(me) in unsigned(challenge),
    }
    return tuple(each for each, is_so in found.items() if is_so)


def _unreviewed(challenge: Challenge) -> bool:
    return is_here(challenge) and not of_this_stage(challenge)


def _asked_for_a_yes(challenge: Challenge) -> tuple[Side, ...]:
    """The sides that have not answered yet what is proposed, or the opinion that was given."""
    if challenge.settlement:
        return tuple(side for side in BOTH if side is not challenge.settlement.side)
    return challenge.opinion.waits_for if challenge.at_top and challenge.opinion else ()


def _may_settle(challenge: Challenge, me: PersonId) -> bool:
    side, settlement = speaks_for(challenge, me), challenge.settlement
    return bool(side and settlement and settlement.side is not side)


def _unacknowledged(challenge: Challenge, me: PersonId) -> bool:
    opinion = challenge.opinion
    side = speaks_for(challenge, me) or Side.RECEIVING
    return opinion is not None and side in opinion.waits_for


def _may_agree_date(challenge: Challenge, me: PersonId) -> bool:
    """A date is proposed to their side, or the first one waits. At a later stage the procedure's
    own date stands until somebody proposes another, so nobody is asked for anything."""
    side = challenge.side_of(me)
    asked = challenge.date_proposal is not None or challenge.stage == 1
    return side is not None and asked and may_answer_date(challenge, side)


def _may_agree_attendees(challenge: Challenge, me: PersonId) -> bool:
    meeting, side = meeting_now(challenge), challenge.side_of(me)
    proposed = meeting.proposed if meeting else None
    return side is not None and proposed is not None and proposed.side is not side


def _unanswered(challenge: Challenge, me: PersonId) -> bool:
    """Times are offered for the meeting, and this person has not answered."""
    meeting = meeting_now(challenge)
    if meeting is None:
        return False
    return bool(meeting.times) and me not in {answer.person for answer in meeting.answers}


def _unarranged(challenge: Challenge) -> bool:
    """No time for the meeting is fixed or offered, and nobody has asked whether it is needed."""
    meeting = meeting_now(challenge)
    return meeting is not None and not (meeting.fixed or meeting.times or meeting.doubt)


def _unminuted(challenge: Challenge) -> bool:
    """The meeting begins, or has been."""
    meeting = meeting_now(challenge)
    return meeting is not None and meeting.reminded and meeting.minutes is None


def _answers(challenge: Challenge, me: PersonId) -> bool:
    """Until somebody proposes how it is settled: then that is what is answered."""
    if challenge.at_top or challenge.settlement:
        return False
    return me in whose_move(challenge)
