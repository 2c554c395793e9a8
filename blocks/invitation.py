"""The meeting as a calendar file: the reference, the time and the place, and nothing else.

It leaves Slack, so it holds no word about the case and nobody's name. A meeting that is moved or
cancelled keeps its id and gets a higher number, and calendars then change the entry that they have
or take it out (RFC 5546). They go by who organises it too, so the bot does, at an address that
can never be written to.
"""

from datetime import datetime

from icalendar import CLASS, STATUS, Calendar, Event, vCalAddress

from challenge.invitation import for_calendars
from challenge.model import Challenge, Meeting
from challenge.moment import Moment

PRODUCT = "-//Challenge Bot//Professional challenge//EN"
NOBODY = vCalAddress.new("no-reply@challenge-bot.invalid", cn="Challenge Bot")


def calendar_file(challenge: Challenge, moment: Moment) -> bytes:
    """Ready to be sent; LookupError when calendars need not know of anything."""
    meeting = for_calendars(challenge)
    at = meeting and (meeting.fixed or meeting.called_off)
    if not meeting or not at:
        raise LookupError("No meeting is fixed, and none was called off.")
    calendar = Calendar.new(method="PUBLISH" if meeting.fixed else "CANCEL", prodid=PRODUCT)
    calendar.add_component(_event(challenge, meeting, at, moment))
    return bytes(calendar.to_ical())


def file_name(challenge: Challenge) -> str:
    """One name for each version, so that a file already sent is known again."""
    meeting = for_calendars(challenge)
    off = "-cancelled" if meeting and meeting.called_off else ""
    return f"{challenge.reference}-meeting-{meeting.fixings if meeting else 0}{off}.ics"


def _event(challenge: Challenge, meeting: Meeting, at: datetime, moment: Moment) -> Event:
    off = "Cancelled: m" if meeting.called_off else "M"
    return Event.new(
        uid=f"{challenge.reference.lower()}-stage-{meeting.stage}@challenge-bot",
        sequence=meeting.fixings - 1,
        stamp=moment.now,
        start=at,
        end=challenge.procedure.calendar.after(at, challenge.procedure.meetings.lasts),
        summary=f"{off}eeting about {challenge.reference}",
        location=meeting.place,
        organizer=NOBODY,
        classification=CLASS.PRIVATE,
        status=STATUS.CANCELLED if meeting.called_off else STATUS.CONFIRMED,
    )
