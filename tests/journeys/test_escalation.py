"""Escalation: silence moves up, somebody accepts, and there is never a dead end."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from challenge.escalation import accept, escalate
from challenge.model import Happened, PersonId, Side, Status
from challenge.refusals import AlreadyAccepted, PromptPassedOn
from tests.journeys.conftest import Telling
from tests.journeys.story import (
    ASHA,
    ASKED,
    BEN,
    CARA,
    DEV,
    ELIF,
    FINN,
    GRACE,
    HUGO,
    IMANI,
    JOAN,
    KOFI,
    LENA,
    MO,
    PEOPLE,
    PIA,
    Story,
    directory_toml,
    eventually,
)

PARTNERSHIP = {IMANI, JOAN, KOFI}
MARCH = "2026-03-01/2026-03-31"
TIMES = 20


async def lapsed(story: Story) -> str:
    """Raised, and left without an answer until its time was up."""
    reference = await story.raises()
    await until_due(story, reference)
    return reference


async def until_due(story: Story, reference: str) -> None:
    await story.until((await story.challenge(reference)).due + timedelta(seconds=1))


async def asked_now(story: Story, reference: str, side: Side = Side.RECEIVING) -> PersonId | None:
    prompts = (await story.challenge(reference)).prompts
    return next((p.person for p in prompts if p.side is side), None)


async def nobody_accepts(story: Story, reference: str) -> None:
    """Lets the time of everybody asked pass."""
    prompts = (await story.challenge(reference)).prompts
    await story.until(max(p.due for p in prompts) + timedelta(seconds=1))


async def to_stage(story: Story, reference: str, stage: int, *accepting: str) -> None:
    """Asked for by the raiser and accepted by these people."""
    await story.asks_for_more(ASHA, reference)
    for who in accepting:
        await story.accepts(who, reference)
    assert (await story.challenge(reference)).stage == stage


# It is offered


async def test_a_lapse_prompts_both_managers_in_the_channel_and_by_direct_message(two_ways: Story):
    reference = await lapsed(two_ways)

    challenge = await two_ways.challenge(reference)
    assert challenge.status is Status.OFFERED
    assert challenge.stage == 1
    assert {p.person for p in challenge.prompts} == {CARA, ELIF}
    for manager in (CARA, ELIF):
        assert manager in two_ways.channel(reference).members
        prompt = two_ways.seen(manager, two_ways.channel(reference).id)
        assert any(f"<@{manager}>: {reference} needs" in m.words for m in prompt)
        assert "the next person is asked" in two_ways.told(manager)
        assert ASKED["ask"] not in two_ways.told(manager)
    assert "is offered" in two_ways.card(reference).text
    assert "The time allowed for stage 1 passed" in "".join(
        await two_ways.summaries(reference, Happened.LAPSED)
    )


@pytest.mark.parametrize("who", [ASHA, BEN])
async def test_either_side_asks_for_the_next_stage_with_a_reason(one_way: Story, who: str):
    reference = await one_way.raises()
    await one_way.asks_for_more(who, reference, "We cannot wait until tomorrow.")

    assert (await one_way.challenge(reference)).status is Status.OFFERED
    assert "We cannot wait until tomorrow." in one_way.sees(ELIF, reference)
    [entry] = [
        r.entry for r in await one_way.record(reference) if r.entry.kind is Happened.ESCALATED
    ]
    assert entry.by == who
    assert entry.words == {
        "Why": "We cannot wait until tomorrow.",
        "Is anyone in immediate danger now?": "No",
    }


async def test_asking_without_a_reason_is_refused_beside_the_field(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(ASHA, reference, "Ask for the next stage")
    view = await one_way.answers(ASHA, because="  ")

    assert "Please say why" in view.errors["because"]
    assert (await one_way.challenge(reference)).status is Status.OPEN
    assert await one_way.answers(ASHA, because="Nobody rang back.") is None
    assert (await one_way.challenge(reference)).status is Status.OFFERED


async def test_what_was_asked_for_by_one_side_is_not_offered_again_to_the_other(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Ask for the next stage")
    await one_way.asks_for_more(ASHA, reference)
    view = await one_way.answers(BEN, because="I would like my manager's view.")

    assert "already been offered to stage 2" in "".join(view.errors.values())
    assert (await one_way.kinds(reference)).count(Happened.ESCALATED) == 1


# Somebody accepts


async def test_what_was_accepted_can_be_pressed_no_more_by_anybody(each_database: Story):
    story = each_database
    reference = await lapsed(story)
    deputy = next(p.deputy for p in (await story.challenge(reference)).prompts if p.person == ELIF)
    assert deputy is not None
    assert "Accept escalation" in buttons_left(story, deputy)

    await story.accepts(ELIF, reference)

    seen = story.seen(ASHA, story.channel(reference).id)
    prompts = [m for m in seen if "Please accept by" in m.words]
    [hers] = [m for m in prompts if not m.buttons]
    assert hers.text.endswith(" has accepted.")
    assert [m.buttons for m in prompts if m.ts != hers.ts] == [PRESSED]
    assert buttons_left(story, ELIF) == buttons_left(story, deputy) == []
    assert "has accepted" in story.told(deputy)
    assert not {Happened.EDITED, Happened.SAID} & set(await story.kinds(reference))


PRESSED = ["Accept escalation", "I am not the right person"]


def buttons_left(story: Story, who: str) -> list[str]:
    """What can still be pressed in somebody's direct messages."""
    return [label for m in story.person(who).direct_messages() for label in m.buttons]


