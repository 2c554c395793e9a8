"""What calendars were told of a meeting, and how it is taken out of them again."""

from dataclasses import replace

from challenge.model import Challenge, Meeting, Notice, Told
from challenge.moment import Moment
from challenge.rights import meeting_now


def called_off(challenge: Challenge, moment: Moment) -> tuple[Challenge, tuple[Notice, ...]]:
    """A meeting still to come will not be held: the channel is told, and calendars are."""
    meeting = challenge.meeting
    if meeting is None or meeting.fixed is None or meeting.fixed <= moment.now:
        return challenge, ()
    off = replace(
        meeting,
        fixed=None,
        called_off=meeting.fixed,
        fixings=meeting.fixings + 1,
        times=(),
        answers=(),
    )
    return replace(challenge, meeting=off), (Notice(Told.MEETING_CALLED_OFF), calendar_notice(off))


def what_was_called_off(before: Challenge, after: Challenge) -> str:
    """A sentence for the chronology, to go after another; empty when no meeting was called off."""
    off = after.meeting.called_off if after.meeting else None
    if off is None or before.meeting is None or before.meeting.fixed != off:
        return ""
    at = before.procedure.calendar.local(off)
    return f" The meeting on {at:%A %-d %B %Y, %H:%M} is cancelled."


def calendar_notice(meeting: Meeting) -> Notice:
    """It names the version, so that only the newest is sent when several wait."""
    return Notice(Told.MEETING_FILE, mark=str(meeting.fixings))


def for_calendars(challenge: Challenge) -> Meeting | None:
    """The meeting of which calendars are to know: one that is fixed, or one called off since."""
    meeting = challenge.meeting
    if meeting is None or meeting.called_off:
        return meeting
    held = meeting_now(challenge)
    return held if held and held.fixed else None


def begun_afresh(meeting: Meeting | None) -> Meeting | None:
    """Nothing arranged; but calendars know the old one, so its versions are counted on."""
    if meeting is None:
        return None
    return Meeting(meeting.stage, fixings=meeting.fixings, called_off=meeting.called_off)
