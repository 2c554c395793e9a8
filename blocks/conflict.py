"""Conflict of interest: flagging one, and the business unit settling it."""

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks.forms import Payload, answer, modal, question, radio, someone
from blocks.layout import Message, button, emergency, quoted, safe, says
from blocks.occasion import Occasion, asks, privately, said, since, written
from blocks.standing import here
from challenge.conflict import may_be_flagged
from challenge.model import Challenge, Conflict

FLAG = "conflict.flag"
FLAGGED = "conflict.flagged"
SETTLE = "conflict.settle"
SETTLED = "conflict.settled"
YES, NO = "yes", "no"


def flag_buttons(challenge: Challenge) -> list[ButtonElement]:
    """While there is anybody whom it could be about."""
    if not may_be_flagged(challenge):
        return []
    return [button("Flag a conflict of interest", FLAG, challenge.id)]


def settle_button(challenge: Challenge) -> ButtonElement:
    return button("Settle the conflict of interest", SETTLE, challenge.id)


def flag_view(challenge: Challenge) -> View:
    words = (
        "The partnership's business unit settles it. Nothing waits meanwhile: the clocks run on. "
        "If there is one, somebody else is asked, and the person leaves the channel. It says "
        "nothing against them."
    )
    blocks = [
        says(words),
        someone(
            "about",
            "In whom do you see it?",
            hint="Somebody who is asked to take it on, or has it now.",
        ),
        question("because", "What is the conflict of interest?", hint="The reason is on record."),
    ]
    return modal(FLAGGED, "Conflict of interest", "Ask the unit", blocks, carries=challenge.id)


def settle_view(challenge: Challenge, conflict: Conflict) -> View:
    words = f"{safe(challenge.reference)}: is there a conflict of interest of <@{conflict.about}>?"
    blocks = [
        says(words),
        *quoted("Why it was flagged", conflict.because),
        radio(
            "upheld",
            "Is there one?",
            [(YES, "Yes: ask somebody else"), (NO, "No: it stays as it is")],
        ),
        question("because", "Why do you see it so?"),
    ]
    carries = f"{challenge.id}:{conflict.number}"
    return modal(SETTLED, "Conflict of interest", "Settle it", blocks, carries=carries)


def read_flag(view: Payload) -> dict[str, str]:
    return {"about": answer(view, "about"), "because": answer(view, "because")}


def read_settle(view: Payload) -> dict[str, object]:
    return {"upheld": answer(view, "upheld") == YES, "because": answer(view, "because")}


def was_flagged(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference}: the business unit is asked whether {o.actor} has a conflict of "
        "interest. That says nothing against them. Nothing waits: the clocks run on."
    )
    return said(o, text)


def to_settle(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"A conflict of interest was flagged in {c.reference}, of {o.actor}. Please say today "
        "whether there is one. Until somebody does, they stay asked; the clocks run on, and at the "
        "end of its time the stage moves up anyway."
    )
    waiting = any(o.to in one.asked and one.about == o.about for one in c.conflicts)
    over = since(o, "This is settled.")
    return asks(o, text, [settle_button(c)] if waiting else [], over, [emergency(c)])


def set_aside(o: Occasion) -> Message:
    """No link: they read it no longer."""
    text = (
        "The business unit was asked about a conflict of interest. Somebody else takes on the "
        f"professional challenge {o.challenge.reference} now, so you leave its channel. That can "
        "happen to anyone, and it says nothing against you. Nothing more is needed from you. "
        "Thank you."
    )
    return privately(o, text)


def was_settled(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference}: the question of a conflict of interest of {o.actor} is settled. "
        f"Now: {here(o.challenge, o.directory)}"
    )
    return Message(text, [says(text), *written(o)])
