"""Time limits of PostgreSQL: how long a lock, a statement, an idle transaction and a silent connection may last.

Without them one paused process, or one long statement, holds up every other that needs the same row, for hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

COMMAND = "prepazka command"
"""What connections without limits are called, so that nobody ends them for standing still."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Limits in seconds; 0 for none.

    lock: waiting for a row or table that another transaction holds. statement: one statement. idle: a transaction
    between two statements, as that of a paused process is. tcp: a connection whose other end does not answer.
    """

    lock: int = 0
    statement: int = 0
    idle: int = 0
    tcp: int = 0

    @property
    def of_server(self) -> dict[str, int]:
        """The server's parameters of these limits, in milliseconds; those without a limit are left out."""
        named = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return {name: seconds * 1000 for name, seconds in named.items() if seconds}

    @property
    def of_client(self) -> dict[str, int]:
        """The parameters of libpq: a lost peer is noticed after `tcp` seconds, whether we send or wait."""
        if not self.tcp:
            return {}
        probes = 3
        between = max(1, self.tcp // (probes + 1))
        return {
            "connect_timeout": max(2, self.tcp),  # libpq takes no less
            "tcp_user_timeout": self.tcp * 1000,
            "keepalives_idle": between,
            "keepalives_interval": between,
            "keepalives_count": probes,
        }

    def with_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return options of a connection with these limits; what the URL says itself wins."""
        ours = " ".join(f"-c {name}={value}" for name, value in self.of_server.items())
        words = f"{ours} {options.get('options', '')}".strip()
        return self.of_client | dict(options) | ({"options": words} if words else {})


# docs/spec/safety.md §4.4: "Commands wait as long as their work takes"
def lift(settings_dict: dict[str, Any]) -> None:
    """Take the limits of statements and transactions off connections that will be made with these settings."""
    options = settings_dict.get("OPTIONS", {})
    if "options" in options:
        lifted = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
        settings_dict["OPTIONS"] = options | {"options": f"{options['options']} {lifted}", "application_name": COMMAND}
