"""The challenge's own channel: who is brought into it, and whom a word could not reach."""

from blocks.layout import Message, introduced, safe
from blocks.occasion import Occasion, due, privately
from challenge.model import Side


def brought_in(o: Occasion) -> Message:
    """The same words for both sides."""
    c = o.challenge
    sides = [side for side in c.order if side is not Side.PARTNERSHIP]
    both = [introduced(o.directory, c.practitioner(side)) for side in sides]
    return privately(
        o,
        f"{c.reference} is a professional challenge between {' and '.join(both)}. "
        f"{o.called(c.raised_by)} asks {o.called(c.challenged)} to look again at a decision: it is "
        f"about the decision, not about a person. Next, please both read the card in {o.where} "
        f"and talk it through there. {o.called(c.challenged)} is asked to answer by {due(o)}.",
    )


def not_reached(o: Occasion) -> Message:
    why = next((u.why for u in o.challenge.unreached if u.person == o.about), "Slack refused")
    return privately(
        o,
        f"{o.actor} could not be brought into {o.challenge.reference}: {safe(why)}. The clock runs "
        "on. Please reach them another way, or put their entry in the directory right.",
    )


def undelivered(o: Occasion) -> Message:
    return privately(
        o,
        f"A word about {o.challenge.reference} could not be delivered. Its record says which and "
        "why. Please make sure that the people concerned know.",
    )
