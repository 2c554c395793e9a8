"""The directory: who works where, who stands in, and who is next when nobody answers."""

from dataclasses import replace
from datetime import date

from challenge.directory import Away, Directory, barred_from, next_to_ask
from challenge.model import UNKNOWN_AGENCY, AgencyKey, PersonId, Side
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    OAK,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_person,
    a_procedure,
    an_offered_challenge,
    the_person,
)

TODAY = FRIDAY_TEN.today
ON_LEAVE = (Away(date(2026, 3, 2), TODAY),)
STAGE_TWO = a_procedure().stage(2)
SECOND_MANAGER = PersonId("USECONDMANAGER")


def first_asked(directory: Directory, challenge=None, side: Side = Side.RAISING, stage=STAGE_TWO):
    return next_to_ask(challenge or a_challenge(), directory, side, stage, TODAY)


def order_of_asking(directory: Directory, side: Side = Side.RAISING, stage=STAGE_TWO):
    """Everyone who is asked in turn, until the first is asked again."""
    challenge = a_challenge()
    asked: tuple[PersonId, ...] = ()
    while (who := next_to_ask(challenge, directory, side, stage, TODAY)) and who not in asked:
        asked = (*asked, who)
        challenge = replace(challenge, tried=asked)
    return list(asked)


# Looking people up


def test_both_ends_of_leave_count():
    leave = Away(date(2026, 3, 2), date(2026, 3, 6))

    assert leave.covers(date(2026, 3, 2))
    assert leave.covers(date(2026, 3, 6))
    assert not leave.covers(date(2026, 3, 1))
    assert not leave.covers(date(2026, 3, 7))


def test_people_and_agencies_are_found_by_their_keys():
    directory = a_directory()

    assert directory.name(U_RAISER) == "Uraiser"
    assert directory.agency_of(U_CHALLENGED) == CSC
    assert directory.agency_name(CSC) == "Children's Social Care"
    assert directory.in_role(OAK, "line manager") == (U_RAISING_MANAGER,)
    assert directory.deputy_of(U_RAISING_MANAGER) == U_RAISING_DEPUTY


def test_somebody_unknown_has_an_id_for_a_name_and_neither_agency_nor_deputy():
    directory = a_directory()

    assert directory.person(U_GUEST) is None
    assert directory.name(U_GUEST) == U_GUEST
    assert directory.agency_of(U_GUEST) == UNKNOWN_AGENCY
    assert directory.deputy_of(U_GUEST) is None
    assert directory.agency_name(AgencyKey("x")) == "an agency not in the directory"
    assert directory.in_role(OAK, "astronaut") == ()


def test_the_partnerships_own_people_need_no_entry_to_be_there():
    directory = a_directory()

    assert directory.partnership == (U_UNIT, U_COORDINATOR, U_SCRUTINEER)
    assert directory.is_active(U_UNIT)
    assert directory.can_be_asked(U_UNIT, TODAY)
    assert not directory.is_active(U_GUEST)
    assert not directory.can_be_asked(U_GUEST, TODAY)


def test_with_an_entry_the_entry_decides():
    gone = a_directory(a_person(U_UNIT, active=False), a_person(U_COORDINATOR, away=ON_LEAVE))

    assert not gone.is_active(U_UNIT)
    assert not gone.can_be_asked(U_UNIT, TODAY)
    assert gone.is_active(U_COORDINATOR)
    assert not gone.can_be_asked(U_COORDINATOR, TODAY)
    assert gone.can_be_asked(U_COORDINATOR, date(2026, 3, 7))


# Who is next


def test_first_the_line_manager_then_the_deputy_then_the_next_role_then_the_partnership():
    assert order_of_asking(a_directory()) == [
        U_RAISING_MANAGER,
        U_RAISING_DEPUTY,
        U_RAISING_SAFEGUARDER,
        U_UNIT,
        U_COORDINATOR,
        U_SCRUTINEER,
    ]


def test_others_in_the_same_role_come_after_each_roles_first_person():
    two = a_directory(a_person(SECOND_MANAGER, role="line manager"))

    assert order_of_asking(two)[2:4] == [U_RAISING_SAFEGUARDER, SECOND_MANAGER]


