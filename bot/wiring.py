"""Wiring: builds the parts and joins them, top to bottom; nobody else looks at the clock."""

import asyncio
import gc
import logging
import os
import tomllib
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

import handlers
from bot.alarm import Alarm, Clock
from bot.catch_up import catch_up
from bot.config import EMAIL_SCOPE, Settings
from bot.courier import Courier
from bot.deeds import word_for
from bot.homes import Homes
from bot.metrics import CountedCasework, Metrics
from bot.reach import Reach
from bot.rounds import Rounds
from bot.server import Check, Guard, Server
from bot.socket_mode import Socket, preflight
from bot.stopping import told_by_signals, unless_told
from challenge.casework import Casework
from challenge.directory_file import DirectoryProblems, by_email, read_directory, resolved
from challenge.model import PersonId
from challenge.procedure import Procedure, ProcedureProblems
from storage import schema
from storage.directory import DirectoryBook
from storage.engine import SQLITE, Database, DatabaseTrouble
from storage.files import Files
from storage.outbox import Outbox
from storage.vault import KeyMissing, SealBroken, Vault

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
    """Runs as the real one does, and can be moved on, for a rehearsal; then stir the bot."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    @override
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @override
    def on_the_wall(self, at: datetime) -> datetime:
        return at - self.ahead

    def move_on(self, by: timedelta) -> None:
        """Forwards only, as time goes."""
        self.ahead += by


class Intake(Protocol):
    """Where Slack reaches us."""

    async def stop(self) -> None:
        """Takes nothing more in, and lets what is under way be answered."""


class Stirred:
    """Rings through to everyone who should look again after a commit, and tells those who ask for
    whom something may look otherwise now."""

    def __init__(self) -> None:
        self.heard_by: list[Callable[[], None]] = []
        self.told_whom: list[Callable[[Collection[PersonId]], None]] = []

    def __call__(self, people: Collection[PersonId] = ()) -> None:
        for hear in self.heard_by:
            hear()
        for hear_of in self.told_whom:
            hear_of(people)


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
    rounds: Rounds
    homes: Homes
    metrics: Metrics
    clock: Clock
    stirred: Stirred
    reach: Reach = field(default_factory=Reach)
    told_to_stop: asyncio.Event = field(default_factory=asyncio.Event)
    _intake: Intake | None = None
    _courier_runs: asyncio.Task[None] | None = None
    _catches_up: asyncio.Task[None] | None = None
    _draws_homes: asyncio.Task[None] | None = None

    def stir(self) -> None:
        """Look again: something was recorded, or the clock was moved on."""
        self.stirred()

    async def start(self) -> None:
        """Raises CannotStart or DatabaseTrouble. A second call does nothing."""
        if self._courier_runs is not None:
            return
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        listening = [self.reach.listener()]
        self.client.session = aiohttp.ClientSession(timeout=timeout, trace_configs=listening)
        await self._open_database()
        await self.casework.reckon_anew()
        await self._greet_slack()
        self._courier_runs = asyncio.create_task(self.courier.run(), name="courier")
        self._catches_up = asyncio.create_task(self._catch_up(), name="catch up")
        self._draws_homes = asyncio.create_task(self.homes.run(), name="homes")
        await self.alarm.start()
        log.info("started", procedure=self.casework.procedure.version)

    async def stop(self) -> None:
        """The intake first, the database last. A second call does nothing."""
        if self._intake is not None:
            await self._intake.stop()
        self.homes.stop()
        for task in (self._catches_up, self._draws_homes):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self.alarm.stop()
        await self.courier.stop(IN_FLIGHT_SECONDS)
        if self._courier_runs is not None:
            await self._courier_runs
        if self.client.session is not None:
            await self.client.session.close()
        await self.database.dispose()
        self._intake = self._courier_runs = self.client.session = None

    async def open_socket(self) -> None:
        """Lets Slack in by Socket Mode. Raises CannotStart when it refuses a token."""
        token = self.settings.slack_app_token
        if token is None:
            raise CannotStart("SLACK_APP_TOKEN is missing: Socket Mode needs it (xapp-…).")
        app_token = token.get_secret_value()
        await preflight(self.client, app_token)
        socket = Socket(self.app, app_token)
        self._intake = socket
        await socket.start()

    async def listen(self, host: str, port: int) -> int:
        """Lets Slack in by HTTP; answers the port, which the system chose if it was given as 0."""
        secret = self.settings.slack_signing_secret
        if secret is None or not secret.get_secret_value():
            raise CannotStart("SLACK_SIGNING_SECRET is missing: HTTP mode needs it.")
        guard = Guard(secret.get_secret_value(), partial(_on_the_wall, self.clock))
        server = Server(self.app, guard, self._checks(), self.metrics, self._printed)
        self._intake = server
        return await server.start(host, port)

    async def run_socket(self) -> None:
        """Serves in Socket Mode until told to stop."""
        await self._serve(self.open_socket)

    async def run_http(self, host: str, port: int) -> None:
        """Serves in HTTP mode until told to stop."""
        await self._serve(partial(self.listen, host, port))

    async def _catch_up(self) -> None:
        """Beside everything else: whatever arrives meanwhile is recognised, so nothing waits."""
        reader = AsyncWebClient(
            token=self.client.token,
            base_url=self.client.base_url,
            session=self.client.session,
            # Reading again does no harm, so Slack's "later" is simply obeyed.
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=20)],
        )
        try:
            await catch_up(self.casework, reader)
        except (aiohttp.ClientError, TimeoutError, DatabaseTrouble) as problem:
            log.error("channels not read back", why=word_for(problem))

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
        return await self.metrics.printed(self.database, self.alarm.left_waiting)

    async def _serve(self, let_in: Callable[[], Awaitable[object]]) -> None:
        """Told to stop while it still waits for something to start, it waits no longer."""
        with told_by_signals(self.told_to_stop):
            try:
                await unless_told(self.told_to_stop, self._begin(let_in))
                await self.told_to_stop.wait()
                log.info("stopping")
            finally:
                await self.stop()
                log.info("stopped")

    async def _begin(self, let_in: Callable[[], Awaitable[object]]) -> None:
        await self.start()
        # What was loaded by now stays: to look all of it over for garbage would stop everything
        # for a tenth of a second, again and again.
        gc.freeze()
        await let_in()

    async def _open_database(self) -> None:
        await _prepare_schema(self.database)
        try:
            await self.files.check_key()
        except (KeyMissing, SealBroken):
            raise CannotStart(_OTHER_KEY) from None
        book, file = DirectoryBook(self.database), self.settings.challenge_directory
        # Only into an empty one: whoever keeps it in Slack or by command has the last word.
        if file and await book.is_empty():
            await _load_directory(self.casework, file, self.client)

    async def _greet_slack(self) -> None:
        """Tried once and only told: deadlines must be kept while Slack is away, too."""
        try:
            await self.client.auth_test()
        except SlackApiError as no:
            log.error("Slack does not greet the bot", why=word_for(no))
        except (aiohttp.ClientError, TimeoutError):
            return  # said already, once for everybody who calls: see bot/reach.py


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
    rounds = Rounds(casework, client)
    alarm = Alarm(casework, clock, metrics.acted, rounds=rounds.go)
    homes = Homes(casework, client, pace)
    stirred.heard_by += [courier.stir, alarm.stir]
    stirred.told_whom.append(homes.stir)
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
        rounds=rounds,
        homes=homes,
        metrics=metrics,
        clock=clock,
        stirred=stirred,
    )


def load_procedure(name_or_path: str, given: str = "CHALLENGE_PROCEDURE") -> Procedure:
    """By its name in procedures/, or by its path. Raises CannotStart, with where it was given."""
    named = PROCEDURES / f"{name_or_path}.toml"
    path = named if named.is_file() else Path(name_or_path)
    try:
        return Procedure.read(_toml(path, given))
    except ProcedureProblems as problems:
        mistakes = _counted(problems.problems)
        raise CannotStart(
            f"{given}: {path} has {mistakes}. See: python -m bot procedure check {path}"
        ) from None


def _client(settings: Settings) -> AsyncWebClient:
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=CALL_SECONDS,
        logger=_quiet("slack_sdk"),
        # The SDK's own would post twice after a dropped connection.
        retry_handlers=[],
    )


def _app(settings: Settings, client: AsyncWebClient) -> AsyncApp:
    secret = settings.slack_signing_secret
    with _slack_settings_hidden():
        return AsyncApp(
            name="challenge",
            logger=_quiet("slack_bolt"),
            client=client,
            signing_secret=secret.get_secret_value() if secret else "",
            process_before_response=True,
            # The guard in front has checked the very same bytes.
            request_verification_enabled=False,
            # For listeners that write where somebody wrote; ours use the outbox.
            attaching_conversation_kwargs_enabled=False,
        )


def _quiet(name: str) -> logging.Logger:
    """At DEBUG these libraries print what people wrote, at INFO a body whose signature is wrong."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    return logger


