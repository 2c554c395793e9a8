"""Support: one supporter for each side, who never decides; and whom to talk with beforehand."""

from dataclasses import replace
from datetime import date

import pytest

from challenge import escalation, support
from challenge.directory import Away, barred_from
from challenge.model import Happened, Involved, Notice, PersonId, Side, Told
from challenge.refusals import (
    NobodyToTalkTo,
    NotYours,
    OnItAlready,
    PartnershipsOwn,
    SupportedAlready,
    SupporterUnknown,
    TheOtherSides,
)
from challenge.rights import MAY, Act, Part, parts, refuse_unless_may
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    OAK,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_COLLEAGUE,
    U_RECEIVING_DEPUTY,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_person,
    an_offered_challenge,
    the_person,
)

DIRECTORY = a_directory()
THAT_FRIDAY = date(2026, 3, 6)


def bring(challenge=None, directory=DIRECTORY, by=U_RAISER, supporter=U_RAISING_SAFEGUARDER):
    return support.bring_supporter(
        challenge or a_challenge(), FRIDAY_TEN, directory, by=by, supporter=supporter
    )


# Bringing somebody in


def test_a_supporter_is_recorded_invited_and_told_and_the_channel_hears_who_came():
    change = bring()

    beside = Involved(U_RAISING_SAFEGUARDER, Side.RAISING)
    assert change.challenge.supporters == (beside,)
    assert beside in change.challenge.involved
    assert change.entries[0].kind is Happened.SUPPORTED
    assert f"<@{U_RAISING_SAFEGUARDER}> to support the raising side" in change.entries[0].summary
    assert change.notices == (
        Notice(Told.INVITE, about=U_RAISING_SAFEGUARDER),
        Notice(Told.SUPPORTED, about=U_RAISING_SAFEGUARDER, mark=U_RAISER),
        Notice(Told.SUPPORTING, to=U_RAISING_SAFEGUARDER, about=U_RAISER),
        Notice(Told.CARD),
    )


def test_each_side_may_bring_one():
    both = bring(bring().challenge, by=U_CHALLENGED, supporter=U_RECEIVING_SAFEGUARDER).challenge

    assert support.supporter_of(both, Side.RAISING) == U_RAISING_SAFEGUARDER
    assert support.supporter_of(both, Side.RECEIVING) == U_RECEIVING_SAFEGUARDER


def test_a_second_supporter_of_a_side_is_refused_with_the_firsts_name():
    with pytest.raises(SupportedAlready) as no:
        bring(bring().challenge, supporter=U_OTHER_MANAGER)

    assert f"<@{U_RAISING_SAFEGUARDER}>" in no.value.sentence


def test_a_manager_does_not_choose_who_supports_the_person_they_answer_for():
    for challenge, by in (
        (a_challenge_at(2), U_RECEIVING_MANAGER),
        (a_challenge_at(TOP), U_SCRUTINEER),
    ):
        with pytest.raises(NotYours):
            bring(challenge, by=by)

    later = bring(a_challenge_at(2), supporter=U_OTHER_MANAGER).challenge
    assert support.supporter_of(later, Side.RAISING) == U_OTHER_MANAGER


def test_somebody_of_a_third_agency_may_support():
    assert bring(supporter=U_OTHER_MANAGER).challenge.supporters


@pytest.mark.parametrize(
    "who",
    [U_CHALLENGED, U_RECEIVING_MANAGER, U_RECEIVING_COLLEAGUE, U_RECEIVING_SAFEGUARDER],
)
def test_the_other_sides_people_are_refused(who):
    with pytest.raises(TheOtherSides):
        bring(supporter=who)


@pytest.mark.parametrize("who", [U_RECEIVING_MANAGER, U_RECEIVING_DEPUTY])
def test_whoever_is_asked_for_the_other_side_is_refused(who):
    with pytest.raises(TheOtherSides):
        bring(an_offered_challenge(), supporter=who)


def test_the_other_sides_supporter_is_refused():
    theirs = bring(by=U_CHALLENGED, supporter=U_OTHER_MANAGER).challenge

    with pytest.raises(TheOtherSides):
        bring(theirs, supporter=U_OTHER_MANAGER)


@pytest.mark.parametrize("who", [U_RAISER, U_RAISING_MANAGER])
def test_whoever_is_on_it_already_is_refused(who):
    with pytest.raises(OnItAlready):
        bring(an_offered_challenge(), supporter=who)


@pytest.mark.parametrize("who", [U_UNIT, U_COORDINATOR, U_SCRUTINEER])
def test_the_partnerships_own_people_support_neither_side(who):
    with pytest.raises(PartnershipsOwn):
        bring(supporter=who)


