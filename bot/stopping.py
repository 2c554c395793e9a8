"""Being told to stop: by Ctrl-C or by the system, once, and what is under way ends in order."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def told_by_signals(told: asyncio.Event, *others: signal.Signals) -> Iterator[None]:
    """Sets the event on Ctrl-C, SIGTERM and those others, in place of dying of them."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT, *others)
    for one in signals:
        loop.add_signal_handler(one, told.set)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)


async def unless_told(told: asyncio.Event, work: Coroutine[Any, Any, object]) -> None:
    """Does the work to its end, or leaves off as soon as it is told to stop."""
    doing, hearing = asyncio.ensure_future(work), asyncio.ensure_future(told.wait())
    try:
        await asyncio.wait({doing, hearing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (doing, hearing):
            task.cancel()
    problem, _ = await asyncio.gather(doing, hearing, return_exceptions=True)
    if isinstance(problem, Exception):
        raise problem
