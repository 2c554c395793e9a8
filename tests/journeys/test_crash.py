"""Killed without warning, again and again, in the middle of everything: nothing is lost or doubled.

The bot is a process of its own (crash_bot.py); Slack and the people are here. Whoever gets no
answer presses again, as in life. Each life begins a minute and more after the last one ended by
its own clock, as if the machine had been away, so deadlines fall due while nobody is there.
"""

import asyncio
import contextlib
import os
import random
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.config import Settings
from bot.wiring import build
from challenge.model import CLOSED, Challenge, Happened, Recorded, Status, Told
from handlers.payloads import moment_of
from sandbox import NotThere, Sandbox
from sandbox.outcome import Delivery
from storage import migrations
from storage.chain import first_break
from storage.engine import Database, DatabaseTrouble
from storage.files import Files
from storage.outbox import Outbox
from storage.tables import OUTBOX, SENT
from storage.vault import Vault
from tests.databases import with_tables
from tests.journeys.crash_bot import Keeper
from tests.journeys.story import (
    ANSWERS,
    ASHA,
    ASKED,
    BEN,
    CARA,
    DEV,
    ELIF,
    FINN,
    GRACE,
    HUGO,
    IMANI,
    JOAN,
    KOFI,
    LENA,
    MO,
    PIA,
    QUIN,
    ROOT,
    THURSDAY_TEN,
    Story,
    eventually,
    labelled,
    sandbox_people,
    settings,
    told_in,
)
from tests.postgres import another_server, fresh_database, kill, start_again

pytestmark = pytest.mark.crash

KILLS = 55
KINDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
]

# A story of an hour: every clock falls due while the bot is being killed.
PROCEDURE = """
version = "storm-1"
title = "A procedure for a storm"
single_agency = true
archive_after = "3 hours"
[emergency]
text = "If anyone is in immediate danger call 999 now."
contacts = [{ name = "Police", phone = "999" }]
[[stage]]
title = "Practitioner to practitioner"
raising = ["practitioner"]
receiving = ["practitioner"]
answer_within = "9 minutes"
longest = "1 working day"
remind = ["30%"]
[[stage]]
title = "Managers"
raising = ["line manager", "safeguarding lead"]
receiving = ["line manager", "safeguarding lead"]
accept_within = "5 minutes"
answer_within = "9 minutes"
remind = ["30%"]
[[stage]]
title = "Meeting"
raising = ["safeguarding lead", "senior manager"]
receiving = ["safeguarding lead", "senior manager"]
accept_within = "5 minutes"
answer_within = "9 minutes"
notify = ["business unit"]
[top]
role = "Independent Scrutineer"
accept_within = "5 minutes"
answer_within = "30 minutes"
[urgent]
start_at = "Managers"
accept_within = "3 minutes"
answer_within = "6 minutes"
"""

RAISING = {
    "Raise a challenge": {"Is anyone in immediate danger now?": "No"},
    "What you challenge": ANSWERS,
    "Why, and what you ask": ASKED,
}
# What a message becomes by way of the outbox; a card is drawn over and over, a private button
# cannot be found again and may come twice.
NOT_COUNTED = {Told.CARD, Told.OFFER_ACT}


def storm_settings(sandbox: Sandbox, database: str, folder: Path) -> Settings:
    procedure = folder / "storm.toml"
    procedure.write_text(PROCEDURE, encoding="utf-8")
    of_the_story = settings(sandbox, database, folder, "socket")
    return of_the_story.model_copy(
        update={
            "challenge_procedure": str(procedure),
            "challenge_directory": str(folder / "directory.toml"),
        }
    )


# People, who press again when nobody answers


