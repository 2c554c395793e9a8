"""The whole ladder, told in the sandbox: two managers, a meeting, the independent scrutineer."""

from challenge.follow_up import owed_by
from challenge.model import Happened, Outcome, Status
from tests.journeys.story import ASHA, BEN, CARA, ELIF, GRACE, HUGO, IMANI, KOFI, LENA, Story
from tests.journeys.test_meeting import TUESDAY, WEDNESDAY, can_make, fixes, in_the_window, offer

OPINION = {
    "Your opinion": "The referral should be opened again.",
    "Your reasons": "Two people saw new bruises.",
}
ACTIONS = (
    ("Visit the family together", BEN, "2026-03-27"),
    ("Ring the school", ASHA, "2026-03-20"),
)


async def reach_the_top(story: Story) -> str:
    """Everybody who was asked took it on, stage after stage."""
    reference = await story.raises()
    for people in ((CARA, ELIF), (GRACE, HUGO), (KOFI,)):
        await story.asks_for_more(ASHA, reference)
        for who in people:
            await story.accepts(who, reference)
    assert (await story.challenge(reference)).at_top
    return reference


async def gives_opinion(story: Story, reference: str) -> None:
    await story.opens(KOFI, reference, "Give an opinion")
    await story.answers(KOFI, **OPINION)
    for number, (what, who, by) in enumerate(ACTIONS, start=1):
        given = {f"what.{number}": what, f"who.{number}": who, f"by.{number}": by}
        await story.answers(KOFI, **given)
    assert await story.answers(KOFI) is None


def read(story: Story, who: str) -> str:
    """Every word of the window that they have open."""
    return str(story.person(who).view.words)


async def test_two_managers_a_meeting_and_the_scrutineer(each_database: Story):
    story = each_database
    reference = await story.raises()
    await story.asks_for_more(ASHA, reference, because="Nobody has answered us.")
    for who in (CARA, ELIF):
        await story.accepts(who, reference)
    await story.asks_for_more(CARA, reference, because="Our managers see it differently.")
    for who in (GRACE, HUGO):
        await story.accepts(who, reference)

    await offer(story, HUGO, reference, TUESDAY, WEDNESDAY)
    for who in (ASHA, BEN):
        await can_make(story, who, reference, TUESDAY)
    await fixes(story, GRACE, reference, TUESDAY)
    await story.until(TUESDAY)
    await in_the_window(story, GRACE, reference, "Record the minutes")
    minutes = {
        "Discussion": "We heard both sides.",
        "Outstanding issues": "Is a visit needed today?",
        "Next steps": "Ask the scrutineer.",
    }
    assert await story.answers(GRACE, **minutes) is None

    await story.asks_for_more(GRACE, reference, because="We could not agree on a visit.")
    await story.presses(ASHA, reference, "Read the whole case")
    assert "Is a visit needed today?" in read(story, ASHA)
    await story.person(ASHA).closes()
    await story.accepts(KOFI, reference)
    await story.presses(KOFI, reference, "Read the whole case")
    pack = read(story, KOFI)
    for words in (
        "The school saw bruises twice",
        "The school sees the child daily",
        "Our managers see it differently.",
        "Is a visit needed today?",
        "We could not agree on a visit.",
    ):
        assert words in pack
    await story.person(KOFI).closes()

    await gives_opinion(story, reference)
    for words in ("Two people saw new bruises.", "Visit the family together", "Ring the school"):
        assert words in story.sees(ASHA, reference)
    assert "To do: Ben Osei (Children's Social Care), by Friday 27 March 2026; Asha Patel" in (
        story.card(reference).words
    )
    for who in (ASHA, BEN, GRACE, HUGO):
        assert f"There is an independent opinion on {reference}" in story.told(who)
        assert "bruises" not in story.told(who)
    await story.presses(ASHA, reference, "Acknowledge the opinion")
    assert (await story.challenge(reference)).status is Status.OPEN
    await story.presses(HUGO, reference, "Acknowledge the opinion")

    challenge = await story.challenge(reference)
    assert challenge.status is Status.SETTLED
    assert challenge.settlement.outcome is Outcome.OPINION
    assert [(a.what, a.who, a.by.isoformat()) for a in challenge.settlement.actions] == list(
        ACTIONS
    )
    assert [a.what for a in owed_by(challenge, ASHA)] == ["Ring the school"]
    kinds = await story.kinds(reference)
    assert kinds.count(Happened.OPINION_ACKNOWLEDGED) == 2
    assert kinds.count(Happened.SETTLED) == 1


