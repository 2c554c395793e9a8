"""The inter-agency meeting: who attends, when, its minutes, or why it is not held."""

from dataclasses import replace

import pytest

from challenge import escalation, meeting
from challenge.deadlines import clocks, fall_due
from challenge.model import (
    Challenge,
    Happened,
    Involved,
    Meeting,
    PersonId,
    Safety,
    Side,
    Space,
    Status,
    Told,
)
from challenge.refusals import (
    AlreadyOffered,
    ChooseTimes,
    MeetingIsNeeded,
    MissingWords,
    NameSomebody,
    NoMeetingHere,
    NothingProposed,
    NotOnBothSides,
    NotYours,
    SayWhy,
    TimeNotOffered,
    TimeOutOfReach,
    YourOwnProposal,
)
from challenge.rights import attendees
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_COLLEAGUE,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_RECEIVING_SENIOR,
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
TUESDAY = a_moment("2026-03-10 14:00").now
WEDNESDAY = a_moment("2026-03-11 10:00").now
THURSDAY = a_moment("2026-03-12 11:00").now
TIMES = (TUESDAY, WEDNESDAY)


def a_meeting_stage() -> Challenge:
    """At stage three, held by both sides' safeguarding leads."""
    return a_challenge_at(3)


def offered(challenge: Challenge | None = None) -> Challenge:
    return meeting.offer_times(
        challenge or a_meeting_stage(),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISING_SAFEGUARDER,
        times=(WEDNESDAY, TUESDAY),
        place="Room 2, Town Hall",
    ).challenge


def answers(challenge: Challenge, who: PersonId, *times, moment=FRIDAY_TEN):
    return meeting.answer_times(challenge, moment, DIRECTORY, by=who, times=times)


def fixed(challenge: Challenge | None = None) -> Challenge:
    known = offered(challenge)
    for who in (U_RAISER, U_CHALLENGED):
        known = answers(known, who, TUESDAY).challenge
    return meeting.fix_time(known, FRIDAY_TEN, DIRECTORY, by=U_RAISER, at=TUESDAY).challenge


def held(challenge: Challenge) -> Meeting:
    assert challenge.meeting is not None
    return challenge.meeting


def kinds(change) -> list[Told]:
    return [notice.kind for notice in change.notices]


# Who attends


def test_the_practitioners_and_the_leads_attend_anyway():
    challenge = a_meeting_stage()

    assert set(attendees(challenge)) == {U_RAISER, U_CHALLENGED, *challenge.leads}


def test_one_side_proposes_and_the_other_agrees_before_anybody_is_brought_in():
    people = (U_OTHER_PRACTITIONER, U_RECEIVING_MANAGER, U_RAISING_COLLEAGUE)
    proposed = meeting.propose_attendees(
        a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=people
    )
    agreed = meeting.agree_attendees(proposed.challenge, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED)

    assert Told.INVITE not in kinds(proposed)
    assert [n.about for n in agreed.notices if n.kind is Told.INVITE] == list(people)
    assert [n.to for n in agreed.notices if n.kind is Told.ASKED_TO_MEETING] == list(people)
    assert set(people) <= set(attendees(agreed.challenge))
    assert {
        Involved(U_OTHER_PRACTITIONER, Side.PARTNERSHIP),
        Involved(U_RECEIVING_MANAGER, Side.RECEIVING),
        Involved(U_RAISING_COLLEAGUE, Side.RAISING),
    } <= set(agreed.challenge.involved)
    assert agreed.entries[0].kind is Happened.ATTENDEES_AGREED


def test_the_side_that_proposed_does_not_agree_for_the_other_but_the_other_may_name_others():
    proposed = meeting.propose_attendees(
        a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_OTHER_PRACTITIONER,)
    ).challenge

    with pytest.raises(YourOwnProposal):
        meeting.agree_attendees(proposed, FRIDAY_TEN, DIRECTORY, by=U_RAISING_SAFEGUARDER)

    countered = meeting.propose_attendees(
        proposed, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, people=(U_RECEIVING_COLLEAGUE,)
    ).challenge
    proposal = held(countered).proposed
    assert proposal is not None
    assert (proposal.side, proposal.people) == (Side.RECEIVING, (U_RECEIVING_COLLEAGUE,))


