"""Logs: fields on a short list and nothing else, so that what people wrote can never reach them."""

import contextlib
import logging
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Mapping, MutableMapping
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from structlog.typing import EventDict, Processor
from typing_extensions import override

from bot.config import BadSetting
from storage.engine import DatabaseTrouble
from storage.vault import BadKey, KeyMissing, SealBroken

ROOMS = frozenset({"bot", "blocks", "challenge", "handlers", "storage", "__main__"})
"""Whose words may be logged; a library's might quote a request."""

LIBRARIES = (
    *("slack_bolt", "slack_bolt.RequestVerification", "slack_sdk", "sqlalchemy.engine"),
    *("sqlalchemy.pool", "aiosqlite", "aiohttp.access", "aiohttp.server", "apscheduler", "asyncio"),
)

# How each line begins, and what else may stand in it. To add a key is to say in review that its
# value is never something a person wrote.
ALLOWED = frozenset(
    {"timestamp", "level", "logger", "event", "challenge", "kind", "lane", "count", "seconds"}
    | {"code", "type", "version", "host", "port", "why", "status", "job", "where", "reference"}
    | {"procedure", "format", "at", "attempts", "error", "cause", "frames", "dropped", "words"}
    | {"entries", "people", "agencies", "keys", "mode", "dialect", "schema"}
)
LIBRARY_SECONDS = 60.0
LONGEST = 120
MOST_FRAMES = 20
# These two are sentences of our own, longer than any field.
SENTENCES = frozenset({"event", "words"})
# Errors whose message is always a sentence of ours.
SAFE: tuple[type[BaseException], ...] = (
    *(BadSetting, DatabaseTrouble, BadKey, KeyMissing, SealBroken),
)

WITHHELD = "a library's message, withheld"
NOT_DRAWN = '{"level": "error", "event": "a log line could not be drawn"}'


def set_up(level: str = "INFO", form: str = "json") -> None:
    """Everything that logs goes to stderr, through the one list; may be called again."""
    _configure_structlog()
    handler = _ToStderr()
    handler.setFormatter(_formatter(form))
    handler.addFilter(_LibrariesSeldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    _set_levels(root, level)
    logging.captureWarnings(True)
    threading.excepthook = _log_thread


def _configure_structlog() -> None:
    """Hands every line on to the standard library's logging, so that there is one way out."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _set_levels(root: logging.Logger, level: str) -> None:
    quiet = max(logging.WARNING, logging.getLevelNamesMapping()[level])
    root.setLevel(quiet)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(quiet)
    for name in ROOMS:
        logging.getLogger(name).setLevel(level)


def _formatter(form: str) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            _library_withheld,
        ],
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            exception_without_words,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            only_known,
            _drawn_as(form),
        ],
        # Else the record's own text would be formatted, arguments and all.
        use_get_message=False,
    )


def _drawn_as(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer()
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)


class _ToStderr(logging.Handler):
    """The standard one, when it cannot write a line, prints the line with all that is in it."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - whatever it is, logging must not stop the bot
            line = NOT_DRAWN
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


class _LibrariesSeldom(logging.Filter):
    """Only warnings of a library, for at INFO and DEBUG they print whole requests; and one line a
    minute, with how many were left out before it: while Slack is away they would never end."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}
        self._left_out: Counter[str] = Counter()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if _is_ours(record.name):
            return True
        return record.levelno >= logging.WARNING and self._has_its_turn(record)

    def _has_its_turn(self, record: logging.LogRecord) -> bool:
        library = record.name.split(".", 1)[0]
        said = self._said.get(library)
        # A clock that was put back must not silence it for long.
        if said is not None and 0 <= record.created - said < LIBRARY_SECONDS:
            self._left_out[library] += 1
            return False
        self._said[library] = record.created
        if left_out := self._left_out.pop(library, 0):
            record.count = left_out
        return True


def _is_ours(name: str) -> bool:
    return name.split(".", 1)[0] in ROOMS


def _library_withheld(_: object, __: str, event: EventDict) -> EventDict:
    """Of a library's line only who spoke and where: the rest may quote a request."""
    record: logging.LogRecord = event["_record"]
    if not _is_ours(record.name):
        event["event"] = WITHHELD
        event["at"] = f"{record.module}:{record.lineno}"
    return event


def exception_without_words(_: object, __: str, event: EventDict) -> EventDict:
    """An exception as its type and where it happened; its message only if it is ours."""
    found = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    problem = _exception(found)
    return event if problem is None else {**event, **described(problem)}


def described(problem: BaseException) -> dict[str, Any]:
    """What may be logged of an exception: no message but our own, no values, no locals."""
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    said: dict[str, Any] = {"error": named(problem), "frames": _frames(problem.__traceback__)}
    if code := code_of(problem):
        said["code"] = code
    if isinstance(problem, SAFE):
        said["words"] = str(problem)
    if cause is not None:
        said["cause"] = named(cause)
    return said


def named(problem: BaseException) -> str:
    kind = type(problem)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def code_of(problem: BaseException) -> str | None:
    """The word or number by which the other side names the trouble; never its sentence."""
    if isinstance(problem, DBAPIError) and problem.orig is not None:
        return code_of(problem.orig)
    answer = getattr(problem, "response", None)
    if isinstance(getattr(answer, "data", None), Mapping):
        return str(answer.data.get("error") or "") or None  # type: ignore[union-attr]
    names = ("sqlite_errorname", "sqlstate", "errno")
    return next((str(v) for name in names if (v := getattr(problem, name, None))), None)


def only_known(_: object, __: str, event: MutableMapping[str, Any]) -> EventDict:
    """Drops every key that is not on the list and every value too long or too odd, by name."""
    kept = {key: _plain(value) for key, value in event.items() if _passes(key, value)}
    gone = sorted(str(key) for key in event.keys() - kept.keys())
    return {**kept, "dropped": gone} if gone else kept


def _passes(key: str, value: object) -> bool:
    if key not in ALLOWED:
        return False
    if isinstance(value, list | tuple):
        return len(value) <= MOST_FRAMES + 1 and all(_is_small(each, LONGEST) for each in value)
    return _is_small(value, LONGEST * 3 if key in SENTENCES else LONGEST)


def _is_small(value: object, most: int) -> bool:
    if isinstance(value, str):
        return len(value) <= most and value.isprintable()
    return value is None or isinstance(value, bool | int | float)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _exception(found: object) -> BaseException | None:
    if found is True:
        return sys.exc_info()[1]
    found = found[1] if isinstance(found, tuple) else found
    return found if isinstance(found, BaseException) else None


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-2:])


def _log_thread(args: threading.ExceptHookArgs) -> None:
    problem = args.exc_value
    logging.getLogger("bot").error("a thread failed", exc_info=problem)
