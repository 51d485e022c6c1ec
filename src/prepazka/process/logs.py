"""Logging: one line an event, never with a name, a number or a text of a citizen.

Exceptions are logged by type and place only, because their messages quote values, and a database's quote whole rows.
The exceptions are those of a database that is away, full, locked, read-only or of another version: their first line
names no value, and nobody can mend what is not named.
"""

import logging
import sys
import traceback
from types import TracebackType

import structlog
from structlog.typing import EventDict, WrappedLogger


def configure() -> None:
    """Log to stderr, where systemd and containers look for it."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            place_of_exception,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


# For Django, whose own errors (an answer 500) go through the standard library.
DJANGO = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"places": {"()": "prepazka.process.logs.Places"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "places"}},
    "loggers": {
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}


class Places(logging.Formatter):
    """A record's event without its arguments, such as a path, and its exception by type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        words = str(record.msg).partition("%")[0].strip(" :")  # Django's "%s: %s" of an answer 500 has no others
        event = {"level": record.levelname.lower(), "event": words or record.name}
        if record.exc_info and record.exc_info[0]:
            event |= {"error": record.exc_info[0].__name__, "at": " ".join(_places(record.exc_info[2]))}
            event |= _reason(record.exc_info[1])
        line = structlog.processors.LogfmtRenderer()(None, "", event)
        return line if isinstance(line, str) else line.decode()


def place_of_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the functions it came through, innermost last."""
    if event.pop("exc_info", None):
        kind, error, where = sys.exc_info()
        event["error"] = kind.__name__ if kind else ""
        event["at"] = " ".join(_places(where))
        event.update(_reason(error))
    return event


def _reason(error: BaseException | None) -> dict[str, str]:
    """Return the database's own reason, where it cannot quote a row."""
    from django.db import OperationalError, ProgrammingError  # noqa: PLC0415 -- the supervisor of `serve` has no Django

    lines = str(error).strip().splitlines() if isinstance(error, OperationalError | ProgrammingError) else []
    return {"reason": lines[0]} if lines else {}


def _places(where: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(where)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames[-8:]]
