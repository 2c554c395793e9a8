"""The one door: every act on a challenge goes through here, in one transaction of its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from challenge import absence, aftercare, people, raising, space
from challenge.aftercare import Confidence
from challenge.deadlines import fall_due
from challenge.directory import Directory
from challenge.model import Challenge, Change, Entry, PersonId, Recorded, Told
from challenge.moment import Moment
from challenge.people import Line, Rearranged, Written
from challenge.procedure import Procedure
from challenge.reckoning import DayOff, days_off, reckoned_anew
from challenge.refusals import AlreadyHeard, NothingHere
from challenge.rights import Act, finders, refuse_unless_may, refuse_unless_on_it
from challenge.scribe import Note, Scribe

Rule = Callable[..., Change]
Rearranging = Callable[..., Rearranged | None]
"""A rule of challenge/people.py: the directory, a moment and facts in, the directory out."""
Absenting = Callable[..., Change | None]
"""A rule of challenge/absence.py; None where that person's absence changes nothing."""
Due = tuple[int, str]
"""A challenge's id and the key of the clock that fell due."""
Stirred = Callable[[Collection[PersonId]], None]
"""Hears of a commit, and for whom something may look otherwise than before."""

DRAFTS_KEPT_FOR = timedelta(days=1)
# Slack repeats itself for a day; a channel's history may be read again after a long stop.
HEARD_KEPT_FOR = timedelta(days=60)
TRIED_AGAIN_AFTER = timedelta(minutes=1)
RECKONED_AT_ONCE = 100


@dataclass(frozen=True)
class Home:
    """The App Home that somebody opened, as it stands in Slack, which knows it by its `hash`.

    `page` is how many open challenges come before those that are shown on a coordinator's page of
    the partnership; None where somebody sees what is theirs.
    """

    person: PersonId
    page: int | None
    hash: str
    opened: datetime


class Desk(Protocol):
    """One transaction: what is taken from the files, and what is put back. All or nothing."""

    async def hear(self, keys: Sequence[str], now: datetime) -> set[str]:
        """Remembers the keys; answers those that had not been heard before."""

    async def directory(self) -> Directory: ...

    async def hold_directory(self) -> Directory:
        """As it is now, held until the end against everyone else who would change it."""

    async def keep_directory(
        self, directory: Directory, lines: Sequence[Line], now: datetime
    ) -> None:
        """In the place of the one that is held, with the lines for the day book."""

    async def write_line(self, line: Line, now: datetime) -> None:
        """Into the day book, and nothing else."""

    async def confirmed_stages(self) -> frozenset[str]:
        """The fingerprints of the stages that a coordinator confirmed."""

    async def open_with(self, people: Collection[PersonId]) -> list[int]:
        """The open challenges that one of these is on, the oldest first."""

    async def next_reference(self, year: int) -> str: ...

    async def take(self, ids: Sequence[int]) -> list[Challenge]:
        """The challenges, held against everyone else until the end; unknown ids are left out."""

    async def hold_due(self, due: Sequence[Due]) -> tuple[list[Challenge], list[Due]]:
        """Those that still wait, and their challenges; what is held elsewhere is left."""

    async def record(
        self, changes: Sequence[Change], struck: Sequence[Due], now: datetime
    ) -> list[Challenge]:
        """Keeps challenges, chronology, clocks and notices; answers the challenges as kept."""

    async def note(self, notes: Sequence[Note], now: datetime) -> None: ...

    async def confide(self, challenge_id: int, confidence: Confidence, now: datetime) -> None:
        """Kept apart from the chronology; whoever hears it is told."""

    async def confidences(self, challenge_id: int) -> list[Confidence]:
        """What was confided after the end, the first word first."""

    async def return_confidence(self, challenge_id: int, id: str) -> bool:
        """Marks it as returned, unless it is already, or is gone: whether that was done."""

    async def learn_days_off(self, days: Sequence[date], now: datetime) -> tuple[DayOff, ...]:
        """Remembers them; answers those that became known since all clocks were last reckoned."""

    async def days_off_reckoned(self, now: datetime) -> None:
        """Every clock has been reckoned with what is known of by now."""

    async def keep_draft(
        self, draft: str, by: PersonId, answers: Mapping[str, Any], now: datetime
    ) -> None: ...

    async def drop_drafts(self, before: datetime) -> None: ...

    async def forget_heard(self, before: datetime) -> None: ...

    async def keep_home(self, home: Home) -> None:
        """In the place of that person's Home as it was."""

    async def home_redrawn(self, before: Home, home: Home) -> None:
        """Unless something else stands there by now."""

    async def forget_home(self, person: PersonId) -> None: ...


