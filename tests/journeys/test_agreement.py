"""Agreeing the date: one side proposes, the other accepts or counters, up to a ceiling."""

from datetime import UTC, datetime, timedelta

from challenge.model import Happened, Status
from tests.journeys.story import ASHA, BEN, CARA, ELIF, LENA, Story

FRIDAY_FIVE = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
MONDAY_FIVE = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
TUESDAY_FIVE = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)


async def propose(story: Story, who: str, reference: str, day: str) -> None:
    await story.opens(who, reference, "Propose another date")
    assert await story.answers(who, day=day) is None


async def test_the_challenged_person_accepts_the_date_and_the_card_says_agreed(one_way: Story):
    reference = await one_way.raises()
    assert "(agreed)" not in one_way.card(reference).words

    await one_way.presses(BEN, reference, "Accept the date")

    challenge = await one_way.challenge(reference)
    assert challenge.date_agreed
    assert challenge.due == FRIDAY_FIVE
    assert "(agreed)" in one_way.card(reference).words
    assert "is agreed: Friday 6 March 2026 at 17:00" in one_way.sees(ASHA, reference)


async def test_a_date_is_proposed_countered_and_agreed_and_the_clock_runs_on_it(two_ways: Story):
    reference = await two_ways.raises()
    await propose(two_ways, BEN, reference, "2026-03-10")
    assert "proposes Tuesday 10 March 2026 at 17:00" in two_ways.card(reference).words
    assert f"<@{ASHA}>: Ben Osei" in two_ways.sees(ASHA, reference)
    assert (await two_ways.challenge(reference)).due == FRIDAY_FIVE

    await propose(two_ways, ASHA, reference, "2026-03-09")
    await two_ways.presses(BEN, reference, "Accept the date")

    challenge = await two_ways.challenge(reference)
    assert challenge.due == MONDAY_FIVE
    assert challenge.date_proposal is None
    assert "Monday 9 March 2026 at 17:00 (agreed)" in two_ways.card(reference).words
    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.DATE_PROPOSED) == 2
    assert kinds.count(Happened.DATE_AGREED) == 1

    await two_ways.until(FRIDAY_FIVE + timedelta(minutes=1))
    assert (await two_ways.challenge(reference)).status is Status.OPEN
    await two_ways.until(MONDAY_FIVE + timedelta(seconds=1))
    assert (await two_ways.challenge(reference)).status is Status.OFFERED


async def test_nobody_accepts_their_own_proposal(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference, "2026-03-10")
    await one_way.presses(BEN, reference, "Accept the date")

    assert "Your side made this proposal" in one_way.refused(BEN)
    assert (await one_way.challenge(reference)).due == FRIDAY_FIVE


async def test_the_raiser_cannot_accept_the_date_they_asked_for_themself(one_way: Story):
    reference = await one_way.raises()
    await one_way.presses(ASHA, reference, "Accept the date")

    assert "Your side made this proposal" in one_way.refused(ASHA)
    assert not (await one_way.challenge(reference)).date_agreed


async def test_a_date_beyond_the_procedures_longest_is_refused_beside_the_field(one_way: Story):
    reference = await one_way.raises()
    view = await one_way.opens(BEN, reference, "Propose another date")
    assert "Until Tuesday 10 March 2026 at 17:00 at the latest." in view.words

    still = await one_way.answers(BEN, day="2026-03-11")

    assert "The procedure allows until Tuesday 10 March 2026" in still.errors["due"]
    assert await one_way.answers(BEN, day="2026-03-10") is None
    await one_way.presses(ASHA, reference, "Accept the date")
    assert (await one_way.challenge(reference)).due == TUESDAY_FIVE


