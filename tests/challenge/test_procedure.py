"""Procedures: what a file may say, and what its author is told when it says something else."""

import json
import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.procedure import (
    Contact,
    OtherRoute,
    Problem,
    Procedure,
    ProcedureProblems,
    Reminder,
    Retention,
    line_of,
    reminder_times,
)
from challenge.working_time import Duration, Unit, WorkingCalendar
from tests.makers import a_moment, a_procedure

LONDON = ZoneInfo("Europe/London")
ENGLAND = WorkingCalendar()
DARLINGTON = Path(__file__).parents[2] / "procedures" / "darlington-2025-12.toml"
HALF_AND_TWO_HOURS = (
    Reminder(share=0.5),
    Reminder(before=Duration(2, Unit.WORKING_HOUR)),
)

A_ROUTE = {"name": "A complaint", "when": "Somebody is unhappy.", "contact": "Ring 101."}


def plain_stage(title: str = "Practitioners", **more: object) -> dict[str, object]:
    stage = {"title": title, "raising": ["practitioner"], "receiving": ["practitioner"]}
    return {**stage, "answer_within": "1 working day", **more}


def plain(*stages: dict[str, object], **more: object) -> dict[str, object]:
    """The least that a file may say, and whatever the test is about."""
    return {
        "version": "test-1",
        "title": "Test procedure",
        "emergency": {"text": "Call 999."},
        "stage": list(stages) or [plain_stage()],
        "top": {"role": "Independent Scrutineer"},
        **more,
    }


def problems_of(file: dict[str, object]) -> tuple[Problem, ...]:
    with pytest.raises(ProcedureProblems) as caught:
        Procedure.read(file)
    return caught.value.problems


def problem_of(file: dict[str, object]) -> Problem:
    (problem,) = problems_of(file)
    return problem


def without(file: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in file.items() if name != key}


# What is read


def test_a_file_that_says_the_least_gets_the_usual_clocks():
    procedure = Procedure.read(plain())

    stage = procedure.stage(1)
    assert stage.accept_within == Duration.read("4 working hours")
    assert stage.longest == stage.answer_within == Duration.read("1 working day")
    assert stage.remind == HALF_AND_TWO_HOURS
    assert (stage.confirmed, stage.review, stage.meeting, stage.notify) == (True, False, False, ())
    assert procedure.top.accept_within == Duration.read("1 working day")
    assert procedure.top.answer_within == Duration.read("10 working days")
    assert procedure.archive_after == Duration.read("5 working days")
    assert procedure.calendar == ENGLAND
    assert procedure.urgent is None
    assert procedure.retention == Retention(None)
    assert procedure.single_agency


def test_everything_that_may_be_said_is_heard():
    procedure = Procedure.read(
        plain(
            plain_stage(),
            plain_stage(
                " Managers ",
                longest="1 working day",
                accept_within="2 hours",
                remind=["25 %", "1 Hour before"],
                review=True,
                meeting=True,
                notify=["business unit"],
            ),
            single_agency=False,
            archive_after="2 working days",
            calendar={
                "timezone": "Europe/Belfast",
                "nation": "Northern Ireland",
                "working_hours": "8:30 - 16:45",
                "closed": ["2026-12-29", date(2026, 12, 30)],
            },
            emergency={"text": "One.\nTwo.", "contacts": [{"name": "Police", "phone": "101"}]},
            urgent={"start_at": "Managers", "answer_within": "4 hours"},
            retention={"closed_for": "6 years"},
            other_route=[
                {"name": "A complaint", "when": "Somebody is unhappy.", "contact": "Ring 101."},
                {"name": "Conduct", "when": "How they work.", "contact": "To be filled in."},
            ],
        )
    )

    assert procedure.other_routes[0] == OtherRoute(
        "A complaint", "Somebody is unhappy.", "Ring 101."
    )
    assert [route.is_filled_in for route in procedure.other_routes] == [True, False]
    assert [route.known for route in procedure.other_routes] == ["Ring 101.", ""]
    stage = procedure.stage(2)
    assert stage.title == "Managers"
    assert stage.remind == (Reminder(share=0.25), Reminder(before=Duration.read("1 hour")))
    assert stage.review
    assert stage.meeting
    assert procedure.calendar == WorkingCalendar(
        "Europe/Belfast",
        "Northern Ireland",
        time(8, 30),
        time(16, 45),
        frozenset({date(2026, 12, 29), date(2026, 12, 30)}),
    )
    assert procedure.emergency.contacts == (Contact("Police", "101"),)
    assert procedure.urgent
    assert procedure.urgent.start_at == 2
    assert procedure.urgent.accept_within == Duration.read("30 minutes")
    assert procedure.urgent.remind == (
        Reminder(share=0.5),
        Reminder(before=Duration.read("1 hour")),
    )
    assert procedure.retention.closed_for == "6 years"


