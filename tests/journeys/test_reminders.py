"""Reminders: when they come, what they say, and what a reaction to one does."""

from datetime import UTC, datetime, timedelta

import pytest
from slack_bolt.context.async_context import AsyncBoltContext

from challenge.model import Happened, Status
from handlers.reactions import NotPlacedYet, added
from tests.journeys.conftest import Telling
from tests.journeys.story import ASHA, ASKED, BEN, CARA, ELIF, GRACE, HUGO, LENA, Story

MAUNDY_THURSDAY = datetime(2026, 4, 2, 15, 30, tzinfo=UTC)  # half past four in London
MOST_STEPS = 10
FRIDAY_AFTERNOON = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


async def next_due(story: Story) -> datetime:
    due = await story.bot.casework.next_due()
    assert due is not None
    return due


async def to_the_first_reminder(story: Story) -> str:
    reference = await story.raises()
    await to_reminder(story, reference, 1)
    return reference


async def each_step_until_the_lapse(story: Story, reference: str) -> list[datetime]:
    """Goes from clock to clock; answers when each reminder came."""
    came: list[datetime] = []
    for _ in range(MOST_STEPS):
        if (await story.challenge(reference)).status is not Status.OPEN:
            return came
        before = len(story.reminders(reference))
        at = await next_due(story)
        await story.until(at + timedelta(seconds=1))
        came += [at] if len(story.reminders(reference)) > before else []
    raise AssertionError("it never lapsed")


async def to_reminder(story: Story, reference: str, number: int) -> None:
    """Goes from clock to clock until there have been so many reminders."""
    for _ in range(MOST_STEPS):
        if len(story.reminders(reference)) >= number:
            return
        await story.until(await next_due(story) + timedelta(seconds=1))
    raise AssertionError("the reminder never came")


async def raised_and_agreed_until_tuesday(story: Story) -> str:
    reference = await story.raises()
    await story.opens(BEN, reference, "Propose another date")
    await story.answers(BEN, day="2026-03-10")
    await story.presses(ASHA, reference, "Accept the date")
    return reference


# When


async def test_reminders_come_at_half_time_and_two_hours_before_the_end(two_ways: Story):
    reference = await raised_and_agreed_until_tuesday(two_ways)
    due = (await two_ways.challenge(reference)).due
    came = await each_step_until_the_lapse(two_ways, reference)

    assert len(two_ways.reminders(reference)) == len(came) == 2
    # From Thursday ten to Tuesday five are thirty-one working hours; half is Monday, 09:30.
    assert came[0].replace(second=0, microsecond=0) == datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    assert came[1] == due - timedelta(hours=2)
    assert not await two_ways.summaries(reference, Happened.REMINDER_MISSED)


@pytest.mark.parametrize("start", [FRIDAY_AFTERNOON, MAUNDY_THURSDAY], ids=["Friday", "Easter"])
async def test_no_reminder_disturbs_a_weekend_or_a_bank_holiday(telling: Telling, start: datetime):
    async with telling(start=start) as story:
        reference = await story.raises()
        came = await each_step_until_the_lapse(story, reference)

        assert came
        assert all(story.bot.casework.procedure.calendar.is_open(at) for at in came)
        assert all(
            at.date() not in {start.date() + timedelta(days=n) for n in (1, 2)} for at in came
        )
        [lapsed] = await story.summaries(reference, Happened.LAPSED)
        assert "late" not in lapsed


async def test_one_working_day_from_the_thursday_before_easter_ends_on_tuesday(telling: Telling):
    async with telling(start=datetime(2026, 4, 2, 16, 30, tzinfo=UTC)) as story:
        reference = await story.raises()

        assert (await story.challenge(reference)).due == datetime(2026, 4, 7, 16, 0, tzinfo=UTC)
        assert "Tuesday 7 April 2026 at 17:00" in story.card(reference).words


async def test_nobody_is_reminded_twice_on_one_day(telling: Telling):
    """Half time and two hours before the end fall on the same day when that day is the last."""
    async with telling(start=datetime(2026, 3, 5, 9, 0, 30, tzinfo=UTC)) as story:
        reference = await story.raises(due="2026-03-05")
        came = await each_step_until_the_lapse(story, reference)

        assert len(came) == 1
        assert len(story.reminders(reference)) == 1


