"""Does this have another route? It is shown, safety is asked again, and nothing is kept."""

from sqlalchemy import func, select

from storage.tables import METADATA
from tests.journeys.story import ANSWERS, ASHA, ASKED, Story, labelled

DANGER = "Is anyone in immediate danger now?"
LOOK = "Does this have another route?"
ROUTE = "Is it one of these?"
YES = "Yes, or I am not sure"
TEAM = "Whom to contact: The complaints team of the agency concerned."
LEAD = "Ask your safeguarding lead for the number."


async def rows(story: Story) -> dict[str, int]:
    """How many rows each table holds."""
    async with story.bot.database.reading() as connection:
        return {
            name: int(
                (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            )
            for name, table in METADATA.tables.items()
        }


async def looks(story: Story) -> None:
    asha = story.person(ASHA)
    await asha.command("/challenge")
    await asha.presses(LOOK)
    await story.settled()


async def test_another_route_shows_whom_to_contact_and_leaves_no_trace(each_database: Story):
    story = each_database
    before = await rows(story)
    await looks(story)
    asha = story.person(ASHA)
    assert asha.view.title == "Another route?"
    assert "may be a risk to them" in asha.view.words
    for told in (TEAM, LEAD):
        assert told in asha.view.words
    assert "filled in" not in asha.view.words
    assert "call 999 now" in asha.view.words

    await asha.fills({DANGER: "No", ROUTE: "A complaint about a service"})
    await asha.submits()
    await story.settled()

    for told in (TEAM, LEAD):
        assert told in asha.view.words
    assert "filled in" not in asha.view.words
    await asha.closes(everything=True)
    await story.settled()
    assert await rows(story) == before
    assert asha.direct_messages() == []


async def test_danger_is_asked_again_and_the_challenge_can_go_on_at_once(one_way: Story):
    await looks(one_way)
    asha = one_way.person(ASHA)
    await asha.fill(ROUTE, "How a colleague behaves at work")
    await asha.fill(DANGER, YES)
    await one_way.settled()
    assert "Police or ambulance, in an emergency: *999*" in asha.view.words

    await asha.submits()
    assert "Their line manager" in asha.view.words
    assert "Police or ambulance, in an emergency: *999*" in asha.view.words

    await asha.fill("What has been done to keep them safe?", "Rang 999.")
    await asha.submits()
    await asha.fills(labelled(ANSWERS))
    await asha.submits()
    await asha.fills(labelled(ASKED))
    await asha.submits()
    await asha.submits()
    await one_way.settled()
    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.urgent
    assert challenge.safety.done == "Rang 999."


async def test_the_contact_stays_when_the_answer_about_danger_changes(one_way: Story):
    await looks(one_way)
    asha = one_way.person(ASHA)
    await asha.fills({DANGER: "No", ROUTE: "Whistleblowing"})
    await asha.submits()
    await asha.fill(DANGER, YES)
    await one_way.settled()

    assert "The whistleblowing lead" in asha.view.words
    assert "this form can wait" in asha.view.words


async def test_none_of_these_leads_back_to_the_challenge(one_way: Story):
    await looks(one_way)
    asha = one_way.person(ASHA)
    await asha.fills({DANGER: "No", ROUTE: "None of these: it is a challenge"})
    await asha.submits()
    assert asha.view.title == "Raise a challenge"
    assert "has a route of its own" not in asha.view.words

    await asha.submits()
    assert asha.view.title == "What you challenge"


async def test_nobody_is_sent_elsewhere_without_an_answer_about_danger(one_way: Story):
    await looks(one_way)
    asha = one_way.person(ASHA)
    await asha.fill(ROUTE, "Whistleblowing")
    await asha.submits()

    assert asha.view.title == "Another route?"
    assert asha.view.errors
