"""What somebody was shown when they said yes, so that a yes is never to something newer."""

import json
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from challenge.refusals import ShownBefore


def mark_of(proposal: object) -> str:
    """Short, opaque, and another one for another proposal; a button carries it."""
    plain = proposal
    if is_dataclass(proposal) and not isinstance(proposal, type):
        plain = asdict(proposal)
    return sha256(json.dumps(plain, default=_plainly).encode()).hexdigest()[:12]


def refuse_unless_seen(seen: str, standing: object) -> None:
    """Raises ShownBefore when the mark is of something that no longer stands. No mark, no check."""
    if seen and seen != mark_of(standing):
        raise ShownBefore


def _plainly(value: object) -> str:
    """A time is the same time in whichever zone it was kept."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
