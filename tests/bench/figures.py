"""What was found, beside what is wanted, as a table that says in words whether it was met."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line. `met` is None for what is only told, and for what a short run cannot judge."""

    what: str
    found: str
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "[green]met[/]", False: "[red]not met[/]", None: ""}[self.met]


def below(what: str, found: float, goal: float, unit: str, extra: str = "") -> Figure:
    told = f"{_short(found)} {unit}{extra}"
    return Figure(what, told, f"under {_short(goal)} {unit}", found < goal)


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def share(values: Sequence[float], of: float) -> float:
    """The value that this share of all stays below: 0.99 for the p99."""
    return sorted(values)[min(len(values) - 1, int(len(values) * of))]


def spread(seconds: Sequence[float]) -> str:
    """p50 and p99 in milliseconds."""
    return f"p50 {share(seconds, 0.5) * 1000:.1f} ms, p99 {share(seconds, 0.99) * 1000:.1f} ms"


def show(title: str, figures: Sequence[Figure], console: Console) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", expand=False)
    for heading in ("measured", "found", "goal", ""):
        table.add_column(heading, overflow="fold")
    for figure in figures:
        table.add_row(figure.what, figure.found, figure.goal, figure.verdict)
    console.print(table)


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
