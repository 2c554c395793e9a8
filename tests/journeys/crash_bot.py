"""The bot in a process of its own, to be killed without warning and started again at once.

To import everything takes two seconds, so a parent does it once and forks a child for each life:
a life then costs what the bot's own start costs. The parent has no threads and no event loop;
the child makes both.

    keeper = await Keeper.ready(folder)
    life = await keeper.start(settings, ahead=timedelta(minutes=5))
    life.kill()
    await life.ended.wait()
"""

import asyncio
import functools
import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.config import Settings
from bot.wiring import Bot, MovableClock, build

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Life:
    """One process, from its fork to its end."""

    pid: int
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0

    @property
    def was_killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    def kill(self) -> None:
        if not self.ended.is_set():
            os.kill(self.pid, signal.SIGKILL)


class Keeper:
    """The parent, seen from the test: one life at a time."""

    def __init__(self, process: asyncio.subprocess.Process, said: Path) -> None:
        self.said = said
        self.lives: list[Life] = []
        self._process = process
        self._watching: asyncio.Task[None] | None = None

    @classmethod
    async def ready(cls, said: Path) -> "Keeper":
        """Everything imported; whatever the lives print goes into that file."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.journeys.crash_bot",
            str(said),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        keeper = cls(process, said)
        assert await keeper._line() == {"ready": True}
        return keeper

    async def start(self, settings: Settings, **how: Any) -> Life:
        """See `_live` for what `how` may say."""
        plain = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in dict(settings).items()
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"settings": plain, **how}).encode() + b"\n")
        life = Life((await self._line())["pid"])
        self.lives.append(life)
        self._watching = asyncio.create_task(self._watch(life))
        return life

    async def close(self) -> None:
        if self.lives:
            self.lives[-1].kill()
            await self.lives[-1].ended.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def _watch(self, life: Life) -> None:
        life.status = (await self._line())["status"]
        life.ended.set()

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return answer


# In the parent, and then in the child


def main(said: str) -> None:
    """Forks a child for each line of orders, one at a time."""
    gc.freeze()
    _say({"ready": True})
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _be_born(json.loads(line), said)
        _say({"pid": pid})
        _, status = os.waitpid(pid, 0)
        _say({"status": status})


def _be_born(orders: Mapping[str, Any], said: str) -> None:
    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    asyncio.run(_live(**orders))
    raise SystemExit


async def _live(
    settings: dict[str, Any],
    ahead: float = 0.0,
    dies_at: str = "",
    dies_after: str = "",
    times: int = 1,
) -> None:
    """The bot on a clock that is so many seconds ahead. It dies at the courier's crashpoint of
    that name, or when Slack has answered that method of the client's, the how-manieth time."""
    clock = MovableClock(timedelta(seconds=ahead))
    bot = build(Settings(_env_file=None, **settings), clock=clock, pace=0.0)
    die = _Fate(times)
    if dies_at:
        bot.courier._crashpoint = lambda point: die() if point == dies_at else None
    if dies_after:
        _die_after(bot, dies_after, die)
    await bot.run_socket()


class _Fate:
    """Counts down, then kills this process as the kernel would: nothing is flushed or undone."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _die_after(bot: Bot, method: str, die: Callable[[], None]) -> None:
    call = getattr(bot.client, method)

    @functools.wraps(call)
    async def last(*args: Any, **facts: Any) -> Any:
        answer = await call(*args, **facts)
        die()
        return answer

    setattr(bot.client, method, last)


def _say(line: dict[str, Any]) -> None:
    os.write(1, json.dumps(line).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
