"""The bot in a pretend Slack."""

import asyncio
import socket

from rich.console import Console

from bot import logs, rehearsal
from bot.commands import terminal
from bot.commands.mishaps import Failed


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
