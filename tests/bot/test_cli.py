"""The command line answers on stdout and complains in one sentence on stderr."""

import asyncio
import json
import re
import sqlite3
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from bot.commands import mishaps
from challenge.procedure import Procedure
from sandbox import Person, Sandbox
from storage import schema
from storage.engine import Database
from storage.vault import new_master_key
from tests.bot.office import CANARY, ROOT, Said, an_office, fill, open_again
from tests.makers import PEOPLE, U_COORDINATOR
from tests.older import make_older
from tests.postgres import fresh_database

REFERENCE = "PC-2026-0001"
PROCEDURE = str(ROOT / "procedures" / "darlington-2025-12.toml")
SECRET = "a-signing-secret-of-the-sandbox"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """An office with one settled challenge; for tests that only look."""
    office = an_office(tmp_path_factory.mktemp("kept"))
    asyncio.run(fill(office))
    return office


@pytest.fixture
def office(tmp_path):
    """An office of the test's own, with nothing in it."""
    return an_office(tmp_path)


@pytest.fixture
def filled(office):
    asyncio.run(fill(office))
    return office


def one_sentence(said, code=1):
    """What was complained of, once it is certain that nothing else was said."""
    assert said.code == code, said
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    return said.err.strip()


# Calls that are wrong


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("record",),
        ("record", REFERENCE, "--format", "xml"),
        ("record", REFERENCE, "--nonsense"),
        ("procedure", "check", "there-is-no-such-file.toml"),
        ("directory",),
        ("run", "--port", "many"),
        ("verify", "--head", "nonsense"),
        (),
    ],
)
def test_a_wrong_call_is_two_and_says_where_to_look(words, kept):
    assert "--help" in one_sentence(kept.calls(*words), code=2)


# Moving a challenge to another version


@pytest.fixture
def opened_again(filled):
    """The office's one challenge, open."""
    asyncio.run(open_again(filled))
    return filled


def another_version(folder):
    text = Path(PROCEDURE).read_text(encoding="utf-8")
    file = folder / "next.toml"
    file.write_text(text.replace('"darlington-2025-12"', '"darlington-2026-06"', 1))
    return str(file)


def test_a_coordinator_moves_an_open_challenge_with_a_note(opened_again, tmp_path):
    said = opened_again.calls(
        *("procedure", "move", REFERENCE, "--by", U_COORDINATOR, "--note", "The board met."),
        *("--to", another_version(tmp_path)),
    )

    assert said.code == 0, said
    assert "now follows darlington-2026-06, at stage 1" in said.out
    record = " ".join(opened_again.calls("record", REFERENCE).out.split())
    assert "version darlington-2026-06" in record
    assert "The board met." in record


@pytest.mark.parametrize(
    ("who", "note", "reference", "says"),
    [
        ("URAISER", "Why not.", REFERENCE, "Only the partnership's coordinators can do this"),
        (U_COORDINATOR, " ", REFERENCE, "Please say why"),
        (U_COORDINATOR, "Why not.", "PC-2026-9999", "There is no challenge PC-2026-9999"),
    ],
)
def test_what_keeps_a_challenge_where_it_is_is_said_in_a_sentence(
    opened_again, who, note, reference, says
):
    said = opened_again.calls("procedure", "move", reference, "--by", who, "--note", note)

    assert says in one_sentence(said)


def test_a_closed_challenge_is_not_moved_and_a_missing_file_is_said(filled):
    call = ("procedure", "move", REFERENCE, "--by", U_COORDINATOR, "--note", "Why not.")

    assert "This challenge is closed" in one_sentence(filled.calls(*call))
    assert "cannot be read" in one_sentence(filled.calls(*call, "--to", "nowhere.toml"))


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_a_format_that_is_not_built_yet_says_so(form, kept):
    sentence = one_sentence(kept.calls("record", REFERENCE, "--format", form), code=2)

    assert f"{form} is not built yet" in sentence


@pytest.mark.parametrize(
    "words",
    [
        ("report",),
        ("report", "--from", "2026-01-01", "--to", "2026-03-31", "--format", "html"),
        ("retention", "--dry-run"),
        ("retention", "--apply"),
    ],
)
def test_a_command_that_is_not_built_yet_says_so_and_does_nothing(words, kept):
    assert "is not built yet, so nothing was done." in one_sentence(kept.calls(*words), code=2)


