"""The scribe: many people's words, written down in one transaction and answered only when kept.

Slack hears yes after the commit, and a commit costs the same for one message as for a hundred;
so whatever arrives while one is being made goes into the next together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from challenge.model import Entry

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Note:
    """Something said in a challenge's channel, and the key by which Slack would repeat it."""

    heard: str
    challenge_id: int
    entry: Entry


class Scribe:
    def __init__(self, write: Callable[[Sequence[Note]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Note, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def note(self, note: Note) -> None:
        """Returns once the note is on record. Raises what the database raised."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((note, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_down())
        await kept

    async def _write_down(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            await self._write_batch(batch)

    async def _write_batch(self, batch: list[tuple[Note, asyncio.Future[None]]]) -> None:
        try:
            await self._write([note for note, _ in batch])
        except Exception as problem:  # noqa: BLE001 - each writer hears what became of theirs
            await self._after(problem, batch)
        else:
            for _, kept in batch:
                _answer(kept, None)

    async def _after(
        self, problem: Exception, batch: list[tuple[Note, asyncio.Future[None]]]
    ) -> None:
        """One note that cannot be kept must not keep the others out: each is tried alone."""
        if len(batch) == 1:
            _answer(batch[0][1], problem)
            return
        for one in batch:
            await self._write_batch([one])


def _answer(kept: asyncio.Future[None], problem: Exception | None) -> None:
    if kept.done():
        return
    if problem:
        kept.set_exception(problem)
    else:
        kept.set_result(None)
