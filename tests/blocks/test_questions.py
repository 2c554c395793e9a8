"""A message that asks: its buttons wait as long as its question does, and then they go."""

import ast
import importlib
import inspect
import re
from dataclasses import replace
from datetime import date, timedelta
from pkgutil import iter_modules
from typing import Any

import pytest

import blocks
from blocks import card, notices, occasion
from blocks import follow_up as follow_up_words
from blocks.layout import Message
from blocks.occasion import Occasion
from challenge import (
    agreement,
    conflict,
    escalation,
    follow_up,
    meeting,
    resolution,
    review,
    scrutiny,
)
from challenge.model import (
    AgreedAction,
    Challenge,
    Meeting,
    Outcome,
    PersonId,
    Status,
    Told,
)
from tests.blocks import gallery
from tests.blocks.gallery import CANARY, WORDS
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()
AFTER_THE_END = {
    *(Told.CLOSED_PRIVATELY, Told.SIGN, Told.ACTION_AGREED),
    *(Told.ACTION_DUE, Told.ACTION_OVERDUE),
    *(Told.NEW_DAY_PROPOSED, Told.FOLLOW_UP, Told.FOLLOWED_THROUGH, Told.AFTERCARE),
    Told.CONFIDED_BACK,
}
ACTION = AgreedAction("Visit the family", U_CHALLENGED, date(2026, 3, 20))


def drawn(
    kind: Told,
    challenge: Challenge,
    about: PersonId | None = None,
    to: PersonId | None = None,
    **more: Any,
) -> Message:
    given: dict[str, Any] = {"mark": "", "entry": None, "moment": FRIDAY_TEN, **more}
    return notices.draw(kind, Occasion(challenge, DIRECTORY, to, about, **given))


def has_buttons(message: Message) -> bool:
    every = gallery.elements(gallery.plain(message.blocks))
    return any(element["type"] == "button" for element in every)


# Every message


def declares(message: Message) -> bool:
    """With buttons either a question or lasting, without them neither."""
    return (bool(message.asks), message.lasting) in (
        {(True, False), (False, True)} if has_buttons(message) else {(False, False)}
    )


@pytest.mark.parametrize("kind", sorted(notices.CARDS))
def test_a_message_with_buttons_asks_something_or_says_that_they_may_stay(kind):
    for state, told in gallery.occasions(Told(kind), WORDS["a canary"]):
        assert declares(notices.draw(Told(kind), told)), state


def test_so_does_every_answer_to_a_command_and_every_word_about_the_directory():
    for what, message in gallery.answers_to_commands(WORDS["a canary"]):
        assert declares(message), what


def test_the_card_alone_does_not_for_it_is_drawn_again_after_every_change():
    for state, challenge in gallery.challenges(WORDS["a canary"]).items():
        message = card.draw(challenge, DIRECTORY)
        assert has_buttons(message), state
        assert (message.asks, message.lasting) == ("", False)


def test_no_message_is_left_out_of_the_gallery():
    """Or else its buttons could stay for ever without anybody's noticing."""
    drawn = {*notices.CARDS.values(), *_named_in(gallery), card.draw}

    assert {f"{f.__module__}.{f.__name__}" for f in _draws_a_message() - drawn} == set()


def _named_in(gallery: Any) -> set[Any]:
    tree = ast.parse(inspect.getsource(gallery))
    named = (
        getattr(getattr(gallery, node.value.id, None), node.attr, None)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )
    return {thing for thing in named if inspect.isfunction(thing)}


# What the others are made of.
PARTS = {
    *(notices.draw, occasion.said, occasion.privately, occasion.asks, occasion.afterwards),
    follow_up_words.signing,
}


def _draws_a_message() -> set[Any]:
    rooms = (importlib.import_module(f"blocks.{m.name}") for m in iter_modules(blocks.__path__))
    return {
        thing
        for room in rooms
        for name, thing in vars(room).items()
        if inspect.isfunction(thing) and not name.startswith("_")
        if thing.__annotations__.get("return") is Message
    } - PARTS


