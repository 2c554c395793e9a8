"""Someone may be at risk: the button that is always there, and what it asks."""

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks.forms import modal, notice, question
from blocks.layout import button, safe, says
from challenge.model import Challenge

RISK = "risk.declare"
DECLARED = "risk.declared"


def risk_button(challenge: Challenge) -> ButtonElement:
    return button("Someone may be at risk", RISK, challenge.id, style="danger")


def contacts(challenge: Challenge) -> str:
    emergency = challenge.procedure.emergency
    lines = [f"• {safe(c.name)}: *{safe(c.phone)}*" for c in emergency.contacts]
    return "\n".join([f"*{safe(emergency.text)}*", *lines])


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