def test_somebody_unknown_to_the_directory_attends_for_neither_side():
    proposed = meeting.propose_attendees(
        a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_GUEST,)
    ).challenge
    agreed = meeting.agree_attendees(proposed, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge

    assert Involved(U_GUEST, Side.PARTNERSHIP) in agreed.involved


def test_to_be_brought_to_a_meeting_is_not_to_have_been_asked_to_accept_a_stage():
    challenge = a_meeting_stage()
    proposed = meeting.propose_attendees(
        challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_RECEIVING_SENIOR,)
    ).challenge
    agreed = meeting.agree_attendees(proposed, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge

    assert agreed.tried == challenge.tried


def test_a_list_must_name_somebody_who_is_not_coming_already():
    with pytest.raises(NameSomebody):
        meeting.propose_attendees(
            a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_CHALLENGED,)
        )


def test_nobody_agrees_to_a_list_that_is_not_there():
    with pytest.raises(NothingProposed):
        meeting.agree_attendees(a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER)


# When


def test_two_or_three_different_times_are_offered_in_order():
    challenge = offered()

    assert held(challenge).times == TIMES
    assert held(challenge).organiser == U_RAISING_SAFEGUARDER


@pytest.mark.parametrize(
    "times",
    [(), (TUESDAY,), (TUESDAY, TUESDAY), (*TIMES, THURSDAY, later(a_moment(), days=1).now)],
)
def test_fewer_than_two_or_more_than_three_times_are_refused(times):
    with pytest.raises(ChooseTimes):
        meeting.offer_times(
            a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, times=times, place="Town Hall"
        )


@pytest.mark.parametrize(
    "wrong", [FRIDAY_TEN.now, a_moment("2026-03-13 17:00:01").now, a_moment("2026-04-01 10:00").now]
)
def test_a_time_that_has_passed_or_lies_beyond_the_stage_is_refused(wrong):
    with pytest.raises(TimeOutOfReach, match="Friday 13 March 2026, 17:00"):
        meeting.offer_times(
            a_meeting_stage(),
            FRIDAY_TEN,
            DIRECTORY,
            by=U_RAISER,
            times=(TUESDAY, wrong),
            place="Town Hall",
        )


def test_the_place_or_the_link_is_needed():
    with pytest.raises(MissingWords):
        meeting.offer_times(
            a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, times=TIMES, place=" "
        )


def test_the_last_answer_fixes_the_first_time_that_everybody_can_make():
    challenge = offered()
    *most, last = attendees(challenge)
    for who in most:
        challenge = answers(challenge, who, *TIMES).challenge
        assert challenge.meeting.fixed is None
    change = answers(challenge, last, WEDNESDAY)

    assert change.challenge.meeting.fixed == WEDNESDAY
    assert change.challenge.meeting.times == ()
    assert [e.kind for e in change.entries] == [Happened.TIMES_ANSWERED, Happened.MEETING_FIXED]
    assert kinds(change) == [Told.MEETING_FIXED, Told.MEETING_FILE, Told.CARD]


def test_no_time_is_fixed_by_itself_while_somebody_can_make_none():
    challenge = offered()
    *most, last = attendees(challenge)
    for who in most:
        challenge = answers(challenge, who, *TIMES).challenge

    change = answers(challenge, last)

    assert change.challenge.meeting.fixed is None
    assert "none of the times" in change.entries[0].summary


