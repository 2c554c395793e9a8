"""The record of one challenge: everything that happened and everything that was said, in order.

As text it is for people: what somebody wrote is indented and nothing else is, so that no words of
theirs can pass for ours. As JSON it is for programs, and every text is exactly as it was typed.
"""

import json
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from challenge import meanwhile, position, voice
from challenge.directory import Directory
from challenge.model import (
    AgencyKey,
    Challenge,
    Entry,
    Happened,
    PersonId,
    Position,
    Recorded,
    Side,
    Status,
)
from challenge.scrutiny import Passage, has_pack, pack
from storage.chain import Head

FORMAT = "challenge-record/1"
WIDTH = 88
INDENT = "    "
# Later than this on record than in Slack, and the record says when it was put there.
PROMPTLY = timedelta(minutes=5)

MESSAGE, THREAD, REACTION, ON = "Message", "Thread", "Reaction", "On"
WRITTEN = frozenset({Happened.SAID, Happened.SHARED})
VERSIONS = WRITTEN | {Happened.EDITED, Happened.DELETED}
REACTIONS = frozenset({Happened.REACTED, Happened.UNREACTED})
# Told by the heading, so not shown as something that somebody wrote.
_MARKS = frozenset({THREAD, REACTION, ON})

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|([^<>]*))?>")
_BROADCAST = re.compile(r"<!(here|channel|everyone)(?:\|[^<>]*)?>")
_LINK = re.compile(r"<((?:https?://|mailto:|tel:)[^<>|]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True)
class Case:
    """A challenge with its chronology, and everything needed to say who and when."""

    challenge: Challenge
    directory: Directory
    chronology: Sequence[Recorded]
    head: Head

    @cached_property
    def in_order(self) -> list[Recorded]:
        """As things happened: what was said in Slack by Slack's time, the rest as recorded."""
        return sorted(self.chronology, key=lambda each: (happened(each), each.seq))

    @cached_property
    def by_message(self) -> Mapping[str, list[Recorded]]:
        """Every version of each message, in order."""
        found: dict[str, list[Recorded]] = {}
        for each in self.in_order:
            if each.entry.message and each.entry.kind in VERSIONS:
                found.setdefault(each.entry.message, []).append(each)
        return found

    def original(self, message: str) -> Recorded | None:
        versions = self.by_message.get(message, [])
        return next((each for each in versions if each.entry.kind in WRITTEN), None)

    def when(self, at: datetime) -> str:
        """Weekday, date, time and zone, where the partnership is."""
        return f"{self.challenge.procedure.calendar.local(at):%A %-d %B %Y, %H:%M:%S %Z}"

    def who(self, person: PersonId | None) -> str:
        if person is None:
            return "The bot"
        agency = self.agency(person)
        return f"{self.directory.name(person)} ({agency})"

    def agency(self, person: PersonId) -> str:
        """As the challenge has it for its two practitioners, else as the directory has it now."""
        fixed = {
            self.challenge.raised_by: self.challenge.raising_agency,
            self.challenge.challenged: self.challenge.receiving_agency,
        }
        key = fixed.get(person) or self.directory.agency_of(person)
        if not key and person in self.directory.partnership:
            return "the partnership"
        return self.directory.agency_name(AgencyKey(key))

    def named(self, text: str) -> str:
        """With names where <@ID> stands."""
        return _MENTION.sub(lambda found: self.directory.name(PersonId(found[1])), text)


def as_text(
    challenge: Challenge, directory: Directory, chronology: Sequence[Recorded], head: Head
) -> str:
    """For people to read: plain text of 88 columns, no character that a terminal would obey."""
    case = Case(challenge, directory, chronology, head)
    told = (_told(case, each) for each in case.in_order)
    paragraphs = [*_header(case), *_person_first(case), *_positions(case), *told, _end(case)]
    return "\n\n".join(paragraphs) + "\n"


def as_json(
    challenge: Challenge, directory: Directory, chronology: Sequence[Recorded], head: Head
) -> str:
    """For programs: times in ISO 8601 with their offset, texts to the letter."""
    case = Case(challenge, directory, chronology, head)
    plain = _plain_header(case) | {
        "pack": [_plain_section(title, passages) for title, passages in _sections(case)],
        "entries": [_plain_entry(case, each) for each in case.in_order],
        "people": {who: _plain_person(case, who) for who in _everyone_named(case)},
        "count": len(case.chronology),
        "head": {"seq": head.seq, "hash": head.hash.hex()},
    }
    # As ASCII: no text in it can then do anything to a terminal, and half a pair is still kept.
    return json.dumps(plain, indent=2).replace("\x7f", "\\u007f") + "\n"


def happened(each: Recorded) -> datetime:
    return each.entry.said or each.at


# The text, from the top


def _header(case: Case) -> Iterator[str]:
    challenge = case.challenge
    yield _ours(f"Professional Challenge {challenge.reference}: the record")
    yield "\n".join(_ours(f"{name}: {value}") for name, value in _facts(case))
    yield _ours(
        "What people wrote is indented by four spaces, to the letter; nothing else is. Entries "
        "stand in the order in which things happened; each keeps the number under which it was "
        "put on record. Times are those of " + challenge.procedure.calendar.timezone + "."
    )


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    challenge = case.challenge
    parts = {Side.RAISING: "Raised by", Side.RECEIVING: "Challenged"}
    for side in challenge.order[:2]:
        yield parts[side], case.who(challenge.practitioner(side))
    yield "Raised", case.when(challenge.raised_at)
    yield "The challenged person was reached", _when_or(case, challenge.delivered_at, "not yet")
    yield "Status", challenge.status.value + (", on the urgent route" if challenge.urgent else "")
    yield "Stage", f"{challenge.stage}, {challenge.current.title}"
    if challenge.closed_at is None:
        yield "To be answered by", case.when(challenge.due)
    else:
        yield "Closed", case.when(challenge.closed_at)
    yield "Outcome", _outcome(challenge) or "none yet"
    yield "Procedure", f"{challenge.procedure.title}, version {challenge.procedure.version}"
    for involved in _others(challenge):
        yield f"Also on it, for the {involved[1]} side", case.who(involved[0])


def _when_or(case: Case, at: datetime | None, otherwise: str) -> str:
    return case.when(at) if at else otherwise


def _person_first(case: Case) -> Iterator[str]:
    """What keeps the person safe, and what they say, before what others think."""
    line, heard = meanwhile.standing(case.challenge), voice.standing(case.challenge)
    amber = " Amber: it is wanting." if meanwhile.is_wanting(case.challenge) else ""
    yield _answered(
        f"What keeps the person safe meanwhile.{amber}",
        meanwhile.meanwhile_words(line) if line else {},
    )
    yield _answered("The person's voice.", voice.voice_words(heard) if heard else {})


def _positions(case: Case) -> Iterator[str]:
    """Both sides under each question; who stands first alternates."""
    yield "The two positions, side by side"
    for name, question in position.QUESTIONS.items():
        answers = {
            case.who(put.by if put else case.challenge.practitioner(side)): (
                position.fields(put)[name] if put else ""
            )
            for side in case.challenge.order[:2]
            for put in [position.standing(case.challenge, side)]
        }
        yield _answered(
            f"{question}.", {who: text or "(not said yet)" for who, text in answers.items()}
        )
    yield from _pack(case)
    yield "Chronology"


def _answered(title: str, words: Mapping[str, str]) -> str:
    lines = [_ours(title)]
    for question, text in (words or {"Nobody has said": "(not said yet)"}).items():
        lines += [_ours(f"{question}:"), _theirs(text)]
    return "\n".join(lines)


def _pack(case: Case) -> Iterator[str]:
    """What the last stage reads beside both positions; only once the challenge came so far."""
    for title, passages in _sections(case):
        yield _ours(title)
        yield from (_read(case, passage) for passage in passages)


def _sections(case: Case) -> list[tuple[str, tuple[Passage, ...]]]:
    if not has_pack(case.challenge):
        return []
    found = pack(case.challenge, case.in_order)
    return [
        ("What each stage decided, and why", found.decisions),
        ("What is still open", found.questions),
    ]


def _read(case: Case, passage: Passage) -> str:
    lines = [_ours(case.named(passage.says))]
    for question, answer in passage.words.items():
        lines.append(_ours(f"{question}:"))
        lines.append(_theirs(case.named(answer)))
    return "\n".join(lines)


def _outcome(challenge: Challenge) -> str | None:
    if challenge.status is Status.SETTLED and challenge.settlement:
        return challenge.settlement.outcome.value
    return "Withdrawn" if challenge.status is Status.WITHDRAWN else None


def _others(challenge: Challenge) -> list[tuple[PersonId, Side]]:
    both = {challenge.raised_by, challenge.challenged}
    found = ((each.person, each.side) for each in challenge.involved if each.person not in both)
    return list(dict.fromkeys(found))


def _told(case: Case, each: Recorded) -> str:
    """One entry: when, who, what; then what they wrote."""
    lines = [_ours(f"Entry {each.number}. {case.when(happened(each))}. {_what(case, each)}")]
    if each.at - happened(each) > PROMPTLY:
        lines.append(_ours(f"Put on record later: {case.when(each.at)}."))
    lines.extend(_ours(note) for note in _versions(case, each))
    for question, answer in _answers(case, each):
        lines.append(_ours(question if question.endswith("?") else f"{question}:"))
        lines.append(_theirs(answer))
    return "\n".join(lines)


def _what(case: Case, each: Recorded) -> str:
    entry = each.entry
    summary = f" {case.named(entry.summary)}" if entry.summary else ""
    if done := _of_message(case, entry):
        return f"{case.who(entry.by)} {done}{summary}"
    return f"{case.who(entry.by)}: {_sentence(entry.kind.value)}{summary}"


def _of_message(case: Case, entry: Entry) -> str | None:
    """What was done with which message; None for everything else."""
    if entry.kind in REACTIONS:
        verb = "reacted with" if entry.kind is Happened.REACTED else "took away the reaction"
        name = entry.words.get(REACTION, "")
        return f"{verb} :{name}: {_on(case, entry.words.get(ON) or entry.message)}."
    if entry.kind is Happened.EDITED:
        return f"edited {_their(case, entry)}. It now reads as follows."
    if entry.kind is Happened.DELETED:
        return f"deleted {_their(case, entry)}. The record keeps what it said."
    if entry.kind not in WRITTEN:
        return None
    thread = entry.words.get(THREAD)
    what = "wrote" if entry.kind is Happened.SAID else "shared a file"
    return f"{what}, in reply {_on(case, thread)}." if thread else f"{what}."


def _on(case: Case, message: str) -> str:
    original = case.original(message)
    return f"to entry {original.number}" if original else "to a message of the bot's"


def _their(case: Case, entry: Entry) -> str:
    original = case.original(entry.message)
    return f"the message of entry {original.number}" if original else "an earlier message"


def _versions(case: Case, each: Recorded) -> Iterator[str]:
    """Beside a message, what became of it, so that nobody takes the first version for the last."""
    if each.entry.kind not in WRITTEN:
        return
    for later in case.by_message.get(each.entry.message, []):
        if later.entry.kind is Happened.EDITED:
            yield f"Edited later: see entry {later.number}."
        elif later.entry.kind is Happened.DELETED:
            yield f"Deleted later: see entry {later.number}."


def _answers(case: Case, each: Recorded) -> Iterator[tuple[str, str]]:
    entry = each.entry
    words = {key: value for key, value in entry.words.items() if key not in _MARKS}
    if entry.kind is Happened.DELETED and not words.get(MESSAGE):
        words |= _last_words(case, each)
    for question, answer in words.items():
        if not answer and question == MESSAGE and len(words) > 1:
            continue  # a file shared without a word
        typed = _as_typed(case, answer) if entry.message else case.named(answer)
        yield question, typed or "(nothing)"


def _last_words(case: Case, each: Recorded) -> dict[str, str]:
    """What a message said just before it was deleted."""
    versions = case.by_message.get(each.entry.message, [])
    before = [v for v in versions if v.entry.words.get(MESSAGE) and v.seq < each.seq]
    return {MESSAGE: before[-1].entry.words[MESSAGE]} if before else {}


def _as_typed(case: Case, text: str) -> str:
    """Slack's own spelling of a message undone: mentions, links, channels and three characters."""
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})" if found[2] else found[1], text)
    text = _CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", text)
    text = _BROADCAST.sub(r"@\1", case.named(text))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _end(case: Case) -> str:
    number = len(case.chronology)
    entries = "1 entry" if number == 1 else f"{number} entries"
    return "\n".join(
        (
            "End of the record",
            _ours(
                f"{entries}. The chain of all chronologies ends at number {case.head.seq}. To "
                "prove later that nothing up to there was changed, type: "
                "python -m bot verify --head, and after it the next line as it stands."
            ),
            f"{case.head.seq}:{case.head.hash.hex()}",
        )
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def _ours(text: str) -> str:
    """A paragraph of ours, on as many lines as it needs; names in it cannot begin a new one."""
    return _wrapped(" ".join(_printable(text).split()), "")


def _theirs(text: str) -> str:
    """What somebody wrote, line by line as they wrote it, each one indented."""
    lines = _printable(text).split("\n")
    return "\n".join(_wrapped(line, INDENT) if line.strip() else "" for line in lines)


def _wrapped(line: str, indent: str) -> str:
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _printable(text: str) -> str:
    """Characters that nobody sees but a terminal obeys are shown by their number instead."""
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(_shown(character) for character in one_kind)


def _shown(character: str) -> str:
    if character == "\n" or character in _JOINERS:
        return character
    kind = unicodedata.category(character)
    if kind in ("Zl", "Zp"):
        return "\n"
    return f"[U+{ord(character):04X}]" if kind in ("Cc", "Cf", "Cs") else character


# These shape emoji and some scripts, and do nothing else.
_JOINERS = frozenset("\u200c\u200d")


# The JSON, from the top


def _plain_header(case: Case) -> dict[str, Any]:
    challenge = case.challenge
    return {
        "format": FORMAT,
        "reference": challenge.reference,
        "status": challenge.status.value,
        "urgent": challenge.urgent,
        "stage": {"number": challenge.stage, "title": challenge.current.title},
        "outcome": _outcome(challenge),
        "procedure": challenge.procedure.version,
        "timezone": challenge.procedure.calendar.timezone,
        "raised_at": _iso(case, challenge.raised_at),
        "due": None if challenge.is_closed else _iso(case, challenge.due),
        "closed_at": _iso(case, challenge.closed_at),
        "raised_by": challenge.raised_by,
        "challenged": challenge.challenged,
        "also_on_it": [{"person": who, "side": side.value} for who, side in _others(challenge)],
        "reached_at": _iso(case, challenge.delivered_at),
        "meanwhile": _plain_meanwhile(case),
        "voice": _plain_voice(case),
        "positions": {
            side.value: [_plain_position(case, put) for put in position.versions(challenge, side)]
            for side in challenge.order[:2]
        },
    }


def _plain_meanwhile(case: Case) -> dict[str, Any]:
    line = meanwhile.standing(case.challenge)
    return {
        "wanting": meanwhile.is_wanting(case.challenge),
        "what": line.what if line else None,
        "who": (line.who or None) if line else None,
        "until": line.until.isoformat() if line and line.until else None,
        "by": line.by if line else None,
    }


def _plain_voice(case: Case) -> dict[str, Any]:
    """`answer` is one of three, or null while nobody has answered; so it can be counted."""
    told = voice.standing(case.challenge)
    return {
        "answer": told.heard.value if told else None,
        "said": (told.said or None) if told else None,
        "asked_by": (told.asked_by or None) if told else None,
        "by": told.by if told else None,
    }


def _plain_position(case: Case, put: Position) -> dict[str, Any]:
    return {"by": put.by, "at": _iso(case, put.at), **position.fields(put)}


def _plain_section(title: str, passages: tuple[Passage, ...]) -> dict[str, Any]:
    return {
        "title": title,
        "passages": [{"says": each.says, "words": dict(each.words)} for each in passages],
    }


def _plain_entry(case: Case, each: Recorded) -> dict[str, Any]:
    entry = each.entry
    original = case.original(entry.message) if entry.message else None
    thread = case.original(entry.words[THREAD]) if entry.words.get(THREAD) else None
    return {
        "number": each.number,
        "seq": each.seq,
        "kind": entry.kind.value,
        "happened_at": _iso(case, happened(each)),
        "recorded_at": _iso(case, each.at),
        "by": entry.by,
        "summary": entry.summary,
        "words": dict(entry.words),
        "message": entry.message or None,
        "about_entry": original.number if original and original is not each else None,
        "reply_to_entry": thread.number if thread else None,
    }


def _plain_person(case: Case, who: PersonId) -> dict[str, str]:
    return {"name": case.directory.name(who), "agency": case.agency(who)}


def _everyone_named(case: Case) -> list[PersonId]:
    """Everyone on the challenge, everyone who did something, everyone whom a text mentions."""
    entries = [each.entry for each in case.in_order]
    did = (entry.by for entry in entries if entry.by)
    texts = (text for entry in entries for text in (entry.summary, *entry.words.values()))
    mentioned = (PersonId(found) for text in texts for found in _MENTION.findall(text))
    return list(dict.fromkeys((*case.challenge.everyone, *did, *mentioned)))


def _iso(case: Case, at: datetime | None) -> str | None:
    return case.challenge.procedure.calendar.local(at).isoformat() if at else None