@contextmanager
def _slack_settings_hidden() -> Iterator[None]:
    """Bolt reads the environment unasked; a client secret in it would change its ways."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


async def _prepare_schema(database: Database) -> None:
    """SQLite is brought up to date here; PostgreSQL may be shared, so somebody has to say when."""
    if await schema.current(database) == schema.newest():
        return
    if database.dialect != SQLITE:
        raise CannotStart("The database's schema is not this version's: python -m bot migrate.")
    # Alembic takes 10 MB, for good, and is needed once a version.
    from storage import migrations  # noqa: PLC0415

    if await migrations.upgrade(database):
        log.info("migrated; the database as it was is kept beside it", schema=schema.newest())


async def _load_directory(casework: Casework, path: str, client: AsyncWebClient) -> None:
    plain = _toml(Path(path), "CHALLENGE_DIRECTORY")
    try:
        await casework.load_directory(read_directory(await _by_id(plain, client)))
    except DirectoryProblems as problems:
        mistakes = _counted(problems.problems)
        raise CannotStart(
            f"CHALLENGE_DIRECTORY: {path} has {mistakes}. See: python -m bot directory check {path}"
        ) from None
    log.info("directory loaded")


async def _by_id(plain: dict[str, Any], client: AsyncWebClient) -> Mapping[str, object]:
    """People given by their address, looked up in Slack."""
    ids: dict[str, str] = {}
    for _, email in by_email(plain):
        try:
            ids[email] = (await client.users_lookupByEmail(email=email))["user"]["id"]
        except SlackApiError as no:
            raise CannotStart(_not_found(email, word_for(no))) from None
    return resolved(plain, ids)


def _toml(path: Path, setting: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise CannotStart(
            f"{setting}: {path} cannot be read ({problem.strerror}). Choose another file."
        ) from None
    except UnicodeDecodeError:
        raise CannotStart(f"{setting}: {path} is not UTF-8 text. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as problem:
        raise CannotStart(f"{setting}: {path} is not TOML: {problem}.") from None


def _counted(mistakes: Sequence[object]) -> str:
    return "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"


def _on_the_wall(clock: Clock) -> float:
    return clock.on_the_wall(clock.now()).timestamp()


def _answering(check: Callable[[], bool]) -> Check:
    async def answer() -> bool:
        return check()

    return answer


def _not_found(email: str, why: str) -> str:
    if why == "missing_scope":
        return (
            f"CHALLENGE_DIRECTORY names people by email, and for that the app needs {EMAIL_SCOPE}: "
            "add it on the app's page, OAuth & Permissions, and install the app again."
        )
    return (
        f"CHALLENGE_DIRECTORY: Slack does not find {email} ({why}). Give the person by their "
        "Slack id."
    )


_OTHER_KEY = (
    "CHALLENGE_KEY is not the key that this database was sealed under: give that one, newest "
    "first, separated by commas."
)
