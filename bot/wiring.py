"""Wiring: builds the parts and joins them, top to bottom; nobody else looks at the clock."""

import asyncio
import logging
import os
import signal
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

import handlers
from bot.alarm import Alarm, Clock
from bot.config import Settings
from bot.courier import Courier
from bot.metrics import CountedCasework, Metrics
from bot.server import Guard, Server
from bot.socket_mode import Socket, preflight
from challenge.casework import Casework
from challenge.procedure import Procedure
from storage import migrations
from storage.directory import DirectoryBook
from storage.engine import SQLITE, Database, DatabaseTrouble
from storage.files import Files
from storage.outbox import Outbox
from storage.vault import Vault

log = structlog.get_logger()

PROCEDURES = Path(__file__).parent.parent / "procedures"
CALL_SECONDS = 10
IN_FLIGHT_SECONDS = 10.0


class CannotStart(Exception):
    """Something must be put right first; the message says what, and what to type."""


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds_until(self, at: datetime) -> float:
        return (at - self.now()).total_seconds()

    def on_the_wall(self, at: datetime) -> datetime:
        return at


class MovableClock(SystemClock):
    """Runs as the real one does, and can be moved on, for a rehearsal."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def on_the_wall(self, at: datetime) -> datetime:
        return at - self.ahead

    def move_on(self, by: timedelta) -> None:
        """Only forwards; whoever moves it stirs the alarm."""
        self.ahead += by
