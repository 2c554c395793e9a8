"""The top: one pack to read, an independent opinion, and both sides' acknowledgement of it.

Nobody is overruled here: the opinion says what should happen, each side says that it has read it
and will do its part, and then the challenge closes with that as its agreed actions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from challenge import meanwhile, position, voice
from challenge.directory import Directory
from challenge.follow_up import left_from_before
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Entry,
    Happened,
    Involved,
    Notice,
    Opinion,
    Outcome,
    PersonId,
    Recorded,
    Settlement,
    Side,
    Status,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.refusals import (
    ActionUnclear,
    AlreadyAcknowledged,
    MissingWords,
    NotAtTop,
    NothingProposed,
)
from challenge.resolution import action_words, closed, refuse_unless_clear
from challenge.rights import Act, refuse_unless_may, speaks_for

LINES = (Side.RAISING, Side.RECEIVING)

# What a stage decided, said in so many words and with a reason; the rest is the chronology.
DECISIONS = frozenset(
    {
        Happened.ESCALATED,
        Happened.EXTENSION_REFUSED,
        Happened.LAPSED,
        Happened.MOVED_ABOVE,
        Happened.ACCEPTED,
        Happened.DECLINED,
        Happened.REVIEWED,
        Happened.REVIEWED_AGAIN,
        Happened.CONFLICT_SETTLED,
        Happened.REACHED_WITH_ONE,
        Happened.RISK_DECLARED,
        Happened.MEETING_DOUBTED,
        Happened.MEETING_NEEDED,
        Happened.MEETING_NOT_HELD,
        Happened.MINUTES,
        Happened.SETTLEMENT_DECLINED,
        Happened.SETTLED,
        Happened.WITHDRAWN,
        Happened.REOPENED,
        Happened.OPINION_GIVEN,
    }
)


@dataclass(frozen=True)
class Passage:
    """One thing to read: a line of ours, and what people wrote, by question."""

    says: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Pack:
    """Everything that whoever holds the last stage reads before they form an opinion."""

    positions: tuple[Passage, ...]
    person: tuple[Passage, ...]
    decisions: tuple[Passage, ...]
    questions: tuple[Passage, ...]
    chronology: tuple[Passage, ...]


def refuse_unless_readable(challenge: Challenge, directory: Directory, by: PersonId) -> None:
    """The pack is for the two sides and the last stage, once the challenge is offered to it."""
    refuse_unless_may(Act.READ_PACK, challenge, directory, by)
    if not has_pack(challenge):
        raise NotAtTop


def has_pack(challenge: Challenge) -> bool:
    """Whether the last stage holds it, or was asked to."""
    offered = challenge.offered
    return challenge.at_top or (offered is not None and challenge.procedure.is_top(offered))


def pack(challenge: Challenge, chronology: Sequence[Recorded]) -> Pack:
    entries = [recorded.entry for recorded in chronology]
    decided = tuple(e for e in entries if e.kind in DECISIONS)
    return Pack(
        positions=tuple(_position(challenge, side) for side in _both(challenge)),
        person=tuple(_person(challenge)),
        decisions=tuple(Passage(e.summary, e.words) for e in decided),
        questions=tuple(_questions(challenge, entries)),
        chronology=tuple(Passage(_line(challenge, each), each.entry.words) for each in chronology),
    )


def give_opinion(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    opinion: str,
    reasons: str,
    actions: tuple[AgreedAction, ...],
) -> Change:
    """The opinion, why, and what should happen by when; a newer one is acknowledged anew."""
    refuse_unless_may(Act.GIVE_OPINION, challenge, directory, by)
    refuse_unless_reasoned(opinion, reasons)
    if not actions:
        raise ActionUnclear
    for action in actions:
        refuse_unless_clear(action, moment.today)
    given = Opinion(by, opinion, reasons, actions)
    entry = Entry(
        Happened.OPINION_GIVEN,
        by,
        f"<@{by}> gave an independent opinion. Each side is asked to acknowledge it.",
        opinion_words(given),
    )
    both = privately(Told.OPINION_WAITS, _lines(challenge), about=by)
    notices = (Notice(Told.OPINION_GIVEN, about=by), *both, Notice(Told.CARD))
    return Change(replace(challenge, opinion=given), (entry,), notices)


def acknowledge(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Change:
    """Read, and our part will be done; it need not be agreed with. The second side closes it."""
    refuse_unless_may(Act.ACKNOWLEDGE, challenge, directory, by)
    opinion = challenge.opinion
    if opinion is None:
        raise NothingProposed(now="no opinion waits for an answer")
    side = speaks_for(challenge, by) or Side.RECEIVING
    if any(heard.side is side for heard in opinion.acknowledged):
        raise AlreadyAcknowledged(now="your side has acknowledged it")
    entry = Entry(
        Happened.OPINION_ACKNOWLEDGED,
        by,
        f"<@{by}> acknowledged the opinion for the {side} side.",
    )
    heard = replace(opinion, acknowledged=(*opinion.acknowledged, Involved(by, side)))
    known = replace(challenge, opinion=heard)
    if len(heard.acknowledged) == len(LINES):
        return _closed_by(known, moment, heard, entry)
    notices = (Notice(Told.OPINION_ACKNOWLEDGED, about=by), Notice(Told.CARD))
    return Change(known, (entry,), notices)


def refuse_unless_reasoned(opinion: str, reasons: str) -> None:
    """Raises MissingWords for either of the two that is blank."""
    for name, text in (("opinion", opinion), ("reasons", reasons)):
        if not text.strip():
            raise MissingWords(name)


def opinion_words(opinion: Opinion) -> dict[str, str]:
    """What was written, by question."""
    should = action_words(opinion.actions, "What should happen")
    return {"Opinion": opinion.opinion, "Reasons": opinion.reasons, **should}


def _closed_by(challenge: Challenge, moment: Moment, opinion: Opinion, heard: Entry) -> Change:
    """Both sides have acknowledged it: what should happen is agreed from now on."""
    settlement = Settlement(
        Outcome.OPINION, opinion.by, Side.PARTNERSHIP, opinion.opinion, opinion.actions
    )
    entry = Entry(
        Happened.SETTLED,
        heard.by,
        "Both sides have acknowledged the opinion. The challenge is settled.",
        opinion_words(opinion),
    )
    settled = replace(challenge, settlement=settlement)
    change = closed(settled, moment, Status.SETTLED, entry)
    return replace(change, entries=(heard, *change.entries))


def _lines(challenge: Challenge) -> tuple[PersonId, ...]:
    """Whoever may acknowledge it for a side."""
    here = (who for who in challenge.held_before if who not in challenge.out)
    return (challenge.raised_by, challenge.challenged, *here)


def _position(challenge: Challenge, side: Side) -> Passage:
    standing = position.standing(challenge, side)
    if standing is None:
        return Passage(f"The {side} side has put no position of its own.", {})
    by = f"The {side} side, put by <@{standing.by}>."
    words = position.position_words(standing)
    return Passage(by, {question: text for question, text in words.items() if text.strip()})


def _person(challenge: Challenge) -> list[Passage]:
    """What keeps them safe while people disagree, and what they themselves have said."""
    line, heard = meanwhile.standing(challenge), voice.standing(challenge)
    safe = meanwhile.meanwhile_words(line) if line else {}
    said = voice.voice_words(heard) if heard else {}
    return [
        Passage(
            "What keeps the person safe meanwhile."
            if safe
            else "Nobody has said yet what keeps the person safe meanwhile.",
            safe,
        ),
        Passage(
            "The person's own voice."
            if said
            else "Nobody has said yet what the person thinks or shows.",
            said,
        ),
    ]


def _questions(challenge: Challenge, entries: Sequence[Entry]) -> list[Passage]:
    """What is still open: what both sides ask for, issues from the meeting, what was agreed before
    and not done, and the last words on why it is not settled."""
    minutes = challenge.meeting.minutes if challenge.meeting else None
    open_issues = minutes.outstanding.strip() if minutes else ""
    refused = [e for e in entries if e.kind is Happened.SETTLEMENT_DECLINED]
    found = [asked for side in _both(challenge) if (asked := _asked(challenge, side))]
    undone = left_from_before(challenge)
    if undone:
        found.append(Passage("Agreed before, and not done.", action_words(undone)))
    if open_issues:
        found.append(Passage("Left open by the meeting.", {"Outstanding issues": open_issues}))
    found += [Passage(e.summary, e.words) for e in refused[-1:]]
    return found


def _asked(challenge: Challenge, side: Side) -> Passage | None:
    put = position.standing(challenge, side)
    if put is None or not put.ask.strip():
        return None
    return Passage(f"What the {side} side asks for.", {"What we ask for": put.ask})


def _both(challenge: Challenge) -> list[Side]:
    """In the order in which this challenge names its sides."""
    return [side for side in challenge.order if side in LINES]


def _line(challenge: Challenge, each: Recorded) -> str:
    at = challenge.procedure.calendar.local(each.entry.said or each.at)
    by = f"<@{each.entry.by}>: " if each.entry.by else ""
    what = each.entry.summary or f"{by}{each.entry.kind.value}."
    return f"{each.number}. {at:%A %-d %B %Y, %H:%M}. {what}"
