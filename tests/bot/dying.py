"""Couriers that die: at a named point, as a killed process does, and are followed by an heir."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.courier import Courier
from bot.wiring import Bot
from tests.bot.conftest import pass_time
from tests.bot.waiting import eventually


@asynccontextmanager
async def followed_by_an_heir(bot: Bot, point: str) -> AsyncIterator[None]:
    """What is recorded in the block kills the courier at that point; another sends what is left."""
    await bot.courier.stop()
    died = asyncio.Event()
    mortal = Courier(bot.outbox, bot.casework, bot.client, bot.clock, 0.0, _dies_at(point, died))
    running = asyncio.create_task(mortal.run())
    yield
    mortal.stir()
    await died.wait()
    await mortal.stop(0)
    await running
    heir = Courier(bot.outbox, bot.casework, bot.client, bot.clock, 0.0)
    running = asyncio.create_task(heir.run())
    pass_time(bot, seconds=61)
    heir.stir()
    await eventually(lambda: _empty(bot))
    await heir.stop()
    await running


def _dies_at(point: str, died: asyncio.Event) -> Callable[[str], None]:
    def crash(reached: str) -> None:
        if reached == point:
            died.set()
            raise asyncio.CancelledError

    return crash


async def _empty(bot: Bot) -> bool:
    return await bot.outbox.waiting() == 0
