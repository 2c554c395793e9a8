"""Settings, read once from the environment or a .env file; what is wrong is said in one sentence.

HouseSettings         where the record is kept and what was agreed: enough to migrate, to verify
└── RecordSettings    also the master key: enough to read the record
    └── Settings      also Slack's tokens: the running bot
"""

import re
import sys
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.engine import async_url
from storage.vault import Vault

SLACK_API = "https://slack.com/api/"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SHORTEST_SECRET = 8
EMAIL_SCOPE = "users:read.email"  # only for a directory that names people by address

_TOKEN = re.compile(r"[A-Za-z0-9.-]+")
_PART = re.compile(r"[^A-Za-z0-9]+")
_SAMPLE_PARTS = frozenset(
    {"your", "changeme", "change", "replace", "replaceme", "example", "placeholder", "sample"}
    | {"dummy", "insert", "todo", "redacted", "fixme"}
)


class BadSetting(ValueError):
    """A setting is missing or malformed; the message names it and never shows its value."""


class HouseSettings(BaseSettings):
    """What needs no secret."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    # Not shown: on PostgreSQL it may hold a password.
    database_url: str = Field("sqlite:///challenge.db", repr=False)
    challenge_procedure: str = "darlington-2025-12"
    challenge_directory: str | None = None
    log_level: str = "INFO"
    log_format: Literal["json", "text"] = Field(default_factory=lambda: _for_whoever_reads())

    @field_validator("database_url")
    @classmethod
    def _usable_database(cls, url: str) -> str:
        async_url(url)
        return url

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in LEVELS:
            raise ValueError(f"LOG_LEVEL is not a level. Write one of {', '.join(LEVELS)}.")
        return level.upper()

    @field_validator("log_format", mode="before")
    @classmethod
    def _known_format(cls, form: object) -> object:
        lowered = form.lower() if isinstance(form, str) else form
        if lowered not in ("json", "text"):
            raise ValueError("LOG_FORMAT is not a format we know. Write json or text.")
        return lowered


class RecordSettings(HouseSettings):
    """What it takes to open what people wrote."""

    challenge_key: SecretStr

    @field_validator("challenge_key")
    @classmethod
    def _usable_key(cls, key: SecretStr) -> SecretStr:
        Vault(key.get_secret_value())
        return key


class Settings(RecordSettings):
    """Everything the running bot needs."""

    slack_bot_token: SecretStr
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, token: SecretStr) -> SecretStr:
        return _token("SLACK_BOT_TOKEN", "xoxb-", "OAuth & Permissions", token)

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, token: SecretStr | None) -> SecretStr | None:
        where = "Basic Information, App-Level Tokens"
        return token and _token("SLACK_APP_TOKEN", "xapp-", where, token)

    @field_validator("slack_signing_secret")
    @classmethod
    def _secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _looks_secret(secret.get_secret_value().strip()):
            raise ValueError(
                "SLACK_SIGNING_SECRET is not a real secret. Copy it from your app's page, "
                "Basic Information, Signing Secret."
            )
        return secret and SecretStr(secret.get_secret_value().strip())

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, url: str) -> str:
        return _web_address(url)

    def for_socket_mode(self) -> "Settings":
        """Itself, when Socket Mode has what it needs. Raises BadSetting."""
        if self.slack_app_token is None:
            raise BadSetting(_MISSING["slack_app_token"])
        return self

    def for_http(self) -> "Settings":
        """Itself, when HTTP mode has what it needs. Raises BadSetting."""
        if self.slack_signing_secret is None:
            raise BadSetting(_MISSING["slack_signing_secret"])
        return self


Read = TypeVar("Read", bound=HouseSettings)


def read(kind: type[Read]) -> Read:
    """Settings of that kind from the environment and .env. Raises BadSetting."""
    try:
        return kind()
    except ValidationError as problems:
        # Not chained: the original error would carry what was read into a traceback.
        raise BadSetting(_sentence(problems.errors(include_url=False)[0])) from None
    except (OSError, UnicodeDecodeError):
        raise BadSetting(_UNREADABLE) from None


def _for_whoever_reads() -> Literal["json", "text"]:
    """Text where a person looks on, and JSON where a program collects what is logged."""
    return "text" if sys.stderr.isatty() else "json"


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "missing":
        return _MISSING[name]
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    return f"{name.upper()} cannot be read. Write it as plain text in the environment or in .env."


def _token(name: str, prefix: str, where: str, token: SecretStr) -> SecretStr:
    text = token.get_secret_value().strip()
    if not text.startswith(prefix):
        raise ValueError(
            f"{name} does not start with {prefix}. Copy it from your app's page, {where}."
        )
    rest = text.removeprefix(prefix)
    if not (_TOKEN.fullmatch(rest) and not _is_sample(rest)):
        raise ValueError(f"{name} is not a real token. Copy it from your app's page, {where}.")
    return SecretStr(text)


def _looks_secret(text: str) -> bool:
    return len(text) >= SHORTEST_SECRET and text.isprintable() and not _is_sample(text)


def _is_sample(text: str) -> bool:
    """Whole words only: a real secret may hold "your" by chance, but not between two dashes."""
    parts = {part.lower() for part in _PART.split(text) if part}
    return not parts or bool(parts & _SAMPLE_PARTS) or any(set(part) == {"x"} for part in parts)


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"SLACK_API_URL is not a web address. Leave it out for {SLACK_API}.")
    return url.strip().rstrip("/") + "/"


_MISSING = {
    "challenge_key": "CHALLENGE_KEY is missing. Make one with: python -m bot key new",
    "slack_bot_token": (
        "SLACK_BOT_TOKEN is missing. Copy the Bot User OAuth Token (xoxb-…) from your app's page, "
        "OAuth & Permissions."
    ),
    "slack_app_token": (
        "SLACK_APP_TOKEN is missing, and Socket Mode needs it. Make one with connections:write "
        "(xapp-…) on your app's page, or run with --http."
    ),
    "slack_signing_secret": (
        "SLACK_SIGNING_SECRET is missing, and HTTP mode needs it. Copy it from your app's page, "
        "Basic Information."
    ),
}
_UNREADABLE = "The .env file cannot be read. Save it as UTF-8 text that this user may read."
