"""What a notice is drawn from, and the few pieces that notices of every kind share."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement

from blocks.layout import (
    Message,
    buttons,
    called,
    emergency,
    named,
    quoted,
    safe,
    says,
    small,
    spoken,
    where,
    with_names,
)
from blocks.standing import of_side
from challenge.directory import Directory
from challenge.model import Challenge, Entry, PersonId, Side
from challenge.moment import Moment
from challenge.rights import speakers


@dataclass(frozen=True)
class Occasion:
    """A notice about to be sent, and everything its card may need. `entry` is what happened.

    For one that stands in Slack already and is drawn again, `said` is what it said when it was
    posted, and `asked_again` whether a later one asks the same.
    """

    challenge: Challenge
    directory: Directory
    to: PersonId | None
    about: PersonId | None
    mark: str
    entry: Entry | None
    moment: Moment
    said: str = ""
    asked_again: bool = False

    def named(self, who: PersonId | None) -> str:
        return named(self.directory, who) if who else "somebody"

    def called(self, who: PersonId) -> str:
        return called(self.directory, who)

    def facing(self, side: Side) -> str:
        """Who answers what that side proposed."""
        other = {Side.RAISING: Side.RECEIVING, Side.RECEIVING: Side.RAISING}.get(side)
        return of_side(self.challenge, self.directory, other) if other else "either side"

    def calling(self, *sides: Side) -> str:
        """Mentions of those who answer for a side, so that they hear their phone."""
        people = (who for side in sides for who in speakers(self.challenge, side))
        return " ".join(f"<@{who}>" for who in dict.fromkeys(people))

    def calling_for(self, side: Side) -> str:
        """The same for those who answer what that side proposed."""
        both = (Side.RAISING, Side.RECEIVING)
        return self.calling(*(each for each in both if each is not side))

    @property
    def where(self) -> str:
        """The way in for whoever it is sent to."""
        return where(self.challenge, self.to)

    @property
    def actor(self) -> str:
        return self.named(self.about)


def said(o: Occasion, text: str) -> Message:
    return Message(text, [says(text)])


def privately(o: Occasion, text: str) -> Message:
    """For a direct message: the reference and where to go, never what anybody wrote."""
    return Message(
        text, [says(text)] if o.challenge.is_closed else [says(text), emergency(o.challenge)]
    )


def asks(
    o: Occasion,
    text: str,
    acts: Sequence[ButtonElement],
    over: str,
    between: Sequence[Block] = (),
    calls: str = "",
) -> Message:
    """A question and its buttons. Dealt with, it keeps what it said, and one line says so.

    `calls` names those who are to hear their phone; a message that is drawn again calls nobody.
    """
    if acts and not o.asked_again:
        opens = says(f"{calls}: {text}" if calls else text)
        return Message(text, [opens, *between, *buttons(acts)], asks=text)
    said = o.said or text
    line = "This was asked again later, in another message." if acts else over
    ends = [small(line)] if line else []
    return Message(f"{said} {line}".strip(), [says(said), *between, *ends])


def since(o: Occasion, otherwise: str) -> str:
    """Why nothing more is asked: the challenge came to its end, or what `otherwise` says."""
    c = o.challenge
    return f"{c.reference} is {c.status.value} since." if c.is_closed else otherwise


def afterwards(o: Occasion, text: str, acts: Sequence[ButtonElement], over: str = "") -> Message:
    """A private word after the end; once it is open again there is nothing to press."""
    c = o.challenge
    again = f"{c.reference} was opened again since."
    return asks(o, text, acts if c.is_closed else [], over if c.is_closed else again)


def written(o: Occasion) -> list[Block]:
    """What somebody wrote when it happened, under the question they answered."""
    if o.entry is None:
        return []
    pairs = [pair for pair in o.entry.words.items() if pair[1]][:12]
    return [
        block
        for label, text in pairs
        for block in quoted(safe(label), with_names(text, o.directory))
    ]


def due(o: Occasion) -> str:
    return spoken(o.challenge.due, o.challenge.procedure.calendar)
