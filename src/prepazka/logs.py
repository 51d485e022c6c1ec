"""How this program logs: lines on stderr, never the values a function worked on, which may be personal data."""

import logging.config
import sys
from typing import Any

import structlog


def configure(django: dict[str, Any]) -> None:
    """Set up structlog, and the standard library's logging as Django wants it (settings.LOGGING_CONFIG)."""
    if sys.stderr.isatty():
        # Tracebacks without the local variables that a prettier formatter would show.
        last: Any = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        processors = [last]
    else:
        processors = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *processors,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(django)
