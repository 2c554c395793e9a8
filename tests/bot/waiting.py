"""Waiting for something to become true: asked often, failed by time-out, never by a guess."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def eventually(true: Callable[[], bool | Awaitable[bool]], within: float = 15.0) -> None:
    async with asyncio.timeout(within):
        # The world outside sets no event that could be waited for.
        while not await _holds(true):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _holds(true: Callable[[], bool | Awaitable[bool]]) -> bool:
    answer = true()
    return await answer if inspect.isawaitable(answer) else answer
