"""The one door: every act on a challenge goes through here, in one transaction of its own."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from challenge import raising
from challenge.deadlines import fall_due
from challenge.directory import Directory
from challenge.model import Challenge, Change, Entry, PersonId, Recorded, Told
from challenge.moment import Moment
from challenge.procedure import Procedure
from challenge.refusals import AlreadyHeard, NothingHere
from challenge.rights import Act, refuse_unless_may
from challenge.scribe import Note, Scribe

Rule = Callable[..., Change]
Due = tuple[int, str]
"""A challenge's id and the key of the clock that fell due."""

DRAFTS_KEPT_FOR = timedelta(days=1)


class Desk(Protocol):
    """One transaction: what is taken from the files, and what is put back. All or nothing."""

    async def hear(self, keys: Sequence[str], now: datetime) -> set[str]:
        """Remembers the keys; answers those that had not been heard before."""

    async def directory(self) -> Directory: ...

    async def next_reference(self, year: int) -> str: ...

    async def take(self, ids: Sequence[int]) -> list[Challenge]:
        """The challenges, held against everyone else until the end; unknown ids are left out."""

    async def take_due(self, now: datetime, most: int) -> tuple[list[Challenge], list[Due]]:
        """The clocks that are due, oldest first, and their challenges, skipping those held elsewhere."""

    async def record(
        self, changes: Sequence[Change], struck: Sequence[Due], now: datetime
    ) -> list[Challenge]:
        """Keeps challenges, chronology, clocks and notices; answers the challenges as kept."""

    async def note(self, notes: Sequence[Note], now: datetime) -> None: ...

    async def keep_draft(
        self, draft: str, by: PersonId, answers: Mapping[str, Any], now: datetime
    ) -> None: ...

    async def drop_drafts(self, before: datetime) -> None: ...


@dataclass(frozen=True)
class Posted:
    """A message of ours, found again by where it stands in Slack."""

    challenge_id: int
    kind: Told


class Shelf(Protocol):
    """Reading only; nothing is held and nothing changes."""

    async def directory(self) -> Directory: ...

    async def challenge(self, reference: str) -> Challenge | None: ...

    async def challenge_by_id(self, challenge_id: int) -> Challenge | None: ...

    async def challenges_of(self, person: PersonId, closed: int) -> list[Challenge]:
        """Every open challenge that the person is on, and the latest closed ones, that many."""

    async def open_ids(self) -> list[int]: ...

    async def without_clock(self) -> list[str]:
        """References of open challenges with no clock waiting: the auditor's question."""

    async def chronology(self, challenge_id: int) -> list[Recorded]: ...

    async def challenge_in(self, channel: str) -> int | None: ...

    async def posted(self, channel: str, ts: str) -> Posted | None: ...

    async def draft(self, draft: str, by: PersonId) -> dict[str, Any] | None: ...


class CaseFiles(Protocol):
    """Where case files are kept; the one port of this room."""

    def desk(self) -> AbstractAsyncContextManager[Desk]: ...

    def shelf(self) -> AbstractAsyncContextManager[Shelf]: ...


