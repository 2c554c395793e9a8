"""Settling: one side proposes how it was settled, the other confirms; or the raiser withdraws."""

from dataclasses import replace
from datetime import date

from challenge.directory import Directory
from challenge.invitation import called_off, what_was_called_off
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    Outcome,
    PersonId,
    Settlement,
    Side,
    Status,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.refusals import ActionUnclear, NothingProposed, SayHow, SayWhy, YourOwnProposal
from challenge.rights import Act, refuse_unless_may, speaks_for
from challenge.shown import refuse_unless_seen


def propose_settlement(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    outcome: Outcome,
    how: str,
    actions: tuple[AgreedAction, ...] = (),
) -> Change:
    """One side says how it was settled. The clock runs on until the other side confirms."""
    refuse_unless_may(Act.PROPOSE_SETTLEMENT, challenge, directory, by)
    refuse_unless_said(how)
    for action in actions:
        refuse_unless_clear(action, moment.today)
    side = speaks_for(challenge, by) or Side.PARTNERSHIP
    proposal = Settlement(outcome, by, side, how, actions)
    entry = Entry(
        Happened.SETTLEMENT_PROPOSED,
        by,
        f"<@{by}> proposed how it was settled: {outcome.value}.",
        settlement_words(proposal),
    )
    notices = (Notice(Told.SETTLEMENT_PROPOSED, about=by), Notice(Told.CARD))
    return Change(replace(challenge, settlement=proposal), (entry,), notices)


def confirm_settlement(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, seen: str = ""
) -> Change:
    """The other side's yes: the challenge is settled, its record closed, both are told.

    `seen` is the mark of the proposal that they were shown.
    """
    proposal = _proposal_or_refuse(Act.CONFIRM_SETTLEMENT, challenge, directory, by)
    refuse_unless_seen(seen, proposal)
    entry = Entry(
        Happened.SETTLED,
        by,
        f"<@{by}> confirmed what <@{proposal.proposed_by}> proposed. "
        f"It is settled: {proposal.outcome.value}.",
        settlement_words(proposal),
    )
    return closed(challenge, moment, Status.SETTLED, entry)


def decline_settlement(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, because: str
) -> Change:
    """Not settled, and why; the challenge goes on where it was."""
    _proposal_or_refuse(Act.DECLINE_SETTLEMENT, challenge, directory, by)
    if not because.strip():
        raise SayWhy
    entry = Entry(
        Happened.SETTLEMENT_DECLINED,
        by,
        f"<@{by}> does not see it as settled yet.",
        {"Why": because},
    )
    notices = (Notice(Told.SETTLEMENT_DECLINED, about=by), Notice(Told.CARD))
    return Change(replace(challenge, settlement=None), (entry,), notices)


def withdraw(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, because: str
) -> Change:
    """The person who raised the challenge ends it, with a reason that stays on record."""
    refuse_unless_may(Act.WITHDRAW, challenge, directory, by)
    if not because.strip():
        raise SayWhy
    entry = Entry(Happened.WITHDRAWN, by, f"<@{by}> withdrew the challenge.", {"Why": because})
    return closed(replace(challenge, settlement=None), moment, Status.WITHDRAWN, entry)


def settlement_words(settlement: Settlement) -> dict[str, str]:
    """How it was settled, and each agreed action with its owner and date."""
    return {"How it was settled": settlement.how, **action_words(settlement.actions)}


def action_words(actions: tuple[AgreedAction, ...], label: str = "Agreed action") -> dict[str, str]:
    """Each action with its owner and date, numbered as it is ticked off."""
    return {
        f"{label} {number}": f"{a.what} (<@{a.who}>, by {a.by:%A %-d %B %Y})"
        for number, a in enumerate(actions, start=1)
    }


def refuse_unless_said(how: str) -> None:
    """Raises SayHow when nothing was written but blanks."""
    if not how.strip():
        raise SayHow


def refuse_unless_clear(action: AgreedAction, today: date) -> None:
    """Raises ActionUnclear for an action without words or owner, or for a day that has passed."""
    if not action.what.strip() or not action.who or action.by < today:
        raise ActionUnclear


def closed(challenge: Challenge, moment: Moment, status: Status, entry: Entry) -> Change:
    over, cancelled = called_off(challenge, moment)
    closed = replace(
        over,
        status=status,
        closed_at=moment.now,
        offered=None,
        prompts=(),
        date_proposal=None,
        turn=challenge.turn + 1,
    )
    both = privately(Told.CLOSED_PRIVATELY, (challenge.raised_by, challenge.challenged))
    told = (Notice(Told.CLOSED, about=entry.by), *cancelled, Notice(Told.CARD), *both)
    said = replace(entry, summary=entry.summary + what_was_called_off(challenge, over))
    return Change(closed, (said,), told)


def _proposal_or_refuse(
    act: Act, challenge: Challenge, directory: Directory, by: PersonId
) -> Settlement:
    refuse_unless_may(act, challenge, directory, by)
    if challenge.settlement is None:
        raise NothingProposed(now="no settlement is proposed just now")
    if challenge.settlement.side is speaks_for(challenge, by):
        raise YourOwnProposal
    return challenge.settlement