@pytest.mark.parametrize("kind", sorted(notices.CARDS))
def test_whatever_can_ask_is_seen_asking_in_the_gallery(kind):
    can_ask = re.search(r"\b(asks|afterwards|signing)[(=]", inspect.getsource(notices.CARDS[kind]))
    seen = any(
        notices.draw(Told(kind), told).asks
        for _, told in gallery.occasions(Told(kind), WORDS["a canary"])
    )

    assert seen == bool(can_ask)


@pytest.mark.parametrize("kind", sorted(set(notices.CARDS) - AFTER_THE_END))
def test_once_it_is_closed_nothing_of_before_is_asked(kind):
    for state, told in gallery.occasions(Told(kind), WORDS["a canary"]):
        if told.challenge.is_closed:
            assert not notices.draw(Told(kind), told).asks, state


@pytest.mark.parametrize("kind", sorted(AFTER_THE_END))
def test_once_it_is_open_again_nothing_of_its_end_is_asked(kind):
    for state, told in gallery.occasions(kind, WORDS["a canary"]):
        if not told.challenge.is_closed:
            assert not notices.draw(kind, told).asks, state


@pytest.mark.parametrize("kind", sorted(notices.CARDS))
def test_the_sentence_of_a_question_holds_no_word_that_anybody_wrote(kind):
    """It is kept as it is until it is dealt with."""
    for state, told in gallery.occasions(Told(kind), WORDS["a canary"]):
        message = notices.draw(Told(kind), told)
        assert CANARY not in message.asks, state


@pytest.mark.parametrize("kind", sorted(notices.CARDS))
def test_what_is_dealt_with_keeps_what_it_said_and_says_one_thing_more(kind):
    before = "What it said at the time."
    for state, told in gallery.occasions(Told(kind), WORDS["a canary"]):
        asked = notices.draw(Told(kind), told).asks
        message = notices.draw(Told(kind), replace(told, said=before, asked_again=True))
        if asked:
            assert not has_buttons(message), state
            assert message.text.startswith(f"{before} This was asked again"), state


@pytest.mark.parametrize("kind", sorted(notices.CARDS))
def test_whatever_became_of_a_question_it_keeps_what_it_said(kind):
    before = "What it said at the time."
    drawn_now = [
        (state, told, notices.draw(Told(kind), told))
        for state, told in gallery.occasions(Told(kind), WORDS["a canary"])
    ]
    asked = {told.to for _, told, message in drawn_now if message.asks}
    for state, told, message in drawn_now:
        if told.to in asked and not message.asks:
            after = notices.draw(Told(kind), replace(told, said=before))
            assert after.text.startswith(before), state


# Which are over, and what they say then

OFFERED = an_offered_challenge()
MINE = next(p for p in OFFERED.prompts if p.person == U_RAISING_MANAGER)


def accepted(by: PersonId) -> Challenge:
    line = "I will ring both today."
    return escalation.accept(OFFERED, FRIDAY_TEN, DIRECTORY, by=by, line=line).challenge


@pytest.mark.parametrize("to", [None, U_RAISING_MANAGER, U_RAISING_DEPUTY])
@pytest.mark.parametrize(
    ("by", "line"),
    [
        (U_RAISING_MANAGER, "Uraisingmanager (Oak School) has accepted."),
        (U_RAISING_DEPUTY, "Uraisingdeputy (Oak School) has accepted for Uraisingmanager"),
        (U_RECEIVING_MANAGER, None),
    ],
)
def test_a_prompt_waits_until_that_very_person_or_their_deputy_accepts(to, by, line):
    kind = Told.PROMPT_PRIVATELY if to else Told.PROMPT
    facts: dict[str, Any] = {"about": U_RAISING_MANAGER, "to": to, "mark": str(MINE.number)}
    before = drawn(kind, OFFERED, **facts)
    assert before.asks

    after = drawn(kind, accepted(by), said=before.text, **facts)

    waits = line is None
    assert bool(after.asks) is has_buttons(after) is waits
    if line:
        assert before.text in after.text
        assert line in after.text
        assert "<@" not in after.text