async def test_accepting_moves_it_to_the_stage_with_a_clock_of_its_own(two_ways: Story):
    reference = await lapsed(two_ways)
    await two_ways.accepts(ELIF, reference, "I will ring both today, by four.")
    half = await two_ways.challenge(reference)
    assert (half.stage, half.offered, half.status) == (1, 2, Status.OFFERED)
    assert "Elif Kaya (Children's Social Care) has accepted" in two_ways.card(reference).text
    assert "Cara Jones (Hollybush School) to accept by" in two_ways.card(reference).text

    await two_ways.accepts(CARA, reference)
    challenge = await two_ways.challenge(reference)
    assert (challenge.stage, challenge.status) == (2, Status.OPEN)
    assert challenge.leads == (ELIF, CARA)
    assert challenge.due > two_ways.clock.now() + timedelta(days=1)
    assert "stage 2, Managers and safeguarding leads" in two_ways.card(reference).text
    for lead in ("Elif Kaya (Children's Social Care)", "Cara Jones (Hollybush School)"):
        assert lead in two_ways.card(reference).text
    assert "I will ring both today, by four." in two_ways.sees(BEN, reference)
    for who in (ASHA, BEN, ELIF):
        assert f"{reference} is now at stage 2" in two_ways.told(who)
        assert "I will ring both" not in two_ways.told(who)


async def test_accepting_asks_for_one_line(one_way: Story):
    reference = await lapsed(one_way)
    view = await one_way.opens(ELIF, reference, "Accept escalation")
    assert "stage 2" in view.words
    assert "What will you do, and by when?" in view.labels

    still = await one_way.answers(ELIF, line=" ")
    assert "in one line what you will do" in still.errors["line"]
    assert (await one_way.challenge(reference)).stage == 1


async def test_a_deputy_accepts_from_the_direct_message_and_is_brought_in(one_way: Story):
    reference = await lapsed(one_way)
    assert "Elif Kaya (Children's Social Care), whose deputy you are" in one_way.told(FINN)
    assert FINN not in one_way.channel(reference).members

    await one_way.accepts(FINN, reference)

    assert [one.person for one in (await one_way.challenge(reference)).accepted] == [FINN]
    assert FINN in one_way.channel(reference).members
    [accepted] = await one_way.summaries(reference, Happened.ACCEPTED)
    assert f"for <@{ELIF}>" in accepted


