"""Copying a message from elsewhere into a challenge's record."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.views import View

from blocks.forms import MOST_TYPED, choice, modal, question
from blocks.layout import Message, says
from blocks.occasion import Occasion, written
from challenge.model import Challenge

SHORTCUT = "excerpt.add"
ADDED = "excerpt.added"
MOST_OFFERED = 100
NOWHERE = "You are on no open challenge to which you could add this message."
THERE_ALREADY = "What is written in a challenge's own channel is in its record already."

Payload = Mapping[str, Any]


def add_view(challenges: Sequence[Challenge], draft: str, text: str) -> View:
    return modal(
        ADDED,
        "Add to a record",
        "Add it",
        [
            says(
                "This message goes into the record with its author and its time, and both sides "
                "see it in the challenge's channel. Please let its author know."
            ),
            choice(
                "challenge",
                "Which challenge?",
                [(str(c.id), f"{c.reference}, stage {c.stage}") for c in challenges[:MOST_OFFERED]],
            ),
            question(
                "text",
                "The message",
                hint="Take out what names a person. If you change it, the record says so.",
                value=text[:MOST_TYPED],
            ),
        ],
        carries=draft,
    )


def copied(o: Occasion) -> Message:
    text = (
        f"{o.actor} copied a message from elsewhere into the record of {o.challenge.reference}. "
        "The record says who wrote it and when."
    )
    return Message(text, [says(text), *written(o)])
