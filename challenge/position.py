"""Two positions side by side: each side puts its own in the same fields; none edits another's.

The raiser's first position is what they raised. Every later one is a version of its side's own.
"""

from collections.abc import Mapping
from dataclasses import replace

from challenge.directory import Directory
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    Outcome,
    PersonId,
    Position,
    Side,
    Told,
)
from challenge.moment import Moment
from challenge.refusals import MissingWords
from challenge.resolution import propose_settlement
from challenge.rights import Act, refuse_unless_may

QUESTIONS: Mapping[str, str] = {
    "decision": "The decision, action or inaction",
    "why": "Reasons and evidence",
    "mind": "What would change our mind",
    "ask": "What we ask for",
}
"""The same for both sides, in this order."""

REVIEWED = "I have looked at the decision again, and changed it."


def put(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    decision: str,
    why: str,
    mind: str,
    ask: str,
) -> Change:
    """One side's position, or a newer version of it; what the other side put stays untouched."""
    refuse_unless_may(Act.PUT_POSITION, challenge, directory, by)
    side = challenge.side_of(by) or Side.RECEIVING
    new = Position(side, by, moment.now, decision, why, mind, ask)
    refuse_unless_written(new)
    again = bool(versions(challenge, side))
    entry = Entry(
        Happened.POSITION_PUT,
        by,
        f"<@{by}> {'added to' if again else 'put'} the {side} side's position.",
        position_words(new),
    )
    grown = replace(challenge, positions=(*challenge.positions, new))
    return Change(grown, (entry,), (Notice(Told.POSITION_PUT, about=by), Notice(Told.CARD)))


def change_decision(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """Looked at again and changed: proposed as the way it is settled, and the raiser confirms."""
    refuse_unless_may(Act.CHANGE_DECISION, challenge, directory, by)
    return propose_settlement(
        challenge, moment, directory, by=by, outcome=Outcome.CHANGED, how=REVIEWED
    )


def refuse_unless_written(position: Position) -> None:
    """Raises MissingWords for the first field that holds nothing but blanks."""
    for name, text in fields(position).items():
        if not text.strip():
            raise MissingWords(name)


def versions(challenge: Challenge, side: Side) -> tuple[Position, ...]:
    """Every version that a side has put, oldest first."""
    put_since = tuple(p for p in challenge.positions if p.side is side)
    return (_as_raised(challenge), *put_since) if side is Side.RAISING else put_since


def standing(challenge: Challenge, side: Side) -> Position | None:
    """A side's position as it is now; None while it has put none."""
    return next(reversed(versions(challenge, side)), None)


def fields(position: Position) -> dict[str, str]:
    """What was written, by field, in the order of QUESTIONS."""
    return {name: str(getattr(position, name)) for name in QUESTIONS}


def position_words(position: Position) -> dict[str, str]:
    """What was written, by question."""
    return {QUESTIONS[name]: text for name, text in fields(position).items()}


def _as_raised(challenge: Challenge) -> Position:
    concern = challenge.concern
    return Position(
        Side.RAISING,
        challenge.raised_by,
        challenge.raised_at,
        concern.decision,
        concern.why,
        concern.mind,
        concern.ask,
    )