@dataclass
class Workplace:
    """The people at their seats. What they did and saw acknowledged is counted."""

    sandbox: Sandbox
    dice: random.Random
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    _hands: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def goes_through(
        self,
        who: str,
        begins: Callable[[], Awaitable[Delivery | None]],
        answers: dict[str, dict[str, str]],
        deed: str,
    ) -> bool:
        """Opens a form and fills in view after view until Slack shows that it was taken; False
        when it was refused, as a prompt is that has passed to somebody else meanwhile."""
        seat = self.sandbox.person(who)
        async with self._hands.setdefault(who, asyncio.Lock()):
            while True:
                view = seat.view
                if view is None:
                    answered = await begins()
                    await _a_moment()
                    if seat.view is None and (answered is None or answered.acked):
                        return False
                    continue
                outcome = await self._submits(seat, view, answers)
                if outcome is None or not outcome.acked:
                    continue
                if seat.view is not None and seat.view.errors:
                    await seat.closes(everything=True)
                    return False
                if seat.view is None:
                    self.done[who, deed] += 1
                    return True

    async def clicks(self, who: str, channel: str, label: str, deed: str) -> None:
        """A button that acts at once: pressed until somebody answers."""
        async with self._hands.setdefault(who, asyncio.Lock()):
            while True:
                outcome = await self.presses(who, channel, label)()
                if outcome is not None and outcome.acked:
                    self.done[who, deed] += 1
                    return
                await _a_moment()

    def presses(
        self, who: str, channel: str, label: str
    ) -> Callable[[], Awaitable[Delivery | None]]:
        async def press() -> Delivery | None:
            message = self.newest(who, channel, label)
            if message is None:
                return None
            seat = self.sandbox.person(who)
            delivery: Delivery = await seat.clicks(message.channel, message.ts, label=label)
            return delivery

        return press

    def newest(self, who: str, channel: str, label: str, about: str = "") -> Any:
        """The newest message with that button, in the channel or told to them privately."""
        seat = self.sandbox.person(who)
        there = [c.id for c in seat.channels()]
        seen = [m for c in (seat.dm, channel) if c in there for m in seat.messages(c)]
        name = self.sandbox.channel(about or channel).name
        reference = name.removeprefix("challenge-").upper()
        fitting = [m for m in seen if label in m.buttons and reference in f"{m.text} {m.words}"]
        return fitting[-1] if fitting else None

    async def sees(self, who: str, channel: str, *words: str) -> Any:
        """Waits until the person sees one of these in the channel; the first such message."""
        found: list[Any] = []

        async def there() -> bool:
            seat = self.sandbox.person(who)
            if channel in [c.id for c in seat.channels()]:
                found[:] = [
                    m for m in seat.messages(channel) if any(each in m.text for each in words)
                ]
            return bool(found)

        await eventually(there, within=600)
        return found[0]

    async def _submits(self, seat: Any, view: Any, answers: dict[str, dict[str, str]]) -> Any:
        try:
            with contextlib.suppress(NotThere):  # a second agreed action is left empty
                await seat.fills(labelled(answers.get(view.title, {})))
            await _a_moment()
            still = seat.view is not None and seat.view.id == view.id
            return await seat.submits() if still else None
        except NotThere:
            return None


async def _a_moment() -> None:
    """People are not that quick, and nor is the test to ask again."""
    await asyncio.sleep(0.03)


# Four challenges


async def raised(work: Workplace, by: str, to: str, *, danger: bool = False) -> str:
    """From the command to the private channel, whose id is answered."""
    seat = work.sandbox.person(by)
    before = {c.id for c in seat.channels()}
    answers = RAISING | {"What you challenge": ANSWERS | {"challenged": to}}
    if danger:
        answers |= {"Raise a challenge": {"Is anyone in immediate danger now?": YES}}
    while not await work.goes_through(by, lambda: seat.command("/challenge"), answers, "raises"):
        await _a_moment()
    found: list[str] = []

    async def invited() -> bool:
        here = [c for c in seat.channels() if c.name.startswith("challenge-")]
        found[:] = [c.id for c in here if c.id not in before]
        return bool(found)

    await eventually(invited, within=600)
    return found[0]


async def somebody(
    work: Workplace, channel: str, label: str, answers: dict[str, dict[str, str]], deed: str
) -> None:
    """Whoever is asked just now does it; if it has passed on meanwhile, the next."""
    while True:
        for who in STAFF:
            if work.newest(who, work.sandbox.person(who).dm, label, about=channel) is None:
                continue
            if await work.goes_through(who, work.presses(who, channel, label), answers, deed):
                return
        await asyncio.sleep(0.2)


async def settles(work: Workplace, channel: str, proposer: str, confirmer: str) -> None:
    answers = {
        "How it is settled": {"outcome": "We agreed a plan", "how": "We look at it again."},
        "Agreed actions": {"what": "Visit the family", "who": BEN, "by": "2027-03-20"},
    }
    press = work.presses(proposer, channel, "Propose how it is settled")
    while not await work.goes_through(proposer, press, answers, "proposes"):
        await _a_moment()
    await work.clicks(confirmer, channel, "Confirm it is settled", "confirms")


