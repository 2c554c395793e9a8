"""A day off that becomes known late moves running clocks, and both sides are told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from challenge.model import Happened, Status
from tests.journeys.story import ASHA, BEN, GRACE, HUGO, MO, ROOT, Story
from tests.journeys.test_meeting import (
    PLACE,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    can_make,
    in_the_window,
    offer,
    reach_the_meeting,
)

DARLINGTON = (ROOT / "procedures" / "darlington-2025-12.toml").read_text(encoding="utf-8")
FRIDAY_FIVE = datetime(2026, 3, 6, 17, tzinfo=UTC)
MONDAY_FIVE = datetime(2026, 3, 9, 17, tzinfo=UTC)
ALL_WHO_ATTEND = (ASHA, BEN, GRACE, HUGO, MO)


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


async def a_meeting_with_mo(story: Story) -> str:
    """Fixed for Wednesday; Mo, of a third agency, attends it."""
    reference = await reach_the_meeting(story)
    await in_the_window(story, GRACE, reference, "Who should attend")
    assert await story.answers(GRACE, **{"Who else should attend?": [MO]}) is None
    await story.presses(BEN, reference, "Agree that they attend")
    await offer(story, HUGO, reference, WEDNESDAY, THURSDAY)
    for who in ALL_WHO_ATTEND:
        await can_make(story, who, reference, WEDNESDAY)
    assert (await story.challenge(reference)).meeting.fixed == WEDNESDAY
    return reference


async def test_a_meeting_on_what_becomes_a_day_off_stays_and_everyone_who_attends_is_told(
    telling: Any, tmp_path: Path
):
    async with telling(procedure=written(tmp_path)) as story:
        reference = await a_meeting_with_mo(story)
        await story.goes_down()
        written(tmp_path, closed='"2026-03-11"')
        await story.comes_back()

        now = "on Wednesday 11 March 2026 at 10:00 now falls on a day off"
        assert now in story.sees(ASHA, reference)
        for who in ALL_WHO_ATTEND:
            assert story.told(who).count(now) == 1
        assert "That is a day off now." in story.card(reference).words
        assert (await story.challenge(reference)).meeting.fixed == WEDNESDAY
        [said] = await story.summaries(reference, Happened.RECKONED_ANEW)
        assert "The meeting on Wednesday 11 March 2026, 10:00 is on it, and stays" in said

        await story.opens(HUGO, reference, "Offer other times")
        times = {"First time": TUESDAY, "Second time": THURSDAY}
        await story.person(HUGO).fills({k: int(at.timestamp()) for k, at in times.items()})
        assert await story.answers(HUGO, **{"Where, or the link": PLACE}) is None
        for who in ALL_WHO_ATTEND:
            await can_make(story, who, reference, THURSDAY)
        assert (await story.challenge(reference)).meeting.fixed == THURSDAY
        assert "That is a day off now." not in story.card(reference).words
        seen = story.seen(ASHA, story.channel(reference).id)
        [told] = [m for m in seen if "now falls on a day off" in m.text]
        assert told.buttons == []
