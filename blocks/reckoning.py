"""A clock that moved, because a day off became known."""

from blocks.layout import Message
from blocks.occasion import Occasion, privately, said
from blocks.standing import here


def reckoned_anew(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"A day off became known, so the clock of {c.reference} was reckoned anew. "
        f"Now: {here(c, o.directory)}"
    )
    return privately(o, text) if o.to else said(o, text)
