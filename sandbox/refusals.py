"""How the pretend Slack says no: to the bot with a code, to a person with a sentence."""

from typing import Any


class SlackRefusal(Exception):
    """An ok:false answer of the Web API."""

    def __init__(self, code: str, *messages: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.more = more


class NotThere(LookupError):
    """A person reached for something that is not on their screen."""
