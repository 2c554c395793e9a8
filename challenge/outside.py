"""Outside the line: a practitioner may go past their own managers, and need not say why."""

from collections.abc import Iterator
from dataclasses import replace

from challenge.aside import put_out
from challenge.directory import Directory, is_on_ladder, line_of
from challenge.escalation import Offer, replaced, what_followed
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
    privately,
)
from challenge.moment import Moment
from challenge.procedure import Stage
from challenge.refusals import AskedAlready
from challenge.rights import Act, refuse_unless_may

BOTH = (Side.RAISING, Side.RECEIVING)


def go_past_line(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """Nobody of the direct line takes it on; the safeguarding lead or another role is asked.

    Between agencies that holds for one's own side; within one agency, for both. A manager who is
    asked, or has accepted already, leaves the channel, is told that they are not needed and no
    more; whoever comes instead is asked like anybody else, while the stage's own clock runs on.
    """
    refuse_unless_may(Act.GO_PAST_LINE, challenge, directory, by)
    sides = _sides(challenge, by)
    if not sides:
        raise AskedAlready
    line = _line(challenge, directory, by)
    past = _barred(challenge, sides, line)
    passed = _found_through(past, directory, sides, line)
    after, notices = _asked_anew(past, moment, directory, passed)
    after, left, said = put_out(after, moment, directory, (*line, *passed), Told.GONE_PAST)
    spared = privately(Told.NO_LONGER_ASKED, (who for who in passed if who not in after.out))
    entry = Entry(
        Happened.PAST_LINE,
        by,
        f"<@{by}> asked that somebody outside the direct line takes it on."
        + "".join(_what_became_of(challenge, after, passed[who], who) for who in passed)
        + said,
    )
    return Change(after, (entry,), (*left, *spared, *notices, Notice(Told.CARD)))


def _barred(challenge: Challenge, sides: tuple[Side, ...], line: tuple[PersonId, ...]) -> Challenge:
    barred = tuple(Involved(who, side) for side in sides for who in line)
    return replace(
        challenge,
        past_line=(*challenge.past_line, *sides),
        aside=(*challenge.aside, *barred),
    )


def _found_through(
    challenge: Challenge, directory: Directory, sides: tuple[Side, ...], line: tuple[PersonId, ...]
) -> dict[PersonId, Side]:
    """Whoever is asked, or answers, for these sides: of the line, or as a deputy of somebody who
    is and in no role of their own. The two whose disagreement it is stay what they are."""
    deputies = {directory.deputy_of(who) for who in line}
    return {
        who: side
        for who, side, stage in _there(challenge)
        if side in sides
        and who not in (challenge.raised_by, challenge.challenged)
        and (
            who in line
            or (who in deputies and not is_on_ladder(challenge, directory, side, stage, who))
        )
    }


def _there(challenge: Challenge) -> Iterator[tuple[PersonId, Side, Stage]]:
    """Whoever is asked, has accepted or answers; for which side, and at which stage."""
    stage = challenge.procedure.stage
    for prompt in challenge.prompts:
        if prompt.person:
            yield prompt.person, prompt.side, stage(prompt.stage)
    for one in challenge.accepted:
        yield one.person, one.side, stage(challenge.offered or challenge.stage)
    for one in challenge.holders:
        yield one.person, one.side, challenge.current


def _asked_anew(
    challenge: Challenge, moment: Moment, directory: Directory, passed: dict[PersonId, Side]
) -> Offer:
    """A side that asks anew has its whole time to accept."""
    overdue = tuple(side for side in challenge.overdue if side not in passed.values())
    after = replace(challenge, overdue=overdue)
    notices: tuple[Notice, ...] = ()
    for who in passed:
        after, more = replaced(after, moment, directory, who)
        notices = (*notices, *more)
    return after, notices


def _what_became_of(before: Challenge, after: Challenge, side: Side, who: PersonId) -> str:
    """Somebody who has it already hands it over; and who is asked now, where that is anybody."""
    had_it = any(one.person == who for one in before.answering)
    said = f" <@{who}> had accepted, and hands it over." if had_it else ""
    said = said or f" <@{who}> is no longer asked."
    fresh = any(p.side is side and p not in before.prompts for p in after.prompts)
    stage = before.offered or before.stage
    return f"{said} {what_followed(after, side, stage)}" if fresh else said


def _sides(challenge: Challenge, by: PersonId) -> tuple[Side, ...]:
    """Those for which it was not asked yet."""
    own = (Side.RAISING,) if by == challenge.raised_by else (Side.RECEIVING,)
    inside = challenge.raising_agency == challenge.receiving_agency
    return tuple(s for s in (BOTH if inside else own) if s not in challenge.past_line)


def _line(challenge: Challenge, directory: Directory, by: PersonId) -> tuple[PersonId, ...]:
    inside = challenge.raising_agency == challenge.receiving_agency
    people = (challenge.raised_by, challenge.challenged) if inside else (by,)
    return tuple(dict.fromkeys(who for one in people for who in line_of(directory, one)))