def test_help_is_there_at_once(kept):
    said = kept.types("--help", PYTHONPROFILEIMPORTTIME="1")

    assert said.code == 0
    assert "record" in said.out
    # What takes the seconds is loaded by the command that needs it.
    loaded = {line.rpartition("|")[2].strip() for line in said.err.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"slack_bolt", "slack_sdk", "sqlalchemy", "pydantic", "aiohttp", "asyncio"}


# Keys


def test_a_new_key_is_printed_alone_and_is_never_the_same(kept):
    first, second = kept.types("key", "new"), kept.calls("key", "new")

    assert (first.code, first.err) == (0, "")
    assert len(first.out) == len(second.out) == 45
    assert first.out != second.out


def test_rotating_puts_every_challenge_under_the_newest_key(filled):
    old, new = filled.settings["CHALLENGE_KEY"], new_master_key()

    rotated = filled.calls("key", "rotate", CHALLENGE_KEY=f"{new},{old}", LOG_LEVEL="INFO")

    assert (rotated.code, rotated.err) == (0, "")
    assert rotated.out.startswith("1 challenge's key was put under")
    assert CANARY in filled.calls("record", REFERENCE, CHALLENGE_KEY=new).out
    assert "does not hold" in one_sentence(filled.calls("record", REFERENCE))


def test_rotating_again_does_no_harm(filled):
    assert filled.calls("key", "rotate").code == 0
    assert "0 challenges' keys" in filled.calls("key", "rotate").out


def test_a_strange_key_rotates_nothing(filled):
    sentence = one_sentence(filled.calls("key", "rotate", CHALLENGE_KEY=new_master_key()))

    assert "does not hold" in sentence
    assert CANARY in filled.calls("record", REFERENCE).out


# Records


def test_the_record_is_the_answer_and_nothing_else_is(kept):
    said = kept.types("record", "pc-2026-0001")

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Professional Challenge PC-2026-0001: the record\n")
    assert CANARY in said.out


def test_reading_a_record_is_logged_by_its_id_alone(kept):
    said = kept.types("record", REFERENCE, LOG_LEVEL="INFO")

    [line] = [json.loads(line) for line in said.err.splitlines()]
    assert (line["event"], line["challenge"], line["format"]) == ("record read", 1, "txt")
    assert REFERENCE not in said.err


def test_as_json_it_is_json_and_nothing_else(kept):
    said = kept.calls("record", REFERENCE, "--format", "json")

    assert json.loads(said.out)["reference"] == REFERENCE


def test_a_file_is_for_its_owner_only_and_replaced_whole(filled):
    out = filled.folder / "record.txt"
    out.write_text("an older one")

    said = filled.calls("record", REFERENCE, "--out", str(out))

    assert (said.code, said.out) == (0, "")
    assert CANARY in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert not list(filled.folder.glob(".*.part"))


def test_a_file_that_cannot_be_written_is_one_sentence(kept):
    sentence = one_sentence(kept.calls("record", REFERENCE, "--out", "no/such/folder/record.txt"))

    assert "cannot be written" in sentence


@pytest.mark.parametrize("reference", ["PC-2026-9999", "Asha's case about the bruises", "\x1b[2J"])
def test_an_unknown_reference_is_one_sentence_and_not_repeated_unless_it_looks_like_one(
    reference, kept
):
    sentence = one_sentence(kept.calls("record", reference))

    assert "There is no challenge" in sentence
    assert ("PC-2026-9999" in sentence) == (reference == "PC-2026-9999")
    assert "bruises" not in sentence
    assert sentence.isprintable()


# Verifying


def spoil(office, statement):
    with sqlite3.connect(office.database) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)
    connection.close()


def test_the_chain_is_proved_without_a_key(kept):
    said = kept.calls("verify", CHALLENGE_KEY="")

    assert said.code == 0
    assert "The chronology holds: 5 entries stand as written." in said.out


def test_the_head_that_a_record_prints_is_one_that_verify_takes(filled):
    head = filled.calls("record", REFERENCE).out.splitlines()[-1]

    assert filled.calls("verify", "--head", head).code == 0

    spoil(filled, "DELETE FROM entry WHERE seq = 5")
    spoil(filled, "UPDATE chain_head SET seq = 4, hash = (SELECT hash FROM entry WHERE seq = 4)")
    assert filled.calls("verify").code == 0
    assert "its end was cut off" in filled.calls("verify", "--head", head).out


