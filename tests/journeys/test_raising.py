"""Raising a challenge: safety first, nothing typed lost, one challenge however often it is said."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from challenge.model import Happened
from tests.journeys.conftest import Telling
from tests.journeys.story import (
    ASHA,
    ASKED,
    BEN,
    CARA,
    ELIF,
    FINN,
    LENA,
    NIA,
    PERSON_FIRST,
    Story,
    labelled,
)

DANGER = "Is anyone in immediate danger now?"
ABOUT = {
    "subject": "A child",
    "reference": "LIQ-20394",
    "challenged": BEN,
    "area": "Timeliness",
    "decision": "Nobody has rung since Monday.",
}
NIGHT = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)


async def come_to_the_second_form(story: Story, who: str = ASHA) -> None:
    await story.person(who).command("/challenge")
    await story.person(who).fill(DANGER, "No")
    await story.person(who).submits()


async def come_to_the_third_form(story: Story, **about: str) -> None:
    await come_to_the_second_form(story)
    await story.person(ASHA).fills(labelled(ABOUT | about))
    await story.person(ASHA).submits()


async def come_to_the_last_form(story: Story) -> None:
    await come_to_the_third_form(story)
    await story.person(ASHA).fills(labelled(ASKED))
    await story.person(ASHA).submits()


def typed(story: Story, who: str, name: str) -> object:
    """What stands in that field of the form on top."""
    [held] = story.person(who).view.state[name].values()
    return held.get("value") or held.get("selected_user") or held.get("selected_date")


# Safety first


async def test_whom_to_call_appears_the_moment_somebody_says_yes(one_way: Story):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    assert "call 999 now" in asha.view.words
    assert "What has been done to keep them safe?" not in asha.view.labels

    await asha.fill(DANGER, "Yes, or I am not sure")
    await one_way.settled()

    assert "Police or ambulance, in an emergency: *999*" in asha.view.words
    assert "this form can wait" in asha.view.words
    assert "What has been done to keep them safe?" in asha.view.labels


async def test_saying_no_again_puts_the_contacts_away_and_keeps_nobody_from_going_on(
    one_way: Story,
):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill(DANGER, "Yes, or I am not sure")
    await asha.fill(DANGER, "No")
    await one_way.settled()

    assert "this form can wait" not in asha.view.words
    await asha.submits()
    assert asha.view.title == "What you challenge"


async def test_danger_never_blocks_even_when_nothing_has_been_done_yet(one_way: Story):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill(DANGER, "Yes, or I am not sure")
    await one_way.settled()
    await asha.submits()

    assert asha.view.title == "What you challenge"


async def test_whoever_presses_next_before_the_numbers_came_is_shown_them_first(one_way: Story):
    """A bug, mended: somebody quick never saw whom to call."""
    one_way.forgives("view_refused")
    one_way.sandbox.faults.add("views.update", "answer", error="hash_conflict")
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill(DANGER, "Yes, or I am not sure")
    assert "this form can wait" not in asha.view.words

    await asha.submits()
    assert "Police or ambulance, in an emergency: *999*" in asha.view.words
    assert "What has been done to keep them safe?" in asha.view.labels
    await asha.submits()
    assert asha.view.title == "What you challenge"


async def test_the_urgent_route_asks_both_sides_at_once_and_gives_them_thirty_minutes(
    two_ways: Story,
):
    reference = await two_ways.raises(danger=True)

    challenge = await two_ways.challenge(reference)
    assert challenge.urgent
    assert {p.person for p in challenge.prompts} == {CARA, ELIF}
    assert all(p.due - p.since == timedelta(minutes=30) for p in challenge.prompts)
    for manager in (CARA, ELIF):
        assert f"{reference} needs you at stage 2" in two_ways.told(manager)
        assert "Accept escalation" in two_ways.person(manager).direct_messages()[-1].buttons
        assert "call 999 now" in two_ways.told(manager)
    assert "urgent route" in two_ways.card(reference).text
    assert "Stage 2" in two_ways.card(reference).text
    assert any(
        "Called 999 at 14:10." in r.entry.words.values() for r in await two_ways.record(reference)
    )


async def test_everybody_who_is_told_of_it_hears_that_it_is_urgent_and_what_was_done(
    one_way: Story,
):
    reference = await one_way.raises(danger=True)

    for who in (BEN, CARA, ELIF, FINN):
        assert "Urgent: someone may be at risk. Act first." in one_way.told(who)
        assert "Called 999" not in one_way.told(who)
    assert "Stage 2, Managers and safeguarding leads, is offered" in one_way.told(BEN)
    assert "is asked to answer by" not in one_way.told(BEN)
    prompts = [m for m in one_way.seen(ELIF, one_way.channel(reference).id) if "needs" in m.text]
    for message in (one_way.card(reference), *prompts):
        assert "Urgent: someone may be at risk" in message.words
        assert "Called 999 at 14:10." in message.words


async def test_an_ordinary_challenge_says_nothing_of_danger(one_way: Story):
    reference = await one_way.raises()
    await one_way.asks_for_more(ASHA, reference)

    assert "at risk. Act first" not in one_way.sees(BEN, reference)
    assert "Ben Osei is asked to answer by" in one_way.told(BEN)


async def test_the_urgent_clock_runs_at_night_too(telling: Telling):
    async with telling(start=NIGHT) as story:
        reference = await story.raises(danger=True)

        [due] = {p.due for p in (await story.challenge(reference)).prompts}
        assert NIGHT + timedelta(minutes=29) < due < NIGHT + timedelta(minutes=32)

        await story.until(due + timedelta(seconds=1))
        asked = {p.person for p in (await story.challenge(reference)).prompts}
        assert asked.isdisjoint({CARA, ELIF})


async def test_the_urgent_route_asks_no_date(one_way: Story):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill(DANGER, "Yes, or I am not sure")
    await asha.submits()
    await asha.fills(labelled(ABOUT))
    await asha.submits()

    assert asha.view.title == "Why, and what you ask"
    assert "By when do you ask for an answer?" not in asha.view.labels


# Ways in, and what is asked


async def test_the_command_the_shortcut_and_the_home_button_open_the_same_form(one_way: Story):
    asha = one_way.person(ASHA)
    seen = []
    await asha.command("/challenge")
    seen.append(asha.view)
    await asha.closes(everything=True)
    await asha.shortcut("challenge.raise")
    seen.append(asha.view)
    await asha.closes(everything=True)
    await one_way.looks_home(ASHA)
    await asha.presses("Raise a challenge")
    seen.append(asha.view)

    assert len({view.words for view in seen}) == 1
    assert len({view.callback_id for view in seen}) == 1
    assert seen[0].title == "Raise a challenge"


async def test_no_form_asks_for_more_than_six_things(one_way: Story):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill(DANGER, "Yes, or I am not sure")
    counts = [len(asha.view.labels)]
    await asha.fill(DANGER, "No")
    await asha.submits()
    counts.append(len(asha.view.labels))
    await asha.fills(labelled(ABOUT))
    await asha.submits()
    counts.append(len(asha.view.labels))

    assert max(counts) <= 6


async def test_the_procedures_limit_is_offered_as_the_date(one_way: Story):
    await come_to_the_third_form(one_way)

    assert typed(one_way, ASHA, "due") == "2026-03-06"
    assert "procedure's limit" in one_way.person(ASHA).view.words


async def test_a_sooner_day_is_free(one_way: Story):
    reference = await one_way.raises(due="2026-03-05")

    due = (await one_way.challenge(reference)).due
    assert due == datetime(2026, 3, 5, 17, 0, tzinfo=UTC)


# Nothing typed is lost


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2026-03-09", "The procedure allows until"), ("2026-03-04", "has passed already")],
)
async def test_a_day_that_cannot_be_is_refused_beside_the_field_with_the_text_kept(
    one_way: Story, day: str, sentence: str
):
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled(ASKED | {"due": day}))
    await asha.submits()

    assert sentence in asha.view.errors["due"]
    assert typed(one_way, ASHA, "why") == ASKED["why"]

    await asha.fill("By when do you ask for an answer?", "2026-03-06")
    await asha.submits()
    await asha.submits()
    await one_way.settled()
    assert asha.view is None
    assert len(await one_way.bot.casework.challenges_of(ASHA)) == 1


async def test_nobody_challenges_themself_and_nothing_typed_is_lost(one_way: Story):
    await come_to_the_second_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled(ABOUT | {"challenged": ASHA}))
    await asha.submits()

    assert "You cannot challenge yourself" in asha.view.errors["challenged"]
    assert typed(one_way, ASHA, "decision") == ABOUT["decision"]


@pytest.mark.parametrize("empty", ["   ", "\u200b\u200b", "\n\n\t"])
async def test_words_that_say_nothing_are_refused_beside_their_field(one_way: Story, empty: str):
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled(ASKED | {"ask": empty}))
    await asha.submits()
    await one_way.settled()

    assert "in your own words" in asha.view.errors["ask"]
    assert typed(one_way, ASHA, "why") == ASKED["why"]
    assert not await one_way.bot.casework.challenges_of(ASHA)


@pytest.mark.parametrize("field", ["reference", "decision"])
async def test_words_that_say_nothing_are_refused_where_they_were_typed(one_way: Story, field: str):
    await come_to_the_second_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled(ABOUT | {field: "   "}))
    await asha.submits()

    assert asha.view.title == "What you challenge"
    assert "in your own words" in asha.view.errors[field]


async def test_going_back_keeps_what_was_typed(one_way: Story):
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    await asha.closes()

    assert asha.view.title == "What you challenge"
    assert typed(one_way, ASHA, "decision") == ABOUT["decision"]

    await asha.fill("The decision, action or inaction", "Nobody has rung since Tuesday.")
    await asha.submits()
    await asha.fills(labelled(ASKED))
    await asha.submits()
    await asha.submits()
    await one_way.settled()
    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.concern.decision == "Nobody has rung since Tuesday."


async def test_going_back_to_say_that_somebody_is_in_danger_makes_it_urgent(one_way: Story):
    await come_to_the_second_form(one_way)
    asha = one_way.person(ASHA)
    await asha.closes()
    await asha.fill(DANGER, "Yes, or I am not sure")
    await asha.submits()
    await asha.fills(labelled(ABOUT))
    await asha.submits()
    await asha.fills(labelled(ASKED))
    await asha.submits()
    await asha.submits()
    await one_way.settled()

    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.urgent


async def test_nothing_typed_is_lost_when_the_bot_errs(one_way: Story):
    await come_to_the_last_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled({"meanwhile": "The school sees the child."}))

    async with one_way.trouble():
        await asha.submits()
        assert "something went wrong on our side" in "".join(asha.view.errors.values())
        assert "quote" in "".join(asha.view.errors.values())
        assert typed(one_way, ASHA, "meanwhile") == "The school sees the child."

    await asha.submits()
    await one_way.settled()
    assert asha.view is None
    assert len(await one_way.bot.casework.challenges_of(ASHA)) == 1


# What may say who somebody is


async def test_an_identifier_is_pointed_out_beside_its_field_with_the_text_kept(one_way: Story):
    await come_to_the_second_form(one_way)
    asha = one_way.person(ASHA)
    decision = "Closed; mother is on 07700 900123, born 12/03/2019."
    await asha.fills(labelled(ABOUT | {"decision": decision}))
    await asha.submits()

    assert asha.view.title == "What you challenge"
    assert "This looks like" in asha.view.words
    assert typed(one_way, ASHA, "decision") == decision
    [at] = [n for n, b in enumerate(asha.view.blocks) if b["block_id"] == "decision"]
    assert "This looks like" in str(asha.view.blocks[at + 1])
    assert len(asha.view.labels) <= 6


async def test_an_identifier_confirmed_as_intended_goes_through_unchanged(one_way: Story):
    why = "Her NHS number is 943 476 5919, e-mail mum@example.org."
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled(ASKED | {"why": why}))
    await asha.submits()
    assert "NHS number" in asha.view.words

    await asha.fill("intended", ["intended"])
    await asha.submits()
    await asha.submits()
    await one_way.settled()
    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.concern.why == why


async def test_an_identifier_taken_out_needs_no_confirmation(one_way: Story):
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    await asha.fills(labelled(ASKED | {"why": "Ring her on 07700 900123."}))
    await asha.submits()
    await asha.fill("Why? Your reasons and evidence", "Ring her.")
    await asha.submits()
    await asha.submits()
    await one_way.settled()

    [challenge] = await one_way.bot.casework.challenges_of(ASHA)
    assert challenge.concern.why == "Ring her."


async def test_what_has_been_done_is_looked_at_for_identifiers_too(one_way: Story):
    asha = one_way.person(ASHA)
    await asha.command("/challenge")
    await asha.fill(DANGER, "Yes, or I am not sure")
    await asha.fill("What has been done to keep them safe?", "Rang 07700 900123.")
    await asha.submits()
    assert "phone number" in asha.view.words
    assert "this form can wait" in asha.view.words

    await asha.fill("intended", ["intended"])
    await asha.submits()
    assert asha.view.title == "What you challenge"


# Once


async def test_a_form_submitted_twice_at_once_makes_one_challenge(story: Story):
    await come_to_the_last_form(story)
    asha = story.person(ASHA)
    view = asha.view
    payloads = [r.payload for r in story.sandbox.wire if r.kind == "view_submission"]

    first = asyncio.create_task(asha.submits())
    second = asyncio.create_task(story.person(ASHA).submits())
    outcomes = await asyncio.gather(first, second)
    await story.settled()

    assert all(outcome.acked for outcome in outcomes), outcomes
    assert len(payloads) < len([r for r in story.sandbox.wire if r.kind == "view_submission"])
    assert not view.errors
    assert asha.view is None
    assert len(await story.bot.casework.challenges_of(ASHA)) == 1
    assert len(story.sandbox.calls("conversations.create")) == 1


async def test_a_form_whose_yes_was_lost_is_pressed_again_and_makes_one_challenge(one_way: Story):
    await come_to_the_last_form(one_way)
    asha = one_way.person(ASHA)
    one_way.sandbox.faults.lose_acks(1)
    await asha.submits()
    assert asha.view is not None

    await asha.submits()
    await one_way.settled()
    assert asha.view is None
    assert len(await one_way.bot.casework.challenges_of(ASHA)) == 1


async def test_a_form_that_closed_is_a_challenge_on_record(two_ways: Story):
    """Read in the instant that the form closes, before anything reaches Slack."""
    await two_ways.fills_in()

    assert two_ways.person(ASHA).view is None
    [challenge] = await two_ways.bot.casework.challenges_of(ASHA)
    assert (await two_ways.kinds(challenge.reference))[0] is Happened.RAISED


# Who may, and whom


async def test_somebody_challenged_whom_the_directory_does_not_hold_is_no_obstacle(
    one_way: Story,
):
    reference = await one_way.raises(to=NIA)

    challenge = await one_way.challenge(reference)
    assert challenge.challenged == NIA
    await one_way.until(challenge.due + timedelta(seconds=1))
    prompts = (await one_way.challenge(reference)).prompts
    asked = {p.side.value: p.person for p in prompts}
    assert asked["raising"] == CARA
    assert asked["receiving"] in (await one_way.bot.casework.directory()).partnership


async def test_a_challenge_within_one_agency_is_possible(one_way: Story):
    reference = await one_way.raises(by=BEN, to=ELIF)

    assert (await one_way.challenge(reference)).challenged == ELIF


# Where it lands


async def test_the_channel_holds_both_and_its_card_is_pinned(two_ways: Story):
    reference = await two_ways.raises()

    channel = two_ways.channel(reference)
    assert channel.is_private
    assert channel.name == f"challenge-{reference.lower()}"
    assert set(channel.members) == {ASHA, BEN, two_ways.sandbox.bot_user_id}
    card = two_ways.card(reference)
    assert channel.pins == [card.ts]
    for words in (
        "stage 1",
        "Ben Osei (Children's Social Care) to answer by Friday 6 March 2026 at 17:00",
        ASKED["ask"],
        PERSON_FIRST["meanwhile"],
        "call 999 now",
    ):
        assert words in card.words
    assert {
        "Propose how it is settled",
        "Accept the date",
        "Propose another date",
        "Ask for the next stage",
        "Someone may be at risk",
        "Withdraw this challenge",
    } <= set(card.buttons)


async def test_direct_messages_channel_name_and_topic_carry_no_content(one_way: Story):
    canary = "xylophone-canary"
    reference = await one_way.raises(
        decision=f"{canary} decision", why=f"{canary} why", meanwhile=f"{canary} m", ask=canary
    )

    channel = one_way.channel(reference)
    for text in (one_way.told(ASHA), one_way.told(BEN), channel.name, channel.topic):
        assert reference.lower() in text.lower()
        assert canary not in text
        assert "LIQ-20394" not in text


async def test_every_challenge_has_a_reference_of_its_own(one_way: Story):
    first = await one_way.raises()
    second = await one_way.raises(by=LENA, to=BEN)
    third = await one_way.raises(to=BEN, reference="LIQ-2")

    assert len({first, second, third}) == 3
    mine = await one_way.bot.casework.challenges_of(ASHA)
    assert {c.reference for c in mine} == {first, third}


# Asking again and again


async def test_raising_the_same_again_points_to_the_open_one_and_offers_its_next_stage(
    one_way: Story,
):
    reference = await one_way.raises()
    await come_to_the_third_form(one_way, reference="liq 20394")
    asha = one_way.person(ASHA)
    assert asha.view.title == "What you challenge"
    assert f"You have raised *{reference}* with the same agency" in asha.view.words
    assert typed(one_way, ASHA, "decision") == ABOUT["decision"]

    await asha.presses("Ask for the next stage")
    assert await one_way.answers(ASHA, because="I have asked three times.", danger="No")
    assert (await one_way.challenge(reference)).offered == 2


async def test_raising_again_what_was_settled_points_to_it_and_opens_it_again(one_way: Story):
    reference = await one_way.raises()
    await one_way.settles(reference)
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    assert f"You have raised *{reference}* with the same agency" in asha.view.words

    await asha.presses("Open it again")
    assert await one_way.answers(ASHA, because="New bruises were seen.", danger="No")
    assert not (await one_way.challenge(reference)).is_closed


async def test_raising_the_same_again_is_never_stopped(one_way: Story):
    first = await one_way.raises()
    await come_to_the_third_form(one_way)
    asha = one_way.person(ASHA)
    await asha.submits()
    assert asha.view.title == "Why, and what you ask"
    await asha.closes(everything=True)

    second = await one_way.raises(by=ASHA)
    assert second != first


async def test_another_reference_is_another_matter(one_way: Story):
    await one_way.raises()
    await come_to_the_third_form(one_way, reference="LIQ-20395")

    assert one_way.person(ASHA).view.title == "Why, and what you ask"
