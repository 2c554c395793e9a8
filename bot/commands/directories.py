"""The directory in and out of the database; people given by address are looked up in Slack once."""

import asyncio
from pathlib import Path

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import config
from bot.commands import checking, terminal
from bot.commands.mishaps import Failed
from bot.commands.opening import opened, settings
from challenge.directory import Directory
from challenge.directory_file import as_toml, by_email, read_directory, resolved
from storage.directory import DirectoryBook

log = structlog.get_logger()

CALL_SECONDS = 10


def load(path: Path) -> None:
    read = settings(config.DatabaseSettings)
    plain = checking.directory_file(path)
    ids = asyncio.run(_looked_up(plain)) if by_email(plain) else {}
    directory = checking.read_or_complain(path, lambda: read_directory(resolved(plain, ids)))
    asyncio.run(_replace(read.database_url, directory))
    log.info("directory loaded", people=len(directory.people), agencies=len(directory.agencies))
    terminal.answer(f"The directory now holds {checking.counted(directory)}.")


def dump() -> None:
    read = settings(config.DatabaseSettings)
    terminal.answer(as_toml(asyncio.run(_read(read.database_url))))


async def _read(url: str) -> Directory:
    async with opened(url) as database:
        return await DirectoryBook(database).read()


async def _replace(url: str, directory: Directory) -> None:
    async with opened(url) as database:
        await DirectoryBook(database).replace(directory)


async def _looked_up(plain: dict[str, object]) -> dict[str, str]:
    """Slack's ids by address, each asked for once."""
    client = _client(config.read(config.Settings))
    emails = dict.fromkeys(email for _, email in by_email(plain))
    try:
        with terminal.progress("People looked up in Slack") as more:
            return {email: await _id_of(client, email, more) for email in emails}
    except (aiohttp.ClientError, TimeoutError) as problem:
        raise Failed("Slack cannot be reached, so nothing was loaded. Try again later.") from problem


def _client(read: config.Settings) -> AsyncWebClient:
    token = read.slack_bot_token.get_secret_value()
    return AsyncWebClient(token=token, base_url=read.slack_api_url, timeout=CALL_SECONDS)
