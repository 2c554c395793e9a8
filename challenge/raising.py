"""Raising a challenge: safety first, then what is challenged, why, and what is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from challenge import meanwhile, position, voice
from challenge.directory import Directory
from challenge.escalation import clock_restarted, offer, offered_to, urgent_stage
from challenge.model import (
    UNKNOWN_AGENCY,
    AgencyKey,
    Challenge,
    Change,
    Concern,
    Entry,
    Happened,
    Heard,
    Involved,
    Meanwhile,
    Notice,
    PersonFirst,
    PersonId,
    Safety,
    Side,
    Status,
    Told,
    Voice,
    privately,
)
from challenge.moment import Moment
from challenge.procedure import Procedure
from challenge.refusals import (
    ChallengesThemself,
    MissingWords,
    NobodyWorksThen,
    NotActive,
    NotInDirectory,
    SingleAgencyElsewhere,
    TooLate,
    TooSoon,
)

REQUIRED = ("reference", "decision", "why", "ask")


def raise_challenge(
    reference: str,
    moment: Moment,
    directory: Directory,
    *,
    procedure: Procedure,
    by: PersonId,
    concern: Concern,
    challenged: PersonId,
    safety: Safety,
    answer_by: date | None = None,
    person: PersonFirst = PersonFirst(),  # noqa: B008 - frozen
) -> Change:
    """The practitioner's challenge, on record and on the clock; urgent when someone is in danger.

    `answer_by` may be sooner than the procedure's limit, never later; None takes the limit. What
    `person` leaves empty is asked for afterwards and never holds up the raising.
    """
    refuse_unless_known(directory, procedure, by, danger=safety.danger)
    refuse_unless_right_person(directory, procedure, by=by, challenged=challenged)
    refuse_unless_written({name: getattr(concern, name) for name in REQUIRED})
    meanwhile.refuse_day_gone(moment, person.until)
    due = latest_answer(procedure, moment)
    if answer_by and procedure.stage(1).confirmed and not safety.danger:
        due = end_of(answer_by, moment, latest=due)
    begun = Challenge(
        id=0,
        reference=reference,
        procedure=procedure,
        concern=concern,
        safety=safety,
        raised_by=by,
        raising_agency=directory.agency_of(by),
        challenged=challenged,
        receiving_agency=directory.agency_of(challenged),
        raised_at=moment.now,
        status=Status.OPEN,
        stage=1,
        stage_began=moment.now,
        clock_set=moment.now,
        due=due,
        holders=(Involved(by, Side.RAISING), Involved(challenged, Side.RECEIVING)),
        meanwhiles=_meanwhile(by, moment, concern, person),
        voices=_voice(by, moment, person),
    )
    if safety.danger:
        raised = _urgent(begun, moment, directory)
    elif procedure.stage(1).confirmed:
        raised = _ordinary(begun)
    else:
        raised = _passed_over(begun, moment, directory)
    return _managers_sought(raised, directory)


def latest_answer(procedure: Procedure, moment: Moment) -> datetime:
    """The end of the first stage, for a challenge that is raised now."""
    due = moment.deadline(procedure.stage(1).answer_within)
    ends = procedure.total_ends(moment.now)
    return min(due, ends) if ends else due


def refuse_unless_known(
    directory: Directory, procedure: Procedure, by: PersonId, *, danger: bool = False
) -> None:
    """Raises NotInDirectory or NotActive: the bot must know whose manager to ask.

    When somebody is in danger nobody is turned away for that: the business unit finds them.
    """
    if directory.person(by) is None and danger:
        return
    if directory.person(by) is None:
        coordinators = " or ".join(f"<@{c}>" for c in directory.coordinators) or "a coordinator"
        raise NotInDirectory(coordinators=coordinators, emergency=procedure.emergency.text)
    if not directory.is_active(by):
        raise NotActive


def refuse_unless_right_person(
    directory: Directory, procedure: Procedure, *, by: PersonId, challenged: PersonId
) -> None:
    """Raises ChallengesThemself, or SingleAgencyElsewhere where the procedure leaves those out."""
    if challenged == by:
        raise ChallengesThemself
    agency = directory.agency_of(by)
    together = agency != UNKNOWN_AGENCY and agency == directory.agency_of(challenged)
    if together and not procedure.single_agency:
        raise SingleAgencyElsewhere


def raised_before(
    mine: Iterable[Challenge], *, by: PersonId, about: str, agency: AgencyKey, with_: PersonId
) -> Challenge | None:
    """A challenge of the same person to the same agency about the same agency reference: an open
    one, or else the one that closed last.

    Asking again and again is how worries get lost: what helps is that challenge's next stage, or
    to open it again with its record.
    """

    def is_the_same(challenge: Challenge) -> bool:
        theirs = challenge.receiving_agency == agency if agency else challenge.challenged == with_
        return theirs and _plainly(challenge.concern.reference) == _plainly(about)

    same = [c for c in mine if c.raised_by == by and is_the_same(c)]
    still_open = next((challenge for challenge in same if not challenge.is_closed), None)
    return still_open or max(same, key=lambda c: c.closed_at or c.raised_at, default=None)


def _plainly(reference: str) -> str:
    """However it was typed: LIQ-20394 is liq 20394."""
    return "".join(letter for letter in reference.casefold() if letter.isalnum())


def refuse_unless_written(answers: Mapping[str, str]) -> None:
    """Raises MissingWords for the first of these answers that holds nothing but blanks."""
    for name in REQUIRED:
        if name in answers and not answers[name].strip():
            raise MissingWords(name)


def close_of(day: date, moment: Moment, latest: datetime) -> datetime:
    """When working hours end on that day; on the day of `latest`, that."""
    calendar = moment.calendar
    return latest if day == calendar.local(latest).date() else calendar.closing(day)


def end_of(day: date, moment: Moment, *, latest: datetime, any_day: bool = False) -> datetime:
    """The close of a working day, or of any; `latest` on its own day.

    Raises TooLate, TooSoon or NobodyWorksThen.
    """
    calendar, due = moment.calendar, close_of(day, moment, latest)
    words = f"{calendar.local(latest):%A %-d %B %Y, %H:%M}"
    if due > latest:
        raise TooLate(latest=words)
    if due <= moment.now:
        raise TooSoon(latest=words)
    if due < latest and not any_day and not calendar.is_working_day(day):
        raise NobodyWorksThen(day=f"{day:%A %-d %B %Y}")
    return due


def _ordinary(begun: Challenge) -> Change:
    return Change(begun, (_raised(begun, ""),), _first_notices(begun))


def _passed_over(begun: Challenge, moment: Moment, directory: Directory) -> Change:
    """The first stage is not confirmed yet: it begins with the first that is."""
    to = begun.procedure.following(0) or len(begun.procedure.stages) + 1
    offered, notices = offer(begun, moment, directory, to)
    entry = _raised(offered, f" {offered_to(offered)}")
    return Change(offered, (entry,), (*_first_notices(offered), *notices))


def _urgent(begun: Challenge, moment: Moment, directory: Directory) -> Change:
    """Stages are passed over and both sides' next people are asked at once."""
    urgent = clock_restarted(replace(begun, urgent=True), moment, begun.current)
    offered, notices = offer(urgent, moment, directory, urgent_stage(begun))
    route = " Someone may be in immediate danger, so it starts on the urgent route. "
    entry = _raised(offered, route + offered_to(offered))
    return Change(offered, (entry,), (*_first_notices(offered), *notices))


