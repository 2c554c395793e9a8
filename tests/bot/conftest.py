"""A pretend Slack with the makers' people in it, and a bot built as it is in real life."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import select

from bot.config import Settings
from bot.wiring import Bot, MovableClock, build
from challenge.model import Challenge, Change, Entry, Happened, Notice, Safety, Told
from challenge.moment import Moment
from sandbox import Channel, Message, Person, Sandbox
from storage.tables import OUTBOX
from storage.vault import new_master_key
from tests.bot.waiting import eventually
from tests.databases import with_tables
from tests.makers import (
    PEOPLE,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_SCRUTINEER,
    U_UNIT,
    a_concern,
)

ROOT = Path(__file__).parent.parent.parent
SECRET = "a-signing-secret-of-the-sandbox"
KEY = new_master_key()
EVERYONE = [*(one.id for one in PEOPLE), U_UNIT, U_COORDINATOR, U_SCRUTINEER]

ON_BOTH = pytest.mark.parametrize(
    "database_kind",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    people = [Person(str(who), str(who).title()) for who in EVERYONE]
    async with await Sandbox(people, manifest=manifest, signing_secret=SECRET).start() as running:
        yield running


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
async def database_url(database_kind: str, tmp_path: Path) -> str:
    """A fresh database with its tables and its people."""
    return await with_tables(database_kind, tmp_path, people=True)


def settings_for(sandbox: Sandbox, database_url: str, **changes: Any) -> Settings:
    given: dict[str, Any] = {
        "slack_bot_token": SecretStr("xoxb-sandbox"),
        "slack_app_token": SecretStr("xapp-sandbox"),
        "slack_signing_secret": SecretStr(SECRET),
        "slack_api_url": sandbox.api_url,
        "database_url": database_url,
        "challenge_key": SecretStr(KEY),
    }
    return Settings(_env_file=None, **{**given, **changes})


MakeBot = Callable[[], Bot]


@pytest.fixture
async def another_bot(sandbox: Sandbox, database_url: str) -> AsyncIterator[MakeBot]:
    """Any number of bots on the one database, none of them started; all are stopped."""
    async with AsyncExitStack() as stack:

        def make() -> Bot:
            built = build(settings_for(sandbox, database_url), clock=MovableClock(), pace=0.0)
            stack.push_async_callback(built.stop)
            return built

        yield make


@pytest.fixture
async def bot(another_bot: MakeBot) -> Bot:
    started = another_bot()
    await started.start()
    return started


# What tests do with them


async def raised(bot: Bot, draft: str = "draft", **facts: Any) -> Challenge:
    given: dict[str, Any] = {
        "by": U_RAISER,
        "challenged": U_CHALLENGED,
        "concern": a_concern(),
        "safety": Safety(danger=False),
    }
    return await bot.casework.raise_challenge(draft, **{**given, **facts})


async def tell(bot: Bot, challenge: Challenge, *notices: Notice) -> Challenge:
    """Puts the notices into the outbox, as any rule would."""

    def rule(given: Challenge, moment: Moment, directory: object) -> Change:
        return Change(given, (Entry(Happened.SEEN, None, "Something happened."),), notices)

    return await bot.casework.carry_out(rule, challenge.id)


def risk() -> Notice:
    """A word to the whole channel."""
    return Notice(Told.RISK_DECLARED, about=U_RAISER)


def pass_time(bot: Bot, **length: float) -> None:
    assert isinstance(bot.clock, MovableClock)
    bot.clock.move_on(timedelta(**length))
    bot.stir()


async def all_sent(bot: Bot, within: float = 15.0) -> None:
    """Until nothing waits; the pauses between tries pass at once."""

    async def empty() -> bool:
        await skip_pauses(bot)
        return await bot.outbox.waiting() == 0

    await eventually(empty, within)


async def skip_pauses(*bots: Bot) -> None:
    """Moves the clocks on to the next try, unless something is under way and has a lease."""
    first = bots[0]
    at = await first.outbox.next_at(first.clock.now())
    under_way = any(row.state == "sending" for row in await open_parcels(first))
    if at is not None and not under_way:
        pause = max((at - first.clock.now()).total_seconds(), 0)
        for bot in bots:
            pass_time(bot, seconds=pause)


async def put_off(bot: Bot, kind: Told) -> None:
    """Until a try at a parcel of that kind has failed and is on record as such."""

    async def failed() -> bool:
        return any(p.why for p in await open_parcels(bot) if p.kind == kind.value)

    await eventually(failed)


async def open_parcels(bot: Bot) -> list[Any]:
    """Rows, because the outbox itself only ever answers the next ones."""
    waiting = OUTBOX.c.state.in_(("pending", "sending"))
    async with bot.database.reading() as connection:
        rows = await connection.execute(select(OUTBOX).where(waiting).order_by(OUTBOX.c.id))
        return list(rows)


def channel_of(sandbox: Sandbox, challenge: Challenge) -> Channel:
    return sandbox.channel(f"challenge-{challenge.reference.lower()}")


def posted_in(channel: Channel) -> list[Message]:
    """What the bot posted there, oldest first."""
    return [m for m in channel.messages if m.metadata and not m.is_ephemeral]


def keys(sandbox: Sandbox) -> list[str]:
    """The key of every message that the bot posted anywhere."""
    posted = [m for channel in sandbox.channels() for m in posted_in(channel)]
    return [(m.metadata or {})["event_payload"]["key"] for m in posted]
