"""Wiring: the parts are joined, the environment is not read, and a start may be refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler

from bot.wiring import CannotStart, MovableClock, build, load_procedure
from storage.directory import DirectoryBook
from storage.vault import new_master_key
from tests.bot.conftest import ROOT, settings_for
from tests.postgres import fresh_database

PEOPLE = """
[[agency]]
key = "school"
name = "Hollybush School"

[[person]]
slack = "U0ASHA"
name = "Asha Patel"
agency = "school"
role = "practitioner"

[partnership]
coordinators = ["U0JOAN"]
"""


def test_the_environment_is_not_read_behind_our_back(monkeypatch, sandbox, database_url):
    for name in ("CLIENT_ID", "CLIENT_SECRET", "BOT_TOKEN", "SIGNING_SECRET"):
        monkeypatch.setenv(f"SLACK_{name}", "from-the-environment")

    app = build(settings_for(sandbox, database_url)).app

    assert app.oauth_flow is None
    assert app.client.token == "xoxb-sandbox"


def test_a_post_is_never_repeated_by_the_sdk(sandbox, database_url):
    handlers = build(settings_for(sandbox, database_url)).client.retry_handlers

    assert not any(isinstance(one, AsyncConnectionErrorRetryHandler) for one in handlers)


async def test_starting_and_stopping_twice_does_no_harm(another_bot):
    bot = another_bot()
    await bot.start()
    await bot.start()

    await bot.stop()
    await bot.stop()


async def test_a_bot_that_was_stopped_can_be_started_again(another_bot):
    bot = another_bot()
    await bot.start()
    await bot.stop()
    again = another_bot()

    await again.start()

    assert again.alarm.rang_lately


async def test_the_bot_starts_and_keeps_deadlines_while_slack_is_away(another_bot, sandbox):
    sandbox.faults.add("auth.test", "drop_before", times=None)

    await another_bot().start()


async def test_another_databases_key_is_refused_before_anything_is_sealed(
    another_bot, sandbox, database_url
):
    await another_bot().start()
    settings = settings_for(sandbox, database_url, challenge_key=SecretStr(new_master_key()))

    other = build(settings)
    with pytest.raises(CannotStart, match="CHALLENGE_KEY"):
        await other.start()
    await other.stop()


@pytest.mark.postgres
async def test_an_old_postgresql_schema_is_refused_with_what_to_type(sandbox):
    bot = build(settings_for(sandbox, await fresh_database()))

    with pytest.raises(CannotStart, match="python -m bot migrate"):
        await bot.start()
    await bot.stop()


async def test_an_empty_directory_is_filled_from_its_file(sandbox, tmp_path: Path):
    file = tmp_path / "people.toml"
    file.write_text(PEOPLE, encoding="utf-8")
    url = f"sqlite:///{tmp_path}/new.db"

    bot = build(settings_for(sandbox, url, challenge_directory=str(file)))
    await bot.start()
    directory = await DirectoryBook(bot.database).read()
    await bot.stop()

    assert [person.name for person in directory.people] == ["Asha Patel"]


async def test_a_directory_that_holds_people_already_is_left_alone(
    sandbox, database_url, tmp_path: Path
):
    file = tmp_path / "people.toml"
    file.write_text(PEOPLE, encoding="utf-8")

    bot = build(settings_for(sandbox, database_url, challenge_directory=str(file)))
    await bot.start()
    directory = await DirectoryBook(bot.database).read()
    await bot.stop()

    assert "Asha Patel" not in {person.name for person in directory.people}


@pytest.mark.parametrize("text", ["[[person", "[[person]]\nname = 7\n"])
async def test_a_directory_file_with_mistakes_is_refused(sandbox, tmp_path: Path, text):
    file = tmp_path / "people.toml"
    file.write_text(text, encoding="utf-8")

    url = f"sqlite:///{tmp_path}/new.db"
    bot = build(settings_for(sandbox, url, challenge_directory=str(file)))
    with pytest.raises(CannotStart, match=r"people\.toml"):
        await bot.start()
    await bot.stop()


def test_a_procedure_loads_by_its_name_or_by_its_path():
    by_name = load_procedure("darlington-2025-12")

    assert load_procedure(str(ROOT / "procedures" / "darlington-2025-12.toml")) == by_name


@pytest.mark.parametrize("text", [None, "version =", 'version = "x"'])
def test_a_procedure_that_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path, text):
    file = tmp_path / "mine.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")

    with pytest.raises(CannotStart, match=r"mine\.toml"):
        load_procedure(str(file))


def test_a_clock_that_was_moved_still_knows_the_time_on_the_wall():
    clock = MovableClock()
    clock.move_on(timedelta(days=3))
    in_an_hour = clock.now() + timedelta(hours=1)

    assert abs(clock.seconds_until(in_an_hour) - 3600) < 1
    assert abs((clock.on_the_wall(in_an_hour) - datetime.now(UTC)).total_seconds() - 3600) < 1
