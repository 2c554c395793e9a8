"""Absence: whoever has left or is on leave hands on what they were asked, or hold. Nobody waits."""

from dataclasses import replace

from challenge.directory import Away, Directory
from challenge.escalation import (
    Offer,
    ask_next,
    following,
    offer,
    offered_to,
    replaced,
    sides,
    spoken_for,
    time_to_answer,
    what_followed,
    with_leave,
)
from challenge.model import (
    Challenge,
    Change,
    Clock,
    Entry,
    Happened,
    Involved,
    Notice,
    PersonId,
    Side,
    Status,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.review import pass_on
from challenge.rights import speakers

AWAY = "away"


def gone(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId
) -> Change | None:
    """Somebody with a part in it has left: the next is asked at once, and the clock runs on.

    The coordinators are told in any case; None when the person has no part in an open challenge.
    A practitioner who is no longer listed has not left: the two need no entry to talk.
    """
    if challenge.is_closed or not _has_part(challenge, person):
        return None
    has_left = directory.has_left(person)
    if person in _practitioners(challenge) and not has_left:
        return None
    after, notices, said = _without(challenge, moment, directory, person)
    after, more = spoken_for(after, moment, directory)
    how = "is no longer active" if has_left else "is no longer in the directory"
    entry = Entry(Happened.GONE, None, f"<@{person}> {how}.{said}")
    told = privately(Told.GONE, directory.coordinators or directory.partnership, about=person)
    theirs = _told_of_theirs(after, directory, person)
    once = dict.fromkeys((*notices, *more, *told, *theirs, Notice(Told.CARD)))
    return Change(after, (entry,), tuple(once))


def leave_set(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId
) -> Change | None:
    """Somebody's leave was entered or changed while they are asked, or answer."""
    if challenge.is_closed or person not in _waited_for(challenge):
        return None
    known = with_leave(challenge, moment, directory, person)
    if _leave_today(directory, moment, person):
        return _on_leave(known, moment, directory, person)
    if known.leaves == challenge.leaves:
        return None
    begins = next((leave.begins for leave in known.leaves if leave.person == person), None)
    when = f"begins on {moment.calendar.local(begins):%A %-d %B %Y}" if begins else "was taken back"
    return Change(known, (Entry(Happened.AWAY, None, f"Leave of <@{person}> {when}."),))


def leave_begins(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId
) -> Change | None:
    """The first morning of it; None when they are there after all."""
    if not _leave_today(directory, moment, person):
        return None
    return _on_leave(challenge, moment, directory, person)


def clocks(challenge: Challenge) -> tuple[Clock, ...]:
    """When the leave begins of somebody who is asked, or answers."""
    waited_for = _waited_for(challenge)
    return tuple(
        Clock(f"{challenge.turn}:{AWAY}:{leave.person}:{leave.begins:%Y-%m-%d}", leave.begins)
        for leave in challenge.leaves
        if leave.person in waited_for
    )


def relieved(challenge: Challenge, moment: Moment, directory: Directory) -> Offer:
    """For a stage that is opened again: every side of it has somebody there, or is asked."""
    after = challenge
    notices: tuple[Notice, ...] = ()
    for person in challenge.leads:
        if directory.has_left(person) and _part_in(after, person):
            after, more = _next_asked(after, moment, directory, person)
            notices = (*notices, *more)
    for side in sides(after, after.current):
        taken = {holder.side for holder in after.holders}
        if side not in taken | {prompt.side for prompt in after.prompts}:
            after, more = ask_next(after, moment, directory, side, after.current)
            notices = (*notices, *more)
    after, more = spoken_for(after, moment, directory)
    return after, (*notices, *more)


def _on_leave(
    challenge: Challenge, moment: Moment, directory: Directory, person: PersonId
) -> Change:
    """What waits for them passes on; a stage that they hold, unless they are back in time."""
    if _is_back_in_time(challenge, moment, directory, person):
        words = f"<@{person}> is on leave, and is back before the time of this stage is over."
        return Change(challenge, (Entry(Happened.AWAY, None, words),))
    after, notices, said = _handed_on(challenge, moment, directory, person)
    entry = Entry(Happened.AWAY, None, f"<@{person}> is on leave.{said}")
    spared = privately(Told.NO_LONGER_ASKED, (person,))
    return Change(after, (entry,), (*notices, *spared, Notice(Told.CARD)))


def _without(
    challenge: Challenge, moment: Moment, directory: Directory, person: PersonId
) -> tuple[Challenge, tuple[Notice, ...], str]:
    """With a practitioner gone there is nobody to talk to at the first stage: it moves up."""
    talking = challenge.status is Status.OPEN and not challenge.at_top
    if talking and challenge.stage == 1 and person in _practitioners(challenge):
        to = following(challenge, moment.now)
        after, notices = offer(challenge, moment, directory, to)
        return after, (Notice(Told.ESCALATION), *notices), f" {offered_to(after)}"
    return _handed_on(challenge, moment, directory, person)


def _handed_on(
    challenge: Challenge, moment: Moment, directory: Directory, person: PersonId
) -> tuple[Challenge, tuple[Notice, ...], str]:
    """Whatever they were asked, took on or hold is asked of the next; and of whom, in words."""
    part = _part_in(challenge, person)
    after, said = challenge, ""
    notices: tuple[Notice, ...] = ()
    if part:
        after, notices = _next_asked(challenge, moment, directory, person)
        said = f" {what_followed(after, *part)}"
    if after.second_look is None or after.second_look.person != person:
        return after, notices, said
    after, more, asked = pass_on(after, moment, directory)
    return after, (*notices, *more), f"{said} {asked}"


def _next_asked(
    challenge: Challenge, moment: Moment, directory: Directory, person: PersonId
) -> Offer:
    """Their deputy first. Should they come back, nobody holds two stages in a row; above the top
    there is none, and they may be asked again."""
    after, notices = replaced(challenge, moment, directory, person)
    held = person in challenge.leads and not challenge.at_top
    turned = tuple(Involved(person, side) for side in Side) if held else ()
    return replace(after, aside=(*after.aside, *turned)), notices


def _part_in(challenge: Challenge, person: PersonId) -> tuple[Side, int] | None:
    """For which side, and at which stage, they are asked or answer; None when neither.

    While a stage is offered, those who held the one before have nothing left to hand on.
    """
    taken = challenge.accepted if challenge.status is Status.OFFERED else challenge.holders
    answering = [one.side for one in taken if one.person == person]
    asked = [prompt.side for prompt in challenge.prompts if prompt.person == person]
    if person in _practitioners(challenge) or not (answering or asked):
        return None
    return (*answering, *asked)[0], challenge.offered or challenge.stage


def _waited_for(challenge: Challenge) -> frozenset[PersonId]:
    """Whoever has something to hand on."""
    look = challenge.second_look
    second = {look.person} if look and look.person else set()
    asked = {prompt.person for prompt in challenge.prompts if prompt.person}
    people = asked | {one.person for one in challenge.answering}
    return frozenset(second | {who for who in people if _part_in(challenge, who)})


def _has_part(challenge: Challenge, person: PersonId) -> bool:
    last_leads = challenge.held_before if challenge.at_top else ()
    people = {*_practitioners(challenge), *challenge.leads, *last_leads}
    return person in people | _waited_for(challenge)


def _is_back_in_time(
    challenge: Challenge, moment: Moment, directory: Directory, person: PersonId
) -> bool:
    """Whoever took a stage on keeps it through a leave that ends before its time does."""
    leave = _leave_today(directory, moment, person)
    if leave is None or all(one.person != person for one in challenge.answering):
        return False
    stage = challenge.procedure.stage(challenge.offered or challenge.stage)
    running = challenge.status is Status.OPEN
    ends = challenge.due if running else moment.deadline(time_to_answer(challenge, stage))
    return leave.last < moment.calendar.local(ends).date()


def _leave_today(directory: Directory, moment: Moment, who: PersonId) -> Away | None:
    person = directory.person(who)
    away = person.away if person else ()
    return next((leave for leave in away if leave.covers(moment.today)), None)


def _told_of_theirs(
    challenge: Challenge, directory: Directory, person: PersonId
) -> tuple[Notice, ...]:
    """Those who speak for a practitioner who has left hear that it is theirs now."""
    sides = [s for s in (Side.RAISING, Side.RECEIVING) if challenge.practitioner(s) == person]
    asked = [p.person for p in challenge.prompts if p.side in sides and p.person]
    taken = [one.person for one in challenge.accepted if one.side in sides]
    theirs = [who for side in sides for who in speakers(challenge, side)]
    here = (who for who in (*theirs, *taken, *asked) if not directory.has_left(who))
    return privately(Told.STANDS_IN, here, about=person)


def _practitioners(challenge: Challenge) -> tuple[PersonId, PersonId]:
    return challenge.raised_by, challenge.challenged
