"""Logging: one line an event, in one form whoever writes it, never with a name, a number or a text of a citizen.

Exceptions are logged by type and place only, because their messages quote values, and a database's quote whole rows.
The exceptions are those of a database that is away, full, locked, read-only or of another version: their first line
names no value, and nobody can mend what is not named. Of other libraries' lines only the constant text is kept.
"""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, TextIO, cast

from prepazka.process.apps import left_out

with left_out("rich"):  # which would colour what we never print
    import structlog
from structlog.typing import EventDict, WrappedLogger

from prepazka.process.repetitions import Repetitions

FORMS = ("text", "json")
SETTING = "PREPAZKA_LOG"


class _Unfailing:
    """A stream that a full disk, or a reader that has gone, turns into silence: they end nobody who tells something."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write the text if that can be done."""
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Let it be written now if that can be done."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure() -> None:
    """Log to stderr, where systemd and containers look for it, in the form of PREPAZKA_LOG."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            place_of_exception,
            Repetitions(),
            _render,
        ],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
        cache_logger_on_first_use=False,
    )


def log_uncaught() -> None:
    """Log what nobody caught, in this process and its threads, as any other error; Python would quote its values."""

    def log_it(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            structlog.get_logger().error("not caught", **_describe(kind, error, where))

    sys.excepthook = log_it
    threading.excepthook = lambda told: log_it(told.exc_type, told.exc_value, told.exc_traceback)
    logging.captureWarnings(True)


_TEXT = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
_JSON = structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)


def _render(logger: WrappedLogger, method: str, event: EventDict) -> str:
    as_json = os.environ.get(SETTING, "").strip().lower() == "json"
    if as_json:
        first = {key: event.pop(key) for key in ("timestamp", "level", "event") if key in event}
        line = _JSON(logger, method, {**first, **event})
    else:
        line = _TEXT(logger, method, event)
    return line if isinstance(line, str) else line.decode()


_OURS: Mapping[str, Any] = {
    "formatters": {"places": {"()": "prepazka.process.logs.Places"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "places"}},
}


def tells_something(record: logging.LogRecord) -> bool:
    """Whether a line of Django's about an answer says what is not said yet.

    A 503 without an exception is an answer on purpose, such as to a monitor; what failed has its own line.
    """
    return bool(record.exc_info) or getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE


class RepeatedErrors(logging.Filter):
    """Leaves out what Django tells of a database that is away, for each page: once a minute is enough."""

    def __init__(self) -> None:
        super().__init__()
        self._repetitions = Repetitions()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is told, and note in it how often it was left out."""
        told = _describe(*record.exc_info) if record.exc_info and record.exc_info[0] else {}
        if "reason" not in told:
            return True
        try:
            kept = self._repetitions(None, "error", {**told, "level": "error", "event": record.name})
        except structlog.DropEvent:
            return False
        record.left_out = kept.get("left_out", 0)
        return True


# For everything that goes through the standard library: Django's own errors (an answer 500), and other libraries.
DJANGO: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    **_OURS,
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "filters": {"tells_something": {"()": lambda: tells_something}, "repeated": {"()": RepeatedErrors}},
    # Its other lines tell of requests that were refused, by their paths.
    "loggers": {
        "django": {"handlers": [], "level": "ERROR"},
        "django.request": {"filters": ["tells_something", "repeated"]},
    },
}

# Loggers whose texts are known to quote nobody; of others, who warned and where is told.
_KNOWN = ("django", "_granian", "granian", "asyncio")


class Places(logging.Formatter):
    """A record's event without its arguments, such as a path, and its exception by type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        event: EventDict = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": _constant_text(record),
        }
        if record.exc_info and record.exc_info[0]:
            event.update(_describe(*record.exc_info))
        elif record.name.partition(".")[0] not in _KNOWN:
            event["at"] = f"{record.filename}:{record.lineno}:{record.funcName}"
        elif status := getattr(record, "status_code", None):
            event["status"] = status
        if left_out := getattr(record, "left_out", 0):
            event["left_out"] = left_out
        return _render(None, "", event)


def _constant_text(record: logging.LogRecord) -> str:
    """Return what the record says whatever it is about."""
    if record.name.partition(".")[0] not in _KNOWN and not record.args:
        return record.name  # the text may have been put together
    lines = str(record.msg).partition("%")[0].splitlines()  # Django's "%s: %s" of an answer 500 has no other words
    return (lines[0].strip(" :") if lines else "") or record.name


def place_of_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the functions it came through, innermost last."""
    if event.pop("exc_info", None):
        event.update(_describe(*sys.exc_info()))
    return event


def _describe(
    kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
) -> dict[str, str]:
    described = {"error": kind.__name__ if kind else "", "at": " ".join(_places(where))}
    return described | ({"reason": reason} if (reason := _database_reason()(error)) else {})


def _database_reason() -> Callable[[BaseException | None], str]:
    """Return what finds the database's own reason; the supervisor of `serve` has no Django and no database."""
    if "django.db" not in sys.modules:
        return lambda _: ""
    from prepazka.store.database_errors import database_reason  # noqa: PLC0415 -- it imports Django

    return database_reason


def _places(where: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(where)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames[-8:]]
