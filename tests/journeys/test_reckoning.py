"""A day off that becomes known late moves running clocks, and both sides are told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from challenge.model import Happened, Status
from challenge.reckoning import move_procedure
from tests.journeys.story import ASHA, BEN, JOAN, ROOT, Story

DARLINGTON = (ROOT / "procedures" / "darlington-2025-12.toml").read_text(encoding="utf-8")
FRIDAY_FIVE = datetime(2026, 3, 6, 17, tzinfo=UTC)
MONDAY_FIVE = datetime(2026, 3, 9, 17, tzinfo=UTC)


def written(folder: Path, closed: str = "") -> str:
    """Darlington's procedure in a file of its own, with those days closed."""
    assert "closed = [] " in DARLINGTON
    file = folder / "procedure.toml"
    file.write_text(DARLINGTON.replace("closed = [] ", f"closed = [{closed}] "), encoding="utf-8")
    return str(file)


async def test_a_closure_added_to_the_file_moves_the_date_at_the_next_start_and_tells_both(
    telling: Any, tmp_path: Path
):
    async with telling(procedure=written(tmp_path)) as story:
        reference = await story.raises()
        assert (await story.challenge(reference)).due == FRIDAY_FIVE

        await story.goes_down()
        written(tmp_path, closed='"2026-03-06"')
        await story.comes_back()

        assert (await story.challenge(reference)).due == MONDAY_FIVE
        for who in (ASHA, BEN):
            assert "the clock of" in story.told(who)
            assert "A day off became known" in story.sees(who, reference)
        assert "Monday 9 March 2026" in story.card(reference).text
        await story.until(FRIDAY_FIVE + timedelta(minutes=1))
        assert (await story.challenge(reference)).status is Status.OPEN
        await story.until(MONDAY_FIVE + timedelta(minutes=1))
        assert (await story.challenge(reference)).status is Status.OFFERED


async def test_starting_again_reckons_nothing_twice_and_a_new_challenge_is_right_at_once(
    telling: Any, tmp_path: Path
):
    async with telling(procedure=written(tmp_path)) as story:
        reference = await story.raises()
        await story.goes_down()
        written(tmp_path, closed='"2026-03-06"')
        for _ in range(2):
            await story.comes_back()
            await story.goes_down()
        await story.comes_back()

        assert (await story.challenge(reference)).due == MONDAY_FIVE
        assert (await story.kinds(reference)).count(Happened.RECKONED_ANEW) == 1
        fresh = await story.raises()
        assert (await story.challenge(fresh)).due == MONDAY_FIVE
        assert Happened.RECKONED_ANEW not in await story.kinds(fresh)


async def test_a_day_off_is_learnt_once_and_kept_on_either_database(each_database: Story):
    story = each_database
    reference = await story.raises()
    await story.goes_down()
    await story.comes_back()
    assert Happened.RECKONED_ANEW not in await story.kinds(reference)
    await story.goes_down()
    folder = Path(str(story.bot.settings.challenge_directory)).parent
    file = written(folder, closed='"2026-03-06"')
    story.bot.settings = story.bot.settings.model_copy(update={"challenge_procedure": file})
    await story.comes_back()

    assert (await story.challenge(reference)).due == MONDAY_FIVE
    assert "A day off became known" in story.sees(BEN, reference)
    assert await story.bot.casework.reckon_anew() == 0
    assert not await story.bot.casework.left_waiting()


async def test_a_coordinator_moves_one_challenge_and_both_sides_read_why(
    telling: Any, tmp_path: Path
):
    async with telling(procedure=written(tmp_path)) as story:
        moved, stays = await story.raises(), await story.raises()
        challenge = await story.challenge(moved)
        changed = type(challenge.procedure).read(
            {**challenge.procedure.plain, "version": "darlington-2026-06"}
        )

        await story.bot.casework.carry_out(
            move_procedure, challenge.id, by=JOAN, to=changed, note="The board met in May."
        )
        await story.settled()

        assert (await story.challenge(moved)).procedure.version == "darlington-2026-06"
        assert (await story.challenge(stays)).procedure.version == "darlington-2025-12"
        for who in (ASHA, BEN):
            assert "to the procedure darlington-2026-06" in story.told(who)
            assert "The board met in May." in story.sees(who, moved)
            assert "The board met in May." not in story.told(who)
