"""The inter-agency meeting: one window to arrange it from, its forms, and its lines on the card."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextObject
from slack_sdk.models.views import View

from blocks.forms import (
    answer,
    answered_moment,
    answered_several,
    modal,
    question,
    radio,
    several,
    several_people,
    time_of_day,
)
from blocks.layout import button, buttons, quoted, rule, safe, says, small, spoken
from challenge.directory import Directory
from challenge.meeting import MOST_ATTENDEES, who_can_make
from challenge.model import Challenge, Meeting, PersonId
from challenge.rights import attendees, meeting_now

ARRANGE = "meeting.arrange"
NAME_PEOPLE = "meeting.name_people"
NAMED = "meeting.named"
AGREE_PEOPLE = "meeting.agree_people"
OFFER = "meeting.offer"
OFFERED = "meeting.offered"
ANSWER = "meeting.answer"
ANSWERED = "meeting.answered"
FIX = "meeting.fix"
FIXED = "meeting.fixed"
MINUTES = "meeting.minutes"
MINUTED = "meeting.minuted"
DOUBT = "meeting.doubt"
DOUBTED = "meeting.doubted"
NEEDED = "meeting.needed"
SAID_NEEDED = "meeting.said_needed"
NOT_HELD = "meeting.not_held"
SAID_NOT_HELD = "meeting.said_not_held"

TIMES = ("first", "second", "third")

Payload = Mapping[str, Any]


def arrange_button(challenge: Challenge) -> ButtonElement:
    return button("The meeting", ARRANGE, challenge.id)


def answer_button(challenge: Challenge) -> ButtonElement:
    return button("Say which times you can make", ANSWER, challenge.id, style="primary")


def agree_people_button(challenge: Challenge) -> ButtonElement:
    return button("Agree that they attend", AGREE_PEOPLE, challenge.id, style="primary")


def name_people_button(challenge: Challenge) -> ButtonElement:
    return button("Name other people", NAME_PEOPLE, challenge.id)


def second_opinion_buttons(challenge: Challenge) -> list[ButtonElement]:
    return [
        button("The meeting is needed", NEEDED, challenge.id),
        button("I agree: no meeting", NOT_HELD, challenge.id),
    ]


def on_the_card(challenge: Challenge, directory: Directory) -> list[str]:
    """A line or two for the pinned card: how far the meeting is."""
    meeting = meeting_now(challenge)
    if meeting is None or challenge.is_closed:
        return []
    return [f"Meeting: {_how_far(challenge, meeting)}"]


def arrange_view(challenge: Challenge, directory: Directory) -> View:
    """Everything about the meeting in one place, with what can be done next."""
    meeting = meeting_now(challenge) or Meeting(challenge.stage)
    return View(
        type="modal",
        title=PlainTextObject(text="The meeting"),
        close=PlainTextObject(text="Close"),
        private_metadata=str(challenge.id),
        blocks=[
            says(f"*{challenge.reference}*: {_how_far(challenge, meeting)}"),
            says(f"*Who attends*\n{_names(directory, attendees(challenge))}"),
            *_proposed_people(challenge, meeting, directory),
            *_times(challenge, meeting, directory),
            *_doubted(challenge, meeting, directory),
            *_minuted(meeting),
            rule(),
            *buttons(_acts(challenge, meeting)),
        ],
    )


def people_view(challenge: Challenge) -> View:
    return modal(
        NAMED,
        "Who should attend",
        "Propose",
        [
            says(
                "The two practitioners and the leads of this stage come anyway. The other side "
                "agrees to these people, or names others."
            ),
            several_people("people", "Who else should attend?", most=MOST_ATTENDEES),
        ],
        carries=challenge.id,
    )


def read_people(view: Payload) -> tuple[PersonId, ...]:
    return tuple(PersonId(who) for who in answered_several(view, "people"))


def offer_view(challenge: Challenge) -> View:
    due = spoken(challenge.due, challenge.procedure.calendar)
    return modal(
        OFFERED,
        "Offer times",
        "Offer",
        [
            says(f"Offer two or three times, up to {due}, when this stage ends."),
            time_of_day("first", "First time"),
            time_of_day("second", "Second time"),
            time_of_day("third", "Third time", optional=True),
            question(
                "place",
                "Where, or the link",
                hint="It goes into calendars. Please write nothing about the case.",
                lines=False,
            ),
        ],
        carries=challenge.id,
    )


def read_times(view: Payload) -> tuple[datetime, ...]:
    given = (answered_moment(view, name) for name in TIMES)
    return tuple(at for at in given if at)


def answer_view(challenge: Challenge) -> View:
    return modal(
        ANSWERED,
        "Your times",
        "Say so",
        [
            says("Tick every time that you can make. Tick none if none of them suits you."),
            several("times", "Which times can you make?", _options(challenge)),
        ],
        carries=challenge.id,
    )


def fix_view(challenge: Challenge) -> View:
    return modal(
        FIXED,
        "Fix the time",
        "Fix it",
        [
            says("Everyone who attends is told, and a calendar file is put in the channel."),
            radio("times", "Which time?", _options(challenge)),
        ],
        carries=challenge.id,
    )


def read_chosen(view: Payload) -> tuple[datetime, ...]:
    """The offered times that were ticked, or the one that was chosen."""
    chosen = answered_several(view, "times") or (answer(view, "times"),)
    return tuple(datetime.fromtimestamp(int(each), UTC) for each in chosen if each.isdigit())


def minutes_view(challenge: Challenge) -> View:
    known = challenge.meeting.minutes if challenge.meeting else None
    return modal(
        MINUTED,
        "Minutes of the meeting",
        "Record",
        [
            question(
                "discussion",
                "Discussion",
                value=known.discussion if known else "",
                hint="What was said, in short. No names of the child, adult or family.",
            ),
            question(
                "agreed",
                "Agreed outcomes and actions",
                value=known.agreed if known else "",
                hint="Who does what, by when. It can be proposed as the way it is settled.",
                optional=True,
            ),
            question(
                "outstanding",
                "Outstanding issues",
                value=known.outstanding if known else "",
                optional=True,
            ),
            question("next_steps", "Next steps", value=known.next_steps if known else ""),
        ],
        carries=challenge.id,
    )


def read_minutes(view: Payload) -> dict[str, str]:
    names = ("discussion", "agreed", "outstanding", "next_steps")
    return {name: answer(view, name) for name in names}


def doubt_view(challenge: Challenge) -> View:
    words = (
        "Somebody else is asked for a second opinion: another lead, the other side's safeguarding "
        "lead, or the business unit. The clock runs on meanwhile."
    )
    asked = question("because", "Why is a meeting not appropriate?")
    return modal(DOUBTED, "No meeting", "Ask", [says(words), asked], carries=challenge.id)


def needed_view(challenge: Challenge) -> View:
    asked = question("because", "Why is the meeting needed?")
    return modal(SAID_NEEDED, "The meeting is needed", "Say so", [asked], carries=challenge.id)


def not_held_view(challenge: Challenge) -> View:
    words = "The next stage is offered at once, so nothing waits."
    asked = question("because", "Why do you agree that there should be no meeting?")
    return modal(SAID_NOT_HELD, "No meeting", "Say so", [says(words), asked], carries=challenge.id)


def _acts(challenge: Challenge, meeting: Meeting) -> list[ButtonElement]:
    """What can be done next; each rule checks again who may."""
    minutes = button("Record the minutes", MINUTES, challenge.id)
    if meeting.doubt:
        return [*second_opinion_buttons(challenge), minutes]
    people = [button("Who should attend", NAME_PEOPLE, challenge.id)]
    again = "Offer other times" if meeting.times or meeting.fixed else "Offer times"
    times = [button(again, OFFER, challenge.id)]
    if meeting.times:
        times = [answer_button(challenge), button("Fix the time", FIX, challenge.id), *times]
    doubted = (
        [] if meeting.needed else [button("A meeting is not appropriate", DOUBT, challenge.id)]
    )
    return [*people, *times, minutes, *doubted]


def _how_far(challenge: Challenge, meeting: Meeting) -> str:
    calendar = challenge.procedure.calendar
    if meeting.minutes:
        return "the minutes are recorded."
    if meeting.doubt:
        return "somebody thinks that it is not right here. A second opinion is asked for."
    moving = " Other times are offered." if meeting.times else ""
    if meeting.fixed:
        return f"{spoken(meeting.fixed, calendar)}.{moving}"
    if meeting.times:
        return "times are offered; please say which you can make."
    return "not arranged yet. Agree who attends, and offer times."


def _proposed_people(challenge: Challenge, meeting: Meeting, directory: Directory) -> list[Block]:
    proposed = meeting.proposed
    if proposed is None:
        return []
    names = _names(directory, proposed.people)
    by = safe(directory.name(proposed.by))
    return [
        says(f"*Proposed by {by}*\n{names}"),
        *buttons([agree_people_button(challenge)]),
    ]


def _times(challenge: Challenge, meeting: Meeting, directory: Directory) -> list[Block]:
    place = quoted("Where, or the link", meeting.place) if meeting.place else []
    lines = "\n".join(
        f"{spoken(at, challenge.procedure.calendar)}: "
        f"{_names(directory, who_can_make(meeting, at)) or 'nobody yet'}"
        for at in meeting.times
    )
    return [*([says(f"*Times offered, and who can make them*\n{lines}")] if lines else []), *place]


def _doubted(challenge: Challenge, meeting: Meeting, directory: Directory) -> list[Block]:
    if meeting.doubt is None:
        return []
    by = safe(directory.name(meeting.doubt.by))
    asked = _names(directory, meeting.doubt.asked)
    return [
        *quoted(f"Why {by} thinks that a meeting is not appropriate", meeting.doubt.because),
        small(f"A second opinion is asked of: {asked or 'the partnership'}."),
    ]


def _minuted(meeting: Meeting) -> list[Block]:
    minutes = meeting.minutes
    return quoted("Next steps, from the minutes", minutes.next_steps) if minutes else []


def _names(directory: Directory, people: tuple[PersonId, ...]) -> str:
    return ", ".join(safe(directory.name(who)) for who in people)


def _options(challenge: Challenge) -> list[tuple[str, str]]:
    """Each offered time by its second, which is what a form hands back."""
    meeting = meeting_now(challenge)
    times = meeting.times if meeting else ()
    calendar = challenge.procedure.calendar
    none = [("0", "No time is offered any more")]
    return [(str(int(at.timestamp())), spoken(at, calendar)) for at in times] or none
