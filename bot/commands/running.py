"""Running the bot. Migrating and rehearsing stand apart: what they load would stay in memory."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any

import aiohttp

from bot.commands.mishaps import Failed
from bot.commands.opening import settings
from bot.config import Settings
from bot.socket_mode import SlackRefused
from bot.wiring import CannotStart, build


def run_socket() -> None:
    """Until told to stop."""
    read = settings(Settings).for_socket_mode()
    _serve(_socket(read))


def run_http(host: str, port: int) -> None:
    """Until told to stop."""
    read = settings(Settings).for_http()
    try:
        _serve(_http(read, host, port))
    except OSError as problem:
        raise Failed(
            f"The bot cannot listen at {host} port {port} ({_why(problem)}): choose another --host "
            "or --port."
        ) from problem


def _why(problem: OSError) -> str:
    """In the system's words; the event loop puts a sentence of its own in their place."""
    if problem.errno and problem.errno > 0:
        return os.strerror(problem.errno)
    return problem.strerror or type(problem).__name__


# Inside coroutines, because the parts belong to the loop that they are built in.


async def _socket(read: Settings) -> None:
    await build(read).run_socket()


async def _http(read: Settings, host: str, port: int) -> None:
    await build(read).run_http(host, port)


def _serve(running: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(running)
    except (CannotStart, SlackRefused) as no:
        raise Failed(str(no)) from no
    except (aiohttp.ClientError, TimeoutError) as problem:
        raise Failed(_NO_SLACK) from problem


_NO_SLACK = (
    "Slack cannot be reached: check the network, and SLACK_API_URL if it is set, then start again."
)
