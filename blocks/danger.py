"""Danger, wherever a challenge is shown or somebody is asked: that it was said, what was done."""

from slack_sdk.models.blocks import Block

from blocks.layout import quoted, says
from challenge.model import Challenge

SAID = "Urgent: someone may be at risk. Act first."


def draw(challenge: Challenge) -> list[Block]:
    """Above everything else, while the urgent route applies."""
    if not is_said(challenge):
        return []
    return [says(f":sos: *{SAID}*"), *what_was_done(challenge)]


def what_was_done(challenge: Challenge) -> list[Block]:
    """What whoever raised it had done to keep the person safe; nothing where that was not said."""
    done = challenge.safety.done if is_said(challenge) else ""
    return quoted("What was done at the raising", done) if done else []


def first(challenge: Challenge) -> str:
    """Before the words of a private message, where nothing that people wrote may stand."""
    return f"{SAID} " if is_said(challenge) else ""


def is_said(challenge: Challenge) -> bool:
    return challenge.urgent and not challenge.is_closed
