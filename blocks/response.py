"""Someone may be at risk: the button that is always there; and what a reaction brings."""

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks import agreement, escalation, resolution
from blocks.forms import Payload, answer, modal, notice, question
from blocks.layout import Message, button, numbers, safe, says
from blocks.occasion import Occasion, asks, privately, since, written
from challenge.model import Challenge, Status
from challenge.rights import Act

RISK = "risk.declare"
DECLARED = "risk.declared"

OFFERS = {
    Act.PROPOSE_SETTLEMENT.name: ("Propose how it is settled", resolution.PROPOSE),
    Act.PROPOSE_DATE.name: ("Propose another date", agreement.PROPOSE),
    Act.ESCALATE.name: ("Ask for the next stage", escalation.ASK),
}


def risk_button(challenge: Challenge) -> ButtonElement:
    return button("Someone may be at risk", RISK, challenge.id, style="danger")


def contacts(challenge: Challenge) -> str:
    emergency = challenge.procedure.emergency
    return f"*{safe(emergency.text)}*\n{numbers(emergency)}"


def contacts_view(challenge: Challenge) -> View:
    """After somebody said that someone is in danger: whom to call, before anything else."""
    words = "It is on record, and the urgent route applies from now. Please act first:"
    return notice("Please act now", f"{words}\n{contacts(challenge)}")


def risk_view(challenge: Challenge) -> View:
    return modal(
        DECLARED,
        "Someone may be at risk",
        "Use the urgent route",
        [
            says(contacts(challenge)),
            question("because", "What makes you think so?", optional=True),
            question("done", "What has been done to keep them safe?", optional=True),
        ],
        carries=challenge.id,
    )


def read_declared(view: Payload) -> dict[str, str]:
    return {name: answer(view, name) for name in ("because", "done")}


def offer_act(o: Occasion) -> Message:
    label, act = OFFERS[o.mark]
    c = o.challenge
    text = f"For {c.reference}, press “{label}” to go on. Only you can see this."
    settles = o.mark == Act.PROPOSE_SETTLEMENT.name
    waits = not (c.is_closed or c.settlement) if settles else c.status is Status.OPEN
    over = since(o, "Something else has happened since: the card says what is open now.")
    return asks(o, text, [button(label, act, c.id)] if waits else [], over)


def support_asked(o: Occasion) -> Message:
    if o.to == o.about:
        return privately(
            o,
            f"Your request for support with {o.challenge.reference} was passed on. You can also "
            "ring your safeguarding lead now, or press “Bring in a supporter” on the card.",
        )
    return privately(
        o,
        f"{o.actor} would like support with the professional challenge {o.challenge.reference}. "
        "Please speak with them today.",
    )


def risk_declared(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} says that someone may be at risk ({c.reference}). Act first: "
        f"{safe(c.procedure.emergency.text)} The urgent route applies from now."
    )
    return Message(text, [says(f":sos: {text}"), says(contacts(c)), *written(o)])


def risk_privately(o: Occasion) -> Message:
    return privately(
        o,
        f"Someone may be at risk: {o.actor} said so about {o.challenge.reference}. Act first; the "
        f"urgent route applies from now. It is in {o.where}.",
    )
