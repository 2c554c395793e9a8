"""The challenge's own channel: who is brought into it, and whom a word could not reach."""

from blocks import danger
from blocks.layout import Message, introduced, safe
from blocks.occasion import Occasion, due, privately
from blocks.standing import waits_for
from challenge.model import Side, Status


def brought_in(o: Occasion) -> Message:
    """The same words for both sides."""
    c = o.challenge
    sides = [side for side in c.order if side is not Side.PARTNERSHIP]
    both = [introduced(o.directory, c.practitioner(side)) for side in sides]
    return privately(
        o,
        f"{danger.first(c)}{c.reference} is a professional challenge between "
        f"{' and '.join(both)}. {o.called(c.raised_by)} asks {o.called(c.challenged)} to look "
        "again at a decision: it is about the decision, not about a person. Next, please both "
        f"read the card in {o.where} and talk it through there. {_next(o)}",
    )


def _next(o: Occasion) -> str:
    """While a stage is offered no clock runs for the person challenged: others are asked."""
    if o.challenge.status is Status.OFFERED:
        return waits_for(o.challenge, o.directory)
    return f"{o.called(o.challenge.challenged)} is asked to answer by {due(o)}."


def not_reached(o: Occasion) -> Message:
    why = next((u.why for u in o.challenge.unreached if u.person == o.about), "Slack refused")
    return privately(
        o,
        f"{o.actor} could not be brought into {o.challenge.reference}: {safe(why)}. The clock runs "
        f"on. Please reach them another way, or {_instead(o)}.",
    )


def _instead(o: Occasion) -> str:
    """Whoever raised it need not wait for somebody who cannot be reached."""
    c = o.challenge
    waits = o.about == c.challenged and c.status is Status.OPEN and c.stage == 1
    if o.to == c.raised_by and waits:
        return "ask for the next stage now, on the card: you need not wait"
    return "put their entry in the directory right"


def stays_in(o: Occasion) -> Message:
    return privately(
        o,
        f"{o.actor} was set aside from {o.challenge.reference}, and Slack did not let the bot take "
        "them out of its channel. They can act no longer, but may still read there. Please ask "
        "somebody in the channel, or whoever runs your Slack, to take them out by hand.",
    )


def undelivered(o: Occasion) -> Message:
    return privately(
        o,
        f"A word about {o.challenge.reference} could not be delivered. Its record says which and "
        "why. Please make sure that the people concerned know.",
    )
