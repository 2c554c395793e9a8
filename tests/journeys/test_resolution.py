"""Settling: one side proposes how, the other confirms; or the raiser withdraws."""

import asyncio
from datetime import timedelta

import pytest

from blocks.agreed_action import MOST
from challenge.model import Happened, Outcome, Status
from challenge.refusals import Closed
from challenge.resolution import confirm_settlement, propose_settlement
from tests.journeys.story import ASHA, BEN, CARA, ELIF, LENA, Story

TIMES = 20


async def propose(
    story: Story, who: str, reference: str, *actions: dict[str, str], how: str = "We look again."
) -> None:
    await story.opens(who, reference, "Propose how it is settled")
    await story.answers(who, outcome="The decision was changed", how=how)
    for number, action in enumerate(actions, start=1):
        await story.answers(who, **{f"{name}.{number}": text for name, text in action.items()})
    if len(actions) < MOST:
        await story.answers(who)
    assert story.person(who).view is None


def action(what: str, by: str = "2026-03-20", who: str = BEN) -> dict[str, str]:
    return {"what": what, "who": who, "by": by}


# Proposing


@pytest.mark.parametrize("number", [0, 3, MOST])
async def test_a_settlement_carries_as_many_agreed_actions_as_were_named_up_to_ten(
    one_way: Story, number: int
):
    reference = await one_way.raises()
    actions = [action(f"Step {n}") for n in range(1, number + 1)]
    await propose(one_way, BEN, reference, *actions)

    settlement = (await one_way.challenge(reference)).settlement
    assert settlement.outcome is Outcome.CHANGED
    assert [a.what for a in settlement.actions] == [a["what"] for a in actions]
    seen = one_way.sees(ASHA, reference)
    assert "We look again." in seen
    for a in actions:
        assert a["what"] in seen
        assert "Friday 20 March 2026" in seen
    await one_way.presses(ASHA, reference, "Confirm it is settled")
    assert (await one_way.challenge(reference)).status is Status.SETTLED


async def test_the_clock_runs_on_while_a_settlement_is_proposed(one_way: Story):
    reference = await one_way.raises()
    due = (await one_way.challenge(reference)).due
    await propose(one_way, BEN, reference)
    assert (await one_way.challenge(reference)).due == due
    await one_way.until(due + timedelta(seconds=1))

    challenge = await one_way.challenge(reference)
    assert challenge.status is Status.OFFERED
    assert challenge.settlement is not None
    await one_way.presses(ASHA, reference, "Confirm it is settled")
    assert (await one_way.challenge(reference)).status is Status.SETTLED


async def test_nobody_confirms_what_their_own_side_proposed(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference)
    await one_way.presses(BEN, reference, "Confirm it is settled")
    assert "Your side made this proposal" in one_way.refused(BEN)

    await one_way.asks_for_more(ASHA, reference)
    await one_way.accepts(ELIF, reference)
    await one_way.presses(ELIF, reference, "Confirm it is settled")
    assert "Your side made this proposal" in one_way.refused(ELIF)
    assert not (await one_way.challenge(reference)).is_closed


async def test_a_proposal_is_declined_with_a_reason_and_the_date_stands(one_way: Story):
    reference = await one_way.raises()
    due = (await one_way.challenge(reference)).due
    await propose(one_way, BEN, reference)
    await one_way.opens(ASHA, reference, "Not settled yet")
    view = await one_way.answers(ASHA, because=" ")
    assert "Please say why" in view.errors["because"]
    assert await one_way.answers(ASHA, because="The visit is still not booked.") is None

    challenge = await one_way.challenge(reference)
    assert challenge.settlement is None
    assert (challenge.status, challenge.due) == (Status.OPEN, due)
    assert "The visit is still not booked." in one_way.sees(BEN, reference)
    assert "Propose how it is settled" in one_way.card(reference).buttons


async def test_whoever_raised_it_says_no_on_the_card_to_their_own_managers_proposal(
    one_way: Story,
):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    for who in (CARA, ELIF):
        await one_way.accepts(who, reference)
    await propose(one_way, CARA, reference)

    own = "For me it is not settled"
    assert own in one_way.card(reference).buttons
    await one_way.opens(CARA, reference, own)
    await one_way.answers(CARA, because="I see it otherwise now.")
    assert "Your side made this proposal" in one_way.refused(CARA)
    await one_way.opens(ASHA, reference, own)
    assert await one_way.answers(ASHA, because="The visit is still not booked.") is None

    assert (await one_way.challenge(reference)).settlement is None
    assert own not in one_way.card(reference).buttons


