"""How somebody on a challenge gets its record."""

from blocks.layout import Message, says
from blocks.standing import in_short
from challenge.directory import Directory
from challenge.model import Challenge


def how_to_get(challenge: Challenge, directory: Directory) -> Message:
    """The record is a file, and the bot may not send files: whoever runs it prints it."""
    coordinators = " or ".join(f"<@{who}>" for who in directory.coordinators)
    text = (
        f"{in_short(challenge, directory)} Its record holds everything that was said and done, in "
        f"order, with every version. You are on it, so you may have it: ask "
        f"{coordinators or 'your coordinator'} for the record of {challenge.reference}."
    )
    return Message(text, [says(text)])
