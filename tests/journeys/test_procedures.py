"""Other partnerships' procedures: each carries a challenge from its first stage to its last."""

from datetime import timedelta

import pytest

from challenge.model import Happened, Status
from tests.journeys.conftest import Telling
from tests.journeys.story import ASHA, BEN, JOAN, NAMES, PEOPLE, Story, directory_toml

ROLES = ("senior liaison officer", "head of service", "director")
MORE = [
    (f"U0{role[:1]}{agency}".upper(), agency, role, None, None)
    for role in ROLES
    for agency in ("school", "csc")
]
NAMES.update({who: f"{agency} {role}".title() for who, agency, role, _, _ in MORE})
LISTED = directory_toml([*PEOPLE, *MORE])


@pytest.mark.parametrize("procedure", ["lincolnshire", "dorset-adults", "west-yorkshire"])
async def test_the_first_view_shows_other_routes_and_whom_to_ask_for_a_number(
    telling: Telling, procedure: str
):
    async with telling(procedure=procedure) as story:
        seat = story.person(ASHA)
        await seat.command("/challenge")
        await seat.presses("Does this have another route?")
        await story.settled()

        for route in story.bot.casework.procedure.other_routes:
            assert route.name in seat.view.words
        assert "Ask your safeguarding lead for the number." in seat.view.words
        assert "filled in" not in seat.view.words


async def lapses(story: Story, reference: str) -> None:
    due = (await story.challenge(reference)).due
    await story.until(due + timedelta(seconds=1))


async def everybody_accepts(story: Story, reference: str) -> None:
    for prompt in (await story.challenge(reference)).prompts:
        await story.accepts(prompt.person, reference)


async def climbs(story: Story, reference: str) -> list[str]:
    """Silence at every stage, and somebody who accepts the next; the stages it reached."""
    challenge = await story.challenge(reference)
    reached = [challenge.current.title]
    while not challenge.at_top:
        await lapses(story, reference)
        await everybody_accepts(story, reference)
        challenge = await story.challenge(reference)
        reached.append(challenge.current.title)
    return reached


async def confirms_every_stage(story: Story) -> None:
    """The coordinator goes through them in the App Home, one by one."""
    seat = story.person(JOAN)
    await story.looks_home(JOAN)
    await seat.presses("The partnership")
    await story.settled()
    for stage in story.bot.casework.procedure.stages:
        if not stage.confirmed:
            value = story.bot.casework.procedure.fingerprint(stage)
            await seat.presses("Confirm this stage", value=value)
            await story.settled()
    assert "Confirm this stage" not in seat.home.buttons


async def test_lincolnshire_goes_from_professionals_to_its_liaison_officers(telling: Telling):
    async with telling(listed=LISTED, procedure="lincolnshire") as story:
        reference = await story.raises()
        first = await story.challenge(reference)
        assert f"{first.due:%A %H:%M}" == "Monday 17:00"  # two working days from Thursday

        assert await climbs(story, reference) == [
            "Professional to professional",
            "Manager to manager",
            "Senior liaison officers",
            "Independent Chair",
        ]
        assert "passed over" in "".join(await story.summaries(reference, Happened.LAPSED))


async def test_dorset_goes_from_practitioners_to_directors_and_tells_the_chair(telling: Telling):
    async with telling(listed=LISTED, procedure="dorset-adults") as story:
        reference = await story.raises()

        assert await climbs(story, reference) == [
            "Practitioners",
            "Heads of service",
            "Directors",
            "Independent Chair",
        ]
        assert f"{reference} is now at stage 4" in story.told("U0KOFI")


