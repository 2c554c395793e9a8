"""Conflict of interest: either side may see one in whoever is asked or answers; the unit settles.

Meanwhile nothing waits: the clocks run on, and whoever was asked may accept.
"""

from dataclasses import replace
from datetime import datetime

from challenge.aside import put_out
from challenge.directory import Directory
from challenge.escalation import replaced
from challenge.model import (
    Challenge,
    Change,
    Clock,
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

CONFLICT = "conflict"
ALONE = 2
"""So many reminders go to those who were asked first; from the next one on others are asked too."""


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
        conflicts=(*challenge.conflicts, Conflict(number, about, by, asked, because, moment.now)),
        told=tuple(dict.fromkeys((*challenge.told, *asked))),
        prompted=number,
    )
    entry = Entry(
        Happened.CONFLICT_FLAGGED,
        by,
        f"<@{by}> sees a conflict of interest in <@{about}>. "
        f"{_who_was_asked(asked)} The clocks run on.",
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
    word = "There is none: it stays as it is."
    if upheld:
        after, notices, word = _set_aside(after, moment, directory, conflict.about)
    entry = Entry(
        Happened.CONFLICT_SETTLED,
        by,
        f"<@{by}> settled the question of a conflict of interest of <@{conflict.about}>. {word}",
        {"Is there a conflict of interest?": "Yes" if upheld else "No", "Why": because},
    )
    settled = Notice(Told.CONFLICT_SETTLED, about=conflict.about)
    return Change(after, (entry,), (settled, *notices, Notice(Told.CARD)))


def _set_aside(
    challenge: Challenge, moment: Moment, directory: Directory, who: PersonId
) -> tuple[Challenge, tuple[Notice, ...], str]:
    """Barred for good, and out of the channel; and what followed, in words."""
    barred = tuple(Involved(who, side) for side in Side)
    after = replace(challenge, aside=(*challenge.aside, *barred))
    after, asked = replaced(after, moment, directory, who)
    after, left, said = put_out(after, moment, directory, (who,), Told.SET_ASIDE)
    leaves = f" <@{who}> leaves the channel." if who in after.out else ""
    return after, (*asked, *left), f"There is one: somebody else is asked.{leaves}{said}"


def remind(challenge: Challenge, moment: Moment, directory: Directory, *, number: int) -> Change:
    """Each working morning until it is settled. Nothing waits for it: the clocks run on, and at
    the end of its time the stage moves up all the same."""
    conflict = next(one for one in challenge.conflicts if one.number == number)
    asked = _asked_again(challenge, directory, conflict)
    again = replace(conflict, asked=asked, asked_at=moment.now, reminded=conflict.reminded + 1)
    conflicts = tuple(again if one == conflict else one for one in challenge.conflicts)
    told = tuple(dict.fromkeys((*challenge.told, *asked)))
    entry = Entry(
        Happened.CONFLICT_REMINDED,
        None,
        f"It is still to be settled whether <@{conflict.about}> has a conflict of interest. "
        f"{_who_was_asked(asked)}",
    )
    reminded = replace(challenge, conflicts=conflicts, told=told)
    return Change(
        reminded, (entry,), privately(Told.CONFLICT_TO_SETTLE, asked, about=conflict.about)
    )


def clocks(challenge: Challenge) -> tuple[Clock, ...]:
    """The next working morning, while whoever it is about is asked or answers."""
    here = may_be_flagged(challenge)
    return tuple(
        Clock(f"{challenge.turn}:{CONFLICT}:{one.number}:{one.reminded}", _morning(challenge, one))
        for one in challenge.conflicts
        if one.about in here
    )


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
    """The business unit; without one, or when it is about themself, others of the partnership.

    Nobody who is on it: neither side judges the other's people, and nobody their own dispute.
    """
    for people in (directory.business_unit, directory.coordinators, directory.scrutineer):
        free = _free(challenge, people, about)
        if free:
            return free
    return ()


def _asked_again(
    challenge: Challenge, directory: Directory, conflict: Conflict
) -> tuple[PersonId, ...]:
    """Those who settle it by now; after some reminders in vain others of the partnership too."""
    first = _who_settles(challenge, directory, conflict.about)
    if conflict.reminded < ALONE:
        return first
    scrutineer = _free(challenge, directory.scrutineer, conflict.about)
    others = scrutineer or _free(challenge, directory.coordinators, conflict.about)
    return tuple(dict.fromkeys((*first, *others)))


def _free(
    challenge: Challenge, people: tuple[PersonId, ...], about: PersonId
) -> tuple[PersonId, ...]:
    """Those of them who have no other part in it."""
    beside = (supporter.person for supporter in challenge.supporters)
    dispute = (challenge.raised_by, challenge.challenged, *beside)
    on_it = {about, *dispute, *may_be_flagged(challenge), *challenge.out}
    return tuple(who for who in people if who not in on_it)


def _morning(challenge: Challenge, conflict: Conflict) -> datetime:
    calendar = challenge.procedure.calendar
    asked = calendar.local(conflict.asked_at or challenge.clock_set).date()
    return calendar.opening(calendar.working_day_after(asked))


def _who_was_asked(people: tuple[PersonId, ...]) -> str:
    names = " or ".join(f"<@{who}>" for who in people)
    free = f"{names} was asked to settle it."
    return free if names else "Nobody of the partnership is free to settle it yet."
