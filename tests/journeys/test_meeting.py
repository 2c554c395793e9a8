"""The inter-agency meeting, told in the sandbox: who attends, when, its minutes, or none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from challenge.model import Happened, Status
from tests.journeys.story import (
    ASHA,
    BEN,
    CARA,
    ELIF,
    GRACE,
    HUGO,
    IMANI,
    LENA,
    MO,
    OLU,
    THURSDAY_TEN,
    Story,
)

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
PLACE = "Room 2, Town Hall"


async def reach_the_meeting(story: Story) -> str:
    """Both sides' managers, then both safeguarding leads, took it on."""
    reference = await story.raises()
    for pair in ((CARA, ELIF), (GRACE, HUGO)):
        await story.asks_for_more(ASHA, reference)
        for who in pair:
            await story.accepts(who, reference)
    assert (await story.challenge(reference)).stage == 3
    return reference


async def in_the_window(story: Story, who: str, reference: str, label: str) -> Any:
    """Presses a button in the meeting's window; answers the form that it opens."""
    await story.opens(who, reference, "The meeting")
    await story.person(who).presses(label)
    await story.settled()
    return story.person(who).view


async def offer(story: Story, who: str, reference: str, *times: datetime) -> None:
    await in_the_window(story, who, reference, "Offer times")
    named = zip(("First time", "Second time", "Third time"), times, strict=False)
    await story.person(who).fills({label: int(at.timestamp()) for label, at in named})
    assert await story.answers(who, **{"Where, or the link": PLACE}) is None


async def can_make(story: Story, who: str, reference: str, *times: datetime) -> None:
    await story.opens(who, reference, "Say which times you can make")
    ticked = [str(int(at.timestamp())) for at in times]
    assert await story.answers(who, **{"Which times can you make?": ticked}) is None


def files(story: Story, reference: str) -> list[Any]:
    """The calendar files in the channel, oldest first, as a calendar reads them."""
    channel = story.channel(reference).id
    sent = [f for m in story.seen(ASHA, channel) for f in m.files if f["name"].endswith(".ics")]
    kept = story.sandbox.world.workspace.file_contents
    return [Calendar.from_ical(kept[file["id"]]) for file in sent]


async def test_a_meeting_from_who_attends_to_its_minutes(each_database: Story):
    story = each_database
    reference = await reach_the_meeting(story)

    await in_the_window(story, GRACE, reference, "Who should attend")
    assert await story.answers(GRACE, **{"Who else should attend?": [MO]}) is None
    assert story.seen(MO, story.channel(reference).id) == []
    assert f"<@{BEN}> <@{HUGO}>: Grace Lim" in story.sees(BEN, reference)
    await story.presses(BEN, reference, "Agree that they attend")
    assert "Mo Hussein" in story.sees(MO, reference)
    assert "would like you at their meeting" in story.told(MO)

    await offer(story, HUGO, reference, TUESDAY, WEDNESDAY)
    assert "Tuesday 10 March 2026 at 14:00" in story.sees(ASHA, reference)
    for who in (ASHA, BEN, GRACE, HUGO):
        await can_make(story, who, reference, TUESDAY, WEDNESDAY)
    await can_make(story, MO, reference, WEDNESDAY)

    meeting = (await story.challenge(reference)).meeting
    assert meeting.fixed == WEDNESDAY
    assert f"The meeting about {reference} is on Wednesday 11 March 2026 at 10:00" in story.sees(
        ASHA, reference
    )
    await story.until(WEDNESDAY - timedelta(hours=1))
    assert "We are here for the child or adult" in story.sees(BEN, reference)
    for who in (ASHA, BEN, GRACE, HUGO, MO):
        assert f"The meeting about {reference} begins" in story.told(who)
        assert PLACE not in story.told(who)

    await story.until(WEDNESDAY + timedelta(hours=2))
    await in_the_window(story, GRACE, reference, "Record the minutes")
    view = await story.answers(GRACE, **{"Discussion": "We heard both sides.", "Next steps": " "})
    assert "Please fill this in" in view.errors["next_steps"]
    minutes = {"Agreed outcomes and actions": "Ben visits by Friday.", "Next steps": "Ben rings."}
    assert await story.answers(GRACE, **minutes) is None
    for text in ("We heard both sides.", "Ben visits by Friday.", "Ben rings."):
        assert text in story.sees(ASHA, reference)
    kinds = await story.kinds(reference)
    assert kinds.count(Happened.MINUTES) == 1
    assert f"recorded the minutes of the meeting about {reference}" in story.told(IMANI)
    assert "We heard both sides." not in story.told(IMANI)

    view = await story.opens(ASHA, reference, "Propose how it is settled")
    assert "Ben visits by Friday." in str(view.blocks)


async def test_the_calendar_file_holds_the_reference_the_time_and_the_place_and_nothing_else(
    one_way: Story,
):
    reference = await reach_the_meeting(one_way)
    await offer(one_way, HUGO, reference, TUESDAY, WEDNESDAY)
    for who in (ASHA, BEN):
        await can_make(one_way, who, reference, TUESDAY)
    await fixes(one_way, ASHA, reference, TUESDAY)

    [file] = files(one_way, reference)
    [event] = file.walk("VEVENT")
    assert event.start == TUESDAY
    assert event.end == TUESDAY + timedelta(hours=1)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (f"Meeting about {reference}", PLACE)
    text = file.to_ical().decode()
    for word in ("bruises", "LIQ", "referral", "Asha", "Ben", "ATTENDEE"):
        assert word not in text
    assert Happened.SHARED not in await one_way.kinds(reference)


