"""The courier: takes what the outbox holds to Slack, oldest first in each lane."""

import asyncio
import random
import secrets
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.alarm import Clock
from bot.deeds import (
    DOUBTFUL,
    OPERATOR,
    Call,
    Deeds,
    Line,
    NoLongerKept,
    NotDrawn,
    NotOurs,
    NotYet,
    Posted,
    asks_for_rest,
    code_of,
    kind_for,
    rest_asked,
    status_of,
    word_for,
)
from challenge.casework import Casework
from challenge.model import Told
from challenge.refusals import Refusal
from storage.engine import DatabaseTrouble
from storage.files import LostRace
from storage.outbox import Outbox, Parcel

log = structlog.get_logger()

AT_ONCE = 8
LEASE = timedelta(seconds=60)
# A call may take 10 s; what is left of the lease when it begins must outlast it.
LEASE_LEFT = timedelta(seconds=15)
DEED_SECONDS = 45
NET_SECONDS = 3.0
LONGEST_WAIT = 60.0
OPERATOR_WAIT = 60.0
STILL_AT_IT = 10.0
MOST_SURPRISES = 5
STUCK_AFTER = 30.0
# To say that this could not be told would never end, or would betray who confided something; and
# that buttons stayed where they are is a word to nobody.
SAID_TO_NOBODY = frozenset({Told.UNDELIVERED, Told.CONFIDED, Told.DEALT_WITH})
# Raised before anything left this machine.
NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError)


@dataclass(frozen=True)
class Again:
    """To be tried again; `unsure` when it may have been done all the same."""

    seconds: float
    why: str
    unsure: bool


@dataclass(frozen=True)
class Never:
    """Refused for good."""

    why: str


def _no_crash(point: str) -> None:
    """Tests let the process die here."""


