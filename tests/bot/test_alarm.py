"""The alarm: to the second, whatever happens to the scheduler or the database."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median

from sqlalchemy import delete, select, update
from typing_extensions import override

from bot.alarm import Alarm
from bot.wiring import Bot, load_procedure
from challenge.casework import Acted, Casework
from challenge.model import Challenge, Change, Entry, Happened
from challenge.moment import Moment
from storage.engine import Database
from storage.files import Files
from storage.tables import CHALLENGES, DEADLINES
from storage.vault import Vault
from tests.bot.conftest import KEY, ON_BOTH, all_sent, pass_time, raised
from tests.bot.waiting import eventually


async def due_in(bot: Bot, challenge: Challenge, seconds: float) -> None:
    """The time allowed ends that soon."""

    def shorten(given: Challenge, moment: Moment, directory: object) -> Change:
        due = moment.now + timedelta(seconds=seconds)
        began = due - timedelta(days=3)
        sooner = replace(given, due=due, clock_set=began, turn=given.turn + 1)
        return Change(sooner, (Entry(Happened.DATE_AGREED, None, "Sooner."),))

    await bot.casework.carry_out(shorten, challenge.id)


async def lapsed(bot: Bot, challenge: Challenge) -> bool:
    async with bot.files.shelf() as shelf:
        now = await shelf.challenge_by_id(challenge.id)
    return now is not None and now.offered is not None


@asynccontextmanager
async def ringing(alarm: Alarm) -> AsyncIterator[None]:
    await alarm.start()
    try:
        yield
    finally:
        await alarm.stop()


@ON_BOTH
async def test_a_lone_deadline_is_acted_on_within_its_second(another_bot):
    bot = another_bot()
    bot.alarm = Alarm(bot.casework, bot.clock, sweep_seconds=3600)
    bot.stirred.heard_by.append(bot.alarm.stir)
    await bot.start()

    late: list[float] = []
    for number in range(9):
        challenge = await raised(bot, f"draft {number}")
        await all_sent(bot)
        await due_in(bot, challenge, 0.3)
        await eventually(partial(lapsed, bot, challenge))
        late.append(await lateness(bot, challenge))
    assert 0 <= median(late) < 0.1, late


async def lateness(bot: Bot, challenge: Challenge) -> float:
    """Seconds between the end of the time allowed and its being acted on."""
    d = DEADLINES.c
    at_the_end = select(d.due_at, d.done_at).where(d.challenge_id == challenge.id)
    async with bot.database.reading() as connection:
        row = (await connection.execute(at_the_end.where(d.key == "2:lapse"))).one()
    return float((row.done_at - row.due_at).total_seconds())


async def test_a_deadline_that_passed_while_nobody_was_there_is_acted_on_at_the_start(another_bot):
    bot = another_bot()
    await bot.start()
    challenge = await raised(bot)
    await bot.stop()

    heir = another_bot()
    pass_time(heir, days=30)
    await heir.start()

    await eventually(lambda: lapsed(heir, challenge))


async def test_a_clock_that_is_moved_on_is_noticed_at_once(bot):
    challenge = await raised(bot)

    pass_time(bot, days=30)

    await eventually(lambda: lapsed(bot, challenge), within=4)


async def test_a_dead_scheduler_is_noticed_and_replaced(another_bot):
    bot = another_bot()
    bot.alarm = Alarm(bot.casework, bot.clock, sweep_seconds=0.1, silent_after=0.6)
    await bot.start()
    challenge = await raised(bot)

    # What a locked database once did to APScheduler's own store: its timer is never set again.
    bot.alarm._scheduler._stop_timer()
    bot.alarm._scheduler._process_jobs = lambda: None
    await eventually(lambda: not bot.alarm.rang_lately, within=30)
    await eventually(lambda: bot.alarm.rang_lately, within=30)

    pass_time(bot, days=30)
    await eventually(lambda: lapsed(bot, challenge), within=30)


async def test_a_locked_database_is_waited_out(another_bot, database_url):
    bot = another_bot()
    await bot.start()
    challenge = await raised(bot)
    await all_sent(bot)
    await bot.alarm.stop()
    impatient = Database.at(database_url, busy_seconds=0.05)
    casework = Casework(
        Files(impatient, Vault(KEY)), bot.casework.procedure, bot.clock.now, lambda _: None
    )

    alarm = Alarm(casework, bot.clock, sweep_seconds=0.1)
    async with ringing(alarm):
        holder = sqlite3.connect(
            database_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
        )
        await asyncio.to_thread(holder.execute, "BEGIN IMMEDIATE")
        pass_time(bot, days=30)
        alarm.stir()
        await asyncio.sleep(0.5)
        held = not await lapsed(bot, challenge)
        holder.execute("ROLLBACK")
        holder.close()
        pass_time(bot, minutes=1)  # what could not be acted on is left alone for that long
        alarm.stir()
        await eventually(lambda: lapsed(bot, challenge))
    await impatient.dispose()
    assert held


class _Counted(Casework):
    asked = 0

    @override
    async def fall_due(self, most: int = 100) -> Acted:
        self.asked += 1
        return await super().fall_due(most)


async def test_a_deadline_that_cannot_be_acted_on_neither_stops_the_rest_nor_rings_on(bot):
    broken = await raised(bot, "broken")
    sound = await raised(bot, "sound")
    async with bot.database.writing() as connection:
        spoil = update(CHALLENGES).where(CHALLENGES.c.id == broken.id).values(sealed=b"\x01rubbish")
        await connection.execute(spoil)
    await bot.alarm.stop()
    counted = _Counted(bot.files, bot.casework.procedure, bot.clock.now, lambda _: None)

    async with ringing(Alarm(counted, bot.clock, sweep_seconds=3600)):
        pass_time(bot, days=30)
        await eventually(lambda: counted.asked > 0)
        before = counted.asked
        await counted.fall_due()
        await eventually(lambda: lapsed(bot, sound))
        await asyncio.sleep(0.3)

    assert counted.asked - before < 5


async def test_an_open_challenge_without_a_clock_is_noticed(bot):
    challenge = await raised(bot)
    async with bot.database.writing() as connection:
        await connection.execute(delete(DEADLINES).where(DEADLINES.c.challenge_id == challenge.id))

    await bot.alarm.audit()

    assert bot.alarm.left_waiting == 1


async def test_the_audit_finds_nothing_wrong_with_what_the_rules_do(bot):
    await raised(bot)

    await bot.alarm.audit()

    assert bot.alarm.left_waiting == 0


def test_the_darlington_procedure_loads_by_its_name():
    assert load_procedure("darlington-2025-12").version == "darlington-2025-12"
