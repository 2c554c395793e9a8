"""Agreeing the deadline: one side proposes, the other accepts or counters, up to a ceiling."""

from dataclasses import replace
from datetime import date, datetime

from challenge.directory import Directory
from challenge.escalation import time_to_answer
from challenge.model import (
    Challenge,
    Change,
    DateProposal,
    Entry,
    Happened,
    Notice,
    PersonId,
    Side,
    Told,
)
from challenge.moment import Moment
from challenge.raising import end_of
from challenge.refusals import NothingProposed, YourOwnProposal
from challenge.rights import Act, refuse_unless_may


def propose_date(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, day: date
) -> Change:
    """One side's proposal, or its counter to the other's. Until accepted, the deadline stands."""
    side = _side_or_refuse(Act.PROPOSE_DATE, challenge, directory, by)
    due = end_of(day, moment, latest=latest(challenge))
    proposal = DateProposal(by, side, due)
    entry = Entry(
        Happened.DATE_PROPOSED,
        by,
        f"<@{by}> proposed {_spoken(due, moment)} as the date. Until the other side accepts, "
        f"{_spoken(challenge.due, moment)} stands.",
    )
    notices = (Notice(Told.DATE_PROPOSED, about=by), Notice(Told.CARD))
    return Change(replace(challenge, date_proposal=proposal), (entry,), notices)


def accept_date(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """The other side's yes, or the challenged person's to the date first asked for."""
    side = _side_or_refuse(Act.ACCEPT_DATE, challenge, directory, by)
    proposal = challenge.date_proposal
    if proposal is None:
        return _first_date_accepted(challenge, moment, by, side)
    if proposal.side is side:
        raise YourOwnProposal
    agreed = replace(
        challenge,
        due=proposal.due,
        clock_set=moment.now,
        date_proposal=None,
        date_agreed=True,
        turn=challenge.turn + 1,
    )
    return _agreed(agreed, moment, by)


def may_answer_date(challenge: Challenge, side: Side) -> bool:
    """Whether a proposed date, or the one first asked, waits for this side's yes."""
    if challenge.date_proposal:
        return challenge.date_proposal.side is not side
    return not challenge.date_agreed and side is Side.RECEIVING


def latest(challenge: Challenge) -> datetime:
    """The ceiling: the procedure's longest for the stage, reckoned from when the stage began."""
    stage, procedure = challenge.current, challenge.procedure
    hurried = challenge.urgent and procedure.urgent is not None
    longest = time_to_answer(challenge, stage) if hurried else stage.longest
    return max(procedure.calendar.after(challenge.stage_began, longest), challenge.due)


def _first_date_accepted(challenge: Challenge, moment: Moment, by: PersonId, side: Side) -> Change:
    """Without a proposal on the table, the receiving side accepts the date that stands."""
    if challenge.date_agreed:
        raise NothingProposed(now="the date is agreed already")
    if side is not Side.RECEIVING:
        raise YourOwnProposal
    return _agreed(replace(challenge, date_agreed=True), moment, by)


def _agreed(challenge: Challenge, moment: Moment, by: PersonId) -> Change:
    entry = Entry(
        Happened.DATE_AGREED,
        by,
        f"<@{by}> accepted {_spoken(challenge.due, moment)}. It is agreed.",
    )
    return Change(challenge, (entry,), (Notice(Told.DATE_AGREED, about=by), Notice(Told.CARD)))


def _side_or_refuse(act: Act, challenge: Challenge, directory: Directory, by: PersonId) -> Side:
    refuse_unless_may(act, challenge, directory, by)
    return challenge.side_of(by) or Side.PARTNERSHIP


def _spoken(due: datetime, moment: Moment) -> str:
    return f"{moment.calendar.local(due):%A %-d %B %Y, %H:%M}"
