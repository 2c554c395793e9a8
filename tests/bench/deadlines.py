"""Many open challenges: a thousand due at once, a lone deadline, the start, the memory."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.alarm import AT_ONCE, Alarm
from bot.wiring import MovableClock, Stirred
from challenge.casework import Casework
from challenge.model import Told
from storage.files import Files
from storage.tables import ENTRIES, OUTBOX
from tests.bench.databases import KEY, POSTGRESQL, SQLITE, filled, opened
from tests.bench.figures import Figure, below, middle, share
from tests.bench.filling import fill
from tests.bench.processes import BOT, load, pretend_slack, served, settings, timed
from tests.makers import a_procedure

DUE = 1_000
LONE = 20
PROMPTS = (Told.PROMPT.value, Told.PROMPT_PRIVATELY.value)


async def of(folder: Path, *, challenges: int, starts: int) -> list[Figure]:
    told: list[Figure] = []
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for kind in (SQLITE, POSTGRESQL):
        url = await filled(kind, folder, "deadlines", challenges, [tomorrow] * DUE)
        told += await _started(url, kind, challenges, starts)
        if kind == SQLITE:
            told.append(await _verified(url, starts))
        told.append(await _lone(url, kind, challenges))
        told.append(await _all_at_once(url, kind, tomorrow))
    return told


async def _started(url: str, kind: str, challenges: int, starts: int) -> list[Figure]:
    name = f"{challenges:,} open challenges, {kind}"
    took: list[float] = []
    busy: list[float] = []
    async with pretend_slack() as sandbox:
        environment = settings(sandbox, url, KEY)
        for _ in range(starts):
            async with served(BOT, environment) as server:
                took.append(server.up_after)
                busy.append(server.busy())
        async with served(BOT, environment) as server:
            await asyncio.sleep(3)  # the first audit looks at every challenge
            await load(server.url, "--events", 1_000, "--in-flight", 24)
            now, most = server.memory()
    return [
        below(f"Process start to listening, {name}", middle(took), 3, "s", _of(middle(busy))),
        below(f"Memory after 1,000 messages, {name}", now, 150, "MB", f" (at most {most:.0f})"),
    ]


async def _lone(url: str, kind: str, challenges: int) -> Figure:
    """The real alarm on the real clock; how long after its second each change is committed."""
    first = datetime.now(UTC) + timedelta(seconds=4)
    due = [first + timedelta(seconds=0.4 * n) for n in range(LONE)]
    acted: list[datetime] = []
    async with opened(url) as (_, files):
        await fill(files, LONE, datetime.now(UTC), due=due, first=challenges + 1)
        clock = MovableClock()
        stirred = Stirred()
        casework = _casework(files, clock, stirred)
        alarm = Alarm(casework, clock)
        stirred.heard_by += [lambda: acted.append(datetime.now(UTC)), alarm.stir]
        await alarm.start()
        await asyncio.sleep((due[-1] - datetime.now(UTC)).total_seconds() + 1)
        await alarm.stop()
    # On a busy machine two of them may share a transaction.
    late = [(min(at for at in acted if at >= when) - when).total_seconds() for when in due]
    extra = f" ({LONE} times, p50 {share(late, 0.5) * 1000:.0f} ms)"
    return below(
        f"A lone deadline acted on, {kind}, at the latest", max(late) * 1000, 100, "ms", extra
    )


async def _all_at_once(url: str, kind: str, due: datetime) -> Figure:
    async with opened(url) as (database, files):
        clock = MovableClock(due - datetime.now(UTC) + timedelta(seconds=1))
        casework = _casework(files, clock, lambda _: None)
        began, busy = time.perf_counter(), time.process_time()
        while (await casework.fall_due(AT_ONCE)).done:
            pass
        took, busy = time.perf_counter() - began, time.process_time() - busy
        async with database.reading() as connection:
            prompted = select(func.count(OUTBOX.c.challenge_id.distinct()))
            found = await connection.execute(prompted.where(OUTBOX.c.kind.in_(PROMPTS)))
            prompts: int = found.scalar_one()
    extra = f"{_of(busy)}, {prompts - LONE:,} challenges prompted"
    return below(f"{DUE:,} due at once, all prompts in the outbox, {kind}", took, 2, "s", extra)


async def _verified(url: str, times: int) -> Figure:
    async with opened(url) as (database, _), database.reading() as connection:
        entries: int = (await connection.execute(select(func.count(ENTRIES.c.seq)))).scalar_one()
    took = [
        await timed("-m", "bot", "verify", environment={"DATABASE_URL": url}) for _ in range(times)
    ]
    # 10 s a million, and what it takes to start.
    goal = 2 + entries / 100_000
    return below(
        f"python -m bot verify, {entries:,} entries", middle(took), goal, "s", _worst(took)
    )


def _casework(files: Files, clock: MovableClock, stirred: Callable[..., None]) -> Casework:
    return Casework(files, a_procedure(), clock.now, stirred)


def _of(busy: float) -> str:
    """Beside what the clock says, what it cost: that does not grow when others use the machine."""
    return f", {busy:.2f} s of processor"


def _worst(took: list[float]) -> str:
    return f" (at worst {max(took):.2f})"