async def settled_after_a_reminder(work: Workplace, channel: str) -> None:
    # A reminder that was missed until its deadline had passed is not sent any more.
    word = await work.sees(BEN, channel, "Reminder about", "moves up")
    told = await work.sandbox.person(BEN).reacts(channel, word.ts, "eyes")
    # What Slack gave up on was not taken, and nobody was told that it was.
    work.done[BEN, "marks as seen"] += word.text.startswith("Reminder") and told.acked
    await settles(work, channel, BEN, ASHA)


async def settled_a_stage_up(work: Workplace, channel: str) -> None:
    await work.sees(LENA, channel, "moves up")
    line = {"Accept escalation": {"line": "I will ring both today.", "danger": "No"}}
    await somebody(work, channel, "Accept escalation", line, "accepts")
    await settles(work, channel, BEN, LENA)


async def nobody_accepts(work: Workplace, channel: str) -> None:
    """Deputy, next role, business unit, on and on; left open at the end."""
    await work.sees(DEV, channel, "moves up")


async def declined_then_withdrawn(work: Workplace, channel: str) -> None:
    because = {"Not the right person": {"because": "I made the decision with her."}}
    await somebody(work, channel, "I am not the right person", because, "declines")
    why = {"Withdraw the challenge": {"because": "The child was seen today and is safe."}}
    press = work.presses(HUGO, channel, "Withdraw this challenge")
    while not await work.goes_through(HUGO, press, why, "withdraws"):
        await _a_moment()


STAFF = (CARA, DEV, ELIF, FINN, GRACE, IMANI, JOAN, KOFI, MO, PIA, QUIN)
YES = "Yes, or I am not sure"
CASES = [
    (ASHA, BEN, False, settled_after_a_reminder),
    (LENA, BEN, False, settled_a_stage_up),
    (DEV, FINN, False, nobody_accepts),
    (HUGO, CARA, True, declined_then_withdrawn),
]


async def chatters(work: Workplace, who: str, channel: str) -> None:
    """Writes, thinks better of it, takes it back, reacts; until the channel is closed."""
    seat, dice = work.sandbox.person(who), work.dice
    mine: list[str] = []
    for number in range(10_000):
        await asyncio.sleep(dice.uniform(0.05, 0.4))
        act = dice.random()
        with contextlib.suppress(NotThere):
            if act < 0.6 or not mine:
                mine.append(await seat.says(channel, f"{who} says number {number}"))
            elif act < 0.75:
                await seat.edits(channel, dice.choice(mine), f"{who} puts it so: {number}")
            elif act < 0.85:
                await seat.deletes(channel, mine.pop(dice.randrange(len(mine))))
            elif act < 0.95:
                await seat.reacts(channel, dice.choice(mine), dice.choice(["eyes", "+1"]))
            else:
                await seat.unreacts(channel, dice.choice(mine), "eyes")


# The storm


@dataclass
class Storm:
    """The bot's lives, one after the other."""

    keeper: Keeper
    settings: Settings
    sandbox: Sandbox
    dice: random.Random
    ahead: timedelta = field(default_factory=lambda: THURSDAY_TEN - datetime.now(UTC))
    kills: int = 0

    async def rages(self, kills: int) -> None:
        while self.kills < kills:
            life = await self.begins()
            if self.dice.random() < 0.15:
                # While it starts.
                await _first(life.ended.wait(), asyncio.sleep(self.dice.uniform(0.0, 0.4)))
            else:
                await _first(life.ended.wait(), self.sandbox.connected(timeout=60))
                await _first(life.ended.wait(), asyncio.sleep(self.dice.uniform(0.1, 2.0)))
            life.kill()
            await self.ends(life)

    async def begins(self, **how: Any) -> Any:
        return await self.keeper.start(self.settings, ahead=self.seconds, **how)

    async def ends(self, life: Any) -> None:
        """Everyone has noticed, and a minute has passed: what it had in hand is anybody's."""
        await life.ended.wait()
        self.kills += life.was_killed
        await eventually(self._nobody_is_connected)
        self.ahead += timedelta(seconds=self.dice.uniform(61, 75))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def seconds(self) -> float:
        return self.ahead.total_seconds()

    async def both_are_connected(self) -> bool:
        return len(self.sandbox.world.sockets.links) == 2

    async def _nobody_is_connected(self) -> bool:
        return not self.sandbox.world.sockets.links


