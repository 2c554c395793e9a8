"""Catching up: what was said while the bot was away, read from the channels themselves.

Slack repeats what we did not answer, but not for ever. So at every start the channels of open
challenges are read, and what was said or edited since the last thing on record is noted, in
whatever thread it stands; what is there already is recognised. What was taken away meanwhile leaves
no trace in a channel: its words are on record, that they were deleted is not.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.deeds import word_for
from challenge.casework import Casework
from handlers.messages import note_message

log = structlog.get_logger()

# Slack's clock and ours may differ, and events may come late.
OVERLAP_SECONDS = 600
A_PAGE = 200


async def catch_up(
    casework: Casework, client: AsyncWebClient, overlap: float = OVERLAP_SECONDS
) -> None:
    """Reads every open challenge's channel once. One that cannot be read does not stop the rest."""
    async with casework.files.shelf() as shelf:
        spaces = await shelf.open_spaces()
    for challenge, channel in spaces:
        since = await _last_said(casework, challenge) - overlap
        try:
            await _read_back(casework, client, channel, since)
        except SlackApiError as no:
            log.warning("channel not read", challenge=challenge, why=word_for(no))


async def _read_back(
    casework: Casework, client: AsyncWebClient, channel: str, since: float
) -> None:
    """The whole channel is looked through: an old message may have a new reply, or new words."""
    async for message in _pages(client.conversations_history, channel=channel):
        await _note_if_new(message, channel, casework, since)
        if float(message.get("latest_reply") or "-inf") < since:
            continue
        thread = str(message["ts"])
        async for reply in _pages(client.conversations_replies, channel=channel, ts=thread):
            if reply.get("ts") != thread:
                await _note_if_new(reply, channel, casework, since)


async def _note_if_new(
    message: Mapping[str, Any], channel: str, casework: Casework, since: float
) -> None:
    """What was said; of what was edited the newest version, for the history keeps no other.

    So its first words are left to Slack, which may still repeat them: an edit in their place would
    keep them out.
    """
    edited = message.get("edited")
    if float((edited or message).get("ts") or 0) < since:
        return
    edit = {"subtype": "message_changed", "channel": channel, "message": message}
    await note_message(edit if edited else {**message, "channel": channel}, casework)


async def _last_said(casework: Casework, challenge: int) -> float:
    """When the newest message on record was said, in Slack's seconds; 0 when there is none."""
    async with casework.files.shelf() as shelf:
        said = [r.entry.said for r in await shelf.chronology(challenge) if r.entry.said]
    return max(said).timestamp() if said else 0.0


async def _pages(
    call: Callable[..., Awaitable[AsyncSlackResponse]], **facts: Any
) -> AsyncIterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        page = await call(limit=A_PAGE, cursor=cursor, **facts)
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
