"""Homes against a pretend Slack that refuses, is slow, or has something newer there already."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.homes import Homes
from bot.wiring import Bot
from challenge.casework import Home
from challenge.model import Challenge, Change, Entry, Happened, PersonId
from handlers.home import show_mine, show_partnership
from sandbox import Sandbox
from tests.bot.conftest import ON_BOTH, MakeBot, all_sent, raised, risk, tell
from tests.bot.waiting import eventually
from tests.makers import U_CHALLENGED, U_COORDINATOR, U_RAISER, U_RAISING_MANAGER

PUBLISH = "views.publish"


def put_up(sandbox: Sandbox) -> list[str]:
    """Whose Home was put up, in order."""
    return [call.payload["user_id"] for call in sandbox.calls(PUBLISH)]


def seen_by(sandbox: Sandbox, who: PersonId) -> str:
    home = sandbox.person(str(who)).home
    return home.words if home else ""


async def opens(bot: Bot, *people: PersonId) -> None:
    for who in people:
        await show_mine(who, bot.client, bot.casework)


async def drawn(bot: Bot) -> None:
    await eventually(lambda: bot.homes.is_idle)


@asynccontextmanager
async def drawing(bot: Bot, pace: float) -> AsyncIterator[Homes]:
    """Homes at another pace, beside the bot's own, which is stopped."""
    bot.homes.stop()
    homes = Homes(bot.casework, bot.client, pace)
    bot.stirred.told_whom[:] = [homes.stir]
    running = asyncio.create_task(homes.run())
    try:
        yield homes
    finally:
        homes.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def see(bot: Bot, challenge: Challenge) -> None:
    """Something happens that shows on nobody's Home."""

    def rule(given: Challenge, *_: object) -> Change:
        return Change(given, (Entry(Happened.SEEN, None, "Something happened."),))

    await bot.casework.carry_out(rule, challenge.id)


@ON_BOTH
async def test_only_whoever_opened_home_is_drawn_one(bot, sandbox):
    await opens(bot, U_CHALLENGED)
    challenge = await raised(bot)
    await drawn(bot)

    assert challenge.reference in seen_by(sandbox, U_CHALLENGED)
    assert set(put_up(sandbox)) == {U_CHALLENGED}


async def test_many_changes_within_its_pace_are_one_drawing(bot, sandbox):
    await opens(bot, U_CHALLENGED)
    began = time.monotonic()
    async with drawing(bot, pace=0.5) as homes:
        for number in range(8):
            await raised(bot, f"draft {number}")
        await all_sent(bot)
        await eventually(lambda: homes.is_idle)
    took = time.monotonic() - began

    assert 2 <= len(put_up(sandbox)) <= 1 + took / 0.5
    assert seen_by(sandbox, U_CHALLENGED).count("PC-20") >= 8


async def test_many_homes_are_drawn_one_after_the_other_at_its_pace(bot, sandbox):
    people = [U_RAISER, U_CHALLENGED, U_COORDINATOR]
    await opens(bot, *people)
    async with drawing(bot, pace=0.3) as homes:
        began = time.monotonic()
        homes.stir(people)
        await eventually(lambda: homes.is_idle)
        took = time.monotonic() - began

    assert sorted(put_up(sandbox)[3:]) == sorted(people)
    assert took >= 0.3 * 3


async def test_whoever_opened_theirs_last_is_drawn_first(bot, sandbox):
    await opens(bot, U_RAISER, U_COORDINATOR, U_CHALLENGED)
    bot.homes.stir([U_COORDINATOR, U_RAISER, U_CHALLENGED])
    await drawn(bot)

    assert put_up(sandbox)[3:] == [U_CHALLENGED, U_COORDINATOR, U_RAISER]


async def test_what_looks_as_it_did_is_not_put_up_again(bot, sandbox):
    challenge = await raised(bot)
    await opens(bot, U_CHALLENGED)
    await see(bot, challenge)
    await drawn(bot)
    before = len(put_up(sandbox))

    await see(bot, challenge)
    await drawn(bot)

    assert len(put_up(sandbox)) == before


async def test_what_is_newer_is_never_covered_by_what_was_drawn_before_it(bot, sandbox):
    """Somebody opens Home while an older drawing is still on its way to Slack."""
    await opens(bot, U_CHALLENGED)
    sandbox.faults.add(PUBLISH, "slow", seconds=0.6)
    bot.homes.stir([U_CHALLENGED])
    await eventually(lambda: sandbox.world.calls_under_way > 0)
    # As if another replica did it: nothing tells this one to draw once more.
    bot.stirred.told_whom.clear()
    challenge = await raised(bot)
    await opens(bot, U_CHALLENGED)
    await drawn(bot)

    assert challenge.reference in seen_by(sandbox, U_CHALLENGED)


@ON_BOTH
async def test_another_replicas_home_stays_until_this_one_has_drawn_from_what_is_newer(
    bot, another_bot: MakeBot, sandbox
):
    other = another_bot()
    await other.start()
    await opens(bot, U_CHALLENGED)
    challenge = await raised(bot)
    await drawn(bot)
    await opens(other, U_CHALLENGED)
    second = await raised(other, "another draft")
    await drawn(other)
    third = await raised(bot, "a third draft")
    await drawn(bot)

    shown = seen_by(sandbox, U_CHALLENGED)
    assert all(c.reference in shown for c in (challenge, second, third))