async def _first(*waits: Awaitable[Any]) -> None:
    """Until one of them is over; the rest are called off."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def throw_faults(sandbox: Sandbox) -> None:
    """All of Slack's bad days at once."""
    for method in ("chat.postMessage", "chat.update", "conversations.create", "views.open",
                   "conversations.invite", "conversations.history", "pins.add"):  # fmt: skip
        often = {"times": None, "probability": 0.04}
        sandbox.faults.add(method, "ratelimited", retry_after=1, **often)
        for kind in ("error", "error_after", "drop_before", "drop_after"):
            sandbox.faults.add(method, kind, **often)
        sandbox.faults.add(method, "slow", seconds=0.3, **often)
    sandbox.faults.add("delivery", "duplicate", times=None, probability=0.1)
    sandbox.faults.add("delivery", "lose_ack", times=None, probability=0.05)
    sandbox.faults.add("delivery", "drop_socket", times=8, probability=0.001)


@asynccontextmanager
async def storm_at(tmp_path: Path, kind: str, seed: int) -> AsyncIterator[Storm]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    sandbox = Sandbox(sandbox_people(), manifest=manifest, seed=seed)
    await sandbox.start()
    keeper = await Keeper.ready(tmp_path / "said.log")
    url = await with_tables(kind, tmp_path)
    try:
        yield Storm(keeper, storm_settings(sandbox, url, tmp_path), sandbox, random.Random(seed))
    finally:
        await keeper.close()
        await sandbox.stop()


@contextlib.contextmanager
def told(seed: int, said: Path) -> Iterator[None]:
    """Says with which seed it failed, and what the bot said last."""
    try:
        yield
    except BaseException as problem:
        last = said.read_text(errors="replace")[-3000:] if said.exists() else ""
        problem.add_note(f"STORM_SEED={seed}\n{last}")
        raise


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_over_and_over_the_bot_loses_nothing_and_says_nothing_twice(
    kind: str, tmp_path: Path
):
    seed = int(os.environ.get("STORM_SEED") or random.randrange(10**6))
    with told(seed, tmp_path / "said.log"):
        async with storm_at(tmp_path, kind, seed) as storm:
            work = Workplace(storm.sandbox, random.Random(seed + 1))
            throw_faults(storm.sandbox)
            await lives_through(storm, work)
            async with evidence(storm.settings) as found:
                check(storm, work, found)


async def lives_through(storm: Storm, work: Workplace) -> None:
    talk: list[asyncio.Task[None]] = []

    async def case(raiser: str, other: str, danger: bool, goes_on: Any) -> None:
        channel = await raised(work, raiser, other, danger=danger)
        talk.extend(asyncio.create_task(chatters(work, who, channel)) for who in (raiser, other))
        await goes_on(work, channel)

    cases = [asyncio.create_task(case(*each)) for each in CASES]
    try:
        async with asyncio.timeout(240):
            await storm.rages(KILLS)
            storm.sandbox.faults.clear()
            await comes_to_an_end(storm, cases)
            await falls_quiet(storm, talk)
    finally:
        for task in (*cases, *talk):
            task.cancel()
        await asyncio.gather(*cases, *talk, return_exceptions=True)


async def comes_to_an_end(storm: Storm, cases: list[asyncio.Task[None]]) -> None:
    """Lives without faults, until every case is told: a case may be waiting for a clock, and the
    clock leaps only between two lives."""
    while True:
        life = await storm.begins()
        _, waiting = await asyncio.wait(cases, timeout=10)
        if not waiting:
            break
        life.kill()
        await storm.ends(life)
    await asyncio.gather(*cases)


async def falls_quiet(storm: Storm, talk: list[asyncio.Task[None]]) -> None:
    """People stop talking; the bot goes on until nothing is due and nothing waits."""
    for task in talk:
        task.cancel()
    await asyncio.gather(*talk, return_exceptions=True)
    database = Database.at(storm.settings.database_url)
    outbox, files = Outbox(database), files_of(storm.settings, database)

    async def quiet() -> bool:
        await storm.sandbox.quiet(timeout=30)
        async with files.shelf() as shelf:
            due = await shelf.next_due()
        return not await outbox.waiting() and (due is None or due > storm.now())

    await eventually(quiet, within=120)
    life = storm.keeper.lives[-1]
    assert not life.ended.is_set(), "the last life ended by itself"
    life.kill()
    await life.ended.wait()
    await database.dispose()


# What is looked at afterwards


def files_of(settings: Settings, database: Database) -> Files:
    return Files(database, Vault(settings.challenge_key.get_secret_value()))