@pytest.mark.parametrize("who", [ASHA, BEN])
async def test_a_practitioner_cannot_accept_for_the_person_asked(one_way: Story, who: str):
    reference = await lapsed(one_way)
    await one_way.presses(who, reference, "Accept escalation")

    assert one_way.person(who).view is None
    assert "the person asked to take it on, or their deputy" in one_way.refused(who)


@pytest.mark.parametrize("who", [LENA, MO, HUGO])
async def test_nobody_outside_the_challenge_can_accept_it(one_way: Story, who: str):
    reference = await lapsed(one_way)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, who)
    await one_way.presses(who, reference, "Accept escalation")

    assert "There is nothing here that you can open" in one_way.refused(who)
    assert (await one_way.challenge(reference)).stage == 1


async def test_when_the_other_sides_time_runs_out_the_stage_begins_with_one_and_goes_on_asking(
    two_ways: Story,
):
    reference = await lapsed(two_ways)
    await two_ways.accepts(ELIF, reference)
    await nobody_accepts(two_ways, reference)

    challenge = await two_ways.challenge(reference)
    assert (challenge.stage, challenge.leads) == (2, (ELIF,))
    assert await asked_now(two_ways, reference, Side.RAISING) == DEV
    assert "The other side's time to accept has run out" in two_ways.sees(BEN, reference)
    assert f"{reference} is now at stage 2" in two_ways.told(ELIF)
    [begun] = await two_ways.summaries(reference, Happened.REACHED_WITH_ONE)
    assert f"the stage begins with <@{ELIF}>" in begun


async def test_the_second_manager_joins_a_stage_that_has_begun_without_them(one_way: Story):
    reference = await lapsed(one_way)
    await one_way.accepts(ELIF, reference)
    await nobody_accepts(one_way, reference)
    due = (await one_way.challenge(reference)).due
    await one_way.accepts(DEV, reference)

    challenge = await one_way.challenge(reference)
    assert set(challenge.leads) == {DEV, ELIF}
    assert challenge.due == due
    assert not challenge.prompts
    assert "Accept escalation" not in one_way.card(reference).buttons


async def test_accepting_after_the_deputy_did_is_refused_by_name(one_way: Story):
    reference = await lapsed(one_way)
    await one_way.accepts(FINN, reference)
    await one_way.presses(ELIF, reference, "Accept escalation")

    assert f"<@{FINN}> already accepted this" in one_way.refused(ELIF)


async def test_a_deputy_who_comes_after_their_manager_accepted_reads_so(one_way: Story):
    reference = await lapsed(one_way)
    late = one_way.remembers(FINN, reference, "Accept escalation")
    await one_way.accepts(ELIF, reference)
    await late()

    assert one_way.person(FINN).view is None
    assert "already accepted this" in one_way.refused(FINN)


async def test_accepting_after_it_passed_on_says_to_whom(one_way: Story):
    reference = await lapsed(one_way)
    await nobody_accepts(one_way, reference)
    assert await asked_now(one_way, reference) == FINN
    await one_way.presses(ELIF, reference, "Accept escalation")

    assert f"This prompt has passed to <@{FINN}>" in one_way.refused(ELIF)


# Not the right person


async def test_not_the_right_person_needs_a_reason_and_the_next_is_asked_at_once(one_way: Story):
    reference = await lapsed(one_way)
    await one_way.opens(ELIF, reference, "I am not the right person")
    still = await one_way.answers(ELIF, because="")
    assert still.errors
    assert await one_way.answers(ELIF, because="I chaired the meeting in dispute.") is None

    assert await asked_now(one_way, reference) == FINN
    assert f"{reference} needs you at stage 2" in one_way.told(FINN)
    assert "I chaired the meeting in dispute." in one_way.sees(BEN, reference)
    [declined] = await one_way.summaries(reference, Happened.DECLINED)
    assert f"<@{FINN}> was asked next" in declined