class Courier:
    """Several lanes at once, one parcel at a time in each; couriers may share an outbox."""

    def __init__(
        self,
        outbox: Outbox,
        casework: Casework,
        client: AsyncWebClient,
        clock: Clock,
        pace: float = 1.0,
        crashpoint: Callable[[str], None] = _no_crash,
    ) -> None:
        self.outbox = outbox
        self.stuck_on: str | None = None
        self._client = client
        self._clock = clock
        self._pace = pace
        self._crashpoint = crashpoint
        self._owner = secrets.token_hex(8)
        self._line = Line()
        self._deeds = Deeds(casework, client, clock, outbox)
        self._stirred = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._rests: dict[str, float] = {}
        self._surprises: dict[int, int] = {}
        self._last_turn = time.monotonic()
        self._stopping = False

    def stir(self) -> None:
        """Something was put in the outbox."""
        self._stirred.set()

    @property
    def is_alive(self) -> bool:
        return time.monotonic() - self._last_turn < STUCK_AFTER

    async def run(self) -> None:
        """Until stopped. What was claimed and not sent is claimed again when its lease ends."""
        self._ended.clear()
        try:
            while not self._stopping:
                self._stirred.clear()
                self._last_turn = time.monotonic()
                await self._wait(await self._turn())
        finally:
            self._ended.set()

    async def stop(self, within: float = 10.0) -> None:
        """Claims no more and lets what is under way come to its end, up to that many seconds."""
        self._stopping = True
        self.stir()
        # What is being claimed at this moment is still sent: nobody else may for a minute.
        await self._ended.wait()
        tasks = list(self._under_way.values())
        if tasks:
            await asyncio.wait(tasks, timeout=within)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # One turn

    async def _turn(self) -> float:
        """Starts what can be started; answers how many seconds nothing more can be."""
        try:
            for parcel in await self._claim():
                self._start(parcel)
            return await self._idle_seconds()
        except Exception as problem:  # noqa: BLE001 - the courier outlives a database that is away
            log.error("outbox not read", why=type(problem).__name__)
            return 1.0

    async def _claim(self) -> list[Parcel]:
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return []
        return await self.outbox.claim(
            self._clock.now(), free, LEASE, self._owner, self._resting_lanes()
        )

    def _start(self, parcel: Parcel) -> None:
        task = asyncio.create_task(self._deliver(parcel))
        self._under_way[parcel.lane] = task
        task.add_done_callback(lambda _: self._finished(parcel.lane))

    def _finished(self, lane: str) -> None:
        self._under_way.pop(lane, None)
        self.stir()

    def _resting_lanes(self) -> list[str]:
        now = time.monotonic()
        self._rests = {lane: until for lane, until in self._rests.items() if until > now}
        return [*self._rests, *self._under_way]

    async def _idle_seconds(self) -> float:
        if len(self._under_way) >= AT_ONCE:
            return NET_SECONDS
        due = await self.outbox.next_at(self._clock.now())
        until_due = NET_SECONDS if due is None else self._clock.seconds_until(due)
        # What is due already and was not claimed waits for its lane's pace, or another courier
        # took it between our two questions.
        rested = min(self._rests.values(), default=time.monotonic() + NET_SECONDS)
        ready = until_due if until_due > 0 else rested - time.monotonic()
        return min(max(ready, 0.01), NET_SECONDS)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return

    # One parcel

    async def _deliver(self, parcel: Parcel) -> None:
        self._crashpoint("out.after_claim")
        try:
            async with asyncio.timeout(DEED_SECONDS):
                posted = await self._deeds.do(_Errand(self, parcel))
            now = self._clock.now()
            await self.outbox.sent(
                parcel, posted.channel, posted.ts, now, posted.said, posted.drawn
            )
            self._done(parcel, posted)
        except NotOurs:
            log.info("left to another", challenge=parcel.challenge_id, kind=kind_for(parcel))
        except Exception as problem:  # noqa: BLE001 - one parcel must not stop the rest
            await self._settle(parcel, problem)

    def _done(self, parcel: Parcel, posted: Posted) -> None:
        self.stuck_on = None
        self._surprises.pop(parcel.id, None)
        if posted.ts is not None:
            self._rests[parcel.lane] = time.monotonic() + self._pace
        log.info("sent", challenge=parcel.challenge_id, kind=kind_for(parcel))

    async def _settle(self, parcel: Parcel, problem: Exception) -> None:
        """Keeps what went wrong with the parcel. If not even that can be done, its lease runs out
        and it comes back as doubtful."""
        try:
            verdict = await self._verdict(parcel, problem)
            if isinstance(verdict, Again):
                await self._put_off(parcel, verdict)
            else:
                await self._give_up(parcel, verdict.why)
        except Exception as trouble:  # noqa: BLE001 - the lease is the net
            log.error("not settled", challenge=parcel.challenge_id, why=type(trouble).__name__)

    async def _put_off(self, parcel: Parcel, again: Again) -> None:
        at = self._clock.now() + timedelta(seconds=again.seconds)
        # What was doubtful stays so, even if this very try surely was not done.
        unsure = again.unsure or parcel.unsure
        await self.outbox.later(parcel, at, unsure=unsure, why=again.why)
        log.info("put off", challenge=parcel.challenge_id, kind=kind_for(parcel), why=again.why)

    async def _give_up(self, parcel: Parcel, why: str) -> None:
        """Told first and given up after, so that a crash between the two tells again, not never."""
        if parcel.kind is Told.CONFIDED and await self._deeds.send_back(parcel):
            await self._put_off(parcel, Again(0.0, why, unsure=False))
            return
        if parcel.kind not in SAID_TO_NOBODY and why != _GONE:
            try:
                await self._deeds.say_undelivered(parcel, why)
            except Refusal as no:
                log.warning("not on record", challenge=parcel.challenge_id, why=type(no).__name__)
        await self.outbox.given_up(parcel, why, self._clock.now())
        log.error("given up", challenge=parcel.challenge_id, kind=kind_for(parcel), why=why)

    # What a failure means

    async def _verdict(self, parcel: Parcel, problem: Exception) -> Again | Never:
        if isinstance(problem, NotYet):
            return Again(problem.seconds, problem.why, unsure=problem.begun)
        if isinstance(problem, NoLongerKept):
            return Never(_GONE)
        if isinstance(problem, NotDrawn):
            log.error("not drawn", challenge=parcel.challenge_id, **_trace(problem.__cause__))
            return Never("could not be drawn")
        if isinstance(problem, SlackApiError):
            return await self._slack_said(parcel, problem)
        if isinstance(problem, TimeoutError):
            # Slack may be at it still, so it is not asked too soon whether it was done.
            return Again(max(STILL_AT_IT, _backoff(parcel)), word_for(problem), unsure=True)
        if isinstance(problem, NEVER_LEFT):
            return Again(_backoff(parcel), word_for(problem), unsure=False)
        if isinstance(problem, aiohttp.ClientError | OSError | DatabaseTrouble | LostRace):
            return Again(_backoff(parcel), word_for(problem), unsure=True)
        return self._surprise(parcel, problem)

    async def _slack_said(self, parcel: Parcel, no: SlackApiError) -> Again | Never:
        code = code_of(no)
        if asks_for_rest(no):
            return Again(rest_asked(no), "ratelimited", unsure=False)
        if code in OPERATOR and not await self._is_about_the_person(parcel, code):
            self.stuck_on = code
            log.error("Slack refuses the bot", why=code)
            return Again(OPERATOR_WAIT, code, unsure=False)
        if code in DOUBTFUL or status_of(no) >= 500 or not code:
            return Again(_backoff(parcel), word_for(no), unsure=True)
        if parcel.kind is Told.OPEN_SPACE:
            return await self._no_space_yet(parcel, code)
        return Never(code)

    async def _no_space_yet(self, parcel: Parcel, code: str) -> Again:
        """Everything else of a challenge waits for its channel, so that is never given up."""
        await self._deeds.say_undelivered(parcel, code)
        self.stuck_on = code
        return Again(OPERATOR_WAIT, code, unsure=False)

    async def _is_about_the_person(self, parcel: Parcel, code: str) -> bool:
        """The same word is said of a closed account to whom we write and of our own."""
        if code != "account_inactive" or parcel.to is None:
            return False
        try:
            await self._line.call(self._client.auth_test)
        except SlackApiError:
            return False
        return True

    def _surprise(self, parcel: Parcel, problem: Exception) -> Again | Never:
        log.error("surprised", challenge=parcel.challenge_id, **_trace(problem))
        times = self._surprises[parcel.id] = self._surprises.get(parcel.id, 0) + 1
        if times >= MOST_SURPRISES:
            return Never(type(problem).__name__)
        return Again(_backoff(parcel), type(problem).__name__, unsure=True)


