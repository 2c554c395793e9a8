"""What seldom happens: the bot was down, the clocks changed, somebody is two things at once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from challenge.model import Happened, Status
from tests.journeys.conftest import Telling
from tests.journeys.story import (
    ASHA,
    BEN,
    CARA,
    ELIF,
    FINN,
    PEOPLE,
    Story,
    directory_toml,
    eventually,
)

# The bot was down


async def test_a_deadline_that_passed_while_the_bot_was_down_is_acted_on_and_said_to_be_late(
    two_ways: Story,
):
    reference = await two_ways.raises()
    await two_ways.goes_down()
    two_ways.clock.move_on(timedelta(days=3))
    await two_ways.comes_back()

    challenge = await two_ways.challenge(reference)
    assert challenge.status is Status.OFFERED
    [lapsed] = await two_ways.summaries(reference, Happened.LAPSED)
    assert "acted on 41 h" in lapsed
    assert "late)" in lapsed
    missed = await two_ways.summaries(reference, Happened.REMINDER_MISSED)
    assert missed
    assert not two_ways.reminders(reference)
    assert f"{reference} needs you at stage 2" in two_ways.told(ELIF)
    assert not await two_ways.bot.casework.left_waiting()
    assert await two_ways.bot.files.first_break() is None


async def test_the_time_to_accept_that_passed_while_the_bot_was_down_asks_the_deputy(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await story.asks_for_more(ASHA, reference)
    await story.goes_down()
    story.clock.move_on(timedelta(days=1))
    await story.comes_back()

    asked = {p.person for p in (await story.challenge(reference)).prompts}
    assert FINN in asked
    assert all("late" in s for s in await story.summaries(reference, Happened.PROMPTED_NEXT))
    assert all(p.due > story.clock.now() for p in (await story.challenge(reference)).prompts)


async def test_what_was_said_while_the_bot_was_down_is_on_record_when_it_is_back(one_way: Story):
    reference = await one_way.raises()
    await one_way.goes_down()
    channel = one_way.channel(reference).id
    ts = await one_way.person(ASHA).says(channel, "Are you there?")
    await one_way.person(ASHA).edits(channel, ts, "Is anybody there?")
    await one_way.comes_back()

    entries = [r.entry for r in await one_way.record(reference) if r.entry.message == ts]
    assert Counter(e.kind for e in entries) == {Happened.SAID: 1, Happened.EDITED: 1}


async def test_a_click_while_the_bot_was_down_is_no_success_and_works_afterwards(one_way: Story):
    reference = await one_way.raises()
    await one_way.goes_down()
    card = one_way.card(reference)
    delivery = await one_way.person(BEN).clicks(
        one_way.channel(reference).id, card.ts, label="Accept the date"
    )
    assert not delivery.acked

    await one_way.comes_back()
    assert not (await one_way.challenge(reference)).date_agreed
    await one_way.presses(BEN, reference, "Accept the date")
    assert (await one_way.challenge(reference)).date_agreed


async def test_what_was_decided_right_before_the_bot_went_down_is_told_when_it_is_back(
    each_database: Story,
):
    """Slack does not take a word; the bot stops; the next one tells it, once."""
    story = each_database
    fault = story.sandbox.faults.add("chat.postMessage", "error", times=None)
    await story.fills_in()
    await eventually(lambda: _struck(fault))
    await story.goes_down()
    story.sandbox.faults.clear()
    story.clock.move_on(timedelta(minutes=2))
    await story.comes_back()

    [challenge] = await story.bot.casework.challenges_of(ASHA)
    assert story.told(BEN).count("a professional challenge between") == 1
    assert story.card(challenge.reference).text.startswith(challenge.reference)
    assert len(story.sandbox.calls("conversations.create")) == 1


async def test_a_bot_that_starts_on_a_quiet_database_tells_nobody_anything(each_database: Story):
    story = each_database
    reference = await story.raises()
    before = [len(c.messages) for c in story.sandbox.channels()]
    await story.goes_down()
    await story.comes_back()

    assert [len(c.messages) for c in story.sandbox.channels()] == before
    assert (await story.challenge(reference)).status is Status.OPEN


async def test_a_long_holiday_of_the_bot_ends_with_every_open_challenge_on_a_clock(
    each_database: Story,
):
    story = each_database
    references = [await story.begun() for _ in range(10)]
    await story.goes_down()
    story.clock.move_on(timedelta(days=30))
    await story.comes_back()

    assert not await story.bot.casework.left_waiting()
    for reference in references:
        assert (await story.challenge(reference)).status is Status.OFFERED


# Clocks and calendars


async def test_the_night_the_clocks_go_forward_moves_no_deadline(telling: Telling):
    """Raised on the Friday before; five o'clock on Monday is an hour earlier in UTC."""
    async with telling(start=datetime(2026, 3, 27, 15, 0, tzinfo=UTC)) as story:
        reference = await story.raises()

        assert (await story.challenge(reference)).due == datetime(2026, 3, 30, 16, 0, tzinfo=UTC)
        assert "Monday 30 March 2026 at 17:00" in story.card(reference).words


async def test_a_challenge_raised_on_a_sunday_is_due_at_the_close_of_monday(telling: Telling):
    async with telling(start=datetime(2026, 3, 8, 12, 0, tzinfo=UTC)) as story:
        reference = await story.raises()

        assert (await story.challenge(reference)).due == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)


# Two things at once


async def test_a_line_manager_who_manages_both_sides_is_asked_for_one_of_them_only(
    telling: Telling,
):
    people = [(w, a, r, ELIF if w == ASHA else m, d) for w, a, r, m, d in PEOPLE]
    async with telling(listed=directory_toml(people)) as story:
        reference = await story.raises()
        await story.asks_for_more(BEN, reference)

        asked = [p.person for p in (await story.challenge(reference)).prompts]
        assert len(set(asked)) == len(asked) == 2
        assert ELIF in asked


async def test_two_challenges_between_the_same_two_people_do_not_touch_each_other(one_way: Story):
    first = await one_way.raises()
    second = await one_way.raises(by=BEN, to=ASHA)
    await one_way.says(ASHA, first, "About the first.")
    await one_way.settles(first)

    assert (await one_way.challenge(second)).status is Status.OPEN
    assert Happened.SAID not in await one_way.kinds(second)
    assert "Thank you both" not in one_way.sees(BEN, second)


async def test_a_button_of_one_challenge_never_acts_on_another(one_way: Story):
    first = await one_way.raises()
    second = await one_way.raises(reference="LIQ-2")
    await one_way.presses(BEN, first, "Accept the date")

    assert (await one_way.challenge(first)).date_agreed
    assert not (await one_way.challenge(second)).date_agreed


async def test_a_manager_raises_a_challenge_in_their_own_name(one_way: Story):
    reference = await one_way.raises(by=CARA, to=ELIF)

    challenge = await one_way.challenge(reference)
    assert challenge.raised_by == CARA
    await one_way.asks_for_more(CARA, reference)
    asked = {p.person for p in (await one_way.challenge(reference)).prompts}
    assert asked.isdisjoint({CARA, ELIF})


async def _struck(fault: Any) -> bool:
    return bool(fault.struck)
