"""Outside the line: a practitioner may go past their own managers, and need not say why."""

from dataclasses import replace

from challenge.directory import Directory, line_of
from challenge.escalation import replaced
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
from challenge.refusals import AskedAlready
from challenge.rights import Act, refuse_unless_may

BOTH = (Side.RAISING, Side.RECEIVING)


def go_past_line(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """Nobody of the direct line takes it on; the safeguarding lead or another role is asked.

    Between agencies that holds for one's own side; within one agency, for both. A manager who
    was asked already is told that they are not needed, and no more.
    """
    refuse_unless_may(Act.GO_PAST_LINE, challenge, directory, by)
    sides = _sides(challenge, by)
    if not sides:
        raise AskedAlready
    line = _line(challenge, directory, by)
    barred = tuple(Involved(who, side) for side in sides for who in line)
    after = replace(
        challenge,
        past_line=(*challenge.past_line, *sides),
        aside=(*challenge.aside, *barred),
    )
    notices: tuple[Notice, ...] = ()
    asked = [p.person for p in challenge.prompts if p.person and p.side in sides]
    spared = tuple(who for who in asked if who in line)
    for who in spared:
        after, more = replaced(after, moment, directory, who)
        notices = (*notices, *more)
    entry = Entry(
        Happened.PAST_LINE,
        by,
        f"<@{by}> asked that somebody outside the direct line takes it on."
        + "".join(f" <@{who}> is no longer asked." for who in spared),
    )
    told = privately(Told.NO_LONGER_ASKED, spared)
    return Change(after, (entry,), (*told, *notices, Notice(Told.CARD)))


def _sides(challenge: Challenge, by: PersonId) -> tuple[Side, ...]:
    """Those for which it was not asked yet."""
    own = (Side.RAISING,) if by == challenge.raised_by else (Side.RECEIVING,)
    inside = challenge.raising_agency == challenge.receiving_agency
    return tuple(s for s in (BOTH if inside else own) if s not in challenge.past_line)


def _line(challenge: Challenge, directory: Directory, by: PersonId) -> tuple[PersonId, ...]:
    inside = challenge.raising_agency == challenge.receiving_agency
    people = (challenge.raised_by, challenge.challenged) if inside else (by,)
    return tuple(dict.fromkeys(who for one in people for who in line_of(directory, one)))
