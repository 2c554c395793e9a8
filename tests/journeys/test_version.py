"""A coordinator moves an open challenge to the procedure as it is now, from the App Home."""

from pathlib import Path
from typing import Any

from challenge.model import Happened
from challenge.people import change_partnership
from tests.journeys.story import ASHA, BEN, JOAN, ROOT, Story
from tests.journeys.test_directory import presses_home

DARLINGTON = (ROOT / "procedures" / "darlington-2025-12.toml").read_text(encoding="utf-8")
MOVE = "Move to the procedure as it is now"
WHY = "Why is it moved?"


def written(folder: Path, *changes: tuple[str, str]) -> str:
    """Darlington's procedure in a file of its own, changed."""
    text = DARLINGTON
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file = folder / "procedure.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


NEWER = (
    ('version = "darlington-2025-12"', 'version = "darlington-2026-06"'),
    ('answer_within = "3 working days"\nlongest', 'answer_within = "4 working days"\nlongest'),
)


async def follows_from_now_on(story: Story, file: str) -> None:
    """The bot is started again with that procedure."""
    await story.goes_down()
    story.bot.settings = story.bot.settings.model_copy(update={"challenge_procedure": file})
    await story.comes_back()


async def version_of(story: Story, reference: str) -> str:
    challenge = await story.challenge(reference)
    version: str = challenge.procedure.version
    return version


async def opens_the_form(story: Story, reference: str) -> Any:
    await presses_home(story, JOAN, "The partnership")
    seat = story.person(JOAN)
    await seat.presses(MOVE, value=str((await story.challenge(reference)).id))
    await story.settled()
    return seat.view


async def test_a_coordinator_reads_what_would_change_and_moves_it_and_both_sides_read_why(
    each_database: Story, tmp_path: Path
):
    story = each_database
    moved, stays = await story.raises(), await story.raises()
    due = (await story.challenge(moved)).due
    await follows_from_now_on(story, written(tmp_path, *NEWER))

    form = await opens_the_form(story, moved)
    assert f"{moved}* follows darlington-2025-12. It would follow darlington-2026-06" in form.words
    assert "The date that stands is kept: Friday 6 March 2026" in form.words
    assert "4 working days to answer, not 3 working days" in form.words
    assert "no further action" not in form.words  # what was written of it
    seat = story.person(JOAN)
    await seat.fill(WHY, "The board met in May.")
    await seat.submits()
    await story.settled()

    assert seat.view is None
    after = await story.challenge(moved)
    assert (after.procedure.version, after.due) == ("darlington-2026-06", due)
    assert await version_of(story, stays) == "darlington-2025-12"
    assert Happened.PROCEDURE_MOVED in await story.kinds(moved)
    for who in (ASHA, BEN):
        assert "to the procedure darlington-2026-06" in story.told(who)
        assert "The board met in May." in story.sees(who, moved)
        assert "The board met in May." not in story.told(who)
    # The list behind the form is drawn anew: one is left to move.
    assert seat.home.words.count("stage 1") == 2
    assert seat.home.buttons.count(MOVE) == 1


async def test_what_was_moved_meanwhile_is_refused_kindly_and_nobody_is_told_twice(
    telling: Any, tmp_path: Path
):
    async with telling(procedure=written(tmp_path)) as story:
        reference = await story.raises()
        home = await presses_home(story, JOAN, "The partnership")
        assert MOVE not in home.buttons
        await follows_from_now_on(story, written(tmp_path, *NEWER))
        await opens_the_form(story, reference)
        seat = story.person(JOAN)
        await follows_from_now_on(
            story, written(tmp_path, ("darlington-2025-12", "darlington-2026-09"))
        )

        await seat.fill(WHY, "The board met in May.")
        await seat.submits()
        await story.settled()

        assert "has changed since this was shown" in story.refused(JOAN)
        assert await version_of(story, reference) == "darlington-2025-12"
        assert Happened.PROCEDURE_MOVED not in await story.kinds(reference)


async def test_the_button_is_not_there_while_a_stage_is_offered_and_says_so_to_a_stale_press(
    telling: Any, tmp_path: Path
):
    async with telling(procedure=written(tmp_path)) as story:
        reference = await story.raises()
        await follows_from_now_on(story, written(tmp_path, *NEWER))
        assert MOVE in (await presses_home(story, JOAN, "The partnership")).buttons
        story.sandbox.faults.add("views.publish", "answer", error="not_enabled", times=None)
        await story.asks_for_more(ASHA, reference)
        story.sandbox.faults.clear()

        await story.person(JOAN).presses(MOVE)
        await story.settled()
        assert "Stage 2 is offered just now" in story.refused(JOAN)
        await story.person(JOAN).closes(everything=True)

        home = await presses_home(story, JOAN, "The partnership")
        assert MOVE not in home.buttons


async def test_whoever_is_no_coordinator_any_more_moves_nothing(telling: Any, tmp_path: Path):
    async with telling(procedure=written(tmp_path)) as story:
        reference = await story.raises()
        await follows_from_now_on(story, written(tmp_path, *NEWER))
        await presses_home(story, JOAN, "The partnership")
        people = {"business_unit": (), "coordinators": (ASHA,), "scrutineer": ()}
        await story.bot.casework.rearrange(change_partnership, by=JOAN, **people)

        await story.person(JOAN).presses(MOVE)
        await story.settled()

        assert "Only the partnership's coordinators can do this" in story.refused(JOAN)
        assert await version_of(story, reference) == "darlington-2025-12"