def test_one_challenges_entries_are_counted_when_it_is_named(kept):
    assert "Of them 5 belong to PC-2026-0001." in kept.calls("verify", REFERENCE).out
    assert "There is no challenge" in one_sentence(kept.calls("verify", "PC-2026-9999"))


def test_a_changed_entry_is_found_and_named(filled):
    spoil(filled, "UPDATE entry SET at = '2026-03-05T10:00:00.000000Z' WHERE seq = 3")

    said, plain = filled.types("verify"), filled.calls("verify", "--json")

    assert (said.code, plain.code) == (1, 1)
    assert said.out == "Entry 3 is not as it was written. It belongs to PC-2026-0001.\n"
    assert "keep a copy" in said.err
    found = json.loads(plain.out)
    assert not found["holds"]
    assert (found["first_break"]["seq"], found["first_break"]["reference"]) == (3, REFERENCE)


# Databases that are not well


def test_a_missing_database_is_one_sentence_and_is_not_made_by_looking(office):
    for words in (("record", REFERENCE), ("verify",), ("directory", "dump"), ("key", "rotate")):
        assert "There is no database at challenge.db." in one_sentence(office.calls(*words))

    assert not office.database.exists()


def test_a_file_that_is_not_a_database_is_one_sentence(office):
    office.database.write_text("This is a letter, not a database. " * 100)

    for words in (("record", REFERENCE), ("migrate",)):
        assert "not a database" in one_sentence(office.types(*words))


def test_an_empty_database_says_what_to_type(office):
    office.database.touch()

    assert "python -m bot migrate" in one_sentence(office.calls("verify"))
    newest = schema.newest()
    assert office.calls("migrate").out == f"The database is at schema {newest}, the newest.\n"
    assert office.calls("verify").code == 0


@pytest.fixture
def older(office):
    """An office whose database is of the version before."""

    asyncio.run(of_the_version_before(f"sqlite:///{office.database}"))
    return office


async def of_the_version_before(url):
    database = Database.at(url)
    await make_older(database)
    await database.dispose()


def test_an_older_database_is_one_sentence_that_says_what_to_type(older):
    for words in (("record", REFERENCE), ("verify",), ("directory", "dump"), ("key", "rotate")):
        assert "python -m bot migrate" in one_sentence(older.calls(*words))


def test_migrating_keeps_what_was_and_says_where_in_one_line(older):
    newest = schema.newest()

    said = older.calls("migrate")
    again = older.calls("migrate")

    kept, now = said.out.splitlines()
    assert kept.startswith(f"The database as it was is kept at challenge.db.before-{newest},")
    assert again.out.splitlines() == [now]
    assert "older version" in one_sentence(
        older.calls("verify", DATABASE_URL=f"sqlite:///challenge.db.before-{newest}")
    )


def test_where_there_is_no_room_for_a_copy_nothing_is_migrated(older):
    # No file of this process may grow beyond 64 KB, which is what a full disk is like.
    call = ["sh", "-c", 'ulimit -f 128; exec "$0" -m bot migrate', sys.executable]
    settings = older.environment({"PYTHONDONTWRITEBYTECODE": "1"})

    done = subprocess.run(call, cwd=older.folder, env=settings, capture_output=True, check=False)

    said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Make room" in one_sentence(said)
    assert "older version" in one_sentence(older.calls("verify"))
    assert [file.name for file in older.folder.glob("*before*")] == []


def test_a_newer_versions_database_is_not_touched(filled):
    spoil(filled, "UPDATE alembic_version SET version_num = '9999'")

    assert "newer version" in one_sentence(filled.calls("record", REFERENCE))


