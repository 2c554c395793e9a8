"""Running the bot, bringing its database to the newest schema, and rehearsing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from rich.console import Console

from bot.commands import terminal
from bot.commands.mishaps import Failed
from bot.commands.opening import connected, settings
from bot.config import DatabaseSettings, Settings
from bot.rehearsal import rehearse as play
from bot.socket_mode import SlackRefused
from bot.wiring import CannotStart, build
from storage import migrations


def run_socket() -> None:
    read = settings(Settings).for_socket_mode()
    _until_told_to_stop(lambda: build(read).run_socket())


def run_http(host: str, port: int) -> None:
    read = settings(Settings).for_http()
    _until_told_to_stop(lambda: build(read).run_http(host, port))