@pytest.mark.parametrize(
    "half",
    [{"what": "Visit"}, {"what": "Visit", "who": BEN}, {"who": BEN, "by": "2026-03-20"}],
    ids=["no owner, no day", "no day", "no words"],
)
async def test_a_half_filled_action_is_refused_where_it_stands(
    one_way: Story, half: dict[str, str]
):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Propose how it is settled")
    await one_way.answers(BEN, outcome="We agreed a plan", how="We look again.")
    view = await one_way.answers(BEN, **{f"{name}.1": text for name, text in half.items()})

    assert "An agreed action needs what will be done" in view.errors["what.1"]
    rest = {"what.1": "Visit", "who.1": BEN, "by.1": "2026-03-20"}
    await one_way.answers(BEN, **rest)
    assert await one_way.answers(BEN) is None
    assert len((await one_way.challenge(reference)).settlement.actions) == 1


async def test_an_action_for_a_day_that_has_passed_is_refused_where_it_stands(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Propose how it is settled")
    await one_way.answers(BEN, outcome="We agreed a plan", how="We look again.")
    past = {"what.1": "Visit", "who.1": BEN, "by.1": "2026-03-04"}
    view = await one_way.answers(BEN, **past)

    assert "today or later" in view.errors["what.1"]
    await one_way.answers(BEN, **{"by.1": "2026-03-05"})
    assert await one_way.answers(BEN) is None


async def test_a_settlement_without_words_is_refused_where_they_are_missing(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Propose how it is settled")
    view = await one_way.answers(BEN, outcome="We agreed a plan", how="   ")

    assert "how it was settled" in view.errors["how"]


async def test_an_action_whose_yes_was_lost_is_pressed_again_and_agreed_once(one_way: Story):
    reference = await one_way.raises()
    await one_way.opens(BEN, reference, "Propose how it is settled")
    await one_way.answers(BEN, outcome="We agreed a plan", how="We look again.")
    ben = one_way.person(BEN)
    await ben.fills({"what.1": "Visit", "who.1": BEN, "by.1": "2026-03-20"})
    one_way.sandbox.faults.lose_acks(1)
    await ben.submits()
    await ben.submits()
    assert await one_way.answers(BEN) is None

    assert [a.what for a in (await one_way.challenge(reference)).settlement.actions] == ["Visit"]


# The end


async def test_settling_tells_both_closes_the_record_and_archives_after_a_pause(two_ways: Story):
    reference = await two_ways.raises()
    await two_ways.settles(reference)

    for who in (ASHA, BEN):
        assert f"{reference} is settled. Its record is closed and kept." in two_ways.told(who)
    left = ["Tick an action off", "Propose another day", "Sign the record", "Open it again"]
    assert two_ways.card(reference).buttons == left
    assert "settled" in two_ways.card(reference).text
    channel = two_ways.channel(reference)
    assert not channel.archived

    await two_ways.says(ASHA, reference, "Thank you.")
    await two_ways.passes(days=6)
    assert not channel.archived
    await two_ways.passes(days=3)
    assert channel.archived
    assert (await two_ways.kinds(reference)).count(Happened.SPACE_ARCHIVED) == 1
    assert not await two_ways.bot.casework.left_waiting()


async def test_a_closed_challenge_refuses_every_further_act(one_way: Story):
    reference = await one_way.raises()
    labels = [
        label for label in one_way.card(reference).buttons if label != "Withdraw this challenge"
    ]
    opened = {}
    await one_way.opens(BEN, reference, "Propose another date")
    opened["day"] = "2026-03-06"
    await one_way.opens(ASHA, reference, "Withdraw this challenge")
    assert await one_way.answers(ASHA, because="It was a misunderstanding.") is None
    view = await one_way.answers(BEN, **opened)

    assert labels
    assert "This challenge is closed" in "".join(view.errors.values())
    assert one_way.card(reference).buttons == ["Open it again"]
    before = await one_way.kinds(reference)
    challenge = await one_way.challenge(reference)
    with pytest.raises(Closed):
        await one_way.bot.casework.carry_out(confirm_settlement, challenge.id, by=BEN)
    assert await one_way.kinds(reference) == before


async def test_only_the_raiser_withdraws_and_with_a_reason(one_way: Story):
    reference = await one_way.raises()
    await one_way.presses(BEN, reference, "Withdraw this challenge")
    assert "it is for the person who raised the challenge" in one_way.refused(BEN)

    await one_way.opens(ASHA, reference, "Withdraw this challenge")
    view = await one_way.answers(ASHA, because="\n ")
    assert "Please say why" in view.errors["because"]
    assert await one_way.answers(ASHA, because="Answered by telephone.") is None

    assert (await one_way.challenge(reference)).status is Status.WITHDRAWN
    assert "Answered by telephone." in one_way.sees(BEN, reference)
    for who in (ASHA, BEN):
        assert f"{reference} is withdrawn" in one_way.told(who)
        assert "Answered by telephone." not in one_way.told(who)


async def test_a_bystander_in_the_channel_settles_nothing(one_way: Story):
    reference = await one_way.raises()
    await propose(one_way, BEN, reference)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)
    for label in ("Confirm it is settled", "Not settled yet", "Withdraw this challenge"):
        await one_way.presses(LENA, reference, label)
        assert "There is nothing here that you can open" in one_way.refused(LENA)
        assert one_way.person(LENA).view is None
    assert not (await one_way.challenge(reference)).is_closed


# Races


async def test_confirm_pressed_twice_at_once_settles_once(two_ways: Story):
    reference = await two_ways.raises()
    await propose(two_ways, BEN, reference)
    asha, channel = two_ways.person(ASHA), two_ways.channel(reference).id
    ts = next(m.ts for m in two_ways.seen(ASHA, channel) if "Confirm it is settled" in m.buttons)
    await asyncio.gather(
        *(asha.clicks(channel, ts, label="Confirm it is settled") for _ in range(3))
    )
    await two_ways.settled()

    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.SETTLED) == 1
    assert two_ways.told(BEN).count("is settled. Its record is closed") == 1
    assert "This challenge is closed" in two_ways.refused(ASHA)