def test_a_database_that_somebody_holds_is_one_sentence_for_who_writes(filled):
    holder = sqlite3.connect(filled.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    written, looked = filled.types("key", "rotate"), filled.calls("record", REFERENCE)
    holder.close()

    assert "busy" in one_sentence(written)
    assert CANARY in looked.out


def test_a_folder_without_the_right_to_write_is_one_sentence(office):
    url = "sqlite:////proc/challenge.db"

    assert "cannot be opened" in one_sentence(office.calls("migrate", DATABASE_URL=url))


@pytest.mark.postgres
def test_postgresql_speaks_in_sentences_too(office):
    url = asyncio.run(fresh_database())

    assert "no tables yet" in one_sentence(office.calls("verify", DATABASE_URL=url))
    asyncio.run(of_the_version_before(url))
    told, now = office.calls("migrate", DATABASE_URL=url).out.splitlines()
    assert "no copy is kept" in told
    assert f"schema {schema.newest()}" in now
    assert office.calls("migrate", DATABASE_URL=url).out == f"{now}\n"
    asyncio.run(fill(office, url))
    assert CANARY in office.calls("record", REFERENCE, DATABASE_URL=url).out

    elsewhere = url.replace("/t_", "/nowhere_")
    assert "no database of the name" in one_sentence(office.calls("verify", DATABASE_URL=elsewhere))
    away = "postgresql://bot:hunter2@127.0.0.1:1/challenge"
    sentence = one_sentence(office.calls("verify", DATABASE_URL=away))
    assert "cannot be reached" in sentence
    assert "hunter2" not in sentence


# Settings that are not well


@pytest.mark.parametrize(
    ("words", "settings", "name"),
    [
        (("record", REFERENCE), {"CHALLENGE_KEY": ""}, "CHALLENGE_KEY"),
        (("record", REFERENCE), {"CHALLENGE_KEY": "hunter2"}, "CHALLENGE_KEY"),
        (("record", REFERENCE), {"DATABASE_URL": "mysql://hunter2"}, "DATABASE_URL"),
        (("run",), {}, "SLACK_BOT_TOKEN"),
        (("run",), {"SLACK_BOT_TOKEN": "xoxb-your-token"}, "SLACK_BOT_TOKEN"),
        (("run",), {"SLACK_BOT_TOKEN": "xoxb-sandbox"}, "SLACK_APP_TOKEN"),
        (("run", "--http"), {"SLACK_BOT_TOKEN": "xoxb-sandbox"}, "SLACK_SIGNING_SECRET"),
        (("verify",), {"LOG_LEVEL": "hunter2"}, "LOG_LEVEL"),
    ],
)
def test_a_setting_that_is_not_well_stops_with_a_sentence_that_names_it(
    words, settings, name, kept
):
    sentence = one_sentence(kept.calls(*words, **settings))

    assert name in sentence
    assert "hunter2" not in sentence


def test_so_does_the_real_thing(kept):
    sentence = one_sentence(kept.types("run"))

    assert sentence.startswith("SLACK_BOT_TOKEN is missing.")


def test_a_procedure_that_is_not_there_stops_the_start(kept):
    settings = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox"}

    said = kept.types("run", CHALLENGE_PROCEDURE="nowhere", **settings)

    assert "CHALLENGE_PROCEDURE" in one_sentence(said)


# Surprises


def a_surprise(office, **settings):
    """A directory whose leave is no list of days, which nothing but a damaged database holds."""
    spoil(office, "UPDATE person SET away = '7'")
    return office.types("directory", "dump", **settings)


def test_a_surprise_is_one_sentence_with_its_type_and_a_reference(filled):
    sentence = one_sentence(a_surprise(filled))

    assert "(TypeError, reference " in sentence


def test_only_who_asks_for_it_sees_where_and_nobody_sees_values(filled):
    said = a_surprise(filled, LOG_LEVEL="DEBUG")

    trace, sentence = said.err.splitlines()
    line = json.loads(trace)
    assert (line["event"], line["error"]) == ("command failed", "TypeError")
    assert line["reference"] in sentence
    assert any("storage/directory.py" in frame for frame in line["frames"])


def test_a_surprise_before_anything_was_read_is_no_different():
    assert "(KeyError, reference " in mishaps.sentence(KeyError("hunter2"))
    assert "hunter2" not in mishaps.sentence(KeyError("hunter2"))


# Files that people write


def test_a_good_procedure_file_says_so_and_what_to_look_at(office):
    said = office.calls("procedure", "check", PROCEDURE)

    assert said.code == 0
    assert said.out.startswith("This file is good: 4 stages, then the Independent Scrutineer.\n")
    assert re.search(r"warning: line [0-9]+: stage 4, confirmed: Senior managers", said.out)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "procedures").glob("*.toml")), ids=lambda file: file.stem
)
def test_every_contact_that_is_still_to_be_filled_in_is_named_and_is_no_mistake(file, office):
    procedure = Procedure.read(tomllib.loads(file.read_text()))
    unknown = [route for route in procedure.other_routes if not route.is_filled_in]

    said = office.calls("procedure", "check", str(file))

    assert said.code == 0
    assert unknown
    for route in unknown:
        assert f'Whom to contact about "{route.name}" is still to be filled in' in said.out
    for contact in procedure.emergency.contacts:
        named = f"{contact.name} has no number to call yet" in said.out
        assert named is not contact.has_number


