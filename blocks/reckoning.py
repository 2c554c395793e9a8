"""A clock that moved: a day off became known, or the procedure did."""

from blocks.layout import Message, safe, says
from blocks.occasion import Occasion, privately, said, written
from blocks.standing import here


def reckoned_anew(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"A day off became known, so the clock of {c.reference} was reckoned anew. "
        f"Now: {here(c, o.directory)}"
    )
    return privately(o, text) if o.to else said(o, text)


def procedure_moved(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor}, a coordinator, moved {c.reference} to the procedure "
        f"{safe(c.procedure.version)}. The date that stands is kept. Now: {here(c, o.directory)}"
    )
    return privately(o, text) if o.to else Message(text, [says(text), *written(o)])
