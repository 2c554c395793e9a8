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
