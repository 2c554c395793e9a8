"""The private space: one private channel for one challenge, and who could be brought into it."""

from dataclasses import replace

from challenge.directory import Directory
from challenge.escalation import cut, unreachable
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    PersonId,
    Space,
    Status,
    Told,
    Unreached,
    privately,
)
from challenge.moment import Moment
from challenge.raising import latest_answer
from challenge.refusals import AlreadyHeard


def opened(
    challenge: Challenge, moment: Moment, directory: Directory, *, channel: str, name: str
) -> Change:
    """Slack made the channel; from now on what is said in it is the record."""
    entry = Entry(Happened.SPACE_OPENED, None, f"The private channel #{name} was opened.")
    return Change(replace(challenge, space=Space(channel, name)), (entry,))


def not_reached(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId, why: str
) -> Change:
    """Slack would not let somebody in: raiser and coordinators hear at once, the card says so.

    The clock runs on: not reaching someone is a reason to go up, never to wait. If they were asked
    to take a stage on, the next person is asked instead.
    """
    known = tuple(u for u in challenge.unreached if u.person != person)
    marked = replace(challenge, unreached=(*known, Unreached(person, why)))
    after, notices, then = unreachable(marked, moment, directory, person)
    entry = Entry(
        Happened.NOT_REACHED,
        None,
        f"<@{person}> could not be invited: {why}. The clock runs on; the raiser and the "
        f"coordinators were told.{then}",
    )
    told = privately(Told.NOT_REACHED, (challenge.raised_by, *directory.coordinators), about=person)
    return Change(after, (entry,), (*told, *notices, Notice(Told.CARD)))


def reached(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId
) -> Change:
    """Somebody is in the channel: the challenged person at last, or one who could not be invited.

    The first clock starts when the challenged person is reached. Raises AlreadyHeard when there
    was nothing to wait for.
    """
    rest = tuple(u for u in challenge.unreached if u.person != person)
    found = replace(challenge, unreached=rest)
    after_all = Entry(Happened.REACHED, None, f"<@{person}> has joined the channel after all.")
    entries: tuple[Entry, ...] = (after_all,) if found.unreached != challenge.unreached else ()
    if person == challenge.challenged and challenge.delivered_at is None:
        found = _delivered(found, moment)
        entries = (*entries, _first_clock(found, moment))
    if not entries:
        raise AlreadyHeard
    redrawn = len(entries) > 1 or found.due != challenge.due or after_all in entries
    return Change(found, entries, (Notice(Told.CARD),) if redrawn else ())


def taken_out(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId
) -> Change:
    """Somebody who was set aside is in the channel no more."""
    entry = Entry(Happened.TAKEN_OUT, None, f"<@{person}> is out of the private channel.")
    return Change(challenge, (entry,))


def stays_in(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId, why: str
) -> Change:
    """Slack would not let the bot take somebody out: the business unit is told, nothing stops.

    They can act no longer all the same, and see it in the bot's own pages no more.
    """
    people = directory.business_unit or directory.partnership
    unit = [who for who in people if who != person] or directory.partnership
    entry = Entry(
        Happened.STAYS_IN,
        None,
        f"<@{person}> could not be taken out of the private channel: {why}. They can act no "
        "longer; the business unit was told.",
    )
    told = privately(Told.STAYS_IN, (who for who in unit if who != person), about=person)
    return Change(challenge, (entry,), told)


def awaits(challenge: Challenge, person: PersonId) -> bool:
    """Whether it would change anything that this person is in the channel."""
    undelivered = person == challenge.challenged and challenge.delivered_at is None
    return undelivered or any(u.person == person for u in challenge.unreached)


def _delivered(challenge: Challenge, moment: Moment) -> Challenge:
    """The procedure's time for the first stage is reckoned anew, if it is that which runs."""
    reached = replace(challenge, delivered_at=moment.now)
    if not _has_the_first_clock(challenge, moment):
        return reached
    due = cut(
        challenge, challenge.current, moment, moment.deadline(challenge.current.answer_within)
    )
    if due == challenge.due:
        return replace(reached, stage_began=moment.now)
    return replace(
        reached, stage_began=moment.now, clock_set=moment.now, due=due, turn=challenge.turn + 1
    )


def _has_the_first_clock(challenge: Challenge, moment: Moment) -> bool:
    """Not on the urgent route, and not when a date was asked for or agreed instead."""
    limit = latest_answer(challenge.procedure, replace(moment, now=challenge.raised_at))
    first = challenge.status is Status.OPEN and challenge.stage == 1 and not challenge.urgent
    return first and not challenge.date_agreed and challenge.due == limit


def _first_clock(challenge: Challenge, moment: Moment) -> Entry:
    due = f"{moment.calendar.local(challenge.due):%A %-d %B %Y, %H:%M}"
    clock = (
        f" The first clock runs from now; an answer is asked for by {due}."
        if challenge.stage_began == moment.now
        else ""
    )
    return Entry(Happened.DELIVERED, None, f"<@{challenge.challenged}> has been reached.{clock}")


def undelivered(
    challenge: Challenge, moment: Moment, directory: Directory, *, what: str, why: str
) -> Change:
    """Slack refused a word for good: it is on record, and the coordinators are told."""
    entry = Entry(
        Happened.UNDELIVERED, None, f"A word could not be delivered ({what}): Slack said {why}."
    )
    return Change(challenge, (entry,), privately(Told.UNDELIVERED, directory.coordinators))