async def test_west_yorkshires_first_five_steps_take_five_working_days_together(telling: Telling):
    async with telling(listed=LISTED, procedure="west-yorkshire") as story:
        await confirms_every_stage(story)
        reference = await story.raises()
        ends = (await story.challenge(reference)).procedure.total_ends(story.clock.now())
        while (await story.challenge(reference)).stage < 5:
            await story.passes(hours=1)
            challenge = await story.challenge(reference)
            assert challenge.due <= ends
            if challenge.status is Status.OPEN:
                await story.asks_for_more(ASHA, reference)
            for prompt in (await story.challenge(reference)).prompts:
                assert prompt.due <= ends
            await everybody_accepts(story, reference)
        assert (await story.challenge(reference)).due <= ends

        await story.until(ends + timedelta(seconds=1))

        offered = await story.challenge(reference)
        assert (offered.status, offered.offered) == (Status.OFFERED, 6)
        assert "first stages have together" in "".join(
            await story.summaries(reference, Happened.LAPSED)
        )


async def test_when_the_five_days_are_over_the_sixth_step_is_offered_from_any(telling: Telling):
    async with telling(listed=LISTED, procedure="west-yorkshire") as story:
        await confirms_every_stage(story)
        reference = await story.raises()
        ends = (await story.challenge(reference)).procedure.total_ends(story.clock.now())
        await lapses(story, reference)
        assert (await story.challenge(reference)).offered == 2

        await story.until(ends + timedelta(seconds=1))

        assert (await story.challenge(reference)).offered == 6


async def test_west_yorkshires_immediate_route_has_twenty_four_hours(telling: Telling):
    async with telling(listed=LISTED, procedure="west-yorkshire") as story:
        await confirms_every_stage(story)
        reference = await story.raises(danger=True)
        await everybody_accepts(story, reference)

        challenge = await story.challenge(reference)
        assert challenge.due == challenge.clock_set + timedelta(hours=24)


async def test_an_unconfirmed_stage_is_used_once_a_coordinator_has_confirmed_it(
    each_database: Story,
):
    """Only by what is raised afterwards: what is open keeps the procedure it began with."""
    story = each_database
    before = await story.raises()
    await confirms_every_stage(story)
    after = await story.raises(by=BEN, to=ASHA)

    assert not (await story.challenge(before)).procedure.stage(4).confirmed
    assert (await story.challenge(after)).procedure.stage(4).confirmed
    async with story.bot.database.reading() as connection:
        lines = await connection.exec_driver_sql('SELECT kind, "by", detail FROM day_book')
        [line] = [one for one in lines if one.kind == "a stage of the procedure was confirmed"]
    assert line.by == JOAN
    assert "Senior managers" in str(line.detail)


UNCONFIRMED_FIRST = """
version = "first-not-confirmed"
title = "A partnership that has not confirmed its first stage"
[emergency]
text = "If anyone is in immediate danger call 999 now."
[[stage]]
title = "Practitioners"
raising = ["practitioner"]
receiving = ["practitioner"]
answer_within = "1 working day"
confirmed = false
[[stage]]
title = "Managers"
raising = ["line manager"]
receiving = ["line manager"]
answer_within = "3 working days"
[top]
role = "Independent Scrutineer"
"""


async def test_a_first_stage_that_is_not_confirmed_is_passed_over_too(telling: Telling, tmp_path):
    file = tmp_path / "first.toml"
    file.write_text(UNCONFIRMED_FIRST, encoding="utf-8")
    async with telling(procedure=str(file)) as story:
        seat = story.person(ASHA)
        reference = await story.raises()

        challenge = await story.challenge(reference)
        assert (challenge.status, challenge.offered) == (Status.OFFERED, 2)
        [raised] = await story.summaries(reference, Happened.RAISED)
        assert "Stage 1 (Practitioners) was passed over" in raised
        assert seat.view is None
        await everybody_accepts(story, reference)
        assert (await story.challenge(reference)).stage == 2


@pytest.mark.parametrize("who", [ASHA, BEN])
async def test_only_a_coordinator_confirms_a_stage(one_way: Story, who: str):
    home = await one_way.looks_home(who)

    assert "Confirm this stage" not in home.buttons