async def test_settling_and_lapsing_in_the_same_instant_leave_it_settled(each_database: Story):
    story = each_database
    await story.bot.courier.stop()
    for _ in range(TIMES):
        reference = await story.begun()
        challenge = await story.challenge(reference)
        await story.bot.casework.carry_out(
            propose_settlement,
            challenge.id,
            by=BEN,
            outcome=Outcome.EXPLAINED,
            how="Explained on the telephone.",
        )
        story.clock.move_on(challenge.due - story.clock.now() + timedelta(seconds=1))
        await asyncio.gather(
            story.bot.casework.carry_out(confirm_settlement, challenge.id, by=ASHA),
            story.bot.casework.fall_due(),
        )

        assert (await story.challenge(reference)).status is Status.SETTLED
        kinds = await story.kinds(reference)
        assert kinds.count(Happened.SETTLED) == 1
        assert kinds.count(Happened.LAPSED) <= 1
        assert Happened.LAPSED not in kinds[kinds.index(Happened.SETTLED) :]
    assert not await story.bot.casework.left_waiting()


async def test_both_sides_propose_at_once_and_one_proposal_stands(two_ways: Story):
    reference = await two_ways.raises()
    await two_ways.asks_for_more(BEN, reference)
    await two_ways.accepts(ELIF, reference)
    await two_ways.accepts(CARA, reference)
    for who in (ELIF, CARA):
        await two_ways.opens(who, reference, "Propose how it is settled")
        await two_ways.answers(who, outcome="We agreed a plan", how=f"As {who} says.")
    await asyncio.gather(two_ways.person(ELIF).submits(), two_ways.person(CARA).submits())
    await two_ways.settled()

    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.SETTLEMENT_PROPOSED) == 2
    last = [r.entry for r in await two_ways.record(reference)][-1]
    settlement = (await two_ways.challenge(reference)).settlement
    assert last.kind is Happened.SETTLEMENT_PROPOSED
    assert settlement.proposed_by == last.by
