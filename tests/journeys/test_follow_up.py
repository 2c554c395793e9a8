"""After the end: agreed actions, what came of it, signing, opening it again, and after-care."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blocks import follow_up as form
from challenge.follow_up import owed_by
from challenge.model import Happened, Status, Went
from tests.journeys.story import (
    ASHA,
    BEN,
    CARA,
    ELIF,
    GRACE,
    IMANI,
    JOAN,
    LENA,
    PEOPLE,
    Story,
    directory_toml,
)

SECRET_WORDS = "I am left out of meetings since."


def on(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def fills(story: Story, who: str, **fields: str) -> Any:
    """By the fields' own names; answers the form that is still open, if any."""
    seat = story.person(who)
    await seat.fills(fields)
    await seat.submits()
    await story.settled()
    return seat.view


async def settle(story: Story, reference: str, *, owner: str = BEN, by: str = "2026-03-13") -> None:
    await story.opens(BEN, reference, "Propose how it is settled")
    await story.answers(BEN, outcome="We agreed a plan", how="We look at it again together.")
    await fills(story, BEN, **{"what.1": "Visit the family", "who.1": owner, "by.1": by})
    assert await story.answers(BEN) is None
    await story.presses(ASHA, reference, "Confirm it is settled")


async def says_what_came(story: Story, who: str, reference: str, went: Went) -> None:
    await story.opens(who, reference, "Say what came of it")
    said = {"went": went.value, "line": "The visit did not happen.", "danger": "No"}
    assert await fills(story, who, **said) is None


def newest_channel(story: Story, who: str, reference: str) -> Any:
    name = f"challenge-{reference.lower()}"
    return [c for c in story.person(who).channels() if c.name.startswith(name)][-1]


# The main story