def test_somebody_unknown_or_gone_is_refused():
    gone = a_directory(the_person(U_RAISING_SAFEGUARDER, active=False))

    with pytest.raises(SupporterUnknown):
        bring(supporter=U_GUEST)
    with pytest.raises(SupporterUnknown):
        bring(directory=gone)


def test_within_one_agency_a_colleague_may_support_but_not_the_others_manager():
    within = a_challenge(receiving_agency=OAK, challenged=U_RAISING_COLLEAGUE)
    managed = a_directory(
        the_person(U_RAISING_COLLEAGUE, line_manager=U_RAISING_MANAGER), a_person(U_GUEST, OAK)
    )

    assert bring(within, managed, supporter=U_GUEST).challenge.supporters
    with pytest.raises(TheOtherSides):
        bring(within, managed, supporter=U_RAISING_MANAGER)


def test_a_party_in_nobodys_directory_has_no_manager_to_keep_apart():
    stranger = a_challenge(challenged=U_GUEST, receiving_agency="")

    assert bring(stranger).challenge.supporters


# What a supporter may do


def test_a_supporter_may_see_add_and_say_that_someone_is_at_risk_and_no_more():
    supported = bring().challenge

    assert parts(supported, DIRECTORY, U_RAISING_SAFEGUARDER) == {Part.SUPPORTER, Part.INVOLVED}
    may = {act for act in Act if Part.SUPPORTER in MAY[act]}
    assert may == {Act.SEE, Act.ADD_EXCERPT, Act.DECLARE_RISK}
    refuse_unless_may(Act.DECLARE_RISK, supported, DIRECTORY, U_RAISING_SAFEGUARDER)


def test_a_supporter_is_never_asked_to_accept_for_the_other_side():
    within = a_challenge(receiving_agency=OAK, challenged=U_RAISING_COLLEAGUE)
    supported = bring(within).challenge

    assert U_RAISING_SAFEGUARDER in barred_from(supported, Side.RECEIVING)
    assert U_RAISING_SAFEGUARDER in barred_from(supported, Side.PARTNERSHIP)
    assert U_RAISING_SAFEGUARDER not in barred_from(supported, Side.RAISING)


def test_a_supporter_may_still_be_asked_for_their_own_side_when_its_turn_comes():
    second = replace(a_challenge_at(2), supporters=bring().challenge.supporters)

    offered = escalation.lapse(second, FRIDAY_TEN, DIRECTORY).challenge

    assert U_RAISING_SAFEGUARDER in {p.person for p in offered.prompts}


# Support before anything is raised


def talk_to(directory=DIRECTORY, by: PersonId = U_RAISER):
    return support.someone_to_talk_to(directory, THAT_FRIDAY, by, emergency="Call 999.")


def test_the_agencys_safeguarding_lead_is_the_one_to_talk_with():
    assert talk_to() == U_RAISING_SAFEGUARDER
    assert talk_to(by=U_CHALLENGED) == U_RECEIVING_SAFEGUARDER


def test_when_the_lead_is_away_it_is_ones_own_line_manager():
    away = Away(THAT_FRIDAY, THAT_FRIDAY)
    another = a_person(PersonId("UANOTHER"), OAK, role="line manager")
    first = replace(DIRECTORY, people=(another, *DIRECTORY.people))

    assert talk_to(
        replace(
            first,
            people=tuple(
                replace(p, away=(away,)) if p.id == U_RAISING_SAFEGUARDER else p
                for p in first.people
            ),
        )
    ) == (U_RAISING_MANAGER)


def test_nobody_is_sent_to_themself():
    assert talk_to(by=U_RAISING_SAFEGUARDER) == U_RAISING_MANAGER


def test_without_a_line_manager_of_ones_own_any_of_the_agency_will_do():
    people = (
        a_person(U_RAISER),
        a_person(U_RECEIVING_MANAGER, CSC, role="line manager"),
        a_person(U_RAISING_MANAGER, role="line manager"),
    )

    assert talk_to(replace(DIRECTORY, people=people)) == U_RAISING_MANAGER


@pytest.mark.parametrize(
    ("coordinators", "words"), [((U_COORDINATOR,), f"<@{U_COORDINATOR}>"), ((), "a coordinator")]
)
def test_when_there_is_nobody_it_says_whom_to_ask_and_what_not_to_wait_for(coordinators, words):
    alone = a_directory(people=(a_person(U_RAISER),), coordinators=coordinators)

    with pytest.raises(NobodyToTalkTo) as no:
        talk_to(alone)

    assert words in no.value.sentence
    assert "Call 999." in no.value.sentence


def test_somebody_who_is_in_no_directory_has_no_lead():
    with pytest.raises(NobodyToTalkTo):
        talk_to(by=U_GUEST)