async def test_the_scrutineer_settles_nothing_alone(one_way: Story):
    reference = await reach_the_top(one_way)
    await one_way.proposes_settlement(BEN, reference)
    await one_way.presses(KOFI, reference, "Confirm it is settled")

    assert "the two sides of the challenge" in one_way.refused(KOFI)
    assert not (await one_way.challenge(reference)).is_closed
    await one_way.presses(ASHA, reference, "Confirm it is settled")
    assert (await one_way.challenge(reference)).status is Status.SETTLED


async def test_the_pack_opens_for_the_parties_and_the_scrutineer_and_for_nobody_else(
    one_way: Story,
):
    reference = await reach_the_top(one_way)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, IMANI)
    for who, says in ((LENA, "nothing here that you can open"), (IMANI, "This is not yours")):
        await one_way.presses(who, reference, "Read the whole case")
        assert says in one_way.refused(who)
        assert one_way.person(who).view is None
    for who in (ASHA, BEN, GRACE, HUGO, KOFI):
        await one_way.presses(who, reference, "Read the whole case")
        assert "For reading only" in read(one_way, who)


async def test_a_long_story_is_read_page_by_page(one_way: Story):
    reference = await reach_the_top(one_way)
    for number in range(40):
        await one_way.says(ASHA, reference, f"Note {number}. " + "We are still worried. " * 40)
    await one_way.settled()
    await one_way.presses(KOFI, reference, "Read the whole case")
    assert "page 1 of" in read(one_way, KOFI)
    pages = [read(one_way, KOFI)]
    while "Further" in str(one_way.person(KOFI).view.blocks):
        await one_way.person(KOFI).presses("Further")
        pages.append(read(one_way, KOFI))

    assert len(pages) > 1
    for number in range(40):
        assert sum(f"Note {number}. " in page for page in pages) == 1
    await one_way.person(KOFI).presses("Earlier")
    assert f"page {len(pages) - 1} of" in read(one_way, KOFI)


async def test_an_opinion_says_what_is_missing_beside_the_field(one_way: Story):
    reference = await reach_the_top(one_way)
    await one_way.opens(KOFI, reference, "Give an opinion")
    view = await one_way.answers(KOFI, **OPINION | {"Your reasons": "  "})
    assert "Please fill this in" in view.errors["reasons"]
    await one_way.answers(KOFI, **{"Your reasons": "Two people saw it."})
    past = {"what.1": "Visit", "who.1": BEN, "by.1": "2026-03-04"}
    view = await one_way.answers(KOFI, **past)
    assert "today or later" in view.errors["what.1"]
    await one_way.answers(KOFI, **{"by.1": "2026-03-27"})
    assert await one_way.answers(KOFI) is None


async def test_only_the_scrutineer_gives_an_opinion(one_way: Story):
    reference = await reach_the_top(one_way)
    for who in (ASHA, BEN, GRACE):
        await one_way.presses(who, reference, "Give an opinion")
        assert "whoever holds the last stage" in one_way.refused(who)


async def test_the_side_that_has_not_acknowledged_it_is_named_and_reminded(one_way: Story):
    reference = await reach_the_top(one_way)
    await gives_opinion(one_way, reference)
    await one_way.presses(ASHA, reference, "Acknowledge the opinion")
    card = one_way.card(reference).text
    assert "Ben Osei (Children's Social Care)" in card
    assert "to acknowledge the opinion by" in card
    assert "Kofi Mensah" not in card

    await one_way.passes(days=8)
    [reminder] = one_way.reminders(reference)
    assert f"<@{BEN}>" in reminder.words
    assert f"<@{KOFI}>" not in reminder.words
    assert "please acknowledge the opinion by" in reminder.words
