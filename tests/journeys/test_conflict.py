"""Conflict of interest: flagged by a side, settled by the business unit, and nothing waits."""

from challenge.model import Happened, Side, Status
from tests.journeys.story import ASHA, BEN, CARA, ELIF, HUGO, IMANI, JOAN, Story

WHY = "Elif is a cousin of the family."


async def flagged(story: Story) -> str:
    reference = await story.raises()
    await story.asks_for_more(ASHA, reference)
    await story.opens(ASHA, reference, "Flag a conflict of interest")
    assert await story.answers(ASHA, about=ELIF, because=WHY) is None
    return reference


async def test_upheld_the_next_person_is_asked_and_the_record_says_why(two_ways: Story):
    reference = await flagged(two_ways)
    assert "The business unit is asked whether Elif Kaya" in two_ways.card(reference).words
    assert WHY not in two_ways.told(IMANI)

    view = await two_ways.opens(IMANI, reference, "Settle the conflict of interest")
    assert WHY in view.words
    upheld = "Yes: ask somebody else"
    assert await two_ways.answers(IMANI, upheld=upheld, because="They are close.") is None

    challenge = await two_ways.challenge(reference)
    assert [p.person for p in challenge.prompts if p.side is Side.RECEIVING] == [HUGO]
    assert [p.person for p in challenge.prompts if p.side is Side.RAISING] == [CARA]
    assert "They are close." in two_ways.sees(BEN, reference)
    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.CONFLICT_FLAGGED) == kinds.count(Happened.CONFLICT_SETTLED) == 1


async def upheld(story: Story) -> str:
    reference = await flagged(story)
    assert ELIF in story.channel(reference).members
    await story.opens(IMANI, reference, "Settle the conflict of interest")
    words = {"upheld": "Yes: ask somebody else", "because": "They are close."}
    assert await story.answers(IMANI, **words) is None
    return reference


async def test_upheld_they_leave_the_channel_hear_why_and_find_it_nowhere_any_more(
    two_ways: Story,
):
    reference = await upheld(two_ways)

    assert ELIF not in two_ways.channel(reference).members
    said = two_ways.told(ELIF)
    assert said.count("so you leave its channel") == 1
    assert "They are close." not in said
    assert WHY not in said
    assert reference not in (await two_ways.looks_home(ELIF)).words
    assert "Somebody else takes this on now" in await two_ways.types(ELIF, f"show {reference}")
    assert "This is dealt with. Nothing more is needed from you." in said
    messages = two_ways.person(ELIF).direct_messages()
    assert [label for message in messages for label in message.buttons] == []
    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.TAKEN_OUT) == kinds.count(Happened.LEFT) == 1
    assert Happened.STAYS_IN not in kinds


async def test_where_slack_leaves_them_in_the_unit_is_asked_to_see_to_it_and_nothing_stops(
    two_ways: Story,
):
    two_ways.sandbox.world.workspace.apps_may_remove = False
    reference = await upheld(two_ways)

    assert ELIF in two_ways.channel(reference).members
    [fact] = await two_ways.summaries(reference, Happened.STAYS_IN)
    assert "the workspace does not let the bot take people out" in fact
    assert f"was set aside from {reference}" in two_ways.told(IMANI)
    assert await two_ways.bot.courier.outbox.dead() == []
    await two_ways.says(ELIF, reference, "I am still here.")
    await two_ways.accepts(HUGO, reference)
    assert HUGO in two_ways.channel(reference).members


async def test_not_upheld_nothing_changes_and_they_accept(one_way: Story):
    reference = await flagged(one_way)
    await one_way.opens(IMANI, reference, "Settle the conflict of interest")
    await one_way.answers(IMANI, upheld="No: it stays as it is", because="Another family.")
    await one_way.accepts(ELIF, reference)

    challenge = await one_way.challenge(reference)
    assert [one.person for one in challenge.accepted] == [ELIF]
    assert challenge.status is Status.OFFERED


async def test_somebody_who_has_no_part_in_it_cannot_be_flagged(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    await one_way.opens(BEN, reference, "Flag a conflict of interest")
    view = await one_way.answers(BEN, about=JOAN, because="I know them.")

    assert "Please choose somebody who has been asked" in view.errors["about"]
