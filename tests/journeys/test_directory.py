"""The directory: somebody new adds themself, leavers hand on, and coordinators keep it right."""

import tomllib

import pytest

from challenge.directory_file import read_directory
from challenge.model import Happened, PersonId
from tests.journeys.story import (
    ASHA,
    BEN,
    CARA,
    DEV,
    ELIF,
    FINN,
    GRACE,
    IMANI,
    JOAN,
    KOFI,
    LENA,
    NIA,
    PEOPLE,
    PIA,
    Story,
    directory_toml,
)

AGENCY, ROLE = "Which agency?", "Which role?"
DANGER = "Is anyone in immediate danger now?"


async def entry(story: Story, who: str):
    return (await story.bot.casework.directory()).person(PersonId(who))


async def presses_home(story: Story, who: str, label: str):
    """A button of the App Home; answers the form that opens, or else the Home drawn anew."""
    seat = story.person(who)
    await story.looks_home(who)
    await seat.presses(label)
    await story.settled()
    return seat.view or seat.home


async def at_the_partnership(story: Story, label: str):
    await presses_home(story, JOAN, "The partnership")
    seat = story.person(JOAN)
    await seat.presses(label)
    await story.settled()
    return seat.view or seat.home


async def registers(story: Story, who: str = NIA, **chosen: str) -> None:
    seat = story.person(who)
    await seat.command("/challenge")
    await seat.fill(DANGER, "No")
    await seat.submits()
    given = {AGENCY: "Police", ROLE: "Practitioner"} | chosen
    await seat.fills(given)
    await seat.submits()
    await story.settled()


# Somebody new


async def test_somebody_unknown_adds_themself_and_goes_on_with_their_challenge(
    each_database: Story,
):
    story = each_database
    await registers(story, **{"Who is your line manager?": "U0MO"})

    nia = await entry(story, NIA)
    assert (nia.name, nia.agency, nia.role, nia.line_manager) == (
        "Nia Guest",
        "police",
        "practitioner",
        "U0MO",
    )
    assert nia.provisional
    assert "What is it about?" in story.person(NIA).view.labels
    assert "Nia Guest (Police) has added themself" in story.told(JOAN)
    assert "has added themself" not in story.told(NIA)

    home = await presses_home(story, JOAN, "The partnership")
    assert "Nia Guest" in home.words
    await story.person(JOAN).presses("Confirm")
    await story.settled()
    assert not (await entry(story, NIA)).provisional
    assert "Nia Guest" not in story.person(JOAN).home.words


async def test_in_danger_nobody_has_to_say_first_where_they_work(one_way: Story):
    seat = one_way.person(NIA)
    await seat.command("/challenge")
    await seat.fill(DANGER, "Yes, or I am not sure")
    await seat.submits()

    assert AGENCY not in seat.view.labels
    assert "What is it about?" in seat.view.labels


async def test_the_coordinators_hear_once_of_who_waits_for_their_yes(one_way: Story):
    await registers(one_way)
    for _ in range(2):
        await one_way.bot.rounds.go()
    await one_way.settled()

    assert "a new entry in the challenge directory" not in one_way.told(JOAN)
    joan = one_way.person(JOAN)
    [told] = [m for m in joan.direct_messages() if "has added themself" in m.words]
    await joan.clicks(joan.dm, told.ts, label="See everybody")
    assert "A coordinator has still to check this" in joan.view.words


async def test_coordinators_whom_slack_kept_it_from_hear_with_the_next_rounds(one_way: Story):
    one_way.sandbox.faults.add("chat.postMessage", "answer", error="fatal_error", times=None)
    await registers(one_way)
    one_way.sandbox.faults.clear()
    for _ in range(2):
        await one_way.bot.rounds.go()
    await one_way.settled()

    assert "has added themself" not in one_way.told(JOAN)
    assert (
        one_way.told(JOAN).count("1 person has a new or changed entry in the challenge directory.")
        == 1
    )


async def test_whoever_is_not_confirmed_yet_is_not_asked_to_help(one_way: Story):
    await registers(one_way, **{AGENCY: "Children's Social Care", ROLE: "Safeguarding lead"})
    reference = await one_way.raises()
    for _ in range(4):
        await one_way.passes(days=2)

    assert NIA not in (await one_way.challenge(reference)).everyone


