"""Absence: somebody has left, and who is told of it."""

from blocks.layout import Message
from blocks.occasion import Occasion, privately


def gone(o: Occasion) -> Message:
    has_left = o.about is not None and o.directory.has_left(o.about)
    how = "active" if has_left else "in the directory"
    return privately(
        o,
        f"{o.actor} has a part in {o.challenge.reference} and is no longer {how}. Whatever they "
        "were asked, or held, was asked of the next person at once. Please put the directory "
        "right.",
    )


def stands_in(o: Occasion) -> Message:
    return privately(
        o,
        f"{o.actor}, one of the two people of {o.challenge.reference}, has left. Please take over "
        f"for your side, with whoever knows the child or adult now. It is in {o.where}.",
    )
