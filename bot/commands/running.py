"""Running the bot, bringing its database to the newest schema, and rehearsing."""

import asyncio
import os
import socket
from collections.abc import Coroutine
from pathlib import Path
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
from storage.engine import POSTGRESQL


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


def migrate() -> None:
    read = settings(HouseSettings)
    copy = asyncio.run(_migrate(read.database_url))
    if copy:
        terminal.answer(f"The database as it was is kept at {copy}, in case you must go back.")
    terminal.answer(f"The database is at schema {schema.newest()}, the newest.")


def rehearse(port: int, *, stay: bool) -> None:
    """Ctrl-C is how it is meant to end, so that is no failure; of the story alone it is one."""
    logs.set_up("WARNING", "text")
    _refuse_taken(port)
    try:
        told = asyncio.run(rehearsal.rehearse(port, stay=stay, console=Console()))
    except RuntimeError as problem:
        raise Failed(str(problem)) from problem
    if told and not stay:
        raise KeyboardInterrupt
    if told:
        terminal.answer("\nStopped. Nothing was kept.")


def _refuse_taken(port: int) -> None:
    """Before anything is started, which could only say it in words of its own."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((rehearsal.HOST, port))
        except OSError as problem:
            raise Failed(
                f"The pretend Slack cannot listen at port {port} ({problem.strerror}): stop what "
                'does, or choose another --port, as in: make try ARGS="--port 7778"'
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


async def _migrate(url: str) -> Path | None:
    async with connected(url) as database:
        at = await schema.current(database)
        if database.dialect == POSTGRESQL and at not in (None, schema.newest()):
            terminal.answer(_NO_COPY)
        return await migrations.upgrade(database)


_NO_COPY = (
    "On PostgreSQL no copy is kept of what was: the way back is the dump that you took before "
    "(pg_dump)."
)
_NO_SLACK = (
    "Slack cannot be reached: check the network, and SLACK_API_URL if it is set, then start again."
)
