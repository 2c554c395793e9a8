"""Processes of their own: the bot, bare Bolt, the load; started, measured from outside, stopped."""

import asyncio
import json
import os
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox import Person, Sandbox
from tests.bench.load import SECRET
from tests.makers import U_CHALLENGED, U_RAISER

ROOT = Path(__file__).parent.parent.parent
BOT = ("-m", "bot", "run", "--http", "--port")
BARE = ("-m", "tests.bench.serve")
UP_WITHIN = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """A server under way, and how long it took from the start of its process until it listened."""

    process: Process
    port: int
    up_after: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    def memory(self) -> tuple[float, float]:
        """Megabytes in use: now, and at the most."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        kept = dict(line.split(":", 1) for line in lines)
        return tuple(int(kept[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]

    def busy(self) -> float:
        """Seconds of processor time so far, its threads included."""
        line = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = line.rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def pretend_slack() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    people = [Person(U_RAISER, "Asha Patel"), Person(U_CHALLENGED, "Ben Osei")]
    sandbox = Sandbox(people, manifest=manifest, signing_secret=SECRET)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


def settings(sandbox: Sandbox, database: str, key: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": database,
        "CHALLENGE_KEY": key,
        "LOG_LEVEL": "ERROR",
    }


@asynccontextmanager
async def served(kind: tuple[str, ...], environment: Mapping[str, str]) -> AsyncIterator[Served]:
    port = _free_port()
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *kind, str(port), env={**os.environ, **environment}, cwd=ROOT,
        stdout=DEVNULL,
    )  # fmt: skip
    try:
        await _listens(process, port)
        yield Served(process, port, time.perf_counter() - began)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def load(url: str, *options: object) -> dict[str, Any]:
    """The load's own report: seconds, took (each answer's time), failed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", url, *map(str, options), cwd=ROOT, stdout=PIPE
    )
    said, _ = await process.communicate()
    told: dict[str, Any] = json.loads(said)
    if told["failed"]:
        raise RuntimeError(f"{told['failed']} events of the load were not answered with 200.")
    return told


async def timed(*arguments: str, environment: Mapping[str, str] | None = None) -> float:
    """Seconds that a command of ours takes from start to end."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={**os.environ, **(environment or {})}, cwd=ROOT,
        stdout=DEVNULL, stderr=DEVNULL,
    )  # fmt: skip
    if await process.wait():
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}.")
    return time.perf_counter() - began


async def _listens(process: Process, port: int) -> None:
    async with asyncio.timeout(UP_WITHIN):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            return
    raise RuntimeError("A server ended before it listened.")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port
