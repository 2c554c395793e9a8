"""The doctor names what is wrong, says what to do, changes nothing, and shows no secret."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import yaml

from bot import doctor
from bot.config import Settings
from bot.doctor import Level
from challenge.directory_file import as_toml
from sandbox import Person, Sandbox
from storage.directory import DirectoryBook
from storage.engine import Database
from storage.vault import new_master_key
from tests.bot.office import ROOT, an_office, fill, logging_as_it_was
from tests.makers import U_RAISER, a_directory, a_person, a_procedure

SECRET = "a-signing-secret-of-the-sandbox"
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
WANTED = set(MANIFEST["oauth_config"]["scopes"]["bot"])
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Where the bot would be run, with settings in its environment."""
    office = an_office(tmp_path, SLACK_BOT_TOKEN="xoxb-sandbox", SLACK_APP_TOKEN="xapp-sandbox")
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in office.settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    with logging_as_it_was():
        yield office


@asynccontextmanager
async def slack(monkeypatch) -> AsyncIterator[Sandbox]:
    people = [Person("U0ASHA", "Asha Patel")]
    async with await Sandbox(people, manifest=MANIFEST, signing_secret=SECRET).start() as running:
        monkeypatch.setenv("SLACK_API_URL", running.api_url)
        yield running


async def findings(about):
    found = await doctor.examine()
    return [(each.level, each.says) for each in found if each.about == about]


async def test_when_all_is_well_nothing_is_red(office, monkeypatch):
    await fill(office)

    async with slack(monkeypatch):
        found = await doctor.examine()

    assert not doctor.is_red(found), doctor.as_text(found)
    assert {each.about for each in found} == {
        *("settings", "database", "key", "directory", "procedure"),
        *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "scopes", "clock"),
    }


async def test_no_secret_stands_in_what_it_says(office, monkeypatch):
    await fill(office)

    async with slack(monkeypatch):
        said = doctor.as_text(await doctor.examine())

    assert office.settings["CHALLENGE_KEY"] not in said
    assert "xoxb-sandbox" not in said


async def test_one_thing_wrong_does_not_hide_the_rest(office, monkeypatch):
    await fill(office)
    monkeypatch.delenv("SLACK_BOT_TOKEN")

    found = await doctor.examine()

    assert found[0].level is Level.RED
    assert found[0].says.startswith("SLACK_BOT_TOKEN is missing.")
    assert {"database", "key", "directory", "procedure"} <= {each.about for each in found}


async def test_without_a_way_in_for_slack_it_is_red(office, monkeypatch):
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")

    [(level, says)] = await findings("settings")

    assert level is Level.RED
    assert "SLACK_SIGNING_SECRET" in says