async def test_a_meeting_that_moves_updates_the_calendar_and_one_that_is_off_leaves_it(
    one_way: Story,
):
    reference = await reach_the_meeting(one_way)
    await offer(one_way, HUGO, reference, TUESDAY, WEDNESDAY)
    for who in (ASHA, BEN):
        await can_make(one_way, who, reference, TUESDAY)
    await fixes(one_way, ASHA, reference, TUESDAY)
    await in_the_window(one_way, ASHA, reference, "Offer other times")
    await one_way.person(ASHA).fills(
        {"First time": int(WEDNESDAY.timestamp()), "Second time": int(THURSDAY.timestamp())}
    )
    assert await one_way.answers(ASHA, **{"Where, or the link": "Online"}) is None
    for who in (ASHA, BEN):
        await can_make(one_way, who, reference, THURSDAY)
    await fixes(one_way, BEN, reference, THURSDAY)

    first, second = (file.walk("VEVENT")[0] for file in files(one_way, reference))
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second.start == THURSDAY
    await one_way.opens(ASHA, reference, "Withdraw this challenge")
    assert await one_way.answers(ASHA, because="The family has moved away.") is None

    cancelled = files(one_way, reference)[-1]
    [event] = cancelled.walk("VEVENT")
    assert (cancelled["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"], event.start) == (first["UID"], 2, THURSDAY)
    assert "on Thursday 12 March 2026 at 11:00 is cancelled" in one_way.sees(BEN, reference)
    assert len(files(one_way, reference)) == 3


async def fixes(story: Story, who: str, reference: str, at: datetime) -> None:
    await in_the_window(story, who, reference, "Fix the time")
    assert await story.answers(who, **{"Which time?": str(int(at.timestamp()))}) is None


async def test_a_file_whose_yes_was_lost_is_in_the_channel_once(one_way: Story):
    reference = await reach_the_meeting(one_way)
    await offer(one_way, HUGO, reference, TUESDAY, WEDNESDAY)
    for who in (ASHA, BEN):
        await can_make(one_way, who, reference, TUESDAY)
    one_way.sandbox.faults.add("files.completeUploadExternal", "drop_after")
    one_way.stormy = True
    await fixes(one_way, ASHA, reference, TUESDAY)

    assert len(files(one_way, reference)) == 1


@pytest.mark.parametrize(
    "times", [(THURSDAY_TEN, TUESDAY), (TUESDAY, datetime(2026, 3, 30, 10, 0, tzinfo=UTC))]
)
async def test_a_time_in_the_past_or_beyond_the_stage_is_refused_where_it_stands(
    one_way: Story, times: tuple[datetime, ...]
):
    reference = await reach_the_meeting(one_way)
    await in_the_window(one_way, HUGO, reference, "Offer times")
    await one_way.person(HUGO).fills(
        {"First time": int(times[0].timestamp()), "Second time": int(times[1].timestamp())}
    )
    view = await one_way.answers(HUGO, **{"Where, or the link": PLACE})

    assert "no later than" in view.errors["first"]
    assert (await one_way.challenge(reference)).meeting is None


async def test_no_meeting_needs_a_second_opinion_and_then_the_next_stage_is_offered(
    two_ways: Story,
):
    story = two_ways
    reference = await reach_the_meeting(story)
    await in_the_window(story, GRACE, reference, "A meeting is not appropriate")
    assert await story.answers(GRACE, because="Both have met already.") is None

    assert (await story.challenge(reference)).status is Status.OPEN
    assert "Both have met already." in story.sees(BEN, reference)
    for who in (HUGO, IMANI):
        assert "You are asked for a second opinion" in story.told(who)
        assert "Both have met already." not in story.told(who)
    await story.presses(GRACE, reference, "I agree: no meeting")
    assert "those who were asked" in story.refused(GRACE)

    asked = await story.opens(HUGO, reference, "I agree: no meeting")
    assert "Both have met already." in str(asked.words)
    said = {"because": "Nothing new would be said.", "danger": "No"}
    assert await story.answers(HUGO, **said) is None
    challenge = await story.challenge(reference)
    assert challenge.status is Status.OFFERED
    assert challenge.procedure.is_top(challenge.offered)


async def test_the_business_unit_may_say_that_the_meeting_is_needed(one_way: Story):
    reference = await reach_the_meeting(one_way)
    await in_the_window(one_way, GRACE, reference, "A meeting is not appropriate")
    await one_way.answers(GRACE, because="Both have met already.")

    await one_way.opens(IMANI, reference, "The meeting is needed")
    assert await one_way.answers(IMANI, because="Health was not there.") is None

    assert "Health was not there." in one_way.sees(GRACE, reference)
    view = await one_way.opens(GRACE, reference, "The meeting")
    assert "A meeting is not appropriate" not in str(view.blocks)
    kinds = await one_way.kinds(reference)
    assert Happened.MEETING_NEEDED in kinds


async def test_a_bystander_arranges_nothing_and_sees_no_window(one_way: Story):
    reference = await reach_the_meeting(one_way)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    await one_way.presses(LENA, reference, "The meeting")

    assert "There is nothing here that you can open" in one_way.refused(LENA)
    assert one_way.person(LENA).view is None


async def test_somebody_whom_slack_will_not_let_in_is_reported_and_the_meeting_goes_on(
    one_way: Story,
):
    reference = await reach_the_meeting(one_way)
    await in_the_window(one_way, GRACE, reference, "Who should attend")
    assert await one_way.answers(GRACE, **{"Who else should attend?": [OLU]}) is None
    one_way.forgives("posted_to_deactivated")
    await one_way.presses(HUGO, reference, "Agree that they attend")

    challenge = await one_way.challenge(reference)
    assert [u.person for u in challenge.unreached] == [OLU]
    await offer(one_way, HUGO, reference, TUESDAY, WEDNESDAY)
    assert (await one_way.challenge(reference)).meeting.people == (OLU,)
