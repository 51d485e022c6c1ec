"""How the server's library logs: as everything else does (`logs.py`), which is loaded with its first line.

A supervisor writes hardly any line, and runs for years beside the processes it looks after.
"""

import logging
from typing import Any

SERVER: dict[str, Any] = {
    # It would write its own form to stdout, and silence everybody who logged before.
    "disable_existing_loggers": False,
    "formatters": {"places": {"()": "prepazka.process.server_log.WhenWritten"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "places"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}


class WhenWritten(logging.Formatter):
    """The form of `logs.Places`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        from prepazka.process.logs import Places  # noqa: PLC0415 -- as said

        return Places().format(record)