async def test_a_missing_database_is_red_and_stays_missing(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")

    [(level, says)] = await findings("database")

    assert (level, "There is no database" in says) == (Level.RED, True)
    assert not office.database.exists()


async def test_an_older_schema_says_what_to_type(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    office.database.touch()

    [(level, says)] = await findings("database")

    assert (level, "python -m bot migrate" in says) == (Level.RED, True)


async def test_an_sqlite_with_the_wal_reset_bug_is_amber(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.40.1")
    monkeypatch.setattr(doctor, "sqlite_has_wal_reset_bug", lambda: True)
    await fill(office)

    assert any(
        level is Level.AMBER and "3.51.3" in says for level, says in await findings("database")
    )


async def test_another_key_is_red_and_nothing_is_tied_to_it(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    await fill(office)
    monkeypatch.setenv("CHALLENGE_KEY", new_master_key())

    [(level, says)] = await findings("key")

    assert (level, "does not hold" in says) == (Level.RED, True)


async def test_a_fresh_database_is_not_tied_to_a_key_by_looking(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    office.types("migrate")

    first = await findings("key")
    monkeypatch.setenv("CHALLENGE_KEY", new_master_key())

    assert first == await findings("key")
    assert first[0][0] is Level.GREEN


@pytest.mark.parametrize("answer", ["invalid_auth", "token_revoked"])
async def test_a_token_that_slack_refuses_is_red_with_slacks_word(answer, office, monkeypatch):
    async with slack(monkeypatch) as pretend:
        pretend.faults.add("auth.test", "answer", error=answer)
        pretend.faults.add("apps.connections.open", "answer", error="not_allowed_token_type")

        found = await doctor.examine()

    said = doctor.as_text(found)
    assert f"red    SLACK_BOT_TOKEN  Slack refuses it ({answer})." in said
    assert "red    SLACK_APP_TOKEN  Slack refuses it (not_allowed_token_type)." in said


async def test_the_app_token_is_tried_only_when_there_is_one(office, monkeypatch):
    monkeypatch.delenv("SLACK_APP_TOKEN")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)

    async with slack(monkeypatch) as pretend:
        assert await findings("SLACK_APP_TOKEN") == []
        assert not pretend.calls("apps.connections.open")


async def test_a_slack_that_is_away_is_said_once(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")

    [(level, says)] = await findings("Slack")

    assert (level, "cannot be reached" in says) == (Level.RED, True)


def scopes(*granted):
    """What the doctor says when Slack names those scopes, as it does beside every answer."""
    return list(doctor._scopes({"x-oauth-scopes": ",".join(granted)}))


def test_the_manifests_scopes_are_exactly_right():
    [finding] = scopes(*WANTED)

    assert finding.level is Level.GREEN


def test_a_missing_scope_is_red_and_one_too_many_amber():
    missing, extra = scopes(*(WANTED - {"pins:write"}), "channels:read")

    assert (missing.level, "pins:write" in missing.says) == (Level.RED, True)
    assert extra == doctor.Finding(Level.AMBER, "scopes", "more than the bot needs: channels:read")


def test_the_scope_for_people_by_email_is_nobodys_surplus():
    assert [finding.level for finding in scopes(*WANTED, "users:read.email")] == [Level.GREEN]


def test_a_slack_that_does_not_name_the_scopes_is_amber():
    [finding] = doctor._scopes({})

    assert (finding.level, "cannot tell" in finding.says) == (Level.AMBER, True)


async def test_an_address_in_clear_is_amber_but_not_on_this_machine(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://slack.invalid/api/")

    assert (await findings("settings"))[0][0] is Level.AMBER


async def test_a_directory_without_anyone_above_or_in_a_role_is_amber(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    await fill(office)
    alone = a_directory(people=(a_person(U_RAISER, name="Asha Patel"),), scrutineer=())
    database = Database.at("sqlite:///challenge.db")
    await DirectoryBook(database).replace(alone)
    await database.dispose()

    found = await findings("directory")

    assert [level for level, _ in found] == [Level.GREEN, *[Level.AMBER] * 4]
    assert "Asha Patel has no line manager" in found[1][1]
    assert "No [[person]] entry for UUNIT" in found[2][1]
    assert "scrutineer" in found[4][1]


async def test_an_empty_directory_is_red_unless_a_file_will_fill_it(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    office.types("migrate")
    [(without, _)] = await findings("directory")

    file = office.folder / "people.toml"
    file.write_text("")
    monkeypatch.setenv("CHALLENGE_DIRECTORY", "people.toml")
    [(with_mistakes, says)] = await findings("directory")
    file.write_text(as_toml(a_directory()))
    [(with_file, _)] = await findings("directory")

    assert (without, with_mistakes, with_file) == (Level.RED, Level.RED, Level.AMBER)
    assert "directory check people.toml" in says


async def test_unconfirmed_stages_are_named_as_amber(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")

    found = await findings("procedure")

    assert (Level.AMBER, "stage 4, Senior managers, is not confirmed: passed over") in found
    assert "bank holidays are known for England in" in found[-1][1]


async def test_an_emergency_contact_without_a_number_is_amber(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")

    found = await findings("procedure")

    says = "Children's front door has no number to call yet: people are shown it in danger"
    assert (Level.AMBER, says) in found
    routes = "contacts of other routes to be filled in: 6; procedure check names them"
    assert (Level.AMBER, routes) in found
    assert not any("999" in each for _, each in found)


async def test_what_everybody_can_open_is_said(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    await fill(office)
    dot_env = office.folder / ".env"
    dot_env.write_text("LOG_LEVEL=WARNING\n")
    dot_env.chmod(0o640)
    assert await findings("files") == []

    dot_env.chmod(0o644)
    office.database.chmod(0o644)

    assert await findings("files") == [
        (Level.RED, "everybody on this machine can open .env: chmod 600 .env"),
        (Level.AMBER, "everybody on this machine can open challenge.db: chmod 600 challenge.db"),
    ]


def test_on_a_terminal_what_is_long_goes_on_under_its_own_beginning():
    short = doctor.Finding(Level.GREEN, "key", "it opens what the database holds")
    long = doctor.Finding(Level.AMBER, "SLACK_BOT_TOKEN", "word " * 30)

    lines = doctor.as_text([short, long], width=80).splitlines()
    plain = doctor.as_text([short, long]).splitlines()

    assert all(len(line) <= 80 for line in lines)
    assert lines[0].index("it opens") == lines[1].index("word")
    assert all(line.startswith(" " * lines[1].index("word")) for line in lines[2:-1])
    assert len(plain) == 3


async def test_a_procedure_with_mistakes_is_red(office, monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    monkeypatch.setenv("CHALLENGE_PROCEDURE", "nowhere.toml")

    [(level, says)] = await findings("procedure")

    assert (level, "CHALLENGE_PROCEDURE" in says) == (Level.RED, True)


def test_a_year_without_bank_holidays_is_amber(monkeypatch):
    monkeypatch.setattr(doctor, "bank_holidays", lambda nation, year: frozenset())

    [*_, last] = doctor._procedure(a_procedure())

    assert last.level is Level.AMBER


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, Level.GREEN), (29, Level.GREEN), (31, Level.AMBER), (-299, Level.AMBER), (301, Level.RED)],
)
def test_a_clock_far_from_slacks_is_amber_and_then_red(seconds, level):
    said = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)

    assert doctor._clock(said, NOON).level is level


@pytest.mark.parametrize("header", [None, "", "half past nine"])
def test_a_slack_that_does_not_say_the_time_is_amber(header):
    assert doctor._clock(header, NOON).level is Level.AMBER


async def test_the_command_ends_with_one_when_anything_is_red(office):
    await fill(office)

    settings = {"SLACK_API_URL": "http://127.0.0.1:1/api/"}
    said = office.types("doctor", **settings)
    plain = office.types("doctor", "--json", **settings)

    assert (said.code, plain.code, plain.err) == (1, 1, "")
    assert re.search("red    Slack +It cannot be reached.", said.out)
    assert said.out.splitlines()[-1].startswith("1 red, ")
    found = json.loads(plain.out)
    assert found["level"] == "red"
    assert all(set(each) == {"level", "about", "says"} for each in found["checks"])
