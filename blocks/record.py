"""How somebody on a challenge gets its record."""

from blocks.card import standing
from blocks.layout import Message, named, says
from challenge.directory import Directory
from challenge.model import Challenge


def how_to_get(challenge: Challenge, directory: Directory) -> Message:
    """The record is a file, and the bot may not send files: whoever runs it prints it."""
    coordinators = " or ".join(named(directory, who) for who in directory.coordinators)
    text = (
        f"{standing(challenge, directory)} Its record holds everything that was said and done, in "
        f"order, with every version. You are on it, so you may have it: ask "
        f"{coordinators or 'your coordinator'}. They print it with: python -m bot record "
        f"{challenge.reference}"
    )
    return Message(text, [says(text)])