@dataclass
class Evidence:
    """Everything in the database, as a reader finds it."""

    challenges: list[Challenge]
    chronologies: dict[int, list[Recorded]]
    outbox: list[Any]
    left_waiting: list[str]
    broken: object
    dead: list[Any]

    def count(self, challenge: Challenge, kind: Happened) -> int:
        return sum(r.entry.kind is kind for r in self.chronologies[challenge.id])

    def by(self, who: str, kind: Happened) -> int:
        every = (r.entry for entries in self.chronologies.values() for r in entries)
        return sum(e.by == who and e.kind is kind for e in every)


@asynccontextmanager
async def evidence(settings: Settings) -> AsyncIterator[Evidence]:
    database = Database.at(settings.database_url)
    files = files_of(settings, database)
    try:
        async with files.shelf() as shelf:
            links = [link async for page in shelf.chain_pages() for link in page]
            broken = first_break(links, await shelf.head())
            ids = {link.challenge_id for link in links}
            challenges = [await shelf.challenge_by_id(each) for each in sorted(ids)]
            chronologies = {each: await shelf.chronology(each) for each in ids}
            left = await shelf.without_clock()
        async with database.reading() as connection:
            rows = (await connection.execute(select(OUTBOX).order_by(OUTBOX.c.id))).all()
        dead = await Outbox(database).dead()
        yield Evidence(
            [c for c in challenges if c is not None], chronologies, list(rows), left, broken, dead
        )
    finally:
        await database.dispose()


def check(storm: Storm, work: Workplace, found: Evidence) -> None:
    assert storm.kills >= KILLS
    assert found.broken is None
    assert found.left_waiting == []
    assert [(p.kind, p.why) for p in found.dead] == []
    assert {row.state for row in found.outbox} == {SENT}
    check_words(storm.sandbox, found)
    check_acts(work, found)
    check_posts(storm.sandbox, found)
    check_spaces(storm.sandbox, found)
    odd = [c for c in storm.sandbox.complaints if c.kind not in {"late_ack", "used_ticket"}]
    assert odd == []


def check_words(sandbox: Sandbox, found: Evidence) -> None:
    """Every version of every message that Slack heard a yes to is on record once; what it gave up
    on, which is rare, at most once."""
    acked = [r for r in sandbox.wire if r.direction == "to_bot" and "event" in r.payload]
    heard = {r.payload["event_id"]: r.payload["event"] for r in acked if r.refused is None}
    every = {r.payload["event_id"]: r.payload["event"] for r in acked}
    channels = {c.space.channel: c.id for c in found.challenges if c.space}

    def versions(events: dict[str, Any]) -> Counter[tuple[Any, ...]]:
        found = (_version(e, channels, sandbox.bot_user_id) for e in events.values())
        return Counter(version for version in found if version)

    said = versions(heard)
    kept = Counter(
        (id, r.entry.kind, r.entry.by, r.entry.message, r.entry.said, r.entry.words.get("Message"))
        for id, entries in found.chronologies.items()
        for r in entries
        if r.entry.message
    )
    assert kept - versions(every) == Counter(), "on record, and said less often"
    assert said - kept == Counter(), "acknowledged, and not on record"
    assert len(said) > 100


def _version(event: dict[str, Any], channels: dict[str, int], bot: str) -> tuple[Any, ...] | None:
    kind, subtype = event["type"], event.get("subtype")
    if kind in ("reaction_added", "reaction_removed"):
        happened = Happened.REACTED if kind == "reaction_added" else Happened.UNREACTED
        challenge = channels.get(event["item"]["channel"])
        at = moment_of(event["event_ts"])
        if challenge is None or event["user"] == bot:
            return None
        return challenge, happened, event["user"], event["item"]["ts"], at, None
    challenge = channels.get(str(event.get("channel")))
    if kind != "message" or challenge is None:
        return None
    if subtype == "message_changed":
        now = event["message"]
        if now.get("bot_id"):
            return None
        at = moment_of(now["edited"]["ts"])
        return challenge, Happened.EDITED, now["user"], now["ts"], at, now["text"]
    if subtype == "message_deleted":
        before = event["previous_message"]
        if before.get("bot_id"):
            return None
        at = moment_of(event["event_ts"])
        return challenge, Happened.DELETED, before["user"], before["ts"], at, before["text"]
    if subtype is not None or event.get("bot_id"):
        return None
    at = moment_of(event["ts"])
    return challenge, Happened.SAID, event["user"], event["ts"], at, event["text"]


