"""The mishaps a test can order: what goes wrong, how often, and for whom."""

import random
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]

CALL_KINDS = {
    "ratelimited",
    "error",
    "error_after",
    "drop_before",
    "drop_after",
    "slow",
    "answer",
}
DELIVERY_KINDS = {"duplicate", "reorder", "silence", "drop_socket", "lose_ack"}
DELIVERY = "delivery"


@dataclass
class Fault:
    """One ordered mishap; times is how often it strikes, after how many calls it waits first."""

    method: str
    kind: str
    times: int | None = 1
    channel: str | None = None
    after: int = 0
    probability: float = 1.0
    seconds: float = 0.1
    retry_after: int = 1
    error: str = "internal_error"
    count: int = 1
    status: int = 500
    struck: int = 0

    @property
    def spent(self) -> bool:
        return self.times is not None and self.struck >= self.times

    def as_json(self) -> JSON:
        return dict(self.__dict__)


@dataclass
class Faults:
    """All ordered mishaps, asked before each call and each delivery."""

    seed: int = 0
    ordered: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def add(self, method: str, kind: str, **how: Any) -> Fault:
        """Order a mishap: a Web API method (or "*") with a call kind, or any delivery kind."""
        if kind not in CALL_KINDS | DELIVERY_KINDS:
            raise ValueError(f"no fault is called {kind!r}; there are {sorted(ALL_KINDS)}")
        method = DELIVERY if kind in DELIVERY_KINDS else method
        if kind == "silence":
            how.setdefault("times", None)
        fault = Fault(method, kind, **how)
        self.ordered.append(fault)
        return fault

    def duplicate(self, copies: int = 1, times: int | None = None) -> Fault:
        """Deliver each event that many times more."""
        return self.add(DELIVERY, "duplicate", count=copies, times=times)

    def reorder(self, hold: int) -> Fault:
        """Hold that many events, then deliver them newest first."""
        return self.add(DELIVERY, "reorder", count=hold, times=None)

    def silence(self) -> Fault:
        """Keep the sockets open but deliver nothing, until cleared."""
        return self.add(DELIVERY, "silence")

    def lose_acks(self, times: int = 1) -> Fault:
        """Pretend that acks never arrived, so that events come again."""
        return self.add(DELIVERY, "lose_ack", times=times)

    def clear(self) -> None:
        self.ordered.clear()

    def strike(self, method: str, channel: str | None = None) -> Fault | None:
        """The mishap for this Web API call, if one is due."""
        for fault in self.ordered:
            meant = fault.kind in CALL_KINDS and fault.method in {method, "*"}
            if meant and self._due(fault, channel):
                return fault
        return None

    def strike_delivery(self, kind: str) -> Fault | None:
        """The mishap of that kind for this delivery, if one is due."""
        for fault in self.ordered:
            if fault.kind == kind and self._due(fault, None):
                return fault
        return None

    def active(self, kind: str) -> Fault | None:
        return next((f for f in self.ordered if f.kind == kind and not f.spent), None)

    def _due(self, fault: Fault, channel: str | None) -> bool:
        if fault.spent or (fault.channel and fault.channel != channel):
            return False
        if fault.after > 0:
            fault.after -= 1
            return False
        if self._dice.random() >= fault.probability:
            return False
        fault.struck += 1
        return True


ALL_KINDS = CALL_KINDS | DELIVERY_KINDS
