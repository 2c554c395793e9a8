"""Catching up: what was said while the bot was away, read from the channels themselves.

Slack repeats what we did not answer, but not for ever. So at every start the channels of open
challenges are read back as far as the last thing on record; what is there already is recognised.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.deeds import word_for
from challenge.casework import Casework
from handlers.messages import note_message

log = structlog.get_logger()

# Slack's clock and ours may differ, and events may come late.
OVERLAP_SECONDS = 600
A_PAGE = 200


async def catch_up(casework: Casework, client: AsyncWebClient) -> None:
    """Reads every open challenge's channel once. One that cannot be read does not stop the rest."""
    async with casework.files.shelf() as shelf:
        spaces = await shelf.open_spaces()
    for challenge, channel in spaces:
        try:
            await _read_back(casework, client, challenge, channel)
        except SlackApiError as no:
            log.warning("channel not read", challenge=challenge, why=word_for(no))


async def _read_back(
    casework: Casework, client: AsyncWebClient, challenge: int, channel: str
) -> None:
    oldest = await _last_said(casework, challenge)
    async for message in _history(client, channel, oldest):
        await _note(message, channel, casework)
        if message.get("thread_ts") == message.get("ts"):
            async for reply in _replies(client, channel, str(message["ts"]), oldest):
                await _note(reply, channel, casework)


async def _note(message: Mapping[str, Any], channel: str, casework: Casework) -> None:
    """What was said; of what was edited the newest version, for the history keeps no other.

    So its first words are left to Slack, which may still repeat them: an edit in their place would
    keep them out.
    """
    edit = {"subtype": "message_changed", "channel": channel, "message": message}
    await note_message(edit if message.get("edited") else {**message, "channel": channel}, casework)


async def _last_said(casework: Casework, challenge: int) -> float:
    """When the newest message on record was said, in Slack's seconds; 0 when there is none."""
    async with casework.files.shelf() as shelf:
        said = [r.entry.said for r in await shelf.chronology(challenge) if r.entry.said]
    return max(max(said).timestamp() - OVERLAP_SECONDS, 0.0) if said else 0.0


async def _history(
    client: AsyncWebClient, channel: str, oldest: float
) -> AsyncIterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        page = await client.conversations_history(
            channel=channel, oldest=f"{oldest:.6f}", limit=A_PAGE, cursor=cursor
        )
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


async def _replies(
    client: AsyncWebClient, channel: str, thread: str, oldest: float
) -> AsyncIterator[Mapping[str, Any]]:
    page = await client.conversations_replies(
        channel=channel, ts=thread, oldest=f"{oldest:.6f}", limit=A_PAGE
    )
    for message in page["messages"]:
        if message.get("ts") != thread:
            yield message
