"""Escalation: silence moves up, one person takes it on, and nobody is a dead end."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from challenge import escalation
from challenge.directory import Away, barred_from
from challenge.model import (
    UNKNOWN_AGENCY,
    Happened,
    Involved,
    Notice,
    PersonId,
    Safety,
    Side,
    Status,
    Told,
)
from challenge.refusals import (
    AlreadyAccepted,
    AlreadyOffered,
    Closed,
    NothingHere,
    NotYours,
    NowhereHigher,
    PromptPassedOn,
    SayWhatYouWillDo,
    SayWhy,
)
from challenge.rights import parts
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    OAK,
    PROCEDURE,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_OTHER_MANAGER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_DEPUTY,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_RECEIVING_SENIOR,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_moment,
    a_person,
    a_procedure,
    an_offered_challenge,
    later,
    the_person,
)

DIRECTORY = a_directory()
U_STRANGER = PersonId("USTRANGER")
LINE = "I will speak with both today, and say by noon tomorrow."
WHY = "I am on another team now."


def escalated(challenge=None, *, by=U_RAISER, because="The child is at school on Monday."):
    return escalation.escalate(
        challenge or a_challenge(), FRIDAY_TEN, DIRECTORY, by=by, because=because
    )


def accepted(challenge, *, by, line=LINE, directory=DIRECTORY, moment=FRIDAY_TEN):
    return escalation.accept(challenge, moment, directory, by=by, line=line)


def declined(challenge, *, by, because=WHY, directory=DIRECTORY):
    return escalation.decline(challenge, FRIDAY_TEN, directory, by=by, because=because)


def unanswered(challenge, side, directory=DIRECTORY, moment=FRIDAY_TEN):
    return escalation.no_acceptance(challenge, moment, directory, prompted(challenge, side))


def prompted(challenge, side):
    [prompt] = [p for p in challenge.prompts if p.side is side]
    return prompt


def asked(challenge, side):
    return prompted(challenge, side).person


# Asking for the next stage


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED])
def test_either_side_may_ask_for_the_next_stage_with_a_reason(who):
    change = escalated(by=who)

    offered = change.challenge
    assert (offered.status, offered.stage, offered.offered) == (Status.OFFERED, 1, 2)
    assert asked(offered, Side.RAISING) == U_RAISING_MANAGER
    assert asked(offered, Side.RECEIVING) == U_RECEIVING_MANAGER
    assert change.entries[0].kind is Happened.ESCALATED
    assert change.entries[0].words == {"Why": "The child is at school on Monday."}
    assert change.notices[0] == Notice(Told.ESCALATION, about=who)


def test_whoever_is_asked_is_invited_prompted_in_the_channel_and_told_privately():
    notices = escalated().notices

    for manager, deputy in (
        (U_RAISING_MANAGER, U_RAISING_DEPUTY),
        (U_RECEIVING_MANAGER, U_RECEIVING_DEPUTY),
    ):
        about = [n for n in notices if n.about == manager]
        mark = about[1].mark
        assert about == [
            Notice(Told.INVITE, about=manager),
            Notice(Told.PROMPT, about=manager, mark=mark),
            Notice(Told.PROMPT_PRIVATELY, to=manager, about=manager, mark=mark),
            Notice(Told.PROMPT_PRIVATELY, to=deputy, about=manager, mark=mark),
        ]


def test_escalating_needs_a_reason():
    with pytest.raises(SayWhy) as no:
        escalated(because="  ")

    assert no.value.field == "because"


def test_what_is_offered_already_is_not_offered_twice():
    with pytest.raises(AlreadyOffered, match=r"stage 2; <@URAISINGMANAGER> and"):
        escalated(an_offered_challenge(), because="")


def test_at_the_top_there_is_nowhere_higher():
    with pytest.raises(NowhereHigher, match="Independent Scrutineer"):
        escalated(a_challenge_at(TOP))


def test_a_date_on_the_table_falls_away_and_a_proposed_settlement_stays():
    offered = escalated(a_challenge(date_proposal=None)).challenge

    assert offered.date_proposal is None
    assert offered.turn == a_challenge().turn + 1


def test_an_unconfirmed_stage_is_passed_over_and_the_record_says_why():
    change = escalated(a_challenge_at(3), because="Still no safe plan.")

    assert change.challenge.offered == TOP
    assert "Stage 4 (Senior managers) was passed over" in change.entries[0].summary
    assert asked(change.challenge, Side.PARTNERSHIP) == U_SCRUTINEER


# Accepting


def test_the_first_to_accept_waits_for_the_other_side_and_the_card_of_the_stage_before_stands():
    offered = an_offered_challenge()

    change = accepted(offered, by=U_RECEIVING_MANAGER)

    half = change.challenge
    assert (half.status, half.stage, half.offered) == (Status.OFFERED, 1, 2)
    assert half.holders == offered.holders
    assert half.accepted == (Involved(U_RECEIVING_MANAGER, Side.RECEIVING),)
    assert half.side_of(U_RECEIVING_MANAGER) is Side.RECEIVING
    assert [p.person for p in half.prompts] == [U_RAISING_MANAGER]
    assert change.entries[0].kind is Happened.ACCEPTED
    assert change.entries[0].words == {"What I will do, by when": LINE}
    assert change.entries[0].summary == (
        "<@URECEIVINGMANAGER> accepted stage 2 (Managers and safeguarding leads) for the receiving "
        "side. It begins when <@URAISINGMANAGER> accepts too, or when their time runs out: "
        "Friday 6 March 2026, 14:00."
    )
    assert change.notices == (Notice(Told.ACCEPTED, about=U_RECEIVING_MANAGER), Notice(Told.CARD))


def test_the_stage_begins_and_its_clock_starts_when_both_sides_have_accepted():
    first = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge
    monday = a_moment("2026-03-09 09:00")

    change = accepted(first, by=U_RAISING_MANAGER, moment=monday)

    moved = change.challenge
    assert (moved.status, moved.stage, moved.offered) == (Status.OPEN, 2, None)
    assert moved.leads == (U_RECEIVING_MANAGER, U_RAISING_MANAGER)
    assert (moved.accepted, moved.prompts) == ((), ())
    assert moved.stage_began == moved.clock_set == monday.now
    assert moved.due == datetime(2026, 3, 12, 17, tzinfo=UTC)
    assert "Both sides have accepted, so the stage begins." in change.entries[0].summary
    assert change.notices == (
        Notice(Told.ACCEPTED, about=U_RAISING_MANAGER),
        Notice(Told.CARD),
        Notice(Told.STAGE_REACHED, to=U_RAISER),
        Notice(Told.STAGE_REACHED, to=U_CHALLENGED),
        Notice(Told.STAGE_REACHED, to=U_RECEIVING_MANAGER),
    )


def test_when_the_other_sides_time_runs_out_the_stage_begins_with_the_one_who_accepted():
    first = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge
    two = a_moment("2026-03-06 14:00")

    change = unanswered(first, Side.RAISING, moment=two)

    moved = change.challenge
    assert (moved.status, moved.stage, moved.leads) == (Status.OPEN, 2, (U_RECEIVING_MANAGER,))
    assert moved.clock_set == two.now
    assert asked(moved, Side.RAISING) == U_RAISING_DEPUTY
    [entry] = change.entries
    assert entry.kind is Happened.REACHED_WITH_ONE
    assert entry.summary == (
        "<@URAISINGMANAGER> did not accept stage 2 in the time allowed. <@URAISINGDEPUTY> was "
        "asked next. The raising side's time to accept has run out, so the stage begins with "
        "<@URECEIVINGMANAGER>; the other side is asked on."
    )
    assert Notice(Told.REACHED_WITH_ONE) in change.notices
    assert Notice(Told.STAGE_REACHED, to=U_RECEIVING_MANAGER) in change.notices


def test_whoever_accepts_after_the_other_sides_time_has_run_out_need_not_wait():
    overdue = unanswered(an_offered_challenge(), Side.RAISING).challenge
    assert overdue.status is Status.OFFERED

    change = accepted(overdue, by=U_RECEIVING_MANAGER)

    assert (change.challenge.status, change.challenge.stage) == (Status.OPEN, 2)
    assert "so the stage begins with <@URECEIVINGMANAGER>" in change.entries[0].summary
    assert asked(change.challenge, Side.RAISING) == U_RAISING_DEPUTY


def test_whoever_is_not_the_right_person_does_not_use_up_their_sides_time():
    first = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge

    passed = declined(first, by=U_RAISING_MANAGER).challenge

    assert (passed.status, passed.accepted) == (Status.OFFERED, first.accepted)
    assert asked(passed, Side.RAISING) == U_RAISING_DEPUTY


def test_whoever_joins_a_stage_that_has_begun_does_not_move_its_clock():
    first = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge
    begun = unanswered(first, Side.RAISING).challenge

    second = accepted(begun, by=U_RAISING_DEPUTY, moment=later(FRIDAY_TEN, hours=6))

    assert second.challenge.leads == (U_RECEIVING_MANAGER, U_RAISING_DEPUTY)
    assert second.challenge.prompts == ()
    assert (second.challenge.due, second.challenge.turn) == (begun.due, begun.turn)
    assert not [n for n in second.notices if n.kind is Told.STAGE_REACHED]
    assert second.entries[0].summary.endswith("for the raising side.")


def test_whoever_accepted_cannot_be_asked_for_the_other_side():
    first = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge

    assert U_RECEIVING_MANAGER in barred_from(first, Side.RAISING)


def test_accepting_takes_one_line_about_what_will_be_done():
    with pytest.raises(SayWhatYouWillDo) as no:
        accepted(an_offered_challenge(), by=U_RAISING_MANAGER, line=" ")

    assert no.value.field == "line"


def test_the_deputy_may_accept_and_is_then_invited_and_named_as_standing_in():
    change = accepted(an_offered_challenge(), by=U_RAISING_DEPUTY)

    assert change.challenge.accepted == (Involved(U_RAISING_DEPUTY, Side.RAISING),)
    assert Notice(Told.INVITE, about=U_RAISING_DEPUTY) in change.notices
    assert "for the raising side, for <@URAISINGMANAGER>" in change.entries[0].summary
    assert Involved(U_RAISING_DEPUTY, Side.RAISING) in change.challenge.involved


def test_a_deputy_who_is_in_the_dispute_cannot_accept_its_review():
    directory = a_directory(the_person(U_RECEIVING_MANAGER, deputy=U_CHALLENGED))

    with pytest.raises(NotYours, match="the person asked to take it on, or their deputy"):
        accepted(an_offered_challenge(), by=U_CHALLENGED, directory=directory)


@pytest.mark.parametrize("who", [U_RAISER, U_CHALLENGED])
def test_a_practitioner_cannot_accept_their_own_dispute(who):
    with pytest.raises(NotYours):
        accepted(an_offered_challenge(), by=who)


@pytest.mark.parametrize("who", [U_OTHER_MANAGER, U_RAISING_COLLEAGUE, U_RAISING_SENIOR])
def test_somebody_who_was_not_asked_learns_nothing(who):
    with pytest.raises(NothingHere):
        accepted(an_offered_challenge(), by=who)


def test_whoever_comes_after_their_deputy_is_told_who_accepted():
    taken = accepted(an_offered_challenge(), by=U_RAISING_DEPUTY).challenge

    with pytest.raises(AlreadyAccepted, match=r"<@URAISINGDEPUTY> already accepted this"):
        accepted(taken, by=U_RAISING_MANAGER)


def test_whoever_accepts_twice_is_told_that_they_did():
    taken = accepted(an_offered_challenge(), by=U_RAISING_MANAGER).challenge

    with pytest.raises(AlreadyAccepted, match="You already accepted this"):
        accepted(taken, by=U_RAISING_MANAGER)


def test_whoever_comes_after_the_prompt_passed_on_is_told_who_has_it():
    passed = declined(an_offered_challenge(), by=U_RAISING_MANAGER).challenge

    with pytest.raises(PromptPassedOn, match="<@URAISINGDEPUTY>"):
        accepted(passed, by=U_RAISING_MANAGER)


def test_whoever_comes_late_while_nobody_can_be_asked_is_not_told_a_wrong_name():
    few = a_directory(
        the_person(U_RAISING_MANAGER, deputy=None), business_unit=(), coordinators=(), scrutineer=()
    )
    few = replace(few, people=tuple(p for p in few.people if p.id != U_RAISING_SAFEGUARDER))
    nobody = declined(an_offered_challenge(), by=U_RAISING_MANAGER, directory=few).challenge
    assert asked(nobody, Side.RAISING) is None

    with pytest.raises(NotYours):
        accepted(nobody, by=U_RAISING_MANAGER, directory=few)


def test_a_late_comer_to_a_closed_challenge_is_told_that_it_is_closed():
    closed = replace(
        accepted(an_offered_challenge(), by=U_RAISING_DEPUTY).challenge,
        status=Status.SETTLED,
        prompts=(),
    )

    with pytest.raises(Closed):
        accepted(closed, by=U_RAISING_MANAGER)


def test_where_the_procedure_says_so_the_business_unit_is_told_and_may_read_from_then_on():
    third = a_challenge_at(2)
    offered = escalated(third).challenge
    half = accepted(offered, by=U_RAISING_SAFEGUARDER).challenge
    assert half.told == ()

    change = accepted(half, by=U_RECEIVING_SAFEGUARDER)

    assert third.told == ()
    assert change.challenge.told == (U_UNIT,)
    assert Notice(Told.STAGE_REACHED, to=U_UNIT) in change.notices


def test_at_the_top_the_whole_partnership_hears_of_it_and_a_coordinator_does_not_read_it():
    offered = escalated(a_challenge_at(3)).challenge

    change = accepted(offered, by=U_SCRUTINEER)

    top = change.challenge
    assert {n.to for n in change.notices if n.kind is Told.STAGE_REACHED} == {
        U_RAISER,
        U_CHALLENGED,
        U_UNIT,
        U_COORDINATOR,
    }
    assert top.told == (U_UNIT,)
    assert top.at_top
    assert top.lead(Side.PARTNERSHIP) == U_SCRUTINEER


def test_at_the_top_the_record_names_no_side():
    offered = escalated(a_challenge_at(3)).challenge

    entry = accepted(offered, by=U_SCRUTINEER).entries[0]

    assert entry.summary == "<@USCRUTINEER> accepted stage 5 (Independent Scrutineer)."


# Nobody holds two successive stages


def test_whoever_holds_a_stage_is_not_asked_for_the_next():
    second = declined(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge
    second = declined(second, by=U_RECEIVING_DEPUTY).challenge
    half = accepted(second, by=U_RECEIVING_SAFEGUARDER).challenge
    held = accepted(half, by=U_RAISING_MANAGER).challenge

    offered = escalated(held).challenge

    assert asked(offered, Side.RECEIVING) == U_RECEIVING_SENIOR


def test_whoever_held_the_stage_before_is_not_asked_once_the_other_side_has_accepted():
    """A bug, mended: only the leads of the day were barred, and those are the new stage's."""
    second = declined(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge
    second = declined(second, by=U_RECEIVING_DEPUTY).challenge
    half = accepted(second, by=U_RECEIVING_SAFEGUARDER).challenge
    held = accepted(half, by=U_RAISING_MANAGER).challenge
    third = accepted(escalated(held).challenge, by=U_RAISING_SAFEGUARDER).challenge
    assert asked(third, Side.RECEIVING) == U_RECEIVING_SENIOR

    passed = unanswered(third, Side.RECEIVING).challenge

    assert passed.held_before == (U_RECEIVING_SAFEGUARDER, U_RAISING_MANAGER)
    assert asked(passed, Side.RECEIVING) == U_UNIT


def test_whoever_held_a_stage_may_take_on_the_one_after_the_next():
    offered = escalated(a_challenge_at(3)).challenge

    barred = barred_from(offered, Side.PARTNERSHIP)

    assert U_RAISING_SAFEGUARDER in barred
    assert U_RAISING_MANAGER not in barred


def test_nobody_answers_for_both_sides():
    everywhere = a_directory(
        the_person(U_RAISER, line_manager=U_RAISING_SENIOR),
        the_person(U_CHALLENGED, line_manager=U_RAISING_SENIOR),
    )

    offered = an_offered_challenge(directory=everywhere)

    assert asked(offered, Side.RAISING) == U_RAISING_SENIOR
    assert asked(offered, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER


# Not the right person, and no answer at all


def test_not_the_right_person_needs_a_reason():
    with pytest.raises(SayWhy):
        declined(an_offered_challenge(), by=U_RAISING_MANAGER, because="")


def test_whoever_declines_passes_the_prompt_on_at_once():
    change = declined(an_offered_challenge(), by=U_RAISING_MANAGER)

    assert asked(change.challenge, Side.RAISING) == U_RAISING_DEPUTY
    assert change.entries[0].kind is Happened.DECLINED
    assert change.entries[0].words == {"Why": WHY}
    assert "<@URAISINGDEPUTY> was asked next" in change.entries[0].summary
    assert change.notices[0] == Notice(Told.DECLINED, about=U_RAISING_MANAGER)
    assert Notice(Told.INVITE, about=U_RAISING_DEPUTY) in change.notices


def test_a_deputy_says_it_for_themself_alone_and_the_manager_stays_asked():
    """A bug, mended: the manager was passed over too, though nobody had heard from them."""
    offered = an_offered_challenge()
    change = declined(offered, by=U_RAISING_DEPUTY)

    before, after = (c.prompts[0] for c in (offered, change.challenge))
    assert (after.person, after.number, after.due) == (U_RAISING_MANAGER, before.number, before.due)
    assert change.entries[0].kind is Happened.DECLINED
    assert "<@URAISINGMANAGER> is still asked." in change.entries[0].summary
    assert change.notices == (
        Notice(Told.DECLINED, about=U_RAISING_DEPUTY, mark=U_RAISING_MANAGER),
        Notice(
            Told.PROMPT_PRIVATELY,
            to=U_RAISING_MANAGER,
            about=U_RAISING_MANAGER,
            mark=str(before.number),
        ),
        Notice(Told.CARD),
    )
    accepted(change.challenge, by=U_RAISING_MANAGER)


def test_a_deputy_who_declines_for_somebody_is_not_asked_next_in_their_own_name():
    """A bug, mended: "I am not the right person" was answered by asking that very person."""
    alone = declined(an_offered_challenge(), by=U_RAISING_DEPUTY).challenge

    for passed in (unanswered(alone, Side.RAISING), declined(alone, by=U_RAISING_MANAGER)):
        assert asked(passed.challenge, Side.RAISING) == U_RAISING_SAFEGUARDER


def test_a_deputy_who_declines_while_the_manager_is_away_leaves_it_to_the_next():
    away = Away(FRIDAY_TEN.today, FRIDAY_TEN.today)
    on_leave = a_directory(the_person(U_RAISING_MANAGER, away=(away,)))

    change = declined(an_offered_challenge(), by=U_RAISING_DEPUTY, directory=on_leave)

    assert asked(change.challenge, Side.RAISING) == U_RAISING_SAFEGUARDER


def test_a_deputy_who_declined_is_told_who_has_it_now_and_no_more():
    passed = declined(an_offered_challenge(), by=U_RAISING_DEPUTY).challenge

    for act in (declined, accepted):
        with pytest.raises(PromptPassedOn, match="<@URAISINGMANAGER>"):
            act(passed, by=U_RAISING_DEPUTY)
    assert parts(passed, DIRECTORY, U_RAISING_DEPUTY) == frozenset()


def test_a_deputy_who_comes_after_the_one_they_stand_in_for_is_told_who_accepted():
    taken = accepted(an_offered_challenge(), by=U_RAISING_MANAGER).challenge

    with pytest.raises(AlreadyAccepted, match="<@URAISINGMANAGER>"):
        accepted(taken, by=U_RAISING_DEPUTY)


def test_a_deputy_of_the_partnership_who_declined_and_was_told_is_refused_without_a_wrong_name():
    standing_in = a_directory(the_person(U_RAISING_MANAGER, deputy=U_UNIT))
    passed = declined(
        an_offered_challenge(told=(U_UNIT,)), by=U_UNIT, directory=standing_in
    ).challenge

    with pytest.raises(NotYours):
        accepted(passed, by=U_UNIT, directory=standing_in)


def test_silence_passes_the_prompt_on_to_the_deputy_the_next_role_and_the_partnership():
    challenge, order = an_offered_challenge(), []
    for _ in range(6):
        challenge = unanswered(challenge, Side.RAISING).challenge
        order.append(asked(challenge, Side.RAISING))

    assert order == [
        U_RAISING_DEPUTY,
        U_RAISING_SAFEGUARDER,
        U_UNIT,
        U_COORDINATOR,
        U_SCRUTINEER,
        U_UNIT,
    ]


def test_once_everyone_was_asked_the_partnership_is_asked_again_in_turn():
    """A bug, mended: the first of them was asked over and over, even right after declining."""
    challenge = an_offered_challenge()
    for who in (U_RAISING_MANAGER, U_RAISING_DEPUTY, U_RAISING_SAFEGUARDER):
        challenge = unanswered(challenge, Side.RAISING).challenge
        assert who in challenge.tried

    again = []
    for _ in range(6):
        challenge = declined(challenge, by=asked(challenge, Side.RAISING)).challenge
        again.append(asked(challenge, Side.RAISING))

    assert again == [U_COORDINATOR, U_SCRUTINEER, U_UNIT, U_COORDINATOR, U_SCRUTINEER, U_UNIT]


def silence(challenge, *sides, rounds=1, directory=DIRECTORY, moment=FRIDAY_TEN):
    """The last change after so many rounds in which nobody on these sides answered."""
    first, *rest = sides * rounds
    change = unanswered(challenge, first, directory, moment)
    for side in rest:
        if change.entries[0].kind is Happened.MOVED_ABOVE:
            break
        change = unanswered(change.challenge, side, directory, moment)
    return change


def test_once_both_sides_were_asked_in_vain_the_stage_above_is_offered():
    change = silence(an_offered_challenge(), Side.RAISING, Side.RECEIVING, rounds=9)

    above = change.challenge
    assert (above.status, above.stage, above.offered) == (Status.OFFERED, 1, 3)
    assert (above.gone_round, above.overdue, above.accepted) == ((), (), ())
    assert asked(above, Side.RAISING) == U_RAISING_SAFEGUARDER
    [entry] = change.entries
    assert entry.kind is Happened.MOVED_ABOVE
    assert (
        "Everybody who could accept stage 2 has been asked, and nobody has. "
        "Stage 3 (Inter-agency meeting) was offered to" in entry.summary
    )
    told = {n.to for n in change.notices if n.kind is Told.NOBODY_ACCEPTED}
    assert told == {U_UNIT, U_COORDINATOR, U_SCRUTINEER}


def test_everybody_saying_no_moves_it_up_too():
    change = declined(an_offered_challenge(), by=U_RAISING_MANAGER)
    while change.challenge.offered == 2:
        change = declined(change.challenge, by=change.challenge.prompts[0].person)

    assert change.challenge.offered == 3
    assert change.entries[0].kind is Happened.DECLINED
    assert "Stage 3 (Inter-agency meeting) was offered to" in change.entries[0].summary


def test_one_side_that_was_asked_in_vain_waits_for_the_other_sides_round():
    challenge = an_offered_challenge()

    change = silence(challenge, Side.RAISING, rounds=12)

    assert change.challenge.offered == 2
    assert change.challenge.gone_round == (Side.RAISING,)


def test_a_side_that_was_asked_in_vain_never_sends_the_other_sides_acceptance_up():
    half = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge

    held = silence(half, Side.RAISING, rounds=12).challenge

    assert (held.status, held.stage) == (Status.OPEN, 2)
    assert held.leads == (U_RECEIVING_MANAGER,)
    assert asked(held, Side.RAISING) in {U_UNIT, U_COORDINATOR, U_SCRUTINEER}


def test_at_the_top_they_are_asked_again_and_the_partnership_is_told_once_a_round_is_over():
    top = escalated(a_challenge_at(3)).challenge
    told = []
    for _ in range(7):
        change = unanswered(top, Side.PARTNERSHIP)
        top = change.challenge
        told.append(any(n.kind is Told.NOBODY_ACCEPTED for n in change.notices))

    assert (top.status, top.offered) == (Status.OFFERED, TOP)
    assert told == [False, False, True, False, False, False, False]


def test_silence_is_on_record_with_whoever_did_not_answer():
    change = unanswered(an_offered_challenge(), Side.RECEIVING, moment=a_moment("2026-03-06 16:25"))

    [entry] = change.entries
    assert entry.kind is Happened.PROMPTED_NEXT
    assert entry.by is None
    assert entry.summary == (
        "<@URECEIVINGMANAGER> did not accept stage 2 in the time allowed (acted on 2 h 25 min "
        "late). <@URECEIVINGDEPUTY> was asked next."
    )
    assert change.notices[-1] == Notice(Told.CARD)


def test_when_nobody_can_be_found_the_partnership_is_told_and_the_bot_looks_again():
    away = (Away(date(2026, 3, 1), date(2026, 3, 8)),)
    alone = a_directory(
        *(the_person(who, away=away) for who in (U_RAISING_MANAGER, U_RECEIVING_MANAGER))
    )
    staff = {U_RAISER, U_CHALLENGED, U_RAISING_MANAGER, U_RECEIVING_MANAGER}
    alone = replace(
        alone,
        people=tuple(replace(p, deputy=None) for p in alone.people if p.id in staff),
        business_unit=(U_CHALLENGED,),
        coordinators=(),
        scrutineer=(),
    )
    change = escalation.lapse(a_challenge(), FRIDAY_TEN, alone)
    offered = change.challenge
    assert [p.person for p in offered.prompts] == [None, None]
    assert "offered to the partnership" in change.entries[0].summary
    assert Notice(Told.NOBODY_FOUND, to=U_CHALLENGED) in change.notices

    still = unanswered(offered, Side.RAISING, alone)
    assert still.entries[0].summary.startswith("Nobody could be asked to accept stage 2")
    assert "the bot looks again" in still.entries[0].summary
    back = unanswered(still.challenge, Side.RAISING, alone, a_moment("2026-03-09 09:00"))
    assert asked(back.challenge, Side.RAISING) == U_RAISING_MANAGER


# A lapse


def test_a_lapse_offers_the_next_stage_and_moves_nobody():
    change = escalation.lapse(a_challenge(), a_moment("2026-03-09 17:00"), DIRECTORY)

    assert (change.challenge.status, change.challenge.stage) == (Status.OFFERED, 1)
    assert change.challenge.holders == a_challenge().holders
    assert change.entries[0].kind is Happened.LAPSED
    assert change.entries[0].by is None
    assert "late" not in change.entries[0].summary
    assert change.notices[0] == Notice(Told.ESCALATION)


def test_a_lapse_acted_on_late_says_so():
    change = escalation.lapse(a_challenge(), a_moment("2026-03-09 17:42"), DIRECTORY)

    assert "(acted on 42 min late)" in change.entries[0].summary


def test_a_lapse_at_the_top_starts_the_clock_again_and_tells_the_partnership():
    top = a_challenge_at(TOP)
    at = later(FRIDAY_TEN, days=14)

    change = escalation.lapse(top, at, DIRECTORY)

    again = change.challenge
    assert (again.status, again.stage, again.holders) == (Status.OPEN, TOP, top.holders)
    assert again.due > top.due
    assert again.turn == top.turn + 1
    assert change.entries[0].kind is Happened.TOP_LAPSED
    assert Notice(Told.TOP_LAPSED) in change.notices
    assert {n.to for n in change.notices if n.kind is Told.TOP_LAPSED and n.to} == {
        U_UNIT,
        U_COORDINATOR,
        U_SCRUTINEER,
    }


def test_a_new_clock_forgets_dates_marks_and_agreements_of_the_one_before():
    worn = a_challenge(seen_by=(U_CHALLENGED,), date_agreed=True)

    fresh = escalation.clock_restarted(worn, FRIDAY_TEN, worn.current)

    assert (fresh.seen_by, fresh.date_agreed, fresh.date_proposal) == ((), False, None)
    assert fresh.turn == worn.turn + 1


def test_a_stage_that_only_one_side_answers_asks_only_that_side():
    challenge = a_challenge()
    one_sided = replace(challenge.procedure.stage(2), raising=())

    assert escalation.sides(challenge, one_sided) == (Side.RECEIVING,)


def test_in_a_dispute_inside_one_agency_two_different_people_are_asked():
    inside = an_offered_challenge(challenged=U_RAISING_COLLEAGUE, receiving_agency=OAK)

    assert asked(inside, Side.RAISING) == U_RAISING_MANAGER
    assert asked(inside, Side.RECEIVING) == U_RAISING_SAFEGUARDER
    with pytest.raises(AlreadyAccepted):
        accepted(accepted(inside, by=U_RAISING_DEPUTY).challenge, by=U_RAISING_DEPUTY)


# The time that the first stages have together

TOGETHER = a_procedure(total={"stages": 3, "within": "2 working days"})
ENDS = a_moment("2026-03-10 17:00")


def test_no_clock_of_the_first_stages_runs_past_the_time_they_have_together():
    second = a_challenge_at(2, FRIDAY_TEN, procedure=TOGETHER)

    assert second.due == ENDS.now
    assert all(p.due <= ENDS.now for p in an_offered_challenge(procedure=TOGETHER).prompts)
    late_on_tuesday = an_offered_challenge(a_moment("2026-03-10 16:00"), procedure=TOGETHER)
    assert {p.due for p in late_on_tuesday.prompts} == {ENDS.now}


def test_once_that_time_is_over_whatever_comes_after_those_stages_is_offered():
    lapsed = escalation.lapse(a_challenge(procedure=TOGETHER), ENDS, a_directory())
    assert lapsed.challenge.offered == TOP  # stage 4 is not confirmed
    assert "first stages have together passed" in lapsed.entries[0].summary

    offered = an_offered_challenge(procedure=TOGETHER)
    unanswered = escalation.no_acceptance(offered, ENDS, a_directory(), offered.prompts[0])
    assert unanswered.challenge.offered == TOP


def test_a_stage_that_was_reached_late_all_the_same_has_its_own_time():
    offered = an_offered_challenge(procedure=TOGETHER)
    after = later(ENDS, minutes=1)

    for manager in (U_RAISING_MANAGER, U_RECEIVING_MANAGER):
        offered = escalation.accept(
            offered, after, a_directory(), by=manager, line="Today."
        ).challenge

    assert offered.stage == 2
    assert offered.due > after.now


# The safety question, at every change of stage


YES, NO = Safety(danger=True), Safety(danger=False)


def far_start():
    plain = {"start_at": "Inter-agency meeting", "accept_within": "30 minutes"}
    return a_procedure(urgent={**plain, "answer_within": "4 hours"})


def test_the_fresh_answer_to_the_safety_question_is_on_record():
    asked_for = escalation.escalate(
        a_challenge(), FRIDAY_TEN, DIRECTORY, by=U_RAISER, because=WHY, safety=NO
    )
    taken = escalation.accept(
        asked_for.challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISING_MANAGER, line=LINE, safety=NO
    )

    for change in (asked_for, taken):
        assert change.entries[0].words["Is anyone in immediate danger now?"] == "No"
        assert not change.challenge.urgent


def test_whoever_asks_for_the_next_stage_and_sees_danger_sends_it_by_the_urgent_route():
    change = escalation.escalate(
        a_challenge(procedure=far_start()),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        because=WHY,
        safety=YES,
    )

    assert change.challenge.urgent
    assert change.challenge.offered == 3
    assert {p.due for p in change.challenge.prompts} == {later(FRIDAY_TEN, minutes=30).now}
    assert "the urgent route applies" in change.entries[0].summary
    assert Notice(Told.RISK_PRIVATELY, to=U_CHALLENGED, about=U_RAISER) in change.notices


def test_whoever_accepts_and_sees_danger_shortens_the_other_sides_time_to_accept():
    change = escalation.accept(
        an_offered_challenge(),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RECEIVING_MANAGER,
        line=LINE,
        safety=YES,
    )

    half = change.challenge
    assert (half.urgent, half.offered) == (True, 2)
    [waiting] = half.prompts
    assert waiting.due == later(FRIDAY_TEN, minutes=30).now
    assert Notice(Told.RISK_DECLARED, about=U_RECEIVING_MANAGER) in change.notices
    again = [n for n in change.notices if n.kind is Told.PROMPT_PRIVATELY]
    assert {n.to for n in again} == {U_RAISING_MANAGER, U_RAISING_DEPUTY}


def test_whoever_is_the_second_to_accept_and_sees_danger_begins_on_the_urgent_clock():
    half = accepted(an_offered_challenge(), by=U_RECEIVING_MANAGER).challenge

    change = escalation.accept(
        half, FRIDAY_TEN, DIRECTORY, by=U_RAISING_MANAGER, line=LINE, safety=YES
    )

    assert (change.challenge.stage, change.challenge.status) == (2, Status.OPEN)
    assert change.challenge.due == later(FRIDAY_TEN, hours=4).now
    assert Notice(Told.RISK_PRIVATELY, to=U_RECEIVING_MANAGER, about=U_RAISING_MANAGER) in (
        change.notices
    )


def test_the_urgent_route_never_gives_more_time_than_the_stage_itself():
    evening = a_moment("2026-03-09 22:00")
    a_day = {"accept_within": "1 hour", "answer_within": "24 hours"}
    start = {"start_at": "Managers and safeguarding leads"}
    stages = [{**each, "answer_within": "1 working day"} for each in PROCEDURE["stage"]]
    quick = a_procedure(urgent={**start, **a_day}, stage=stages)

    hurried = a_challenge_at(2, evening, procedure=quick, urgent=True)

    assert hurried.due == a_moment("2026-03-10 17:00").now


def test_where_the_urgent_route_starts_higher_it_goes_there_at_once():
    change = escalation.accept(
        an_offered_challenge(procedure=far_start()),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RECEIVING_MANAGER,
        line=LINE,
        safety=YES,
    )

    assert (change.challenge.status, change.challenge.offered) == (Status.OFFERED, 3)
    assert change.challenge.accepted == ()
    assert "Stage 3 (Inter-agency meeting) was offered to" in change.entries[0].summary


# Who is away, and who is told


def test_whoever_is_away_or_gone_is_passed_over_and_the_business_unit_hears_it_once():
    gone = a_directory(
        the_person(U_RAISING_MANAGER, active=False), the_person(U_RAISING_DEPUTY, active=False)
    )

    change = escalation.lapse(a_challenge(), FRIDAY_TEN, gone)

    offered = change.challenge
    assert asked(offered, Side.RAISING) == U_RAISING_SAFEGUARDER
    assert offered.absent == (U_RAISING_MANAGER, U_RAISING_DEPUTY)
    told = [n for n in change.notices if n.kind is Told.PASSED_OVER]
    assert [(n.to, n.about) for n in told] == [
        (U_UNIT, U_RAISING_MANAGER),
        (U_UNIT, U_RAISING_DEPUTY),
    ]
    assert (
        "<@URAISINGMANAGER> and <@URAISINGDEPUTY> could not be asked, and the business unit was "
        "told." in change.entries[0].summary
    )
    again = escalation.lapse(a_challenge(absent=offered.absent), FRIDAY_TEN, gone)
    assert not [n for n in again.notices if n.kind is Told.PASSED_OVER]


def test_a_manager_whom_the_directory_names_but_does_not_hold_stops_nothing():
    unknown = a_directory(the_person(U_RAISER, line_manager=U_STRANGER))

    offered = escalation.lapse(a_challenge(), FRIDAY_TEN, unknown).challenge

    assert asked(offered, Side.RAISING) == U_RAISING_SAFEGUARDER
    assert offered.absent == (U_STRANGER,)


def test_somebody_unknown_who_was_listed_since_has_managers_again():
    listed = a_directory(a_person(U_STRANGER, CSC))
    raised = a_challenge(challenged=U_STRANGER, receiving_agency=UNKNOWN_AGENCY)

    assert asked(escalation.lapse(raised, FRIDAY_TEN, listed).challenge, Side.RECEIVING) == (
        U_RECEIVING_MANAGER
    )


@pytest.mark.parametrize(
    ("role", "people"),
    [
        ("business unit", {U_UNIT}),
        ("coordinators", {U_COORDINATOR}),
        ("scrutineer", {U_SCRUTINEER}),
        ("Independent Scrutineer", {U_SCRUTINEER}),
        ("practitioner", {U_RAISER, U_CHALLENGED}),
        ("senior manager", {U_RAISING_SENIOR, U_RECEIVING_SENIOR}),
        ("line manager", {U_RAISING_MANAGER, U_RECEIVING_MANAGER}),
        ("archbishop", set()),
    ],
)
def test_a_notify_point_may_name_any_role_and_reaches_one_person_of_each_side(role, people):
    assert set(escalation.notified(a_challenge(), DIRECTORY, role)) == people
