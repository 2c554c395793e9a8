"""The reminder, and what happens if nobody answers."""

from blocks import danger, meanwhile, position
from blocks.layout import Message, emergency, quoted, safe, says, small
from blocks.occasion import Occasion, asks, due, since
from blocks.standing import to_do
from challenge.escalation import following
from challenge.meanwhile import is_wanting
from challenge.model import Challenge, PersonId

REACTIONS = (
    "React to this message: :white_check_mark: settled · :eyes: seen, working on it · "
    ":hourglass_flowing_sand: more time · :arrow_up: next stage · :sos: someone may be at risk · "
    ":raising_hand: support, please"
)


def reminder(o: Occasion) -> Message:
    """Readable cold: which reference, what is asked, of whom, by when, what happens otherwise.

    Only what keeps the person safe is asked with a button; the rest is answered with reactions.
    """
    if o.said:
        return _again(o)
    c = o.challenge
    who = " and ".join(f"<@{person}>" for person in o.mark.split())
    names = " and ".join(o.named(PersonId(person)) for person in o.mark.split())
    otherwise = _otherwise(c)
    text = (
        f"Reminder about {c.reference}, for {names}. {danger.first(c)}{_safety_first(c)}"
        f"What is asked: {safe(position.ask_now(c)[:600])} "
        f"Please {to_do(c)} by {due(o)}. {otherwise}"
    )
    return Message(
        text,
        [
            *danger.draw(c),
            *meanwhile.ask_first(c),
            says(f"Reminder about *{c.reference}*, for {who}: please {to_do(c)} by *{due(o)}*."),
            *quoted("What is asked", position.ask_now(c)),
            says(otherwise),
            small(REACTIONS),
            emergency(c),
        ],
        asks=_short(o, names) if is_wanting(c) else "",
    )


def _short(o: Occasion, names: str) -> str:
    """Without what is asked, for that is not in our own words."""
    c = o.challenge
    return f"Reminder about {c.reference}, for {names}: please {to_do(c)} by {due(o)}."


def _again(o: Occasion) -> Message:
    """One that stands in the channel already."""
    c = o.challenge
    acts = [meanwhile.set_button(c)] if is_wanting(c) else []
    over = since(o, "What keeps the person safe was said since.")
    asked = quoted("What is asked", position.ask_now(c))
    return asks(o, o.said, acts, over, [*danger.draw(c), *asked, small(REACTIONS), emergency(c)])


def _safety_first(challenge: Challenge) -> str:
    if not is_wanting(challenge):
        return ""
    return f"First of all: {meanwhile.wanting(challenge).removeprefix('Amber: ')} "


def _otherwise(challenge: Challenge) -> str:
    if challenge.at_top:
        return "If it is not settled by then, the partnership is told and the clock starts again."
    to = following(challenge, challenge.due)
    title = safe(challenge.procedure.stage(to).title)
    stands = position.unsettled(challenge)
    then = f"If it is not settled by then, it is offered to stage {to}, {title}."
    return f"{stands} {then}".strip()
