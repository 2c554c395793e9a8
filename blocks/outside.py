"""Past the line: one press, and no reason asked."""

from slack_sdk.models.blocks import ButtonElement

from blocks.layout import Message, asking, button
from blocks.occasion import Occasion, said
from challenge.model import Challenge, Side

PAST = "outside.ask"


def past_buttons(challenge: Challenge) -> list[ButtonElement]:
    """Until both practitioners have asked for it; the rule says who may."""
    if challenge.at_top or {Side.RAISING, Side.RECEIVING} <= {*challenge.past_line}:
        return []
    sure = asking(
        "Outside the line?",
        "Your safeguarding lead is asked instead of your line managers. You need not say why, and "
        "they are told no more than that they are not needed.",
        "Ask",
    )
    return [button("Ask outside my line", PAST, challenge.id, confirm=sure)]


def no_longer_asked(o: Occasion) -> Message:
    text = (
        f"You are no longer asked about the professional challenge {o.challenge.reference}. "
        "Nothing is needed from you."
    )
    return said(o, text)
