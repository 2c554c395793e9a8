"""The inter-agency meeting: who attends, when, what came of it, or why it is not held."""

from dataclasses import replace
from datetime import datetime

from challenge.aside import refuse_put_out
from challenge.directory import SAFEGUARDING_LEAD, Directory
from challenge.escalation import (
    brought_in,
    following,
    hurried,
    in_danger,
    notified,
    offer,
    offered_to,
    route,
    safety_words,
)
from challenge.invitation import calendar_notice, called_off, what_was_called_off
from challenge.model import (
    AttendeesProposed,
    CanMake,
    Challenge,
    Change,
    Entry,
    Happened,
    Meeting,
    Minutes,
    NotAppropriate,
    Notice,
    PersonId,
    Safety,
    Side,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.refusals import (
    ChooseTimes,
    MeetingIsNeeded,
    MissingWords,
    NameSomebody,
    NoMeetingHere,
    NothingProposed,
    NotOnBothSides,
    SayWhy,
    TimeNotOffered,
    TimeOutOfReach,
    YourOwnProposal,
)
from challenge.rights import Act, attendees, meeting_held, meeting_now, refuse_unless_may
from challenge.shown import refuse_unless_seen

MOST_ATTENDEES = 12


def propose_attendees(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    people: tuple[PersonId, ...],
) -> Change:
    """One side names who else should attend, or answers the other's list with one of its own."""
    meeting, side = _arranging(Act.PROPOSE_ATTENDEES, challenge, directory, by)
    known = attendees(challenge)
    fresh = tuple(who for who in dict.fromkeys(people) if who not in known)[:MOST_ATTENDEES]
    if not fresh:
        raise NameSomebody
    refuse_put_out(challenge, "people", *fresh)
    names = ", ".join(f"<@{who}>" for who in fresh)
    entry = Entry(
        Happened.ATTENDEES_PROPOSED, by, f"<@{by}> would like {names} to attend the meeting."
    )
    asked = replace(meeting, proposed=AttendeesProposed(by, side, fresh))
    return _arranged(challenge, asked, entry, Notice(Told.ATTENDEES_PROPOSED, about=by))


def agree_attendees(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, seen: str = ""
) -> Change:
    """The other side's yes: those named are brought into the channel, and told.

    `seen` is the mark of whom they were shown.
    """
    meeting, side = _arranging(Act.AGREE_ATTENDEES, challenge, directory, by)
    if meeting.proposed is None:
        raise NothingProposed(now="nobody is proposed for the meeting just now")
    refuse_unless_seen(seen, meeting.proposed)
    if meeting.proposed.side is side:
        raise YourOwnProposal
    fresh = meeting.proposed.people
    refuse_put_out(challenge, "people", *fresh)
    names = ", ".join(f"<@{who}>" for who in fresh)
    entry = Entry(Happened.ATTENDEES_AGREED, by, f"<@{by}> agreed that {names} attend the meeting.")
    agreed = replace(meeting, people=(*meeting.people, *fresh), proposed=None)
    joins = tuple(Notice(Told.INVITE, about=who) for who in fresh)
    told = privately(Told.ASKED_TO_MEETING, fresh, about=by)
    joined = _joined(challenge, directory, fresh)
    said = Notice(Told.ATTENDEES_AGREED, about=by)
    return _arranged(joined, agreed, entry, *joins, said, *told)


def offer_times(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    times: tuple[datetime, ...],
    place: str,
) -> Change:
    """Two or three times within the stage's own; a time fixed before stands until the next is."""
    meeting, _ = _arranging(Act.OFFER_TIMES, challenge, directory, by)
    offered = tuple(sorted(set(times)))
    if not 2 <= len(offered) <= 3:
        raise ChooseTimes
    if offered[0] <= moment.now or offered[-1] > challenge.due:
        raise TimeOutOfReach(latest=spoken(challenge.due, moment))
    if not place.strip():
        raise MissingWords("place")
    names = "; ".join(spoken(at, moment) for at in offered)
    entry = Entry(
        Happened.TIMES_OFFERED,
        by,
        f"<@{by}> offered times for the meeting: {names}.",
        {"Where, or the link": place},
    )
    open_now = replace(meeting, organiser=by, place_offered=place, times=offered, answers=())
    return _arranged(challenge, open_now, entry, Notice(Told.TIMES_OFFERED, about=by))


def answer_times(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    times: tuple[datetime, ...],
) -> Change:
    """Which of the times somebody can make. Once all have answered, a time for all is fixed."""
    refuse_unless_may(Act.ANSWER_TIMES, challenge, directory, by)
    meeting = _offered(challenge)
    if not set(times) <= set(meeting.times):
        raise TimeNotOffered
    rest = tuple(answer for answer in meeting.answers if answer.person != by)
    heard = replace(meeting, answers=(*rest, CanMake(by, tuple(sorted(set(times))))))
    can = "; ".join(spoken(at, moment) for at in sorted(set(times))) or "none of the times"
    entry = Entry(Happened.TIMES_ANSWERED, by, f"<@{by}> can make: {can}.")
    answered = replace(challenge, meeting=heard)
    suits_all = time_for_all(answered, moment)
    if suits_all is None:
        return _arranged(challenge, heard, entry)
    return _fixed(answered, moment, suits_all, None, entry)


def fix_time(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, at: datetime
) -> Change:
    """Somebody of either side settles on one of the times; people of both sides can make it."""
    _arranging(Act.FIX_TIME, challenge, directory, by)
    meeting = _offered(challenge)
    if at not in meeting.times or at <= moment.now:
        raise TimeNotOffered
    there = {_side(challenge, who) for who in who_can_make(meeting, at)}
    if not {Side.RAISING, Side.RECEIVING} <= there:
        raise NotOnBothSides
    return _fixed(challenge, moment, at, by)


def remind(challenge: Challenge, moment: Moment) -> Change:
    """Shortly before: the channel is shown the pledge, each attendee a reference and a link."""
    meeting = _meeting_or_refuse(challenge)
    reminded = replace(challenge, meeting=replace(meeting, reminded=True))
    if meeting.fixed and meeting.fixed <= moment.now:
        missed = "The reminder of the meeting was not sent: the meeting had begun."
        return Change(reminded, (Entry(Happened.REMINDER_MISSED, None, missed),))
    entry = Entry(
        Happened.MEETING_REMINDED, None, "Everyone who attends was reminded of the meeting."
    )
    told = privately(Told.MEETING_SOON, attendees(challenge))
    return Change(reminded, (entry,), (Notice(Told.MEETING_SOON), *told))


def record_minutes(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    discussion: str,
    agreed: str,
    outstanding: str,
    next_steps: str,
) -> Change:
    """What came of the meeting, by whoever was there, even when it has settled the challenge or
    brought it to the next stage. Recorded again, both versions stay in the chronology."""
    refuse_unless_may(Act.RECORD_MINUTES, challenge, directory, by)
    meeting = meeting_held(challenge)
    if meeting is None:
        raise NoMeetingHere
    for name, text in (("discussion", discussion), ("next_steps", next_steps)):
        if not text.strip():
            raise MissingWords(name)
    minutes = Minutes(by, discussion, agreed, outstanding, next_steps)
    entry = Entry(
        Happened.MINUTES, by, f"<@{by}> recorded the minutes of the meeting.", words_of(minutes)
    )
    minuted = replace(challenge, meeting=replace(meeting, minutes=minutes))
    unit = _notified(minuted, directory, meeting, by)
    return Change(minuted, (entry,), (*_told_of_minutes(minuted, by), *unit))


def doubt(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, because: str
) -> Change:
    """ "A meeting is not appropriate": a reason, and others are asked for a second opinion."""
    meeting, side = _arranging(Act.DOUBT_MEETING, challenge, directory, by)
    if meeting.needed:
        raise MeetingIsNeeded
    if meeting.doubt:
        raise YourOwnProposal if meeting.doubt.by == by else MeetingIsNeeded
    if not because.strip():
        raise SayWhy
    lead = _safeguarding_lead(challenge, moment, directory, side)
    asked = _second_opinions(challenge, directory, by, lead)
    doubted = replace(meeting, doubt=NotAppropriate(by, because, asked))
    names = ", ".join(f"<@{who}>" for who in asked) or "nobody, for nobody else could be found"
    entry = Entry(
        Happened.MEETING_DOUBTED,
        by,
        f"<@{by}> thinks that a meeting is not appropriate. A second opinion was asked of {names}.",
        {"Why": because},
    )
    heard = brought_in(challenge, lead, _other(side)) if lead else challenge
    notices = (
        *((Notice(Told.INVITE, about=lead),) if lead else ()),
        Notice(Told.MEETING_DOUBTED, about=by),
        *privately(Told.SECOND_OPINION_ASKED, asked, about=by),
    )
    ours = (who for who in asked if who in directory.partnership)
    told = tuple(dict.fromkeys((*challenge.told, *ours)))
    return _arranged(replace(heard, told=told, tried=challenge.tried), doubted, entry, *notices)


def call_meeting_needed(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, because: str
) -> Change:
    """The second opinion: a meeting is needed. It goes on, and is not doubted again."""
    meeting, entry = _second_opinion(
        challenge, directory, by, because, Happened.MEETING_NEEDED, "thinks that it is needed"
    )
    goes_on = replace(meeting, doubt=None, needed=True)
    return _arranged(challenge, goes_on, entry, Notice(Told.MEETING_NEEDED, about=by))


def agree_no_meeting(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    because: str,
    safety: Safety | None = None,
) -> Change:
    """The second opinion agrees that a meeting is not appropriate: the next stage is offered."""
    meeting, entry = _second_opinion(
        challenge, directory, by, because, Happened.MEETING_NOT_HELD, "agrees"
    )
    settled = replace(challenge, meeting=replace(meeting, doubt=None, times=()))
    over, cancelled = called_off(settled, moment)
    if in_danger(safety):
        offered, notices = hurried(over, moment, directory, by=by)
    else:
        offered, notices = offer(over, moment, directory, following(challenge, moment.now))
    off = what_was_called_off(challenge, over) + route(safety)
    entry = replace(
        entry,
        summary=f"{entry.summary}{off} {offered_to(offered)}",
        words={**entry.words, **safety_words(safety)},
    )
    said = Notice(Told.MEETING_NOT_HELD, about=by)
    return Change(offered, (entry,), (said, *cancelled, *notices))


def words_of(minutes: Minutes) -> dict[str, str]:
    """The minutes under their headings; what was left empty is left out."""
    words = {
        "Discussion": minutes.discussion,
        "Agreed outcomes and actions": minutes.agreed,
        "Outstanding issues": minutes.outstanding,
        "Next steps": minutes.next_steps,
    }
    return {label: text for label, text in words.items() if text.strip()}


def who_can_make(meeting: Meeting, at: datetime) -> tuple[PersonId, ...]:
    return tuple(answer.person for answer in meeting.answers if at in answer.times)


def time_for_all(challenge: Challenge, moment: Moment) -> datetime | None:
    """The first time still to come that suits everyone; None until all have answered."""
    meeting = challenge.meeting
    if meeting is None:
        return None
    everyone = set(attendees(challenge))
    suits = (at for at in meeting.times if everyone <= set(who_can_make(meeting, at)))
    return next((at for at in suits if at > moment.now), None)


def is_on_day_off(challenge: Challenge) -> bool:
    """Whether it is fixed on a day that has become a day off since. It stays until it is moved."""
    meeting = None if challenge.is_closed else meeting_now(challenge)
    if meeting is None or meeting.fixed is None:
        return False
    return challenge.procedure.calendar.local(meeting.fixed).date() in challenge.days_off


def spoken(at: datetime, moment: Moment) -> str:
    return f"{moment.calendar.local(at):%A %-d %B %Y, %H:%M}"


def _arranging(
    act: Act, challenge: Challenge, directory: Directory, by: PersonId
) -> tuple[Meeting, Side]:
    refuse_unless_may(act, challenge, directory, by)
    return _meeting_or_refuse(challenge), challenge.side_of(by) or Side.PARTNERSHIP


def _meeting_or_refuse(challenge: Challenge) -> Meeting:
    meeting = meeting_now(challenge)
    if meeting is None:
        raise NoMeetingHere
    return meeting


def _offered(challenge: Challenge) -> Meeting:
    meeting = _meeting_or_refuse(challenge)
    if not meeting.times:
        raise NothingProposed(now="no times are offered for the meeting just now")
    return meeting


def _arranged(challenge: Challenge, meeting: Meeting, entry: Entry, *notices: Notice) -> Change:
    told = (*notices, Notice(Told.CARD))
    return Change(replace(challenge, meeting=meeting), (entry,), told)


def _fixed(
    challenge: Challenge,
    moment: Moment,
    at: datetime,
    by: PersonId | None,
    *before: Entry,
) -> Change:
    meeting = _meeting_or_refuse(challenge)
    how = f"<@{by}> fixed it" if by else "Everyone can make it"
    entry = Entry(Happened.MEETING_FIXED, by, f"The meeting is on {spoken(at, moment)}. {how}.")
    fixed = replace(
        meeting,
        fixed=at,
        called_off=None,
        place=meeting.place_offered or meeting.place,
        fixings=meeting.fixings + 1,
        reminded=False,
        times=(),
        answers=(),
    )
    notices = (Notice(Told.MEETING_FIXED, about=by), calendar_notice(fixed), Notice(Told.CARD))
    return Change(replace(challenge, meeting=fixed), (*before, entry), notices)


def _told_of_minutes(challenge: Challenge, by: PersonId) -> tuple[Notice, ...]:
    """In the channel; each of those who were there privately, once it was put away."""
    if challenge.space and challenge.space.archived:
        others = (who for who in attendees(challenge) if who != by)
        return privately(Told.MINUTES, others, about=by)
    return (Notice(Told.MINUTES, about=by), Notice(Told.CARD))


def _notified(
    challenge: Challenge, directory: Directory, meeting: Meeting, by: PersonId
) -> tuple[Notice, ...]:
    """The notify points of the meeting's stage hear of its minutes: a reference, not the story."""
    roles = challenge.procedure.stage(meeting.stage).notify
    people = (who for role in roles for who in notified(challenge, directory, role))
    there = {by, *attendees(challenge)}
    return privately(Told.MINUTES, (who for who in people if who not in there), about=by)


def _joined(challenge: Challenge, directory: Directory, people: tuple[PersonId, ...]) -> Challenge:
    """Each on the side of their own agency, so that the record shows whose people were there."""
    joined = challenge
    for who in people:
        agency = directory.agency_of(who)
        sides = (side for side in Side if agency and challenge.agency(side) == agency)
        joined = brought_in(joined, who, next(sides, Side.PARTNERSHIP))
    return replace(joined, tried=challenge.tried)


def _side(challenge: Challenge, who: PersonId) -> Side | None:
    of_involved = (i.side for i in challenge.involved if i.person == who)
    return challenge.side_of(who) or next(of_involved, None)


def _other(side: Side) -> Side:
    return Side.RECEIVING if side is Side.RAISING else Side.RAISING


def _safeguarding_lead(
    challenge: Challenge, moment: Moment, directory: Directory, side: Side
) -> PersonId | None:
    """The other side's, unless they lead this stage already or cannot be asked today."""
    named = directory.in_role(challenge.agency(_other(side)), SAFEGUARDING_LEAD)
    barred = {*challenge.leads, *_partial(challenge)}
    fresh = (who for who in named if who not in barred)
    return next((who for who in fresh if directory.can_be_asked(who, moment.today)), None)


def _second_opinions(
    challenge: Challenge, directory: Directory, by: PersonId, lead: PersonId | None
) -> tuple[PersonId, ...]:
    """The other leads, the other side's safeguarding lead and the business unit; or whoever else
    of the partnership there is."""
    parties = {by, *_partial(challenge)}
    asked = (*challenge.leads, *((lead,) if lead else ()), *directory.business_unit)
    others = tuple(who for who in dict.fromkeys(asked) if who not in parties)
    return others or tuple(who for who in directory.partnership if who not in parties)


def _partial(challenge: Challenge) -> frozenset[PersonId]:
    """Whose second opinion would be none: the two themselves, supporters, and whoever was found
    to have a conflict of interest, or was put out."""
    beside = (supporter.person for supporter in challenge.supporters)
    conflicted = (one.person for one in challenge.aside if one.side is Side.PARTNERSHIP)
    dispute = (challenge.raised_by, challenge.challenged)
    return frozenset({*dispute, *beside, *conflicted, *challenge.out})


def _second_opinion(
    challenge: Challenge,
    directory: Directory,
    by: PersonId,
    because: str,
    kind: Happened,
    says: str,
) -> tuple[Meeting, Entry]:
    refuse_unless_may(Act.SECOND_OPINION, challenge, directory, by)
    meeting = _meeting_or_refuse(challenge)
    if not because.strip():
        raise SayWhy
    return meeting, Entry(
        kind, by, f"Second opinion on the meeting: <@{by}> {says}.", {"Why": because}
    )
