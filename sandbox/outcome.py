"""What came of one delivery to the bot, and the patience Slack has."""

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]

ACKED = "acked"
TIMEOUT = "operation_timeout"
FAILED = "dispatch_failed"
HELD = "held"
NOT_SENT = "not_sent"
REFUSED = "refused"
BAD_ANSWER = "bad_answer"


@dataclass
class Delivery:
    """Whether the bot acked, what it said, how long it took, how many tries."""

    acked: bool
    status: str
    response: JSON | None = None
    seconds: float = 0.0
    attempts: int = 1
    reason: str = ""

    def as_json(self) -> JSON:
        return dict(self.__dict__)


@dataclass(frozen=True)
class Timing:
    """Slack's limits; tests shorten them."""

    ack_seconds: float = 3.0
    retry_pauses: tuple[float, ...] = (0.0, 0.2, 0.5)
    trigger_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    response_url_uses: int = 5
    disconnect_warning_seconds: float = 10.0
    settle_seconds: float = 0.05


class LinkLost(Exception):
    """The socket went away before the ack came."""


class NobodyListens(Exception):
    """No socket is open, or nothing answers at the delivery address."""
