"""After the end: agreed actions get done, both sides sign, and a "No" opens it again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from challenge import follow_up
from challenge.deadlines import clocks, fall_due
from challenge.directory import Directory
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Happened,
    Involved,
    Notice,
    Outcome,
    PersonId,
    Safety,
    Settlement,
    Side,
    Signature,
    Space,
    Status,
    Told,
    Went,
)
from challenge.moment import Moment
from challenge.procedure import ProcedureProblems
from challenge.refusals import (
    ActionDone,
    AlreadySigned,
    Closed,
    DayTooSoon,
    NothingHere,
    NothingProposed,
    NotYours,
    SayEvidence,
    SayWhatCameOfIt,
    SayWhereYouDiffer,
    SayWhy,
    StillOpen,
    YourOwnProposal,
)
from challenge.rights import Act, Part, parts, refuse_unless_may
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RECEIVING_COLLEAGUE,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    a_procedure,
    later,
    the_person,
)

DIRECTORY = a_directory()
THE_TWENTIETH = date(2026, 3, 20)
LATER_DAY = date(2026, 3, 27)
SPACE = Space("C1", "challenge-pc-2026-0042")
EARLY_NEXT_WEEK = a_moment("2026-03-23 09:00")


def an_action(who: PersonId = U_CHALLENGED, **changes: Any) -> AgreedAction:
    return replace(AgreedAction("Visit the family.", who, THE_TWENTIETH), **changes)


def a_settled(*actions: AgreedAction, of: Challenge | None = None, **changes: Any) -> Challenge:
    """Settled on Friday 6 March 2026 at ten, at stage one unless the test says."""
    settlement = Settlement(
        Outcome.AGREED_PLAN, U_CHALLENGED, Side.RECEIVING, "We visit.", actions or (an_action(),)
    )
    facts: dict[str, Any] = {
        "status": Status.SETTLED,
        "closed_at": FRIDAY_TEN.now,
        "settlement": settlement,
        "space": SPACE,
    }
    return replace(of or a_challenge(), **{**facts, **changes})


def put_away(challenge: Challenge) -> Challenge:
    return replace(challenge, space=replace(SPACE, archived=True))


def tick_off(challenge: Challenge, by: PersonId = U_CHALLENGED, **facts: Any) -> Change:
    given = {"number": 1, "evidence": "Visited on Tuesday.", **facts}
    return follow_up.tick_off(challenge, FRIDAY_TEN, DIRECTORY, by=by, **given)


def ask_for_a_day(challenge: Challenge, by: PersonId = U_CHALLENGED, **facts: Any) -> Change:
    given = {"number": 1, "day": LATER_DAY, "because": "They are away.", **facts}
    return follow_up.propose_new_day(challenge, FRIDAY_TEN, DIRECTORY, by=by, **given)


def agree_to_it(challenge: Challenge, by: PersonId = U_RAISER, number: int = 1) -> Change:
    return follow_up.agree_new_day(challenge, FRIDAY_TEN, DIRECTORY, by=by, number=number)


def say(
    challenge: Challenge, went: Went, by: PersonId = U_RAISER, line: str = "He is seen weekly."
) -> Change:
    return follow_up.follow_through(challenge, FRIDAY_TEN, DIRECTORY, by=by, went=went, line=line)


def sign(challenge: Challenge, by: PersonId = U_RAISER, dissent: str | None = None) -> Change:
    return follow_up.sign(challenge, FRIDAY_TEN, DIRECTORY, by=by, dissent=dissent)


def reopen(challenge: Challenge, by: PersonId = U_RAISER, because: str = "New bruises.") -> Change:
    return follow_up.reopen(challenge, FRIDAY_TEN, DIRECTORY, by=by, because=because)


def reopened_when(safety: Safety, of: Challenge) -> Change:
    return follow_up.reopen(
        of, FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="New bruises.", safety=safety
    )


def due_of(challenge: Challenge, kind: str) -> dict[str, datetime]:
    return {c.key: c.due for c in clocks(challenge) if c.key.split(":")[1] == kind}


def rings(
    challenge: Challenge, kind: str, moment: Moment, which: int = 0, people: Directory = DIRECTORY
) -> Change | None:
    key = list(due_of(challenge, kind))[which]
    return fall_due(challenge, moment, people, key=key)


def rung(
    challenge: Challenge,
    kind: str,
    moment: Moment,
    which: int = 0,
    people: Directory = DIRECTORY,
) -> Change:
    change = rings(challenge, kind, moment, which, people)
    assert change is not None
    return change


def told(change: Change, kind: Told) -> list[PersonId | None]:
    return [notice.to for notice in change.notices if notice.kind is kind]


# Ticking off


def test_the_owner_ticks_an_action_off_with_a_word_of_evidence():
    change = tick_off(a_settled())

    assert change.challenge.settlement is not None
    assert change.challenge.settlement.actions[0].done_by == U_CHALLENGED
    [entry] = change.entries
    assert entry.kind is Happened.ACTION_DONE
    assert entry.words["What shows that it is done"] == "Visited on Tuesday."
    assert told(change, Told.ACTION_DONE) == [U_RAISER]
    assert Notice(Told.CARD) in change.notices


def test_without_a_word_of_evidence_an_action_is_not_ticked_off():
    with pytest.raises(SayEvidence):
        tick_off(a_settled(), evidence=" \n")


def test_the_lead_of_the_owners_side_ticks_it_off_too_and_the_other_sides_lead_does_not():
    settled = a_settled(of=a_challenge_at(2))

    done = tick_off(settled, by=U_RECEIVING_MANAGER)

    assert done.challenge.settlement is not None
    assert done.challenge.settlement.actions[0].done_by == U_RECEIVING_MANAGER
    with pytest.raises(NotYours):
        tick_off(settled, by=U_RAISING_MANAGER)


def test_the_practitioner_of_the_owners_side_does_not_tick_off_for_a_colleague():
    settled = a_settled(an_action(U_RECEIVING_COLLEAGUE), of=a_challenge_at(2))

    with pytest.raises(NotYours):
        tick_off(settled, by=U_CHALLENGED)


def test_a_colleague_of_one_agency_is_of_its_side():
    settled = a_settled(an_action(U_RECEIVING_COLLEAGUE), of=a_challenge_at(2))

    assert tick_off(settled, by=U_RECEIVING_MANAGER).entries
    assert follow_up.side_for(settled, DIRECTORY, U_RAISING_COLLEAGUE) is Side.RAISING


def test_an_owner_of_a_third_agency_is_of_neither_side_and_either_lead_ticks_off_for_them():
    settled = a_settled(an_action(U_OTHER_PRACTITIONER), of=a_challenge_at(2))

    assert follow_up.side_for(settled, DIRECTORY, U_OTHER_PRACTITIONER) is None
    for by in (U_OTHER_PRACTITIONER, U_RAISING_MANAGER, U_RECEIVING_MANAGER):
        assert tick_off(settled, by=by).entries


def test_somebody_brought_in_for_a_side_is_of_that_side():
    settled = a_settled(of=a_challenge(involved=(Involved(U_OTHER_PRACTITIONER, Side.RECEIVING),)))

    assert follow_up.side_for(settled, DIRECTORY, U_OTHER_PRACTITIONER) is Side.RECEIVING


def test_within_one_agency_a_colleague_is_of_neither_side():
    settled = a_settled(
        of=a_challenge(
            challenged=U_RAISING_COLLEAGUE, receiving_agency=a_challenge().raising_agency
        )
    )

    assert follow_up.side_for(settled, DIRECTORY, U_RAISING_MANAGER) is None


def test_at_the_top_the_scrutineer_ticks_off_for_either_side():
    settled = a_settled(of=a_challenge_at(TOP))

    assert tick_off(settled, by=U_SCRUTINEER).entries


def test_an_action_is_ticked_off_once():
    with pytest.raises(ActionDone):
        tick_off(tick_off(a_settled()).challenge)


@pytest.mark.parametrize("number", [0, 2, 99])
def test_there_is_no_action_of_another_number(number):
    with pytest.raises(NothingHere):
        tick_off(a_settled(), number=number)


def test_without_a_settlement_there_is_no_action_to_change():
    with pytest.raises(NothingHere):
        follow_up._with_action(a_challenge(), 1, an_action())


def test_once_the_channel_is_put_away_its_card_is_left_alone():
    assert Notice(Told.CARD) not in tick_off(put_away(a_settled())).notices


# An owner who is not on the challenge


def test_an_owner_from_elsewhere_has_the_action_and_sees_nothing_else():
    settled = a_settled(an_action(U_OTHER_PRACTITIONER))

    assert parts(settled, DIRECTORY, U_OTHER_PRACTITIONER) == {Part.OWNER}
    with pytest.raises(NotYours):
        refuse_unless_may(Act.SEE, settled, DIRECTORY, U_OTHER_PRACTITIONER)


def test_an_action_that_is_only_proposed_makes_nobody_its_owner():
    proposed = replace(a_settled(an_action(U_OTHER_PRACTITIONER)), status=Status.OPEN)

    assert not parts(proposed, DIRECTORY, U_OTHER_PRACTITIONER)
    assert follow_up.owed_by(proposed, U_OTHER_PRACTITIONER) == ()


def test_what_somebody_owes_is_theirs_and_not_done():
    mine, done, other = an_action(), an_action(done_by=U_CHALLENGED), an_action(U_RAISER)
    settled = a_settled(mine, done, other)

    assert follow_up.owed_by(settled, U_CHALLENGED) == (mine,)
    assert follow_up.owed_by(settled, U_GUEST) == ()


def test_the_forms_offer_only_the_actions_that_are_somebodys_own():
    settled = a_settled(an_action(U_OTHER_PRACTITIONER), an_action(), an_action(U_RAISER))

    assert [n for n, _ in follow_up.tickable(settled, DIRECTORY, U_OTHER_PRACTITIONER)] == [1]
    assert [n for n, _ in follow_up.tickable(settled, DIRECTORY, U_CHALLENGED)] == [1, 2]
    assert [n for n, _ in follow_up.movable(settled, U_OTHER_PRACTITIONER)] == [1]
    assert [n for n, _ in follow_up.movable(settled, U_RAISER)] == [1, 2, 3]


# Another day


def test_another_day_counts_only_once_the_other_side_agrees():
    asked = ask_for_a_day(a_settled())
    assert asked.challenge.settlement is not None
    assert asked.challenge.settlement.actions[0].by == THE_TWENTIETH
    assert told(asked, Told.NEW_DAY_PROPOSED) == [U_RAISER]

    agreed = agree_to_it(asked.challenge)
    assert agreed.challenge.settlement is not None
    [action] = agreed.challenge.settlement.actions
    assert (action.by, action.new_day) == (LATER_DAY, None)
    assert told(agreed, Told.NEW_DAY_AGREED) == [U_CHALLENGED]
    assert agreed.entries[0].kind is Happened.NEW_DAY_AGREED


def test_nobody_agrees_to_their_own_sides_day():
    at_two = a_settled(of=a_challenge_at(2))
    asked = ask_for_a_day(at_two).challenge

    for by in (U_CHALLENGED, U_RECEIVING_MANAGER):
        with pytest.raises(YourOwnProposal):
            agree_to_it(asked, by=by)
    assert agree_to_it(asked, by=U_RAISING_MANAGER).entries


def test_either_side_agrees_to_the_day_that_an_outsider_asks_for():
    settled = a_settled(an_action(U_OTHER_PRACTITIONER))

    asked = ask_for_a_day(settled, by=U_OTHER_PRACTITIONER)

    assert told(asked, Told.NEW_DAY_PROPOSED) == [U_RAISER, U_CHALLENGED]
    for by in (U_RAISER, U_CHALLENGED):
        assert agree_to_it(asked.challenge, by=by).entries


def test_an_owner_does_not_move_somebody_elses_action():
    settled = a_settled(an_action(U_OTHER_PRACTITIONER), an_action())

    with pytest.raises(NotYours):
        ask_for_a_day(settled, by=U_OTHER_PRACTITIONER, number=2)


def test_another_day_needs_a_reason_and_lies_ahead():
    with pytest.raises(SayWhy):
        ask_for_a_day(a_settled(), because=" ")
    with pytest.raises(DayTooSoon):
        ask_for_a_day(a_settled(), day=FRIDAY_TEN.today)


def test_without_a_proposal_there_is_nothing_to_agree_to():
    with pytest.raises(NothingProposed):
        agree_to_it(a_settled())


# Reminders of actions


def test_an_action_is_reminded_of_like_a_deadline_before_its_day():
    reminders = due_of(a_settled(), follow_up.ACTION)

    assert reminders == {
        "1:action:1:2026-03-20:1": datetime(2026, 3, 13, 13, 30, tzinfo=UTC),
        "1:action:1:2026-03-20:2": datetime(2026, 3, 20, 15, tzinfo=UTC),
    }
    assert due_of(a_settled(an_action(done_by=U_RAISER)), follow_up.ACTION) == {}


def test_the_owner_is_reminded_privately_and_once_a_day():
    settled = a_settled(an_action(), an_action())

    first = rung(settled, follow_up.ACTION, a_moment("2026-03-13 14:30"))

    assert first.entries[0].kind is Happened.ACTION_REMINDED
    assert first.notices == (Notice(Told.ACTION_DUE, to=U_CHALLENGED),)
    assert rings(first.challenge, follow_up.ACTION, a_moment("2026-03-13 14:30"), 2) is None


@pytest.mark.parametrize("at", ["2026-03-20 17:00", "2026-03-13 18:00"])
def test_a_reminder_that_comes_too_late_or_out_of_hours_is_on_record_as_missed(at):
    change = rung(a_settled(), follow_up.ACTION, a_moment(at))

    assert change.entries[0].kind is Happened.REMINDER_MISSED
    assert change.notices == ()


def test_a_moved_action_is_reminded_of_afresh():
    agreed = agree_to_it(ask_for_a_day(a_settled()).challenge).challenge

    assert all("2026-03-27" in key for key in due_of(agreed, follow_up.ACTION))


# Overdue


def test_an_overdue_action_goes_to_the_tier_that_agreed_it_the_next_morning():
    settled = a_settled(of=a_challenge_at(2))
    assert list(due_of(settled, follow_up.OVERDUE).values()) == [EARLY_NEXT_WEEK.now]

    change = rung(settled, follow_up.OVERDUE, EARLY_NEXT_WEEK)

    assert change.entries[0].kind is Happened.ACTION_OVERDUE
    assert told(change, Told.ACTION_OVERDUE) == [
        U_CHALLENGED,
        U_RAISING_MANAGER,
        U_RECEIVING_MANAGER,
    ]


def test_it_is_asked_after_again_and_again_and_the_business_unit_hears_from_the_second_time():
    first = rung(a_settled(), follow_up.OVERDUE, EARLY_NEXT_WEEK).challenge
    assert list(due_of(first, follow_up.OVERDUE).values()) == [a_moment("2026-03-30 09:00").now]

    second = rung(first, follow_up.OVERDUE, a_moment("2026-03-30 09:00"))

    assert U_UNIT in told(second, Told.ACTION_OVERDUE)
    assert U_UNIT in second.challenge.told
    assert due_of(second.challenge, follow_up.OVERDUE)


def test_after_a_long_stop_it_is_asked_once_and_not_once_for_every_week():
    asked = rung(a_settled(), follow_up.OVERDUE, a_moment("2026-06-01 09:00")).challenge

    [again] = due_of(asked, follow_up.OVERDUE).values()
    assert again > a_moment("2026-06-05 09:00").now


def test_agreeing_another_day_stops_the_asking_until_then():
    asked = rung(a_settled(), follow_up.OVERDUE, EARLY_NEXT_WEEK).challenge
    moved = agree_to_it(ask_for_a_day(asked).challenge).challenge

    assert list(due_of(moved, follow_up.OVERDUE).values()) == [a_moment("2026-03-30 09:00").now]


def test_what_is_done_is_not_asked_after():
    assert due_of(tick_off(a_settled()).challenge, follow_up.OVERDUE) == {}


# What came of it


def test_both_are_asked_after_five_and_after_twenty_working_days_in_the_morning():
    asked = due_of(a_settled(), follow_up.ASK)

    assert asked == {
        "1:ask:1": datetime(2026, 3, 13, 9, tzinfo=UTC),
        "1:ask:2": datetime(2026, 4, 7, 8, tzinfo=UTC),
    }
    change = rung(a_settled(), follow_up.ASK, a_moment("2026-03-13 09:00"))
    assert told(change, Told.FOLLOW_UP) == [U_RAISER, U_CHALLENGED]
    assert change.challenge.to_follow == (U_RAISER, U_CHALLENGED)
    assert say(change.challenge, Went.YES).challenge.to_follow == (U_CHALLENGED,)
    assert say(change.challenge, Went.NO).challenge.to_follow == ()
    assert change.entries[0].kind is Happened.FOLLOW_UP_ASKED


def test_for_a_practitioner_who_has_left_whoever_led_their_side_is_asked():
    settled = a_settled(of=a_challenge_at(2))
    gone = a_directory(the_person(U_RAISER, active=False))

    change = rung(settled, follow_up.ASK, a_moment("2026-03-13 09:00"), people=gone)

    assert told(change, Told.FOLLOW_UP) == [U_RAISING_MANAGER, U_CHALLENGED]
    assert change.challenge.to_follow == (U_RAISING_MANAGER, U_CHALLENGED)
    assert say(change.challenge, Went.YES, by=U_RAISING_MANAGER).challenge.followed


def test_silence_is_asked_after_with_whoever_led_that_side_until_one_of_them_has_said():
    settled = a_settled(of=a_challenge_at(2))
    first = rung(settled, follow_up.ASK, a_moment("2026-03-13 09:00")).challenge
    half = say(first, Went.YES, by=U_CHALLENGED).challenge

    again = rung(half, follow_up.ASK, a_moment("2026-04-07 09:00"), which=1)

    assert told(again, Told.FOLLOW_UP) == [U_RAISER, U_RAISING_MANAGER, U_CHALLENGED]
    answered = say(again.challenge, Went.YES, by=U_RAISING_MANAGER).challenge
    assert answered.to_follow == (U_CHALLENGED,)


def test_where_nobody_of_a_side_is_left_the_record_says_so_and_the_coordinators_hear():
    gone = a_directory(the_person(U_RAISER, active=False), the_person(U_CHALLENGED, active=False))

    change = rung(a_settled(), follow_up.ASK, a_moment("2026-03-13 09:00"), people=gone)

    assert told(change, Told.FOLLOW_UP) == []
    assert told(change, Told.UNDELIVERED) == [U_COORDINATOR]
    assert change.entries[0].summary.startswith("Nobody was asked whether")
    assert "Nobody of the raising side is left" in change.entries[0].summary


def test_whoever_has_left_is_not_reminded_to_sign():
    gone = a_directory(the_person(U_RAISER, active=False))

    change = rung(a_settled(), follow_up.UNSIGNED, EARLY_NEXT_WEEK, people=gone)

    assert told(change, Told.SIGN) == [U_CHALLENGED]


def test_the_times_are_the_procedures_own():
    quick = a_procedure(follow_up={"ask_after": ["2 hours"], "sign_within": "1 working hour"})
    settled = a_settled(procedure=quick)

    assert list(due_of(settled, follow_up.ASK).values()) == [later(FRIDAY_TEN, hours=2).now]
    assert list(due_of(settled, follow_up.UNSIGNED).values()) == [later(FRIDAY_TEN, hours=1).now]
    with pytest.raises(ProcedureProblems):
        a_procedure(follow_up={"ask_often": "1 working day"})


@pytest.mark.parametrize("went", [Went.YES, Went.PARTLY])
def test_a_yes_or_partly_is_on_record_and_the_other_side_hears_that_it_was_said(went):
    change = say(a_settled(), went)

    assert change.challenge.status is Status.SETTLED
    assert change.entries[0].words == {"What came of it": "He is seen weekly."}
    assert told(change, Told.FOLLOWED_THROUGH) == [U_CHALLENGED]
    [answer] = say(change.challenge, Went.YES).challenge.followed
    assert answer.went is Went.YES


def test_an_answer_needs_a_line():
    with pytest.raises(SayWhatCameOfIt):
        say(a_settled(), Went.YES, line=" ")


@pytest.mark.parametrize("by", [U_RAISER, U_CHALLENGED])
def test_a_no_of_either_side_opens_it_again_at_the_same_tier_on_a_new_clock(by):
    settled = a_settled(of=a_challenge_at(2))

    change = say(settled, Went.NO, by=by)

    assert [e.kind for e in change.entries] == [Happened.FOLLOWED_THROUGH, Happened.REOPENED]
    again = change.challenge
    assert (again.status, again.stage, again.closed_at) == (Status.OPEN, 2, None)
    assert again.leads == (U_RAISING_MANAGER, U_RECEIVING_MANAGER)
    assert again.due == a_moment("2026-03-11 17:00").now
    assert again.turn > settled.turn
    assert told(change, Told.REOPENED_PRIVATELY) == [
        U_RAISER,
        U_CHALLENGED,
        U_RAISING_MANAGER,
        U_RECEIVING_MANAGER,
    ]


# Signing


def test_both_sides_sign_and_the_record_shows_who_has():
    once = sign(a_settled())
    twice = sign(once.challenge, by=U_CHALLENGED)

    assert once.entries[0].kind is Happened.SIGNED
    assert follow_up.unsigned(a_settled()) == (Side.RAISING, Side.RECEIVING)
    assert follow_up.unsigned(once.challenge) == (Side.RECEIVING,)
    assert follow_up.unsigned(twice.challenge) == ()
    assert twice.challenge.signed[1] == Signature(U_CHALLENGED, Side.RECEIVING)


def test_dissent_is_noted_with_words_and_the_other_side_hears_that_there_is_some():
    change = sign(a_settled(), dissent="It took too long.")

    assert change.entries[0].kind is Happened.DISSENTED
    assert change.entries[0].words == {"Seen otherwise": "It took too long."}
    assert change.challenge.signed[0].dissents
    assert told(change, Told.DISSENTED) == [U_CHALLENGED]
    with pytest.raises(SayWhereYouDiffer):
        sign(a_settled(), dissent=" ")


def test_nobody_signs_twice():
    with pytest.raises(AlreadySigned):
        sign(sign(a_settled()).challenge)


def test_at_the_top_the_scrutineer_signs_for_the_partnership_and_both_sides_still_sign():
    signed = sign(a_settled(of=a_challenge_at(TOP)), by=U_SCRUTINEER).challenge

    assert signed.signed == (Signature(U_SCRUTINEER, Side.PARTNERSHIP),)
    assert follow_up.unsigned(signed) == (Side.RAISING, Side.RECEIVING)


def test_whoever_has_not_signed_is_reminded_once():
    signed = sign(a_settled(of=a_challenge_at(2))).challenge

    [(key, at)] = due_of(signed, follow_up.UNSIGNED).items()
    change = rung(signed, follow_up.UNSIGNED, a_moment("2026-03-11 09:00"))

    assert (key, at) == (f"{signed.turn}:unsigned", a_moment("2026-03-11 09:00").now)
    assert told(change, Told.SIGN) == [U_CHALLENGED, U_RECEIVING_MANAGER]
    both = sign(signed, by=U_RECEIVING_MANAGER).challenge
    assert due_of(both, follow_up.UNSIGNED) == {}


# Opening it again


def test_either_side_opens_it_again_with_a_reason_and_the_earlier_record_stays():
    change = reopen(a_settled(), by=U_CHALLENGED)

    again = change.challenge
    assert again.status is Status.OPEN
    assert change.entries[0].words == {"What is new, and why": "New bruises."}
    assert [each.how for each in again.earlier] == ["We visit."]
    assert (again.settlement, again.signed, again.followed) == (None, (), ())
    with pytest.raises(SayWhy):
        reopen(a_settled(), because="")


def test_while_the_channel_is_there_it_is_used_on():
    change = reopen(a_settled())

    assert not change.challenge.awaits_space
    assert Told.OPEN_SPACE not in {notice.kind for notice in change.notices}


def test_once_the_channel_is_put_away_everybody_is_invited_to_a_new_one():
    settled = put_away(a_settled(of=a_challenge_at(2)))
    everyone_left = a_directory(replace(DIRECTORY.people[1], active=False))
    assert everyone_left.people[1].id == U_RAISING_MANAGER

    change = follow_up.reopen(settled, FRIDAY_TEN, everyone_left, by=U_RAISER, because="Again.")

    assert change.challenge.awaits_space
    kinds = [notice.kind for notice in change.notices]
    assert kinds[0] is Told.OPEN_SPACE
    invited = [notice.about for notice in change.notices if notice.kind is Told.INVITE]
    assert invited == [U_RAISER, U_CHALLENGED, U_RECEIVING_MANAGER, U_RAISING_DEPUTY]
    assert kinds.index(Told.REOPENED) > kinds.index(Told.INVITE)


def test_what_was_withdrawn_may_be_opened_again_too():
    withdrawn = replace(a_settled(), status=Status.WITHDRAWN, settlement=None)

    change = reopen(withdrawn)

    assert change.challenge.status is Status.OPEN
    assert change.challenge.earlier == ()
    assert clocks(change.challenge)


def test_what_was_withdrawn_has_nothing_to_sign_or_to_follow_up():
    withdrawn = replace(a_settled(), status=Status.WITHDRAWN, settlement=None)

    assert [c.key.split(":")[1] for c in clocks(withdrawn)] == ["archive", "aftercare"]
    assert follow_up.unsigned(withdrawn) == ()
    for act in (lambda: sign(withdrawn), lambda: say(withdrawn, Went.YES)):
        with pytest.raises(Closed):
            act()


def test_while_it_is_open_there_is_nothing_to_follow_up():
    for act in (lambda: sign(a_challenge()), lambda: reopen(a_challenge())):
        with pytest.raises(StillOpen):
            act()


def test_settled_again_everything_begins_afresh():
    again = reopen(sign(a_settled()).challenge).challenge
    settled = a_settled(of=again, closed_at=later(FRIDAY_TEN, days=3).now)

    assert len(due_of(settled, follow_up.ASK)) == 2
    assert not set(due_of(settled, follow_up.ASK)) & set(due_of(a_settled(), follow_up.ASK))
    assert follow_up.unsigned(settled) == (Side.RAISING, Side.RECEIVING)


def test_what_was_agreed_and_not_done_is_there_to_be_agreed_anew_once_it_is_open_again():
    done = tick_off(a_settled(an_action(), an_action(what="Ring the school"))).challenge
    assert follow_up.left_from_before(done) == ()

    again = reopen(done).challenge

    assert [a.what for a in follow_up.left_from_before(again)] == ["Ring the school"]


# How urgent it is now


def test_opened_again_it_keeps_no_hurry_that_nobody_asks_for():
    was_urgent = a_settled(of=a_challenge_at(2), urgent=True)

    again = reopened_when(Safety(danger=False), was_urgent)

    assert not again.challenge.urgent
    assert again.challenge.due == a_moment("2026-03-11 17:00").now
    assert again.entries[0].words["Is anyone in immediate danger now?"] == "No"


def test_opened_again_in_danger_it_takes_the_urgent_route_where_it_is():
    again = reopened_when(Safety(danger=True), a_settled(of=a_challenge_at(2)))

    assert again.challenge.urgent
    assert again.challenge.due == later(FRIDAY_TEN, hours=4).now
    assert "urgent route applies" in again.entries[0].summary
    assert Told.RISK_DECLARED in {n.kind for n in again.notices}
    assert set(told(again, Told.RISK_PRIVATELY)) == {
        U_CHALLENGED,
        U_RAISING_MANAGER,
        U_RECEIVING_MANAGER,
    }


def test_opened_again_in_danger_below_the_urgent_routes_start_the_next_people_are_asked():
    again = reopened_when(Safety(danger=True), a_settled())

    assert (again.challenge.status, again.challenge.offered) == (Status.OFFERED, 2)
    assert {p.person for p in again.challenge.prompts} == {U_RAISING_MANAGER, U_RECEIVING_MANAGER}
    assert "Stage 2 (Managers and safeguarding leads) was offered to" in again.entries[-1].summary


@pytest.mark.parametrize("went", Went)
def test_danger_opens_it_again_whatever_came_of_it(went):
    change = follow_up.follow_through(
        a_settled(of=a_challenge_at(2)),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        went=went,
        line="He is outside now.",
        safety=Safety(danger=True),
    )

    assert (change.challenge.status, change.challenge.urgent) == (Status.OPEN, True)
    assert [e.kind for e in change.entries] == [Happened.FOLLOWED_THROUGH, Happened.REOPENED]
