"""The person first: what keeps them safe meanwhile, and what they themselves say."""

from datetime import UTC, datetime, timedelta

from challenge.model import Happened, Heard
from tests.journeys.story import ASHA, BEN, JOAN, Story

FRIDAY_FIVE = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
LINE = {
    "What keeps the person safe while you disagree?": "The school sees him each morning.",
    "Who does it?": "The safeguarding lead",
    "Until which day?": "2026-03-05",
}


async def test_without_a_standing_line_the_card_is_amber_and_the_first_reminder_asks_for_it_first(
    two_ways: Story,
):
    reference = await two_ways.raises(meanwhile="", keeper="", until="")
    assert "Amber: nobody has said yet" in two_ways.card(reference).words

    await two_ways.until(FRIDAY_FIVE - timedelta(hours=7))
    [reminder, *_] = two_ways.reminders(reference)
    assert reminder.words.startswith(":large_orange_circle: *First of all:*")
    assert "First of all: nobody has said yet" in reminder.text

    await two_ways.opens(BEN, reference, "Say what keeps them safe")
    assert await two_ways.answers(BEN, **LINE | {"Until which day?": "2026-03-06"}) is None

    card = two_ways.card(reference)
    assert "The school sees him each morning." in card.words
    assert "Amber" not in card.words
    [asked, *_] = two_ways.reminders(reference)
    assert asked.buttons == []
    assert "First of all" not in asked.words
    assert "What keeps the person safe was said since." in asked.words
    await two_ways.until(FRIDAY_FIVE - timedelta(seconds=1))
    assert "Amber" not in two_ways.card(reference).words


async def test_when_its_day_is_over_the_card_turns_amber_and_either_side_renews_it(
    one_way: Story,
):
    reference = await one_way.raises(meanwhile="", keeper="", until="")
    await one_way.opens(ASHA, reference, "Say what keeps them safe")
    assert await one_way.answers(ASHA, **LINE) is None

    await one_way.until(datetime(2026, 3, 5, 17, 0, 1, tzinfo=UTC))

    assert "Amber: the day until which" in one_way.card(reference).words
    assert Happened.MEANWHILE_PASSED in await one_way.kinds(reference)
    mentioned = f"<@{ASHA}> <@{BEN}>: {reference}. Amber: the day until which"
    assert mentioned in one_way.sees(BEN, reference)
    await one_way.opens(BEN, reference, "Renew or change it")
    assert await one_way.answers(BEN, **LINE | {"Until which day?": "2026-03-12"}) is None
    assert "Amber" not in one_way.card(reference).words
    asked = one_way.seen(BEN, one_way.channel(reference).id)
    [over] = [m for m in asked if "It was renewed." in m.words]
    assert over.buttons == []


async def test_a_line_half_said_is_refused_beside_its_field(one_way: Story):
    reference = await one_way.raises(meanwhile="", keeper="", until="")
    await one_way.opens(ASHA, reference, "Say what keeps them safe")
    still = await one_way.answers(ASHA, **LINE | {"Until which day?": "2026-03-04"})

    assert "today or later" in still.errors["until"]


async def test_what_the_child_said_stands_on_the_card_from_the_first_form(one_way: Story):
    reference = await one_way.raises(
        heard=Heard.SAID.value, said="I hide when he shouts.", asked_by="The school nurse"
    )

    shown = one_way.card(reference).words
    assert "I hide when he shouts." in shown
    assert "The school nurse" in shown


async def test_either_side_adds_the_voice_and_not_safe_to_ask_is_an_answer(one_way: Story):
    reference = await one_way.raises()
    assert "nobody has said yet" in one_way.card(reference).words

    await one_way.opens(BEN, reference, "Add what they say")
    still = await one_way.answers(BEN, heard=Heard.SAID.value)
    assert "what they have said or shown" in still.errors["said"]
    assert await one_way.answers(BEN, heard=Heard.NOT_SAFE.value) is None

    assert "not safe to ask" in one_way.card(reference).words
    [voice] = (await one_way.challenge(reference)).voices
    assert (voice.heard, voice.by) == (Heard.NOT_SAFE, BEN)


async def test_the_first_clock_starts_when_the_challenged_person_is_reached(two_ways: Story):
    """Slack would not let them in at first; a colleague brings them in the next morning."""
    two_ways.sandbox.faults.add("conversations.invite", "answer", error="cant_invite", after=1)
    reference = await two_ways.raises()
    before = await two_ways.challenge(reference)
    assert (before.delivered_at, before.due) == (None, FRIDAY_FIVE)
    assert "could not be brought into" in two_ways.told(JOAN)

    await two_ways.passes(hours=23)
    await two_ways.person(ASHA).invites(two_ways.channel(reference).id, BEN)
    await two_ways.settled()

    after = await two_ways.challenge(reference)
    assert after.delivered_at is not None
    assert after.due == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
    assert "Monday 9 March 2026 at 17:00" in two_ways.card(reference).words
    assert (await two_ways.kinds(reference)).count(Happened.DELIVERED) == 1


async def test_being_reached_is_on_record_once_whichever_way_slack_says_it(one_way: Story):
    reference = await one_way.raises()

    challenge = await one_way.challenge(reference)
    assert challenge.delivered_at is not None
    assert challenge.due == FRIDAY_FIVE
    assert (await one_way.kinds(reference)).count(Happened.DELIVERED) == 1