def test_a_time_that_has_passed_is_not_fixed_by_the_last_answer():
    challenge = offered()
    *most, last = attendees(challenge)
    for who in most:
        challenge = answers(challenge, who, *TIMES).challenge
    wednesday_morning = a_moment("2026-03-11 09:00")

    change = answers(challenge, last, *TIMES, moment=wednesday_morning)

    assert change.challenge.meeting.fixed == WEDNESDAY


def test_an_answer_given_again_takes_the_place_of_the_first():
    challenge = answers(offered(), U_RAISER, TUESDAY).challenge
    challenge = answers(challenge, U_RAISER, WEDNESDAY).challenge

    assert meeting.who_can_make(challenge.meeting, TUESDAY) == ()
    assert meeting.who_can_make(challenge.meeting, WEDNESDAY) == (U_RAISER,)


def test_only_a_time_that_was_offered_is_an_answer():
    with pytest.raises(TimeNotOffered):
        answers(offered(), U_RAISER, THURSDAY)
    with pytest.raises(NothingProposed):
        answers(a_meeting_stage(), U_RAISER, TUESDAY)


def test_only_those_who_attend_say_which_times_they_can_make():
    told = replace(offered(), told=(U_UNIT,))

    with pytest.raises(NotYours):
        answers(told, U_UNIT, TUESDAY)


def test_a_time_is_fixed_only_when_somebody_of_each_side_can_make_it():
    challenge = answers(offered(), U_RAISER, TUESDAY).challenge
    with pytest.raises(NotOnBothSides):
        meeting.fix_time(challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISER, at=TUESDAY)

    assert held(fixed()).fixed == TUESDAY


