"""The review: a manager's "not justified" is a door to a second opinion, never a wall."""

from datetime import timedelta

from challenge.model import Happened, Status
from tests.journeys.story import ASHA, BEN, CARA, ELIF, GRACE, IMANI, Story

REASON = "The threshold document does not cover it."


async def at_stage_two(story: Story) -> str:
    reference = await story.raises()
    await story.asks_for_more(ASHA, reference)
    await story.accepts(ELIF, reference)
    await story.accepts(CARA, reference)
    return reference


async def test_not_justified_goes_to_the_raiser_and_the_safeguarding_lead_looks_again(
    two_ways: Story,
):
    reference = await at_stage_two(two_ways)
    await two_ways.opens(CARA, reference, "Record the review")
    view = await two_ways.answers(CARA, justified="Not justified", because=" ")
    assert "Please say why" in view.errors["because"]
    assert await two_ways.answers(CARA, justified="Not justified", because=REASON) is None

    assert f"A review of your challenge {reference} is on record" in two_ways.told(ASHA)
    assert REASON not in two_ways.told(ASHA)
    assert REASON in two_ways.sees(ASHA, reference)
    assert "review: not justified" in two_ways.card(reference).words
    assert "A second opinion is asked of Grace Lim" in two_ways.card(reference).words
    assert f"{reference} needs a second opinion from you" in two_ways.told(GRACE)
    assert GRACE in two_ways.channel(reference).members

    await two_ways.opens(GRACE, reference, "Give a second opinion")
    again = "The bruises alone meet it."
    assert await two_ways.answers(GRACE, justified="Justified", because=again) is None
    assert again in two_ways.sees(BEN, reference)
    assert "second opinion: justified" in two_ways.card(reference).words
    challenge = await two_ways.challenge(reference)
    assert (challenge.status, challenge.stage) == (Status.OPEN, 2)
    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.REVIEWED) == kinds.count(Happened.REVIEWED_AGAIN) == 1


async def test_the_raiser_asks_for_a_second_opinion_without_their_manager(one_way: Story):
    reference = await at_stage_two(one_way)
    await one_way.presses(ASHA, reference, "Ask for a second opinion")

    assert f"{reference} needs a second opinion from you" in one_way.told(GRACE)
    look = (await one_way.challenge(reference)).second_look
    await one_way.until(look.due + timedelta(seconds=1))
    assert (await one_way.challenge(reference)).second_look.person == IMANI
    assert f"{reference} needs a second opinion from you" in one_way.told(IMANI)


async def test_only_the_raising_sides_manager_may_open_the_review(one_way: Story):
    reference = await at_stage_two(one_way)
    await one_way.presses(ELIF, reference, "Record the review")

    assert one_way.person(ELIF).view is None
    assert "it is for the raising side's manager" in one_way.refused(ELIF)
