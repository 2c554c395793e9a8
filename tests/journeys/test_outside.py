"""Past the line: one press, no reason, and the line hears no more than that it is not needed."""

from challenge.model import Side
from tests.journeys.conftest import Telling
from tests.journeys.story import (
    ASHA,
    BEN,
    CARA,
    ELIF,
    FINN,
    GRACE,
    HUGO,
    NIA,
    PEOPLE,
    Story,
    directory_toml,
)


async def asked_now(story: Story, reference: str, side: Side) -> str | None:
    prompts = (await story.challenge(reference)).prompts
    return next((p.person for p in prompts if p.side is side), None)


async def test_the_raiser_goes_past_a_manager_who_was_asked_already(two_ways: Story):
    reference = await two_ways.raises()
    await two_ways.asks_for_more(ASHA, reference)
    await two_ways.presses(ASHA, reference, "Ask outside my line")

    assert await asked_now(two_ways, reference, Side.RAISING) == GRACE
    assert "You are no longer asked about" in two_ways.told(CARA)
    assert await asked_now(two_ways, reference, Side.RECEIVING) == ELIF


async def test_asked_at_the_start_the_manager_never_hears_of_it(one_way: Story):
    reference = await one_way.raises()
    await one_way.presses(ASHA, reference, "Ask outside my line")
    await one_way.asks_for_more(ASHA, reference)

    assert await asked_now(one_way, reference, Side.RAISING) == GRACE
    assert reference not in one_way.told(CARA)
    assert CARA not in one_way.channel(reference).members


async def test_within_one_agency_both_sides_are_answered_for_outside_the_line(one_way: Story):
    reference = await one_way.raises(by=BEN, to=FINN)
    await one_way.presses(FINN, reference, "Ask outside my line")
    await one_way.asks_for_more(BEN, reference)

    asked = {await asked_now(one_way, reference, side) for side in (Side.RAISING, Side.RECEIVING)}
    assert ELIF not in asked
    assert HUGO in asked


async def test_an_agency_with_few_layers_is_answered_for_by_whom_it_named(telling: Telling):
    people = [(who, a, r, None if who == ASHA else m, d) for who, a, r, m, d in PEOPLE]
    people = [person for person in people if person[0] not in (CARA, GRACE)]
    listed = directory_toml(people).replace(
        'name = "Hollybush School"',
        f'name = "Hollybush School"\nequivalents = {{ "line manager" = "{HUGO}" }}',
    )
    async with telling(listed=listed) as story:
        reference = await story.raises()
        await story.asks_for_more(ASHA, reference)

        assert await asked_now(story, reference, Side.RAISING) == HUGO


async def test_in_danger_a_challenge_with_somebody_unknown_begins_and_the_unit_finds_managers(
    one_way: Story,
):
    reference = await one_way.raises(to=NIA, danger=True)

    challenge = await one_way.challenge(reference)
    assert challenge.urgent
    assert "Please find their managers today" in one_way.told(challenge.told[0])
