"""Metrics: how the bot is doing, in numbers; no text, no references, no people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select
from typing_extensions import override

from challenge import voice
from challenge.casework import Casework, Rule
from challenge.model import CLOSED, Challenge, Heard, Voice
from challenge.refusals import Refusal
from storage.engine import Database
from storage.outbox import Outbox
from storage.tables import CHALLENGES

ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
LATE_SECONDS = (0.05, 0.1, 0.5, 1, 5, 60, 600, 3600, 86400)


class Metrics:
    """Its own registry, so that two bots in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acks = Histogram(
            "challenge_ack_seconds",
            "Time until Slack was answered",
            ["status"],
            buckets=ACK_SECONDS,
            registry=self.registry,
        )
        self.refusals = Counter(
            "challenge_refusals",
            "Acts that the procedure refused",
            ["kind"],
            registry=self.registry,
        )
        self.turned_away = Counter(
            "challenge_requests_turned_away",
            "Requests that did not come from Slack",
            ["why"],
            registry=self.registry,
        )
        self.voices = Counter(
            "challenge_voice_answers",
            "Answers to what the child or adult has said or shown; none and unsafe count too",
            ["answer"],
            registry=self.registry,
        )
        # Each from nought, so that an answer that nobody gives is seen too.
        for answer in Heard:
            self.voices.labels(answer.name.lower())
        self.clocks = Counter(
            "challenge_clocks_acted_on", "Deadlines acted on", registry=self.registry
        )
        self.late = Histogram(
            "challenge_clock_late_seconds",
            "How late the oldest deadline of a round was acted on",
            buckets=LATE_SECONDS,
            registry=self.registry,
        )
        self.waiting = self._gauge("challenge_outbox_waiting", "Notices not yet sent")
        self.dead = self._gauge("challenge_outbox_dead", "Notices that Slack refused for good")
        self.without_clock = self._gauge(
            "challenge_without_clock", "Open challenges on which no clock runs: must be 0"
        )
        self.open = self._gauge("challenge_open", "Open challenges")

    def acted(self, done: int, late: timedelta) -> None:
        self.clocks.inc(done)
        self.late.observe(max(late.total_seconds(), 0.0))

    async def printed(self, database: Database, left_waiting: int) -> bytes:
        """As Prometheus reads it."""
        outbox = Outbox(database)
        self.waiting.set(await outbox.waiting())
        self.dead.set(len(await outbox.dead()))
        self.without_clock.set(left_waiting)
        self.open.set(await _open_challenges(database))
        return generate_latest(self.registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(name, what, registry=self.registry)


class CountedCasework(Casework):
    """The same one door, which also counts what was refused."""

    def __init__(self, metrics: Metrics, *parts: Any) -> None:
        super().__init__(*parts)
        self._refusals = metrics.refusals
        self._voices = metrics.voices

    @override
    async def carry_out(
        self, rule: Rule, challenge_id: int, heard: str | None = None, **facts: Any
    ) -> Challenge:
        try:
            kept = await super().carry_out(rule, challenge_id, heard, **facts)
        except Refusal as no:
            self._refusals.labels(type(no).__name__).inc()
            raise
        if rule is voice.add:
            self._count(kept.voices[-1:])
        return kept

    @override
    async def raise_challenge(self, draft: str, **facts: Any) -> Challenge:
        try:
            kept = await super().raise_challenge(draft, **facts)
        except Refusal as no:
            self._refusals.labels(type(no).__name__).inc()
            raise
        self._count(kept.voices)
        return kept

    def _count(self, answers: Sequence[Voice]) -> None:
        """Which answer it was, and nothing of what it says."""
        for answer in answers:
            self._voices.labels(answer.heard.name.lower()).inc()


async def _open_challenges(database: Database) -> int:
    closed = [status.value for status in CLOSED]
    still_open = select(func.count()).where(CHALLENGES.c.status.not_in(closed))
    async with database.reading() as connection:
        number: int = (await connection.execute(still_open)).scalar_one()
    return number
