"""British spelling and no blame in whatever else people read: commands, files, pages, the README.

What Slack shows is held where it is drawn, with its reading age.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from blocks import invitation
from tests.blocks.gallery import challenges
from tests.makers import FRIDAY_TEN
from tests.plain_words import american, blaming

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("challenge", "blocks", "handlers", "storage", "bot", "sandbox")
# A computer's program is spelt so here too; what the sandbox does wrong on purpose is a fault.
MEANT = {"program": ROOT, "programs": ROOT, "fault": ROOT / "sandbox", "faults": ROOT / "sandbox"}
# The changelog tells of this very test; the other is what the bot asks about in a draft.
QUOTED = {"CHANGELOG.md": {"blame"}, "wording.py": {"fault"}}


def written() -> Iterator[tuple[Path, str]]:
    """Every sentence that may be read, and in which file it stands."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from ((path, text) for text in sentences(path))
        for path in sorted((ROOT / room).rglob("*.html")):
            yield path, seen_on_the_page(path.read_text(encoding="utf-8"))
    decisions = ROOT / "docs" / "decisions"
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *decisions.glob("README.md")]
    for path in sorted([*pages, *ROOT.glob("procedures/*.toml"), ROOT / "manifest.yml"]):
        yield path, path.read_text(encoding="utf-8")


def sentences(path: Path) -> Iterator[str]:
    """Texts of more than one word; of what stands above a function only a command's help."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    above = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        read = path.name == "cli.py" or id(node) not in above
        if read and isinstance(node, ast.Constant) and " " in str(node.value):
            yield str(node.value)


def seen_on_the_page(html: str) -> str:
    bare = re.sub(r"<(style|script)\b.*?</\1>|\{[{%#].*?[}%#]\}", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", bare)


def unmeant(path: Path, text: str, words: list[str]) -> list[str]:
    meant = {word for word, where in MEANT.items() if path.is_relative_to(where)}
    meant |= QUOTED.get(path.name, set())
    return [word for word in words if word.lower() not in meant]


def test_everything_is_spelt_the_british_way():
    found = {(str(path.relative_to(ROOT)), word) for path, word in _found(american)}

    assert found == set()


def test_nothing_blames_anybody():
    found = {(str(path.relative_to(ROOT)), word) for path, word in _found(blaming)}

    assert found == set()


def test_a_calendar_file_is_plain_too():
    fixed = [c for c in challenges("Zz.").values() if c.meeting and c.meeting.fixed]
    files = [invitation.calendar_file(each, FRIDAY_TEN).decode() for each in fixed]

    assert files
    assert [word for text in files for word in american(text) + blaming(text)] == []


def _found(wrong) -> Iterator[tuple[Path, str]]:
    for path, text in written():
        for word in unmeant(path, text, wrong(text)):
            yield path, word
