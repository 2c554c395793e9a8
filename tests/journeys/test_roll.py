"""A coordinator goes through everybody, mends what is wrong, and sees who changed what."""

from challenge import people
from challenge.model import PersonId
from tests.journeys.story import ASHA, BEN, CARA, ELIF, IMANI, JOAN, Story
from tests.journeys.test_directory import at_the_partnership

PART = "roll.part"


async def crowded(story: Story, more: int) -> None:
    """So many further people of the police."""
    for number in range(more):
        facts = {"name": f"Zoe {number:02}", "agency": "police", "role": "director"}
        who = PersonId(f"U0ZOE{number}")
        await story.bot.casework.rearrange(people.change_person, by=JOAN, person=who, **facts)


async def test_a_coordinator_turns_the_pages_and_mends_an_entry(each_database: Story):
    story = each_database
    await crowded(story, 10)
    view = await at_the_partnership(story, "See everybody")
    assert "26 people. Page 1 of 2." in view.words
    assert "Asha Patel" in view.words
    seat = story.person(JOAN)
    await seat.presses("Next")
    assert "Page 2 of 2." in seat.view.words
    assert "Zoe 09" in seat.view.words
    assert "Asha Patel" not in seat.view.words

    await seat.presses(PART, option="Children's Social Care")
    assert "Ben Osei" in seat.view.words
    assert "Zoe" not in seat.view.words
    await seat.presses("Change", value=BEN)
    assert seat.view.title == "A person's entry"
    await seat.fills({"Deputy": ELIF})
    await seat.submits()
    await story.settled()

    assert seat.view.title == "The directory"
    assert "Deputy: Elif Kaya" in seat.view.words
    assert "Zoe" not in seat.view.words


async def test_a_leaver_is_found_and_whoever_names_them_has_somebody_else(one_way: Story):
    one_way.sandbox.deactivate(ELIF)
    await one_way.settled()
    view = await at_the_partnership(one_way, "See everybody")
    seat = one_way.person(JOAN)
    await seat.presses(PART, option="What needs a look")

    assert "The line manager has left or is not listed" in seat.view.words
    await seat.presses("Change", value=BEN)
    await seat.fills({"Line manager": CARA})
    await seat.submits()
    await one_way.settled()
    assert "Ben Osei" not in seat.view.words
    await seat.closes(everything=True)
    assert view.title == "The directory"
    assert "Elif Kaya (Children's Social Care)* has left" in seat.home.words


async def test_the_day_book_is_shown_to_a_coordinator_the_newest_first(each_database: Story):
    story = each_database
    await crowded(story, 16)
    view = await at_the_partnership(story, "Who changed what")
    assert view.words.index("Zoe 15") < view.words.index("Zoe 14")
    assert "*Joan Marsh (Hollybush School)* added *Zoe 15 (Police)*." in view.words
    assert "Zoe 00" not in view.words

    seat = story.person(JOAN)
    await seat.presses("Older")
    assert "Zoe 00" in seat.view.words
    assert "The directory was loaded from a file." in seat.view.words
    await seat.presses("Newer")
    assert "Zoe 15" in seat.view.words


async def test_whoever_is_no_coordinator_any_more_turns_no_page(one_way: Story):
    await crowded(one_way, 10)
    await at_the_partnership(one_way, "See everybody")
    others = {"business_unit": [IMANI], "coordinators": [ASHA], "scrutineer": []}
    await one_way.bot.casework.rearrange(people.change_partnership, by=JOAN, **others)
    seat = one_way.person(JOAN)

    await seat.presses("Next")
    await one_way.settled()

    assert "coordinator" in one_way.refused(JOAN)
    assert "Zoe 09" not in seat.view.words