def check_acts(work: Workplace, found: Evidence) -> None:
    """Each act that somebody saw taken has its effect, once."""
    effects = {
        "raises": Happened.RAISED,
        "accepts": Happened.ACCEPTED,
        "declines": Happened.DECLINED,
        "proposes": Happened.SETTLEMENT_PROPOSED,
        "confirms": Happened.SETTLED,
        "withdraws": Happened.WITHDRAWN,
        "marks as seen": Happened.SEEN,
    }
    for (who, deed), times in work.done.items():
        # A reaction is not repeated by the person: what Slack gave up on may be there or not.
        most = 1 if deed == "marks as seen" else times
        assert (who, deed, found.by(who, effects[deed])) in {(who, deed, times), (who, deed, most)}
    assert len(found.challenges) == len(CASES)
    assert sum(c.status in CLOSED for c in found.challenges) == 3
    for challenge in found.challenges:
        if challenge.settlement:
            assert len(challenge.settlement.actions) == 1


def check_posts(sandbox: Sandbox, found: Evidence) -> None:
    """Each notice became one message, by its key and by what it means."""
    keys = Counter(
        message.metadata["event_payload"]["key"]
        for channel in sandbox.channels()
        for message in channel.messages
        if message.metadata
    )
    rows = [row for row in found.outbox if row.ts and Told(row.kind) not in NOT_COUNTED]
    assert {k: n for k, n in keys.items() if n != 1} == {}
    assert {row.key for row in rows} <= set(keys)
    meanings = Counter((r.challenge_id, r.kind, r.to, r.about, r.mark, r.entry) for r in rows)
    assert {m: n for m, n in meanings.items() if n != 1} == {}
    for challenge in found.challenges:
        check_prompts(sandbox, found, challenge)


def check_prompts(sandbox: Sandbox, found: Evidence, challenge: Challenge) -> None:
    """By what stands in Slack alone: as many reminders and prompts as fell due."""
    assert challenge.space is not None
    messages = sandbox.channel(challenge.space.channel).messages
    reminders = [m for m in messages if m.text.startswith("Reminder about")]
    assert len(reminders) == found.count(challenge, Happened.REMINDED)
    rows = [r for r in found.outbox if r.challenge_id == challenge.id]
    prompted = Counter(int(r.mark) for r in rows if r.kind == Told.PROMPT)
    entries = [r.entry for r in found.chronologies[challenge.id]]
    nobody = sum(
        e.summary.count("Nobody else could be found") + e.summary.count("nobody yet")
        for e in entries
    )
    assert prompted == Counter(dict.fromkeys(prompted, 1))
    assert len(prompted) >= challenge.prompted - nobody
    shown = [m for m in messages if m.metadata and m.metadata["event_payload"]["key"] in {
        r.key for r in rows if r.kind == Told.PROMPT}]  # fmt: skip
    assert len(shown) == len(prompted)


def check_spaces(sandbox: Sandbox, found: Evidence) -> None:
    """One channel for each challenge, with one card in it, which is pinned."""
    ours = [c for c in sandbox.channels() if c.creator == sandbox.bot_user_id and c.is_private]
    spaces = [c.space for c in found.challenges if c.space]
    assert sorted(c.id for c in ours) == sorted(s.channel for s in spaces)
    for challenge in found.challenges:
        assert challenge.space is not None
        channel = sandbox.channel(challenge.space.channel)
        cards = [m.ts for m in channel.messages if m.text.startswith(f"{challenge.reference}: ")]
        assert len(cards) == 1
        assert channel.pins == cards


# One blow at a time


@pytest.mark.parametrize("kind", KINDS)
async def test_killed_after_slack_made_the_channel_the_same_one_is_taken_up_again(
    kind: str, tmp_path: Path
):
    async with storm_at(tmp_path, kind, seed=1) as storm:
        work = Workplace(storm.sandbox, storm.dice)
        life = await storm.begins(dies_after="conversations_create")
        await storm.sandbox.connected(timeout=20)
        raising = asyncio.create_task(raised(work, ASHA, BEN))
        await storm.ends(life)

        await storm.begins()
        await raising
        await falls_quiet(storm, [])

        assert life.was_killed
        assert len(storm.sandbox.calls("conversations.create")) == 1
        async with evidence(storm.settings) as found:
            check_posts(storm.sandbox, found)
            check_spaces(storm.sandbox, found)