# One's own entry


async def test_away_says_when_and_who_stands_in_and_what_waits_passes_on_at_once(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    seat = one_way.person(ELIF)
    await seat.command("/challenge", "away")
    days = {"First day away": "2026-03-05", "Last day away": "2026-03-12", "Deputy": FINN}
    await seat.fills(days)
    await seat.submits()

    assert seat.view is None
    [leave] = (await entry(one_way, ELIF)).away
    assert (str(leave.first), str(leave.last)) == ("2026-03-05", "2026-03-12")
    await one_way.settled()
    asked = {p.person for p in (await one_way.challenge(reference)).prompts}
    assert asked == {CARA, FINN}
    assert f"{reference} needs you" in one_way.told(FINN)
    assert "no longer asked" in one_way.told(ELIF)


async def test_leave_that_ends_before_it_begins_is_refused_beside_the_field(one_way: Story):
    seat = one_way.person(ELIF)
    await seat.command("/challenge", "away")
    await seat.fills({"First day away": "2026-03-12", "Last day away": "2026-03-05"})
    await seat.submits()

    assert "Give both days" in seat.view.errors["last"]


async def test_whom_the_file_names_without_an_entry_is_shown_as_a_mention(telling):
    listed = [person for person in PEOPLE if person[0] not in (IMANI, KOFI)]
    async with telling(listed=directory_toml(listed)) as story:
        said = await story.types(ASHA, "directory")

    assert f"*Independent Scrutineer*: <@{KOFI}>" in said


async def test_directory_says_who_would_be_asked_on_ones_own_side(one_way: Story):
    said = await one_way.types(ASHA, "directory")

    assert "Line manager: Cara Jones" in said
    assert "*2. Managers and safeguarding leads*: Cara Jones (Hollybush School), then Dev" in said
    assert "Senior managers" not in said  # not confirmed
    assert "*Independent Scrutineer*: Kofi Mensah" in said
    assert "not in the directory yet" in await one_way.types(NIA, "directory")


async def test_every_quarter_everybody_is_asked_whether_their_entry_is_right(one_way: Story):
    await one_way.bot.rounds.go()
    assert "still right" not in one_way.told(ASHA)

    one_way.forgives("posted_to_deactivated")
    await one_way.passes(days=92)
    for _ in range(2):
        await one_way.bot.rounds.go()
    await one_way.settled()
    assert one_way.told(ASHA).count("Yes, it is right") == 1

    seat = one_way.person(ASHA)
    [question] = [m for m in seat.direct_messages() if "still right" in m.words]
    await seat.clicks(seat.dm, question.ts, label="Yes, it is right")
    await one_way.settled()
    assert (await entry(one_way, ASHA)).last_confirmed == one_way.clock.now().date()
    await one_way.passes(days=20)
    await one_way.bot.rounds.go()
    assert one_way.told(ASHA).count("still right") == 0


async def test_whoever_changes_their_entry_instead_has_answered_too(one_way: Story):
    one_way.forgives("posted_to_deactivated")
    await one_way.passes(days=92)
    for _ in range(2):
        await one_way.bot.rounds.go()
    seat = one_way.person(ASHA)
    [question] = [m for m in seat.direct_messages() if "still right" in m.words]
    await seat.clicks(seat.dm, question.ts, label="Change")
    assert question.buttons

    await seat.fills({ROLE: "Safeguarding lead"})
    await seat.submits()

    [answered] = [m for m in seat.direct_messages() if m.ts == question.ts]
    assert answered.buttons == []
    assert "This is your entry now." in answered.words
    assert "safeguarding lead" in answered.words


async def test_another_role_that_somebody_gives_themself_waits_for_a_coordinator(one_way: Story):
    seat = one_way.person(DEV)
    await seat.command("/challenge", "directory")
    [answer] = [m for m in seat.ephemerals if "Line manager" in m.words]
    await seat.clicks(answer.channel, answer.ts, label="Change")
    await seat.fills({ROLE: "Safeguarding lead"})
    await seat.submits()

    dev = await entry(one_way, DEV)
    assert (dev.role, dev.provisional) == ("safeguarding lead", True)


MANAGER = "Line manager"


async def changes_manager(story: Story, who: str, manager: str) -> None:
    seat = story.person(who)
    await seat.command("/challenge", "directory")
    answer = [m for m in seat.ephemerals if "Line manager" in m.words][-1]
    await seat.clicks(answer.channel, answer.ts, label="Change")
    await seat.fills({MANAGER: manager})
    await seat.submits()
    await story.settled()


async def test_another_line_manager_waits_for_a_coordinator_and_the_one_before_is_asked(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await changes_manager(story, BEN, PIA)

    view = story.person(BEN).view
    assert "A coordinator will look at your new line manager: Pia Lund" in view.words
    assert "the bot goes by the entry as it was: Elif Kaya" in view.words
    ben = await entry(story, BEN)
    assert (ben.line_manager, ben.new_manager) == (ELIF, PIA)
    assert "has changed their own entry" in story.told(JOAN)
    assert "New line manager, if a coordinator says yes: Pia Lund" in story.told(JOAN)
    await story.asks_for_more(ASHA, reference)
    assert {p.person for p in (await story.challenge(reference)).prompts} == {CARA, ELIF}

    await at_the_partnership(story, "Confirm")
    ben = await entry(story, BEN)
    assert (ben.line_manager, ben.new_manager) == (PIA, None)
    assert ("was confirmed", JOAN, BEN) in await day_book(story)


async def test_the_rounds_do_not_tell_a_coordinator_again_of_a_line_manager(one_way: Story):
    await changes_manager(one_way, BEN, PIA)
    await one_way.bot.rounds.go()
    await one_way.settled()

    assert "a new or changed entry" not in one_way.told(JOAN)


# Leavers


async def test_a_leaver_who_was_asked_hands_on_at_once_and_the_coordinator_knows(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await story.asks_for_more(ASHA, reference)
    story.sandbox.deactivate(ELIF)
    await story.settled()

    assert not (await entry(story, ELIF)).active
    asked = {p.person for p in (await story.challenge(reference)).prompts}
    assert ELIF not in asked
    assert len(asked) == 2
    assert f"Elif Kaya (Children's Social Care) has a part in {reference}" in story.told(JOAN)
    [gone] = await story.summaries(reference, Happened.GONE)
    assert "was asked next" in gone


async def test_a_new_name_in_slack_is_followed(one_way: Story):
    about = {"id": BEN, "profile": {"real_name": "Ben Adeyemi"}, "deleted": False}
    one_way.sandbox.world.workspace.announce({"type": "user_change", "user": about}, None)
    await one_way.settled()

    assert (await entry(one_way, BEN)).name == "Ben Adeyemi"


# Coordinators


async def test_a_coordinator_changes_an_entry_and_the_day_book_says_who(one_way: Story):
    await at_the_partnership(one_way, "Add or change a person")
    seat = one_way.person(JOAN)
    await seat.fills({"Who?": NIA})
    await seat.submits()
    await seat.fills({AGENCY: "Police", ROLE: "Line manager", "Deputy": "U0LENA"})
    await seat.submits()

    assert seat.view is None
    nia = await entry(one_way, NIA)
    assert (nia.name, nia.role, nia.deputy) == ("Nia Guest", "line manager", "U0LENA")
    assert ("was added", JOAN, NIA) in await day_book(one_way)


async def day_book(story: Story) -> list[tuple[str, str, str]]:
    async with story.bot.database.reading() as connection:
        rows = await connection.exec_driver_sql('SELECT kind, "by", about FROM day_book')
        return [(row.kind, row.by, row.about) for row in rows]


async def test_a_coordinator_says_that_whoever_holds_a_stage_has_left(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    await one_way.accepts(CARA, reference)
    await one_way.accepts(ELIF, reference)
    held = await one_way.challenge(reference)
    assert held.leads == (CARA, ELIF)
    await at_the_partnership(one_way, "Add or change a person")
    seat = one_way.person(JOAN)
    await seat.fills({"Who?": ELIF})
    await seat.submits()
    await seat.fills({"Do they still work here?": "No, they have left"})
    await seat.submits()
    await one_way.settled()

    after = await one_way.challenge(reference)
    assert (after.leads, after.stage, after.due) == ((CARA,), held.stage, held.due)
    [asked] = after.prompts
    assert asked.person not in {ELIF, BEN, None}
    assert "is asked to join for the receiving side" in one_way.card(reference).words
    assert await one_way.bot.casework.left_waiting() == []


async def test_a_file_that_is_loaded_hands_on_what_leavers_and_those_on_leave_were_asked(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await story.asks_for_more(ASHA, reference)
    for who in (CARA, ELIF):
        assert reference in story.told(who)
    without_cara = [each for each in PEOPLE if each[0] != CARA]
    listed = directory_toml(without_cara, away={ELIF: "2026-03-01/2026-03-20"})
    listed = listed.replace(f'line_manager = "{CARA}"\n', "")

    changes = await story.bot.casework.load_directory(read_directory(tomllib.loads(listed)))
    await story.settled()

    assert [each.challenge.reference for each in changes] == [reference, reference]
    after = await story.challenge(reference)
    assert {prompt.person for prompt in after.prompts} == {GRACE, FINN}
    for who in (GRACE, FINN):
        assert reference in story.told(who)
    assert "is no longer in the directory" in story.told(JOAN)
    [gone] = await story.summaries(reference, Happened.GONE)
    assert "is no longer in the directory" in gone
    assert await story.bot.casework.left_waiting() == []


async def test_a_coordinator_adds_an_agency_and_names_the_partnership(one_way: Story):
    await at_the_partnership(one_way, "Agencies")
    seat = one_way.person(JOAN)
    await seat.fills({"What is it called?": "Fire & Rescue"})
    await seat.submits()
    assert seat.view is None
    await at_the_partnership(one_way, "The partnership")

    directory = await one_way.bot.casework.directory()
    assert ("fire-rescue", "Fire & Rescue") in [(a.key, a.name) for a in directory.agencies]


async def test_a_coordinator_names_who_acts_for_a_small_agency_and_they_are_asked(
    each_database: Story,
):
    story = each_database
    await at_the_partnership(story, "Who acts for an agency")
    seat = story.person(JOAN)
    await seat.fill(AGENCY, "Police")
    await seat.submits()
    assert "Nobody is named yet." in seat.view.words
    await seat.fills({"In which role?": "Safeguarding lead", "Who acts in this role?": GRACE})
    await seat.submits()
    await story.settled()
    assert story.person(JOAN).view is None

    await at_the_partnership(story, "Who acts for an agency")
    await seat.fill(AGENCY, "Police")
    await seat.submits()
    assert "safeguarding lead: Grace Lim (Hollybush School)" in seat.view.words
    await seat.closes(everything=True)
    await at_the_partnership(story, "Who changed what")
    assert "Joan Marsh (Hollybush School)* changed who acts for an agency" in seat.view.words
    assert "acts for it: none → Grace Lim" in seat.view.words
    assert "agency: Police" in seat.view.words

    assert "Grace Lim" in await story.types(LENA, "directory")


async def test_whoever_is_not_listed_acts_for_nobody_and_that_is_said_beside_the_field(
    one_way: Story,
):
    await at_the_partnership(one_way, "Who acts for an agency")
    seat = one_way.person(JOAN)
    await seat.fill(AGENCY, "Police")
    await seat.submits()
    await seat.fills({"In which role?": "Director", "Who acts in this role?": NIA})
    await seat.submits()
    await one_way.settled()

    assert "Add them first" in seat.view.errors["person"]


async def test_a_coordinator_sets_somebody_elses_leave(one_way: Story):
    await at_the_partnership(one_way, "Set somebody's leave")
    seat = one_way.person(JOAN)
    days = {"First day away": "2026-03-05", "Last day away": "2026-03-12"}
    await seat.fills({"Who is away?": CARA} | days)
    await seat.submits()

    assert len((await entry(one_way, CARA)).away) == 1


@pytest.mark.parametrize("who", [ASHA, NIA])
async def test_nobody_else_finds_the_partnership_in_their_home(one_way: Story, who: str):
    assert "The partnership" not in (await one_way.looks_home(who)).buttons
