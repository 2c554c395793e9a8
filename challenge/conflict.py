"""Conflict of interest: either side may see one in whoever is asked or answers; the unit settles.

Meanwhile nothing waits: the clocks run on, and whoever was asked may accept.
"""

from dataclasses import replace

from challenge.directory import Directory
from challenge.escalation import replaced
from challenge.model import (
    Challenge,
    Change,
    Conflict,
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
from challenge.refusals import AskedAlready, NobodyWithThat, NothingProposed, SayWhy
from challenge.rights import Act, refuse_unless_may


def flag_conflict(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    about: PersonId,
    because: str,
) -> Change:
    """One side asks whether somebody is the right person to take this on, with a reason."""
    refuse_unless_may(Act.FLAG_CONFLICT, challenge, directory, by)
    if about not in may_be_flagged(challenge):
        raise NobodyWithThat
    if any(one.about == about for one in challenge.conflicts):
        raise AskedAlready
    if not because.strip():
        raise SayWhy
    number = challenge.prompted + 1
    asked = _who_settles(challenge, directory, about)
    flagged = replace(
        challenge,
        conflicts=(*challenge.conflicts, Conflict(number, about, by, asked, because)),
        told=tuple(dict.fromkeys((*challenge.told, *asked))),
        prompted=number,
    )
    entry = Entry(
        Happened.CONFLICT_FLAGGED,
        by,
        f"<@{by}> sees a conflict of interest in <@{about}>. "
        f"{_names(asked)} was asked to settle it; the clocks run on.",
        {"Why": because},
    )
    to_settle = privately(Told.CONFLICT_TO_SETTLE, asked, about=about)
    notices = (Notice(Told.CONFLICT_FLAGGED, about=about), *to_settle, Notice(Told.CARD))
    return Change(flagged, (entry,), notices)


def settle_conflict(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    number: int,
    upheld: bool,
    because: str,
) -> Change:
    """The business unit's word. Upheld: somebody else is asked at once. If not, nothing changes."""
    refuse_unless_may(Act.SETTLE_CONFLICT, challenge, directory, by)
    conflict = to_settle(challenge, by, number)
    if conflict is None:
        raise NothingProposed(now="that conflict of interest has been settled")
    if not because.strip():
        raise SayWhy
    rest = tuple(one for one in challenge.conflicts if one != conflict)
    after = replace(challenge, conflicts=rest)
    notices: tuple[Notice, ...] = ()
    if upheld:
        barred = tuple(Involved(conflict.about, side) for side in Side)
        after = replace(after, aside=(*after.aside, *barred))
        after, notices = replaced(after, moment, directory, conflict.about)
    word = "There is one: somebody else is asked" if upheld else "There is none: it stays as it is"
    entry = Entry(
        Happened.CONFLICT_SETTLED,
        by,
        f"<@{by}> settled the question of a conflict of interest of <@{conflict.about}>. {word}.",
        {"Why": because},
    )
    settled = Notice(Told.CONFLICT_SETTLED, about=conflict.about)
    return Change(after, (entry,), (settled, *notices, Notice(Told.CARD)))


def may_be_flagged(challenge: Challenge) -> tuple[PersonId, ...]:
    """Whoever is asked, has accepted or answers now; not the two whose disagreement it is."""
    asked = [prompt.person for prompt in challenge.prompts if prompt.person]
    people = [*asked, *(one.person for one in challenge.answering)]
    return tuple(w for w in people if w not in {challenge.raised_by, challenge.challenged})


def to_settle(challenge: Challenge, by: PersonId, number: int = 0) -> Conflict | None:
    """The conflict of that number, or the oldest, that this person was asked to settle."""
    mine = (one for one in challenge.conflicts if by in one.asked)
    return next((one for one in mine if not number or one.number == number), None)


def _who_settles(
    challenge: Challenge, directory: Directory, about: PersonId
) -> tuple[PersonId, ...]:
    """The business unit; without one, or when it is about themself, others of the partnership."""
    on_it = {about, challenge.raised_by, challenge.challenged, *may_be_flagged(challenge)}
    for people in (directory.business_unit, directory.coordinators, directory.scrutineer):
        free = tuple(who for who in people if who not in on_it)
        if free:
            return free
    return tuple(who for who in directory.partnership if who != about)


def _names(people: tuple[PersonId, ...]) -> str:
    return " or ".join(f"<@{who}>" for who in people) or "The partnership"
