"""The review: the raising side's manager says whether the challenge is justified, and why.

"Not justified" ends nothing. It goes to the raiser with its reason, and somebody else on their
side is asked for a second opinion, in a time of its own. The clock of the stage runs on.
"""

from collections.abc import Iterator
from dataclasses import replace

from challenge.directory import SAFEGUARDING_LEAD, Directory
from challenge.escalation import brought_in, late, time_to_accept, with_leave
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Notice,
    PersonId,
    Review,
    SecondLook,
    Side,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.refusals import AskedAlready, NoReviewHere, SayWhy
from challenge.rights import Act, refuse_unless_may

DESIGNATED_PROFESSIONAL = "designated professional"
Asked = tuple[Challenge, tuple[Notice, ...]]


def record_review(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    justified: bool,
    because: str,
) -> Change:
    """The manager's view, with a reason; "not justified" asks for a second opinion at once."""
    refuse_unless_may(Act.REVIEW, challenge, directory, by)
    if not is_here(challenge):
        raise NoReviewHere
    if not because.strip():
        raise SayWhy
    given = Review(challenge.stage, by, justified, because)
    after = replace(challenge, reviews=(*challenge.reviews, given))
    notices: tuple[Notice, ...] = ()
    sentence = f"<@{by}> reviewed the challenge: {verdict(given)}."
    if not justified and may_ask_again(after):
        after, notices = _ask(after, moment, directory)
        sentence += f" {_asked(after)}"
    return _told(after, Entry(Happened.REVIEWED, by, sentence, _words(given)), notices)


def ask_review_again(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """The raiser goes past their own manager: a second opinion, asked for without a reason."""
    refuse_unless_may(Act.ASK_REVIEW_AGAIN, challenge, directory, by)
    if not is_here(challenge):
        raise NoReviewHere
    if not may_ask_again(challenge):
        raise AskedAlready
    after, notices = _ask(challenge, moment, directory)
    entry = Entry(
        Happened.REVIEW_AGAIN_ASKED, by, f"<@{by}> asked for a second opinion. {_asked(after)}"
    )
    return Change(after, (entry,), (*notices, Notice(Told.CARD)))


def review_again(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    justified: bool,
    because: str,
) -> Change:
    """The second opinion, with a reason. Whatever it is, the raiser may still go on."""
    refuse_unless_may(Act.REVIEW_AGAIN, challenge, directory, by)
    if not because.strip():
        raise SayWhy
    given = Review(challenge.stage, by, justified, because, second=True)
    after = replace(challenge, reviews=(*challenge.reviews, given), second_look=None)
    sentence = f"<@{by}> gave a second opinion on the review: {verdict(given)}."
    if not justified:
        sentence += " The challenge goes on; either side may ask for the next stage."
    return _told(after, Entry(Happened.REVIEWED_AGAIN, by, sentence, _words(given)), ())


def no_second_opinion(
    challenge: Challenge, moment: Moment, directory: Directory, look: SecondLook
) -> Change:
    """No second opinion came in time: the next person is asked, on and on."""
    after, notices, said = pass_on(challenge, moment, directory)
    who = f"<@{look.person}> gave no" if look.person else "Nobody could be asked for a"
    entry = Entry(
        Happened.REVIEW_AGAIN_PASSED_ON,
        None,
        f"{who} second opinion in the time allowed{late(look.due, moment)}. {said}",
    )
    return Change(after, (entry,), (*notices, Notice(Told.CARD)))


def pass_on(
    challenge: Challenge, moment: Moment, directory: Directory
) -> tuple[Challenge, tuple[Notice, ...], str]:
    """The next person is asked for a second opinion; and who that is, in a sentence."""
    after, notices = _ask(challenge, moment, directory)
    return after, notices, _asked(after)


def is_here(challenge: Challenge) -> bool:
    """Whether this stage asks for a review, and a manager of the raiser's answers at it."""
    return challenge.current.review and challenge.lead(Side.RAISING) != challenge.raised_by


def of_this_stage(challenge: Challenge) -> tuple[Review, ...]:
    return tuple(one for one in challenge.reviews if one.stage == challenge.stage)


def may_ask_again(challenge: Challenge) -> bool:
    """One second opinion a stage: not asked for yet, and not given."""
    given = any(one.second for one in of_this_stage(challenge))
    return challenge.second_look is None and not given


def verdict(given: Review) -> str:
    return "justified" if given.justified else "not justified"


def _ask(challenge: Challenge, moment: Moment, directory: Directory) -> Asked:
    """The next person who may look at it a second time; they join, and are told privately."""
    tried = challenge.second_look.tried if challenge.second_look else ()
    who = _next(challenge, moment, directory, tried)
    number = challenge.prompted + 1
    due = moment.deadline(time_to_accept(challenge, challenge.current))
    known = tuple(one for one in tried if one != who)
    look = SecondLook(number, who, due, (*known, who) if who else known)
    asked = replace(challenge, second_look=look, prompted=number)
    if who is None:
        return asked, privately(Told.NOBODY_FOUND, directory.partnership)
    joined = replace(brought_in(asked, who, Side.RAISING), tried=asked.tried)
    notices = (Notice(Told.INVITE, about=who), *privately(Told.REVIEW_AGAIN, (who,)))
    return with_leave(joined, moment, directory, who), notices


def _next(
    challenge: Challenge, moment: Moment, directory: Directory, tried: tuple[PersonId, ...]
) -> PersonId | None:
    barred = _barred(challenge)
    there = [
        who
        for who in _eligible(challenge, directory)
        if who not in barred and directory.can_be_asked(who, moment.today)
    ]
    fresh = (who for who in there if who not in tried)
    # Once everybody was asked, whoever was asked longest ago is asked again.
    return next(fresh, None) or next((who for who in tried if who in there), None)


def _eligible(challenge: Challenge, directory: Directory) -> Iterator[PersonId]:
    for role in (SAFEGUARDING_LEAD, DESIGNATED_PROFESSIONAL):
        yield from directory.in_role(challenge.raising_agency, role)
    yield from directory.partnership


def _barred(challenge: Challenge) -> set[PersonId]:
    """Nobody looks a second time at their own view, at their own dispute, or for a friend."""
    reviewers = {one.by for one in of_this_stage(challenge)}
    asked = {prompt.person for prompt in challenge.prompts if prompt.person}
    aside = {one.person for one in challenge.aside if one.side is Side.RAISING}
    taken = {one.person for one in challenge.answering}
    dispute = {challenge.raised_by, challenge.challenged}
    beside = {supporter.person for supporter in challenge.supporters}
    return dispute | beside | taken | asked | reviewers | aside


def _asked(challenge: Challenge) -> str:
    look = challenge.second_look
    if look is None or look.person is None:
        return "Nobody could be asked for a second opinion yet; the partnership was told."
    return f"<@{look.person}> was asked for a second opinion."


def _words(given: Review) -> dict[str, str]:
    return {"Is the challenge justified?": verdict(given).capitalize(), "Why": given.because}


def _told(challenge: Challenge, entry: Entry, more: tuple[Notice, ...]) -> Change:
    raiser = privately(Told.REVIEWED_PRIVATELY, (challenge.raised_by,))
    notices = (Notice(Told.REVIEWED, about=entry.by), *more, Notice(Told.CARD), *raiser)
    return Change(challenge, (entry,), notices)
