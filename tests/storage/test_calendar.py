"""The days off that the bot knows of, and since when."""

from datetime import date

from challenge.reckoning import DayOff
from tests.storage.conftest import NOW, Kept

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


async def learn(kept: Kept, *days: date) -> tuple[DayOff, ...]:
    async with kept.files.desk() as desk:
        return await desk.learn_days_off(days, kept.now)


async def reckoned(kept: Kept) -> None:
    async with kept.files.desk() as desk:
        await desk.days_off_reckoned(kept.now)


async def test_what_is_known_at_the_very_first_start_is_nothing_new(kept: Kept):
    assert await learn(kept, MONDAY) == ()
    assert await learn(kept, MONDAY) == ()


async def test_what_became_known_since_is_new_until_every_clock_was_reckoned(kept: Kept):
    await learn(kept, MONDAY)
    kept.pass_time(hours=1)
    later = kept.now

    assert await learn(kept, MONDAY, TUESDAY) == (DayOff(TUESDAY, later),)
    kept.pass_time(hours=1)
    assert await learn(kept, MONDAY, TUESDAY) == (DayOff(TUESDAY, later),)
    await reckoned(kept)
    assert await learn(kept, MONDAY, TUESDAY) == ()


async def test_a_day_that_is_taken_back_and_named_again_is_new_again(kept: Kept):
    await learn(kept, MONDAY, TUESDAY)
    kept.pass_time(hours=1)
    assert await learn(kept, MONDAY) == ()
    kept.pass_time(hours=1)

    assert await learn(kept, MONDAY, TUESDAY) == (DayOff(TUESDAY, kept.now),)
    assert kept.now > NOW
