"""The courier against a pretend Slack that fails in every way that Slack does."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.courier import Courier
from bot.deeds import NOT_TAKEN_OUT
from bot.wiring import Bot
from challenge.model import Change, Entry, Happened, Notice, Told
from sandbox import Sandbox
from tests.bot.conftest import (
    ON_BOTH,
    MakeBot,
    all_sent,
    channel_of,
    keys,
    open_parcels,
    pass_time,
    posted_in,
    put_off,
    raised,
    risk,
    skip_pauses,
    tell,
)
from tests.bot.dying import followed_by_an_heir
from tests.bot.waiting import eventually
from tests.makers import (
    U_CHALLENGED,
    U_COORDINATOR,
    U_OTHER_MANAGER,
    U_RAISER,
    U_UNIT,
)

COORDINATOR = str(U_COORDINATOR)


async def entries(bot: Bot, challenge_id: int) -> list[Happened]:
    async with bot.files.shelf() as shelf:
        return [kept.entry.kind for kept in await shelf.chronology(challenge_id)]


async def shown_in(bot: Bot, sandbox: Sandbox, draft: str = "draft"):
    """A challenge whose first words have all been said."""
    challenge = await raised(bot, draft)
    await all_sent(bot)
    return challenge, channel_of(sandbox, challenge)


# Who is taken out of the channel


def set_aside(challenge, moment, directory) -> Change:
    """As the rules leave it: out, and to be taken out of the channel."""
    entry = Entry(Happened.CONFLICT_SETTLED, U_UNIT, "There is one.")
    out = replace(challenge, out=(U_OTHER_MANAGER,))
    return Change(out, (entry,), (Notice(Told.TAKE_OUT, about=U_OTHER_MANAGER),))


async def joined_by_a_manager(bot: Bot, sandbox: Sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    await tell(bot, challenge, Notice(Told.INVITE, about=U_OTHER_MANAGER))
    await all_sent(bot)
    assert str(U_OTHER_MANAGER) in channel.members
    return challenge, channel


async def test_whoever_is_asked_anew_meanwhile_is_not_taken_out(bot, sandbox):
    challenge, channel = await joined_by_a_manager(bot, sandbox)

    await tell(bot, challenge, Notice(Told.TAKE_OUT, about=U_OTHER_MANAGER))
    await all_sent(bot)

    assert str(U_OTHER_MANAGER) in channel.members
    assert Happened.TAKEN_OUT not in await entries(bot, challenge.id)


async def test_a_refusal_for_a_moment_is_tried_again_until_they_are_out(bot, sandbox):
    challenge, channel = await joined_by_a_manager(bot, sandbox)
    sandbox.faults.add("conversations.kick", "error", times=2)
    sandbox.faults.add("conversations.kick", "ratelimited")

    await bot.casework.carry_out(set_aside, challenge.id)
    await all_sent(bot)

    assert str(U_OTHER_MANAGER) not in channel.members
    assert (await entries(bot, challenge.id)).count(Happened.TAKEN_OUT) == 1


@pytest.mark.parametrize("error", sorted(NOT_TAKEN_OUT))
async def test_what_slack_says_against_it_is_a_fact_on_record_and_the_unit_is_told(
    bot, sandbox, error
):
    challenge, _ = await shown_in(bot, sandbox)
    sandbox.faults.add("conversations.kick", "answer", error=error)

    await bot.casework.carry_out(set_aside, challenge.id)
    await all_sent(bot)

    assert (await entries(bot, challenge.id)).count(Happened.STAYS_IN) == 1
    told = [m.text for m in sandbox.person(str(U_UNIT)).direct_messages()]
    assert [text for text in told if "take them out by hand" in text]
    assert await bot.outbox.dead() == []


# What is told when all goes well


@ON_BOTH
async def test_a_raised_challenge_gets_a_private_channel_its_people_and_a_pinned_card(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)

    assert channel.is_private
    assert {str(U_RAISER), str(U_CHALLENGED)} <= set(channel.members)
    [card] = posted_in(channel)
    assert channel.pins == [card.ts]
    assert challenge.reference in channel.topic
    assert sandbox.complaints == []


async def test_the_card_is_brought_up_to_date_and_not_posted_again(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)

    await tell(bot, challenge, Notice(Told.CARD))
    await all_sent(bot)

    assert len(posted_in(channel)) == 1
    assert len(sandbox.calls("chat.update")) == 1


async def test_a_deleted_card_is_posted_and_pinned_anew(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    [card] = posted_in(channel)
    await bot.client.chat_delete(channel=channel.id, ts=card.ts)

    await tell(bot, challenge, Notice(Told.CARD))
    await all_sent(bot)

    [anew] = posted_in(channel)
    assert anew.ts != card.ts
    assert anew.ts in channel.pins


async def test_a_card_that_cannot_be_pinned_is_still_a_card(bot, sandbox):
    sandbox.faults.add("pins.add", "answer", error="too_many_pins")

    _, channel = await shown_in(bot, sandbox)

    assert len(posted_in(channel)) == 1
    assert await bot.outbox.dead() == []


async def test_a_private_button_is_shown_to_one_person_in_the_channel(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)

    await tell(bot, challenge, Notice(Told.OFFER_ACT, to=U_RAISER, mark="PROPOSE_DATE"))
    await all_sent(bot)

    assert [m.channel for m in sandbox.person(str(U_RAISER)).ephemerals] == [channel.id]
    assert sandbox.person(str(U_CHALLENGED)).ephemerals == []


async def test_a_private_button_reaches_someone_outside_the_channel_in_a_direct_message(
    bot, sandbox
):
    challenge, _ = await shown_in(bot, sandbox)

    await tell(bot, challenge, Notice(Told.OFFER_ACT, to=U_OTHER_MANAGER, mark="PROPOSE_DATE"))
    await all_sent(bot)

    [message] = sandbox.person(str(U_OTHER_MANAGER)).direct_messages()
    assert challenge.reference in message.text


async def test_the_channel_is_archived_and_to_be_told_twice_does_no_harm(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)

    await tell(bot, challenge, Notice(Told.ARCHIVE_SPACE), Notice(Told.ARCHIVE_SPACE))
    await all_sent(bot)

    assert channel.archived
    assert await bot.outbox.dead() == []


async def test_what_is_posted_names_its_key_and_unfolds_no_links(bot, sandbox):
    await shown_in(bot, sandbox)

    for call in sandbox.calls("chat.postMessage"):
        assert not call.payload["unfurl_links"]
        assert not call.payload["unfurl_media"]
    assert len(set(keys(sandbox))) == len(keys(sandbox)) > 2


async def test_words_to_one_channel_arrive_in_order_and_keep_their_pace(another_bot, sandbox):
    bot = another_bot()
    bot.courier = Courier(bot.outbox, bot.casework, bot.client, bot.clock, pace=0.2)
    await bot.start()
    challenge, channel = await shown_in(bot, sandbox)

    await tell(bot, challenge, risk(), Notice(Told.DATE_AGREED), Notice(Told.TOP_LAPSED))
    began = time.monotonic()
    bot.stir()
    await all_sent(bot)

    texts = [m.text for m in posted_in(channel)[1:]]
    assert [("at risk" in t, "is agreed" in t, "last stage" in t) for t in texts] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert time.monotonic() - began >= 0.4


# What is told once, whatever fails


@ON_BOTH
@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("drop_after", {}),
        ("drop_before", {}),
        ("error", {"status": 500}),
        ("error", {"status": 503}),
        ("ratelimited", {"retry_after": 0}),
        ("answer", {"error": "internal_error"}),
        ("answer", {"error": "fatal_error"}),
        ("answer", {"error": "rate_limited"}),
    ],
)
async def test_a_word_is_said_once_although_slack_failed(bot, sandbox, kind, how):
    challenge, channel = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", kind, **how)

    await tell(bot, challenge, risk(), Notice(Told.TOP_LAPSED, to=U_COORDINATOR))
    await all_sent(bot)

    assert len(posted_in(channel)) == 2
    assert len(sandbox.person(COORDINATOR).direct_messages()) == 1
    assert len(set(keys(sandbox))) == len(keys(sandbox))


async def test_a_word_is_said_once_although_slack_answered_too_late(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    await bot.client.session.close()
    bot.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3))
    sandbox.faults.add("chat.postMessage", "slow", seconds=0.6)

    await tell(bot, challenge, risk())
    await put_off(bot, Told.RISK_DECLARED)
    await eventually(lambda: len(posted_in(channel)) == 2)
    await all_sent(bot)

    assert len(posted_in(channel)) == 2


async def test_a_doubtful_direct_message_is_looked_for_before_it_is_repeated(bot, sandbox):
    challenge, _ = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "drop_after")

    await tell(bot, challenge, Notice(Told.TOP_LAPSED, to=U_COORDINATOR))
    await all_sent(bot)

    assert len(sandbox.calls("conversations.history")) == 1
    assert len(sandbox.person(COORDINATOR).direct_messages()) == 1


async def test_slack_is_left_alone_for_as_long_as_it_asks_and_other_methods_go_on(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "ratelimited", retry_after=1, channel=channel.id)

    await tell(bot, challenge, risk(), Notice(Told.TOP_LAPSED, to=U_COORDINATOR))
    await put_off(bot, Told.RISK_DECLARED)
    refused = time.monotonic()
    other = await raised(bot, "other")
    await eventually(lambda: len(sandbox.calls("conversations.create")) == 2)
    assert time.monotonic() - refused < 0.9
    await all_sent(bot)

    assert time.monotonic() - refused > 0.8
    assert len(posted_in(channel)) == 2
    assert len(posted_in(channel_of(sandbox, other))) == 1


async def test_while_slack_is_down_nothing_is_dropped(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    down = sandbox.faults.add("*", "error", status=503, times=None)

    await tell(bot, challenge, risk(), Notice(Told.TOP_LAPSED, to=U_COORDINATOR))

    async def tried_often() -> bool:
        pass_time(bot, minutes=2)
        return bool(down.struck > 40)

    await eventually(tried_often)
    sandbox.faults.clear()
    await all_sent(bot)

    assert await bot.outbox.dead() == []
    assert len(posted_in(channel)) == 2


@pytest.mark.parametrize("point", ["out.after_claim", "out.before_post", "out.after_post"])
@ON_BOTH
async def test_a_word_is_said_once_although_the_courier_died(another_bot, sandbox, point):
    bot = another_bot()
    await bot.start()
    challenge, channel = await shown_in(bot, sandbox)
    async with followed_by_an_heir(bot, point):
        await tell(bot, challenge, risk())

    assert len(posted_in(channel)) == 2


@pytest.mark.parametrize("point", ["out.after_claim", "out.before_post", "out.after_post"])
@ON_BOTH
async def test_somebody_is_taken_out_although_the_courier_died_and_the_record_says_it_once(
    another_bot, sandbox, point
):
    bot = another_bot()
    await bot.start()
    challenge, channel = await joined_by_a_manager(bot, sandbox)
    async with followed_by_an_heir(bot, point):
        await bot.casework.carry_out(set_aside, challenge.id)

    assert str(U_OTHER_MANAGER) not in channel.members
    assert (await entries(bot, challenge.id)).count(Happened.TAKEN_OUT) == 1
    assert await bot.outbox.dead() == []


async def test_a_courier_whose_lease_ran_out_leaves_the_parcel_to_the_next(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    await bot.courier.stop()
    frozen = Courier(
        bot.outbox, bot.casework, bot.client, bot.clock, 0.0, lambda point: _freeze(bot, point)
    )
    running = asyncio.create_task(frozen.run())

    await tell(bot, challenge, risk())
    frozen.stir()
    await eventually(lambda: _claimed(bot))
    await frozen.stop()
    await running

    assert len(posted_in(channel)) == 1


def _freeze(bot: Bot, point: str) -> None:
    if point == "out.after_claim":
        bot.clock.move_on(timedelta(seconds=50))  # type: ignore[attr-defined]


async def _claimed(bot: Bot) -> bool:
    return any(p.attempts for p in await open_parcels(bot))


# Several lanes, several couriers


async def test_one_slow_channel_does_not_hold_the_others_up(bot, sandbox):
    slow, channel = await shown_in(bot, sandbox, "slow")
    swift, other = await shown_in(bot, sandbox, "swift")
    sandbox.faults.add("chat.postMessage", "slow", seconds=1.0, channel=channel.id)

    await tell(bot, slow, risk())
    await tell(bot, swift, risk())
    await eventually(lambda: len(posted_in(other)) == 2, within=0.9)

    assert len(posted_in(channel)) == 1
    await all_sent(bot)


async def test_a_word_does_not_overtake_the_one_before_it_that_failed(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "error", times=3)

    await tell(bot, challenge, risk(), Notice(Told.DATE_AGREED))
    await all_sent(bot)

    texts = [m.text for m in posted_in(channel)[1:]]
    assert ["at risk" in texts[0], "is agreed" in texts[1]] == [True, True]


@ON_BOTH
async def test_couriers_share_the_work_and_nothing_is_said_twice(
    another_bot: MakeBot, sandbox: Sandbox
):
    one, other = another_bot(), another_bot()
    await one.start()
    await other.start()
    for kind in ("drop_after", "drop_before", "error"):
        sandbox.faults.add("chat.postMessage", kind, times=None, probability=0.1)

    challenges = [await raised(one, f"draft {number}") for number in range(12)]
    for challenge in challenges:
        await tell(one, challenge, risk(), Notice(Told.CARD), Notice(Told.DATE_AGREED))

    async def empty() -> bool:
        await skip_pauses(one, other)
        return await one.outbox.waiting() == 0

    await eventually(empty, within=40)

    assert len(set(keys(sandbox))) == len(keys(sandbox))
    assert await one.outbox.dead() == []
    for challenge in challenges:
        texts = [m.text for m in posted_in(channel_of(sandbox, challenge))]
        assert len(texts) == 3
        assert "is agreed" in texts[-1]


# What Slack refuses for good


@pytest.mark.parametrize("code", ["restricted_action", "msg_too_long", "is_archived", "no_text"])
async def test_what_slack_refuses_for_good_is_told_and_the_lane_goes_on(bot, sandbox, code):
    challenge, channel = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "answer", error=code, channel=channel.id)

    await tell(bot, challenge, risk(), Notice(Told.DATE_AGREED))
    await all_sent(bot)

    [dead] = await bot.outbox.dead()
    assert (dead.kind, dead.why) == (Told.RISK_DECLARED, code)
    assert Happened.UNDELIVERED in await entries(bot, challenge.id)
    [word] = sandbox.person(COORDINATOR).direct_messages()
    assert "could not be delivered" in word.text
    assert "is agreed" in posted_in(channel)[-1].text


async def test_a_channel_that_slack_refuses_is_reported_and_tried_until_it_is_there(bot, sandbox):
    sandbox.faults.add("conversations.create", "answer", error="restricted_action", times=2)

    challenge = await raised(bot)
    told = sandbox.person(COORDINATOR).direct_messages
    await eventually(lambda: bot.courier.stuck_on == "restricted_action")
    pass_time(bot, seconds=16)
    await eventually(lambda: any("could not be delivered" in m.text for m in told()))
    pass_time(bot, seconds=61)
    pass_time(bot, seconds=61)
    await all_sent(bot)

    assert await bot.outbox.dead() == []
    assert bot.courier.stuck_on is None
    assert channel_of(sandbox, challenge).pins
    assert (await entries(bot, challenge.id)).count(Happened.UNDELIVERED) == 1


async def test_a_word_about_an_undelivered_word_is_not_told_again_without_end(bot, sandbox):
    challenge, _ = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "answer", error="restricted_action", times=None)

    await tell(bot, challenge, risk())
    await all_sent(bot)

    assert [p.kind for p in await bot.outbox.dead()] == [Told.RISK_DECLARED, Told.UNDELIVERED]


async def test_a_confidence_that_cannot_even_go_back_is_told_to_nobody(bot, sandbox):
    challenge, _ = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "answer", error="user_disabled", channel=U_UNIT)

    await tell(bot, challenge, Notice(Told.CONFIDED, to=U_UNIT, mark="forgotten"))
    await all_sent(bot)

    assert [p.kind for p in await bot.outbox.dead()] == [Told.CONFIDED]
    assert Happened.UNDELIVERED not in await entries(bot, challenge.id)
    assert sandbox.person(COORDINATOR).direct_messages() == []


async def test_a_closed_account_is_told_to_the_coordinators(bot, sandbox):
    challenge, _ = await shown_in(bot, sandbox)
    sandbox.faults.add("chat.postMessage", "answer", error="account_inactive")

    await tell(bot, challenge, Notice(Told.TOP_LAPSED, to=U_OTHER_MANAGER))
    await all_sent(bot)

    [dead] = await bot.outbox.dead()
    assert dead.to == U_OTHER_MANAGER
    assert bot.courier.stuck_on is None


async def test_a_refused_token_is_the_operators_matter_and_nothing_is_lost(bot, sandbox):
    challenge, channel = await shown_in(bot, sandbox)
    sandbox.faults.add("*", "answer", error="token_revoked", times=None)

    await tell(bot, challenge, risk())
    await eventually(lambda: bot.courier.stuck_on == "token_revoked")
    sandbox.faults.clear()
    pass_time(bot, seconds=61)
    await all_sent(bot)

    assert len(posted_in(channel)) == 2
    await eventually(lambda: bot.courier.stuck_on is None)
    assert await bot.outbox.dead() == []


async def test_a_card_that_cannot_be_drawn_is_given_up_and_the_lane_goes_on(bot, sandbox, caplog):
    challenge, channel = await shown_in(bot, sandbox)

    await tell(bot, challenge, Notice(Told.OFFER_ACT, to=U_RAISER, mark="NONSENSE"), risk())
    await all_sent(bot)

    [dead] = await bot.outbox.dead()
    assert dead.why == "could not be drawn"
    assert "at risk" in posted_in(channel)[-1].text
    assert "NONSENSE" not in caplog.text


# The space


async def test_a_strangers_channel_of_the_same_name_is_never_adopted(bot, sandbox):
    year = bot.casework.moment().now.year
    stranger = await sandbox.person(str(U_OTHER_MANAGER)).creates(f"challenge-pc-{year}-0001")

    challenge = await raised(bot)
    await all_sent(bot)

    kept = await _space(bot, challenge.id)
    assert kept.channel != stranger.id
    assert kept.name.startswith(stranger.name + "-")
    assert posted_in(stranger) == []


async def test_a_strangers_channel_that_the_bot_was_invited_to_is_never_adopted(bot, sandbox):
    year = bot.casework.moment().now.year
    seat = sandbox.person(str(U_OTHER_MANAGER))
    stranger = await seat.creates(f"challenge-pc-{year}-0001")
    await seat.invites(stranger.id, sandbox.bot_user_id)
    await seat.leaves(stranger.id)

    challenge = await raised(bot)
    await all_sent(bot)

    assert (await _space(bot, challenge.id)).channel != stranger.id


@pytest.mark.parametrize("method", ["conversations.create", "conversations.setTopic"])
async def test_a_channel_whose_making_was_never_answered_is_found_again(bot, sandbox, method):
    sandbox.faults.add(method, "drop_after")

    challenge, channel = await shown_in(bot, sandbox)

    made = [c for c in sandbox.channels() if c.is_private]
    assert [c.id for c in made] == [channel.id]
    assert (await _space(bot, challenge.id)).channel == channel.id


async def test_an_old_channel_of_our_own_is_not_taken_for_a_lost_one(bot, sandbox):
    year = bot.casework.moment().now.year
    old = await bot.client.conversations_create(name=f"challenge-pc-{year}-0001", is_private=True)
    sandbox.channel(old["channel"]["id"]).created -= 3600

    challenge = await raised(bot)
    await all_sent(bot)

    assert (await _space(bot, challenge.id)).channel != old["channel"]["id"]


async def test_someone_who_cannot_be_invited_is_told_of_and_nothing_waits(bot, sandbox):
    sandbox.person(str(U_CHALLENGED)).person.guest = True

    challenge, channel = await shown_in(bot, sandbox)

    assert await bot.outbox.dead() == []
    assert Happened.NOT_REACHED in await entries(bot, challenge.id)
    for who in (str(U_RAISER), COORDINATOR):
        words = "\n".join(m.text for m in sandbox.person(who).direct_messages())
        assert "could not be brought into" in words
    assert "could not be brought" in posted_in(channel)[-1].words


async def test_a_restored_lost_answer_to_an_invitation_is_no_problem(bot, sandbox):
    sandbox.faults.add("conversations.invite", "drop_after")

    challenge, _ = await shown_in(bot, sandbox)

    assert Happened.NOT_REACHED not in await entries(bot, challenge.id)


async def _space(bot: Bot, challenge_id: int):
    async with bot.files.shelf() as shelf:
        challenge = await shelf.challenge_by_id(challenge_id)
    assert challenge is not None
    assert challenge.space is not None
    return challenge.space
