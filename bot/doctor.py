"""The doctor: looks at settings, database, procedure, directory, tokens, scopes and clock.

Nothing is changed by looking, and one thing being wrong does not keep the rest from being seen.
"""

import sqlite3
import stat
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import yaml
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import select

from bot import config, logs
from bot.commands import mishaps, written
from bot.commands.opening import connected, refuse_missing, refuse_other_schema, sqlite_file
from bot.wiring import CannotStart, SystemClock, load_procedure
from challenge.directory import Directory
from challenge.directory_file import read_unresolved
from challenge.doubts import warnings
from challenge.procedure import Procedure
from challenge.working_time import bank_holidays
from storage import schema
from storage.directory import DirectoryBook
from storage.engine import SQLITE, Database, sqlite_has_wal_reset_bug
from storage.files import CANARY
from storage.tables import SETTINGS
from storage.vault import KeyMissing, SealBroken, Vault

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
CALL_SECONDS = 10
AMBER_SKEW = 30
RED_SKEW = 300
FEWEST_HOLIDAYS = 8
MOST_NAMES = 10
NARROWEST = 30
SETTINGS_FILE = ".env"
EVERYBODY = stat.S_IRWXO
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Level(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Finding:
    level: Level
    about: str
    says: str


async def examine() -> list[Finding]:
    """Everything, in the order in which it would stop the bot."""
    found, read = _settings()
    found += _private(Path(SETTINGS_FILE), Level.RED)
    if read is not None:
        found += await _database(read)
        found += _guarded_procedure(read.challenge_procedure)
    if isinstance(read, config.Settings):
        found += await _slack(read)
    return found


def is_red(found: Iterable[Finding]) -> bool:
    return any(each.level is Level.RED for each in found)


def as_text(found: Iterable[Finding], width: int | None = None) -> str:
    """A line for each and a last one to sum up; the colour is a word.

    On a terminal what is too long goes on under its own beginning.
    """
    found = list(found)
    widest = max(len(each.about) for each in found)
    begun = [f"{each.level:<5}  {each.about:<{widest}}  " for each in found]
    lines = [_line(start, each.says, width) for start, each in zip(begun, found, strict=True)]
    return "\n".join((*lines, _summed_up(found)))


def _line(begun: str, says: str, width: int | None) -> str:
    if width is None:
        return begun + says
    return textwrap.fill(
        says,
        max(width, len(begun) + NARROWEST),
        initial_indent=begun,
        subsequent_indent=" " * len(begun),
        break_long_words=False,
        break_on_hyphens=False,
    )


def as_plain(found: Iterable[Finding]) -> dict[str, object]:
    found = list(found)
    return {
        "level": max((each.level for each in found), key=list(Level).index),
        "checks": [
            {"level": each.level.value, "about": each.about, "says": each.says} for each in found
        ],
    }


def _summed_up(found: list[Finding]) -> str:
    counts = {level: sum(each.level is level for each in found) for level in Level}
    if counts[Level.RED]:
        return f"{counts[Level.RED]} red, {counts[Level.AMBER]} amber. Mend what is red first."
    if counts[Level.AMBER]:
        return f"Nothing is red. {counts[Level.AMBER]} amber: the bot runs, but do look at it."
    return "All is well."


def _green(about: str, says: str) -> Finding:
    return Finding(Level.GREEN, about, says)


def _amber(about: str, says: str) -> Finding:
    return Finding(Level.AMBER, about, says)


def _red(about: str, problem: Exception | str) -> Finding:
    says = problem if isinstance(problem, str) else mishaps.sentence(problem)
    return Finding(Level.RED, about, says)


# Settings


def _settings() -> tuple[list[Finding], config.HouseSettings | None]:
    """What can be read of them; the first thing wrong hides no other part of the house."""
    found: list[Finding] = []
    for kind in (config.Settings, config.RecordSettings, config.HouseSettings):
        try:
            read = config.read(kind)
        except config.BadSetting as no:
            found.append(_red("settings", no))
        else:
            logs.set_up(read.log_level, read.log_format)
            return [*dict.fromkeys(found), *_about_settings(read)], read
    return list(dict.fromkeys(found)), None


def _about_settings(read: config.HouseSettings) -> Iterator[Finding]:
    if not isinstance(read, config.Settings):
        return
    if read.slack_app_token is None and read.slack_signing_secret is None:
        yield _red("settings", _NO_WAY_IN)
        return
    yield from _web_address(read.slack_api_url)
    mode = "Socket Mode" if read.slack_app_token else "HTTP mode"
    yield _green("settings", f"everything that {mode} needs is there")


def _web_address(url: str) -> Iterator[Finding]:
    address = urlsplit(url)
    if address.scheme == "http" and address.hostname not in _HERE:
        yield _amber("settings", "SLACK_API_URL is not https, so tokens and words travel in clear.")


def _private(file: Path, level: Level) -> list[Finding]:
    """Whether anybody who can log in to this machine can read or change it."""
    try:
        mode = file.stat().st_mode
    except OSError:
        return []  # that it is missing is said elsewhere, when it is needed
    if not (stat.S_ISREG(mode) and mode & EVERYBODY):
        return []
    says = f"everybody on this machine can open {file.name}: chmod 600 {file}"
    return [Finding(level, "files", says)]


# The database, and what is in it


async def _database(read: config.HouseSettings) -> list[Finding]:
    found: list[Finding] = []
    try:
        refuse_missing(read.database_url)
        if file := sqlite_file(read.database_url):
            # Amber, for what people wrote is sealed in it; who and when is not.
            found += _private(file, Level.AMBER)
        async with connected(read.database_url) as database:
            async for finding in _in_database(database, read):
                found.append(finding)
    except Exception as problem:  # noqa: BLE001 - whatever it is, the other checks go on
        found.append(_red("database", problem))
    return found


async def _in_database(database: Database, read: config.HouseSettings) -> AsyncIterator[Finding]:
    refuse_other_schema(await schema.current(database))
    yield _green("database", f"{database.dialect}, at the newest schema ({schema.newest()})")
    if database.dialect == SQLITE:
        yield _sqlite_version()
    # Raises when what it acknowledges might be lost; the values are for nobody at three at night.
    await database.pragmas()
    yield _green("database", "what it acknowledges is kept")
    if isinstance(read, config.RecordSettings):
        yield await _key(database, read)
    for finding in _directory(await DirectoryBook(database).read(), read):
        yield finding


def _sqlite_version() -> Finding:
    version = sqlite3.sqlite_version
    if sqlite_has_wal_reset_bug():
        return _amber("database", f"SQLite {version} {_WAL_RESET}")
    return _green("database", f"SQLite {version}")


async def _key(database: Database, read: config.RecordSettings) -> Finding:
    """Reads only: to write the first canary is for the first start."""
    vault = Vault(read.challenge_key.get_secret_value())
    async with database.reading() as connection:
        kept = await connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == CANARY))
        canary = kept.scalar_one_or_none()
    if canary is None:
        return _green("key", "nothing is sealed yet; the first start ties this key to the database")
    try:
        vault.check(bytes.fromhex(canary))
    except (KeyMissing, SealBroken) as no:
        return _red("key", no)
    return _green("key", "it opens what the database holds")