async def test_a_date_that_has_passed_is_refused_beside_the_field(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Propose another date")
    still = await one_way.answers(BEN, day="2026-03-04")

    assert "has passed already" in still.errors["due"]


async def test_a_sooner_date_can_be_agreed_too(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, ASHA, reference, "2026-03-05")
    await one_way.presses(BEN, reference, "Accept the date")

    assert (await one_way.challenge(reference)).due == datetime(2026, 3, 5, 17, 0, tzinfo=UTC)


async def test_without_agreement_the_default_stands(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference, "2026-03-10")
    await one_way.until(FRIDAY_FIVE + timedelta(seconds=1))

    challenge = await one_way.challenge(reference)
    assert challenge.status is Status.OFFERED
    assert challenge.date_proposal is None


async def test_a_proposal_accepted_twice_is_agreed_once_and_said_so(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference, "2026-03-10")
    again = one_way.remembers(ASHA, reference, "Accept the date")
    await one_way.presses(ASHA, reference, "Accept the date")
    await again()

    assert "There is nothing to answer here any more" in one_way.refused(ASHA)
    assert (await one_way.kinds(reference)).count(Happened.DATE_AGREED) == 1


async def test_a_date_cannot_be_changed_while_a_stage_is_offered(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference, "2026-03-10")
    late = one_way.remembers(ASHA, reference, "Accept the date")
    await one_way.asks_for_more(ASHA, reference)
    await late()

    assert "already been offered to stage 2" in one_way.refused(ASHA)


async def test_a_bystander_brought_into_the_channel_cannot_agree_a_date(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference, "2026-03-10")
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    await one_way.presses(LENA, reference, "Accept the date")

    assert "There is nothing here that you can open" in one_way.refused(LENA)
    assert (await one_way.challenge(reference)).due == FRIDAY_FIVE


async def test_the_managers_agree_the_date_of_their_own_stage(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(BEN, reference)
    await one_way.accepts(ELIF, reference)
    await one_way.accepts(CARA, reference)
    due = (await one_way.challenge(reference)).due
    await propose(one_way, ELIF, reference, "2026-03-06")
    assert (await one_way.challenge(reference)).due == due

    await one_way.presses(ASHA, reference, "Accept the date")
    assert (await one_way.challenge(reference)).due == FRIDAY_FIVE


# More time, once the clock has run for a day

MORE_TIME = {"If it is later: why is more time needed?": "The nurse is back on Monday."}
SAFE = {"Is anyone in immediate danger now?": "No"}
DANGER = {"Is anyone in immediate danger now?": "Yes, or I am not sure"}


async def ask_for_more_time(story: Story, who: str, reference: str, day: str) -> None:
    view = await story.opens(who, reference, "Propose another date")
    assert "is an extension" in view.words
    assert await story.answers(who, day=day, **MORE_TIME, **SAFE) is None


async def test_more_time_needs_both_sides_a_reason_and_a_fresh_look_at_safety(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await story.passes(days=1)
    await story.opens(BEN, reference, "Propose another date")
    still = await story.answers(BEN, day="2026-03-09", **MORE_TIME)
    assert "danger" in still.errors
    assert await story.answers(BEN, **SAFE) is None
    assert (await story.challenge(reference)).due == FRIDAY_FIVE
    assert "The nurse is back on Monday." in story.sees(ASHA, reference)

    view = await story.opens(ASHA, reference, "Accept the date")
    assert "immediate danger" in view.words
    assert await story.answers(ASHA, **SAFE) is None

    challenge = await story.challenge(reference)
    assert (challenge.due, challenge.extended) == (MONDAY_FIVE, (1,))


async def test_more_time_is_not_agreed_while_somebody_is_in_danger(one_way: Story):
    reference = await one_way.raises()
    await one_way.passes(days=1)
    await ask_for_more_time(one_way, BEN, reference, "2026-03-09")
    await one_way.opens(ASHA, reference, "Accept the date")
    shown = await one_way.answers(ASHA, **DANGER)
    assert shown.title == "Please act now"

    challenge = await one_way.challenge(reference)
    assert challenge.urgent
    assert challenge.status is Status.OFFERED
    assert challenge.extended == ()


async def test_a_third_extension_goes_to_the_next_stage_with_its_reason(one_way: Story):
    reference = await one_way.raises(due="2026-03-05")
    await one_way.presses(BEN, reference, "Accept the date")
    for day in ("2026-03-06", "2026-03-09"):
        await ask_for_more_time(one_way, BEN, reference, day)
        await one_way.opens(ASHA, reference, "Accept the date")
        assert await one_way.answers(ASHA, **SAFE) is None

    view = await one_way.opens(BEN, reference, "Propose another date")
    assert "asks for the next stage instead" in view.words
    assert await one_way.answers(BEN, day="2026-03-10", **MORE_TIME, **SAFE) is None

    challenge = await one_way.challenge(reference)
    assert (challenge.status, challenge.offered) == (Status.OFFERED, 2)
    assert Happened.EXTENSION_REFUSED in await one_way.kinds(reference)
    assert "moves up" in one_way.sees(ASHA, reference)
