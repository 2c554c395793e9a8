"""The private channel: who could not be brought in, who came after all, and whose name it is."""

from datetime import timedelta

import pytest

from challenge.agreement import accept_date
from challenge.model import Happened, Status
from tests.journeys.story import ASHA, BEN, ELIF, JOAN, LENA, NIA, OLU, Story


@pytest.mark.parametrize(
    ("who", "name", "why"),
    [
        (OLU, "Olu Adeyemi (Children's Social Care)", ""),
        (NIA, f"<@{NIA}> (not in the directory)", "they are a guest"),
    ],
    ids=["deactivated", "a guest"],
)
async def test_somebody_whom_slack_does_not_let_in_is_told_of_at_once_and_the_clock_runs_on(
    two_ways: Story, who: str, name: str, why: str
):
    two_ways.forgives("posted_to_deactivated")
    reference = await two_ways.raises(to=who)

    for told in (ASHA, JOAN):
        assert f"{name} could not be brought into {reference}: {why}" in two_ways.told(told)
        assert "The clock runs on" in two_ways.told(told)
    assert "ask for the next stage now, on the card: you need not wait" in two_ways.told(ASHA)
    assert "put their entry in the directory right" in two_ways.told(JOAN)
    assert "could not be brought into this channel" in two_ways.card(reference).words
    assert "The clock runs on; the coordinators know." in two_ways.card(reference).words
    challenge = await two_ways.challenge(reference)
    assert challenge.status is Status.OPEN

    await two_ways.until(challenge.due + timedelta(seconds=1))
    assert (await two_ways.challenge(reference)).status is Status.OFFERED
    assert reference in two_ways.told(ELIF) or who == NIA


async def test_somebody_who_comes_in_after_all_is_taken_off_the_card(two_ways: Story):
    two_ways.sandbox.faults.add("conversations.invite", "answer", error="cant_invite", after=1)
    reference = await two_ways.raises()
    assert BEN not in two_ways.channel(reference).members
    assert "could not be brought into this channel" in two_ways.card(reference).words

    await two_ways.person(ASHA).invites(two_ways.channel(reference).id, BEN)
    await two_ways.settled()
    assert "could not be brought into this channel" not in two_ways.card(reference).words
    kinds = await two_ways.kinds(reference)
    assert kinds.count(Happened.NOT_REACHED) == 1
    assert kinds.count(Happened.REACHED) == 1


async def test_a_channel_of_that_name_is_left_alone_and_ours_gets_a_name_of_its_own(
    one_way: Story,
):
    theirs = await one_way.person(LENA).creates("challenge-pc-2026-0001")
    await one_way.person(LENA).invites(theirs.id, one_way.sandbox.bot_user_id)
    await one_way.fills_in()
    await one_way.settled()

    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.reference == "PC-2026-0001"
    assert challenge.space is not None
    ours = one_way.sandbox.channel(challenge.space.channel)
    assert ours.id != theirs.id
    assert ours.name.startswith("challenge-pc-2026-0001-")
    assert set(ours.members) == {ASHA, BEN, one_way.sandbox.bot_user_id}
    assert all("PC-2026-0001" not in m.words for m in one_way.person(LENA).messages(theirs.id))


async def test_a_card_that_somebody_deleted_is_posted_anew(one_way: Story):
    reference = await one_way.raises()
    channel, card = one_way.channel(reference), one_way.card(reference)
    one_way.sandbox.world.workspace.delete(channel, card)
    await one_way.bot.casework.carry_out(
        accept_date, (await one_way.challenge(reference)).id, by=BEN
    )
    await one_way.settled()

    assert one_way.card(reference).ts != card.ts
    assert "(agreed)" in one_way.card(reference).words
    assert channel.pins == [one_way.card(reference).ts]


async def test_a_renamed_channel_is_still_the_challenges_own(one_way: Story):
    reference = await one_way.raises()
    channel = one_way.channel(reference)
    await one_way.person(ASHA).renames(channel.id, "kept-by-asha")
    await one_way.person(ASHA).says(channel.id, "Still here.")
    await one_way.settled()

    assert Happened.SAID in await one_way.kinds(reference)


async def test_a_challenge_goes_on_without_its_channel_once_somebody_archived_it(one_way: Story):
    reference = await one_way.raises()
    channel = one_way.channel(reference)
    await one_way.person(ASHA).archives(channel.id)
    due = (await one_way.challenge(reference)).due
    await one_way.until(due + timedelta(seconds=1))

    assert (await one_way.challenge(reference)).status is Status.OFFERED
    assert f"{reference} needs you at stage 2" in one_way.told(ELIF)
    assert "could not be delivered" in one_way.told(JOAN)
    assert Happened.UNDELIVERED in await one_way.kinds(reference)


async def test_a_challenge_goes_on_without_its_channel_once_the_bot_was_put_out(one_way: Story):
    reference = await one_way.raises()
    channel = one_way.channel(reference)
    await one_way.person(ASHA).removes(channel.id, one_way.sandbox.bot_user_id)
    due = (await one_way.challenge(reference)).due
    await one_way.until(due + timedelta(seconds=1))

    assert f"{reference} needs you at stage 2" in one_way.told(ELIF)
    assert "could not be delivered" in one_way.told(JOAN)
