"""The standing line: what keeps the child or adult safe while people disagree, who, until when."""

from dataclasses import replace
from datetime import date

from challenge.directory import Directory
from challenge.model import (
    Challenge,
    Change,
    Clock,
    Entry,
    Happened,
    Meanwhile,
    Notice,
    PersonId,
    Side,
    Told,
)
from challenge.moment import Moment
from challenge.refusals import SayWhatKeepsThemSafe
from challenge.rights import Act, refuse_unless_may

MEANWHILE = "meanwhile"


def set_meanwhile(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    what: str,
    who: str,
    until: date | None,
) -> Change:
    """Either side says what keeps the person safe now; it takes the place of what stood before."""
    refuse_unless_may(Act.SET_MEANWHILE, challenge, directory, by)
    day = _refuse_unless_whole(moment, what, who, until)
    side = challenge.side_of(by) or Side.PARTNERSHIP
    line = Meanwhile(side, by, moment.now, what, who, day)
    entry = Entry(
        Happened.MEANWHILE_SET,
        by,
        f"<@{by}> said what keeps the person safe meanwhile, until {day:%A %-d %B %Y}.",
        meanwhile_words(line),
    )
    grown = replace(challenge, meanwhiles=(*challenge.meanwhiles, line))
    return Change(grown, (entry,), (Notice(Told.MEANWHILE_SET, about=by), Notice(Told.CARD)))


def standing(challenge: Challenge) -> Meanwhile | None:
    """The line as it stands; what was written at the raising counts, though nobody is named."""
    if challenge.meanwhiles:
        return challenge.meanwhiles[-1]
    written = challenge.concern.meanwhile
    if not written.strip():
        return None
    return Meanwhile(Side.RAISING, challenge.raised_by, challenge.raised_at, written)


def is_wanting(challenge: Challenge) -> bool:
    """Whether nobody can tell what keeps the person safe, who does it and by when: amber."""
    line = standing(challenge)
    return not challenge.is_closed and (line is None or line.passed or not line.is_whole)


def meanwhile_words(line: Meanwhile) -> dict[str, str]:
    """What was written, by question; only what was answered."""
    words = {
        "What keeps the person safe meanwhile": line.what,
        "Who does it": line.who,
        "Until": f"{line.until:%A %-d %B %Y}" if line.until else "",
    }
    return {question: answer for question, answer in words.items() if answer}


def meanwhile_clock(challenge: Challenge) -> tuple[Clock, ...]:
    """The end of the standing line's day, unless that was acted on or another line is asked for."""
    line = standing(challenge)
    if line is None or line.until is None or line.passed:
        return ()
    key = f"{challenge.turn}:{MEANWHILE}:{len(challenge.meanwhiles)}"
    return (Clock(key, challenge.procedure.calendar.closing(line.until)),)


def run_out(challenge: Challenge) -> Change:
    """Its day is over and nobody renewed it: the card turns amber, and both sides are asked."""
    *earlier, last = challenge.meanwhiles
    entry = Entry(
        Happened.MEANWHILE_PASSED,
        None,
        "The day until which something keeps the person safe is over. Both sides are asked what "
        "does so now.",
    )
    amber = replace(challenge, meanwhiles=(*earlier, replace(last, passed=True)))
    return Change(amber, (entry,), (Notice(Told.MEANWHILE_PASSED), Notice(Told.CARD)))


def refuse_day_gone(moment: Moment, until: date | None) -> None:
    """Raises SayWhatKeepsThemSafe for a day that is over, or nearly."""
    if until and moment.calendar.closing(until) <= moment.now:
        raise SayWhatKeepsThemSafe("until")


def _refuse_unless_whole(moment: Moment, what: str, who: str, until: date | None) -> date:
    for name, given in (("what", what), ("who", who)):
        if not given.strip():
            raise SayWhatKeepsThemSafe(name)
    if until is None:
        raise SayWhatKeepsThemSafe("until")
    refuse_day_gone(moment, until)
    return until
