"""Slack to record: signed message events, each committed before its 200, beside bare Bolt."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from sqlalchemy import func, select

from sandbox import Sandbox
from storage.tables import ENTRIES
from tests.bench.databases import KEY, POSTGRESQL, SQLITE, filled, opened
from tests.bench.figures import Figure, below, middle, share, spread
from tests.bench.processes import BARE, BOT, Served, load, pretend_slack, served, settings
from tests.makers import U_RAISER

IN_FLIGHT = 24
WANTED = 0.25
DIRECTION = 0.7
ACK_MS = 50.0


async def recorded(folder: Path, *, events: int, rounds: int) -> list[Figure]:
    """Rounds in turn, so that whatever else the machine does falls on all of them alike."""
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(pretend_slack())
        urls = {kind: await filled(kind, folder, "messages", 5) for kind in (SQLITE, POSTGRESQL)}
        servers = {"bare": await stack.enter_async_context(
            served(BARE, settings(sandbox, "", KEY))
        )}  # fmt: skip
        for kind, url in urls.items():
            environment = settings(sandbox, url, KEY)
            servers[kind] = await stack.enter_async_context(served(BOT, environment))
        for server in servers.values():
            await load(server.url, "--events", 300, "--in-flight", IN_FLIGHT)
        found = {name: Runs() for name in servers}
        for _ in range(rounds):
            for name, server in servers.items():
                await found[name].one_more(server, events)
    told = [found["bare"].figure("Bare Bolt, one listener that does nothing")]
    for kind, url in urls.items():
        told += found[kind].beside(found["bare"], kind)
        told.append(await _all_kept(kind, url, 300 + rounds * events))
    return told


async def opens(folder: Path, *, seconds: float) -> list[Figure]:
    """/challenge to views.open while 100 messages a second are being recorded."""
    told: list[Figure] = []
    for kind in (SQLITE, POSTGRESQL):
        url = await filled(kind, folder, "opens", 5)
        async with (
            pretend_slack() as sandbox,
            served(BOT, settings(sandbox, url, KEY)) as server,
            Typist(sandbox, server) as typist,
        ):
            drip = await load(server.url, "--rate", 100, "--seconds", seconds)
        took = typist.took[1:]  # the first opens connections and loads code
        told += [
            below(
                f"/challenge to views.open, 100 messages a second, {kind}, p99",
                share(took, 0.99) * 1000,
                ACK_MS,
                "ms",
                f" ({len(took)} times, p50 {share(took, 0.5) * 1000:.1f} ms)",
            ),
            Figure(f"  the messages meanwhile, {kind}", spread(drip["took"])),
        ]
    return told


class Runs:
    """One server's rounds."""

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.busy: list[float] = []
        self.took: list[float] = []

    async def one_more(self, server: Served, events: int) -> None:
        before = server.busy()
        told = await load(server.url, "--events", events, "--in-flight", IN_FLIGHT)
        self.busy.append((server.busy() - before) / events)
        self.rates.append(events / told["seconds"])
        self.took += told["took"]

    def figure(self, what: str) -> Figure:
        busy = f"{middle(self.busy) * 1000:.2f} ms of processor each"
        return Figure(what, f"{middle(self.rates):.0f}/s, {spread(self.took)}, {busy}")

    def beside(self, bare: "Runs", kind: str) -> list[Figure]:
        ratios = [ours / theirs for ours, theirs in zip(self.rates, bare.rates, strict=True)]
        ratio = middle(ratios)
        goal = f"at least {WANTED}; {DIRECTION} is where we go"
        told = f"{ratio:.2f} (rounds {min(ratios):.2f} to {max(ratios):.2f})"
        return [
            self.figure(f"Messages recorded before the 200, {kind}"),
            Figure(f"  beside bare Bolt, {kind}", told, goal, ratio >= WANTED),
        ]


class Typist:
    """Somebody who types /challenge five times a second, and how soon Slack was asked to open."""

    def __init__(self, sandbox: Sandbox, server: Served) -> None:
        self.took: list[float] = []
        self._sandbox = sandbox
        self._server = server
        self._typing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Typist":
        self._sandbox.deliver_to(self._server.url)
        self._typing = asyncio.create_task(self._type())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._typing is not None
        self._typing.cancel()
        await asyncio.gather(self._typing, return_exceptions=True)

    async def _type(self) -> None:
        seat = self._sandbox.person(U_RAISER)
        while True:
            before = len(self._sandbox.calls("views.open"))
            sent = time.time()
            await seat.command("/challenge")
            self.took.append(self._sandbox.calls("views.open")[before].at - sent)
            await seat.closes(everything=True)
            await asyncio.sleep(0.2)


async def _all_kept(kind: str, url: str, events: int) -> Figure:
    """A 200 is a promise, so it is looked up: every message is there."""
    async with opened(url) as (database, _), database.reading() as connection:
        count = select(func.count()).where(ENTRIES.c.kind == "message")
        kept: int = (await connection.execute(count)).scalar_one()
    return Figure(f"  on record, {kind}", f"{kept} of {events}", "all of them", kept == events)