def _managers_sought(raised: Change, directory: Directory) -> Change:
    """Somebody is not in the directory: it begins, and the unit is asked to find their managers."""
    begun, [entry, *more] = raised.challenge, raised.entries
    strangers = [w for w in (begun.raised_by, begun.challenged) if not directory.person(w)]
    unit = directory.business_unit or directory.partnership
    if not strangers or not unit:
        return raised
    names = " and ".join(f"<@{who}>" for who in strangers)
    words = f" Not in the directory: {names}; the business unit was asked to find their managers."
    asked = (n for who in strangers for n in privately(Told.FIND_MANAGERS, unit, about=who))
    return Change(
        replace(begun, told=tuple(dict.fromkeys((*begun.told, *unit)))),
        (replace(entry, summary=entry.summary + words), *more),
        (*raised.notices, *asked),
    )


def _first_notices(begun: Challenge) -> tuple[Notice, ...]:
    return (
        Notice(Told.OPEN_SPACE),
        Notice(Told.INVITE, about=begun.raised_by),
        Notice(Told.INVITE, about=begun.challenged),
        Notice(Told.CARD),
        *privately(Told.BROUGHT_IN, (begun.raised_by, begun.challenged)),
    )


def _meanwhile(
    by: PersonId, moment: Moment, concern: Concern, person: PersonFirst
) -> tuple[Meanwhile, ...]:
    """Who does it and by when, if the raiser could say so already."""
    if not (person.who or person.until):
        return ()
    what = concern.meanwhile
    return (Meanwhile(Side.RAISING, by, moment.now, what, person.who, person.until),)


def _voice(by: PersonId, moment: Moment, person: PersonFirst) -> tuple[Voice, ...]:
    unsaid = person.heard is Heard.SAID and not person.said.strip()
    if person.heard is None or unsaid:
        return ()
    return (Voice(Side.RAISING, by, moment.now, person.heard, person.said, person.asked_by),)


def _raised(begun: Challenge, route: str) -> Entry:
    concern, put = begun.concern, position.versions(begun, Side.RAISING)[0]
    line, told = meanwhile.standing(begun), voice.standing(begun)
    words = {
        "Is anyone in immediate danger?": "Yes, or not sure" if begun.safety.danger else "No",
        "What has been done to keep them safe": begun.safety.done,
        "Who it is about": concern.subject.value,
        "The agency's reference": concern.reference,
        "Area": concern.area.value,
        **position.position_words(put),
        **(meanwhile.meanwhile_words(line) if line else {}),
        **(voice.voice_words(told) if told else {}),
    }
    return Entry(
        Happened.RAISED,
        begun.raised_by,
        f"<@{begun.raised_by}> raised a professional challenge with <@{begun.challenged}>.{route}",
        {question: answer for question, answer in words.items() if answer},
    )
