"""After-care: some time after the end both are asked privately how it has been since.

What they confide is kept apart from the challenge's record, which both sides read. It goes to one
named person outside both lines, and only that person may open it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from challenge.directory import Directory
from challenge.escalation import late
from challenge.follow_up import opening_after
from challenge.model import (
    Challenge,
    Change,
    Clock,
    Entry,
    Happened,
    PersonId,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.refusals import ListenerChanged, NobodyToConfideIn, SayWhatWasHard
from challenge.rights import Act, refuse_unless_may

AFTERCARE = "aftercare"


@dataclass(frozen=True)
class Confidence:
    """What somebody confided after the end. Only `to` may read it.

    `returned` once Slack has refused whoever it is for: then nobody may but whoever wrote it.
    """

    by: PersonId
    to: PersonId
    at: datetime
    difficulty: bool
    words: str = field(repr=False)
    returned: bool = False
    id: str = field(default="", compare=False)


def confide(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    to: PersonId,
    difficulty: bool,
    words: str,
    returned: Sequence[Confidence] = (),
) -> Confidence:
    """One person's answer, for the listener whom the form named when it was opened."""
    refuse_unless_may(Act.CONFIDE, challenge, directory, by)
    if to != listener(challenge, directory, returned):
        raise ListenerChanged
    if difficulty and not words.strip():
        raise SayWhatWasHard
    return Confidence(by, to, moment.now, difficulty, words)


def listener(
    challenge: Challenge, directory: Directory, returned: Sequence[Confidence] = ()
) -> PersonId | None:
    """Who hears it: the first named for it, or else of the partnership, outside both lines; but
    nobody whom Slack has refused before."""
    barred = in_the_lines(challenge, directory) | {each.to for each in returned}
    named = (*directory.aftercare, *directory.partnership)
    return next((who for who in named if who not in barred and _is_there(directory, who)), None)


def listener_or_refuse(
    challenge: Challenge, directory: Directory, returned: Sequence[Confidence] = ()
) -> PersonId:
    """Raises NobodyToConfideIn when nobody outside both lines could hear it."""
    who = listener(challenge, directory, returned)
    if who is None:
        raise NobodyToConfideIn
    return who


def words_returned(returned: Sequence[Confidence], by: PersonId) -> str:
    """What this person wrote last and nobody read, so that they need not write it again."""
    return next((each.words for each in reversed(returned) if each.by == by), "")


def in_the_lines(challenge: Challenge, directory: Directory) -> frozenset[PersonId]:
    """Everyone with a hand in it: on it or asked, and every manager above and deputy beside."""
    hands = {*challenge.everyone, *challenge.out, *challenge.leads, *challenge.tried}
    above = {boss for who in hands for boss in _above(directory, who)}
    deputies = {directory.deputy_of(who) for who in (*hands, *above)}
    return frozenset({*hands, *above, *(who for who in deputies if who)})


def clocks(challenge: Challenge) -> tuple[Clock, ...]:
    """One, however it ended."""
    if challenge.closed_at is None:
        return ()
    procedure = challenge.procedure
    at = opening_after(procedure.calendar, challenge.closed_at, procedure.follow_up.aftercare_after)
    return (Clock(f"{challenge.turn}:{AFTERCARE}", at),)


def ask(challenge: Challenge, moment: Moment, directory: Directory, clock: Clock) -> Change:
    """Both are asked alike; that they were is all that the record says of it, ever."""
    both = (challenge.raised_by, challenge.challenged)
    if listener(challenge, directory) is None:
        entry = Entry(
            Happened.AFTERCARE_ASKED,
            None,
            "Nobody outside both lines could hear how it went since, so nobody was asked. The "
            "coordinators were told.",
        )
        return Change(challenge, (entry,), privately(Told.UNDELIVERED, directory.coordinators))
    entry = Entry(
        Happened.AFTERCARE_ASKED,
        None,
        f"<@{both[0]}> and <@{both[1]}> were each asked privately whether anything has been "
        f"hard since{late(clock.due, moment)}. What they answer is not part of this record.",
    )
    return Change(challenge, (entry,), privately(Told.AFTERCARE, both))


def _is_there(directory: Directory, who: PersonId) -> bool:
    """The partnership's people, and whoever hears after-care, need no entry of their own."""
    person = directory.person(who)
    return person is None or person.active


def _above(directory: Directory, who: PersonId) -> Iterator[PersonId]:
    """The line managers above somebody, up to the top; a circle in the file ends it too."""
    seen: set[PersonId] = set()
    person = directory.person(who)
    while person and person.line_manager and person.line_manager not in seen:
        seen.add(person.line_manager)
        yield person.line_manager
        person = directory.person(person.line_manager)
