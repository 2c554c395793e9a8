"""The outbox: in order within a lane, on a lease, never lost, and said when it may be a repeat."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from challenge.model import Challenge, Notice, PersonId, Told
from storage.outbox import Delivered, Outbox
from tests.makers import U_CHALLENGED, U_RAISER
from tests.storage.conftest import LEASE, NOW, Kept, a_change

CARD = Notice(Told.CARD)
REMINDER = Notice(Told.REMINDER, mark=U_RAISER)
TO_RAISER = Notice(Told.BROUGHT_IN, to=U_RAISER, about=U_CHALLENGED)
A_MINUTE = timedelta(minutes=1)


async def kinds(kept: Kept, **more) -> list[Told]:
    return [parcel.kind for parcel in await kept.claim(**more)]


# -- what is written -----------------------------------------------------------------------------


async def test_a_parcel_says_what_its_notice_said(kept: Kept):
    challenge = await kept.raised(replace(TO_RAISER, mark="m"))

    [parcel] = await kept.claim()

    assert (parcel.challenge_id, parcel.kind, parcel.mark) == (challenge.id, Told.BROUGHT_IN, "m")
    assert (parcel.to, parcel.about, parcel.entry) == (U_RAISER, U_CHALLENGED, 1)
    assert (parcel.lane, parcel.attempts, parcel.unsure) == (f"p{U_RAISER}", 1, False)
    assert (parcel.first_try, parcel.written) == (NOW, NOW)
    assert len(parcel.key) == 32


async def test_each_channel_and_each_person_is_a_lane(kept: Kept):
    offer = Notice(Told.OFFER_ACT, to=U_RAISER)
    one, two = await kept.all_raised([1, 2], CARD, REMINDER, TO_RAISER, offer)

    lanes = await kept.numbers("SELECT lane FROM outbox ORDER BY id")

    channels = (f"c{one.id}", f"c{two.id}")
    assert lanes == [lane for c in channels for lane in (c, c, f"p{U_RAISER}", c)]


async def test_a_card_that_nobody_has_in_hand_is_not_written_again(kept: Kept):
    challenge = await kept.raised(CARD, REMINDER, CARD)

    [challenge] = await kept.record(a_change(challenge, CARD), a_change(challenge, CARD))

    assert await kinds(kept) == [Told.CARD]
    await kept.record(a_change(challenge, CARD))
    assert await kept.outbox.waiting() == 3


async def test_a_card_that_may_have_been_posted_does_not_stand_for_a_new_one(kept: Kept):
    challenge = await kept.raised(CARD)
    [card] = await kept.claim()
    await kept.outbox.later(card, NOW, unsure=True, why="timeout")

    await kept.record(a_change(challenge, CARD))

    assert await kept.outbox.waiting() == 2


async def test_a_card_put_off_for_sure_stands_for_a_new_one(kept: Kept):
    challenge = await kept.raised(CARD)
    [card] = await kept.claim()
    await kept.outbox.later(card, NOW, unsure=False, why="ratelimited")

    await kept.record(a_change(challenge, CARD))

    assert await kept.outbox.waiting() == 1


async def test_a_card_that_stands_for_a_new_one_is_not_drawn_before_the_change_can_be_seen(
    kept: Kept,
):
    challenge = await kept.raised(CARD)

    async with kept.files.desk() as desk:
        await desk.record([a_change(challenge, CARD)], [], NOW)
        meanwhile = asyncio.create_task(kept.claim())
        # PostgreSQL passes the held card over; on SQLite the claim waits for its turn.
        await asyncio.wait({meanwhile}, timeout=0.3)
        assert not meanwhile.done() or meanwhile.result() == []

    claimed = await meanwhile or await kept.claim()
    assert [parcel.kind for parcel in claimed] == [Told.CARD]
    assert await kept.outbox.waiting() == 1


# -- claiming ------------------------------------------------------------------------------------


async def test_only_the_oldest_of_each_lane_goes_and_the_oldest_lane_first(kept: Kept):
    await kept.all_raised([1, 2], CARD, REMINDER, TO_RAISER)

    assert await kinds(kept, most=2) == [Told.CARD, Told.BROUGHT_IN]
    assert await kinds(kept) == [Told.CARD]
    assert await kinds(kept) == []


async def test_the_next_of_a_lane_goes_when_the_first_is_sent_or_given_up(kept: Kept):
    await kept.raised(CARD, REMINDER, Notice(Told.PROMPT))
    [card] = await kept.claim()
    await kept.outbox.sent(card, "C1", "1.1", NOW)
    [reminder] = await kept.claim()
    assert reminder.kind is Told.REMINDER

    await kept.outbox.given_up(reminder, "channel_not_found", NOW)

    assert await kinds(kept) == [Told.PROMPT]
    assert [(p.id, p.why) for p in await kept.outbox.dead()] == [(reminder.id, "channel_not_found")]
    assert await kept.outbox.waiting() == 1


async def test_what_is_put_off_holds_its_lane_until_then(kept: Kept):
    await kept.raised(CARD, REMINDER)
    [card] = await kept.claim()
    await kept.outbox.later(card, NOW + A_MINUTE, unsure=True, why="timeout")
    assert await kept.claim() == []
    assert await kept.outbox.next_at(NOW) == NOW + A_MINUTE

    kept.pass_time(minutes=1)

    [again] = await kept.claim()
    assert (again.key, again.attempts, again.unsure) == (card.key, 2, True)
    assert again.first_try == NOW


async def test_what_was_surely_not_posted_comes_back_sure(kept: Kept):
    await kept.raised(CARD)
    [card] = await kept.claim()
    await kept.outbox.later(card, NOW, unsure=False, why="ratelimited")

    [again] = await kept.claim()

    assert not again.unsure


async def test_a_lease_that_ran_out_comes_back_unsure(kept: Kept):
    await kept.raised(CARD)
    [card] = await kept.claim(owner="frozen")
    assert await kept.outbox.next_at(NOW) == NOW + LEASE
    assert await kept.claim(owner="other") == []

    kept.pass_time(seconds=60)

    [again] = await kept.claim(owner="other")
    assert (again.id, again.unsure, again.attempts) == (card.id, True, 2)
    assert not await kept.outbox.still_mine(card, "frozen", kept.now, timedelta(0))


async def test_a_resting_lane_is_left_alone(kept: Kept):
    one, two = await kept.all_raised([1, 2], CARD)

    [card] = await kept.claim(resting={f"c{one.id}", "c99"})

    assert card.challenge_id == two.id


async def test_a_lease_is_mine_only_while_enough_of_it_is_left(kept: Kept):
    await kept.raised(CARD)
    [card] = await kept.claim()
    mine = kept.outbox.still_mine

    assert await mine(card, "me", NOW + timedelta(seconds=45), timedelta(seconds=15))
    assert not await mine(card, "me", NOW + timedelta(seconds=46), timedelta(seconds=15))
    assert not await mine(card, "another", NOW, timedelta(0))
    await kept.outbox.sent(card, "C1", "1.1", NOW)
    assert not await mine(card, "me", NOW, timedelta(0))


async def test_my_own_earlier_lease_is_no_longer_mine(kept: Kept):
    await kept.raised(CARD)
    [first] = await kept.claim()
    kept.pass_time(minutes=2)
    [second] = await kept.claim()

    assert not await kept.outbox.still_mine(first, "me", kept.now, timedelta(0))
    assert await kept.outbox.still_mine(second, "me", kept.now, timedelta(0))


async def test_the_latecomer_neither_puts_off_nor_gives_up_what_another_holds(kept: Kept):
    await kept.raised(CARD)
    [late] = await kept.claim()
    kept.pass_time(minutes=2)
    [held] = await kept.claim(owner="other")

    await kept.outbox.later(late, NOW, unsure=False, why="")
    await kept.outbox.given_up(late, "", NOW)

    assert await kept.outbox.still_mine(held, "other", kept.now, timedelta(0))
    assert await kept.outbox.dead() == []


async def test_what_slack_has_is_sent_whoever_holds_it_and_the_first_answer_stands(kept: Kept):
    challenge = await kept.raised(CARD)
    [late] = await kept.claim()
    kept.pass_time(minutes=2)
    [held] = await kept.claim(owner="other")

    await kept.outbox.sent(late, "C1", "1.1", kept.now)
    await kept.outbox.sent(held, "C1", "2.2", kept.now)

    assert await kept.outbox.last_sent(challenge.id, Told.CARD) == ("C1", "1.1")
    assert await kept.outbox.waiting() == 0


async def test_several_claimers_at_once_never_get_the_same_parcel(kept: Kept):
    numbers = list(range(1, 61))
    await kept.all_raised(numbers, CARD, REMINDER)
    others = [Kept(kept.url, kept.key) for _ in range(3)]

    async def claimer(house: Kept) -> list[int]:
        mine: list[int] = []
        for _ in range(30):
            for parcel in await house.claim(most=4, owner=str(id(house))):
                await house.outbox.sent(parcel, "C", str(parcel.id), NOW)
                mine.append(parcel.id)
        return mine

    taken = await asyncio.gather(*(claimer(house) for house in (kept, *others)))

    flat = [id for mine in taken for id in mine]
    assert sorted(flat) == list(range(1, 121))
    for house in others:
        await house.database.dispose()


# -- asking --------------------------------------------------------------------------------------


async def test_what_may_go_at_once_is_due_now(kept: Kept):
    assert await kept.outbox.next_at(NOW) is None
    await kept.raised(CARD, REMINDER)

    later = NOW + A_MINUTE
    assert await kept.outbox.next_at(later) == later
    await kept.claim()
    assert await kept.outbox.next_at(NOW) == NOW + LEASE


async def test_the_newest_message_of_a_kind_is_found_again(kept: Kept):
    challenge = await kept.raised(TO_RAISER, replace(TO_RAISER, to=U_CHALLENGED))
    outbox: Outbox = kept.outbox
    assert await outbox.last_sent(challenge.id, Told.BROUGHT_IN) is None
    first, second = await kept.claim()

    await outbox.sent(second, "D2", "2.2", NOW)
    await outbox.sent(first, None, None, NOW)

    assert await outbox.last_sent(challenge.id, Told.BROUGHT_IN) == ("D2", "2.2")
    found = await outbox.sent_about(challenge.id, Told.BROUGHT_IN)
    assert [(d.parcel.id, d.channel, d.ts) for d in found] == [
        (second.id, "D2", "2.2"),
        (first.id, None, None),
    ]
    assert isinstance(found[0], Delivered)
    assert await outbox.last_sent(challenge.id, Told.CARD) is None


async def test_a_thousand_parcels_are_claimed_lane_by_lane(kept: Kept):
    people = [PersonId(f"U{number}") for number in range(1_000)]
    await kept.raised(*(Notice(Told.BROUGHT_IN, to=person) for person in people))

    claimed = await kept.claim(most=300)

    assert [parcel.to for parcel in claimed] == people[:300]


# -- what asks -----------------------------------------------------------------------------------

DATE = Notice(Told.DATE_PROPOSED, about=U_RAISER)


async def asked(kept: Kept, *notices: Notice) -> Challenge:
    """A challenge whose first messages stand in Slack, with buttons that wait."""
    challenge = await kept.raised(*notices)
    for number in range(len(notices)):
        [parcel] = await kept.claim()
        said = f"Question {number}?"
        await kept.outbox.sent(parcel, "C1", f"{number}.1", NOW, said, challenge.version)
    return challenge


async def test_a_message_that_asks_is_looked_at_again_after_a_change_once(kept: Kept):
    challenge = await asked(kept, DATE)

    [challenge] = await kept.record(a_change(challenge, REMINDER), a_change(challenge))
    await kept.record(a_change(challenge))

    assert await kinds(kept) == [Told.REMINDER, Told.DEALT_WITH]
    assert await kept.outbox.waiting() == 2
    [question] = await kept.outbox.questions(challenge.id)
    assert (question.channel, question.ts, question.said) == ("C1", "0.1", "Question 0?")
    assert not question.again


async def test_one_that_is_being_looked_at_does_not_stand_for_the_next_change(kept: Kept):
    challenge = await asked(kept, DATE)
    [challenge] = await kept.record(a_change(challenge))
    assert await kinds(kept) == [Told.DEALT_WITH]

    await kept.record(a_change(challenge))

    assert await kept.outbox.waiting() == 2


async def test_where_nothing_asks_nothing_is_looked_at(kept: Kept):
    challenge = await asked(kept, DATE)
    [question] = await kept.outbox.questions(challenge.id)

    await kept.outbox.dealt_with(question)
    await kept.record(a_change(challenge))

    assert await kept.outbox.questions(challenge.id) == []
    assert await kept.outbox.waiting() == 0


async def test_the_newest_of_the_same_question_is_the_one_that_waits(kept: Kept):
    other = replace(DATE, about=U_CHALLENGED)
    challenge = await asked(kept, DATE, DATE, other)

    found = await kept.outbox.questions(challenge.id)

    assert [question.again for question in found] == [True, False, False]


async def test_one_asked_again_in_vain_waits_where_it_was(kept: Kept):
    challenge = await asked(kept, DATE)
    await kept.record(a_change(challenge, DATE))
    [parcel] = [one for one in await kept.claim() if one.kind is Told.DATE_PROPOSED]

    await kept.outbox.given_up(parcel, "user_disabled", NOW)

    [question] = await kept.outbox.questions(challenge.id)
    assert not question.again


async def test_what_was_drawn_before_a_change_is_looked_at_again_when_it_is_posted(kept: Kept):
    challenge = await kept.raised(DATE)
    [parcel] = await kept.claim()
    await kept.record(a_change(challenge))
    assert await kept.outbox.waiting() == 1

    await kept.outbox.sent(parcel, "C1", "1.1", NOW, "A date?", challenge.version)

    assert await kinds(kept) == [Told.DEALT_WITH]


async def test_a_change_and_a_post_do_not_pass_each_other_unseen(kept: Kept):
    challenge = await kept.raised(DATE)
    [parcel] = await kept.claim()

    async with kept.files.desk() as desk:
        await desk.record([a_change(challenge)], [], NOW)
        post = asyncio.create_task(
            kept.outbox.sent(parcel, "C1", "1.1", NOW, "A date?", challenge.version)
        )
        await asyncio.wait({post}, timeout=0.3)
        assert not post.done()
    await post

    assert await kinds(kept) == [Told.DEALT_WITH]
