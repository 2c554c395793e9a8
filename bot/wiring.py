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


class Stirred:
    """Rings through to everyone who should look again after a commit."""

    def __init__(self) -> None:
        self.heard_by: list[Callable[[], None]] = []

    def __call__(self) -> None:
        for hear in self.heard_by:
            hear()


@dataclass
class Bot:
    """The parts, joined; started, served and stopped in order."""

    settings: Settings
    database: Database
    files: Files
    casework: Casework
    client: AsyncWebClient
    app: AsyncApp
    outbox: Outbox
    courier: Courier
    alarm: Alarm
    metrics: Metrics
    clock: Clock
    told_to_stop: asyncio.Event = field(default_factory=asyncio.Event)
    _courier_runs: asyncio.Task[None] | None = None
    _session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Raises CannotStart or DatabaseTrouble. A second call does nothing."""
        if self._session is not None:
            return
        await self._open_database()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        self.client.session = self._session
        await self._greet_slack()
        self._courier_runs = asyncio.create_task(self.courier.run(), name="courier")
        await self.alarm.start()
        log.info("started", procedure=self.casework.procedure.version)

    async def stop(self) -> None:
        """After the intake was stopped. A second call does nothing."""
        if self._session is None:
            return
        await self.alarm.stop()
        await self.courier.stop(IN_FLIGHT_SECONDS)
        if self._courier_runs is not None:
            await self._courier_runs
        await self._session.close()
        self._session = self._courier_runs = self.client.session = None
        await self.database.dispose()
        log.info("stopped")

    async def run_socket(self) -> None:
        """Serves in Socket Mode until told to stop."""
        token = self.settings.slack_app_token
        if token is None:
            raise CannotStart("SLACK_APP_TOKEN is missing; Socket Mode needs it.")
        app_token = token.get_secret_value()
        socket = Socket(self.app, app_token)
        async with self._running():
            await _or_cannot_start(preflight(self.client, app_token))
            listening = asyncio.create_task(socket.run(), name="socket")
            try:
                await self.told_to_stop.wait()
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
                await socket.stop()

    async def run_http(self, host: str, port: int) -> None:
        """Serves in HTTP mode until told to stop."""
        server = self.server()
        async with self._running():
            await server.start(host, port)
            try:
                await self.told_to_stop.wait()
            finally:
                await server.stop()

    def server(self) -> Server:
        secret = self.settings.slack_signing_secret
        if secret is None or not secret.get_secret_value():
            raise CannotStart("SLACK_SIGNING_SECRET is missing; HTTP mode needs it.")
        guard = Guard(secret.get_secret_value(), partial(_wall, self.clock))
        return Server(self.app, guard, self._checks(), self.metrics, self._printed)

    def _checks(self) -> dict[str, Check]:
        return {
            "database": self._database_answers,
            "alarm": _answering(lambda: self.alarm.rang_lately),
            "deadlines": _answering(lambda: self.alarm.left_waiting == 0),
            "courier": _answering(lambda: self.courier.is_alive),
            "slack": _answering(lambda: self.courier.stuck_on is None),
        }

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(CALL_SECONDS), self.files.shelf() as shelf:
                await shelf.next_due()
        except (DatabaseTrouble, TimeoutError):
            return False
        return True

    async def _printed(self) -> bytes:
        return await self.metrics.printed(self.outbox, self.alarm.left_waiting)

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        with _told_by_signals(self.told_to_stop):
            try:
                await self.start()
                yield
            finally:
                await self.stop()

    async def _open_database(self) -> None:
        await _prepare_schema(self.database)
        await _or_cannot_start(self.files.check_key())
        await _load_directory(self.database, self.settings.challenge_directory)

    async def _greet_slack(self) -> None:
        """Also fills what Bolt would otherwise ask during the first click."""
        try:
            await self.client.auth_test()
        except SlackApiError as no:
            code = no.response.get("error", "no reason given")
            log.error("Slack refuses the bot", why=code)


def build(settings: Settings, *, clock: Clock | None = None, pace: float = 1.0) -> Bot:
    """Connects to nothing yet."""
    clock = clock or SystemClock()
    metrics = Metrics()
    stirred = Stirred()
    database = Database.at(settings.database_url)
    files = Files(database, Vault(settings.challenge_key.get_secret_value()))
    procedure = load_procedure(settings.challenge_procedure)
    casework = CountedCasework(metrics, files, procedure, clock.now, stirred)
    client = _client(settings)
    app = _app(settings, client)
    handlers.register(app, casework)
    outbox = Outbox(database)
    courier = Courier(outbox, casework, client, clock, pace)
    alarm = Alarm(casework, clock, metrics.acted)
    stirred.heard_by += [courier.stir, alarm.stir]
    return Bot(
        settings=settings,
        database=database,
        files=files,
        casework=casework,
        client=client,
        app=app,
        outbox=outbox,
        courier=courier,
        alarm=alarm,
        metrics=metrics,
        clock=clock,
    )
