"""Support: a talk before anything is raised, a supporter for each side, a look at one's words."""

import pytest

from challenge.model import Happened
from tests.journeys.story import (
    ANSWERS,
    ASHA,
    ASKED,
    BEN,
    CARA,
    ELIF,
    GRACE,
    HUGO,
    IMANI,
    JOAN,
    LENA,
    NIA,
    Story,
    labelled,
)
from tests.journeys.test_other_routes import rows

FIRST = "I would like support first"
SUPPORTER = "Who will support you?"


def between(story: Story, who: str) -> list[str]:
    """The ids of the conversations of several that somebody is in."""
    return [c.id for c in story.person(who).channels() if c.kind == "mpim"]


async def asks_for_support(story: Story, who: str = ASHA) -> None:
    await story.person(who).command("/challenge")
    await story.person(who).presses(FIRST)
    await story.settled()


# Support first


async def test_support_first_opens_a_conversation_with_ones_own_lead_and_nobody_else_hears(
    each_database: Story,
):
    story = each_database
    before = await rows(story)
    await asks_for_support(story)
    asha = story.person(ASHA)
    assert "Grace Lim" in asha.view.words
    assert "call 999 now" in asha.view.words
    assert between(story, GRACE) == []

    await asha.submits()
    await story.settled()

    [talk] = between(story, GRACE)
    assert between(story, ASHA) == [talk]
    assert set(story.sandbox.channel(talk).members) == {ASHA, GRACE, story.sandbox.bot_user_id}
    [said] = story.person(GRACE).messages(talk)
    assert "Asha Patel would like to talk with you, Grace Lim" in said.text
    assert "challenge" not in said.text.lower()
    assert "Your conversation with Grace Lim is open" in asha.view.words
    for other in (BEN, CARA, HUGO, IMANI, JOAN):
        assert story.told(other) == ""
    assert story.person(GRACE).direct_messages() == []
    assert await rows(story) == before


async def test_what_is_written_in_that_conversation_reaches_no_record(one_way: Story):
    await asks_for_support(one_way)
    await one_way.person(ASHA).submits()
    [talk] = between(one_way, ASHA)
    before = await rows(one_way)
    await one_way.person(GRACE).says(talk, "Ring me at two.")
    await one_way.settled()

    assert await rows(one_way) == before


async def test_after_the_talk_the_form_is_still_there(one_way: Story):
    await asks_for_support(one_way)
    asha = one_way.person(ASHA)
    await asha.submits()
    await asha.closes()

    assert asha.view.title == "Raise a challenge"


async def test_it_can_be_asked_for_from_the_app_home(one_way: Story):
    await one_way.looks_home(BEN)
    await one_way.person(BEN).presses(FIRST)
    assert "Hugo Brandt" in one_way.person(BEN).view.words
    await one_way.person(BEN).submits()
    await one_way.settled()

    assert between(one_way, HUGO) == between(one_way, BEN) != []


@pytest.mark.parametrize("who", [NIA, LENA])
async def test_whoever_has_nobody_yet_learns_whom_to_ask(one_way: Story, who: str):
    await asks_for_support(one_way, who)

    if who == NIA:
        assert JOAN in one_way.refused(who)
        assert "call 999 now" in one_way.refused(who)
    else:
        assert "Mo Hussein" in one_way.person(who).view.words


# A supporter


async def brings(story: Story, who: str, reference: str, supporter: str) -> object:
    await story.opens(who, reference, "Bring in a supporter")
    await story.person(who).fill(SUPPORTER, supporter)
    await story.person(who).submits()
    await story.settled()
    return story.person(who).view


async def test_each_side_brings_a_supporter_who_reads_writes_and_decides_nothing(two_ways: Story):
    story = two_ways
    reference = await story.raises()
    assert await brings(story, ASHA, reference, GRACE) is None

    assert GRACE in story.channel(reference).members
    assert reference in story.told(GRACE)
    assert ASKED["why"] not in story.told(GRACE)
    assert "Grace Lim (Hollybush School) comes in to support the raising side" in story.sees(
        BEN, reference
    )
    assert "is here to support the raising side" in story.card(reference).words
    [summary] = await story.summaries(reference, Happened.SUPPORTED)
    assert f"<@{ASHA}> brought in <@{GRACE}>" in summary

    assert await brings(story, BEN, reference, HUGO) is None
    assert "Bring in a supporter" not in story.card(reference).buttons
    assert "is here to support the receiving side" in story.card(reference).words

    await story.says(GRACE, reference, "I was at the visit too.")
    await story.settled()
    assert any(
        r.entry.by == GRACE and r.entry.kind is Happened.SAID for r in await story.record(reference)
    )
    await story.presses(GRACE, reference, "Ask for the next stage")
    assert "This is not yours to do" in story.refused(GRACE)
    await story.presses(GRACE, reference, "Withdraw this challenge")
    assert "This is not yours to do" in story.refused(GRACE)
    await story.opens(GRACE, reference, "Someone may be at risk")
    assert await story.answers(GRACE) is None
    assert (await story.challenge(reference)).urgent


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (BEN, "They belong to the other side"),
        (ELIF, "They belong to the other side"),
        (ASHA, "They are on this challenge already"),
        (IMANI, "stay beside both sides"),
        (NIA, "The directory does not hold them"),
    ],
    ids=["the challenged", "their manager", "themself", "the business unit", "unknown"],
)
async def test_somebody_who_cannot_support_is_refused_beside_the_field(
    one_way: Story, who: str, sentence: str
):
    reference = await one_way.raises()
    await brings(one_way, ASHA, reference, who)

    assert sentence in one_way.person(ASHA).view.errors["supporter"]
    assert (await one_way.challenge(reference)).supporters == ()


async def test_a_second_supporter_is_refused_with_the_name_of_the_first(one_way: Story):
    reference = await one_way.raises()
    await brings(one_way, ASHA, reference, GRACE)
    await brings(one_way, ASHA, reference, LENA)

    [error] = one_way.person(ASHA).view.errors.values()
    assert "Grace Lim is here already" in error
    assert LENA not in one_way.channel(reference).members


# Check my words


async def test_a_look_at_ones_words_asks_keeps_the_text_and_leaves_no_trace(one_way: Story):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill("Is anyone in immediate danger now?", "No")
    await asha.submits()
    await asha.fills(labelled(ANSWERS | {"decision": "You always close them."}))
    await asha.submits()
    await asha.fills(labelled({"why": "It is wrong.", "ask": "Open it."}))
    before = await rows(one_way)
    await asha.presses("Check my words")
    await one_way.settled()

    for asked in ("not about the person?", "Is there a reason?", "Is there a question?"):
        assert asked in asha.view.words
    assert asha.view.title == "Why, and what you ask"
    assert await rows(one_way) == before

    await asha.fills(labelled(ASKED | {"ask": "Could you look again, please?"}))
    await asha.presses("Check my words")
    assert "Is there a reason?" not in asha.view.words
    await asha.submits()
    await asha.submits()
    await one_way.settled()
    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.concern.decision == "You always close them."
    assert challenge.concern.ask == "Could you look again, please?"
