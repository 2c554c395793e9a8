"""Past the line: one press, no reason, and the line hears no more than that it is not needed."""

from challenge.escalation import escalate
from challenge.model import Happened, Side, Status
from challenge.outside import go_past_line
from tests.journeys.conftest import Telling
from tests.journeys.story import (
    ANSWERS,
    ASHA,
    BEN,
    CARA,
    ELIF,
    FINN,
    GRACE,
    HUGO,
    NAMES,
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
    assert await asked_now(two_ways, reference, Side.RECEIVING) == ELIF
    assert CARA not in two_ways.channel(reference).members
    said = two_ways.told(CARA)
    assert "Somebody outside the line takes on" in said
    assert ANSWERS["decision"] not in said
    assert NAMES[ASHA] not in said
    assert reference not in (await two_ways.looks_home(CARA)).words


async def test_a_prompt_still_on_its_way_to_a_manager_carries_nothing_and_lets_nobody_in(
    one_way: Story,
):
    reference = await one_way.raises()
    challenge = await one_way.challenge(reference)
    await one_way.bot.courier.stop()
    await one_way.bot.casework.carry_out(escalate, challenge.id, by=ASHA, because="It waits.")
    await one_way.bot.casework.carry_out(go_past_line, challenge.id, by=ASHA)
    await one_way.goes_down()
    await one_way.comes_back()

    assert await asked_now(one_way, reference, Side.RAISING) == GRACE
    entries = [r.entry for r in await one_way.record(reference)]
    assert CARA not in [entry.by for entry in entries if entry.kind is Happened.JOINED]
    said = one_way.told(CARA)
    assert f"You were asked to accept a stage of {reference}.\nThis is dealt with." in said
    assert "needs you" not in said


async def test_a_manager_who_has_accepted_hands_it_over_and_the_stage_begins_with_the_next(
    two_ways: Story,
):
    reference = await two_ways.raises()
    await two_ways.asks_for_more(ASHA, reference)
    await two_ways.accepts(CARA, reference)
    await two_ways.presses(ASHA, reference, "Ask outside my line")

    challenge = await two_ways.challenge(reference)
    assert (challenge.status, challenge.accepted) == (Status.OFFERED, ())
    assert await asked_now(two_ways, reference, Side.RAISING) == GRACE
    assert CARA not in two_ways.channel(reference).members
    [said] = await two_ways.summaries(reference, Happened.PAST_LINE)
    assert f"<@{CARA}> had accepted, and hands it over. <@{GRACE}> was asked next." in said
    await two_ways.accepts(ELIF, reference)
    await two_ways.accepts(GRACE, reference)
    held = await two_ways.challenge(reference)
    assert (held.stage, set(held.leads)) == (2, {ELIF, GRACE})
    assert await two_ways.bot.casework.left_waiting() == []


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
