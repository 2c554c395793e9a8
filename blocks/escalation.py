"""Escalation: asking for the next stage, accepting it, and not being the right person."""

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks.forms import danger_now, modal, question
from blocks.layout import button, emergency, safe, says
from challenge.model import Challenge

ASK = "escalation.ask"
ASKED = "escalation.asked"
ACCEPT = "escalation.accept"
ACCEPTED = "escalation.accepted"
DECLINE = "escalation.decline"
DECLINED = "escalation.declined"


def prompt_buttons(challenge: Challenge) -> list[ButtonElement]:
    return [
        button("Accept escalation", ACCEPT, challenge.id, style="primary"),
        button("I am not the right person", DECLINE, challenge.id),
    ]


def ask_button(challenge: Challenge) -> ButtonElement:
    return button("Ask for the next stage", ASK, challenge.id)


def ask_view(challenge: Challenge) -> View:
    words = "The next people on both sides are asked at once. It is not a complaint about anyone."
    asked = question("because", "Why is the next stage needed now?")
    blocks = [says(words), danger_now(), asked, emergency(challenge)]
    return modal(ASKED, "Ask for the next stage", "Ask", blocks, carries=challenge.id)


def accept_view(challenge: Challenge) -> View:
    to = challenge.offered or challenge.stage
    title = safe(challenge.procedure.stage(to).title)
    return modal(
        ACCEPTED,
        "Accept escalation",
        "Accept",
        [
            says(f"You take {challenge.reference} on at *stage {to}, {title}*."),
            danger_now(),
            question(
                "line",
                "What will you do, and by when?",
                hint="One line. For example: I will speak to both today and say by noon tomorrow.",
            ),
            emergency(challenge),
        ],
        carries=challenge.id,
    )


def decline_view(challenge: Challenge) -> View:
    return modal(
        DECLINED,
        "Not the right person",
        "Pass it on",
        [
            says("The next person is asked at once, so nothing waits."),
            question("because", "Why are you not the right person, and who might be?"),
        ],
        carries=challenge.id,
    )