class _Errand:
    """One parcel under way; see deeds.Errand."""

    def __init__(self, courier: Courier, parcel: Parcel) -> None:
        self.parcel = parcel
        self._courier = courier

    async def create(self, method: Call, **facts: Any) -> AsyncSlackResponse:
        courier = self._courier
        now = courier._clock.now()
        if not await courier.outbox.still_mine(self.parcel, courier._owner, now, LEASE_LEFT):
            raise NotOurs
        courier._crashpoint("out.before_post")
        answer = await courier._line.call(method, **facts)
        courier._crashpoint("out.after_post")
        return answer

    async def ask(self, method: Call, **facts: Any) -> AsyncSlackResponse:
        return await self._courier._line.call(method, **facts)


_GONE = "the challenge is no longer kept"


def _backoff(parcel: Parcel) -> float:
    """Twice as long each time, up to a minute, and never all at the same moment."""
    longest = min(LONGEST_WAIT, 2.0 ** min(parcel.attempts, 6))
    return random.uniform(longest / 2, longest)


def _trace(problem: BaseException | None) -> dict[str, Any]:
    """Where it happened and what kind it was; its message might quote what somebody wrote."""
    frames = traceback.extract_tb(problem.__traceback__) if problem else []
    where = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return {"why": type(problem).__name__, "where": where}
