"""The meeting as a calendar file: the reference, the time and the place, and nothing else.

It leaves Slack, so it holds no word about the case and no name. A moved meeting keeps its id and
gets a higher number, and calendars then change their entry instead of adding another.
"""

from icalendar import CLASS, STATUS, Calendar, Event

from challenge.model import Challenge, Meeting
from challenge.moment import Moment
from challenge.rights import meeting_now

PRODUCT = "-//Challenge Bot//Professional challenge//EN"


def calendar_file(challenge: Challenge, moment: Moment) -> bytes:
    """Ready to be sent; LookupError when no time is fixed."""
    meeting = meeting_now(challenge)
    if meeting is None or meeting.fixed is None:
        raise LookupError("No meeting is fixed.")
    calendar = Calendar.new(method="PUBLISH", prodid=PRODUCT)
    calendar.add_component(_event(challenge, meeting, moment))
    return bytes(calendar.to_ical())


def file_name(challenge: Challenge) -> str:
    """One name for each time fixed, so that a file already sent is known again."""
    meeting = meeting_now(challenge)
    return f"{challenge.reference}-meeting-{meeting.fixings if meeting else 0}.ics"


def _event(challenge: Challenge, meeting: Meeting, moment: Moment) -> Event:
    calendar, start = challenge.procedure.calendar, meeting.fixed
    if start is None:
        raise LookupError("No meeting is fixed.")
    return Event.new(
        uid=f"{challenge.reference.lower()}-stage-{meeting.stage}@challenge-bot",
        sequence=meeting.fixings - 1,
        stamp=moment.now,
        start=start,
        end=calendar.after(start, challenge.procedure.meetings.lasts),
        summary=f"Meeting about {challenge.reference}",
        location=meeting.place,
        classification=CLASS.PRIVATE,
        status=STATUS.CONFIRMED,
    )
