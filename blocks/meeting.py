"""The inter-agency meeting: one window to arrange it from, its forms, and its lines on the card."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, PlainTextObject
from slack_sdk.models.views import View

from blocks import resolution
from blocks.forms import (
    answer,
    answered_moment,
    answered_safety,
    answered_several,
    danger_now,
    modal,
    question,
    radio,
    read_because,
    several,
    several_people,
    time_of_day,
)
from blocks.layout import (
    Message,
    button,
    buttons,
    called,
    emergency,
    quoted,
    rule,
    says,
    small,
    spoken,
)
from blocks.occasion import Occasion, asks, due, privately, said, since, written
from challenge.directory import Directory
from challenge.meeting import MOST_ATTENDEES, is_on_day_off, who_can_make
from challenge.model import Challenge, Meeting, PersonId, Status
from challenge.rights import attendees, meeting_held, meeting_now, second_opinions

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


def offer_button(challenge: Challenge) -> ButtonElement:
    return button("Offer other times", OFFER, challenge.id)


def answer_button(challenge: Challenge) -> ButtonElement:
    return button("Say which times you can make", ANSWER, challenge.id, style="primary")


def agree_people_button(challenge: Challenge) -> ButtonElement:
    held = meeting_now(challenge)
    proposed = held.proposed if held else None
    label = "Agree that they attend"
    return button(label, AGREE_PEOPLE, challenge.id, seen=proposed, style="primary")


def name_people_button(challenge: Challenge) -> ButtonElement:
    return button("Name other people", NAME_PEOPLE, challenge.id)


def minutes_button(challenge: Challenge) -> ButtonElement:
    return button("Record the minutes", MINUTES, challenge.id)


def minutes_buttons(challenge: Challenge) -> list[ButtonElement]:
    """For a meeting that was held before the challenge was settled or went on."""
    held = meeting_held(challenge)
    return [minutes_button(challenge)] if held and held.fixed else []


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


def read_named(view: Payload) -> dict[str, tuple[PersonId, ...]]:
    return {"people": tuple(PersonId(who) for who in answered_several(view, "people"))}


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


def read_offered(view: Payload) -> dict[str, Any]:
    given = (answered_moment(view, name) for name in TIMES)
    return {"times": tuple(at for at in given if at), "place": answer(view, "place")}


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


def read_answered(view: Payload) -> dict[str, tuple[datetime, ...]]:
    return {"times": _chosen(view)}


def read_fixed(view: Payload) -> dict[str, datetime]:
    return {"at": _chosen(view)[0]}


def _chosen(view: Payload) -> tuple[datetime, ...]:
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
    blocks = [*_why_not(challenge), asked]
    return modal(SAID_NEEDED, "The meeting is needed", "Say so", blocks, carries=challenge.id)


def not_held_view(challenge: Challenge) -> View:
    words = "The next stage is offered at once, so nothing waits."
    asked = question("because", "Why do you agree that there should be no meeting?")
    blocks = [says(words), *_why_not(challenge), danger_now(), asked]
    return modal(SAID_NOT_HELD, "No meeting", "Say so", blocks, carries=challenge.id)


def read_not_held(view: Payload) -> dict[str, Any]:
    return {**read_because(view), "safety": answered_safety(view)}


def _why_not(challenge: Challenge) -> list[Block]:
    """What the second opinion is about, for whoever gives it may not be in the channel."""
    meeting = meeting_now(challenge)
    doubt = meeting.doubt if meeting else None
    return quoted("Why a meeting was said not to be right here", doubt.because) if doubt else []


def attendees_proposed(o: Occasion) -> Message:
    c = o.challenge
    held = None if c.is_closed else meeting_now(c)
    proposed = held.proposed if held and held.proposed and held.proposed.by == o.about else None
    names = ", ".join(o.named(who) for who in proposed.people) if proposed else "other people"
    text = (
        f"{o.actor} would like {names} to attend the meeting about {c.reference}. It waits for "
        f"{o.facing(proposed.side) if proposed else 'the other side'} to agree, or to name others."
    )
    answers = [agree_people_button(c), name_people_button(c)] if proposed else []
    calls = o.calling_for(proposed.side) if proposed else ""
    return asks(o, text, answers, since(o, "This is answered."), calls=calls)


def attendees_agreed(o: Occasion) -> Message:
    c = o.challenge
    names = ", ".join(o.named(who) for who in attendees(c))
    return said(o, f"It is agreed who attends the meeting about {c.reference}: {names}.")


def asked_to_meeting(o: Occasion) -> Message:
    return privately(
        o,
        f"Both sides of the professional challenge {o.challenge.reference} would like you at "
        f"their meeting. Please see {o.where}: times are offered there.",
    )


def times_offered(o: Occasion) -> Message:
    c = o.challenge
    held = None if c.is_closed else meeting_now(c)
    if held is None or not held.times:
        text = f"{o.actor} offered times for the meeting about {c.reference}."
        return asks(o, text, [], _no_times_open(o, held))
    times = "\n".join(f"• {spoken(at, c.procedure.calendar)}" for at in held.times)
    who = " ".join(f"<@{person}>" for person in attendees(c))
    text = f"{o.actor} offers times for the meeting about {c.reference}.\n{times}"
    place = quoted("Where, or the link", held.place_offered)
    return asks(o, text, [answer_button(c), arrange_button(c)], "", place, calls=who)


def time_fixed(o: Occasion) -> Message:
    c = o.challenge
    held = meeting_now(c)
    if held is None or held.fixed is None:
        return said(o, f"A time for the meeting about {c.reference} was fixed.")
    who = " ".join(f"<@{person}>" for person in attendees(c))
    text = f"The meeting about {c.reference} is on {spoken(held.fixed, c.procedure.calendar)}."
    new = "for your calendar" if held.fixings == 1 else "that changes it in your calendar"
    file = f"A file {new} follows."
    place = quoted("Where, or the link", held.place)
    return Message(text, [says(f"{text} {file}\n{who}"), *place])


def on_day_off(o: Occasion) -> Message:
    """Asked of both sides, in the channel; those who only attend are told whom it waits for."""
    c = o.challenge
    text = _falls_on_day_off(c)
    if o.to:
        return privately(o, f"{text} Please see {o.where}.")
    who = " ".join(f"<@{person}>" for person in attendees(c))
    over = since(o, "Other times are offered, it was moved, or the next stage is offered.")
    return asks(o, text, [offer_button(c)] if _waits_for_times(c) else [], over, calls=who)


def _falls_on_day_off(challenge: Challenge) -> str:
    meeting = meeting_now(challenge)
    if meeting is None or meeting.fixed is None or not is_on_day_off(challenge):
        return f"The meeting about {challenge.reference} was on a day that is a day off now."
    when = spoken(meeting.fixed, challenge.procedure.calendar)
    then = "It stays as it is until you change it. Either side can offer other times."
    if challenge.status is Status.OFFERED:
        then = "It stays unless the next stage begins first."
    return f"The meeting about {challenge.reference} on {when} now falls on a day off. {then}"


def _waits_for_times(challenge: Challenge) -> bool:
    meeting = meeting_now(challenge)
    offered = meeting is not None and bool(meeting.times)
    return challenge.status is Status.OPEN and is_on_day_off(challenge) and not offered


def called_off(o: Occasion) -> Message:
    c = o.challenge
    off = c.meeting.called_off if c.meeting else None
    when = f" on {spoken(off, c.procedure.calendar)}" if off else ""
    text = f"The meeting about {c.reference}{when} is cancelled."
    return said(o, f"{text} A file that takes it out of your calendar follows.")


def begins_soon(o: Occasion) -> Message:
    c = o.challenge
    held = meeting_now(c)
    at = f": {spoken(held.fixed, c.procedure.calendar)}" if held and held.fixed else " soon"
    text = f"The meeting about {c.reference} begins{at}."
    if o.to:
        return privately(o, f"{text} Where, and all else, is in {o.where}.")
    pledge = quoted("To open the meeting, read aloud", c.procedure.meetings.pledge)
    place = quoted("Where, or the link", held.place) if held else []
    after = small("Afterwards, please record the minutes, so that nothing agreed is lost.")
    waits = held and not held.minutes and not c.is_closed
    over = since(o, "The minutes are on record, or the next stage has begun.")
    return asks(o, text, [arrange_button(c)] if waits else [], over, [*place, *pledge, after])


def was_doubted(o: Occasion) -> Message:
    c = o.challenge
    asked = _names(o.directory, second_opinions(c)) or "the partnership"
    text = (
        f"{o.actor} thinks that a meeting about {c.reference} is not appropriate. A second opinion "
        f"is asked of {asked}; the clock runs on until {due(o)}."
    )
    return asks(o, text, _opinion_asked(c), _opinion_over(o), written(o))


def second_opinion_asked(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"You are asked for a second opinion: should there be a meeting about {c.reference}? Both "
        f"buttons show the reasons before you answer. All else is in {o.where}."
    )
    return asks(o, text, _opinion_asked(c), _opinion_over(o), [emergency(c)])


def is_needed(o: Occasion) -> Message:
    text = f"Second opinion: the meeting about {o.challenge.reference} is needed. It goes on."
    waits = meeting_now(o.challenge) and not o.challenge.is_closed
    acts = [arrange_button(o.challenge)] if waits else []
    return asks(o, text, acts, since(o, "The next stage has begun since."), written(o))


def is_not_held(o: Occasion) -> Message:
    text = (
        f"Second opinion: {o.actor} agrees that there should be no meeting about "
        f"{o.challenge.reference}. The next stage is offered."
    )
    return Message(text, [says(text), *written(o), emergency(o.challenge)])


def minutes_recorded(o: Occasion) -> Message:
    c = o.challenge
    settle = [] if c.is_closed or c.settlement else [resolution.propose_button(c)]
    text = f"{o.actor} recorded the minutes of the meeting about {c.reference}."
    if o.to:
        return privately(o, f"{text} They are in its record: /challenge record {c.reference}")
    if settle:
        text += " Either side may now propose how it is settled."
    over = since(o, "How it is settled was proposed since.")
    return asks(o, text, settle, over, written(o))


def _no_times_open(o: Occasion, held: Meeting | None) -> str:
    if held is None or held.fixed is None:
        return since(o, "These times are no longer offered.")
    return f"The meeting is on {spoken(held.fixed, o.challenge.procedure.calendar)}."


def _opinion_asked(challenge: Challenge) -> list[ButtonElement]:
    waits = second_opinions(challenge) and not challenge.is_closed
    return second_opinion_buttons(challenge) if waits else []


def _opinion_over(o: Occasion) -> str:
    return since(o, "A second opinion was given, or is no longer needed.")


def _acts(challenge: Challenge, meeting: Meeting) -> list[ButtonElement]:
    """What can be done next; each rule checks again who may."""
    minutes = minutes_button(challenge)
    if meeting.doubt:
        return [*second_opinion_buttons(challenge), minutes]
    people = [button("Who should attend", NAME_PEOPLE, challenge.id)]
    first = not (meeting.times or meeting.fixed)
    times = [button("Offer times", OFFER, challenge.id) if first else offer_button(challenge)]
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
    moving = " That is a day off now." if is_on_day_off(challenge) else ""
    moving += " Other times are offered." if meeting.times else ""
    if meeting.fixed:
        return f"{spoken(meeting.fixed, calendar)}.{moving}"
    if meeting.times:
        return "times are offered; please say which you can make."
    if meeting.called_off:
        return f"the one on {spoken(meeting.called_off, calendar)} is cancelled."
    return "not arranged yet. Agree who attends, and offer times."


def _proposed_people(challenge: Challenge, meeting: Meeting, directory: Directory) -> list[Block]:
    proposed = meeting.proposed
    if proposed is None:
        return []
    names = _names(directory, proposed.people)
    by = called(directory, proposed.by)
    return [
        says(f"*Proposed by {by}*\n{names}"),
        *buttons([agree_people_button(challenge)]),
    ]


def _times(challenge: Challenge, meeting: Meeting, directory: Directory) -> list[Block]:
    where = meeting.place_offered if meeting.times else meeting.place
    place = quoted("Where, or the link", where) if where else []
    lines = "\n".join(
        f"{spoken(at, challenge.procedure.calendar)}: "
        f"{_names(directory, who_can_make(meeting, at)) or 'nobody yet'}"
        for at in meeting.times
    )
    return [*([says(f"*Times offered, and who can make them*\n{lines}")] if lines else []), *place]


def _doubted(challenge: Challenge, meeting: Meeting, directory: Directory) -> list[Block]:
    if meeting.doubt is None:
        return []
    by = called(directory, meeting.doubt.by)
    asked = _names(directory, meeting.doubt.asked)
    return [
        *quoted(f"Why {by} thinks that a meeting is not appropriate", meeting.doubt.because),
        small(f"A second opinion is asked of: {asked or 'the partnership'}."),
    ]


def _minuted(meeting: Meeting) -> list[Block]:
    minutes = meeting.minutes
    return quoted("Next steps, from the minutes", minutes.next_steps) if minutes else []


def _names(directory: Directory, people: tuple[PersonId, ...]) -> str:
    return ", ".join(called(directory, who) for who in people)


def _options(challenge: Challenge) -> list[tuple[str, str]]:
    """Each offered time by its second, which is what a form hands back."""
    meeting = meeting_now(challenge)
    times = meeting.times if meeting else ()
    calendar = challenge.procedure.calendar
    none = [("0", "No time is offered any more")]
    return [(str(int(at.timestamp())), spoken(at, calendar)) for at in times] or none