async def test_a_deputy_who_is_not_the_right_person_leaves_their_manager_asked(one_way: Story):
    reference = await lapsed(one_way)
    await one_way.opens(FINN, reference, "I am not the right person")
    assert await one_way.answers(FINN, because="I made the decision with Ben.") is None

    assert await asked_now(one_way, reference) == ELIF
    said = one_way.sees(BEN, reference)
    assert "not the right person to stand in for Elif Kaya" in said
    assert one_way.told(ELIF).count(f"{reference} needs you at stage 2") == 2
    await one_way.opens(ELIF, reference, "I am not the right person")
    await one_way.answers(ELIF, because="I was at the meeting.")
    assert await asked_now(one_way, reference) == HUGO


async def test_when_one_side_says_no_the_other_side_is_not_asked_again(one_way: Story):
    reference = await lapsed(one_way)
    before = (await one_way.challenge(reference)).prompts
    await one_way.opens(ELIF, reference, "I am not the right person")
    await one_way.answers(ELIF, because="On another case.")

    raising = [p for p in before if p.side is Side.RAISING]
    assert [
        p for p in (await one_way.challenge(reference)).prompts if p.side is Side.RAISING
    ] == raising


# Nobody accepts


async def test_silence_goes_to_the_deputy_the_next_role_the_partnership_and_the_stage_above(
    two_ways: Story,
):
    reference = await lapsed(two_ways)
    asked: dict[int | None, list[PersonId | None]] = {2: [], 3: [], 5: []}
    for _ in range(20):
        offered = (await two_ways.challenge(reference)).offered
        side = Side.PARTNERSHIP if offered == 5 else Side.RECEIVING
        asked[offered].append(await asked_now(two_ways, reference, side))
        assert not await two_ways.bot.casework.left_waiting()
        await nobody_accepts(two_ways, reference)

    assert asked[2][:3] == [ELIF, FINN, HUGO]
    assert set(asked[2][3:]) <= PARTNERSHIP
    assert asked[3][:2] == [HUGO, PIA]
    assert asked[5][0] == KOFI
    assert set(asked[5]) == PARTNERSHIP
    assert None not in [who for people in asked.values() for who in people]
    challenge = await two_ways.challenge(reference)
    assert (challenge.status, challenge.stage, challenge.offered) == (Status.OFFERED, 1, 5)
    assert len(await two_ways.summaries(reference, Happened.MOVED_ABOVE)) == 2
    for who in PARTNERSHIP:
        assert "has been asked, and nobody has" in two_ways.told(who)

    last = await asked_now(two_ways, reference, Side.PARTNERSHIP)
    await two_ways.accepts(str(last), reference)
    assert (await two_ways.challenge(reference)).stage == 5


async def test_the_coordinators_see_that_the_stage_is_waiting(one_way: Story):
    reference = await lapsed(one_way)
    for _ in range(4):
        await nobody_accepts(one_way, reference)

    waiting = {await asked_now(one_way, reference, side) for side in Side}
    assert waiting & PARTNERSHIP
    for who in waiting & PARTNERSHIP:
        assert f"{reference} needs you at stage 2" in one_way.told(str(who))


async def test_people_on_leave_are_passed_over(telling: Telling):
    listed = directory_toml(away={ELIF: MARCH, FINN: MARCH, CARA: "2026-03-06"})
    async with telling(listed=listed) as story:
        reference = await lapsed(story)

        assert await asked_now(story, reference) == HUGO
        assert await asked_now(story, reference, Side.RAISING) == DEV
        assert reference not in story.told(ELIF)


async def test_people_no_longer_active_are_passed_over(telling: Telling):
    async with telling(listed=directory_toml(gone=[ELIF, GRACE])) as story:
        reference = await lapsed(story)

        assert await asked_now(story, reference) == FINN


async def test_somebody_who_has_left_slack_does_not_hold_it_up_and_the_unit_is_told(
    one_way: Story,
):
    one_way.sandbox.deactivate(ELIF)
    reference = await lapsed(one_way)

    assert await asked_now(one_way, reference) == FINN
    assert "Elif Kaya (Children's Social Care) could not be asked" in one_way.told(IMANI)
    await one_way.accepts(FINN, reference)


