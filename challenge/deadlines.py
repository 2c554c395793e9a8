"""Deadlines: which clocks a challenge has now, and what happens when one of them falls due.

The clocks follow from the challenge alone, so they are worked out anew after every act; a row
in the database is only their shadow. Every open challenge has one, or somebody who was asked.
"""

from challenge import absence, aftercare, conflict, follow_up, meeting
from challenge.altering import replace
from challenge.awaiting import whose_move
from challenge.directory import Directory
from challenge.escalation import lapse, late, no_acceptance
from challenge.meanwhile import MEANWHILE, meanwhile_clock, run_out
from challenge.model import (
    CLOSED,
    Challenge,
    Change,
    Clock,
    Entry,
    Happened,
    Notice,
    PersonId,
    Prompt,
    Reminded,
    Status,
    Told,
)
from challenge.moment import Moment
from challenge.procedure import Reminder, reminder_times
from challenge.review import no_second_opinion
from challenge.rights import meeting_now

LAPSE = "lapse"
SECOND = "second"
REMIND = "remind"
ACCEPT = "accept"
ARCHIVE = "archive"
MEET = "meet"


def clocks(challenge: Challenge) -> tuple[Clock, ...]:
    """Every deadline that the challenge has now; none once it is closed and put away."""
    if challenge.status in CLOSED:
        return (
            *_archive_clock(challenge),
            *follow_up.clocks(challenge),
            *aftercare.clocks(challenge),
        )
    accepting = tuple(
        Clock(f"{challenge.turn}:{ACCEPT}:{prompt.number}", prompt.due)
        for prompt in challenge.prompts
    )
    people = (*absence.clocks(challenge), *conflict.clocks(challenge))
    always = (*people, *accepting, *meanwhile_clock(challenge), *_meeting_clock(challenge))
    if challenge.status is Status.OFFERED:
        return always
    lapsing = Clock(f"{challenge.turn}:{LAPSE}", challenge.due)
    return (*always, *_reminding(challenge), *_second_look(challenge), lapsing)


def fall_due(
    challenge: Challenge, moment: Moment, directory: Directory, *, key: str
) -> Change | None:
    """What the clock of that key brings about now; None when it is gone or not due yet."""
    running = next((c for c in clocks(challenge) if c.key == key), None)
    if running is None or running.due > moment.now:
        return None
    kind = key.split(":")[1]
    if kind == ACCEPT:
        return no_acceptance(challenge, moment, directory, _prompt(challenge, key))
    if kind == SECOND and challenge.second_look:
        return no_second_opinion(challenge, moment, directory, challenge.second_look)
    if kind == MEET:
        return meeting.remind(challenge, moment)
    if kind == REMIND:
        return remind(challenge, moment, directory, running)
    if kind == MEANWHILE:
        return run_out(challenge)
    if kind == LAPSE:
        return lapse(challenge, moment, directory)
    if kind in (absence.AWAY, conflict.CONFLICT):
        return _of_people(challenge, moment, directory, key)
    return _after_the_end(challenge, moment, directory, running, kind)


def _of_people(
    challenge: Challenge, moment: Moment, directory: Directory, key: str
) -> Change | None:
    """Somebody's leave begins, or a conflict of interest is still to be settled."""
    _, kind, which, *_ = key.split(":")
    if kind == conflict.CONFLICT:
        return conflict.remind(challenge, moment, directory, number=int(which))
    return absence.leave_begins(challenge, moment, directory, person=PersonId(which))


def _after_the_end(
    challenge: Challenge, moment: Moment, directory: Directory, running: Clock, kind: str
) -> Change | None:
    if kind in follow_up.KINDS:
        return follow_up.fall_due(challenge, moment, directory, running)
    if kind == aftercare.AFTERCARE:
        return aftercare.ask(challenge, moment, directory, running)
    return _put_away(challenge)


