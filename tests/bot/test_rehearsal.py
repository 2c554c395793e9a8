"""Only a rehearsal can move the clock; nothing that production is given can."""

import re
from pathlib import Path

import pytest

from bot.config import HouseSettings, Settings

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "blocks", "challenge", "storage")
REHEARSAL = {"bot/wiring.py", "bot/rehearsal.py", "bot/rehearsal_clock.py"}


def test_a_clock_that_can_be_moved_is_named_in_the_rehearsal_alone():
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    naming = {path for path in sources if "MovableClock" in path.read_text(encoding="utf-8")}

    assert {path.relative_to(ROOT).as_posix() for path in naming} == REHEARSAL
    wiring = (ROOT / "bot" / "wiring.py").read_text(encoding="utf-8")
    assert wiring.count("MovableClock") == 1, "wiring.py says what it is, and never makes one"


@pytest.mark.parametrize("settings", [Settings, HouseSettings])
def test_no_setting_is_about_the_clock(settings: type[Settings]):
    odd = [name for name in settings.model_fields if re.search("clock|ahead|now|today", name)]

    assert odd == []