def _directory(directory: Directory, read: config.HouseSettings) -> Iterator[Finding]:
    if not directory.people:
        yield _no_directory(read)
        return
    agencies = len(directory.agencies)
    yield _green("directory", f"{len(directory.people)} people, {agencies} agencies")
    for problem in warnings(directory)[:MOST_NAMES]:
        yield _amber("directory", problem.sentence)
    if (more := len(warnings(directory)) - MOST_NAMES) > 0:
        yield _amber("directory", f"and {more} more like these: check the file to see them all")


def _no_directory(read: config.HouseSettings) -> Finding:
    path = read.challenge_directory
    if not path:
        return _red("directory", "Nobody is in it. Load it with: python -m bot directory load FILE")
    try:
        written.loaded(Path(path), read_unresolved, "directory check")
    except mishaps.Failed as no:
        return _red("directory", f"Nobody is in it, and CHALLENGE_DIRECTORY is no help: {no}")
    return _amber("directory", f"nobody is in it yet; {path} is loaded at the first start")


# The procedure


def _guarded_procedure(name: str) -> list[Finding]:
    try:
        return list(_procedure(load_procedure(name)))
    except CannotStart as no:
        return [_red("procedure", str(no))]


def _procedure(procedure: Procedure) -> Iterator[Finding]:
    yield _green("procedure", f"{procedure.version}, {len(procedure.stages)} stages")
    for contact in procedure.emergency.contacts:
        if not contact.has_number:
            yield _amber(
                "procedure",
                f"{contact.name} has no number to call yet: people are shown it in danger",
            )
    unknown = sum(not route.is_filled_in for route in procedure.other_routes)
    if unknown:
        yield _amber(
            "procedure",
            f"contacts of other routes to be filled in: {unknown}; procedure check names them",
        )
    for stage in procedure.stages:
        if not stage.confirmed:
            yield _amber(
                "procedure", f"stage {stage.number}, {stage.title}, is not confirmed: passed over"
            )
    yield _holidays(procedure, _now().date())