def remind(
    challenge: Challenge, moment: Moment, directory: Directory, clock: Clock
) -> Change | None:
    """A reminder to whoever it waits for, at most one a person a day.

    A reminder that was missed until its deadline passed would only confuse, and one that was
    missed until working hours ended would disturb: it is put on record as missed.
    """
    if moment.now >= challenge.due:
        return _missed(challenge, moment, clock, "its deadline had passed")
    if not (challenge.urgent or moment.is_open):
        return _missed(challenge, moment, clock, "working hours had ended")
    today = moment.today
    there = [p for p in whose_move(challenge) if not directory.has_left(p)]
    fresh = [p for p in there if Reminded(p, today) not in challenge.reminded]
    if not fresh:
        return None
    names = " and ".join(f"<@{person}>" for person in fresh)
    reminded = replace(
        challenge,
        reminded=(
            *(r for r in challenge.reminded if r.on == today),
            *(Reminded(person, today) for person in fresh),
        ),
    )
    entry = Entry(Happened.REMINDED, None, f"{names} was reminded{late(clock.due, moment)}.")
    mark = " ".join(fresh)
    return Change(reminded, (entry,), (Notice(Told.REMINDER, mark=mark), Notice(Told.CARD)))


def is_held(challenge: Challenge) -> bool:
    """The auditor's question: is a clock running on this open challenge?"""
    return challenge.is_closed or bool(clocks(challenge))


def _reminding(challenge: Challenge) -> tuple[Clock, ...]:
    times = reminder_times(
        challenge.clock_set,
        challenge.due,
        _reminders(challenge),
        challenge.procedure.calendar,
        by_the_clock=challenge.urgent,
    )
    return tuple(
        Clock(f"{challenge.turn}:{REMIND}:{number}", at) for number, at in enumerate(times, 1)
    )


def _second_look(challenge: Challenge) -> tuple[Clock, ...]:
    """The time that somebody has for a second opinion on the review."""
    look = challenge.second_look
    return (Clock(f"{challenge.turn}:{SECOND}:{look.number}", look.due),) if look else ()


def _meeting_clock(challenge: Challenge) -> tuple[Clock, ...]:
    """Shortly before the meeting; at once when it was fixed later than that, for the pledge."""
    held = meeting_now(challenge)
    if held is None or held.fixed is None or held.reminded:
        return ()
    procedure = challenge.procedure
    at = procedure.calendar.before(held.fixed, procedure.meetings.remind)
    return (Clock(f"{challenge.turn}:{MEET}:{held.fixings}", at),)


def _reminders(challenge: Challenge) -> tuple[Reminder, ...]:
    urgent = challenge.procedure.urgent
    return urgent.remind if challenge.urgent and urgent else challenge.current.remind


def _archive_clock(challenge: Challenge) -> tuple[Clock, ...]:
    if challenge.closed_at is None or challenge.space is None or challenge.space.archived:
        return ()
    procedure = challenge.procedure
    at = procedure.calendar.after(challenge.closed_at, procedure.archive_after)
    return (Clock(f"{challenge.turn}:{ARCHIVE}", at),)


def _prompt(challenge: Challenge, key: str) -> Prompt:
    number = int(key.split(":")[2])
    return next(p for p in challenge.prompts if p.number == number)


def _missed(challenge: Challenge, moment: Moment, clock: Clock, why: str) -> Change:
    entry = Entry(
        Happened.REMINDER_MISSED,
        None,
        f"A reminder was not sent: {why}{late(clock.due, moment)}.",
    )
    return Change(challenge, (entry,))


def _put_away(challenge: Challenge) -> Change:
    entry = Entry(Happened.SPACE_ARCHIVED, None, "The private channel is being archived.")
    space = replace(challenge.space, archived=True) if challenge.space else None
    mark = space.channel if space else ""
    archive = Notice(Told.ARCHIVE_SPACE, mark=mark)
    return Change(replace(challenge, space=space), (entry,), (archive,))
