"""Settings are read once, refused in one sentence, and never shown."""

import os
import pty
import sys

import pytest
from pydantic import SecretStr, ValidationError

from bot import config
from bot.config import BadSetting, HouseSettings, RecordSettings, Settings
from storage.vault import new_master_key

KEY = new_master_key()
TOKEN = "xoxb-123-456-AbCdEfGhIjKlMnOpQrStUvWx"
APP_TOKEN = "xapp-1-A012-345-abcdef0123456789"
SECRET = "0123456789abcdef0123456789abcdef"
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """A folder without a .env and an environment without our settings, but for what is needed."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHALLENGE_KEY", KEY)
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    return tmp_path


def sentence(kind=Settings):
    with pytest.raises(BadSetting) as refused:
        config.read(kind)
    return str(refused.value)


def test_what_is_not_set_has_the_promised_default():
    read = config.read(Settings)

    assert read.database_url == "sqlite:///challenge.db"
    assert read.slack_api_url == "https://slack.com/api/"
    assert read.challenge_procedure == "darlington-2025-12"
    assert (read.log_level, read.log_format) == ("INFO", "json")


def test_whoever_looks_on_at_a_terminal_reads_text(monkeypatch):
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        read = config.read(HouseSettings)
        monkeypatch.setenv("LOG_FORMAT", "json")
        asked = config.read(HouseSettings)
    os.close(ours)

    assert (read.log_format, asked.log_format) == ("text", "json")


def test_a_dot_env_file_is_read_and_the_environment_goes_before_it(desk, monkeypatch):
    (desk / ".env").write_text("LOG_LEVEL=error\nLOG_FORMAT=text\nSOMEBODY_ELSES=1\n")
    monkeypatch.setenv("LOG_FORMAT", "json")

    read = config.read(HouseSettings)

    assert (read.log_level, read.log_format) == ("ERROR", "json")


def test_a_dot_env_file_that_is_not_text_is_named(desk):
    (desk / ".env").write_bytes(b"LOG_LEVEL=\xff\xfe")

    assert ".env" in sentence(HouseSettings)


@pytest.mark.parametrize("name", ["CHALLENGE_KEY", "SLACK_BOT_TOKEN"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named_with_what_to_do(name, value, monkeypatch):
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)

    assert sentence().startswith(f"{name} is missing.")


def test_a_missing_key_says_what_to_type(monkeypatch):
    monkeypatch.delenv("CHALLENGE_KEY")

    assert sentence() == "CHALLENGE_KEY is missing. Make one with: python -m bot key new"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-your-token"),
        ("SLACK_BOT_TOKEN", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-…"),
        ("SLACK_BOT_TOKEN", "xoxb-xxxx-xxxx"),
        ("SLACK_BOT_TOKEN", "xoxb-hunter2 hunter2"),
        ("SLACK_BOT_TOKEN", "xoxp-hunter2"),
        ("SLACK_BOT_TOKEN", "changeme"),
        ("SLACK_APP_TOKEN", "xapp-your-app-token"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2"),
        ("SLACK_SIGNING_SECRET", "changeme"),
        ("SLACK_SIGNING_SECRET", "your-signing-secret"),
        ("SLACK_SIGNING_SECRET", "short"),
        ("SLACK_API_URL", "hunter2.example/api"),
        ("SLACK_API_URL", "https://"),
        ("SLACK_API_URL", "https://host:hunter2/"),
        ("DATABASE_URL", "mysql://user:hunter2@host/challenge"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "hunter2 not an address"),
        ("CHALLENGE_KEY", "changeme"),
        ("CHALLENGE_KEY", "hunter2,hunter2"),
        ("CHALLENGE_KEY", "QUFB" * 10 + "QUE="),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_malformed_setting_is_named_and_not_shown(name, value, monkeypatch):
    monkeypatch.setenv(name, value)

    said = sentence()

    assert name in said
    assert "\n" not in said
    assert said.endswith((".", "new"))
    assert "hunter2" not in said


def test_the_sandboxs_own_tokens_are_real_enough(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-sandbox")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-sandbox")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "a-signing-secret-of-the-sandbox")

    assert config.read(Settings).for_socket_mode().for_http().slack_app_token


def test_each_mode_asks_only_for_what_it_needs(monkeypatch):
    with pytest.raises(BadSetting, match=r"^SLACK_APP_TOKEN is missing"):
        config.read(Settings).for_socket_mode()
    with pytest.raises(BadSetting, match=r"^SLACK_SIGNING_SECRET is missing"):
        config.read(Settings).for_http()

    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)

    assert config.read(Settings).for_socket_mode().slack_app_token
    assert config.read(Settings).for_http().slack_signing_secret


def test_to_read_the_record_no_token_is_needed_and_to_verify_it_no_key(monkeypatch):
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert config.read(RecordSettings).challenge_key

    monkeypatch.delenv("CHALLENGE_KEY")
    assert config.read(HouseSettings).database_url


def test_the_web_apis_address_always_ends_in_a_slash(monkeypatch):
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:7777/api")

    assert config.read(Settings).slack_api_url == "http://127.0.0.1:7777/api/"


def test_no_secret_is_ever_shown(monkeypatch):
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@host/challenge")

    read = config.read(Settings)
    shown = f"{read!r} {read} {read.model_dump_json(exclude={'database_url'})}"

    assert [each for each in (KEY, TOKEN, APP_TOKEN, SECRET, "hunter2") if each in shown] == []


def test_no_secret_is_shown_by_what_goes_wrong():
    with pytest.raises(ValidationError) as refused:
        Settings(
            _env_file=None,
            slack_bot_token=SecretStr("xoxb-hunter2 "),
            slack_app_token=SecretStr("hunter2-app"),
            database_url="mysql://hunter2@h/d",
        )

    assert "hunter2" not in f"{refused.value} {refused.value!r}"


def test_settings_do_not_change_once_read():
    read = config.read(Settings)

    with pytest.raises(ValidationError):
        read.log_level = "DEBUG"  # type: ignore[misc]