def test_a_procedure_keeps_what_it_was_read_from_to_be_stored_and_read_again():
    file = plain(calendar={"closed": [date(2026, 12, 29)]})
    procedure = Procedure.read(file)
    file["title"] = "Changed afterwards"

    again = Procedure.read(json.loads(json.dumps(procedure.plain)))

    assert again == procedure
    assert hash(again) == hash(procedure)
    assert "plain" not in repr(procedure)


def test_tuples_are_read_as_lists():
    file = plain()
    file["stage"] = (plain_stage(raising=("practitioner",)),)

    assert Procedure.read(file).stage(1).raising == ("practitioner",)


# The way from stage to stage


def four_stages_the_third_unconfirmed() -> Procedure:
    return Procedure.read(
        plain(
            plain_stage("One"),
            plain_stage("Two"),
            plain_stage("Three", confirmed=False),
            plain_stage("Four"),
        )
    )


def test_what_follows_is_the_next_confirmed_stage_and_then_the_top():
    procedure = four_stages_the_third_unconfirmed()

    assert [procedure.following(number) for number in range(6)] == [1, 2, 4, 4, None, None]


def test_the_stages_passed_over_are_named():
    procedure = four_stages_the_third_unconfirmed()

    assert [stage.title for stage in procedure.skipped_after(2)] == ["Three"]
    assert procedure.skipped_after(1) == ()
    assert procedure.skipped_after(4) == ()


def test_an_unconfirmed_last_stage_is_passed_over_on_the_way_to_the_top():
    procedure = Procedure.read(plain(plain_stage("One"), plain_stage("Two", confirmed=False)))

    assert procedure.following(1) is None
    assert [stage.title for stage in procedure.skipped_after(1)] == ["Two"]


def test_the_top_counts_as_the_stage_after_the_last():
    procedure = four_stages_the_third_unconfirmed()

    top = procedure.stage(5)

    assert procedure.is_top(5)
    assert not procedure.is_top(4)
    assert (top.number, top.title, top.raising, top.receiving) == (
        5,
        "Independent Scrutineer",
        (),
        (),
    )
    assert top.answer_within == top.longest == procedure.top.answer_within
    assert (top.accept_within, top.remind) == (procedure.top.accept_within, procedure.top.remind)


@pytest.mark.parametrize("number", [-1, 0, 6])
def test_a_stage_that_is_not_there_is_refused(number: int):
    with pytest.raises(LookupError, match="has no stage"):
        four_stages_the_third_unconfirmed().stage(number)


# What is wrong, in words


def test_everything_wrong_is_told_at_once():
    problems = problems_of(
        {
            "versoin": "x",
            "stage": [
                {"raising": [], "receiving": ["a"], "answer_within": "3 days", "remind": ["5"]},
                plain_stage("Two", longest="1 working hour"),
            ],
            "calendar": {"nation": "Englnd", "working_hours": "17:00-09:00"},
            "urgent": {"start_at": "Twwo"},
        }
    )

    assert [problem.where for problem in problems] == [
        "stage 1, answer_within",
        "stage 1, title",
        "stage 1, raising",
        "stage 1, remind",
        "stage 2, longest",
        "version",
        "title",
        "calendar, working_hours",
        "calendar, nation",
        "emergency",
        "top",
        "urgent, start_at",
        "urgent, answer_within",
        "versoin",
    ]


