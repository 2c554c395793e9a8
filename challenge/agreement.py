"""Agreeing the deadline: one side proposes, the other accepts or counters, up to a ceiling.

On the day on which a clock is set, the two settle the date between them. A later date after that,
or once one was agreed, is an extension: it needs a reason, and a fresh look at safety by whoever
asks and whoever accepts. There are two at a stage; a third goes to the next one instead.
"""

from dataclasses import replace
from datetime import date, datetime

from challenge.directory import Directory
from challenge.escalation import following, offer, offered_to, time_to_answer
from challenge.model import (
    Challenge,
    Change,
    DateProposal,
    Entry,
    Happened,
    Notice,
    PersonId,
    Safety,
    Side,
    Told,
)
from challenge.moment import Moment
from challenge.raising import close_of, end_of
from challenge.refusals import (
    AnswerSafetyFirst,
    DateHasPassed,
    NothingProposed,
    NowhereHigher,
    SayWhy,
    YourOwnProposal,
)
from challenge.response import declare_risk
from challenge.rights import Act, refuse_unless_may
from challenge.shown import refuse_unless_seen

EXTENSIONS = 2
"""How many a stage may have; asking for one more asks for the next stage."""


def propose_date(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    day: date,
    because: str = "",
    safety: Safety | None = None,
) -> Change:
    """One side's proposal, or its counter to the other's. Until accepted, the deadline stands.

    `because` and `safety` are for an extension. Should someone be in danger, the urgent route
    begins at once and no date is put off.
    """
    side = _side_or_refuse(Act.PROPOSE_DATE, challenge, directory, by)
    ceiling = latest(challenge)
    extends = is_running(challenge, moment) and close_of(day, moment, ceiling) > challenge.due
    if extends and safety and safety.danger:
        return declare_risk(challenge, moment, directory, by=by, because=because, done=safety.done)
    if extends and extensions_left(challenge) == 0:
        _refuse_unless_weighed(because, safety)
        return _third(challenge, moment, directory, by, because)
    due = end_of(day, moment, latest=ceiling, any_day=challenge.urgent)
    words: dict[str, str] = {}
    if extends:
        _refuse_unless_weighed(because, safety)
        words = {"Why more time": because, **_safe_words()}
    return _proposed(challenge, moment, DateProposal(by, side, due, extends=extends), words)


def is_running(challenge: Challenge, moment: Moment) -> bool:
    """Whether a later date would be an extension: one is agreed, or the clock's first day is over.

    What the two settle on that first day is the date itself.
    """
    began = moment.calendar.local(challenge.clock_set).date()
    return challenge.date_agreed or moment.today > began


def extensions_left(challenge: Challenge) -> int:
    """How many more this stage may have."""
    return max(EXTENSIONS - challenge.extended.count(challenge.stage), 0)


def _proposed(
    challenge: Challenge, moment: Moment, proposal: DateProposal, words: dict[str, str]
) -> Change:
    by = proposal.by
    what = "to extend the time until" if proposal.extends else "as the date:"
    entry = Entry(
        Happened.DATE_PROPOSED,
        by,
        f"<@{by}> proposed {what} {_spoken(proposal.due, moment)}. Until the other side accepts, "
        f"{_spoken(challenge.due, moment)} stands.",
        words,
    )
    notices = (Notice(Told.DATE_PROPOSED, about=by), Notice(Told.CARD))
    return Change(replace(challenge, date_proposal=proposal), (entry,), notices)


def _third(
    challenge: Challenge, moment: Moment, directory: Directory, by: PersonId, because: str
) -> Change:
    """Put off twice already: the next people look at it, with the reason before them."""
    if challenge.at_top:
        raise NowhereHigher(role=challenge.procedure.top.role)
    offered, notices = offer(challenge, moment, directory, following(challenge, moment.now))
    entry = Entry(
        Happened.EXTENSION_REFUSED,
        by,
        f"<@{by}> asked for more time at stage {challenge.stage}, which was extended twice "
        f"already. A third time goes to the next stage instead. {offered_to(offered)}",
        {"Why more time": because, **_safe_words()},
    )
    return Change(offered, (entry,), (Notice(Told.ESCALATION, about=by), *notices))


def accept_date(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    safety: Safety | None = None,
    seen: str = "",
) -> Change:
    """The other side's yes, or the challenged person's to the date first asked for.

    `safety` is for an extension; should someone be in danger, the urgent route begins instead.
    `seen` is the mark of what they were shown.
    """
    side = _side_or_refuse(Act.ACCEPT_DATE, challenge, directory, by)
    if safety and safety.danger:
        return declare_risk(challenge, moment, directory, by=by, done=safety.done)
    proposal = challenge.date_proposal
    if proposal is None:
        return _first_date_accepted(challenge, moment, by, side, seen)
    _refuse_unless_theirs_to_accept(proposal, side, moment)
    refuse_unless_seen(seen, proposal)
    if proposal.extends and safety is None:
        raise AnswerSafetyFirst
    agreed = replace(proposal, accepted=(*proposal.accepted, side))
    if agreed.waits_for:
        return _accepted_by_one(challenge, agreed, moment, by)
    return _accepted_by_all(challenge, agreed, moment, by)