async def test_with_nobody_at_all_to_ask_the_partnership_is_told_and_the_bot_looks_again(
    telling: Telling,
):
    """Everybody of the receiving side and the partnership but one is away."""
    away: dict[str, str] = dict.fromkeys([ELIF, FINN, HUGO, IMANI, JOAN, KOFI], MARCH)
    async with telling(listed=directory_toml(away=away)) as story:
        reference = await lapsed(story)

        assert await asked_now(story, reference) is None
        assert "Nobody in the directory could be asked" in story.told(JOAN)
        assert "nobody could be found yet" in story.card(reference).words or (
            "Cara Jones" in story.card(reference).words
        )
        assert not await story.bot.casework.left_waiting()

        await story.passes(days=26)
        await nobody_accepts(story, reference)
        assert await asked_now(story, reference) is not None


# Who may never accept


async def test_the_challenged_person_does_not_accept_as_their_managers_deputy(telling: Telling):
    people = [(w, a, r, m, BEN if w == ELIF else d) for w, a, r, m, d in PEOPLE]
    async with telling(listed=directory_toml(people)) as story:
        reference = await lapsed(story)
        await story.presses(BEN, reference, "Accept escalation")

        assert story.person(BEN).view is None
        assert "This is not yours to do" in story.refused(BEN)
        assert "whose deputy you are" not in story.told(BEN)
        await nobody_accepts(story, reference)
        assert await asked_now(story, reference) == HUGO


async def test_a_challenged_line_manager_does_not_accept_the_review_of_their_own_decision(
    one_way: Story,
):
    reference = await one_way.raises(to=ELIF)
    await until_due(one_way, reference)

    assert await asked_now(one_way, reference) == HUGO


async def test_a_raiser_who_is_a_line_manager_does_not_accept_their_own_challenge(
    one_way: Story,
):
    reference = await one_way.raises(by=CARA)
    await until_due(one_way, reference)

    assert await asked_now(one_way, reference, Side.RAISING) == GRACE


