"""Homes: the App Home of whoever has opened theirs is drawn anew when what it shows has changed.

A Home is a view: whoever opens it sees it fresh, and it can be drawn again at any time. So this
goes beside the outbox and never through it, no delivery waits for it, and what still waits when the
bot stops is let go: at the next start the Homes that were opened lately are looked at once.
"""

import asyncio
import json
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier import OPERATOR_WAIT
from bot.deeds import (
    DOUBTFUL,
    OPERATOR,
    asks_for_rest,
    code_of,
    rest_asked,
    status_of,
    word_for,
)
from challenge.casework import Casework, Home
from challenge.model import PersonId
from challenge.refusals import NotCoordinator
from handlers.home import NEWER_STANDS_THERE, drawn
from storage.engine import DatabaseTrouble

log = structlog.get_logger()

LATELY = timedelta(days=1)
LONGEST_WAIT = 60.0
LOOKED_AT_ONLY = 0.1
"""Of the pace: what is drawn and turns out to be as it was costs Slack nothing."""


class Homes:
    """One at a time and in turn: a thousand clocks that fall due at once do not ask Slack for a
    thousand Homes at once, and whoever waits is drawn once however much has changed."""

    def __init__(self, casework: Casework, client: AsyncWebClient, pace: float = 1.0) -> None:
        self._casework = casework
        self._client = client
        self._pace = pace
        self._changed: set[PersonId] = set()
        self._waiting: dict[PersonId, None] = {}
        self._as_drawn: dict[PersonId, tuple[str, int]] = {}
        # The hash that was put forward and, so far as we know, is not what stands there.
        self._in_vain: dict[PersonId, str] = {}
        self._stirred = asyncio.Event()
        self._failed = 0
        self._stopping = False

    def stir(self, people: Collection[PersonId]) -> None:
        """For these people something may look otherwise than before."""
        self._changed.update(people)
        self._stirred.set()

    @property
    def is_idle(self) -> bool:
        return not self._changed and not self._waiting

    async def run(self) -> None:
        """Until stopped."""
        await self._begin()
        rest = self._pace
        while not self._stopping:
            await self._stirred.wait()
            # Meanwhile more may change for the same people, and is drawn with it.
            await asyncio.sleep(rest)
            rest = await self._turn()

    def stop(self) -> None:
        """Draws no more; whoever stops it cancels what is under way, too."""
        self._stopping = True
        self._stirred.set()

    async def _begin(self) -> None:
        try:
            self._line_up(await self._casework.homes_opened(LATELY))
        except DatabaseTrouble as trouble:
            log.info("homes not looked at", why=type(trouble).__name__)

    async def _turn(self) -> float:
        """Draws the next one; answers how many seconds to rest before the one after it."""
        self._stirred.clear()
        try:
            await self._look_up()
            rest = await self._next()
        except DatabaseTrouble:
            rest = self._longer()
        if not self.is_idle:
            self._stirred.set()
        return rest

    async def _look_up(self) -> None:
        """Most people never open their Home, and then there is nothing to be done for them."""
        changed = frozenset(self._changed)
        if changed:
            self._line_up(await self._casework.homes(changed))
            self._changed -= changed

    def _line_up(self, homes: Collection[Home]) -> None:
        self._waiting |= dict.fromkeys(home.person for home in homes)
        self._stirred.set()

    async def _next(self) -> float:
        person = next(iter(self._waiting), None)
        if person is None:
            return self._pace
        try:
            rest = await self._draw_anew(person)
        except SlackApiError as no:
            return await self._slack_said(person, no)
        except (aiohttp.ClientError, OSError, DatabaseTrouble):
            self._to_the_end(person)
            return self._longer()
        except Exception as mistake:  # noqa: BLE001 - one that cannot be drawn must not stop the rest
            log.error("home not drawn", why=type(mistake).__name__)
            rest = self._pace
        self._failed = 0
        del self._waiting[person]
        return rest

    async def _draw_anew(self, person: PersonId) -> float:
        """Put up only in the place of what stood there before it was drawn, and only if it looks
        otherwise."""
        home = await self._casework.home(person)
        if home is None:
            return 0.0
        page, view = await self._drawn(home)
        looks = hash(json.dumps(view.to_dict()))
        if self._as_drawn.get(person) == (home.hash, looks):
            return self._pace * LOOKED_AT_ONLY
        known = None if self._in_vain.pop(person, None) == home.hash else home.hash
        self._in_vain[person] = home.hash
        answer = await self._client.views_publish(user_id=person, view=view, hash=known)
        del self._in_vain[person]
        stands = replace(home, page=page, hash=str(answer["view"]["hash"]))
        await self._casework.home_redrawn(home, stands)
        self._as_drawn[person] = (stands.hash, looks)
        return self._pace

    async def _drawn(self, home: Home) -> tuple[int | None, View]:
        try:
            return home.page, await drawn(home.person, home.page, self._casework)
        except NotCoordinator:
            return None, await drawn(home.person, None, self._casework)

    async def _slack_said(self, person: PersonId, no: SlackApiError) -> float:
        code = code_of(no)
        if code != NEWER_STANDS_THERE:
            self._in_vain.pop(person, None)
        if asks_for_rest(no):
            return rest_asked(no)
        if code in OPERATOR:
            return OPERATOR_WAIT
        self._to_the_end(person)
        if code == NEWER_STANDS_THERE:
            return self._pace
        if code in DOUBTFUL or status_of(no) >= 500 or not code:
            return self._longer()
        # Slack does not know them any more, say. Should they open their Home, it is drawn again.
        log.info("home let go", why=word_for(no))
        await self._casework.forget_home(person)
        del self._waiting[person]
        return self._pace

    def _to_the_end(self, person: PersonId) -> None:
        del self._waiting[person]
        self._waiting[person] = None

    def _longer(self) -> float:
        """The courier says that Slack or the database is away; here there is nothing to say."""
        self._failed += 1
        return min(LONGEST_WAIT, 2.0 ** min(self._failed, 6))