@pytest.mark.parametrize("point", ["out.after_claim", "out.before_post", "out.after_post"])
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_at_any_point_of_a_post_there_is_one_message(
    kind: str, point: str, tmp_path: Path
):
    async with storm_at(tmp_path, kind, seed=2) as storm:
        work = Workplace(storm.sandbox, storm.dice)
        raising = None
        for times in (1, 1, 2, 1):
            life = await storm.begins(dies_at=point, times=times)
            await _first(life.ended.wait(), storm.sandbox.connected(timeout=20))
            raising = raising or asyncio.create_task(raised(work, ASHA, BEN))
            await storm.ends(life)

        await storm.begins()
        assert raising is not None
        await raising
        await falls_quiet(storm, [])

        assert storm.kills == 4
        async with evidence(storm.settings) as found:
            check_acts_once(found)
            check_posts(storm.sandbox, found)
            check_spaces(storm.sandbox, found)


def check_acts_once(found: Evidence) -> None:
    assert len(found.challenges) == 1
    assert found.broken is None
    assert {row.state for row in found.outbox} == {SENT}


@pytest.mark.postgres
async def test_two_bots_on_one_database_find_the_same_deadlines_due_and_double_nothing(
    tmp_path: Path,
):
    async with storm_at(tmp_path, "postgres", seed=3) as storm:
        work = Workplace(storm.sandbox, storm.dice)
        life = await storm.begins()
        await storm.sandbox.connected(timeout=20)
        pairs = [(ASHA, BEN), (LENA, BEN), (DEV, FINN), (HUGO, CARA)]
        channels = await asyncio.gather(*(raised(work, *pair) for pair in pairs))
        await falls_quiet(storm, [])
        assert life.was_killed

        # All four lapse while nobody is there, so both bots find all four due at once.
        storm.ahead += timedelta(minutes=10)
        other = await Keeper.ready(tmp_path / "said-too.log")
        try:
            await asyncio.gather(storm.begins(), other.start(storm.settings, ahead=storm.seconds))
            await eventually(storm.both_are_connected)
            for who, channel in zip((ASHA, LENA, DEV, HUGO), channels, strict=True):
                await work.sees(who, channel, "moves up")
            await falls_quiet(storm, [])
        finally:
            await other.close()

        async with evidence(storm.settings) as found:
            assert [found.count(c, Happened.LAPSED) for c in found.challenges] == [1] * 4
            assert found.broken is None
            check_posts(storm.sandbox, found)
            check_spaces(storm.sandbox, found)


# The database in trouble


async def test_while_the_database_is_locked_nothing_is_acknowledged_and_nothing_is_lost(
    one_way: Story, tmp_path: Path
):
    reference = await one_way.raises()
    one_way.forgives("late_ack")
    asha = one_way.person(ASHA)
    other = sqlite3.connect(tmp_path / "challenge.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    # Slack waits three seconds for its answer, and says it again.
    saying = asyncio.create_task(one_way.says(ASHA, reference, "Could we talk today?"))
    await eventually(lambda: _is(any(c.kind == "late_ack" for c in one_way.sandbox.complaints)))
    assert not saying.done()
    other.execute("ROLLBACK")
    other.close()
    await saying

    assert asha.delivery.acked
    assert asha.delivery.attempts > 1
    await one_way.settled()
    assert (await one_way.kinds(reference)).count(Happened.SAID) == 1


async def test_on_a_full_disk_nothing_is_acknowledged_and_a_person_is_told_kindly(tmp_path: Path):
    url = await with_tables("sqlite", tmp_path)
    async with told_in(tmp_path, url, "http") as story:
        reference = await story.raises()
        asha = story.person(ASHA)
        await _allow_pages(story, more=0)
        kept = await _says_until_it_is_not_taken(story, reference)

        await story.opens(ASHA, reference, "Ask for the next stage")
        await asha.fill("Is anyone in immediate danger now?", "No")
        await asha.fill("Why is the next stage needed now?", "Nobody came to see her. " * 120)
        await asha.submits()
        [sentence] = asha.view.errors.values()
        assert "went wrong on our side and this was not done" in sentence
        assert re.search(r"quote [0-9A-F]{8} to", sentence)
        assert Happened.ESCALATED not in await story.kinds(reference)

        await _allow_pages(story, more=1_000)
        await asha.submits()
        assert asha.view is None
        await story.says(ASHA, reference, "There is room again.")
        assert asha.delivery.acked
        await story.settled()
        said = [r.entry.words["Message"] for r in await story.record(reference) if r.entry.message]
        assert said == [*kept, "There is room again."]
        assert (await story.kinds(reference)).count(Happened.ESCALATED) == 1


async def _allow_pages(story: Story, more: int) -> None:
    """A disk that has so much room; on the one connection that writes."""
    async with story.bot.database.writing() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages + more}")