async def test_nobody_holds_two_stages_in_a_row(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(BEN, reference)
    for _ in range(2):
        await nobody_accepts(one_way, reference)
    assert await asked_now(one_way, reference) == HUGO
    await one_way.accepts(HUGO, reference)
    await one_way.asks_for_more(BEN, reference)

    assert await asked_now(one_way, reference) == PIA
    assert await asked_now(one_way, reference, Side.RAISING) == GRACE


# To the top


async def test_the_inter_agency_stage_tells_the_business_unit(one_way: Story):
    reference = await one_way.raises()
    await to_stage(one_way, reference, 2, ELIF, CARA)
    assert reference not in one_way.told(IMANI)
    await to_stage(one_way, reference, 3, HUGO, GRACE)

    assert f"{reference} is now at stage 3" in one_way.told(IMANI)
    assert ASKED["ask"] not in one_way.told(IMANI)
    assert reference in await one_way.types(IMANI, f"show {reference}")


async def test_an_unconfirmed_stage_is_passed_over_and_said_so_on_the_way_to_the_top(
    two_ways: Story,
):
    reference = await two_ways.raises()
    await to_stage(two_ways, reference, 2, ELIF, CARA)
    await to_stage(two_ways, reference, 3, HUGO, GRACE)
    await until_due(two_ways, reference)

    [lapse] = await two_ways.summaries(reference, Happened.LAPSED)
    assert "Stage 4 (Senior managers) was passed over" in lapse
    assert "has not confirmed it yet" in lapse
    assert await asked_now(two_ways, reference, Side.PARTNERSHIP) == KOFI
    assert [p.stage for p in (await two_ways.challenge(reference)).prompts] == [5]

    await two_ways.accepts(KOFI, reference)
    assert "Independent Scrutineer" in two_ways.card(reference).text
    assert "Ask for the next stage" not in two_ways.card(reference).buttons

    await until_due(two_ways, reference)
    assert "passed without a settlement. The clock starts again" in two_ways.sees(BEN, reference)
    for who in PARTNERSHIP:
        assert "The clock starts again" in two_ways.told(who)
    challenge = await two_ways.challenge(reference)
    assert challenge.status is Status.OPEN
    assert challenge.due > two_ways.clock.now() + timedelta(days=9)
    await until_due(two_ways, reference)
    assert (await two_ways.kinds(reference)).count(Happened.TOP_LAPSED) == 2


async def test_there_is_nothing_to_ask_for_above_the_top(one_way: Story):
    reference = await one_way.raises()
    await to_stage(one_way, reference, 2, ELIF, CARA)
    await to_stage(one_way, reference, 3, HUGO, GRACE)
    old = next(
        m
        for m in reversed(one_way.seen(ASHA, one_way.channel(reference).id))
        if "Ask for the next stage" in m.buttons
    )
    await one_way.opens(ASHA, reference, "Ask for the next stage")
    await one_way.asks_for_more(BEN, reference)
    await one_way.accepts(KOFI, reference)
    view = await one_way.answers(ASHA, because="Still not safe.")

    assert old.buttons
    assert "already with the Independent Scrutineer" in "".join(view.errors.values())


# Someone may be at risk


@pytest.mark.parametrize("who", [ASHA, BEN])
async def test_either_side_says_by_the_button_that_someone_may_be_at_risk(one_way: Story, who: str):
    reference = await one_way.raises()
    view = await one_way.opens(who, reference, "Someone may be at risk")
    assert "*999*" in view.words
    assert "call 999 now" in view.words
    assert await one_way.answers(who) is None

    challenge = await one_way.challenge(reference)
    assert challenge.urgent
    assert all(p.due - p.since == timedelta(minutes=30) for p in challenge.prompts)
    assert "Act first" in one_way.sees(ELIF, reference)


async def test_risk_declared_while_a_stage_is_offered_shortens_the_time_to_accept(one_way: Story):
    reference = await lapsed(one_way)
    before = (await one_way.challenge(reference)).prompts
    await one_way.opens(CARA, reference, "Someone may be at risk")
    await one_way.answers(CARA, because="He is back at home.", done="Police called.")

    after = (await one_way.challenge(reference)).prompts
    assert [p.person for p in after] == [p.person for p in before]
    assert all(p.due <= one_way.clock.now() + timedelta(minutes=30) for p in after)
    assert "He is back at home." in one_way.sees(BEN, reference)


async def test_risk_declared_at_a_stage_goes_to_the_next_one_at_once(one_way: Story):
    reference = await one_way.raises()
    await to_stage(one_way, reference, 2, ELIF, CARA)
    await one_way.opens(ELIF, reference, "Someone may be at risk")
    await one_way.answers(ELIF)

    challenge = await one_way.challenge(reference)
    assert challenge.offered == 3
    assert await asked_now(one_way, reference) == HUGO


# Races


async def test_the_manager_and_their_deputy_accept_at_once_and_one_of_them_has_it(two_ways: Story):
    reference = await lapsed(two_ways)
    for who in (ELIF, FINN):
        await two_ways.opens(who, reference, "Accept escalation")
        await two_ways.person(who).fills({"line": f"{who} will ring today.", "danger": "No"})
    await asyncio.gather(two_ways.person(ELIF).submits(), two_ways.person(FINN).submits())
    await two_ways.settled()

    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.ACCEPTED) == 1
    [lead] = [one.person for one in (await two_ways.challenge(reference)).accepted]
    other = FINN if lead == ELIF else ELIF
    assert two_ways.person(lead).view is None
    assert "already accepted this" in "".join(two_ways.person(other).view.errors.values())
    assert f"{lead} will ring today." in two_ways.sees(BEN, reference)
    assert f"{other} will ring today." not in two_ways.sees(BEN, reference)


