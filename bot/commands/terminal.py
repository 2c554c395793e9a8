"""Answers on stdout, everything else on stderr, and files that only their owner may read."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.commands.mishaps import Failed


def answer(text: str) -> None:
    """As UTF-8 whatever the terminal says, so that a record never fails on a name."""
    typer.echo(text.removesuffix("\n").encode())


def width() -> int | None:
    """Of the terminal that shows the answers; None where a program reads them."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def write(path: Path, text: str) -> None:
    """Whole or not at all, and for nobody's eyes but the owner's."""
    try:
        _replace(path, text.encode())
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise Failed(f"{path} cannot be written ({why}). Choose another --out.") from problem


@contextmanager
def progress(words: str) -> Iterator[Callable[[int], None]]:
    """Shows a count on a terminal and stays silent anywhere else; call it with how many more."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}: {task.completed}"),
        TimeElapsedColumn(),
    )
    shown = Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
    with shown:
        task = shown.add_task(words, total=None)
        yield lambda more: shown.advance(task, more)


def _replace(path: Path, content: bytes) -> None:
    # Beside its place, because only within one file system is a rename all or nothing.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
