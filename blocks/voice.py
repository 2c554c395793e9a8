"""The person's voice on the card, and the form by which either side adds it."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import answer, modal, question, radio
from blocks.layout import Message, button, plainly, says, says_beside
from blocks.occasion import Occasion, written
from challenge.model import Challenge, Heard
from challenge.voice import standing

ADD = "voice.add"
GIVEN = "voice.given"


def draw(challenge: Challenge) -> list[Block]:
    voice = standing(challenge)
    act = None if challenge.is_closed else add_button(challenge)
    if voice is None:
        return [says_beside("*The person's voice*: nobody has said yet.", act)]
    if voice.heard is not Heard.SAID:
        return [says_beside(f"*The person's voice*: {voice.heard.value.lower()}.", act)]
    asked = f"\nWho asked them: {voice.asked_by}" if voice.asked_by else ""
    return [
        says_beside("*The person's voice*: what they have said or shown", act),
        plainly(voice.said + asked),
    ]


def add_button(challenge: Challenge) -> ButtonElement:
    return button("Add what they say", ADD, challenge.id)


def heard_question(value: str = "", *, optional: bool = False) -> Block:
    return radio(
        "heard",
        "The person's voice",
        [(heard.name, heard.value) for heard in Heard],
        hint="What the child or adult says or shows about this. “Not known” is an answer too.",
        value=value,
        optional=optional,
    )


def said_questions(said: str = "", asked_by: str = "", *, optional: bool = True) -> list[Block]:
    return [
        question(
            "said",
            "What have they said or shown?",
            hint="In their own words where you can. No names.",
            value=said,
            optional=optional,
        ),
        question(
            "asked_by",
            "Who asked them?",
            hint="A role or an agency, such as the school nurse.",
            lines=False,
            value=asked_by,
            optional=True,
        ),
    ]


def add_view(challenge: Challenge) -> View:
    return modal(
        GIVEN,
        "The person's voice",
        "Add",
        [heard_question(), *said_questions()],
        carries=challenge.id,
    )


def read_heard(view: Mapping[str, Any]) -> Heard | None:
    return Heard.__members__.get(answer(view, "heard"))


def read_add(view: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "answer": read_heard(view),
        "said": answer(view, "said"),
        "asked_by": answer(view, "asked_by"),
    }


def added(o: Occasion) -> Message:
    text = f"{o.actor} added the person's voice ({o.challenge.reference})."
    return Message(text, [says(text), *written(o)])
