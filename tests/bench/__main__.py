"""`make bench`: every figure beside its goal. A report and not a test, so it ends with 0.

make bench ARGS=--quick        a minute instead of some, with fewer challenges
make bench ARGS="--only messages"
"""

import argparse
import asyncio
import logging
import os
import platform
import sys
import tempfile
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console

from tests.bench import deadlines, messages
from tests.bench.figures import Figure, below, middle, show
from tests.bench.processes import timed

WIDTH = 140

Measure = Callable[[Path], Awaitable[list[Figure]]]


async def command_line(_: Path) -> list[Figure]:
    took = [await timed("-m", "bot", "--help") for _ in range(7)]
    bare = [await timed("-c", "pass") for _ in range(7)]
    extra = f" (Python itself {middle(bare):.2f})"
    return [below("python -m bot --help", middle(took), 0.2, "s", extra)]


def measures(*, quick: bool) -> dict[str, tuple[str, Measure]]:
    return {
        "messages": (
            "Messages, signed HTTP to committed record",
            partial(messages.recorded, events=800 if quick else 2_000, rounds=3 if quick else 7),
        ),
        "opens": (
            "A click among messages",
            partial(messages.opens, seconds=6 if quick else 30),
        ),
        "deadlines": (
            "Many open challenges",
            partial(
                deadlines.of,
                challenges=5_000 if quick else 100_000,
                starts=2 if quick else 5,
            ),
        ),
        "commands": ("The command line", command_line),
    }


async def main(console: Console, *, quick: bool, only: list[str]) -> None:
    console.print(f"{datetime.now(UTC):%-d %B %Y %H:%M} UTC, {_machine()}", highlight=False)
    for name, (title, measure) in measures(quick=quick).items():
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            show(title, await _found(measure, Path(folder)), console)


async def _found(measure: Measure, folder: Path) -> list[Figure]:
    try:
        return await measure(folder)
    except Exception as problem:  # noqa: BLE001 - one that cannot be measured must not hide the rest
        return [Figure("could not be measured", f"{type(problem).__name__}: {problem}", met=False)]


def _machine() -> str:
    cores, busy = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    python = platform.python_version()
    return f"{platform.machine()}, {cores} cores of which others used {busy:.1f}, Python {python}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run")
    parser.add_argument("--only", nargs="+", default=[], choices=list(measures(quick=True)))
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # A log file has no width of its own.
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    asyncio.run(main(console, quick=given.quick, only=given.only))
