"""The pretend workspace's own time: the real time, and however far a rehearsal is ahead of it."""

import time


class Clock:
    """Dates messages and events. Signatures, tickets and triggers stay with the real time."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead
