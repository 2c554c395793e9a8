"""Prints the diagrams of docs/tour.md: python -m tests.house.tour

What may be done comes from the tables, the arrows from what the rules do. Run it after a change to
either, to the parts or to a procedure; a test fails while it is stale.
"""

import tomllib
from pathlib import Path

from challenge.model import Status
from challenge.procedure import Procedure
from challenge.rights import MAY, MOVES, READERS, Act, Part
from tests.house.lifecycle import arrows

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "tour.md"
FILES = tuple(
    Procedure.read(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "procedures").glob("*.toml"))
)
BEGIN, END = "<!-- from the tables -->\n", "<!-- to here -->\n"


WHY = (
    "Each arrow is what a rule really did when everybody tried it in every situation that tests",
    "know. Acts are named as in the table below, what happens by itself as in the chronology; an",
    "arrow that comes back to where it began asks other people.",
)


def from_the_tables() -> str:
    return "\n".join([*_lifecycle(), "", *_stages(), "", *_moves(), "", *_parts(), ""])


def _lifecycle() -> list[str]:
    names = [f'    state "{each.value}" as {each.name.lower()}' for each in Status]
    drawn = [f"    {a} --> {b}: {'<br/>'.join(why)}" for (a, b), why in arrows().items()]
    head = ["## The life of a challenge", "", *WHY, "", "```mermaid", "stateDiagram-v2"]
    return [*head, *names, *drawn, "```"]


def _stages() -> list[str]:
    lines = ["## The stages of each procedure", ""]
    for procedure in FILES:
        lines += [
            f"**{procedure.title}** (`{procedure.version}`)",
            "",
            "```mermaid",
            "flowchart LR",
        ]
        lines += [_stage(procedure, number) for number in range(1, len(procedure.stages) + 2)]
        lines += [_arrow(procedure, s.number) for s in procedure.stages if s.confirmed]
        lines += ["```", ""]
    return lines[:-1]


def _stage(procedure: Procedure, number: int) -> str:
    stage = procedure.stage(number)
    doubt = "" if stage.confirmed else "<br/>not confirmed: passed over"
    return f'    s{number}["{number}. {stage.title}<br/>{stage.answer_within}{doubt}"]'


def _arrow(procedure: Procedure, number: int) -> str:
    following = procedure.following(number) or len(procedure.stages) + 1
    return f"    s{number} --> s{following}"


def _moves() -> list[str]:
    head = ["## What may be done, and when", "", f"| act | {' | '.join(s.value for s in Status)} |"]
    head += [f"|---|{'---|' * len(Status)}"]
    rows = [f"| {act.value} | {' | '.join(_yes(act in MOVES[s]) for s in Status)} |" for act in Act]
    return [*head, *rows]


def _parts() -> list[str]:
    head = ["## Who may do it", "", "| act | who |", "|---|---|"]
    rows = [f"| {act.value} | {_names(MAY[act])} |" for act in Act]
    return [*head, *rows]


def _names(parts: frozenset[Part]) -> str:
    return "anyone on it" if parts == READERS else "; ".join(p.value for p in Part if p in parts)


def _yes(open_now: bool) -> str:
    return "yes" if open_now else "–"


def refreshed(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{from_the_tables()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
