"""Every clock that a challenge can have is known to the rehearsal, which says what it brings."""

import importlib
import re
from pathlib import Path

from bot.rehearsal_clock import LEADS_TO

RULES = Path(__file__).parents[2] / "challenge"
NAMED = re.compile(r"challenge\.turn\}:\{(\w+)\}")


def kinds():
    for path in RULES.glob("*.py"):
        rules = importlib.import_module(f"challenge.{path.stem}")
        for name in NAMED.findall(path.read_text(encoding="utf-8")):
            yield getattr(rules, name)


def test_the_rehearsal_says_what_every_clock_leads_to():
    assert set(kinds()) == set(LEADS_TO)
