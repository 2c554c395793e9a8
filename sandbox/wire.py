"""What went over the wire, and where the bot did something Slack would frown on."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]

TO_SLACK = "to_slack"
TO_BOT = "to_bot"


@dataclass
class Record:
    """One call from the bot, or one payload sent to it."""

    direction: str
    kind: str
    payload: JSON
    answer: JSON | None = None
    seconds: float = 0.0
    refused: str | None = None
    at: float = field(default_factory=time.time)

    @property
    def method(self) -> str:
        return self.kind

    @property
    def type(self) -> str:
        return self.kind

    def as_json(self) -> JSON:
        return dict(self.__dict__)


@dataclass
class Complaint:
    """Something Slack might let pass today and punish tomorrow."""

    kind: str
    text: str
    at: float = field(default_factory=time.time)

    def as_json(self) -> JSON:
        return dict(self.__dict__)


@dataclass
class Wire:
    """The two lists a test or a reader of the page looks at."""

    records: list[Record] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def note(self, record: Record) -> Record:
        self.records.append(record)
        self.changed()
        return record

    def complain(self, kind: str, text: str) -> None:
        self.complaints.append(Complaint(kind, text))
        self.changed()