class Casework:
    """Moves cases on. `now` is the time from outside; `stirred` is called after every commit."""

    def __init__(
        self,
        files: CaseFiles,
        procedure: Procedure,
        now: Callable[[], datetime],
        stirred: Callable[[], None],
    ) -> None:
        self.files = files
        self.procedure = procedure
        self._now = now
        self._stirred = stirred
        self._scribe = Scribe(self._write_notes)
        self._channels: dict[str, int] = {}

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
        self._stirred()
        return kept

    async def raise_challenge(self, draft: str, **facts: Any) -> Challenge:
        """A new challenge; the same draft twice makes one. Raises the rule's refusals, AlreadyHeard."""
        moment = self.moment()
        async with self.files.desk() as desk:
            await self._refuse_repeat(desk, f"draft:{draft}")
            directory = await desk.directory()
            reference = await desk.next_reference(moment.calendar.local(moment.now).year)
            change = raising.raise_challenge(
                reference, moment, directory, procedure=self.procedure, **facts
            )
            [kept] = await desk.record([change], [], moment.now)
        self._stirred()
        return kept

    async def note(self, challenge_id: int, entry: Entry, heard: str) -> None:
        """What was said in a challenge's channel, on record when this returns. The short path."""
        await self._scribe.note(Note(heard, challenge_id, entry))

    async def fall_due(self, most: int = 100) -> int:
        """Acts on the clocks that are due, oldest first; answers how many it dealt with.

        Many are dealt with in one transaction. Should that fail, each is tried alone, so that one
        which cannot be acted on does not stop the rest.
        """
        try:
            return await self._fall_due(most)
        except Exception:
            if most == 1:
                raise
            return await self._fall_due(1)

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

    async def drop_old_drafts(self) -> None:
        async with self.files.desk() as desk:
            await desk.drop_drafts(self._now() - DRAFTS_KEPT_FOR)

    async def directory(self) -> Directory:
        async with self.files.shelf() as shelf:
            return await shelf.directory()

    async def read(self, reference: str, by: PersonId) -> tuple[Challenge, Directory]:
        """A challenge by its reference. Raises NothingHere alike for missing and for not yours."""
        async with self.files.shelf() as shelf:
            challenge = await shelf.challenge(reference.strip().upper())
            return await self._seen(shelf, challenge, by)

    async def read_by_id(self, challenge_id: int, by: PersonId) -> tuple[Challenge, Directory]:
        async with self.files.shelf() as shelf:
            return await self._seen(shelf, await shelf.challenge_by_id(challenge_id), by)

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

    async def left_waiting(self) -> list[str]:
        """References of open challenges on which no clock runs. There should never be one."""
        async with self.files.shelf() as shelf:
            return await shelf.without_clock()

    async def _fall_due(self, most: int) -> int:
        now = self._now()
        async with self.files.desk() as desk:
            challenges, due = await desk.take_due(now, most)
            if not due:
                return 0
            directory = await desk.directory()
            changes, struck = _acted_on(challenges, due, now, directory)
            await desk.record(changes, struck, now)
        self._stirred()
        return len(due)

    async def _write_notes(self, notes: Sequence[Note]) -> None:
        now = self._now()
        async with self.files.desk() as desk:
            fresh = await desk.hear([note.heard for note in notes], now)
            first = {note.heard: note for note in reversed(notes)}
            await desk.note([first[key] for key in first if key in fresh][::-1], now)

    async def _refuse_repeat(self, desk: Desk, heard: str | None) -> None:
        if heard and not await desk.hear([heard], self._now()):
            raise AlreadyHeard

    async def _take(self, desk: Desk, challenge_id: int) -> Challenge:
        taken = await desk.take([challenge_id])
        if not taken:
            raise NothingHere
        return taken[0]

    async def _seen(
        self, shelf: Shelf, challenge: Challenge | None, by: PersonId
    ) -> tuple[Challenge, Directory]:
        if challenge is None:
            raise NothingHere
        directory = await shelf.directory()
        refuse_unless_may(Act.SEE, challenge, directory, by)
        return challenge, directory


class Hearing:
    """The door for one word of Slack's: its key is stored with whatever that word brings about."""

    def __init__(self, casework: Casework, key: str) -> None:
        self.casework = casework
        self.key = key

    async def carry_out(self, rule: Rule, challenge_id: int, **facts: Any) -> Challenge:
        return await self.casework.carry_out(rule, challenge_id, heard=f"{self.key}:act", **facts)

    async def note(self, challenge_id: int, entry: Entry) -> None:
        await self.casework.note(challenge_id, entry, heard=self.key)


def _acted_on(
    challenges: Sequence[Challenge], due: Sequence[Due], now: datetime, directory: Directory
) -> tuple[list[Change], list[Due]]:
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
    return changes, list(due)


