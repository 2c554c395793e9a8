"""Rounds: now and then somebody is asked about the directory.

Everybody is asked whether their entry is still right, and the coordinators hear of new entries that
wait for their yes.

These words do not go through the outbox, which carries what belongs to a challenge. Who is asked is
kept before Slack is told: at worst somebody is not asked now, and is asked again in a fortnight.
"""

from datetime import date

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from blocks import directory as entries
from blocks import roll
from blocks.layout import Message
from bot.deeds import word_for
from challenge import people
from challenge.casework import Casework
from challenge.model import PersonId

log = structlog.get_logger()

MOST_AN_HOUR = 10
"""A directory loaded in one go falls due in one go, and a thousand answers help nobody."""


class Rounds:
    def __init__(self, casework: Casework, client: AsyncWebClient) -> None:
        self._casework = casework
        self._client = client

    async def go(self) -> None:
        """In working hours only."""
        moment = self._casework.moment()
        if moment.is_open:
            await self._ask_everybody(moment.today)
            await self._ask_coordinators(moment.today)

    async def _ask_everybody(self, today: date) -> None:
        """The few whose entry was confirmed longest ago."""
        due = people.to_be_asked(await self._casework.directory(), today, MOST_AN_HOUR)
        if due:
            asked = await self._casework.rearrange(people.asked_again, people=due)
            for person in due:
                await self._say(person, entries.quarterly(asked, person))

    async def _ask_coordinators(self, today: date) -> None:
        waiting = people.to_be_checked(await self._casework.directory(), today)
        if waiting:
            asked = await self._casework.rearrange(people.asked_again, people=waiting)
            for person in asked.coordinators:
                await self._say(person, entries.to_check(len(waiting), roll.open_button()))

    async def _say(self, person: PersonId, message: Message) -> None:
        try:
            await self._client.chat_postMessage(
                channel=person, text=message.text, blocks=message.blocks
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as problem:
            log.warning("not asked about the directory", why=word_for(problem))