async def test_a_home_that_stands_there_unknown_to_us_is_replaced_all_the_same(bot, sandbox):
    """A crash came between Slack's yes and our keeping its hash."""
    await opens(bot, U_CHALLENGED)
    async with bot.files.desk() as desk:
        await desk.keep_home(Home(U_CHALLENGED, None, "1.lost", bot.clock.now()))

    challenge = await raised(bot)
    await drawn(bot)
    assert challenge.reference in seen_by(sandbox, U_CHALLENGED)

    async with bot.files.desk() as desk:
        await desk.keep_home(Home(U_CHALLENGED, None, "2.lost", bot.clock.now()))
    await opens(bot, U_CHALLENGED)
    home = await bot.casework.home(U_CHALLENGED)
    assert home is not None
    assert home.hash == sandbox.person(str(U_CHALLENGED)).home.hash


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "ratelimited", "retry_after": 1},
        {"kind": "error"},
        {"kind": "drop_after"},
        {"kind": "drop_before"},
    ],
    ids=lambda fault: str(fault["kind"]),
)
async def test_slack_being_busy_or_away_only_puts_it_off(bot, sandbox, fault: dict[str, Any]):
    await opens(bot, U_CHALLENGED)
    sandbox.faults.add(PUBLISH, **fault)

    challenge = await raised(bot)
    await drawn(bot)

    assert challenge.reference in seen_by(sandbox, U_CHALLENGED)


async def test_whom_slack_refuses_is_let_go_until_they_open_home_again(bot, sandbox, caplog):
    await opens(bot, U_CHALLENGED, U_RAISER)
    sandbox.faults.add(PUBLISH, "answer", error="user_not_found", after=1)
    await raised(bot)
    await drawn(bot)
    [refused] = [w for w in (U_CHALLENGED, U_RAISER) if not await bot.casework.home(w)]
    before = len(put_up(sandbox))

    await raised(bot, "another draft")
    await drawn(bot)
    assert set(put_up(sandbox)[before:]) == {U_CHALLENGED, U_RAISER} - {refused}

    await opens(bot, refused)
    third = await raised(bot, "a third draft")
    await drawn(bot)
    assert third.reference in seen_by(sandbox, refused)


async def test_no_message_waits_for_a_home(bot, sandbox):
    await opens(bot, U_CHALLENGED, U_RAISER)
    sandbox.faults.add(PUBLISH, "slow", times=None, seconds=30.0)

    challenge = await raised(bot)
    await tell(bot, challenge, risk())
    await all_sent(bot)

    assert not bot.homes.is_idle
    assert await bot.outbox.waiting() == 0
    sandbox.faults.clear()


@ON_BOTH
async def test_after_a_start_the_homes_that_were_opened_lately_are_looked_at(
    bot, another_bot: MakeBot, sandbox
):
    await opens(bot, U_CHALLENGED)
    bot.homes.stop()
    bot.stirred.told_whom.clear()
    challenge = await raised(bot)
    await bot.stop()
    assert challenge.reference not in seen_by(sandbox, U_CHALLENGED)

    again = another_bot()
    await again.start()
    await eventually(lambda: challenge.reference in seen_by(sandbox, U_CHALLENGED))


@ON_BOTH
async def test_a_page_of_the_partnership_stays_that_page_and_keeps_up(bot, sandbox):
    await show_partnership(U_COORDINATOR, bot.client, bot.casework)
    challenge = await raised(bot)
    await drawn(bot)

    shown = seen_by(sandbox, U_COORDINATOR)
    assert challenge.reference in shown
    assert "All open challenges" in shown


async def test_a_page_whose_challenges_are_closed_meanwhile_becomes_the_first(bot, sandbox):
    challenge = await raised(bot)
    await show_partnership(U_COORDINATOR, bot.client, bot.casework, skip=20)

    assert f"{challenge.reference}: stage 1" in seen_by(sandbox, U_COORDINATOR)
    assert "1 to 1 of 1" in seen_by(sandbox, U_COORDINATOR)


async def test_whoever_is_no_coordinator_any_more_is_shown_their_own(bot, sandbox):
    await show_partnership(U_COORDINATOR, bot.client, bot.casework)
    async with bot.files.desk() as desk:
        await desk.keep_home(Home(U_RAISING_MANAGER, 0, "1.none", bot.clock.now()))
    bot.homes.stir([U_RAISING_MANAGER])
    await drawn(bot)

    assert "What awaits me" in seen_by(sandbox, U_RAISING_MANAGER)
    home = await bot.casework.home(U_RAISING_MANAGER)
    assert home is not None
    assert home.page is None


async def test_one_home_that_cannot_be_drawn_does_not_stop_the_others(bot, sandbox):
    await opens(bot, U_RAISER, U_CHALLENGED)
    challenge = await raised(bot)
    await drawn(bot)
    async with bot.database.writing() as connection:
        await connection.exec_driver_sql("UPDATE challenge SET sealed = x'00'")
    bot.homes.stir([U_CHALLENGED])
    await drawn(bot)

    assert challenge.reference in seen_by(sandbox, U_CHALLENGED)
