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
from challenge.rights import Act, actions_of, refuse_unless_may, speaks_for
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
    said = (Notice(Told.SETTLEMENT_PROPOSED, about=by), Notice(Told.CARD))
    told = privately(Told.SETTLEMENT_PROPOSED, _over_whose_head(challenge, by), about=by)
    return Change(replace(challenge, settlement=proposal), (entry,), (*said, *told))


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
    """Not settled, and why; the challenge goes on where it was. Whoever raised it may say so of
    every proposal but their own: nobody settles it over their head."""
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


def raiser_may_object(challenge: Challenge) -> bool:
    """Whether it is another of the raiser's own side who proposed how it is settled."""
    proposal = challenge.settlement
    if proposal is None or proposal.proposed_by == challenge.raised_by:
        return False
    return proposal.side is speaks_for(challenge, challenge.raised_by)


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
    # Whoever was told on the way, the business unit say, hears of the end too.
    others = (who for who in challenge.told if who not in _on_it(challenge))
    ended = privately(Told.ENDED, others)
    # An owner may be on neither side, and would else first hear of it when half the time is over.
    owners = privately(Told.ACTION_AGREED, (action.who for action in actions_of(closed)))
    first = (Notice(Told.CLOSED, about=entry.by), *cancelled, Notice(Told.CARD))
    said = replace(entry, summary=entry.summary + what_was_called_off(challenge, over))
    return Change(closed, (said,), (*first, *both, *ended, *owners))


def _on_it(challenge: Challenge) -> tuple[PersonId, ...]:
    """Whoever hears of the end in the channel, or by a word of their own."""
    return (challenge.raised_by, challenge.challenged, *challenge.leads)


def _proposal_or_refuse(
    act: Act, challenge: Challenge, directory: Directory, by: PersonId
) -> Settlement:
    refuse_unless_may(act, challenge, directory, by)
    if challenge.settlement is None:
        raise NothingProposed(now="no settlement is proposed just now")
    own = challenge.settlement.side is speaks_for(challenge, by)
    objects = act is Act.DECLINE_SETTLEMENT and by == challenge.raised_by
    if own and not (objects and raiser_may_object(challenge)):
        raise YourOwnProposal
    return challenge.settlement


def _over_whose_head(challenge: Challenge, by: PersonId) -> tuple[PersonId, ...]:
    """The two practitioners, when it comes from neither the raiser nor themselves."""
    if by == challenge.raised_by:
        return ()
    return tuple(who for who in (challenge.raised_by, challenge.challenged) if who != by)
