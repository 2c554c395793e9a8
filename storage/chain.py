"""The chain: each chronology entry carries the fingerprint of the one before, so a change shows.

What is hashed is the sealed text, so the chain can be verified without any key, and still holds
after a challenge's key has been destroyed. Two things a chain alone cannot see are an end that was
cut off and a rewriting of everything after an edit: those need a head kept somewhere else.
"""

import hashlib
import struct
from collections.abc import Iterable
from typing import NamedTuple

GENESIS = hashlib.sha256(b"challenge bot: chronology, version 1").digest()

# Every length comes before every text, so no two different entries have the same encoding.
_HEADER = struct.Struct(">8Q")


class Link(NamedTuple):
    """One entry as the chain sees it: seq counts the whole chronology, n one challenge's part."""

    seq: int
    challenge_id: int
    n: int
    at: str
    kind: str
    by: str
    sealed: bytes
    prev: bytes
    hash: bytes


class Head(NamedTuple):
    """The last entry's seq, which is also how many there are; copied elsewhere, an anchor."""

    seq: int
    hash: bytes


class Break(NamedTuple):
    """The first entry that does not hold, and why in words that can be shown to anyone."""

    seq: int
    sentence: str


EMPTY = Head(0, GENESIS)


def link(
    prev: bytes,
    *,
    seq: int,
    challenge_id: int,
    n: int,
    at: str,
    kind: str,
    by: str,
    sealed: bytes,
) -> bytes:
    """The hash that the entry after this one will carry as its `prev`."""
    texts = prev, at.encode(), kind.encode(), by.encode(), sealed
    header = _HEADER.pack(seq, challenge_id, n, *map(len, texts))
    return hashlib.sha256(header + b"".join(texts)).digest()


def first_break(
    links: Iterable[Link], head: Head | None, *, anchors: Iterable[Head] = ()
) -> Break | None:
    """Where the chronology, in order of seq, first fails; None when every entry holds.

    The head is where the chain must end; anchors are older heads that it must pass through.
    """
    walk = Walk(anchors)
    return walk.along(links) or walk.end(head)


class Walk:
    """The same verification a page at a time, for a chronology too long to hold in memory."""

    def __init__(self, anchors: Iterable[Head] = ()) -> None:
        self.reached = EMPTY
        self._anchors = dict(anchors)

    def along(self, links: Iterable[Link]) -> Break | None:
        """Stop at the first break that this returns: what follows it means nothing."""
        for entry in links:
            if broken := self._broken(entry):
                return broken
            self.reached = Head(entry.seq, entry.hash)
        return None

    def end(self, head: Head | None) -> Break | None:
        """Whether the chain ends where the head says, and went as far as every anchor."""
        heads = [*self._anchors.items(), *([head] if head else [])]
        furthest = max(heads, default=EMPTY)
        count, last = self.reached
        if count < furthest[0]:
            return Break(count + 1, _CUT_OFF.format(count=count, expected=furthest[0]))
        if head and count > head.seq:
            return Break(head.seq + 1, _BEYOND.format(count=head.seq))
        if head and last != head.hash:
            return Break(count, _REWRITTEN.format(seq=count))
        return None

    def _broken(self, entry: Link) -> Break | None:
        expected, prev = self.reached.seq + 1, self.reached.hash
        if entry.seq != expected:
            return _out_of_step(entry.seq, expected)
        if entry.prev != prev:
            return Break(expected, _DETACHED.format(seq=expected))
        if _hash_of(entry) != entry.hash:
            return Break(expected, _CHANGED.format(seq=expected))
        if self._anchors and self._anchors.get(expected, entry.hash) != entry.hash:
            return Break(expected, _REWRITTEN.format(seq=expected))
        return None


def _hash_of(entry: Link) -> bytes:
    seq, challenge_id, n, at, kind, by, sealed, prev, _ = entry
    try:
        return link(
            prev, seq=seq, challenge_id=challenge_id, n=n, at=at, kind=kind, by=by, sealed=sealed
        )
    except (AttributeError, TypeError, UnicodeError, struct.error):
        # Someone put another kind of value in a column; that is a change, not a crash.
        return b""


def _out_of_step(seq: int, expected: int) -> Break:
    if seq in range(1, expected):
        return Break(seq, _REPEATED.format(seq=seq))
    return Break(expected, _ABSENT.format(seq=expected))


_ABSENT = "Entry {seq} is missing: it was taken out, or its number was changed."
_REPEATED = "Entry {seq} stands in the wrong place: it was put in, or moved, after it was written."
_DETACHED = (
    "Entry {seq} does not follow from the one before it: one of the two was changed, moved, "
    "put in or taken out."
)
_CHANGED = "Entry {seq} is not as it was written."
_CUT_OFF = (
    "The chronology ends at entry {count} but should reach entry {expected}: its end was cut off."
)
_BEYOND = "The chronology should end at entry {count} but goes on: entries were put in after it."
_REWRITTEN = (
    "Entry {seq} is not the one that the kept head vouches for: it, or what leads up to it, "
    "was written again."
)
