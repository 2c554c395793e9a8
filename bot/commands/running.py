"""Running the bot, bringing its database to the newest schema, and rehearsing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import aiohttp
from rich.console import Console

from bot import logs, rehearsal
from bot.commands import terminal
from bot.commands.mishaps import Failed
from bot.commands.opening import connected, settings
from bot.config import HouseSettings, Settings
from bot.socket_mode import SlackRefused
from bot.wiring import CannotStart, build
from storage import migrations, schema


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
        why = problem.strerror or type(problem).__name__
        raise Failed(
            f"The bot cannot listen at {host} port {port} ({why}): choose another --host or --port."
        ) from problem


def migrate() -> None:
    read = settings(HouseSettings)
    asyncio.run(_migrate(read.database_url))
    terminal.answer(f"The database is at schema {schema.newest()}, the newest.")


def rehearse(port: int, *, stay: bool) -> None:
    logs.set_up("WARNING", "text")
    try:
        asyncio.run(rehearsal.rehearse(port, stay=stay, console=Console()))
    except RuntimeError as problem:
        raise Failed(str(problem)) from problem


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


async def _migrate(url: str) -> None:
    async with connected(url) as database:
        await migrations.upgrade(database)


_NO_SLACK = (
    "Slack cannot be reached: check the network, and SLACK_API_URL if it is set, then start again."
)