def test_every_problem_of_a_procedure_file_stands_on_its_line(office):
    file = office.folder / "procedure.toml"
    text = (ROOT / "procedures" / "darlington-2025-12.toml").read_text()
    text = text.replace('"4 working hours"', '"soon"').replace("[top]", "[topp]")
    file.write_text(text)
    line = text[: text.index('"soon"')].count("\n") + 1

    said = office.types("procedure", "check", str(file))

    assert said.code == 1
    assert len([each for each in said.out.splitlines() if "warning" not in each]) == 3
    assert f"line {line}: stage 2, accept_within:" in said.out
    assert "There is no [top]" in said.out
    assert "has 3 mistakes" in said.err


def test_a_program_may_read_what_is_wrong_in_a_file(office):
    good = office.calls("procedure", "check", PROCEDURE, "--json")
    bad = office.calls("directory", "check", a_file(office, 'line_manger = "U0CARA"'), "--json")

    found, wrong = json.loads(good.out), json.loads(bad.out)
    assert (good.code, found["good"], found["mistakes"]) == (0, True, [])
    assert found["warnings"]
    assert (bad.code, wrong["good"]) == (1, False)
    assert wrong["mistakes"][0]["line"] == 11


@pytest.mark.parametrize("kind", ["procedure", "directory"])
def test_a_file_that_is_not_toml_names_the_line(kind, office):
    file = office.folder / "file.toml"
    file.write_text('version = "1"\nthis is not TOML\n')

    said = office.calls(kind, "check", str(file))

    assert said.code == 1
    assert said.out.startswith("line 2: This is not TOML:")


@pytest.mark.parametrize("kind", ["procedure", "directory"])
def test_a_file_that_is_not_text_is_one_sentence(kind, office):
    file = office.folder / "file.toml"
    file.write_bytes(b"\xff\xfe\x00")

    assert "is not UTF-8 text" in one_sentence(office.calls(kind, "check", str(file)))


PEOPLE_FILE = """
[[agency]]
key = "oak"
name = "Oak School"

[[person]]
slack = "U0ASHA"
name = "Asha Patel"
agency = "oak"
role = "practitioner"
{more}
[partnership]
business_unit = ["U0UNIT"]
coordinators = ["U0COORD"]
"""
BY_EMAIL = """
[[person]]
email = "{address}"
name = "Cara Jones"
agency = "oak"
role = "line manager"
"""


def a_file(office, more=""):
    file = office.folder / "people.toml"
    file.write_text(PEOPLE_FILE.format(more=more))
    return str(file)


def test_a_good_directory_file_says_so_and_what_to_look_at(office):
    said = office.calls("directory", "check", a_file(office))

    assert said.code == 0
    assert said.out.startswith("This file is good: 1 person in 1 agency.\n")
    assert "warning: line 6: person 1: Asha Patel has no line manager" in said.out
    assert "There is nobody in scrutineer" in said.out
    assert "warning: line 2: agency 1: Nobody in Oak School can answer stage 2" in said.out


def test_without_a_procedure_roles_and_stages_are_not_looked_at_and_that_is_said(office):
    said = office.calls("directory", "check", a_file(office), CHALLENGE_PROCEDURE="nowhere.toml")

    assert said.code == 0
    assert "can answer stage" not in said.out
    assert "Roles and stages were not looked at" in said.err


def test_a_directory_files_mistakes_stand_on_their_line(office):
    said = office.calls("directory", "check", a_file(office, 'line_manger = "U0CARA"'))

    assert said.code == 1
    assert said.out.startswith("line 11: person 1, line_manger:")


