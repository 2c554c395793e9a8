"""How somebody on a challenge gets its record."""

from blocks.layout import Message, says
from blocks.standing import in_short
from challenge.directory import Directory
from challenge.model import Challenge


def how_to_get(challenge: Challenge, directory: Directory) -> Message:
    """Whom to ask, and that one command prints it. It is not sent through Slack by choice."""
    coordinators = " or ".join(f"<@{who}>" for who in directory.coordinators)
    text = (
        f"{in_short(challenge, directory)} You are on it, so you may have its record: everything "
        f"said and done, in order, with every version. Ask {coordinators or 'your coordinator'} "
        "for it. It takes whoever runs the bot one command: "
        f"`python -m bot record {challenge.reference}`. It is not sent through Slack, so that the "
        "whole story does not lie in a file there."
    )
    return Message(text, [says(text)])
