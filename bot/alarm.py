"""The alarm clock: wakes casework when a deadline falls due, and notices when it does not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from challenge.casework import Casework

log = structlog.get_logger()

# So many in one transaction keep the event loop for some tens of milliseconds; 250 cost no less.
AT_ONCE = 100
SWEEP_SECONDS = 5.0
AUDIT_MINUTES = 5
BODY_SECONDS = 30
SILENT_AFTER = 20.0
WATCHED_TIMES = 10
STUCK_WAITS = timedelta(seconds=1)


class Clock(Protocol):
    """The time. It may have been moved on, in a rehearsal; only `on_the_wall` knows."""

    def now(self) -> datetime:
        """In UTC."""

    def seconds_until(self, at: datetime) -> float:
        """Real seconds to wait; negative when it has passed."""

    def on_the_wall(self, at: datetime) -> datetime:
        """When that moment comes, or came, for everyone else."""


class Alarm:
    """One scheduler that forgets everything: what is due stands in the database."""

    def __init__(
        self,
        casework: Casework,
        clock: Clock,
        acted: Callable[[int, timedelta], None] = lambda done, late: None,
        *,
        rounds: Callable[[], Awaitable[None]] | None = None,
        sweep_seconds: float = SWEEP_SECONDS,
        silent_after: float = SILENT_AFTER,
    ) -> None:
        self._casework = casework
        self._clock = clock
        self._acted = acted
        self._rounds = rounds
        self._sweep_seconds = sweep_seconds
        self._silent_after = silent_after
        self._stirred = asyncio.Event()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._one_ring = asyncio.Lock()
        self._one_hand = asyncio.Lock()
        self._armed: Job | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._last_rang = self._wound_at = time.monotonic()
        self.left_waiting = 0

    def stir(self) -> None:
        """Something was recorded, so the next deadline may be another one."""
        self._stirred.set()

    @property
    def rang_lately(self) -> bool:
        return time.monotonic() - self._last_rang < self._silent_after

    async def start(self) -> None:
        self._wind_up()
        self._tasks = [
            asyncio.create_task(self._keep_armed(), name="alarm: next deadline"),
            asyncio.create_task(self._watch(), name="alarm: watchdog"),
        ]
        self.stir()

    async def stop(self, within: float = 10.0) -> None:
        """Rings no more, and lets what is under way come to its end, up to that many seconds."""
        if self._scheduler is not None:
            self._scheduler.pause()
        await self._until_idle(within)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._put_down()
        # The scheduler shuts down on the loop's next turn, and cancels what it had just begun.
        await asyncio.sleep(0)
        await self._until_idle(within)

    async def _until_idle(self, within: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._under_way:
                    await self._idle.wait()

    # What is done when it rings

    async def ring(self) -> None:
        """Acts on everything that is due, then sets itself for what comes next."""
        async with self._one_ring:
            due = await self._casework.next_due()
            while True:
                began = self._clock.now()
                acted = await self._casework.fall_due(AT_ONCE)
                for (challenge_id, _), problem in acted.problems:
                    log.error("deadline stuck", challenge=challenge_id, why=type(problem).__name__)
                if not acted.done:
                    break
                self._acted(acted.done, self._clock.now() - (due or began))
        await self._arm(asked=began)

    async def audit(self) -> None:
        """Every open challenge has a clock running; if one has not, somebody must look."""
        self.left_waiting = len(await self._casework.left_waiting())
        if self.left_waiting:
            log.error("open challenges without a clock", count=self.left_waiting)

    # The scheduler

    def _wind_up(self) -> None:
        scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            timezone="UTC",
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        self._every(scheduler, self._rung, seconds=self._sweep_seconds)
        self._every(scheduler, partial(self._guarded, self.audit), minutes=AUDIT_MINUTES)
        self._every(scheduler, partial(self._guarded, self._casework.clear_up), days=1)
        if self._rounds is not None:
            self._every(scheduler, partial(self._guarded, self._rounds), hours=1)
        scheduler.start()
        self._scheduler = scheduler
        self._wound_at = time.monotonic()

    def _every(
        self, scheduler: AsyncIOScheduler, job: Callable[[], Awaitable[None]], **often: float
    ) -> None:
        """From now on, and not only after the first wait: a bot may be restarted every day."""
        at_once = self._clock.on_the_wall(self._clock.now())
        scheduler.add_job(job, "interval", next_run_time=at_once, **often)

    def _put_down(self) -> None:
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None and scheduler.running:
            scheduler.shutdown(wait=False)

    async def _arm(self, asked: datetime | None = None) -> None:
        """Sets the one job for the earliest deadline.

        One that was due when we just asked and is still there could not be acted on: to ring at
        once would be to ring without end, so it waits a second.
        """
        async with self._one_hand:
            due = await self._casework.next_due()
            if self._armed is not None:
                with suppress(JobLookupError):  # it has rung
                    self._armed.remove()
            self._armed = None
            if self._scheduler is None or due is None:
                return
            if asked is not None and due <= asked:
                due = asked + STUCK_WAITS
            # Without an id of its own: APScheduler skips a job while another of its name runs, and
            # this one is set from within the one before.
            at = self._clock.on_the_wall(due)
            self._armed = self._scheduler.add_job(self._rung, "date", run_date=at)

    async def _rung(self) -> None:
        await self._guarded(self.ring)
        self._last_rang = time.monotonic()

    async def _guarded(self, body: Callable[[], Awaitable[Any]]) -> None:
        self._under_way += 1
        self._idle.clear()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                await body()
        except Exception as problem:  # noqa: BLE001 - tomorrow's deadlines must still be kept
            log.error("alarm failed", job=body.__name__, why=type(problem).__name__)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _keep_armed(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            await self._guarded(self._arm)

    async def _watch(self) -> None:
        """Outside the scheduler, because it is the scheduler that may have died."""
        while True:
            await asyncio.sleep(self._silent_after / WATCHED_TIMES)
            fresh = time.monotonic() - self._wound_at < self._silent_after
            if not self.rang_lately and not fresh:
                log.error("the alarm was silent; it is wound up anew")
                self._put_down()
                self._wind_up()
                self.stir()
