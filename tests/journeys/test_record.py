"""The discussion is the record: every message, every version, to the letter."""

import pytest

from challenge.model import Happened
from tests.journeys.story import ASHA, BEN, LENA, Story

HARD_TO_KEEP = [
    "Grüße 🎉 👩🏽‍⚕️ :smile: naïve “quotes” — dash",
    "*bold* _italic_ ~struck~ `code` &amp; &lt;not a tag&gt; > quote",
    f"<@{BEN}> please see <https://example.org/a?b=1&amp;c=2|this> and <!here>",
    "  leading, trailing and\n\n\tmany lines  ",
    "\u202eright to left\u202c and zero\u200bwidth",
    "if a < b & c > d: see https://example.org/a?b=1&c=2, or mail&more",
    "x" * 12_000,
]


async def said(story: Story, reference: str, *kinds: Happened) -> list[tuple[str, str, str]]:
    """Kind, author and text of what was said, in the order in which it was put on record."""
    wanted = kinds or (Happened.SAID, Happened.EDITED, Happened.DELETED, Happened.SHARED)
    return [
        (r.entry.kind.value, str(r.entry.by), r.entry.words.get("Message", ""))
        for r in await story.record(reference)
        if r.entry.kind in wanted
    ]


async def test_every_version_of_a_message_is_kept_with_author_and_time(two_ways: Story):
    reference = await two_ways.raises()
    channel = two_ways.channel(reference).id
    ts = await two_ways.says(ASHA, reference, "No visit was made.")
    await two_ways.person(ASHA).edits(channel, ts, "No visit was made on Monday.")
    await two_ways.person(ASHA).edits(channel, ts, "No visit was made on Tuesday.")
    await two_ways.person(ASHA).deletes(channel, ts)
    await two_ways.settled()

    assert await said(two_ways, reference) == [
        ("message", ASHA, "No visit was made."),
        ("message edited", ASHA, "No visit was made on Monday."),
        ("message edited", ASHA, "No visit was made on Tuesday."),
        ("message deleted", ASHA, "No visit was made on Tuesday."),
    ]
    entries = [r.entry for r in await two_ways.record(reference) if r.entry.message == ts]
    times = [e.said for e in entries]
    assert all(times)
    assert times == sorted(times)
    assert f"{times[0].timestamp():.6f}"[:14] == ts[:14]


async def test_a_reply_is_on_record_with_the_thread_it_belongs_to(one_way: Story):
    reference = await one_way.raises()
    ts = await one_way.says(ASHA, reference, "Could we talk?")
    reply = await one_way.says(BEN, reference, "At two.", thread_ts=ts)
    await one_way.settled()

    [first, second] = [
        r.entry for r in await one_way.record(reference) if r.entry.kind is Happened.SAID
    ]
    assert (first.message, second.message) == (ts, reply)
    assert "Thread" not in first.words
    assert second.words["Thread"] == ts


@pytest.mark.parametrize(
    "text", HARD_TO_KEEP, ids=["emoji", "mrkdwn", "mentions", "spaces", "marks", "signs", "long"]
)
async def test_what_people_write_is_kept_to_the_letter(one_way: Story, text: str):
    reference = await one_way.raises()
    await one_way.says(ASHA, reference, text)
    await one_way.settled()

    assert await said(one_way, reference) == [("message", ASHA, text)]


async def test_a_file_is_on_record_by_name_with_the_words_beside_it(one_way: Story):
    reference = await one_way.raises()
    channel = one_way.channel(reference).id
    await one_way.person(BEN).uploads(channel, "chronology.pdf", size=2048, text="As promised.")
    await one_way.settled()

    [entry] = [r.entry for r in await one_way.record(reference) if r.entry.kind is Happened.SHARED]
    assert entry.by == BEN
    assert entry.words["Message"] == "As promised."
    assert "chronology.pdf" in entry.words["File 1"]
    assert len(await said(one_way, reference)) == 1