async def test_of_two_who_accept_in_the_same_instant_exactly_one_does(each_database: Story):
    casework = each_database.bot.casework
    await each_database.bot.courier.stop()
    for _ in range(TIMES):
        reference = await each_database.begun()
        number = (await each_database.challenge(reference)).id
        await casework.carry_out(escalate, number, by=ASHA, because="It cannot wait.")
        outcomes = await asyncio.gather(
            *(casework.carry_out(accept, number, by=who, line="Today.") for who in (ELIF, FINN)),
            return_exceptions=True,
        )

        [refusal] = [o for o in outcomes if isinstance(o, BaseException)]
        assert isinstance(refusal, AlreadyAccepted), refusal
        assert (await each_database.kinds(reference)).count(Happened.ACCEPTED) == 1
        assert len((await each_database.challenge(reference)).accepted) == 1


async def test_both_sides_managers_accept_in_the_same_instant_and_both_are_recorded(
    two_ways: Story,
):
    reference = await lapsed(two_ways)
    for who in (ELIF, CARA):
        await two_ways.opens(who, reference, "Accept escalation")
        await two_ways.person(who).fills({"line": "I will ring today.", "danger": "No"})
    await asyncio.gather(two_ways.person(ELIF).submits(), two_ways.person(CARA).submits())
    await two_ways.settled()

    assert two_ways.person(ELIF).view is None
    assert two_ways.person(CARA).view is None
    challenge = await two_ways.challenge(reference)
    assert set(challenge.leads) == {CARA, ELIF}
    assert (challenge.stage, challenge.prompts) == (2, ())
    assert (await two_ways.kinds(reference)).count(Happened.ACCEPTED) == 2


async def test_accepting_in_the_instant_that_the_time_to_accept_ends_is_either_or(
    each_database: Story,
):
    casework = each_database.bot.casework
    await each_database.bot.courier.stop()
    for _ in range(TIMES):
        reference = await each_database.begun()
        number = (await each_database.challenge(reference)).id
        offered = await casework.carry_out(escalate, number, by=ASHA, because="It cannot wait.")
        due = max(p.due for p in offered.prompts)
        each_database.clock.move_on(due - each_database.clock.now() + timedelta(seconds=1))
        accepted, _ = await asyncio.gather(
            casework.carry_out(accept, number, by=ELIF, line="Today."),
            casework.fall_due(),
            return_exceptions=True,
        )

        challenge = await each_database.challenge(reference)
        if isinstance(accepted, BaseException):
            assert isinstance(accepted, PromptPassedOn)
            assert challenge.status is Status.OFFERED
        else:
            # Cara's time is up as well, and the bot's own alarm sees to it.
            each_database.bot.stir()
            await eventually(partial(_begun_with, each_database, reference, ELIF))
        assert not await casework.left_waiting()


async def _begun_with(story: Story, reference: str, who: str) -> bool:
    challenge = await story.challenge(reference)
    return (challenge.stage, challenge.leads) == (2, (who,))


# The safety question, again


async def test_whoever_asks_for_the_next_stage_and_sees_danger_is_shown_whom_to_call(
    two_ways: Story,
):
    reference = await two_ways.raises()
    view = await two_ways.opens(ASHA, reference, "Ask for the next stage")
    assert "Is anyone in immediate danger now?" in view.labels
    call = await two_ways.answers(ASHA, because="He is outside.", danger="Yes, or I am not sure")

    assert call.title == "Please act now"
    assert "999" in call.words
    challenge = await two_ways.challenge(reference)
    assert challenge.urgent
    assert all(p.due - p.since == timedelta(minutes=30) for p in challenge.prompts)
    assert "Someone may be at risk" in two_ways.told(BEN)
    assert "He is outside." not in two_ways.told(BEN)


async def test_whoever_accepts_and_sees_danger_starts_the_urgent_route(one_way: Story):
    reference = await lapsed(one_way)
    await one_way.opens(ELIF, reference, "Accept escalation")
    call = await one_way.answers(ELIF, line="I ring now.", danger="Yes, or I am not sure")

    assert call.title == "Please act now"
    challenge = await one_way.challenge(reference)
    assert challenge.urgent
    assert [p.due - one_way.clock.now() < timedelta(minutes=31) for p in challenge.prompts]
    assert "Someone may be at risk" in one_way.sees(BEN, reference) or (
        "someone may be at risk" in one_way.sees(BEN, reference)
    )