def asked_of(challenge: Challenge) -> DateProposal | datetime:
    """What a yes would be to: the proposal, or the date first asked for."""
    return challenge.date_proposal or challenge.due


def _first_date_accepted(
    challenge: Challenge, moment: Moment, by: PersonId, side: Side, seen: str
) -> Change:
    """Without a proposal on the table, the receiving side accepts the date that stands."""
    if challenge.date_agreed:
        raise NothingProposed(now="the date is agreed already")
    if side is not Side.RECEIVING:
        raise YourOwnProposal
    refuse_unless_seen(seen, challenge.due)
    return _agreed(replace(challenge, date_agreed=True), moment, by)


def _refuse_unless_theirs_to_accept(proposal: DateProposal, side: Side, moment: Moment) -> None:
    if proposal.side is side:
        raise YourOwnProposal
    if side in proposal.accepted:
        raise NothingProposed(now="your side has accepted the date already")
    if side not in proposal.waits_for:
        raise NothingProposed(now="the date waits for a yes from the two sides")
    if proposal.due <= moment.now:
        raise DateHasPassed


def _accepted_by_one(
    challenge: Challenge, proposal: DateProposal, moment: Moment, by: PersonId
) -> Change:
    """The scrutineer proposed it, so it takes a yes from either side."""
    entry = Entry(
        Happened.DATE_ACCEPTED,
        by,
        f"<@{by}> accepted {_spoken(proposal.due, moment)} for their side. Until the other side "
        f"does too, {_spoken(challenge.due, moment)} stands.",
        _safe_words() if proposal.extends else {},
    )
    return Change(replace(challenge, date_proposal=proposal), (entry,), (Notice(Told.CARD),))


def _accepted_by_all(
    challenge: Challenge, proposal: DateProposal, moment: Moment, by: PersonId
) -> Change:
    agreed = replace(
        challenge,
        due=proposal.due,
        clock_set=moment.now,
        date_proposal=None,
        date_agreed=True,
        extended=(*challenge.extended, *((challenge.stage,) if proposal.extends else ())),
        turn=challenge.turn + 1,
    )
    return _agreed(agreed, moment, by, _safe_words() if proposal.extends else {})


def may_accept_extension(challenge: Challenge, directory: Directory, *, by: PersonId) -> bool:
    """Whether this person's yes to the date needs the safety question first."""
    proposal = challenge.date_proposal
    if proposal is None or not proposal.extends:
        return False
    return _side_or_refuse(Act.ACCEPT_DATE, challenge, directory, by) in proposal.waits_for


def may_answer_date(challenge: Challenge, side: Side) -> bool:
    """Whether a proposed date, or the one first asked, waits for this side's yes."""
    if challenge.date_proposal:
        return side in challenge.date_proposal.waits_for
    return not challenge.date_agreed and side is Side.RECEIVING


def latest(challenge: Challenge) -> datetime:
    """The ceiling: the procedure's longest for the stage, reckoned from when the stage began."""
    stage, procedure = challenge.current, challenge.procedure
    hurried = challenge.urgent and procedure.urgent is not None
    longest = time_to_answer(challenge, stage) if hurried else stage.longest
    ceiling = procedure.calendar.after(challenge.stage_began, longest)
    ends = procedure.total_ends(challenge.raised_at)
    if ends and procedure.is_in_total(challenge.stage):
        ceiling = min(ceiling, ends)
    return max(ceiling, challenge.due)


def _agreed(
    challenge: Challenge, moment: Moment, by: PersonId, words: dict[str, str] | None = None
) -> Change:
    entry = Entry(
        Happened.DATE_AGREED,
        by,
        f"<@{by}> accepted {_spoken(challenge.due, moment)}. It is agreed.",
        words or {},
    )
    return Change(challenge, (entry,), (Notice(Told.DATE_AGREED, about=by), Notice(Told.CARD)))


def _refuse_unless_weighed(because: str, safety: Safety | None) -> None:
    """Raises AnswerSafetyFirst or SayWhy: more time is asked for with both before one's eyes."""
    if safety is None:
        raise AnswerSafetyFirst
    if not because.strip():
        raise SayWhy


def _safe_words() -> dict[str, str]:
    return {"Is anyone in immediate danger?": "No"}


def _side_or_refuse(act: Act, challenge: Challenge, directory: Directory, by: PersonId) -> Side:
    refuse_unless_may(act, challenge, directory, by)
    return challenge.side_of(by) or Side.PARTNERSHIP


def _spoken(due: datetime, moment: Moment) -> str:
    return f"{moment.calendar.local(due):%A %-d %B %Y, %H:%M}"