def test_somebody_brought_in_speaks_for_their_own_side():
    challenge = meeting.propose_attendees(
        a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_RECEIVING_COLLEAGUE,)
    ).challenge
    challenge = meeting.agree_attendees(challenge, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge
    challenge = offered(challenge)
    for who in (U_RAISER, U_RECEIVING_COLLEAGUE):
        challenge = answers(challenge, who, WEDNESDAY).challenge

    change = meeting.fix_time(challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISER, at=WEDNESDAY)

    assert held(change.challenge).fixed == WEDNESDAY


@pytest.mark.parametrize("moment", [FRIDAY_TEN, a_moment("2026-03-10 14:00")])
def test_a_time_that_was_not_offered_or_has_come_is_not_fixed(moment):
    at = THURSDAY if moment is FRIDAY_TEN else TUESDAY

    with pytest.raises(TimeNotOffered):
        meeting.fix_time(offered(), moment, DIRECTORY, by=U_RAISER, at=at)


def test_a_meeting_that_moves_keeps_its_time_until_the_next_is_fixed_and_counts_on():
    moved = meeting.offer_times(
        fixed(), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, times=(WEDNESDAY, THURSDAY), place="Online"
    ).challenge
    assert held(moved).fixed == TUESDAY
    for who in (U_RAISER, U_CHALLENGED):
        moved = answers(moved, who, THURSDAY).challenge
    again = meeting.fix_time(moved, FRIDAY_TEN, DIRECTORY, by=U_RAISER, at=THURSDAY).challenge

    assert (held(again).fixed, held(again).fixings) == (THURSDAY, 2)


# The reminder


def test_everyone_who_attends_is_reminded_two_working_hours_before_and_once():
    challenge = fixed()
    [clock] = [c for c in clocks(challenge) if ":meet:" in c.key]
    assert clock.due == a_moment("2026-03-10 12:00").now
    at = a_moment("2026-03-10 12:00")

    change = fall_due(challenge, at, DIRECTORY, key=clock.key)

    assert change is not None
    assert [n.to for n in change.notices] == [None, *attendees(challenge)]
    assert {n.kind for n in change.notices} == {Told.MEETING_SOON}
    assert not [c for c in clocks(change.challenge) if ":meet:" in c.key]


def test_the_reminder_is_said_once_whoever_looks():
    once = meeting.remind(fixed(), a_moment("2026-03-10 12:00")).challenge

    assert held(once).reminded


def test_a_reminder_that_was_missed_until_the_meeting_began_is_put_on_record_only():
    challenge = fixed()
    [clock] = [c for c in clocks(challenge) if ":meet:" in c.key]

    change = fall_due(challenge, a_moment("2026-03-10 15:00"), DIRECTORY, key=clock.key)

    assert change is not None
    assert change.notices == ()
    assert change.entries[0].kind is Happened.REMINDER_MISSED


def test_a_time_fixed_within_the_last_two_hours_is_reminded_of_at_once_with_the_pledge():
    one = a_moment("2026-03-10 13:00")
    challenge = offered()
    for who in (U_RAISER, U_CHALLENGED):
        challenge = answers(challenge, who, TUESDAY).challenge

    late = meeting.fix_time(challenge, one, DIRECTORY, by=U_RAISER, at=TUESDAY).challenge

    [clock] = [c for c in clocks(late) if ":meet:" in c.key]
    change = fall_due(late, one, DIRECTORY, key=clock.key)
    assert change is not None
    assert Told.MEETING_SOON in kinds(change)


def test_a_partnership_may_set_its_own_pledge_reminder_and_length():
    meetings = a_procedure(
        meeting={"pledge": "We listen.", "remind": "1 working day", "lasts": "90 minutes"}
    ).meetings

    assert (meetings.pledge, str(meetings.remind)) == ("We listen.", "1 working day")
    assert str(meetings.lasts) == "90 minutes"


# Minutes


def minutes(challenge: Challenge, by: PersonId = U_RAISER, **given: str):
    facts = {
        "discussion": "We heard both.",
        "agreed": "",
        "outstanding": "",
        "next_steps": "Visit.",
    }
    return meeting.record_minutes(challenge, FRIDAY_TEN, DIRECTORY, by=by, **{**facts, **given})


def test_minutes_go_on_record_under_their_headings_and_into_the_channel():
    change = minutes(fixed(), outstanding="Who rings the school?")

    assert change.entries[0].words == {
        "Discussion": "We heard both.",
        "Outstanding issues": "Who rings the school?",
        "Next steps": "Visit.",
    }
    assert Told.MINUTES in kinds(change)
    assert change.challenge.meeting.minutes.outstanding == "Who rings the school?"


def test_whoever_is_told_at_the_meetings_stage_hears_that_there_are_minutes():
    told = [n.to for n in minutes(fixed()).notices if n.kind is Told.MINUTES]

    assert told == [None, U_UNIT]


@pytest.mark.parametrize("name", ["discussion", "next_steps"])
def test_minutes_need_the_discussion_and_the_next_steps(name):
    with pytest.raises(MissingWords) as no:
        minutes(fixed(), by=U_RAISER, **{name: " "})

    assert no.value.field == name


def test_a_meeting_arranged_elsewhere_is_minuted_too_and_so_is_one_after_the_stage_lapsed():
    assert minutes(a_meeting_stage()).challenge.meeting.minutes

    lapsed = fall_due(fixed(), a_moment("2026-03-13 17:00"), DIRECTORY, key=lapse_key(fixed()))
    assert lapsed is not None
    assert lapsed.challenge.status is Status.OFFERED
    assert minutes(lapsed.challenge).challenge.meeting.minutes


def test_minutes_are_typed_after_they_settled_in_the_room_and_after_the_next_stage_began():
    top = a_moment("2026-03-13 17:00")
    met = replace(fixed(), space=Space("C1", "challenge", archived=True))
    settled = replace(met, status=Status.SETTLED, closed_at=top.now)
    lapsed = fall_due(met, top, DIRECTORY, key=lapse_key(met))
    assert lapsed is not None
    begun = escalation.accept(lapsed.challenge, top, DIRECTORY, by=U_SCRUTINEER, line="Today.")

    written = minutes(settled, by=U_RAISING_SAFEGUARDER)

    assert written.challenge.meeting.minutes
    there = [U_RAISER, U_CHALLENGED, U_RECEIVING_SAFEGUARDER]
    assert [n.to for n in written.notices] == [*there, U_UNIT]
    assert begun.challenge.at_top
    assert minutes(begun.challenge, by=U_RECEIVING_SAFEGUARDER).challenge.meeting.minutes
    with pytest.raises(NotYours):
        minutes(begun.challenge, by=U_SCRUTINEER)
    with pytest.raises(NotYours):
        minutes(replace(begun.challenge, meeting=replace(held(met), fixed=None)))


def lapse_key(challenge: Challenge) -> str:
    return next(c.key for c in clocks(challenge) if c.key.endswith(":lapse"))


# Not appropriate


def doubted(challenge: Challenge | None = None, by: PersonId = U_RAISING_SAFEGUARDER):
    return meeting.doubt(
        challenge or a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=by, because="It is agreed."
    )


def test_no_meeting_needs_a_reason_and_a_second_opinion_from_the_other_side_or_the_unit():
    change = doubted()

    doubt = change.challenge.meeting.doubt
    assert U_RECEIVING_SAFEGUARDER in doubt.asked
    assert U_UNIT in doubt.asked
    assert [n.to for n in change.notices if n.kind is Told.SECOND_OPINION_ASKED] == [*doubt.asked]
    assert change.challenge.status is Status.OPEN
    with pytest.raises(SayWhy):
        meeting.doubt(
            a_meeting_stage(), FRIDAY_TEN, DIRECTORY, by=U_RAISING_SAFEGUARDER, because=" "
        )


def test_the_other_sides_safeguarding_lead_is_brought_in_when_they_do_not_lead_the_stage():
    challenge = a_meeting_stage()
    senior = replace(
        challenge,
        holders=(
            Involved(U_RAISING_SENIOR, Side.RAISING),
            Involved(U_RECEIVING_SENIOR, Side.RECEIVING),
        ),
        involved=(),
    )

    change = doubted(senior, by=U_RECEIVING_SENIOR)

    assert change.challenge.meeting.doubt.asked == (U_RAISING_SENIOR, U_RAISING_SAFEGUARDER, U_UNIT)
    assert [n.about for n in change.notices if n.kind is Told.INVITE] == [U_RAISING_SAFEGUARDER]
    assert change.challenge.tried == senior.tried


def test_with_nobody_else_to_ask_the_partnership_gives_the_second_opinion():
    alone = replace(a_meeting_stage(), holders=(Involved(U_RAISING_SAFEGUARDER, Side.RAISING),))
    gone = a_directory(
        the_person(U_RECEIVING_SAFEGUARDER, active=False), business_unit=(), scrutineer=()
    )

    change = meeting.doubt(
        alone, FRIDAY_TEN, gone, by=U_RAISING_SAFEGUARDER, because="It is agreed."
    )

    doubt = held(change.challenge).doubt
    assert doubt is not None
    assert doubt.asked == gone.coordinators


def test_no_second_opinion_is_asked_of_a_supporter_or_of_whoever_has_a_conflict_of_interest():
    senior = replace(
        a_meeting_stage(), holders=(Involved(U_RECEIVING_SENIOR, Side.RECEIVING),), involved=()
    )
    beside = replace(senior, supporters=(Involved(U_RAISING_SAFEGUARDER, Side.RAISING),))
    conflicted = replace(senior, aside=tuple(Involved(U_RAISING_SAFEGUARDER, s) for s in Side))

    for challenge in (beside, conflicted):
        doubt = held(doubted(challenge, by=U_RECEIVING_SENIOR).challenge).doubt
        assert doubt is not None
        assert doubt.asked == (U_UNIT,)


@pytest.mark.parametrize("by", [U_RAISER, U_CHALLENGED])
def test_only_a_lead_says_that_a_meeting_is_not_appropriate(by):
    with pytest.raises(NotYours):
        doubted(by=by)


@pytest.mark.parametrize("by", [U_RAISING_SAFEGUARDER, U_RAISER, U_CHALLENGED])
def test_nobody_gives_the_second_opinion_on_their_own_view_nor_on_their_own_dispute(by):
    with pytest.raises(NotYours):
        meeting.agree_no_meeting(doubted().challenge, FRIDAY_TEN, DIRECTORY, by=by, because="Yes.")


@pytest.mark.parametrize("by", [U_RECEIVING_SAFEGUARDER, U_UNIT])
def test_the_second_opinion_agrees_and_the_next_stage_is_offered_at_once(by):
    change = meeting.agree_no_meeting(
        doubted().challenge, FRIDAY_TEN, DIRECTORY, by=by, because="All is said."
    )

    assert (change.challenge.status, change.challenge.offered) == (Status.OFFERED, TOP)
    assert change.entries[0].words == {"Why": "All is said."}
    assert held(change.challenge).doubt is None


def test_the_second_opinion_says_that_it_is_needed_and_then_it_is_not_doubted_again():
    change = meeting.call_meeting_needed(
        doubted().challenge, FRIDAY_TEN, DIRECTORY, by=U_UNIT, because="Nobody has met."
    )

    assert change.challenge.status is Status.OPEN
    assert held(offered(change.challenge)).times == TIMES
    with pytest.raises(MeetingIsNeeded):
        doubted(change.challenge)


def test_a_second_opinion_has_a_reason():
    with pytest.raises(SayWhy):
        meeting.agree_no_meeting(doubted().challenge, FRIDAY_TEN, DIRECTORY, by=U_UNIT, because="")


def test_a_doubt_waits_for_its_answer_before_another_is_said():
    first = doubted().challenge
    with pytest.raises(YourOwnProposal):
        doubted(first)
    with pytest.raises(MeetingIsNeeded):
        doubted(first, by=U_RECEIVING_SAFEGUARDER)


# Where there is no meeting


def test_a_stage_without_a_meeting_has_none_to_arrange():
    with pytest.raises(NoMeetingHere):
        meeting.propose_attendees(
            a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_OTHER_PRACTITIONER,)
        )


