"""Rounds: now and then everybody is asked whether their entry in the directory is still right.

This word does not go through the outbox, which carries what belongs to a challenge. Who is asked is
kept before Slack is told: at worst somebody is not asked now, and is asked again in a fortnight.
"""

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from blocks import directory as entries
from bot.deeds import word_for
from challenge import people
from challenge.casework import Casework
from challenge.directory import Directory
from challenge.model import PersonId

log = structlog.get_logger()

MOST_AN_HOUR = 10
"""A directory loaded in one go falls due in one go, and a thousand answers help nobody."""


class Rounds:
    def __init__(self, casework: Casework, client: AsyncWebClient) -> None:
        self._casework = casework
        self._client = client

    async def go(self) -> None:
        """In working hours only; the few whose entry was confirmed longest ago."""
        moment = self._casework.moment()
        if not moment.is_open:
            return
        directory = await self._casework.directory()
        due = people.to_be_asked(directory, moment.today, MOST_AN_HOUR)
        if due:
            asked = await self._casework.rearrange(people.asked_again, people=due)
            for person in due:
                await self._ask(asked, person)

    async def _ask(self, directory: Directory, person: PersonId) -> None:
        message = entries.quarterly(directory, person)
        try:
            await self._client.chat_postMessage(
                channel=person, text=message.text, blocks=message.blocks
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as problem:
            log.warning("not asked about the directory", why=word_for(problem))
