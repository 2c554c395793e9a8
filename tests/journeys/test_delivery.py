"""The line to Slack is bad, slow, or says things twice: the same story, each word once."""

import asyncio
from collections import Counter

import pytest

from challenge.model import Happened, Status
from tests.journeys.story import ASHA, BEN, CARA, ELIF, Story

SENT_BY_THE_COURIER = (
    "chat.postMessage",
    "chat.update",
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "pins.add",
    "conversations.archive",
)
KINDS = ["ratelimited", "error", "drop_before", "drop_after", "slow"]


async def tell(story: Story) -> str:
    """The main story, from raise to archived."""
    reference = await story.raises()
    await story.says(ASHA, reference, "Could we talk today?")
    await story.says(BEN, reference, "Yes, at two.")
    await story.asks_for_more(ASHA, reference, "No answer yet.")
    await story.accepts(ELIF, reference)
    await story.accepts(CARA, reference)
    await story.proposes_settlement(ELIF, reference)
    await story.presses(ASHA, reference, "Confirm it is settled")
    await story.passes(days=9)
    return reference


def assert_told_once(story: Story, reference: str) -> None:
    """Each of our messages is there once, by its key, and nothing was lost on the way."""
    channels = [*story.sandbox.channels()]
    keys = Counter(
        message.metadata["event_payload"]["key"]
        for channel in channels
        for message in channel.messages
        if message.metadata and "key" in message.metadata.get("event_payload", {})
    )
    assert keys
    assert set(keys.values()) == {1}, keys
    ours = [c for c in channels if reference.lower() in c.name]
    assert len(ours) == 1
    words = story.sees(BEN, reference)
    for once in (
        f"<@{ELIF}>: {reference} needs",
        f"<@{CARA}>: {reference} needs",
        "Elif Kaya (Children's Social Care) accepted the escalation",
        "Cara Jones (Hollybush School) accepted the escalation",
        f"proposes that {reference} is settled",
        f"{reference} is settled. Thank you both",
    ):
        assert once in words or once.startswith("<@")
    for who in (ASHA, BEN):
        assert story.told(who).count("Its record is closed and kept.") == 1
        assert story.told(who).count(f"{reference} is now at stage 2") == 1
    assert story.told(ELIF).count("needs you at stage 2") <= 1


async def assert_recorded_once(story: Story, reference: str) -> None:
    kinds = Counter(await story.kinds(reference))
    assert kinds[Happened.SAID] == 2
    assert kinds[Happened.ACCEPTED] == 2
    for kind in (
        Happened.RAISED,
        Happened.SPACE_OPENED,
        Happened.ESCALATED,
        Happened.SETTLEMENT_PROPOSED,
        Happened.SETTLED,
        Happened.SPACE_ARCHIVED,
    ):
        assert kinds[kind] == 1, kind
    assert kinds[Happened.UNDELIVERED] == 0
    assert await story.bot.files.first_break() is None


@pytest.mark.parametrize("kind", KINDS)
async def test_the_story_is_the_same_when_slack_fails_on_every_method(one_way: Story, kind: str):
    one_way.stormy = True
    for method in SENT_BY_THE_COURIER:
        one_way.sandbox.faults.add(method, kind, times=1, seconds=0.3)
    reference = await tell(one_way)

    assert all(fault.struck for fault in one_way.sandbox.faults.ordered)
    assert_told_once(one_way, reference)
    await assert_recorded_once(one_way, reference)
    assert one_way.channel(reference).archived


async def test_the_story_is_the_same_in_all_weathers_at_once(each_database: Story):
    each_database.stormy = True
    for method in SENT_BY_THE_COURIER:
        for kind in ("error", "drop_before", "drop_after"):
            each_database.sandbox.faults.add(method, kind, times=3, probability=0.25)
    reference = await tell(each_database)

    assert_told_once(each_database, reference)
    await assert_recorded_once(each_database, reference)


async def test_the_story_is_the_same_when_every_event_comes_four_times(story: Story):
    story.sandbox.faults.duplicate(copies=3)
    reference = await tell(story)

    assert_told_once(story, reference)
    await assert_recorded_once(story, reference)


async def test_the_story_is_the_same_when_acknowledgements_are_lost(two_ways: Story):
    """What Slack did not hear it says again: each is once on record."""
    reference = await two_ways.raises()
    channel = two_ways.channel(reference).id
    two_ways.sandbox.faults.lose_acks(2)
    ts = await two_ways.says(ASHA, reference, "Could we talk?")
    two_ways.sandbox.faults.lose_acks(2)
    await two_ways.person(ASHA).edits(channel, ts, "Could we talk at two?")
    two_ways.sandbox.faults.lose_acks(2)
    await two_ways.person(BEN).reacts(channel, ts, "eyes")
    await two_ways.settled()

    kinds = Counter(await two_ways.kinds(reference))
    assert (kinds[Happened.SAID], kinds[Happened.EDITED], kinds[Happened.REACTED]) == (1, 1, 1)