def test_problems_read_as_one_line_each():
    with pytest.raises(ProcedureProblems) as caught:
        Procedure.read(without(without(plain(), "top"), "version"))

    assert str(caught.value).splitlines() == [
        'version: version is missing. Write for example version = "darlington-2025-12".',
        "top: There is no [top]: say who settles what no stage could, for example "
        'role = "Independent Scrutineer".',
    ]


@pytest.mark.parametrize(
    ("file", "where", "says"),
    [
        (without(plain(), "emergency"), "emergency", "what to do when someone is in danger"),
        (plain(emergency={"text": "  "}), "emergency, text", "Write words in quotation marks"),
        (plain(emergency={"text": "x" * 2001}), "emergency, text", "Use at most 2000"),
        (
            plain(emergency={"text": "x", "contacts": ["999"]}),
            "emergency, contacts",
            'Write each one as { name = "Police", phone = "101" }',
        ),
        (
            plain(emergency={"text": "x", "contacts": [{"name": "Police"}]}),
            "emergency, contacts 1, phone",
            "phone is missing",
        ),
        (plain(emergency="Call 999"), "emergency", "Write [emergency] on a line of its own"),
        (plain(top={"role": 3}), "top, role", "Write words in quotation marks"),
        (plain(title="x" * 121), "title", "121 characters long. Use at most 120"),
        (
            plain(other_route=[{"name": "Conduct", "when": "It is about how they work."}]),
            "other_route 1, contact",
            "contact is missing",
        ),
        (
            plain(other_route=[A_ROUTE | {"phone": "101"}]),
            "other_route 1, phone",
            '"phone" is not a setting here',
        ),
        (plain(other_route=[A_ROUTE] * 11), "other_route", "A form holds 10 other routes"),
        (plain(other_route="a complaint"), "other_route", "[[other_route]], in double square"),
        (
            plain(other_route=[A_ROUTE | {"name": "x" * 71}]),
            "other_route 1, name",
            "Use at most 70",
        ),
        (plain(title="one\ntwo"), "title", "on one line"),
        (plain(single_agency="yes"), "single_agency", "single_agency = true or"),
        (plain(archive_after=5), "archive_after", 'archive_after = "5 working days"'),
        (without(plain(), "stage"), "stage", "There are no stages. Begin each one with [[stage]]"),
        (plain(stage=[]), "stage", "There are no stages"),
        (plain(stage={"title": "One"}), "stage", "[[stage]], in double square brackets"),
        (plain(stage="One"), "stage", "[[stage]], in double square brackets"),
        (plain(plain_stage(confirmed=False)), "stage", "No stage is confirmed"),
        (plain(plain_stage("A"), plain_stage("A")), "stage 2, title", "Give each its own"),
        (plain(without(plain_stage(), "answer_within")), "stage 1, answer_within", "is missing"),
        (plain(plain_stage(raising="x")), "stage 1, raising", "Write a list in square brackets"),
        (plain(plain_stage(raising=[""])), "stage 1, raising", "Write words in quotation marks"),
        (plain(plain_stage(receiving=[])), "stage 1, receiving", "Name at least one"),
        (plain(plain_stage(longest="8 hours")), "stage 1, longest", "shorter than answer_within"),
        (plain(plain_stage(remind=["0%"])), "stage 1, remind", "from 1% to 99%"),
        (plain(plain_stage(remind=["100%"])), "stage 1, remind", "from 1% to 99%"),
        (plain(plain_stage(remind=["soon"])), "stage 1, remind", "or a time before its end, such"),
        (plain(plain_stage(remind=["2 days before"])), "stage 1, remind", "not a length of time"),
        (plain(plain_stage(reviev=True)), "stage 1, reviev", 'Did you mean "review"?'),
        (plain(plain_stage(xyzzy=1)), "stage 1, xyzzy", "What may stand here: answer_within, "),
        (
            plain(plain_stage(notify=["buisness unit"])),
            "stage 1, notify",
            'Did you mean "business unit"?',
        ),
        (plain(calendar={"nation": "France"}), "calendar, nation", "What may stand here: England,"),
        (plain(calendar={"timezone": "London"}), "calendar, timezone", 'example "Europe/London"'),
        (plain(calendar={"working_hours": "9 to 5"}), "calendar, working_hours", "Write them as"),
        (plain(calendar={"working_hours": "09:00-24:00"}), "calendar, working_hours", "them as"),
        (plain(calendar={"closed": ["29/12/2026"]}), "calendar, closed", "Write the year first"),
        (plain(calendar={"closed": [datetime(2026, 1, 1, tzinfo=UTC)]}), "calendar, closed", "not"),
        (plain(calendar=[]), "calendar", "Write [calendar] on a line of its own"),
        (
            plain(urgent={"start_at": "Managers", "answer_within": "4 hours"}),
            "urgent, start_at",
            'No stage is called "Managers". What may stand here: Practitioners.',
        ),
        (
            plain(urgent={"start_at": "Practitioner", "answer_within": "4 hours"}),
            "urgent, start_at",
            'Did you mean "Practitioners"?',
        ),
        (
            plain(
                plain_stage(),
                plain_stage("Two", confirmed=False),
                urgent={"start_at": "Two", "answer_within": "4 hours"},
            ),
            "urgent, start_at",
            "is not confirmed",
        ),
        (plain(urgent={"answer_within": "4 hours"}), "urgent, start_at", "start_at is missing"),
        (plain(retention={"closed_for": "ever"}), "retention, closed_for", '"6 years"'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_said_with_what_to_write_instead(
    file: dict[str, object], where: str, says: str
):
    problem = problem_of(file)

    assert problem.where == where
    assert says in problem.sentence
    assert problem.sentence.endswith((".", "?"))


def test_people_other_than_the_business_unit_may_be_told():
    stage = plain_stage(notify=["practitioner", "Independent Scrutineer", "headteacher"])

    assert len(Procedure.read(plain(stage)).stage(1).notify) == 3


simple_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
json_values = simple_values | st.lists(simple_values, max_size=3)
KEYS = (
    "version title single_agency calendar emergency stage top urgent retention archive_after "
    "raising receiving answer_within longest accept_within remind confirmed review meeting notify "
    "role start_at text contacts name phone nation timezone working_hours closed closed_for "
    "other_route when contact"
)
tables = st.dictionaries(st.sampled_from(KEYS.split()), json_values, max_size=4)


files = st.dictionaries(
    st.sampled_from(KEYS.split()), json_values | tables | st.lists(tables, max_size=3), max_size=6
)


@given(files)
def test_whatever_a_file_says_it_is_read_or_its_problems_are_told(file: dict[str, object]):
    before = deepcopy(file)

    problems = problems_of({**file, "version": None})

    assert all(problem.sentence for problem in problems)
    assert repr(file) == repr(before)


# The line a problem is on

SOURCE = """\
version = "x"  # 1
title = "y"

[calendar]
nation = "Englnd"

[[stage]]
title = "One"
answer_within = "1 day"

  [[ stage ]]  # 11
"title" = "Two"
raising = [
    "line manager",
]
notify=["x"]

[emergency]
contacts = [{ name = "x" }]
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("version", 1),
        ("title", 2),
        ("calendar, nation", 5),
        ("calendar, closed", 4),
        ("stage 1, answer_within", 9),
        ("stage 1, notify", 7),
        ("stage 2, title", 12),
        ("stage 2, raising", 13),
        ("stage 2, notify", 16),
        ("stage 2", 11),
        ("stage", 7),
        ("stage 3, title", None),
        ("emergency, contacts 1, phone", 19),
        ("emergency, text", 18),
        ("top", None),
        ("a = b", None),
        ("", None),
    ],
)
def test_a_problem_is_found_on_its_line(where: str, line: int | None):
    assert line_of(where, SOURCE) == line


def test_a_setting_after_the_last_table_is_not_looked_for_in_it():
    assert line_of("title", '[[stage]]\ntitle = "One"\n') is None


# Reminders


@given(st.integers(1, 99))
def test_a_percentage_reads_back_as_it_was_written(percentage: int):
    reminder = Reminder.read(f"{percentage}%")

    assert reminder.share == percentage / 100
    assert Reminder.read(str(reminder)) == reminder


def test_a_time_before_the_end_reads_back_as_it_was_written():
    assert str(Reminder.read("2 working hours before")) == "2 working hours before"


def test_a_reminder_is_one_thing_or_the_other():
    with pytest.raises(ValueError, match="either a share"):
        Reminder()
    with pytest.raises(ValueError, match="either a share"):
        Reminder(share=0.5, before=Duration(1, Unit.HOUR))


def test_reminders_of_a_working_day_come_at_its_half_and_two_hours_before_its_end():
    start = datetime(2026, 3, 6, 13, tzinfo=LONDON)
    due = ENGLAND.after(start, Duration.read("1 working day"))

    times = reminder_times(start, due, HALF_AND_TWO_HOURS, ENGLAND, by_the_clock=False)

    assert times == (
        datetime(2026, 3, 9, 11, tzinfo=LONDON),
        datetime(2026, 3, 9, 15, tzinfo=LONDON),
    )


def test_reminders_by_the_clock_come_at_night_too():
    start = datetime(2026, 3, 7, 1, tzinfo=LONDON)
    remind = (Reminder(share=0.5), Reminder.read("1 hour before"))

    times = reminder_times(start, start + timedelta(hours=4), remind, ENGLAND, by_the_clock=True)

    assert times == (start + timedelta(hours=2), start + timedelta(hours=3))


def test_a_reminder_outside_working_hours_waits_for_the_next_opening():
    start = datetime(2026, 3, 6, 9, tzinfo=LONDON)
    due = datetime(2026, 3, 9, 17, tzinfo=LONDON)

    times = reminder_times(start, due, [Reminder(share=0.5)], ENGLAND, by_the_clock=False)

    # Half of the two days' hours have passed at the close of Friday: nobody would read it then.
    assert times == (datetime(2026, 3, 9, 9, tzinfo=LONDON),)


def test_a_reminder_that_would_wait_until_too_late_is_dropped():
    start = datetime(2026, 3, 7, 10, tzinfo=LONDON)
    due = start + timedelta(hours=4)

    assert reminder_times(start, due, HALF_AND_TWO_HOURS, ENGLAND, by_the_clock=False) == ()


def test_two_reminders_at_one_time_are_one():
    start = datetime(2026, 3, 6, 9, tzinfo=LONDON)
    due = datetime(2026, 3, 6, 13, tzinfo=LONDON)

    times = reminder_times(start, due, HALF_AND_TWO_HOURS, ENGLAND, by_the_clock=False)

    assert times == (datetime(2026, 3, 6, 11, tzinfo=LONDON),)


def test_nobody_is_reminded_of_what_was_due_before_it_began():
    start = datetime(2026, 3, 6, 9, tzinfo=LONDON)

    assert reminder_times(start, start, HALF_AND_TWO_HOURS, ENGLAND, by_the_clock=False) == ()


reminders = st.builds(Reminder, share=st.floats(0.01, 0.99)) | st.builds(
    Reminder, before=st.builds(Duration, st.integers(1, 50), st.sampled_from(Unit))
)


@given(
    st.datetimes(
        datetime(2020, 1, 1),  # noqa: DTZ001 - the strategy adds the zone itself
        datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.integers(1, 30 * 24 * 60),
    st.lists(reminders, max_size=5),
    st.booleans(),
)
def test_reminders_come_in_order_once_each_between_start_and_end_and_disturb_nobody(
    start: datetime, minutes: int, remind: list[Reminder], by_the_clock: bool
):
    due = start + timedelta(minutes=minutes)

    times = reminder_times(start, due, remind, ENGLAND, by_the_clock)

    assert list(times) == sorted(set(times))
    assert len(times) <= len(remind)
    assert all(start < at < due for at in times)
    assert by_the_clock or all(ENGLAND.is_open(at) for at in times)


# How long records are kept


@pytest.mark.parametrize(
    ("kept", "closed", "ends"),
    [
        ("6 years", date(2026, 3, 6), date(2032, 3, 6)),
        ("1 year", date(2028, 2, 29), date(2029, 3, 1)),
        ("1 month", date(2026, 1, 31), date(2026, 3, 1)),
        ("18 months", date(2026, 12, 31), date(2028, 7, 1)),
        ("12 months", date(2026, 12, 31), date(2027, 12, 31)),
        ("90 days", date(2026, 3, 6), date(2026, 6, 4)),
    ],
)
def test_records_are_never_kept_for_less_than_was_agreed(kept: str, closed: date, ends: date):
    assert Retention(kept).ends(closed) == ends


def test_until_somebody_decides_records_are_kept():
    assert Retention().ends(date(2026, 3, 6)) is None


def test_a_time_to_keep_records_that_nobody_can_reckon_is_refused():
    with pytest.raises(ValueError, match="not a time to keep records for"):
        Retention("until 25")


# The procedure that comes with the bot


def darlington() -> Procedure:
    return Procedure.read(tomllib.loads(DARLINGTON.read_text(encoding="utf-8")))


def test_darlington_is_named_as_its_file_is():
    assert darlington().version == DARLINGTON.stem


def test_darlington_has_four_stages_and_then_the_independent_scrutineer():
    titles = [darlington().stage(number).title for number in range(1, 6)]

    assert titles == [
        "Practitioner to practitioner",
        "Managers and safeguarding leads",
        "Inter-agency meeting",
        "Senior managers",
        "Independent Scrutineer",
    ]


def test_darlington_does_not_use_the_stage_nobody_has_confirmed():
    procedure = darlington()

    assert procedure.following(3) is None
    assert [stage.number for stage in procedure.skipped_after(3)] == [4]


def test_darlington_reviews_at_stage_two_and_meets_and_tells_the_business_unit_at_stage_three():
    stages = darlington().stages

    assert [stage.number for stage in stages if stage.review] == [2]
    assert [stage.number for stage in stages if stage.meeting] == [3]
    assert stages[2].notify == ("business unit",)


def test_darlington_starts_at_the_managers_when_someone_is_at_risk_now():
    urgent = darlington().urgent

    assert urgent
    assert urgent.start_at == 2
    assert urgent.accept_within.by_the_clock
    assert urgent.answer_within == Duration.read("4 hours")


def test_darlington_keeps_everything_until_the_partnership_decides():
    assert darlington().retention.closed_for is None


def test_darlington_gives_only_telephone_numbers_that_are_national():
    numbers = {contact.phone for contact in darlington().emergency.contacts}

    assert numbers == {"999", "101", "see your agency's safeguarding page"}


# The time that several stages have together


def total(**changes: Any) -> Procedure:
    return a_procedure(total={"stages": 2, "within": "2 working days"} | changes)


def test_the_first_stages_may_have_so_long_together():
    procedure = total()

    assert (
        procedure.total_ends(a_moment("2026-03-06 10:00").now) == a_moment("2026-03-10 17:00").now
    )
    assert [procedure.is_in_total(number) for number in (1, 2, 3)] == [True, True, False]
    assert a_procedure().total_ends(a_moment().now) is None
    assert not a_procedure().is_in_total(1)


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"stages": 9}, "total, stages", "There are only 4 stages"),
        ({"stages": 0}, "total, stages", "Write a whole number from 1 up"),
        ({"stages": True}, "total, stages", "Write a whole number from 1 up"),
        ({"stages": "5"}, "total, stages", "Write a whole number from 1 up"),
        ({"stages": None}, "total, stages", "stages is missing"),
        ({"within": None}, "total, within", "within is missing"),
        ({"within": "soon"}, "total, within", "soon"),
        ({"witihn": "x"}, "total, witihn", 'Did you mean "within"?'),
    ],
)
def test_what_is_wrong_with_a_total_is_said_in_words(changes, where, words):
    with pytest.raises(ProcedureProblems) as found:
        total(**changes)

    assert any(p.where == where and words in p.sentence for p in found.value.problems)