def test_a_persons_own_line_manager_comes_before_whoever_else_has_the_role():
    own = a_directory(
        a_person(SECOND_MANAGER, role="line manager"),
        a_person(U_RAISER, line_manager=SECOND_MANAGER),
    )

    assert order_of_asking(own)[0] == SECOND_MANAGER


def test_without_a_named_line_manager_the_role_is_looked_up():
    assert first_asked(a_directory(a_person(U_RAISER))) == U_RAISING_MANAGER


def test_whoever_reports_to_the_person_in_the_dispute_is_asked_after_everybody_else():
    """A director's decision is not answered for by their own team manager while others could."""
    head = a_directory(
        a_person(U_RAISER, role="head teacher"),
        the_person(U_RAISING_MANAGER, line_manager=U_RAISING_SENIOR),
        the_person(U_RAISING_SENIOR, line_manager=U_RAISER),
    )

    assert order_of_asking(head)[:4] == [
        U_RAISING_SAFEGUARDER,
        U_RAISING_MANAGER,
        U_RAISING_DEPUTY,
        U_UNIT,
    ]


def test_a_side_outside_the_directory_goes_straight_to_the_partnership():
    challenge = a_challenge(challenged=U_GUEST, receiving_agency=UNKNOWN_AGENCY)

    assert first_asked(a_directory(), challenge, Side.RECEIVING) == U_UNIT


def test_whoever_is_away_or_gone_is_passed_over_for_their_deputy():
    for facts in ({"away": ON_LEAVE}, {"active": False}):
        absent = a_directory(the_person(U_RAISING_MANAGER, **facts))

        assert first_asked(absent) == U_RAISING_DEPUTY


def test_at_the_top_the_scrutineer_is_asked_first_then_the_rest_of_the_partnership():
    top = a_procedure().stage(TOP)

    asked = order_of_asking(a_directory(), Side.PARTNERSHIP, top)

    assert asked == [U_SCRUTINEER, U_UNIT, U_COORDINATOR]


def test_nobody_at_all_is_an_answer_too():
    nobody = Directory()

    assert first_asked(nobody) is None


# Who is barred


def test_those_in_the_dispute_are_barred_from_every_side():
    for side in Side:
        assert {U_RAISER, U_CHALLENGED} <= barred_from(a_challenge(), side)


def test_whoever_is_asked_for_one_side_is_barred_from_the_other():
    offered = an_offered_challenge()

    assert U_RECEIVING_MANAGER in barred_from(offered, Side.RAISING)
    assert U_RECEIVING_MANAGER not in barred_from(offered, Side.RECEIVING)


def test_whoever_holds_a_stage_or_held_the_one_before_is_barred():
    second = a_challenge_at(2)
    third = a_challenge_at(3)

    assert {U_RAISING_MANAGER, U_RECEIVING_MANAGER} <= barred_from(second, Side.RAISING)
    assert {U_RAISING_MANAGER, U_RECEIVING_MANAGER} <= barred_from(third, Side.RAISING)
    assert U_RAISING_SAFEGUARDER in barred_from(third, Side.RECEIVING)


def test_a_line_manager_who_was_challenged_does_not_review_their_own_decision():
    boss = a_challenge(challenged=U_RAISING_MANAGER, receiving_agency=OAK)

    assert first_asked(a_directory(), boss) == U_RAISING_SAFEGUARDER
    assert U_RAISING_SENIOR not in barred_from(boss, Side.RAISING)


def test_a_deputy_is_not_found_through_somebody_barred_but_in_a_role_of_their_own():
    boss = a_challenge(challenged=U_RAISING_MANAGER, receiving_agency=OAK)
    too = a_directory(the_person(U_RAISING_DEPUTY, role="safeguarding lead"))

    assert first_asked(too, boss) in {U_RAISING_DEPUTY, U_RAISING_SAFEGUARDER}
    without = a_directory(
        the_person(U_RAISING_DEPUTY, role="safeguarding lead"),
        the_person(U_RAISING_SAFEGUARDER, active=False),
    )
    assert first_asked(without, boss) == U_RAISING_DEPUTY
