"""The calendar file: the reference, the time and the place, and nothing else."""

from dataclasses import replace

import pytest
from icalendar import Calendar

from blocks.invitation import calendar_file, file_name
from challenge.model import Meeting
from tests.makers import FRIDAY_TEN, a_challenge, a_challenge_at, a_concern, a_moment, later

SECRET = "Zebrafinch"
TUESDAY = a_moment("2026-03-10 14:00").now


def with_meeting(**changes):
    held = Meeting(3, place="Room 2; Town Hall\nDoor B", fixed=TUESDAY, fixings=1)
    words = a_concern(reference=SECRET, decision=SECRET, why=SECRET, meanwhile=SECRET, ask=SECRET)
    return replace(a_challenge_at(3, concern=words), meeting=replace(held, **changes))


def event_of(challenge):
    [event] = Calendar.from_ical(calendar_file(challenge, FRIDAY_TEN)).walk("VEVENT")
    return event


def test_it_holds_the_reference_the_time_and_the_place():
    event = event_of(with_meeting())

    assert str(event["SUMMARY"]) == "Meeting about PC-2026-0042"
    assert (event.start, event.end) == (TUESDAY, later(a_moment("2026-03-10 14:00"), hours=1).now)
    assert str(event["LOCATION"]) == "Room 2; Town Hall\nDoor B"
    assert str(event["CLASS"]) == "PRIVATE"


def test_it_holds_no_word_about_the_case_and_nobodys_name():
    text = calendar_file(with_meeting(), FRIDAY_TEN).decode()

    assert SECRET not in text
    for name in ("ATTENDEE", "DESCRIPTION", "COMMENT", "Raiser"):
        assert name not in text
    assert text.count("ORGANIZER") == 1
    assert "mailto:no-reply@challenge-bot.invalid" in text


def test_a_moved_meeting_keeps_its_id_and_counts_on():
    first = event_of(with_meeting())
    moved = event_of(with_meeting(fixed=a_moment("2026-03-11 09:00").now, fixings=2))

    assert first["UID"] == moved["UID"]
    assert (first["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)


def test_a_cancelled_meeting_takes_its_own_entry_out_of_the_calendar():
    """RFC 5546, 3.2.5: the same id and organiser, a higher number, and the status CANCELLED."""
    off = with_meeting(fixed=None, called_off=TUESDAY, fixings=2)
    calendar = Calendar.from_ical(calendar_file(off, FRIDAY_TEN))
    [event] = calendar.walk("VEVENT")
    first = event_of(with_meeting())

    assert str(calendar["METHOD"]) == "CANCEL"
    assert str(event["STATUS"]) == "CANCELLED"
    assert str(event["SUMMARY"]) == "Cancelled: meeting about PC-2026-0042"
    assert event["SEQUENCE"] > first["SEQUENCE"]
    for same in ("UID", "ORGANIZER", "DTSTART", "DTEND"):
        assert event[same] == first[same]
    assert not event.errors


def test_a_file_has_a_name_of_its_own_for_each_time_fixed():
    assert file_name(with_meeting()) == "PC-2026-0042-meeting-1.ics"
    assert file_name(with_meeting(fixings=2)) == "PC-2026-0042-meeting-2.ics"
    off = with_meeting(fixed=None, called_off=TUESDAY, fixings=2)
    assert file_name(off) == "PC-2026-0042-meeting-2-cancelled.ics"
    assert file_name(a_challenge()) == "PC-2026-0042-meeting-0.ics"


def test_there_is_no_file_without_a_time():
    for challenge in (with_meeting(fixed=None), a_challenge()):
        with pytest.raises(LookupError):
            calendar_file(challenge, FRIDAY_TEN)
