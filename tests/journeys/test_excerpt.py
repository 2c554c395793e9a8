"""A message from elsewhere, copied into a record; and how one gets that record."""

from challenge.model import Happened
from tests.journeys.story import ASHA, BEN, GRACE, JOAN, LENA, Story

SAID = "She came in late again, and the coat was wet."


async def elsewhere(story: Story) -> tuple[str, str]:
    """A channel that is no challenge's, where Grace wrote something."""
    room = await story.person(ASHA).creates("school-team")
    await story.person(ASHA).invites(room.id, GRACE)
    return room.id, await story.person(GRACE).says(room.id, SAID)


async def test_a_message_from_elsewhere_goes_into_the_record_with_its_author_and_its_time(
    two_ways: Story,
):
    story = two_ways
    reference = await story.raises()
    channel, ts = await elsewhere(story)
    asha = story.person(ASHA)
    await asha.message_shortcut("excerpt.add", channel, ts)
    assert asha.view.title == "Add to a record"
    await asha.fill("Which challenge?", f"{reference}, stage 1")
    await asha.submits()
    await story.settled()

    assert asha.view is None
    [copied] = [r.entry for r in await story.record(reference) if r.entry.kind is Happened.COPIED]
    assert copied.by == ASHA
    assert f"written by <@{GRACE}> on" in copied.summary
    assert copied.words == {"Message": SAID}
    assert SAID in story.sees(BEN, reference)


async def test_what_identifies_somebody_is_pointed_out_and_a_changed_text_is_said_to_be(
    one_way: Story,
):
    reference = await one_way.raises()
    room = await one_way.person(ASHA).creates("school-team")
    ts = await one_way.person(ASHA).says(room.id, "Ring mother on 07700 900123.")
    asha = one_way.person(ASHA)
    await asha.message_shortcut("excerpt.add", room.id, ts)
    await asha.fill("Which challenge?", f"{reference}, stage 1")
    await asha.submits()
    assert "This looks like a phone number" in asha.view.words

    await asha.fill("The message", "Ring mother.")
    await asha.submits()
    await one_way.settled()
    [summary] = await one_way.summaries(reference, Happened.COPIED)
    assert "changed its words" in summary


async def test_the_challenges_own_channel_needs_no_copying(one_way: Story):
    reference = await one_way.raises()
    ts = await one_way.says(ASHA, reference, "Here.")
    await one_way.person(ASHA).message_shortcut("excerpt.add", one_way.channel(reference).id, ts)

    assert "in its record already" in one_way.person(ASHA).view.words


async def test_whoever_is_on_no_challenge_is_told_so(one_way: Story):
    await one_way.raises()
    room = await one_way.person(LENA).creates("police-team")
    ts = await one_way.person(LENA).says(room.id, SAID)
    await one_way.person(LENA).message_shortcut("excerpt.add", room.id, ts)

    assert "You are on no open challenge" in one_way.person(LENA).view.words


async def test_record_says_how_to_get_it_to_those_who_are_on_it_and_nothing_to_others(
    one_way: Story,
):
    reference = await one_way.raises()

    said = await one_way.types(BEN, f"record {reference}")
    assert f"Ask <@{JOAN}> for it" in said
    assert f"python -m bot record {reference}" in said
    assert "There is nothing here" in await one_way.types(LENA, f"record {reference}")
