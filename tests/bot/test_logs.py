"""Logs hold ids, kinds and counts; what people wrote, and what secrets are, cannot reach them."""

import json
import logging
import sqlite3
import threading

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from bot import logs
from storage.engine import DatabaseBusy

WORDS = "the bruises were seen again"


@pytest.fixture
def lines(capsys):
    """What was logged since, as JSON; our logging is undone afterwards."""
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, threading.excepthook
    logs.set_up("DEBUG", "json")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:], threading.excepthook = before, hook
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def log():
    return structlog.get_logger("bot.courier")


def test_a_line_holds_what_it_was_given_of_the_known_keys(lines):
    log().info("sent", challenge=7, kind="reminder", lane="c7", count=2, seconds=0.5)

    [line] = lines()

    assert line["event"] == "sent"
    assert (line["challenge"], line["kind"], line["count"], line["seconds"]) == (
        7,
        "reminder",
        2,
        0.5,
    )
    assert line["timestamp"].endswith("Z")


def test_any_other_key_is_dropped_and_named(lines):
    log().info("sent", challenge=7, text=WORDS, name="Asha")

    [line] = lines()

    assert line["dropped"] == ["name", "text"]
    assert WORDS not in str(line)


@pytest.mark.parametrize("value", [WORDS * 9, f"a\n{WORDS}", {"a": WORDS}, [[WORDS]], object()])
def test_a_value_that_is_long_or_odd_is_dropped_under_a_known_key_too(value, lines):
    log().info("sent", kind=value)

    [line] = lines()

    assert line["dropped"] == ["kind"]
    assert WORDS not in str(line)


def test_arguments_are_never_put_into_the_words(lines):
    log().info("said %s", WORDS)
    logging.getLogger("handlers.messages").info("said %s", WORDS)

    assert WORDS not in str(lines())


def test_the_standard_librarys_logging_goes_through_the_same_list(lines):
    logging.getLogger("challenge.handlers").info("refused", extra={"type": "Closed", "say": WORDS})

    [line] = lines()

    assert (line["event"], line["type"], line["dropped"]) == ("refused", "Closed", ["say"])


@pytest.mark.parametrize("name", [*logs.LIBRARIES, "wiring.py:AsyncApp", "anything.else"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_no_library_says_anything_below_a_warning_whatever_level_it_sets_itself(name, level, lines):
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.DEBUG)

    logger.log(level, WORDS)

    logger.setLevel(before)
    assert lines() == []


def test_a_librarys_warning_is_seen_without_its_words(lines):
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled request %s", {"text": WORDS})
    logging.getLogger("asyncio").error(f"Task failed: {WORDS}")  # noqa: G004 - as asyncio does

    first, second = lines()

    assert first["logger"] == "slack_bolt.AsyncApp"
    assert first["at"].startswith("test_logs:")
    assert WORDS not in f"{first}{second}"


def heard(library, second):
    """A warning of that library, at that second."""
    logger = logging.getLogger(library)
    record = logger.makeRecord(library, logging.WARNING, "library.py", 7, WORDS, (), None)
    record.created = float(second)
    logger.handle(record)


def test_a_library_that_repeats_itself_is_heard_once_a_minute(lines):
    for second in (0, 1, 59, 60, 61):
        heard("slack_sdk.socket_mode", second)
    heard("slack_sdk.web", 62)
    heard("asyncio", 62)

    found = [(line["logger"], line.get("count")) for line in lines()]
    assert found == [
        ("slack_sdk.socket_mode", None),
        ("slack_sdk.socket_mode", 2),
        ("asyncio", None),
    ]


def test_a_clock_put_back_does_not_silence_a_library(lines):
    heard("slack_sdk", 1_000)
    heard("slack_sdk", 500)

    assert len(lines()) == 2


def test_a_surprise_is_its_type_and_where_it_happened_and_not_what_it_says(lines):
    secret = WORDS
    try:
        try:
            raise KeyError(secret)
        except KeyError as cause:
            raise ValueError(secret) from cause
    except ValueError:
        log().exception("surprise", challenge=7)
        logging.getLogger("handlers.errors").exception("surprise")

    for line in lines():
        assert (line["error"], line["cause"]) == ("ValueError", "KeyError")
        assert line["frames"][0].startswith("bot/test_logs.py:")
        assert WORDS not in str(line)


def test_a_database_error_keeps_its_code_and_loses_its_parameters(lines):
    cause = sqlite3.OperationalError(WORDS)
    cause.sqlite_errorname = "SQLITE_BUSY"
    log().error("not kept", exc_info=OperationalError("INSERT", {"text": WORDS}, cause))

    [line] = lines()

    assert line["code"] == "SQLITE_BUSY"
    assert WORDS not in str(line)


def test_a_sentence_of_our_own_may_be_read(lines):
    log().error("not kept", exc_info=DatabaseBusy())

    assert lines()[0]["words"].startswith("The database was busy")


def test_a_thread_that_fails_is_logged_the_same_way(lines):
    thread = threading.Thread(target=lambda: int(WORDS))
    thread.start()
    thread.join()

    [line] = lines()

    assert line["error"] == "ValueError"
    assert WORDS not in str(line)


def test_as_text_it_says_the_same(lines, capsys):
    logs.set_up("INFO", "text")

    log().info("sent", challenge=7, text=WORDS)
    try:
        raise ValueError(WORDS)
    except ValueError:
        log().exception("surprise")

    said = capsys.readouterr().err
    assert "challenge=7" in said
    assert "error=ValueError" in said
    assert WORDS not in said