def test_a_prompt_that_was_declined_does_not_say_that_it_was_accepted():
    declined = escalation.decline(
        OFFERED, FRIDAY_TEN, DIRECTORY, by=U_RAISING_MANAGER, because="I am away."
    ).challenge

    after = drawn(Told.PROMPT, declined, U_RAISING_MANAGER, mark=str(MINE.number))

    assert not after.asks
    assert "the card says who is asked now" in after.text


def a_date_proposed() -> Challenge:
    day = a_moment("2026-03-10").today
    return agreement.propose_date(
        a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, day=day
    ).challenge


def test_a_date_waits_until_it_is_accepted_or_countered():
    proposed = a_date_proposed()
    assert drawn(Told.DATE_PROPOSED, proposed, U_RAISER).asks

    taken = agreement.accept_date(proposed, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge
    other = agreement.propose_date(
        proposed, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, day=a_moment("2026-03-11").today
    ).challenge

    for after in (taken, other):
        assert not drawn(Told.DATE_PROPOSED, after, U_RAISER).asks
    assert drawn(Told.DATE_PROPOSED, other, U_CHALLENGED).asks
    assert (
        "This waits no longer: Tuesday 10 March" in drawn(Told.DATE_PROPOSED, taken, U_RAISER).text
    )


def a_settlement_proposed() -> Challenge:
    return resolution.propose_settlement(
        a_challenge(),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        outcome=Outcome.AGREED_PLAN,
        how="We look at it again.",
        actions=(ACTION,),
    ).challenge


def settled() -> Challenge:
    return resolution.confirm_settlement(
        a_settlement_proposed(), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED
    ).challenge


def test_a_settlement_waits_until_it_is_confirmed_or_declined():
    proposed = a_settlement_proposed()
    declined = resolution.decline_settlement(
        proposed, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, because="Not yet."
    ).challenge

    assert drawn(Told.SETTLEMENT_PROPOSED, proposed, U_RAISER).asks
    after = {c.status: drawn(Told.SETTLEMENT_PROPOSED, c, U_RAISER) for c in (settled(), declined)}
    assert "is settled since." in after[Status.SETTLED].text
    assert "not settled yet" in after[Status.OPEN].text
    assert not any(has_buttons(message) for message in after.values())


def test_times_wait_until_one_is_fixed():
    at_meeting = a_challenge_at(3)
    lead = next(one.person for one in at_meeting.holders)
    times = tuple(FRIDAY_TEN.now + timedelta(hours=n) for n in (2, 3))
    offered = meeting.offer_times(
        at_meeting, FRIDAY_TEN, DIRECTORY, by=lead, times=times, place="Room 1"
    ).challenge
    assert offered.meeting is not None
    fixed = replace(offered, meeting=replace(offered.meeting, times=(), fixed=times[0]))

    assert drawn(Told.TIMES_OFFERED, offered, lead).asks
    assert not drawn(Told.TIMES_OFFERED, fixed, lead).asks
    assert "The meeting is on Friday 6 March" in drawn(Told.TIMES_OFFERED, fixed, lead).text


def test_a_meeting_on_a_day_off_waits_until_other_times_are_offered_or_it_is_moved():
    kind, tuesday = Told.MEETING_ON_DAY_OFF, a_moment("2026-03-10 14:00")
    meets = Meeting(3, fixed=tuesday.now)
    off = replace(a_challenge_at(3), meeting=meets, days_off=(tuesday.today,))

    asked = drawn(kind, off)

    assert asked.asks
    assert "on Tuesday 10 March 2026 at 14:00 now falls on a day off" in asked.text
    others = replace(meets, times=(later(tuesday, days=1).now,))
    moved = replace(meets, fixed=later(tuesday, days=1).now)
    for since in (others, moved):
        after = drawn(kind, replace(off, meeting=since), said=asked.text)
        assert not after.asks
        assert after.text.startswith(asked.text)
    private = drawn(kind, off, to=U_RAISER)
    assert not private.asks
    assert "Either side can offer other times." in private.text


def test_a_second_opinion_waits_until_it_is_given():
    at_meeting = a_challenge_at(3)
    lead = next(one.person for one in at_meeting.holders)
    doubted = meeting.doubt(
        at_meeting, FRIDAY_TEN, DIRECTORY, by=lead, because="No need."
    ).challenge
    assert doubted.meeting is not None
    assert doubted.meeting.doubt is not None
    asked = doubted.meeting.doubt.asked[0]
    given = meeting.call_meeting_needed(
        doubted, FRIDAY_TEN, DIRECTORY, by=asked, because="It is."
    ).challenge

    assert drawn(Told.SECOND_OPINION_ASKED, doubted, lead, asked).asks
    assert not drawn(Told.SECOND_OPINION_ASKED, given, lead, asked).asks
    assert not drawn(Told.MEETING_DOUBTED, given, lead).asks


def test_a_conflict_waits_until_that_very_one_is_settled():
    flagged = conflict.flag_conflict(
        OFFERED, FRIDAY_TEN, DIRECTORY, by=U_RAISER, about=U_RECEIVING_MANAGER, because="Cousins."
    ).challenge
    over = replace(flagged, conflicts=())

    assert drawn(Told.CONFLICT_TO_SETTLE, flagged, U_RECEIVING_MANAGER, U_UNIT).asks
    assert not drawn(Told.CONFLICT_TO_SETTLE, flagged, U_RAISING_MANAGER, U_UNIT).asks
    assert "This is settled." in drawn(Told.CONFLICT_TO_SETTLE, over, U_RECEIVING_MANAGER).text


def test_an_opinion_waits_for_each_side_by_itself():
    top = a_challenge_at(TOP)
    given = scrutiny.give_opinion(
        top,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_SCRUTINEER,
        opinion="The referral should be looked at again.",
        reasons="It was closed early.",
        actions=(ACTION,),
    ).challenge
    heard = scrutiny.acknowledge(given, FRIDAY_TEN, DIRECTORY, by=U_RAISER).challenge

    assert not drawn(Told.OPINION_WAITS, heard, U_SCRUTINEER, U_RAISER).asks
    assert drawn(Told.OPINION_WAITS, heard, U_SCRUTINEER, U_CHALLENGED).asks
    assert drawn(Told.OPINION_GIVEN, heard, U_SCRUTINEER).asks


def test_a_signature_is_asked_of_each_until_they_have_signed():
    signed = follow_up.sign(settled(), FRIDAY_TEN, DIRECTORY, by=U_RAISER).challenge

    for kind in (Told.CLOSED_PRIVATELY, Told.SIGN):
        assert drawn(kind, settled(), to=U_RAISER).asks
        assert drawn(kind, signed, to=U_CHALLENGED).asks
        after = drawn(kind, signed, to=U_RAISER, said="Please sign it.")
        assert after.text == "Please sign it. You have signed it."


def test_an_action_is_asked_for_until_it_is_ticked_off():
    done = follow_up.tick_off(
        settled(),
        later(FRIDAY_TEN, hours=1),
        DIRECTORY,
        by=U_CHALLENGED,
        number=1,
        evidence="Seen.",
    ).challenge

    for kind in (Told.ACTION_AGREED, Told.ACTION_DUE, Told.ACTION_OVERDUE):
        assert drawn(kind, settled(), U_CHALLENGED, U_CHALLENGED).asks
        assert not drawn(kind, done, U_CHALLENGED, U_CHALLENGED).asks


def test_a_second_opinion_on_a_review_is_asked_of_one_person_at_a_time():
    at_two = a_challenge_at(2)
    looked = review.record_review(
        at_two, FRIDAY_TEN, DIRECTORY, by=U_RAISING_MANAGER, justified=False, because="Thin."
    ).challenge
    assert looked.second_look is not None
    who = looked.second_look.person

    assert drawn(Told.REVIEW_AGAIN, looked, to=who).asks
    assert not drawn(Told.REVIEW_AGAIN, looked, to=U_RECEIVING_SAFEGUARDER).asks
    assert not drawn(Told.REVIEW_AGAIN, replace(looked, second_look=None), to=who).asks
