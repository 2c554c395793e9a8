"""The pretend workspace's own time: the real time, and however far a rehearsal is ahead of it."""

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from sandbox.wire import JSON

LONDON = ZoneInfo("Europe/London")
MORNING = time_of_day(9, 30)


@dataclass(frozen=True)
class Mark:
    """A moment ahead that the program beside the sandbox would like people to be able to go to."""

    label: str
    at: datetime
    about: str = ""


class Clock:
    """Dates messages and events. Signatures, tickets and triggers stay with the real time."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.marks: list[Mark] = []

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    @property
    def local(self) -> datetime:
        return datetime.fromtimestamp(self.now(), LONDON)

    @property
    def coming(self) -> list[Mark]:
        """The marks that are still ahead, nearest first."""
        now = self.local
        return sorted((m for m in self.marks if m.at > now), key=lambda mark: mark.at)

    def mark(self, marks: list[JSON]) -> None:
        """Take other marks in place of those there were."""
        self.marks = [
            Mark(str(m["label"]), _zoned(str(m["at"])), str(m.get("about", ""))) for m in marks
        ]

    def move_to(self, at: datetime) -> None:
        """Forwards only, as time goes."""
        self.ahead += max(0.0, at.timestamp() - self.now())

    def move_on(self, by: timedelta) -> None:
        self.move_to(self.local.astimezone(UTC) + by)

    def move_to_morning(self) -> None:
        """Half past nine tomorrow."""
        tomorrow = self.local.date() + timedelta(days=1)
        self.move_to(datetime.combine(tomorrow, MORNING, LONDON))

    def as_json(self) -> JSON:
        marks = [asdict(mark) | {"at": mark.at.isoformat()} for mark in self.coming]
        return {"ahead": self.ahead, "now": self.local.isoformat(), "marks": marks}


def _zoned(given: str) -> datetime:
    at = datetime.fromisoformat(given)
    if at.tzinfo is None:
        raise ValueError(f"a mark's time needs a zone: {given}")
    return at