async def test_a_no_after_twenty_working_days_opens_it_again_with_everything_on_record(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await settle(story, reference)

    await story.opens(ASHA, reference, "Sign the record")
    assert await fills(story, ASHA, agrees="Yes, I sign it") is None
    await story.until(on(12))
    assert "Did what was agreed happen" in story.told(ASHA)
    await says_what_came(story, ASHA, reference, Went.YES)
    await story.until(on(12, 17))
    assert story.channel(reference).archived
    await story.opens(BEN, reference, "Tick an action off")
    assert await fills(story, BEN, evidence="Visited on Wednesday.") is None
    await story.until(on(2, 8, month=4))
    await says_what_came(story, BEN, reference, Went.NO)

    challenge = await story.challenge(reference)
    assert (challenge.status, challenge.stage) == (Status.OPEN, 1)
    assert challenge.due > story.clock.now()
    channel = newest_channel(story, ASHA, reference)
    assert not channel.archived
    assert channel.id != story.channel(reference).id
    for who in (ASHA, BEN):
        assert f"opened {reference} again" in story.told(who)
        words = "\n".join(m.words for m in story.seen(who, channel.id))
        assert "The visit did not happen." in words
        assert "We look at it again together." in words
    kinds = await story.kinds(reference)
    assert kinds.index(Happened.SETTLED) < kinds.index(Happened.REOPENED)
    assert kinds.count(Happened.SPACE_OPENED) == 2
    assert not await story.bot.casework.left_waiting()
    await story.person(ASHA).says(channel.id, "Let us look again.")
    await story.settled()
    assert (await story.kinds(reference))[-1] is Happened.SAID


# Agreed actions


async def test_an_action_is_reminded_of_privately_and_ticked_off_with_a_word(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(13, 15, 30))

    assert "you agreed to do one thing" in one_way.told(BEN)
    assert "Visit the family" not in one_way.told(BEN)
    view = await one_way.opens(BEN, reference, "Tick an action off")
    assert "Visit the family" in str(view.words)
    view = await fills(one_way, BEN, evidence="  ")
    assert "what shows that it is done" in view.errors["evidence"]
    assert await fills(one_way, BEN, evidence="Visited today.") is None

    [action] = (await one_way.challenge(reference)).settlement.actions
    assert action.done_by == BEN
    assert "ticked off an agreed action" in one_way.told(ASHA)
    assert Happened.ACTION_DONE in await one_way.kinds(reference)
    await one_way.until(on(30))
    assert Happened.ACTION_OVERDUE not in await one_way.kinds(reference)


async def test_an_overdue_action_is_asked_after_until_another_day_is_agreed(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(16, 9, 1))
    await one_way.until(on(23, 9, 1))

    assert one_way.told(BEN).count("is not ticked off") == 2
    assert one_way.told(ASHA).count("is not ticked off") == 2
    assert one_way.told(IMANI).count("is not ticked off") == 1
    last = {who: one_way.person(who).direct_messages()[-1].buttons for who in (BEN, ASHA, IMANI)}
    assert "Tick an action off" in last[BEN]
    assert last[ASHA] == ["Propose another day"]
    assert last[IMANI] == []
    await one_way.opens(BEN, reference, "Propose another day")
    view = await fills(one_way, BEN, day="2026-03-23", because="They are away.")
    assert "Choose a day after today" in view.errors["day"]
    assert await fills(one_way, BEN, day="2026-04-10") is None
    view = await one_way.opens(ASHA, reference, "Agree to the new day")
    assert "Friday 10 April 2026" in str(view.words)
    assert await fills(one_way, ASHA) is None

    [action] = (await one_way.challenge(reference)).settlement.actions
    assert action.by.isoformat() == "2026-04-10"
    await one_way.until(on(9, 8, month=4))
    assert one_way.told(BEN).count("is not ticked off") == 2
    assert "agreed to the new day" in one_way.told(BEN)


async def test_an_owner_from_elsewhere_has_their_action_and_nothing_else(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference, owner=LENA)
    assert "One thing that was agreed is yours to do" in one_way.told(LENA)
    shown = await one_way.types(LENA, f"show {reference}")
    assert "Visit the family" in shown
    assert "The referral of Monday" not in shown

    await one_way.opens(LENA, reference, "Tick an action off")
    assert await fills(one_way, LENA, evidence="Done by telephone.") is None
    assert "You have done what was yours to do" in await one_way.types(LENA, f"show {reference}")


async def test_what_somebody_owes_is_found_however_many_were_closed_since(one_way: Story):
    owing = await one_way.raises()
    await settle(one_way, owing)

    found = await one_way.bot.casework.challenges_of(BEN, closed=0)

    assert [challenge.reference for challenge in found] == [owing]
    assert [a.what for a in owed_by(found[0], BEN)] == ["Visit the family"]


# What came of it


async def test_who_has_said_what_came_of_it_is_asked_no_more(each_database: Story):
    story = each_database
    reference = await story.raises()
    await settle(story, reference)
    await story.until(on(12))
    assert left(story, ASHA, "Did what was agreed") == [["Say what came of it"]]

    await says_what_came(story, ASHA, reference, Went.YES)

    assert left(story, ASHA, "Did what was agreed") == [[]]
    assert "You have answered. Thank you." in story.told(ASHA)
    assert left(story, BEN, "Did what was agreed") == [["Say what came of it"]]
    assert left(story, BEN, "said what came of") == [["Say what came of it", "Open it again"]]
    await story.until(on(2, 8, month=4))
    assert left(story, ASHA, "Did what was agreed") == [[], ["Say what came of it"]]
    assert left(story, BEN, "Did what was agreed") == [[], ["Say what came of it"]]
    await says_what_came(story, BEN, reference, Went.PARTLY)
    assert left(story, BEN, "what came of") == [[]]
    assert left(story, BEN, "Did what was agreed") == [[], []]
    assert left(story, ASHA, "said what came of") == [[]]


def left(story: Story, who: str, words: str) -> list[list[str]]:
    """The buttons that can still be pressed on each direct message that says so."""
    return [m.buttons for m in story.person(who).direct_messages() if words in m.words]


# Signing


async def test_both_sides_sign_or_dissent_and_the_card_shows_who_has(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    assert "Nobody has signed the record yet." in one_way.card(reference).words

    await one_way.opens(ASHA, reference, "Sign the record")
    await fills(one_way, ASHA, agrees="Yes, I sign it")
    await one_way.until(on(10, 9, 1))
    assert "has not signed the record" in one_way.told(BEN)
    assert "has not signed the record" not in one_way.told(ASHA)
    again = one_way.remembers(BEN, reference, "Sign the record")
    await one_way.opens(BEN, reference, "Sign the record")
    view = await fills(one_way, BEN, agrees="I sign it, and see something otherwise")
    assert "where you see it otherwise" in view.errors["dissent"]
    assert await fills(one_way, BEN, dissent="The call was on Tuesday.") is None

    card = one_way.card(reference).words
    assert "Ben Osei (Children's Social Care) (with dissent)" in card
    assert "Sign the record" not in one_way.card(reference).buttons
    assert "The call was on Tuesday." not in one_way.told(ASHA)
    assert "sees something otherwise" in one_way.told(ASHA)
    await again()
    assert one_way.person(BEN).view is not None
    view = await fills(one_way, BEN, agrees="Yes, I sign it")
    assert "signed this record already" in "".join(view.errors.values())


# Opening it again


async def test_either_side_opens_it_again_where_it_ended_while_the_channel_is_there(
    one_way: Story,
):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)
    await one_way.accepts(ELIF, reference)
    await one_way.accepts(CARA, reference)
    await settle(one_way, reference)

    view = await one_way.opens(CARA, reference, "Open it again")
    assert "stage 2" in str(view.words)
    shown = await fills(one_way, CARA, because="A new report came in.", danger="No")
    assert shown is None

    challenge = await one_way.challenge(reference)
    assert (challenge.status, challenge.stage) == (Status.OPEN, 2)
    assert challenge.space.channel == one_way.channel(reference).id
    assert "A new report came in." in one_way.sees(BEN, reference)
    assert "Propose how it is settled" in one_way.card(reference).buttons
    await one_way.until(challenge.due + timedelta(seconds=1))
    assert (await one_way.challenge(reference)).status is Status.OFFERED


async def test_an_answer_that_comes_after_it_was_opened_again_is_told_so(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(12, 9, 1))
    late = one_way.remembers(BEN, reference, "Say what came of it")
    await says_what_came(one_way, ASHA, reference, Went.NO)

    await late()

    assert "This challenge is open at the moment" in one_way.refused(BEN)


async def test_a_bystander_neither_signs_nor_opens_again(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.person(ASHA).invites(one_way.channel(reference).id, LENA)

    for label in ("Sign the record", "Open it again", "Tick an action off"):
        await one_way.presses(LENA, reference, label)
        assert "There is nothing here that you can open" in one_way.refused(LENA)


# After-care


async def test_what_is_confided_reaches_one_person_outside_both_lines_and_nobody_else(
    two_ways: Story,
):
    story = two_ways
    reference = await story.raises()
    await settle(story, reference)
    await story.until(on(19, 9, 1))
    view = await story.opens(ASHA, reference, "Answer privately")
    assert "Imani Cole" in str(view.words)
    view = await fills(story, ASHA, difficulty="Yes")
    assert "what has been difficult" in view.errors["words"]
    assert await fills(story, ASHA, words=SECRET_WORDS) is None

    await story.presses(IMANI, reference, "Read it")
    assert SECRET_WORDS in str(story.person(IMANI).view.words)
    for who in (ASHA, BEN, CARA, ELIF, IMANI, JOAN):
        assert SECRET_WORDS not in story.told(who)
        assert SECRET_WORDS not in story.sees(who, reference)
    record = await story.record(reference)
    assert SECRET_WORDS not in str([(r.entry.summary, dict(r.entry.words)) for r in record])
    asked = await story.summaries(reference, Happened.AFTERCARE_ASKED)
    assert len(asked) == 1


async def test_nobody_but_the_listener_opens_what_was_confided(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(19, 9, 1))
    await one_way.opens(BEN, reference, "Answer privately")
    await fills(one_way, BEN, difficulty="Yes", words=SECRET_WORDS)
    challenge = await one_way.challenge(reference)
    heard = await one_way.bot.casework.confidences(challenge.id, by=IMANI)

    assert [c.words for c in heard] == [SECRET_WORDS]
    for who in (ASHA, BEN, ELIF, GRACE, JOAN):
        with pytest.raises(Exception, match="There is nothing here that you can open"):
            await one_way.bot.casework.confidences(challenge.id, by=who)


async def test_a_confidence_that_does_not_arrive_goes_back_and_nobody_else_hears_of_it(
    one_way: Story, capfd: pytest.CaptureFixture[str]
):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(19, 9, 1))
    before = await one_way.kinds(reference)
    refused = one_way.sandbox.faults.add(
        "chat.postMessage", "answer", error="user_disabled", channel=IMANI, times=None
    )
    capfd.readouterr()
    await one_way.opens(ASHA, reference, "Answer privately")
    await fills(one_way, ASHA, difficulty="Yes", words=SECRET_WORDS)

    assert refused.struck == 1
    assert "did not reach Imani Cole" in one_way.told(ASHA)
    assert SECRET_WORDS not in one_way.told(ASHA)
    assert left(one_way, ASHA, "did not reach") == [["Answer privately"]]
    view = await one_way.opens(ASHA, reference, "Answer privately")
    assert "Joan Marsh" in str(view.words)
    assert SECRET_WORDS in str(view.blocks)
    assert await fills(one_way, ASHA) is None
    assert left(one_way, ASHA, "did not reach") == []
    await one_way.presses(JOAN, reference, "Read it")
    assert SECRET_WORDS in str(one_way.person(JOAN).view.words)

    assert await one_way.kinds(reference) == before
    assert "could not be delivered" not in one_way.told(JOAN)
    for who in (BEN, CARA, ELIF, IMANI):
        assert "in confidence" not in one_way.told(who)
    printed = capfd.readouterr()
    logged = printed.out + printed.err
    assert "put off" in logged
    assert "confided" not in logged
    assert ASHA not in logged


async def test_who_has_answered_in_confidence_is_thanked_and_nothing_keeps_that_they_did(
    each_database: Story,
):
    story = each_database
    reference = await story.raises()
    await settle(story, reference)
    await story.until(on(19, 9, 1))
    challenge = await story.challenge(reference)
    waits = await story.bot.outbox.questions(challenge.id)
    for who, answer in ((ASHA, {"difficulty": "Yes", "words": SECRET_WORDS}), (BEN, NONE)):
        await story.opens(who, reference, "Answer privately")
        assert await fills(story, who, **answer) is None

    for who in (ASHA, BEN):
        assert left(story, who, "Thank you for your answer") == [["Write again"]]
        assert left(story, who, "anything been hard since") == []
    assert await story.bot.outbox.questions(challenge.id) == waits
    await story.opens(ASHA, reference, "Write again")
    assert await fills(story, ASHA, difficulty="Yes", words="It goes on.") is None
    heard = await story.bot.casework.confidences(challenge.id, by=IMANI)
    assert [each.by for each in heard] == [ASHA, BEN, ASHA]


NONE = {"difficulty": "No"}


async def test_an_answer_in_confidence_is_kept_although_slack_does_not_alter_the_question(
    one_way: Story,
):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(19, 9, 1))
    one_way.sandbox.faults.add("chat.update", "error", status=503, times=None)
    await one_way.opens(BEN, reference, "Answer privately")

    assert await fills(one_way, BEN, **NONE) is None

    challenge = await one_way.challenge(reference)
    assert len(await one_way.bot.casework.confidences(challenge.id, by=IMANI)) == 1
    assert left(one_way, BEN, "anything been hard since") == [["Answer privately"]]


async def test_no_difficulty_is_kept_and_nobody_is_bothered_with_it(one_way: Story):
    reference = await one_way.raises()
    await settle(one_way, reference)
    await one_way.until(on(19, 9, 1))
    await one_way.opens(BEN, reference, "Answer privately")
    assert await fills(one_way, BEN, difficulty="No") is None

    challenge = await one_way.challenge(reference)
    [kept] = await one_way.bot.casework.confidences(challenge.id, by=IMANI)
    assert not kept.difficulty
    assert "in confidence" not in one_way.told(IMANI)


async def test_the_person_named_for_after_care_hears_it_first(telling: Any):
    listed = directory_toml(PEOPLE) + f'aftercare = ["{LENA}"]\n'
    async with telling(listed=listed) as story:
        reference = await story.raises()
        await settle(story, reference)
        await story.until(on(19, 9, 1))

        view = await story.opens(ASHA, reference, "Answer privately")
        assert "Lena Novak" in str(view.words)


def test_a_form_that_was_sent_without_a_number_names_no_action():
    assert form.read_agree({"state": {"values": {}}}) == {"number": 0}
