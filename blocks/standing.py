"""How a challenge stands, in words: for the card, the Home and whatever is said in passing."""

from collections.abc import Sequence
from typing import TypeVar

from blocks.layout import called, named, safe, spoken
from challenge.awaiting import Awaited, awaited, whose_move
from challenge.directory import Directory
from challenge.escalation import sides
from challenge.model import Challenge, Involved, PersonId, Prompt, Side, Status

Sided = TypeVar("Sided", Prompt, Involved)


def in_short(challenge: Challenge, directory: Directory) -> str:
    """Everything one needs to know, in two sentences without any text that people wrote."""
    return f"{challenge.reference}: {here(challenge, directory)}"


def here(challenge: Challenge, directory: Directory) -> str:
    """The same where the reference has just been named."""
    return f"{stage(challenge)}. {waits_for(challenge, directory)}"


def stage(challenge: Challenge) -> str:
    if challenge.status is Status.SETTLED:
        return "settled"
    if challenge.status is Status.WITHDRAWN:
        return "withdrawn"
    route = ", urgent route" if challenge.urgent else ""
    return f"stage {challenge.stage}, {safe(challenge.current.title)}{route}"


def waits_for(challenge: Challenge, directory: Directory) -> str:
    """Who is to do what by when, or when it ended."""
    calendar = challenge.procedure.calendar
    if challenge.is_closed and challenge.closed_at:
        return f"Closed on {spoken(challenge.closed_at, calendar)}."
    if challenge.status is Status.OFFERED:
        return _waits_for_acceptance(challenge, directory)
    agreed = "agreed" if challenge.date_agreed else "date not agreed yet"
    names = " and ".join(named(directory, person) for person in whose_move(challenge))
    who = names or "Whoever takes it on"
    return f"{who} to {to_do(challenge)} by {spoken(challenge.due, calendar)} ({agreed})."


def to_do(challenge: Challenge) -> str:
    """What those whose move it is are asked for."""
    if challenge.settlement:
        return Awaited.SETTLEMENT
    return Awaited.ACKNOWLEDGE if challenge.at_top and challenge.opinion else "answer"


def for_you(challenge: Challenge, directory: Directory, who: PersonId | None) -> str:
    """What awaits this reader, in a sentence; nothing when the next move is somebody else's."""
    mine = awaited(challenge, directory, who) if who else ()
    return f"For you to do: {'; '.join(mine)}." if mine else ""


def otherwise(challenge: Challenge) -> str:
    """What happens if whoever is asked lets their time pass: one truth, wherever it is said."""
    then = "If that time passes, the next person is asked"
    to = challenge.offered
    if to is None or len(sides(challenge, challenge.procedure.stage(to))) == 1:
        return f"{then}."
    if challenge.accepted:
        return f"{then}, and the stage begins meanwhile."
    return f"{then}, and the stage begins once the other side has accepted."


def for_side(challenge: Challenge, directory: Directory, side: Side) -> str:
    """Stands above the buttons of one side; at the first stage a side is one person."""
    return f"*For {of_side(challenge, directory, side)}*"


def of_side(challenge: Challenge, directory: Directory, side: Side) -> str:
    name = called(directory, challenge.practitioner(side))
    return name if challenge.stage == 1 else f"{name}’s side"


def _waits_for_acceptance(challenge: Challenge, directory: Directory) -> str:
    calendar = challenge.procedure.calendar
    title = safe(challenge.procedure.stage(challenge.offered or challenge.stage).title)
    asked = [
        f"{named(directory, p.person)} to accept by {spoken(p.due, calendar)}"
        for p in _in_order(challenge, challenge.prompts)
        if p.person
    ]
    who = "; ".join(asked) or "nobody could be found yet, and the partnership was told"
    accepted = " and ".join(named(directory, one.person) for one in challenge.accepted)
    offered = f"Stage {challenge.offered}, {title}, is offered"
    if not accepted:
        return f"{offered}: {who}."
    return f"{offered}. {accepted} has accepted; still asked: {who}. {otherwise(challenge)}"


def _in_order(challenge: Challenge, people: Sequence[Sided]) -> list[Sided]:
    return sorted(people, key=lambda one: challenge.order.index(one.side))
