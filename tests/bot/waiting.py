"""Waiting for something to become true: asked often, failed by time-out, never by a guess."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def eventually(true: Callable[[], bool | Awaitable[bool]], within: float = 15.0) -> None:
    pause = 0.01
    async with asyncio.timeout(within):
        # The world outside sets no event that could be waited for.
        while not await _holds(true):
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, 0.05)


async def _holds(true: Callable[[], bool | Awaitable[bool]]) -> bool:
    answer = true()
    return await answer if inspect.isawaitable(answer) else answer
