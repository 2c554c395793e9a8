"""Raising a challenge: safety first, and nothing that a nervous person could trip over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from challenge import raising
from challenge.escalation import urgent_stage
from challenge.model import Change, Happened, Notice, PersonId, Safety, Side, Status, Told
from challenge.moment import Moment
from challenge.refusals import (
    ChallengesThemself,
    MissingWords,
    NotActive,
    NotInDirectory,
    SingleAgencyElsewhere,
    TooLate,
    TooSoon,
)
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    OAK,
    REFERENCE,
    U_CHALLENGED,
    U_GUEST,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_MANAGER,
    U_RECEIVING_COLLEAGUE,
    U_RECEIVING_MANAGER,
    U_UNIT,
    a_challenge,
    a_concern,
    a_directory,
    a_moment,
    a_procedure,
    the_person,
)

NO_DANGER = Safety(danger=False)
IN_DANGER = Safety(danger=True, done="Called 999 at ten past nine.")


def raised(
    moment: Moment = FRIDAY_TEN,
    directory=None,
    *,
    by: PersonId = U_RAISER,
    challenged: PersonId = U_CHALLENGED,
    procedure=None,
    concern=None,
    safety: Safety = NO_DANGER,
    answer_by: date | None = None,
) -> Change:
    return raising.raise_challenge(
        REFERENCE,
        moment,
        directory or a_directory(),
        procedure=procedure or a_procedure(),
        by=by,
        concern=concern or a_concern(),
        challenged=challenged,
        safety=safety,
        answer_by=answer_by,
    )


def test_a_raised_challenge_is_open_at_stage_one_until_the_procedures_limit():
    challenge = raised().challenge

    assert (challenge.reference, challenge.status, challenge.stage) == (REFERENCE, Status.OPEN, 1)
    assert challenge.due == datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert challenge.raised_at == challenge.stage_began == challenge.clock_set == FRIDAY_TEN.now
    assert not challenge.urgent


def test_the_two_practitioners_answer_for_their_sides_and_agencies_come_from_the_directory():
    challenge = raised().challenge

    assert challenge.lead(Side.RAISING) == U_RAISER
    assert challenge.lead(Side.RECEIVING) == U_CHALLENGED
    assert (challenge.raising_agency, challenge.receiving_agency) == (OAK, CSC)


def test_everything_that_was_asked_is_on_record_with_its_answer():
    concern = a_concern()

    [entry] = raised().entries

    assert (entry.kind, entry.by) == (Happened.RAISED, U_RAISER)
    assert set(entry.words.values()) == {
        "No",
        concern.subject.value,
        concern.area.value,
        concern.reference,
        concern.decision,
        concern.why,
        concern.meanwhile,
        concern.ask,
    }


def test_a_private_channel_is_opened_before_both_are_invited_and_told():
    notices = raised().notices

    assert notices == (
        Notice(Told.OPEN_SPACE),
        Notice(Told.INVITE, about=U_RAISER),
        Notice(Told.INVITE, about=U_CHALLENGED),
        Notice(Told.CARD),
        Notice(Told.BROUGHT_IN, to=U_RAISER),
        Notice(Told.BROUGHT_IN, to=U_CHALLENGED),
    )


def test_a_sooner_day_is_free_and_ends_with_its_working_hours():
    challenge = raised(answer_by=date(2026, 3, 6)).challenge

    assert challenge.due == datetime(2026, 3, 6, 17, tzinfo=UTC)


def test_the_limits_own_day_may_be_chosen_and_a_later_one_may_not():
    assert raised(answer_by=date(2026, 3, 9)).challenge.due == raised().challenge.due

    with pytest.raises(TooLate, match="Monday 9 March 2026, 17:00") as no:
        raised(answer_by=date(2026, 3, 10))
    assert no.value.field == "due"


def test_the_limits_own_day_lasts_until_the_limit_even_after_working_hours():
    in_hours = a_procedure(
        stage=[
            {
                "title": "Practitioner to practitioner",
                "raising": ["practitioner"],
                "receiving": ["practitioner"],
                "answer_within": "12 hours",
            }
        ],
        urgent=None,
    )

    challenge = raised(procedure=in_hours, answer_by=date(2026, 3, 6)).challenge

    assert challenge.due == datetime(2026, 3, 6, 22, tzinfo=UTC)


def test_a_day_that_is_over_is_too_soon():
    evening = a_moment("2026-03-06 17:00")

    with pytest.raises(TooSoon, match="Monday 9 March"):
        raised(evening, answer_by=date(2026, 3, 6))
    with pytest.raises(TooSoon):
        raised(answer_by=date(2026, 3, 5))


def test_somebody_outside_the_directory_is_told_whom_to_ask_and_what_to_do_in_an_emergency():
    with pytest.raises(NotInDirectory, match=r"<@UCOORDINATOR>.*call 999"):
        raised(by=U_GUEST)


def test_without_coordinators_the_refusal_still_says_whom_to_ask():
    with pytest.raises(NotInDirectory, match="Ask a coordinator to add you"):
        raised(directory=a_directory(coordinators=()), by=U_GUEST)


def test_somebody_deactivated_cannot_raise_a_challenge():
    with pytest.raises(NotActive):
        raised(directory=a_directory(the_person(U_RAISER, active=False)))


def test_nobody_challenges_themself():
    with pytest.raises(ChallengesThemself) as no:
        raised(challenged=U_RAISER)

    assert no.value.field == "challenged"


def test_a_challenge_within_one_agency_is_up_to_the_procedure():
    inside = raised(challenged=U_RAISING_COLLEAGUE).challenge
    assert inside.raising_agency == inside.receiving_agency == OAK

    with pytest.raises(SingleAgencyElsewhere):
        raised(challenged=U_RAISING_COLLEAGUE, procedure=a_procedure(single_agency=False))


def test_somebody_outside_the_directory_can_be_challenged():
    challenge = raised(challenged=U_GUEST, procedure=a_procedure(single_agency=False)).challenge

    assert challenge.challenged == U_GUEST
    assert challenge.receiving_agency == ""


def test_the_business_unit_is_asked_to_find_the_managers_of_somebody_not_in_the_directory():
    change = raised(challenged=U_GUEST, safety=IN_DANGER)

    assert change.challenge.offered == 2
    assert Notice(Told.FIND_MANAGERS, to=U_UNIT, about=U_GUEST) in change.notices
    assert change.challenge.told == (U_UNIT,)
    assert "the business unit was asked to find their managers" in change.entries[0].summary


def test_nobody_in_danger_is_turned_away_for_not_being_in_the_directory():
    change = raised(by=U_GUEST, safety=IN_DANGER)

    assert change.challenge.raising_agency == ""
    assert [p.person for p in change.challenge.prompts] == [U_UNIT, U_RECEIVING_MANAGER]
    assert Notice(Told.FIND_MANAGERS, to=U_UNIT, about=U_GUEST) in change.notices


def test_two_people_whom_nobody_knows_are_not_taken_for_one_agency():
    change = raised(
        by=U_GUEST,
        challenged=PersonId("USTRANGER"),
        safety=IN_DANGER,
        procedure=a_procedure(single_agency=False),
    )

    assert change.challenge.urgent


def test_with_no_partnership_at_all_it_begins_all_the_same():
    alone = a_directory(business_unit=(), coordinators=(), scrutineer=())

    change = raised(challenged=U_GUEST, safety=IN_DANGER, directory=alone)

    assert not [n for n in change.notices if n.kind is Told.FIND_MANAGERS]


@pytest.mark.parametrize("name", raising.REQUIRED)
def test_an_answer_that_is_missing_is_named(name):
    with pytest.raises(MissingWords) as no:
        raised(concern=a_concern(**{name: " \n"}))

    assert no.value.field == name


def test_immediate_danger_passes_over_to_the_urgent_stage_at_once():
    change = raised(safety=IN_DANGER)

    challenge = change.challenge
    assert challenge.urgent
    assert (challenge.status, challenge.stage, challenge.offered) == (Status.OFFERED, 1, 2)
    assert {p.person for p in challenge.prompts} == {U_RAISING_MANAGER, U_RECEIVING_MANAGER}
    assert {p.due for p in challenge.prompts} == {datetime(2026, 3, 6, 10, 30, tzinfo=UTC)}
    assert {n.about for n in change.notices if n.kind is Told.PROMPT} == {
        U_RAISING_MANAGER,
        U_RECEIVING_MANAGER,
    }


def test_what_was_done_about_the_danger_and_who_was_asked_are_on_record():
    [entry] = raised(safety=IN_DANGER).entries

    assert entry.words["What has been done to keep them safe"] == IN_DANGER.done
    assert entry.words["Is anyone in immediate danger?"] == "Yes, or not sure"
    assert "urgent route" in entry.summary
    assert f"<@{U_RECEIVING_MANAGER}>" in entry.summary


def test_in_danger_no_date_is_asked_for_and_none_stands_in_the_way():
    challenge = raised(safety=IN_DANGER, answer_by=date(2027, 1, 1)).challenge

    assert challenge.due == datetime(2026, 3, 6, 14, tzinfo=UTC)


def test_a_procedure_without_an_urgent_route_still_asks_the_next_stage_at_once():
    challenge = raised(safety=IN_DANGER, procedure=a_procedure(urgent=None)).challenge

    assert (challenge.offered, challenge.urgent) == (2, True)
    assert challenge.due == datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert {p.due for p in challenge.prompts} == {datetime(2026, 3, 6, 14, tzinfo=UTC)}


def test_the_urgent_route_may_start_beyond_the_next_stage_and_never_goes_back():
    urgent = {"start_at": "Inter-agency meeting", "answer_within": "4 hours"}
    far = a_procedure(urgent=urgent)

    assert raised(safety=IN_DANGER, procedure=far).challenge.offered == 3
    assert urgent_stage(a_challenge(procedure=far, stage=3)) == 5
    assert urgent_stage(a_challenge(stage=2)) == 3


def test_a_challenges_times_must_carry_a_zone():
    naive = datetime(2026, 3, 9, 17)  # noqa: DTZ001 - naive on purpose

    with pytest.raises(ValueError, match="must carry a zone"):
        replace(a_challenge(), due=naive)


def test_a_change_that_says_nothing_in_the_chronology_cannot_be_made():
    with pytest.raises(ValueError, match="what happened"):
        Change(a_challenge(), ())


# Asking again and again


def raised_before(*mine, **changes):
    facts = {"by": U_RAISER, "about": "csc 77", "agency": CSC, "with_": U_CHALLENGED} | changes
    return raising.raised_before(mine, **facts)


def test_an_open_challenge_to_the_same_agency_about_the_same_reference_is_found():
    first, second = a_challenge(id=7), a_challenge(id=8)

    assert raised_before(first, second) is first
    assert raised_before(first, with_=U_RECEIVING_COLLEAGUE) is first


@pytest.mark.parametrize(
    "other",
    [
        a_challenge(raised_by=U_RAISING_COLLEAGUE),
        a_challenge(receiving_agency=OAK),
        a_challenge(concern=a_concern(reference="CSC-78")),
    ],
    ids=["somebody else's", "another agency", "another reference"],
)
def test_any_other_challenge_is_no_repetition(other):
    assert raised_before(other) is None


def test_of_closed_ones_it_is_the_last_and_an_open_one_comes_first():
    first = a_challenge(id=7, status=Status.SETTLED, closed_at=FRIDAY_TEN.now)
    later = a_challenge(id=8, status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now + timedelta(days=1))

    assert raised_before(first, later) is later
    assert raised_before(later, a_challenge(id=3)).id == 3


def test_somebody_in_nobodys_directory_is_the_same_only_as_themself():
    stranger = a_challenge(challenged=U_GUEST, receiving_agency="")

    assert raised_before(stranger, agency="", with_=U_GUEST) is stranger
    assert raised_before(stranger, agency="", with_=U_CHALLENGED) is None