async def test_a_reaction_and_its_taking_back_are_on_record(one_way: Story):
    reference = await one_way.raises()
    ts = await one_way.says(ASHA, reference, "Thank you.")
    await one_way.reacts(BEN, reference, "heart", ts)
    await one_way.person(BEN).unreacts(one_way.channel(reference).id, ts, "heart")
    await one_way.settled()

    happened = [
        (r.entry.kind, r.entry.by, r.entry.words)
        for r in await one_way.record(reference)
        if r.entry.kind in (Happened.REACTED, Happened.UNREACTED)
    ]
    words = {"Reaction": "heart", "On": ts}
    assert happened == [(Happened.REACTED, BEN, words), (Happened.UNREACTED, BEN, words)]


async def test_a_link_that_slack_unfurls_adds_no_version(one_way: Story):
    reference = await one_way.raises()
    channel = one_way.channel(reference)
    ts = await one_way.says(ASHA, reference, "See https://example.org.")
    message = channel.find(ts)
    unfurled = message.raw | {"attachments": [{"title": "Example", "from_url": "https://e.org"}]}
    one_way.sandbox.world.workspace.change(channel, message, unfurled)
    await one_way.settled()

    assert await said(one_way, reference) == [("message", ASHA, "See https://example.org.")]


async def test_the_head_of_a_thread_is_on_record_as_deleted_with_its_words(one_way: Story):
    """Slack leaves a tombstone there and calls it a change."""
    reference = await one_way.raises()
    ts = await one_way.says(ASHA, reference, "He was seen with bruises.")
    await one_way.says(BEN, reference, "When?", thread_ts=ts)
    await one_way.person(ASHA).deletes(one_way.channel(reference).id, ts)
    await one_way.settled()

    assert (await said(one_way, reference))[-1] == (
        "message deleted",
        ASHA,
        "He was seen with bruises.",
    )


async def test_what_the_bot_posts_is_not_recorded_as_something_said(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(BEN, reference)

    assert await said(one_way, reference) == []


async def test_what_is_written_elsewhere_is_not_recorded(one_way: Story):
    reference = await one_way.raises()
    before = await one_way.kinds(reference)
    room = await one_way.person(ASHA).creates("challenge-pc-2026-0099")
    await one_way.person(ASHA).invites(room.id, one_way.sandbox.bot_user_id, BEN)
    ts = await one_way.person(ASHA).says(room.id, "Between us.")
    await one_way.person(BEN).reacts(room.id, ts, "eyes")
    await one_way.settled()

    assert await one_way.kinds(reference) == before


async def test_who_joins_and_who_leaves_is_on_record(one_way: Story):
    reference = await one_way.raises()
    channel = one_way.channel(reference).id
    await one_way.person(ASHA).invites(channel, LENA)
    await one_way.person(LENA).leaves(channel)
    await one_way.settled()

    record = await one_way.record(reference)
    assert [r.entry.by for r in record if r.entry.kind is Happened.JOINED][-1] == LENA
    assert [r.entry.by for r in record if r.entry.kind is Happened.LEFT] == [LENA]


async def test_words_after_settling_are_on_record_until_the_channel_is_archived(one_way: Story):
    reference = await one_way.raises()
    await one_way.settles(reference)
    await one_way.says(ASHA, reference, "One more thing.")
    await one_way.settled()

    assert await said(one_way, reference) == [("message", ASHA, "One more thing.")]


async def test_a_member_who_is_not_on_the_challenge_is_on_record_with_what_they_say(
    one_way: Story,
):
    reference = await one_way.raises()
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    await one_way.says(LENA, reference, "I was there as well.")
    await one_way.settled()

    assert await said(one_way, reference) == [("message", LENA, "I was there as well.")]


async def test_the_chain_of_the_record_holds(two_ways: Story):
    reference = await two_ways.raises()
    ts = await two_ways.says(ASHA, reference, "No visit was made.")
    await two_ways.person(ASHA).edits(two_ways.channel(reference).id, ts, "No visit was made yet.")
    await two_ways.settles(reference)

    assert await two_ways.bot.files.first_break() is None
