"""A bell that rings whenever something a person could see has changed."""

import asyncio
import contextlib


class Changes:
    """Counts what changed and wakes whoever is waiting for the next change."""

    def __init__(self) -> None:
        self.count = 0
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self.count += 1
        self._rung.set()
        self._rung = asyncio.Event()

    async def after(self, count: int, wait: float) -> int:
        """The count, as soon as it is past the given one, or after so many seconds."""
        if self.count == count:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._rung.wait()
        return self.count