async def test_the_urgent_route_reminds_at_night_too(telling: Telling):
    async with telling(start=datetime(2026, 3, 6, 1, 0, tzinfo=UTC)) as story:
        reference = await story.raises(danger=True)
        await story.accepts(ELIF, reference)
        await story.accepts(CARA, reference)
        await to_reminder(story, reference, 1)

        assert story.clock.now() < datetime(2026, 3, 6, 7, 0, tzinfo=UTC)


async def test_a_reminder_that_its_hour_passed_over_is_on_record_as_missed(one_way: Story):
    reference = await one_way.raises()
    await one_way.until((await one_way.challenge(reference)).due + timedelta(seconds=1))

    assert not one_way.reminders(reference)
    missed = await one_way.summaries(reference, Happened.REMINDER_MISSED)
    assert missed
    assert all("was not sent" in summary for summary in missed)


async def test_reminders_stop_once_it_is_settled(one_way: Story):
    reference = await one_way.raises()
    due = (await one_way.challenge(reference)).due
    await one_way.settles(reference)
    await one_way.until(due + timedelta(seconds=1))

    assert not one_way.reminders(reference)
    assert (await one_way.challenge(reference)).status is Status.SETTLED


# What it says


async def test_a_reminder_is_readable_cold(one_way: Story):
    reference = await to_the_first_reminder(one_way)

    [reminder] = one_way.reminders(reference)
    for words in (reminder.words, reminder.text):
        assert reference in words
        assert ASKED["ask"] in words
        assert "Friday 6 March 2026 at 17:00" in words
        assert "If it is not settled by then, it is offered to stage 2" in words
    assert f"<@{BEN}>" in reminder.words
    assert "Ben Osei (Children's Social Care)" in reminder.text
    assert "call 999 now" in reminder.words
    for act in (":white_check_mark:", ":eyes:", ":hourglass_flowing_sand:", ":arrow_up:", ":sos:"):
        assert act in reminder.words