def _holidays(procedure: Procedure, today: date) -> Finding:
    nation, year = procedure.calendar.nation, today.year + 1
    known = len(bank_holidays(nation, year))
    if known < FEWEST_HOLIDAYS:
        return _amber("procedure", f"bank holidays of {year} in {nation} are not known: upgrade")
    return _green("procedure", f"{known} bank holidays are known for {nation} in {year}")


# Slack


async def _slack(read: config.Settings) -> list[Finding]:
    token = read.slack_bot_token.get_secret_value()
    async with _client(read.slack_api_url, token) as client:
        found = await _asked("SLACK_BOT_TOKEN", client.auth_test, _about_bot)
        if read.slack_app_token is not None and not _is_away(found):
            app_token = read.slack_app_token.get_secret_value()
            found += await _asked(
                "SLACK_APP_TOKEN",
                lambda: client.apps_connections_open(app_token=app_token),
                lambda _: [_green("SLACK_APP_TOKEN", "Slack lets us open a socket")],
            )
    return found


@asynccontextmanager
async def _client(url: str, token: str) -> AsyncIterator[AsyncWebClient]:
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])


async def _asked(
    about: str,
    ask: Callable[[], Awaitable[AsyncSlackResponse]],
    read: Callable[[AsyncSlackResponse], Iterable[Finding]],
) -> list[Finding]:
    try:
        return list(read(await ask()))
    except SlackApiError as no:
        code = logs.code_of(no) or "no reason given"
        return [_red(about, f"Slack refuses it ({code}). Copy it anew from the app's page.")]
    except (aiohttp.ClientError, TimeoutError):
        return [_red(_AWAY, "It cannot be reached. Check the network, and SLACK_API_URL if set.")]


def _is_away(found: Iterable[Finding]) -> bool:
    return any(each.about == _AWAY for each in found)


def _about_bot(answer: AsyncSlackResponse) -> Iterator[Finding]:
    yield _green("SLACK_BOT_TOKEN", f"{answer.get('user')} in {answer.get('team')}")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    yield from _scopes(headers)
    yield _clock(headers.get("date"), _now())


def _scopes(headers: Mapping[str, str]) -> Iterator[Finding]:
    granted = {scope for scope in headers.get("x-oauth-scopes", "").split(",") if scope}
    granted = {scope.strip() for scope in granted}
    wanted = set(
        yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
    )
    if not granted:
        yield _amber("scopes", "cannot tell: Slack did not say which scopes the app has")
        return
    if missing := wanted - granted:
        yield _red("scopes", f"Missing: {', '.join(sorted(missing))}. Add them, install it again.")
    if extra := granted - wanted - {config.EMAIL_SCOPE}:
        yield _amber("scopes", f"more than the bot needs: {', '.join(sorted(extra))}")
    if not missing and not extra:
        yield _green("scopes", "exactly those that the bot needs")


def _clock(date_header: str | None, now: datetime) -> Finding:
    try:
        slack = parsedate_to_datetime(date_header or "")
    except ValueError:
        return _amber("clock", "cannot tell: Slack did not say what time it is")
    apart = abs((now - slack.astimezone(UTC)).total_seconds())
    says = f"{apart:.0f} seconds from Slack's"
    if apart > RED_SKEW:
        return _red("clock", f"{says}: Slack and the bot refuse each other. Set it right (NTP).")
    if apart > AMBER_SKEW:
        return _amber("clock", f"{says}; set it right (NTP) before it gets worse")
    return _green("clock", says)


def _now() -> datetime:
    return SystemClock().now()


_AWAY = "Slack"
_NO_WAY_IN = (
    "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so Slack has no way in: the first is "
    "for Socket Mode, the second for HTTP mode."
)
_WAL_RESET = (
    "can, very rarely, spoil a file when two connections tidy up at once: 3.51.3 or newer cannot. "
    "Keep to one bot on this file, and keep backups."
)
