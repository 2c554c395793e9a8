"""The App Home keeps up with what happens, for whoever has opened theirs."""

from tests.journeys.story import ASHA, BEN, CARA, ELIF, JOAN, Story

PUBLISH = "views.publish"


def published(story: Story, who: str) -> int:
    """How often this person's Home was put up."""
    return sum(call.payload["user_id"] == who for call in story.sandbox.calls(PUBLISH))


def awaits(story: Story, who: str) -> str:
    """What stands under "What awaits me" in the Home as this person has it before them."""
    words: str = story.person(who).home.words
    start = words.index("What awaits me")
    return words[start : words.index("What I agreed to do")]


async def test_what_awaits_me_is_there_without_my_opening_home_again(story: Story):
    for who in (ASHA, BEN, ELIF):
        await story.looks_home(who)
    reference = await story.raises()

    assert reference in awaits(story, BEN)
    assert reference in story.person(ASHA).home.words
    assert reference not in story.person(ELIF).home.words

    await story.passes(days=4)

    assert "accept it, or say" in awaits(story, ELIF)
    assert reference not in awaits(story, BEN)
    assert story.person(CARA).home is None


async def test_a_clock_and_an_action_to_do_are_shown_as_they_are_now(two_ways: Story):
    await two_ways.looks_home(BEN)
    reference = await two_ways.raises()
    assert "to answer by Friday 6 March 2026 at 17:00" in two_ways.person(BEN).home.words

    await two_ways.settles(reference)

    home = two_ways.person(BEN).home
    assert "Visit the family" in home.words[home.words.index("What I agreed to do") :]
    assert "sign the record" in awaits(two_ways, BEN)
    await two_ways.person(BEN).presses("Tick an action off")
    await two_ways.answers(BEN, evidence="Visited on Tuesday.")
    home = two_ways.person(BEN).home
    assert "What I agreed to do\nNothing just now." in home.words


async def test_who_no_longer_has_anything_to_do_with_it_loses_it_from_home(one_way: Story):
    await one_way.looks_home(ELIF)
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    assert reference in awaits(one_way, ELIF)

    await one_way.opens(ELIF, reference, "I am not the right person")
    await one_way.answers(ELIF, because="I know the family.")

    assert "accept it" not in awaits(one_way, ELIF)


async def test_nobody_who_never_opened_home_is_drawn_one(one_way: Story):
    reference = await one_way.raises()
    await one_way.settles(reference)

    assert one_way.sandbox.calls(PUBLISH) == []


async def test_what_looks_as_it_did_is_not_put_up_again(one_way: Story):
    reference = await one_way.raises()
    await one_way.looks_home(ASHA)
    await one_way.presses(BEN, reference, "Accept the date")
    before = published(one_way, ASHA)

    await one_way.reacts(BEN, reference, "eyes", ts=one_way.card(reference).ts)
    await one_way.opens(BEN, reference, "Someone may be at risk")

    assert published(one_way, ASHA) == before


async def test_a_coordinator_stays_on_the_page_of_the_partnership_that_they_are_on(
    two_ways: Story,
):
    await two_ways.looks_home(JOAN)
    await two_ways.person(JOAN).presses("The partnership")
    await two_ways.settled()

    reference = await two_ways.raises()

    home = two_ways.person(JOAN).home.words
    assert f"{reference}: stage 1" in home[home.index("All open challenges") :]
    assert "What awaits me" not in home