@dataclass(frozen=True)
class Posted:
    """A message of ours, found again by where it stands in Slack."""

    challenge_id: int
    kind: Told


@dataclass(frozen=True)
class Undelivered:
    """A word that Slack refused for good: about which challenge, for whom, and Slack's reason."""

    reference: str
    kind: Told
    to: PersonId | None
    at: datetime
    why: str


@dataclass(frozen=True)
class Acted:
    """How many clocks were acted on, and which could not be, and why."""

    done: int
    problems: tuple[tuple[Due, Exception], ...] = ()


class Shelf(Protocol):
    """Reading only; nothing is held and nothing changes."""

    async def directory(self) -> Directory: ...

    async def confirmed_stages(self) -> frozenset[str]: ...

    async def open_challenges(self, skip: int, most: int) -> list[Challenge]:
        """A page of every open challenge, the oldest first."""

    async def count_open(self) -> int: ...

    async def undelivered(self, most: int) -> list[Undelivered]:
        """What Slack refused for good about open challenges, the latest first."""

    async def day_book(self, skip: int, most: int) -> list[Written]:
        """What was changed in the directory, the newest first; not who said that it is right."""

    async def challenge(self, reference: str) -> Challenge | None: ...

    async def challenge_by_id(self, challenge_id: int) -> Challenge | None: ...

    async def challenges_of(self, person: PersonId, closed: int) -> list[Challenge]:
        """Every open challenge that the person is on, the latest closed ones, that many, and
        every older one with an agreed action still to be done."""

    async def due(self, now: datetime, most: int) -> list[Due]:
        """The clocks that are due, oldest first."""

    async def next_due(self) -> datetime | None:
        """When the earliest waiting clock falls due."""

    async def without_clock(self) -> list[str]:
        """References of open challenges with no clock waiting: the auditor's question."""

    async def open_spaces(self) -> list[tuple[int, str]]:
        """The challenges whose channel is open, and that channel."""

    async def chronology(self, challenge_id: int) -> list[Recorded]: ...

    async def confidences(self, challenge_id: int) -> list[Confidence]:
        """What was confided after the end, the first word first."""

    async def on_the_clock(self) -> list[int]:
        """Every challenge on which a clock waits."""

    async def challenge_in(self, channel: str) -> int | None: ...

    async def posted(self, channel: str, ts: str) -> Posted | None: ...

    async def draft(self, draft: str, by: PersonId) -> dict[str, Any] | None: ...

    async def home(self, person: PersonId) -> Home | None:
        """None for somebody who never opened theirs."""

    async def homes(self, people: Collection[PersonId]) -> list[Home]:
        """Those that these people opened, and every page of the partnership; the latest first."""

    async def homes_opened(self, since: datetime) -> list[Home]: ...


class CaseFiles(Protocol):
    """Where case files are kept; the one port of this room."""

    def desk(self) -> AbstractAsyncContextManager[Desk]: ...

    def shelf(self) -> AbstractAsyncContextManager[Shelf]: ...


