"""Databases to measure on: many open challenges at once, put there in bulk by the real recorder."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from challenge.casework import Due
from challenge.deadlines import REMIND, clocks
from challenge.model import Challenge, Change, Entry, Happened, Space
from storage import migrations
from storage.directory import DirectoryBook
from storage.engine import Database
from storage.files import Files
from tests.makers import a_challenge, a_concern, a_directory

AT_ONCE = 1_000


async def prepare(database: Database, files: Files) -> None:
    await migrations.upgrade(database)
    await files.check_key()
    await DirectoryBook(database).replace(a_directory())


async def fill(
    files: Files, many: int, now: datetime, *, due: Sequence[datetime] = (), first: int = 1
) -> None:
    """So many open challenges, each with its channel, of which one lapses at each time of `due`;
    the rest have a month and more."""
    numbered = list(_challenges(many, now, due, first))
    for start in range(0, many, AT_ONCE):
        changes = [
            Change(c, (Entry(Happened.RAISED, c.raised_by, "raised", {"Why": c.concern.why}),))
            for c in numbered[start : start + AT_ONCE]
        ]
        async with files.desk() as desk:
            kept = await desk.record(changes, [], now)
            # Only the lapse is measured: whoever lapses now was reminded before.
            await desk.record([], list(_reminders(kept[: max(0, len(due) - start)])), now)


def _challenges(
    many: int, now: datetime, due: Sequence[datetime], first: int
) -> Iterator[Challenge]:
    pattern = a_challenge(id=0, concern=a_concern(why="The bruises were seen again. " * 12))
    month = now + timedelta(days=30)
    for number in range(many):
        lapses = due[number] if number < len(due) else month + timedelta(minutes=number % 10_000)
        name = first + number
        yield replace(
            pattern,
            reference=f"PC-2026-{name:06}",
            space=Space(f"C{name:08}", f"challenge-pc-2026-{name:06}"),
            raised_at=now,
            stage_began=now,
            clock_set=lapses - timedelta(days=1),
            due=lapses,
        )


def _reminders(kept: Sequence[Challenge]) -> Iterator[Due]:
    for challenge in kept:
        for clock in clocks(challenge):
            if clock.key.split(":")[1] == REMIND:
                yield challenge.id, clock.key
