"""The private space: one private channel for one challenge, and who could be brought into it."""

from dataclasses import replace

from challenge.directory import Directory
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    PersonId,
    Space,
    Told,
    Unreached,
    privately,
)
from challenge.moment import Moment


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

    The clock runs on: not reaching someone is a reason to go up, never to wait.
    """
    known = tuple(u for u in challenge.unreached if u.person != person)
    marked = replace(challenge, unreached=(*known, Unreached(person, why)))
    entry = Entry(
        Happened.NOT_REACHED,
        None,
        f"<@{person}> could not be invited: {why}. The clock runs on; the raiser and the "
        "coordinators were told.",
    )
    told = privately(Told.NOT_REACHED, (challenge.raised_by, *directory.coordinators), about=person)
    return Change(marked, (entry,), (*told, Notice(Told.CARD)))


def reached(
    challenge: Challenge, moment: Moment, directory: Directory, *, person: PersonId
) -> Change:
    """Somebody who could not be invited has joined after all."""
    rest = tuple(u for u in challenge.unreached if u.person != person)
    entry = Entry(Happened.REACHED, None, f"<@{person}> has joined the channel after all.")
    return Change(replace(challenge, unreached=rest), (entry,), (Notice(Told.CARD),))


def undelivered(
    challenge: Challenge, moment: Moment, directory: Directory, *, what: str, why: str
) -> Change:
    """Slack refused a word for good: it is on record, and the coordinators are told."""
    entry = Entry(
        Happened.UNDELIVERED, None, f"A word could not be delivered ({what}): Slack said {why}."
    )
    return Change(challenge, (entry,), privately(Told.UNDELIVERED, directory.coordinators))