def test_people_by_email_are_said_to_be_looked_up_later(office):
    said = office.calls("directory", "check", a_file(office, BY_EMAIL.format(address="c@x.org")))

    assert said.code == 0
    assert "When it is loaded, 1 person will be looked up in Slack by e-mail." in said.out
    assert "users:read.email: add it on the app's page" in said.out


def test_what_is_loaded_is_what_is_dumped(filled):
    loaded = filled.types("directory", "load", a_file(filled), LOG_LEVEL="INFO")
    dumped = filled.types("directory", "dump")

    assert (loaded.code, loaded.err) == (0, "")
    assert loaded.out.startswith("The directory now holds 1 person in 1 agency.\nwarning: line 2: ")
    assert "partnership, business_unit: No [[person]] entry for U0UNIT" in loaded.out
    again = filled.folder / "again.toml"
    again.write_text(dumped.out)
    assert filled.calls("directory", "load", str(again)).code == 0
    assert filled.calls("directory", "dump").out == dumped.out
    assert "Asha Patel" in dumped.out


def test_what_a_file_hands_on_is_said_and_on_record(opened_again):
    file = opened_again.folder / "people.toml"
    dumped = opened_again.calls("directory", "dump").out
    gone = '[[person]]\nslack = "UCHALLENGED"\n'
    assert gone in dumped
    file.write_text(dumped.replace(gone, f"{gone}active = false\n"))

    said = opened_again.calls("directory", "load", str(file))

    assert said.code == 0, said
    [line] = [each for each in said.out.splitlines() if each.startswith(REFERENCE)]
    assert "Uchallenged" in line
    assert "is no longer active. Stage 2 " in line
    assert "is no longer active" in opened_again.calls("record", REFERENCE).out
    again = opened_again.calls("directory", "load", str(file))
    assert REFERENCE not in again.out


def test_without_a_procedure_no_directory_is_loaded(filled):
    said = filled.calls("directory", "load", a_file(filled), CHALLENGE_PROCEDURE="nowhere.toml")

    assert "nowhere.toml" in one_sentence(said)
    assert len(PEOPLE) == filled.calls("directory", "dump").out.count("[[person]]")


def test_a_file_with_mistakes_changes_nothing(filled):
    before = filled.calls("directory", "dump").out

    said = filled.calls("directory", "load", a_file(filled, 'line_manager = "U0NOBODY"'))

    assert "1 mistake, so nothing was changed" in one_sentence(said)
    assert "directory check" in said.err
    assert filled.calls("directory", "dump").out == before


# People looked up in a pretend Slack


async def loaded_in_slack(office, address, *scopes):
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"] += scopes
    people = [Person("U0CARA", "Cara Jones", email="cara@oak.example")]
    async with await Sandbox(people, manifest=manifest, signing_secret=SECRET).start() as slack:
        settings = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": slack.api_url}
        file = a_file(office, BY_EMAIL.format(address=address))
        return await asyncio.to_thread(office.types, "directory", "load", file, **settings)


def test_people_by_email_are_looked_up_once_and_loaded(filled):
    said = asyncio.run(loaded_in_slack(filled, "cara@oak.example", "users:read.email"))

    assert (said.code, said.err) == (0, "")
    assert 'slack = "U0CARA"' in filled.calls("directory", "dump").out


def test_an_address_that_slack_does_not_know_is_one_sentence(filled):
    said = asyncio.run(loaded_in_slack(filled, "nobody@oak.example", "users:read.email"))

    assert "nobody@oak.example" in one_sentence(said)


def test_without_the_scope_it_says_which_and_what_to_do(filled):
    said = asyncio.run(loaded_in_slack(filled, "cara@oak.example"))

    assert "users:read.email" in one_sentence(said)
    assert len(PEOPLE) == filled.calls("directory", "dump").out.count("[[person]]")


def test_a_slack_that_is_away_is_one_sentence(filled):
    settings = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_API_URL": "http://127.0.0.1:1/api/"}
    file = a_file(filled, BY_EMAIL.format(address="cara@oak.example"))

    said = filled.calls("directory", "load", file, **settings)

    assert "Slack cannot be reached" in one_sentence(said)