class Casework:
    """Moves cases on. `now` is the time from outside; `stirred` hears of every commit."""

    def __init__(
        self,
        files: CaseFiles,
        procedure: Procedure,
        now: Callable[[], datetime],
        stirred: Stirred,
    ) -> None:
        self.files = files
        self.procedure = procedure
        self._now = now
        self._stirred = stirred
        self._scribe = Scribe(self._write_notes)
        self._channels: dict[str, int] = {}
        self._stuck: dict[Due, datetime] = {}
        self._as_confirmed: dict[frozenset[str], Procedure] = {frozenset(): procedure}

    def hearing(self, key: str) -> "Hearing":
        """The same door for one word of Slack's, which counts once however often it comes."""
        return Hearing(self, key)

    def moment(self, procedure: Procedure | None = None) -> Moment:
        return Moment(self._now(), (procedure or self.procedure).calendar)

    async def carry_out(
        self, rule: Rule, challenge_id: int, heard: str | None = None, **facts: Any
    ) -> Challenge:
        """Applies the rule in one transaction. Raises its refusal, NothingHere or AlreadyHeard."""
        async with self.files.desk() as desk:
            await self._refuse_repeat(desk, heard)
            challenge = await self._take(desk, challenge_id)
            moment = self.moment(challenge.procedure)
            change = rule(challenge, moment, await desk.directory(), **facts)
            [kept] = await desk.record([change], [], moment.now)
        # Whoever is on it no longer has something less before them, too.
        self._stirred(finders(challenge) | finders(kept))
        return kept

    async def raise_challenge(self, draft: str, **facts: Any) -> Challenge:
        """A new challenge; the same draft twice makes one. Raises refusals, AlreadyHeard."""
        moment = self.moment()
        async with self.files.desk() as desk:
            await self._refuse_repeat(desk, f"draft:{draft}")
            directory = await desk.directory()
            reference = await desk.next_reference(moment.calendar.local(moment.now).year)
            procedure = self._confirmed(await desk.confirmed_stages())
            change = raising.raise_challenge(
                reference, moment, directory, procedure=procedure, **facts
            )
            [kept] = await desk.record([change], [], moment.now)
        self._stirred(finders(kept))
        return kept

    async def note(self, challenge_id: int, entry: Entry, heard: str) -> None:
        """What was said in a challenge's channel, on record when this returns. The short path."""
        await self._scribe.note(Note(heard, challenge_id, entry))

    async def confide(self, challenge_id: int, heard: str, **facts: Any) -> None:
        """What somebody says after the end, for one listener; not a word of it is in the record."""
        async with self.files.desk() as desk:
            await self._refuse_repeat(desk, heard)
            challenge = await self._take(desk, challenge_id)
            moment = self.moment(challenge.procedure)
            returned = [c for c in await desk.confidences(challenge_id) if c.returned]
            confidence = aftercare.confide(
                challenge, moment, await desk.directory(), returned=returned, **facts
            )
            await desk.confide(challenge_id, confidence, moment.now)
        self._stirred(())

    async def confidences(self, challenge_id: int, by: PersonId) -> list[Confidence]:
        """Those meant for this person alone. Raises NothingHere when there are none."""
        async with self.files.shelf() as shelf:
            kept = await shelf.confidences(challenge_id)
        mine = [c for c in kept if c.to == by and not c.returned]
        if not mine:
            raise NothingHere
        return mine

    async def returned(self, challenge_id: int) -> list[Confidence]:
        """Those that reached nobody, for a caller who shows each to its writer and nobody else."""
        async with self.files.shelf() as shelf:
            return [c for c in await shelf.confidences(challenge_id) if c.returned]

    async def return_confidence(self, challenge_id: int, id: str) -> bool:
        """Slack refused whoever it is for, so it goes back; whether it had not gone back before.
        There is no line of it in the chronology, which both sides read."""
        async with self.files.desk() as desk:
            return await desk.return_confidence(challenge_id, id)

    async def reckon_anew(self) -> int:
        """At every start, before anything falls due: days off that became known since the last
        one move running clocks. Answers on how many challenges something was put on record."""
        moment = self.moment()
        days = days_off(moment.calendar, moment.today)
        async with self.files.desk() as desk:
            fresh = await desk.learn_days_off(days, moment.now)
        if not fresh:
            return 0
        async with self.files.shelf() as shelf:
            ids = await shelf.on_the_clock()
        batches = [ids[i : i + RECKONED_AT_ONCE] for i in range(0, len(ids), RECKONED_AT_ONCE)]
        done = sum([await self._reckon(batch, fresh) for batch in batches])
        async with self.files.desk() as desk:
            await desk.days_off_reckoned(moment.now)
        self._stirred(())
        return done

    async def fall_due(self, most: int = 100) -> Acted:
        """Acts on the clocks that are due, oldest first, many in one transaction.

        Should that fail, each is tried alone, so that one which cannot be acted on does not stop
        the rest; it is left for a minute and tried again.
        """
        now = self._now()
        stuck = {due for due, until in self._stuck.items() if until > now}
        async with self.files.shelf() as shelf:
            due = [d for d in await shelf.due(now, most + len(stuck)) if d not in stuck]
        try:
            return Acted(await self._act_on(due, now))
        except Exception as problem:  # noqa: BLE001 - one must not stop the rest
            if len(due) == 1:
                return self._left(due[0], now, problem)
        return await self._one_by_one(due, now)

    async def next_due(self) -> datetime | None:
        async with self.files.shelf() as shelf:
            return await shelf.next_due()

    async def keep_draft(self, draft: str, by: PersonId, answers: Mapping[str, Any]) -> None:
        """What was typed so far, sealed, so that nothing is lost between two views."""
        now = self._now()
        async with self.files.desk() as desk:
            await desk.keep_draft(draft, by, answers, now)

    async def draft(self, draft: str, by: PersonId) -> dict[str, Any]:
        """Raises NothingHere when it was never kept, is another person's, or is over a day old."""
        async with self.files.shelf() as shelf:
            answers = await shelf.draft(draft, by)
        if answers is None:
            raise NothingHere
        return answers

    async def add_to_draft(
        self, draft: str, by: PersonId, answers: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The draft with these answers on top, put by and answered back; begun when it is new."""
        async with self.files.shelf() as shelf:
            kept = await shelf.draft(draft, by)
        grown = {**(kept or {}), **answers}
        await self.keep_draft(draft, by, grown)
        return grown

    async def reached(self, challenge_id: int, who: PersonId, rule: Rule) -> None:
        """For somebody who joined: says so if they were waited for."""
        async with self.files.shelf() as shelf:
            challenge = await shelf.challenge_by_id(challenge_id)
        if challenge and space.awaits(challenge, who):
            await self.carry_out(rule, challenge_id, person=who)

    async def clear_up(self) -> None:
        """What is of no more use to anyone: drafts never sent, words Slack will not repeat."""
        now = self._now()
        async with self.files.desk() as desk:
            await desk.drop_drafts(now - DRAFTS_KEPT_FOR)
            await desk.forget_heard(now - HEARD_KEPT_FOR)

    async def directory(self) -> Directory:
        async with self.files.shelf() as shelf:
            return await shelf.directory()

    async def read(self, reference: str, by: PersonId) -> tuple[Challenge, Directory]:
        """A challenge by its reference. Raises NothingHere alike for missing and for not yours."""
        challenge, directory = await self.find(reference, by)
        refuse_unless_may(Act.SEE, challenge, directory, by)
        return challenge, directory

    async def find(self, reference: str, by: PersonId) -> tuple[Challenge, Directory]:
        """The same for whoever has any part in it, if only an agreed action to do."""
        async with self.files.shelf() as shelf:
            challenge = await shelf.challenge(reference.strip().upper())
            directory = await shelf.directory()
        if challenge is None:
            raise NothingHere
        refuse_unless_on_it(challenge, directory, by)
        return challenge, directory

    async def look_up(self, challenge_id: int) -> tuple[Challenge, Directory]:
        """For a caller who asks about rights themself, by the act. Raises NothingHere."""
        async with self.files.shelf() as shelf:
            challenge = await shelf.challenge_by_id(challenge_id)
            if challenge is None:
                raise NothingHere
            return challenge, await shelf.directory()

    async def todays_procedure(self) -> Procedure:
        """As a challenge raised now would carry it: with the stages that were confirmed since."""
        async with self.files.shelf() as shelf:
            return self._confirmed(await shelf.confirmed_stages())

    async def confirm_stage(self, by: PersonId, fingerprint: str) -> None:
        """For challenges raised from now on. Raises NotCoordinator or NothingToConfirm."""
        async with self.files.desk() as desk:
            directory = await desk.hold_directory()
            procedure = self._confirmed(await desk.confirmed_stages())
            line = people.confirm_stage(directory, procedure, by=by, fingerprint=fingerprint)
            await desk.write_line(line, self._now())

    async def rearrange(self, rule: Rearranging, **facts: Any) -> Directory:
        """Changes the directory by one rule; what a leaver held, or somebody on leave was asked,
        passes on with it."""
        after, _ = await self._rearrange(rule, **facts)
        return after

    async def load_directory(self, listed: Directory) -> list[Change]:
        """From a file, in the place of the one before; answers what was handed on by it."""
        _, changes = await self._rearrange(people.loaded, listed=listed)
        return changes

    async def open_challenges(
        self, by: PersonId, skip: int, most: int
    ) -> tuple[list[Challenge], int]:
        """For a coordinator: a page of all that is open, and how many there are."""
        async with self.files.shelf() as shelf:
            people.refuse_unless_coordinator(await shelf.directory(), by)
            return await shelf.open_challenges(skip, most), await shelf.count_open()

    async def undelivered(self, by: PersonId, most: int = 10) -> list[Undelivered]:
        """For a coordinator: what could not be delivered, without a word of what it said."""
        async with self.files.shelf() as shelf:
            people.refuse_unless_coordinator(await shelf.directory(), by)
            return await shelf.undelivered(most)

    async def day_book(self, by: PersonId, skip: int, most: int) -> list[Written]:
        """For a coordinator: who changed what in the directory, the newest first."""
        async with self.files.shelf() as shelf:
            people.refuse_unless_coordinator(await shelf.directory(), by)
            return await shelf.day_book(skip, most)

    async def chronology(self, challenge_id: int) -> list[Recorded]:
        """For a caller who has asked about rights."""
        async with self.files.shelf() as shelf:
            return await shelf.chronology(challenge_id)

    async def challenges_of(self, person: PersonId, closed: int = 10) -> list[Challenge]:
        async with self.files.shelf() as shelf:
            return await shelf.challenges_of(person, closed)

    async def challenge_in(self, channel: str) -> int | None:
        """Which challenge a channel is for; a channel keeps its challenge, so it is remembered."""
        if channel not in self._channels:
            async with self.files.shelf() as shelf:
                found = await shelf.challenge_in(channel)
            if found is None:
                return None
            self._channels[channel] = found
        return self._channels[channel]

    async def posted(self, channel: str, ts: str) -> Posted | None:
        async with self.files.shelf() as shelf:
            return await shelf.posted(channel, ts)

    async def home(self, person: PersonId) -> Home | None:
        async with self.files.shelf() as shelf:
            return await shelf.home(person)

    async def homes(self, people: Collection[PersonId]) -> list[Home]:
        """Those that these people opened, and every page of the partnership; the latest first."""
        async with self.files.shelf() as shelf:
            return await shelf.homes(people)

    async def homes_opened(self, lately: timedelta) -> list[Home]:
        async with self.files.shelf() as shelf:
            return await shelf.homes_opened(self._now() - lately)

    async def home_opened(self, person: PersonId, page: int | None, hash: str) -> None:
        async with self.files.desk() as desk:
            await desk.keep_home(Home(person, page, hash, self._now()))

    async def home_redrawn(self, before: Home, home: Home) -> None:
        """Unless something else stands there by now."""
        async with self.files.desk() as desk:
            await desk.home_redrawn(before, home)

    async def forget_home(self, person: PersonId) -> None:
        """Until they open it again, it is not drawn anew."""
        async with self.files.desk() as desk:
            await desk.forget_home(person)

    async def left_waiting(self) -> list[str]:
        """References of open challenges on which no clock runs. There should never be one."""
        async with self.files.shelf() as shelf:
            return await shelf.without_clock()

    def _confirmed(self, fingerprints: frozenset[str]) -> Procedure:
        """One and the same value for the same stages: it is kept once, however many carry it."""
        known = self._as_confirmed
        if fingerprints not in known:
            known[fingerprints] = self.procedure.with_confirmed(fingerprints)
        return known[fingerprints]

    async def _rearrange(self, rule: Rearranging, **facts: Any) -> tuple[Directory, list[Change]]:
        """The directory as it is from now on, and what changed on challenges by it."""
        moment = self.moment()
        async with self.files.desk() as desk:
            before = await desk.hold_directory()
            changed = rule(before, moment, **facts)
            if changed is None:
                return before, []
            await desk.keep_directory(changed.directory, changed.lines, moment.now)
            changes = await self._hand_on(desk, before, changed.directory, moment.now)
        self._stirred(_touched_by_directory(before, changed.directory, changes))
        return changed.directory, changes

    async def _hand_on(
        self, desk: Desk, before: Directory, after: Directory, now: datetime
    ) -> list[Change]:
        gone = people.became_inactive(before, after)
        on_leave = people.leave_changed(before, after)
        if not (gone or on_leave):
            return []
        # All of them are held first, in one order: a file may change the entries of many.
        await desk.take(await desk.open_with((*gone, *on_leave)))
        left = [await self._in_each(desk, absence.gone, who, after, now) for who in gone]
        away = [await self._in_each(desk, absence.leave_set, who, after, now) for who in on_leave]
        return [change for each in (*left, *away) for change in each]

    async def _in_each(
        self, desk: Desk, rule: Absenting, person: PersonId, directory: Directory, now: datetime
    ) -> list[Change]:
        """The rule, on every open challenge that the person is on."""
        held = await desk.take(await desk.open_with([person]))
        moments = (Moment(now, challenge.procedure.calendar) for challenge in held)
        found = [
            rule(challenge, moment, directory, person=person)
            for challenge, moment in zip(held, moments, strict=True)
        ]
        changes = [change for change in found if change]
        await desk.record(changes, [], now)
        return changes

    async def _act_on(self, due: Sequence[Due], now: datetime) -> int:
        if not due:
            return 0
        async with self.files.desk() as desk:
            challenges, held = await desk.hold_due(due)
            changes = _acted_on(challenges, held, now, await desk.directory())
            await desk.record(changes, held, now)
        self._stirred(_touched(challenges, changes))
        return len(held)

    async def _reckon(self, ids: Sequence[int], days: tuple[DayOff, ...]) -> int:
        now = self._now()
        async with self.files.desk() as desk:
            directory = await desk.directory()
            found = [
                reckoned_anew(c, Moment(now, c.procedure.calendar), directory, days=days)
                for c in await desk.take(ids)
            ]
            changes = [change for change in found if change]
            await desk.record(changes, [], now)
        return len(changes)

    async def _one_by_one(self, due: Sequence[Due], now: datetime) -> Acted:
        done = 0
        problems: list[tuple[Due, Exception]] = []
        for one in due:
            try:
                done += await self._act_on([one], now)
            except Exception as problem:  # noqa: BLE001 - the alarm logs each of them
                problems.extend(self._left(one, now, problem).problems)
        return Acted(done, tuple(problems))

    def _left(self, due: Due, now: datetime, problem: Exception) -> Acted:
        self._stuck[due] = now + TRIED_AGAIN_AFTER
        return Acted(0, ((due, problem),))

    async def _write_notes(self, notes: Sequence[Note]) -> None:
        now = self._now()
        async with self.files.desk() as desk:
            fresh = await desk.hear([note.heard for note in notes], now)
            first: dict[str, Note] = {}
            for note in notes:
                first.setdefault(note.heard, note)
            await desk.note([note for key, note in first.items() if key in fresh], now)

    async def _refuse_repeat(self, desk: Desk, heard: str | None) -> None:
        if heard and not await desk.hear([heard], self._now()):
            raise AlreadyHeard

    async def _take(self, desk: Desk, challenge_id: int) -> Challenge:
        taken = await desk.take([challenge_id])
        if not taken:
            raise NothingHere
        return taken[0]


class Hearing:
    """The door for one word of Slack's: its key is stored with whatever that word brings about."""

    def __init__(self, casework: Casework, key: str) -> None:
        self.casework = casework
        self.key = key

    async def carry_out(self, rule: Rule, challenge_id: int, **facts: Any) -> Challenge:
        return await self.casework.carry_out(rule, challenge_id, heard=f"{self.key}:act", **facts)

    async def confide(self, challenge_id: int, **facts: Any) -> None:
        await self.casework.confide(challenge_id, heard=f"{self.key}:act", **facts)

    async def note(self, challenge_id: int, entry: Entry) -> None:
        await self.casework.note(challenge_id, entry, heard=self.key)


def _acted_on(
    challenges: Sequence[Challenge], due: Sequence[Due], now: datetime, directory: Directory
) -> list[Change]:
    """Each due clock's change in turn; two clocks of one challenge build upon each other."""
    standing = {challenge.id: challenge for challenge in challenges}
    changes: list[Change] = []
    for challenge_id, key in due:
        challenge = standing[challenge_id]
        moment = Moment(now, challenge.procedure.calendar)
        change = fall_due(challenge, moment, directory, key=key)
        if change:
            standing[challenge_id] = change.challenge
            changes.append(change)
    return changes


def _touched(before: Sequence[Challenge], changes: Sequence[Change]) -> set[PersonId]:
    """Everyone who found one of these challenges among their own, or does so now."""
    changed = {change.challenge.id for change in changes}
    was = (challenge for challenge in before if challenge.id in changed)
    now = (change.challenge for change in changes)
    return {person for challenge in (*was, *now) for person in finders(challenge)}


def _touched_by_directory(
    before: Directory, after: Directory, changes: Sequence[Change]
) -> set[PersonId]:
    """Coordinators, whoever hands something on, and everyone on the challenges concerned."""
    handing = (*people.became_inactive(before, after), *people.leave_changed(before, after))
    return {*before.coordinators, *after.coordinators, *handing} | _touched((), changes)