async def test_events_that_arrive_backwards_are_all_on_record_once(two_ways: Story):
    """An edit before its message, a deletion before its edit."""
    reference = await two_ways.raises()
    channel = two_ways.channel(reference).id
    two_ways.sandbox.faults.reorder(3)
    ts = await two_ways.says(ASHA, reference, "First.")
    await two_ways.person(ASHA).edits(channel, ts, "Second.")
    await two_ways.person(ASHA).deletes(channel, ts)
    await two_ways.settled()

    entries = [r.entry for r in await two_ways.record(reference) if r.entry.message == ts]
    assert {e.kind for e in entries} == {Happened.SAID, Happened.EDITED, Happened.DELETED}
    in_order = sorted(entries, key=lambda e: e.said)
    assert [(e.kind, e.words["Message"]) for e in in_order] == [
        (Happened.SAID, "First."),
        (Happened.EDITED, "Second."),
        (Happened.DELETED, "Second."),
    ]


async def test_a_reaction_that_arrives_before_its_taking_back_ends_as_it_was_meant(one_way: Story):
    reference = await one_way.raises()
    ts = await one_way.says(ASHA, reference, "Thank you.")
    one_way.sandbox.faults.reorder(2)
    await one_way.person(BEN).reacts(one_way.channel(reference).id, ts, "heart")
    await one_way.person(BEN).unreacts(one_way.channel(reference).id, ts, "heart")
    await one_way.settled()

    kinds = Counter(await one_way.kinds(reference))
    assert (kinds[Happened.REACTED], kinds[Happened.UNREACTED]) == (1, 1)


# The socket


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_asking_for_another_socket_loses_nothing(one_way: Story, reason: str):
    reference = await one_way.raises()
    words = [f"Word {n}" for n in range(6)]
    again = asyncio.create_task(one_way.sandbox.reconnected(timeout=30))
    for word in words[:3]:
        await one_way.says(ASHA, reference, word)
    await one_way.sandbox.disconnect_sockets(reason)
    await asyncio.gather(*(one_way.says(BEN, reference, word) for word in words[3:]))
    await again
    await one_way.settled()

    said = [
        r.entry.words["Message"]
        for r in await one_way.record(reference)
        if r.entry.kind is Happened.SAID
    ]
    assert sorted(said) == words


@pytest.mark.slow
async def test_a_socket_cut_in_the_middle_is_opened_again_and_loses_nothing(one_way: Story):
    reference = await one_way.raises()
    again = asyncio.create_task(one_way.sandbox.reconnected(timeout=40))
    await one_way.says(ASHA, reference, "Before.")
    one_way.sandbox.drop_sockets()
    await one_way.says(ASHA, reference, "In between.")
    await again
    await one_way.says(ASHA, reference, "After.")
    await one_way.settled()

    said = [
        r.entry.words["Message"]
        for r in await one_way.record(reference)
        if r.entry.kind is Happened.SAID
    ]
    assert sorted(said) == ["After.", "Before.", "In between."]


# What answers a click


@pytest.mark.parametrize("kind", ["error", "drop_before", "ratelimited"])
async def test_a_form_that_did_not_open_is_apologised_for_and_opens_when_pressed_again(
    one_way: Story, kind: str
):
    reference = await one_way.raises()
    one_way.sandbox.faults.add("views.open", kind)
    await one_way.presses(ASHA, reference, "Ask for the next stage")
    assert "press" in one_way.refused(ASHA) or "try again" in one_way.refused(ASHA)

    await one_way.asks_for_more(ASHA, reference)
    assert (await one_way.challenge(reference)).status is Status.OFFERED


async def test_a_command_whose_form_did_not_open_says_so(one_way: Story):
    one_way.sandbox.faults.add("views.open", "error")
    said = await one_way.types(ASHA, "")

    assert "something went wrong on our side" in said
    await one_way.raises()


async def test_what_a_person_does_while_slack_is_slow_is_answered_in_three_seconds(
    one_way: Story,
):
    reference = await one_way.raises()
    one_way.sandbox.faults.add("chat.postMessage", "slow", times=None, seconds=1.5)
    one_way.sandbox.faults.add("chat.update", "slow", times=None, seconds=1.5)
    await one_way.opens(ASHA, reference, "Ask for the next stage")
    await one_way.person(ASHA).fills({"because": "It cannot wait.", "danger": "No"})
    delivery = await one_way.person(ASHA).submits()

    assert delivery.acked
    assert delivery.seconds < 1.5
    one_way.sandbox.faults.clear()
    await one_way.settled()


async def test_slack_is_not_asked_again_before_its_retry_after(one_way: Story):
    reference = await one_way.raises()
    fault = one_way.sandbox.faults.add("chat.postMessage", "ratelimited", retry_after=2)
    await one_way.asks_for_more(ASHA, reference)

    assert fault.struck == 1
    calls = [r for r in one_way.sandbox.wire if r.method == "chat.postMessage"]
    limited = next(r for r in calls if r.refused == "ratelimited")
    # What was on its way already, in another lane, could not know.
    assert not [r for r in calls if 0.5 < r.at - limited.at < 1.9]
    assert [r for r in calls if r.at - limited.at >= 1.9]
