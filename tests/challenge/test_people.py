"""Keeping the directory right: who may change what, and what the day book says of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from challenge import people
from challenge.directory import Away, Directory
from challenge.model import AgencyKey, PersonId
from challenge.people import Noted
from challenge.refusals import (
    EntryChanged,
    Incomplete,
    LastCoordinator,
    LeaveUnclear,
    NobodyToAct,
    NotActive,
    NotCoordinator,
    NothingToConfirm,
    NotListed,
    OwnStandIn,
    UnknownAgency,
)
from challenge.shown import mark_of
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    NHS,
    OAK,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SENIOR,
    U_SCRUTINEER,
    U_UNIT,
    a_directory,
    a_person,
    a_procedure,
    an_offered_challenge,
    the_person,
)

TODAY = FRIDAY_TEN.today
LONG_AGO = TODAY - timedelta(days=91)
CHANGED: dict[str, Any] = {"agency": CSC, "role": "line manager"}


def change(rule: Any, directory: Directory | None = None, **facts: Any) -> people.Rearranged:
    changed: people.Rearranged = rule(directory or a_directory(), FRIDAY_TEN, **facts)
    return changed


def someone(rearranged: people.Rearranged, who: PersonId) -> Any:
    return rearranged.directory.person(who)


# Somebody new


def test_whoever_registers_may_raise_at_once_and_is_asked_for_nothing_until_confirmed():
    new = change(
        people.register,
        by=U_GUEST,
        name="Nia Guest",
        agency=OAK,
        role="safeguarding lead",
        line_manager=U_RAISING_MANAGER,
    )

    assert someone(new, U_GUEST).provisional
    assert new.directory.is_active(U_GUEST)
    assert not new.directory.can_be_asked(U_GUEST, TODAY)
    [line] = new.lines
    assert (line.kind, line.by, line.about) == (Noted.REGISTERED, U_GUEST, U_GUEST)
    assert line.detail["line manager"] == f"<@{U_RAISING_MANAGER}>"

    sure = change(people.confirm_person, new.directory, by=U_COORDINATOR, person=U_GUEST)
    assert sure.directory.can_be_asked(U_GUEST, TODAY)
    assert someone(sure, U_GUEST).last_confirmed == TODAY


def test_only_somebody_unknown_may_register_and_only_where_there_is_an_agency():
    assert people.may_register(a_directory(), U_GUEST)
    assert not people.may_register(a_directory(), U_RAISER)
    assert not people.may_register(Directory(), U_GUEST)


def test_somebody_deactivated_does_not_come_back_by_registering():
    gone = a_directory(the_person(U_RAISER, active=False))

    with pytest.raises(NotActive):
        change(
            people.register,
            gone,
            by=U_RAISER,
            name="",
            agency=OAK,
            role="director",
            line_manager=None,
        )


def test_a_coordinator_who_adds_their_own_entry_needs_nobodys_yes():
    new = change(
        people.register, by=U_COORDINATOR, name="", agency=OAK, role="x", line_manager=None
    )

    assert not someone(new, U_COORDINATOR).provisional
    assert someone(new, U_COORDINATOR).name == U_COORDINATOR


def test_a_deputy_who_is_not_confirmed_does_not_stand_in():
    directory = a_directory(the_person(U_RAISING_DEPUTY, provisional=True))

    assert directory.deputy_of(U_RAISING_MANAGER) is None


@pytest.mark.parametrize("rule", [people.register, people.change_own])
def test_an_agency_that_is_not_there_is_refused(rule):
    extra = {"name": "N"} if rule is people.register else {"deputy": None}

    with pytest.raises(UnknownAgency):
        change(rule, by=U_RAISER, agency="gone", role="x", line_manager=None, **extra)


# One's own entry


OWN: dict[str, Any] = {"by": U_RAISER, "agency": OAK, "role": "practitioner"}


def test_another_deputy_of_ones_own_counts_at_once():
    changed = change(
        people.change_own, **OWN, line_manager=U_RAISING_MANAGER, deputy=U_RAISING_DEPUTY
    )

    raiser = someone(changed, U_RAISER)
    assert (raiser.deputy, raiser.waits) == (U_RAISING_DEPUTY, False)
    assert changed.lines[0].detail == {"deputy": f"none → <@{U_RAISING_DEPUTY}>"}


@pytest.mark.parametrize(
    ("wanted", "said"), [(U_RAISING_SENIOR, f"<@{U_RAISING_SENIOR}>"), (None, "none")]
)
def test_another_line_manager_of_ones_own_waits_and_the_one_before_is_asked_meanwhile(wanted, said):
    known = a_directory(the_person(U_RAISER, asked=TODAY))

    changed = change(people.change_own, known, **OWN, line_manager=wanted)

    raiser = someone(changed, U_RAISER)
    assert (raiser.line_manager, raiser.waits) == (U_RAISING_MANAGER, True)
    assert not raiser.provisional
    assert changed.directory.can_be_asked(U_RAISER, TODAY)
    assert people.to_be_checked(changed.directory, TODAY) == (U_RAISER,)
    assert changed.lines[0].detail == {people.NEW_MANAGER: f"none → {said}"}
    held = an_offered_challenge(directory=changed.directory)
    assert next(p.person for p in held.prompts) == U_RAISING_MANAGER

    sure = change(people.confirm_person, changed.directory, by=U_COORDINATOR, person=U_RAISER)
    confirmed = someone(sure, U_RAISER)
    assert (confirmed.line_manager, confirmed.new_manager) == (wanted, None)


def test_a_line_manager_named_again_as_before_waits_for_nobody():
    asked = change(people.change_own, **OWN, line_manager=U_RAISING_SENIOR).directory

    back = someone(
        change(people.change_own, asked, **OWN, line_manager=U_RAISING_MANAGER), U_RAISER
    )

    assert (back.line_manager, back.new_manager) == (U_RAISING_MANAGER, None)


def test_the_coordinators_are_not_told_again_of_what_they_were_told_of():
    waits = change(people.change_own, **OWN, line_manager=U_RAISING_SENIOR).directory
    heard = change(people.asked_again, waits, people=(U_RAISER,)).directory

    again = change(people.change_own, heard, **OWN, line_manager=U_RAISING_SENIOR)
    other = change(people.change_own, heard, **OWN, line_manager=U_RAISING_DEPUTY)

    assert someone(again, U_RAISER).asked == TODAY
    assert someone(other, U_RAISER).asked is None


def test_a_coordinator_who_puts_the_entry_right_says_no_to_what_waits():
    waits = change(people.change_own, **OWN, line_manager=U_RAISING_SENIOR).directory

    put = change(
        people.change_person,
        waits,
        by=U_COORDINATOR,
        person=U_RAISER,
        name="",
        agency=OAK,
        role="practitioner",
        line_manager=U_RAISING_DEPUTY,
    )

    raiser = someone(put, U_RAISER)
    assert (raiser.line_manager, raiser.waits) == (U_RAISING_DEPUTY, False)


def test_a_coordinators_own_line_manager_needs_nobodys_yes():
    listed = a_directory(a_person(U_COORDINATOR))

    changed = change(
        people.change_own,
        listed,
        **{**OWN, "by": U_COORDINATOR},
        line_manager=U_RAISING_SENIOR,
    )

    assert someone(changed, U_COORDINATOR).line_manager == U_RAISING_SENIOR


def test_a_form_kept_open_since_before_one_was_listed_chooses_no_line_manager_either():
    new = change(people.register, **OWN, name="", line_manager=U_RAISING_SENIOR)

    assert someone(new, U_RAISER).line_manager == U_RAISING_MANAGER
    assert someone(new, U_RAISER).new_manager == U_RAISING_SENIOR


def test_a_yes_is_to_the_entry_that_was_shown():
    shown = change(people.change_own, **OWN, line_manager=U_RAISING_SENIOR).directory
    seen = mark_of(people.told(shown.people[0]))
    since = change(people.change_own, shown, **OWN, line_manager=U_RAISING_DEPUTY).directory
    heard = change(people.asked_again, shown, people=(U_RAISER,)).directory
    yes: dict[str, Any] = {"by": U_COORDINATOR, "person": U_RAISER, "seen": seen}

    with pytest.raises(EntryChanged):
        change(people.confirm_person, since, **yes)
    assert not someone(change(people.confirm_person, heard, **yes), U_RAISER).waits


@pytest.mark.parametrize("moved", [{"agency": CSC}, {"role": "director"}])
def test_another_agency_or_role_of_ones_own_waits_for_a_coordinator(moved):
    facts = {"agency": OAK, "role": "practitioner"} | moved

    assert someone(change(people.change_own, by=U_RAISER, **facts), U_RAISER).provisional


@pytest.mark.parametrize("field", ["line_manager", "deputy"])
def test_nobody_is_their_own_stand_in(field):
    with pytest.raises(OwnStandIn) as refused:
        change(people.change_own, by=U_RAISER, **CHANGED, **dict[str, Any]({field: U_RAISER}))

    assert isinstance(refused.value, Incomplete)
    assert refused.value.field == field


def test_still_right_is_for_whoever_is_listed():
    assert someone(change(people.still_right, by=U_RAISER), U_RAISER).last_confirmed == TODAY
    with pytest.raises(NotListed):
        change(people.still_right, by=U_GUEST)


# Leave

WEEK: dict[str, Any] = {"first": date(2026, 3, 9), "last": date(2026, 3, 13)}


@pytest.mark.parametrize("by", [U_RAISER, U_COORDINATOR])
def test_leave_is_set_by_oneself_or_a_coordinator(by):
    changed = change(people.set_leave, by=by, person=U_RAISER, **WEEK, deputy=U_RAISING_DEPUTY)

    raiser = someone(changed, U_RAISER)
    assert raiser.away == (Away(WEEK["first"], WEEK["last"]),)
    assert raiser.deputy == U_RAISING_DEPUTY
    assert changed.lines[0].detail["away"] == "none → 2026-03-09 to 2026-03-13"


def test_leave_of_somebody_else_is_not_set_by_just_anybody():
    with pytest.raises(NotCoordinator):
        change(people.set_leave, by=U_CHALLENGED, person=U_RAISER, **WEEK)


def test_without_days_the_leave_is_over():
    away = a_directory(the_person(U_RAISER, away=(Away(WEEK["first"], WEEK["last"]),)))

    ended = change(people.set_leave, away, by=U_RAISER, person=U_RAISER, first=None, last=None)

    assert someone(ended, U_RAISER).away == ()


MARCH, EASTER, CHRISTMAS = (
    Away(date(2026, 3, 9), date(2026, 3, 13)),
    Away(date(2026, 4, 2), date(2026, 4, 7)),
    Away(date(2026, 12, 24), date(2026, 12, 31)),
)


@pytest.mark.parametrize(
    ("by", "given", "left"),
    [
        (U_COORDINATOR, EASTER, (MARCH, EASTER, CHRISTMAS)),
        (U_COORDINATOR, Away(date(2026, 3, 12), date(2026, 3, 20)), None),
        (U_RAISER, EASTER, (EASTER, CHRISTMAS)),
        (U_COORDINATOR, None, (CHRISTMAS,)),
        (U_RAISER, None, (CHRISTMAS,)),
    ],
)
def test_other_leave_and_the_deputy_stay_as_they_were(by, given, left):
    gone = Away(date(2026, 2, 2), date(2026, 2, 3))
    known = the_person(U_RAISER, away=(CHRISTMAS, gone, MARCH), deputy=U_RAISING_DEPUTY)
    days = {"first": given.first, "last": given.last} if given else {"first": None, "last": None}

    changed = change(people.set_leave, a_directory(known), by=by, person=U_RAISER, **days)

    assert someone(changed, U_RAISER).away == (left or (given, CHRISTMAS))
    assert someone(changed, U_RAISER).deputy == U_RAISING_DEPUTY


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 13), date(2026, 3, 9)),
        (None, date(2026, 3, 9)),
        (date(2026, 3, 9), None),
        (date(2026, 3, 2), date(2026, 3, 5)),
    ],
)
def test_leave_has_both_days_in_order_and_is_not_over_yet(first, last):
    with pytest.raises(LeaveUnclear):
        change(people.set_leave, by=U_RAISER, person=U_RAISER, first=first, last=last)


# Coordinators

COORDINATORS_ONLY: list[tuple[Any, dict[str, Any]]] = [
    (people.confirm_person, {"person": U_RAISER}),
    (people.change_person, {"person": U_RAISER, "name": "R", **CHANGED}),
    (people.change_agency, {"key": "", "name": "Fire"}),
    (people.name_equivalent, {"agency": CSC, "role": "director", "person": U_RAISER}),
    (
        people.change_partnership,
        {"business_unit": (), "coordinators": (U_RAISER,), "scrutineer": ()},
    ),
]


@pytest.mark.parametrize(("rule", "facts"), COORDINATORS_ONLY)
@pytest.mark.parametrize("by", [U_RAISER, U_GUEST, U_UNIT, U_SCRUTINEER])
def test_only_coordinators_change_what_is_not_their_own(rule, facts, by):
    with pytest.raises(NotCoordinator):
        change(rule, by=by, **facts)


def test_a_coordinator_who_was_deactivated_is_none_any_more():
    gone = a_directory(a_person(U_COORDINATOR, active=False))

    assert not people.is_coordinator(gone, U_COORDINATOR)
    assert people.is_coordinator(a_directory(), U_COORDINATOR)


def test_a_coordinator_adds_somebody_and_puts_others_right():
    added = change(
        people.change_person, by=U_COORDINATOR, person=U_GUEST, name="Nia Guest", **CHANGED
    )
    assert someone(added, U_GUEST).name == "Nia Guest"
    assert added.lines[0].kind is Noted.ADDED

    waiting = a_directory(the_person(U_RAISER, provisional=True))
    changed = change(
        people.change_person,
        waiting,
        by=U_COORDINATOR,
        person=U_RAISER,
        name=" ",
        **CHANGED,
        active=False,
    )
    raiser = someone(changed, U_RAISER)
    assert (raiser.name, raiser.role, raiser.active) == (
        U_RAISER.title(),
        "line manager",
        False,
    )
    assert not raiser.provisional
    assert changed.lines[0].detail["active"] == "none → no"
    assert people.became_inactive(waiting, changed.directory) == (U_RAISER,)


def test_whoever_is_no_longer_of_the_partnership_and_is_not_listed_is_not_there_any_more():
    new = a_directory(scrutineer=(U_GUEST,), business_unit=(U_UNIT, U_RAISER))

    assert people.became_inactive(a_directory(), new) == (U_SCRUTINEER,)
    assert people.became_inactive(new, a_directory()) == (U_GUEST,)


def test_whose_leave_changed_is_known_unless_they_have_left():
    away = (Away(TODAY, TODAY),)
    listed = a_directory(the_person(U_RAISER, away=away))
    left = a_directory(the_person(U_RAISER, away=away, active=False))

    assert people.leave_changed(a_directory(), listed) == (U_RAISER,)
    assert people.leave_changed(listed, a_directory()) == (U_RAISER,)
    assert people.leave_changed(listed, listed) == ()
    assert people.leave_changed(a_directory(), left) == ()


def test_an_agency_is_added_under_a_key_of_its_own_or_renamed():
    added = change(people.change_agency, by=U_COORDINATOR, key="", name="Oak")
    assert added.directory.agency_name(AgencyKey("oak-2")) == "Oak"
    nameless = change(people.change_agency, by=U_COORDINATOR, key="", name="???")
    assert nameless.directory.agency_name(AgencyKey("agency")) == "???"

    renamed = change(people.change_agency, by=U_COORDINATOR, key=OAK, name="Oak Academy")
    assert renamed.directory.agency_name(OAK) == "Oak Academy"
    assert len(renamed.directory.agencies) == 3
    with pytest.raises(UnknownAgency):
        change(people.change_agency, by=U_COORDINATOR, key="gone", name="Gone")


# Who acts for an agency in a role that it does not have


def acting(
    role: str, person: PersonId | None, directory: Directory | None = None
) -> people.Rearranged:
    facts = {"by": U_COORDINATOR, "agency": NHS, "role": role, "person": person}
    return change(people.name_equivalent, directory, **facts)


def test_a_coordinator_names_who_acts_for_an_agency_and_the_day_book_says_so():
    done = acting("safeguarding lead", U_OTHER_MANAGER)

    assert done.directory.in_role(NHS, "safeguarding lead") == (U_OTHER_MANAGER,)
    [line] = done.lines
    assert (line.kind, line.by, line.about) == (Noted.ACTS_FOR, U_COORDINATOR, NHS)
    assert line.detail == {
        "agency": "nhs",
        "role": "safeguarding lead",
        "acts for it": f"none → <@{U_OTHER_MANAGER}>",
    }


def test_another_role_stays_and_one_that_nobody_acts_in_any_more_is_gone():
    both = acting(
        "director", U_RAISING_MANAGER, acting("safeguarding lead", U_OTHER_MANAGER).directory
    )

    ended = acting("safeguarding lead", None, both.directory)

    assert people.equivalents_of(ended.directory, NHS) == {"director": U_RAISING_MANAGER}
    assert ended.lines[0].detail["acts for it"] == f"<@{U_OTHER_MANAGER}> → none"


def test_whoever_acts_for_an_agency_is_listed_and_there():
    gone = a_directory(the_person(U_OTHER_MANAGER, active=False))

    for who, directory in ((U_GUEST, a_directory()), (U_OTHER_MANAGER, gone)):
        with pytest.raises(NobodyToAct) as no:
            acting("director", who, directory)
        assert no.value.field == "person"
    assert acting("director", U_UNIT).directory.in_role(NHS, "director") == (U_UNIT,)


def test_an_agency_that_is_gone_has_nobody_to_act_for_it():
    with pytest.raises(UnknownAgency):
        people.name_equivalent(
            a_directory(), FRIDAY_TEN, by=U_COORDINATOR, agency="gone", role="director"
        )


def test_a_leaver_who_acts_for_an_agency_is_still_named():
    named = acting("director", U_OTHER_PRACTITIONER).directory
    gone = replace(
        named,
        people=tuple(replace(p, active=p.id != U_OTHER_PRACTITIONER) for p in named.people),
    )

    assert [p.id for p in people.still_named(gone)] == [U_OTHER_PRACTITIONER]
    assert [agency.key for agency in people.acted_for(gone, U_OTHER_PRACTITIONER)] == [NHS]


def test_the_partnership_keeps_one_coordinator_at_least():
    facts: dict[str, Any] = {"business_unit": (), "scrutineer": (U_SCRUTINEER,)}

    changed = change(people.change_partnership, by=U_COORDINATOR, coordinators=(U_RAISER,), **facts)
    assert changed.directory.coordinators == (U_RAISER,)
    assert changed.lines[0].detail == {
        "business unit": f"<@{U_UNIT}> → nobody",
        "coordinators": f"<@{U_COORDINATOR}> → <@{U_RAISER}>",
    }
    with pytest.raises(LastCoordinator):
        change(people.change_partnership, by=U_COORDINATOR, coordinators=(), **facts)


# What Slack says


def followed(who: PersonId, name: str = "", gone: bool = False) -> people.Rearranged | None:
    return people.followed(a_directory(), FRIDAY_TEN, person=who, name=name, gone=gone)


def test_a_new_name_and_a_closed_account_are_followed_and_nothing_else_is_written():
    renamed = followed(U_RAISER, name="Asha Patel")
    assert renamed is not None
    assert someone(renamed, U_RAISER).name == "Asha Patel"
    assert [line.kind for line in renamed.lines] == [Noted.RENAMED]

    left = followed(U_RAISER, gone=True)
    assert left is not None
    assert not someone(left, U_RAISER).active
    assert [(line.kind, line.by) for line in left.lines] == [(Noted.LEFT, None)]

    assert followed(U_RAISER, name=U_RAISER.title()) is None
    assert followed(U_GUEST, name="Nia", gone=True) is None


# Once a quarter


def test_those_confirmed_longest_ago_are_asked_first_and_not_again_for_a_fortnight():
    listed = a_directory(
        the_person(U_RAISER, last_confirmed=LONG_AGO),
        the_person(U_CHALLENGED, last_confirmed=LONG_AGO - timedelta(days=1)),
        the_person(U_RAISING_MANAGER, last_confirmed=LONG_AGO, active=False),
    )
    directory = change(people.loaded, Directory(), listed=listed).directory
    assert people.to_be_asked(directory, TODAY, 5) == (U_CHALLENGED, U_RAISER)
    assert people.to_be_asked(directory, TODAY, 1) == (U_CHALLENGED,)

    asked = change(people.asked_again, directory, people=(U_CHALLENGED,))
    assert asked.lines == ()
    assert people.to_be_asked(asked.directory, TODAY, 5) == (U_RAISER,)
    later = TODAY + people.ASK_AGAIN_AFTER
    assert people.to_be_asked(asked.directory, later, 5) == (U_CHALLENGED, U_RAISER)


def test_somebody_of_whom_nobody_knows_when_is_asked():
    assert U_RAISER in people.to_be_asked(a_directory(), TODAY, 100)


# What coordinators are shown


def test_those_who_wait_and_those_who_left_and_are_still_named_are_found():
    directory = a_directory(
        the_person(U_RAISER, provisional=True),
        the_person(U_RAISING_MANAGER, active=False),
        the_person(U_CHALLENGED, active=False),
        a_person(U_UNIT, active=False),
    )

    assert [p.id for p in people.to_be_confirmed(directory)] == [U_RAISER]
    assert {p.id for p in people.still_named(directory)} == {U_RAISING_MANAGER, U_UNIT}


def test_every_role_of_the_procedure_and_of_the_directory_can_be_given():
    directory = a_directory(a_person(U_GUEST, role="matron"))

    roles = people.roles_known(directory, a_procedure())

    assert {"practitioner", "line manager", "matron", "senior manager"} <= set(roles)
    assert len(roles) == len(set(roles))


# Stages


def test_a_coordinator_confirms_a_stage_as_it_stands_in_the_file():
    procedure = a_procedure()
    fingerprint = procedure.fingerprint(procedure.stage(4))

    line = people.confirm_stage(a_directory(), procedure, by=U_COORDINATOR, fingerprint=fingerprint)

    assert (line.kind, line.by, line.about) == (
        Noted.STAGE_CONFIRMED,
        U_COORDINATOR,
        fingerprint,
    )
    sure = procedure.with_confirmed([line.about])
    assert sure.stage(4).confirmed
    assert replace(sure.stage(4), confirmed=False) == procedure.stage(4)
    with pytest.raises(NothingToConfirm):
        people.confirm_stage(a_directory(), sure, by=U_COORDINATOR, fingerprint=fingerprint)
    with pytest.raises(NotCoordinator):
        people.confirm_stage(a_directory(), procedure, by=U_RAISER, fingerprint=fingerprint)


def test_a_yes_to_one_figure_is_no_yes_to_another():
    procedure = a_procedure()
    said = procedure.fingerprint(procedure.stage(4))
    stages: Any = [dict(stage) for stage in procedure.plain["stage"]]  # type: ignore[attr-defined]
    stages[3]["answer_within"] = "30 working days"
    edited = a_procedure(stage=stages)

    assert not edited.with_confirmed([said]).stage(4).confirmed
    assert edited.with_confirmed([said]) is edited


def test_the_coordinators_are_told_once_of_who_waits_and_again_after_a_fortnight():
    new = a_directory(the_person(U_RAISER, provisional=True))
    told = change(people.asked_again, new, people=[U_RAISER]).directory

    assert people.to_be_checked(new, TODAY) == (U_RAISER,)
    assert people.to_be_checked(told, TODAY + timedelta(days=13)) == ()
    assert people.to_be_checked(told, TODAY + timedelta(days=14)) == (U_RAISER,)


def test_whoever_moves_on_being_asked_is_told_of_all_the_same():
    asked = a_directory(the_person(U_RAISER, asked=TODAY))

    moved = change(people.change_own, asked, by=U_RAISER, agency=CSC, role="practitioner")

    assert people.to_be_checked(moved.directory, TODAY) == (U_RAISER,)


def test_whoever_names_a_leaver_is_found():
    directory = a_directory(the_person(U_RAISING_MANAGER, active=False, deputy=None))

    assert [p.id for p in people.naming(directory, U_RAISING_MANAGER)] == [U_RAISER]
    assert people.naming(directory, U_GUEST) == ()
