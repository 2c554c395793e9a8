"""Practice stories: read from files, and told by filling the workspace."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox import Person, Sandbox
from sandbox.clock import LONDON
from sandbox.stories import Said, Story, read_stories, tell

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
STORY = Story(
    *("one", "A story", "About it.", "U0ASHA"),
    beside=("U0BEN",),
    channel="practice",
    members=("U0CARA",),
    said=(Said("U0BEN", "First.", 50), Said("U0ASHA", "Second.", 26), Said("U0BEN", "Third.", 1)),
)


@pytest.fixture
async def told() -> Sandbox:
    people = [Person("U0ASHA", "Asha"), Person("U0BEN", "Ben"), Person("U0CARA", "Cara")]
    sandbox = Sandbox([*people, Person("U0DEV", "Dev")], stories=[STORY])
    sandbox.set_ahead((MONDAY - datetime.now(UTC)).total_seconds())
    sandbox.begin("one")
    return sandbox


async def test_a_story_fills_a_channel_with_its_people_and_what_they_said(told: Sandbox) -> None:
    channel = told.channel("practice")
    assert set(channel.members) == {"U0ASHA", "U0BEN", "U0CARA"}
    assert [(m.user, m.text) for m in told.person("U0CARA").messages("practice")] == [
        ("U0BEN", "First."),
        ("U0ASHA", "Second."),
        ("U0BEN", "Third."),
    ]


async def test_nobody_talked_at_a_weekend_and_the_order_stays(told: Sandbox) -> None:
    stamps = [float(m.ts) for m in told.channel("practice").messages]
    days = [datetime.fromtimestamp(each, LONDON) for each in stamps]
    assert stamps == sorted(stamps)
    assert [f"{day:%a %H:%M}" for day in days] == ["Thu 08:00", "Fri 08:00", "Mon 09:00"]


async def test_beginning_twice_fills_it_once_and_reset_puts_it_away(told: Sandbox) -> None:
    told.begin("one")
    assert len(told.channels()) == 1
    told.reset()
    assert told.channels() == []


async def test_the_bot_hears_nothing_of_it(told: Sandbox) -> None:
    assert told.wire == []


def test_a_story_of_strangers_is_refused(sandbox: Sandbox) -> None:
    stranger = Story("two", "Another", "About it.", "U0NOBODY", channel="odd")
    with pytest.raises(ValueError, match="U0NOBODY"):
        tell(sandbox.world.workspace, stranger)


def test_a_file_that_is_no_story_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text('title = "No more"')
    with pytest.raises(ValueError, match=r"odd\.toml is no story"):
        read_stories(tmp_path)
