"""The directory in and out of the database; people given by address are looked up in Slack once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from blocks.layout import with_names
from bot import config, logs
from bot.commands import checking, procedures, terminal, written
from bot.commands.mishaps import Failed
from bot.commands.opening import opened, settings
from bot.wiring import SystemClock
from challenge.casework import Casework
from challenge.directory import Directory
from challenge.directory_file import (
    as_toml,
    by_email,
    read_directory,
    read_unresolved,
    resolved,
)
from challenge.model import Change
from storage.directory import DirectoryBook
from storage.files import Files
from storage.vault import Vault

CALL_SECONDS = 10


def load(path: Path) -> None:
    """The running bot need not be stopped; it tells within seconds who is asked instead."""
    read = settings(config.RecordSettings)
    ids = asyncio.run(_looked_up(by_email(written.loaded(path, _as_it_stands, CHECK))))
    directory = written.loaded(path, lambda plain: read_directory(resolved(plain, ids)), CHECK)
    handed_on = asyncio.run(_replace(read, directory))
    terminal.answer(f"The directory now holds {checking.counted(directory)}.")
    for line in handed_on:
        terminal.answer(line)
    for line in checking.warned(written.text(path), directory):
        terminal.answer(line)


def dump() -> None:
    read = settings(config.HouseSettings)
    terminal.answer(as_toml(asyncio.run(_read(read.database_url))))


async def _read(url: str) -> Directory:
    async with opened(url) as database:
        return await DirectoryBook(database).read()


async def _replace(read: config.RecordSettings, directory: Directory) -> list[str]:
    """What was handed on by it, a line for each challenge."""
    procedure = procedures.named(read.challenge_procedure)
    async with opened(read.database_url) as database:
        files = Files(database, Vault(read.challenge_key.get_secret_value()))
        before = await DirectoryBook(database).read()
        casework = Casework(files, procedure, SystemClock().now, lambda _: None)
        changes = await casework.load_directory(directory)
    return [_handed_on(change, _everybody(before, directory)) for change in changes]


def _handed_on(change: Change, directory: Directory) -> str:
    said = " ".join(entry.summary for entry in change.entries)
    return f"{change.challenge.reference}: {with_names(said, directory)}"


def _everybody(before: Directory, after: Directory) -> Directory:
    """With those, too, whom the file no longer names."""
    gone = (person for person in before.people if after.person(person.id) is None)
    return replace(after, people=(*after.people, *gone))


def _as_it_stands(plain: written.Plain) -> written.Plain:
    """With mistakes found before anybody is looked up."""
    read_unresolved(plain)
    return plain


async def _looked_up(people: Sequence[tuple[int, str]]) -> dict[str, str]:
    """Slack's ids by address, each asked for once."""
    if not people:
        return {}
    client = _client(config.read(config.Settings))
    emails = dict.fromkeys(email for _, email in people)
    try:
        with terminal.progress("People looked up in Slack") as more:
            return {email: await _id_of(client, email, more) for email in emails}
    except (aiohttp.ClientError, TimeoutError) as problem:
        raise Failed(
            "Slack cannot be reached, so nothing was loaded. Try again later."
        ) from problem


async def _id_of(client: AsyncWebClient, email: str, more: Callable[[int], None]) -> str:
    try:
        answer = await client.users_lookupByEmail(email=email)
    except SlackApiError as no:
        raise Failed(_refusal(logs.code_of(no) or "no reason given", email)) from None
    more(1)
    return str(answer["user"]["id"])


def _refusal(code: str, email: str) -> str:
    if code == "missing_scope":
        return _NO_SCOPE
    if code == "users_not_found":
        return f"Slack knows nobody with the address {email}, so nothing was loaded. {_PUT_RIGHT}"
    return f"Slack would not look up {email} ({code}), so nothing was loaded. {_ASK_DOCTOR}"


def _client(read: config.Settings) -> AsyncWebClient:
    return AsyncWebClient(
        token=read.slack_bot_token.get_secret_value(),
        base_url=read.slack_api_url,
        timeout=CALL_SECONDS,
        # Only questions are asked, so to ask again does no harm.
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=5)],
    )


CHECK = "directory check"
_ASK_DOCTOR = "Try: python -m bot doctor"
_PUT_RIGHT = "Mend the address, or give the person by slack = instead."
_NO_SCOPE = (
    "People given by email need the scope users:read.email, which the app does not have: add it on "
    "the app's page, OAuth & Permissions, and install the app again, or give each person by "
    "slack = instead. Nothing was loaded."
)