def test_a_meeting_is_over_with_its_stage():
    moved = a_challenge_at(TOP)
    past = replace(moved, meeting=fixed().meeting)

    with pytest.raises(NoMeetingHere):
        meeting.offer_times(
            past, FRIDAY_TEN, DIRECTORY, by=U_RAISER, times=TIMES, place="Town Hall"
        )
    assert not [c for c in clocks(past) if ":meet:" in c.key]


def test_nothing_is_arranged_while_the_next_stage_is_offered():
    gone = meeting.agree_no_meeting(
        doubted().challenge, FRIDAY_TEN, DIRECTORY, by=U_UNIT, because="Yes."
    ).challenge

    with pytest.raises(AlreadyOffered):
        meeting.offer_times(
            gone, FRIDAY_TEN, DIRECTORY, by=U_RAISER, times=TIMES, place="Town Hall"
        )


def test_the_earlier_meeting_of_another_stage_is_not_this_ones():
    other = replace(a_meeting_stage(), meeting=replace(held(fixed()), stage=2))

    assert held(offered(other)).fixed is None


def test_nobody_is_free_for_a_meeting_that_nobody_offered():
    assert meeting.time_for_all(a_challenge(), FRIDAY_TEN) is None


def test_agreeing_to_no_meeting_in_danger_takes_the_urgent_route():
    change = meeting.agree_no_meeting(
        doubted().challenge,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_UNIT,
        because="He is outside now.",
        safety=Safety(danger=True),
    )

    assert change.challenge.urgent
    assert "urgent route applies" in change.entries[0].summary
    assert Told.RISK_PRIVATELY in kinds(change)
    assert change.entries[0].words["Is anyone in immediate danger now?"] == "Yes, or not sure"