async def test_at_stage_two_both_leads_are_reminded_by_name(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(BEN, reference)
    await one_way.accepts(ELIF, reference)
    await one_way.accepts(CARA, reference)
    await to_reminder(one_way, reference, 1)

    [reminder] = one_way.reminders(reference)
    assert f"<@{ELIF}>" in reminder.words
    assert f"<@{CARA}>" in reminder.words
    assert f"<@{BEN}>" not in reminder.words


# Reactions


@pytest.mark.parametrize(
    ("reaction", "label", "title"),
    [
        ("white_check_mark", "Propose how it is settled", "How it is settled"),
        ("hourglass_flowing_sand", "Propose another date", "Propose another date"),
        ("arrow_up", "Ask for the next stage", "Ask for the next stage"),
    ],
)
async def test_a_reaction_that_needs_a_form_shows_a_private_button_that_opens_it(
    one_way: Story, reaction: str, label: str, title: str
):
    reference = await to_the_first_reminder(one_way)
    await one_way.reacts(BEN, reference, reaction)

    ben = one_way.person(BEN)
    assert reference in ben.ephemerals[-1].words
    assert ben.ephemerals[-1].buttons == [label]
    assert not one_way.person(ASHA).ephemerals
    await ben.clicks(one_way.channel(reference).id, ben.ephemerals[-1].ts, label=label)
    assert ben.view.title == title
    assert (await one_way.kinds(reference)).count(Happened.ACT_OFFERED) == 1


async def test_eyes_are_shown_on_the_card_and_taken_back_with_the_reaction(two_ways: Story):
    reference = await to_the_first_reminder(two_ways)
    due = (await two_ways.challenge(reference)).due

    await two_ways.reacts(BEN, reference, "eyes")
    assert "Seen and being worked on: Ben Osei" in two_ways.card(reference).words
    assert (await two_ways.challenge(reference)).due == due

    reminder = two_ways.reminders(reference)[-1]
    await two_ways.person(BEN).unreacts(two_ways.channel(reference).id, reminder.ts, "eyes")
    await two_ways.settled()
    assert "Seen and being worked on" not in two_ways.card(reference).words
    kinds = await two_ways.kinds(reference)
    for kind in (
        Happened.REACTED,
        Happened.SEEN,
        Happened.UNREACTED,
        Happened.SEEN_TAKEN_BACK,
    ):
        assert kinds.count(kind) == 1


async def test_sos_puts_it_on_the_urgent_route_and_cannot_be_taken_back(two_ways: Story):
    reference = await to_the_first_reminder(two_ways)
    await two_ways.reacts(ASHA, reference, "sos")

    challenge = await two_ways.challenge(reference)
    assert challenge.urgent
    assert challenge.status is Status.OFFERED
    assert all(p.due - p.since == timedelta(minutes=30) for p in challenge.prompts)
    assert "Act first" in two_ways.sees(BEN, reference)
    assert "*999*" in two_ways.sees(BEN, reference)
    assert "accept by" in two_ways.told(ELIF)

    reminder = two_ways.reminders(reference)[-1]
    await two_ways.person(ASHA).unreacts(two_ways.channel(reference).id, reminder.ts, "sos")
    await two_ways.settled()
    assert (await two_ways.challenge(reference)).urgent


async def test_a_raised_hand_brings_the_safeguarding_lead_of_ones_own_agency(one_way: Story):
    reference = await to_the_first_reminder(one_way)
    await one_way.reacts(BEN, reference, "raising_hand")

    assert "Ben Osei (Children's Social Care) would like support" in one_way.told(HUGO)
    assert ASKED["ask"] not in one_way.told(HUGO)
    assert "was passed on" in one_way.told(BEN)
    assert reference not in one_way.told(GRACE)
    assert (await one_way.kinds(reference)).count(Happened.SUPPORT_ASKED) == 1


async def test_a_reaction_to_a_word_of_ours_not_yet_placed_is_asked_for_again(one_way: Story):
    """A bug, mended: the bot was killed between posting a reminder and noting where it stands."""
    reference = await one_way.raises()
    casework, ours = one_way.bot.casework, one_way.sandbox.bot_user_id
    channel = one_way.channel(reference).id
    event = {
        "user": BEN,
        "reaction": "eyes",
        "item": {"channel": channel, "ts": "1790000000.000100"},
        "item_user": ours,
        "event_ts": "1790000002.000100",
    }
    context = AsyncBoltContext({"bot_user_id": ours})

    with pytest.raises(NotPlacedYet):
        await added(event, casework, casework.hearing("Ev1"), context)

    await added(event | {"item_user": ASHA}, casework, casework.hearing("Ev2"), context)
    await added(event | {"event_ts": "1790009000.0"}, casework, casework.hearing("Ev3"), context)
    assert (await one_way.kinds(reference)).count(Happened.SEEN) == 0


@pytest.mark.parametrize(
    "reaction",
    ["white_check_mark", "eyes", "hourglass_flowing_sand", "arrow_up", "sos", "raising_hand"],
)
async def test_a_bystanders_reaction_does_nothing_but_go_on_record(one_way: Story, reaction: str):
    reference = await to_the_first_reminder(one_way)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    await one_way.settled()
    before = await one_way.challenge(reference)

    await one_way.reacts(LENA, reference, reaction)

    after = await one_way.challenge(reference)
    assert after == before
    assert not one_way.person(LENA).ephemerals
    assert (await one_way.kinds(reference)).count(Happened.REACTED) == 1


async def test_a_reaction_to_an_older_reminder_counts_as_well(one_way: Story):
    reference = await raised_and_agreed_until_tuesday(one_way)
    await to_reminder(one_way, reference, 2)
    first = one_way.reminders(reference)[0]

    await one_way.reacts(BEN, reference, "eyes", first.ts)
    assert "Seen and being worked on: Ben Osei" in one_way.card(reference).words


async def test_a_reaction_to_anything_but_a_reminder_is_only_on_record(one_way: Story):
    reference = await one_way.raises()
    ts = await one_way.says(ASHA, reference, "Could we talk?")
    await one_way.reacts(BEN, reference, "sos", ts)
    await one_way.reacts(BEN, reference, "arrow_up", one_way.card(reference).ts)

    challenge = await one_way.challenge(reference)
    assert not challenge.urgent
    assert not one_way.person(BEN).ephemerals
    kinds = await one_way.kinds(reference)
    assert kinds.count(Happened.REACTED) == 2
    assert Happened.RISK_DECLARED not in kinds


async def test_other_reactions_to_a_reminder_are_only_on_record(one_way: Story):
    reference = await to_the_first_reminder(one_way)
    await one_way.reacts(BEN, reference, "heart")

    assert (await one_way.kinds(reference))[-1] is Happened.REACTED
    assert not one_way.person(BEN).ephemerals


async def test_a_reaction_after_the_end_changes_nothing(one_way: Story):
    reference = await to_the_first_reminder(one_way)
    await one_way.settles(reference)
    await one_way.reacts(BEN, reference, "sos")

    challenge = await one_way.challenge(reference)
    assert challenge.status is Status.SETTLED
    assert not challenge.urgent
