"""Past the line: one press, and no reason asked."""

from slack_sdk.models.blocks import ButtonElement

from blocks.layout import Message, asking, button
from blocks.occasion import Occasion, privately, said
from challenge.model import Challenge, Side

PAST = "outside.ask"


def past_buttons(challenge: Challenge) -> list[ButtonElement]:
    """Until both practitioners have asked for it; the rule says who may."""
    if challenge.at_top or {Side.RAISING, Side.RECEIVING} <= {*challenge.past_line}:
        return []
    sure = asking(
        "Outside the line?",
        "Your safeguarding lead is asked instead of your line managers, even if one of them has "
        "accepted. You need not say why. A manager who is in the channel leaves it, and is told "
        "no more than that they are not needed.",
        "Ask",
    )
    return [button("Ask outside my line", PAST, challenge.id, confirm=sure)]


def gone_past(o: Occasion) -> Message:
    """No link: they read it no longer."""
    text = (
        "Somebody outside the line takes on the professional challenge "
        f"{o.challenge.reference} now, so you leave its channel. Both sides may ask for that "
        "without a reason, and it says nothing against you. Nothing more is needed from you. "
        "Thank you."
    )
    return privately(o, text)


def no_longer_asked(o: Occasion) -> Message:
    text = (
        f"You are no longer asked about the professional challenge {o.challenge.reference}. "
        "Nothing is needed from you."
    )
    return said(o, text)