async def _says_until_it_is_not_taken(story: Story, reference: str) -> list[str]:
    kept: list[str] = []
    while True:
        text = f"Number {len(kept)} {'x' * 3000}"
        await story.says(ASHA, reference, text)
        if not story.person(ASHA).delivery.acked:
            return kept
        kept.append(text)


@pytest.mark.postgres
async def test_when_its_server_is_killed_the_bot_waits_for_it_and_goes_on(tmp_path: Path):
    server = another_server()
    url = await fresh_database(server)
    database = Database.at(url)
    await migrations.upgrade(database)
    await database.dispose()
    async with told_in(tmp_path, url, "socket") as story:
        story.forgives("late_ack")
        reference = await story.raises()
        due = (await story.challenge(reference)).due

        await asyncio.to_thread(kill, server)
        saying = asyncio.create_task(story.says(ASHA, reference, "Could we talk today?"))
        story.clock.move_on(due - story.clock.now() + timedelta(seconds=1))
        story.bot.stir()
        await eventually(lambda: _is(any(c.kind == "late_ack" for c in story.sandbox.complaints)))
        await asyncio.to_thread(start_again, server)
        await saying

        assert story.person(ASHA).delivery.acked
        await eventually(lambda: _offered(story, reference), within=30)
        await story.settled()
        assert (await story.kinds(reference)).count(Happened.SAID) == 1
        assert "moves up" in story.sees(ASHA, reference)


# Slack in trouble


async def test_while_slack_is_away_clocks_go_on_and_everything_is_told_in_order_afterwards(
    one_way: Story,
):
    first, second = await one_way.raises(), await one_way.raises(by=LENA)
    one_way.sandbox.faults.add("*", "drop_before", times=None)

    due = max([(await one_way.challenge(each)).due for each in (first, second)])
    one_way.clock.move_on(due - one_way.clock.now() + timedelta(seconds=1))
    one_way.bot.stir()
    for each in (first, second):
        await eventually(partial(_offered, one_way, each))
    await one_way.says(ASHA, first, "Is anybody there?")
    assert one_way.person(ASHA).delivery.acked
    assert "moves up" not in one_way.sees(ASHA, first)

    one_way.sandbox.faults.clear()
    await one_way.passes(minutes=2)

    for each in (first, second):
        assert await _told_in_order(one_way, each)
        assert "moves up" in one_way.sees(BEN, each)


async def test_a_bot_that_starts_while_slack_is_away_keeps_its_clocks_and_comes_in_later(
    one_way: Story,
):
    reference = await one_way.raises()
    due = (await one_way.challenge(reference)).due
    await one_way.goes_down()
    one_way.sandbox.faults.add("*", "error", status=503, times=None)
    one_way.clock.move_on(due - one_way.clock.now() + timedelta(seconds=1))

    one_way.bot = build(one_way.bot.settings, clock=one_way.clock, pace=0.0)
    await one_way.bot.start()
    await eventually(lambda: _offered(one_way, reference))
    one_way.sandbox.faults.clear()
    one_way.sandbox.faults.add("auth.test", "ratelimited")
    one_way.sandbox.faults.add("apps.connections.open", "drop_before")
    await one_way.bot.open_socket()
    await one_way.sandbox.connected(timeout=20)
    await one_way.passes(minutes=2)

    assert "moves up" in one_way.sees(ASHA, reference)


async def _is(true: bool) -> bool:
    return true


async def _offered(story: Story, reference: str) -> bool:
    try:
        challenge = await story.challenge(reference)
    except DatabaseTrouble:
        return False
    return bool(challenge.status is Status.OFFERED)


async def _told_in_order(story: Story, reference: str) -> bool:
    """What was posted to the channel stands there in the order in which it was put out."""
    challenge = await story.challenge(reference)
    async with story.bot.database.reading() as connection:
        query = select(OUTBOX.c.key).where(OUTBOX.c.challenge_id == challenge.id)
        keys = list((await connection.execute(query.order_by(OUTBOX.c.id))).scalars())
    messages = story.channel(reference).messages
    posted = [m.metadata["event_payload"]["key"] for m in messages if m.metadata]
    return posted == sorted(posted, key=keys.index)
