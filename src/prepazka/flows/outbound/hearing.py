"""Whether reading messages from a gateway keeps failing: known only to the process that serves it.

A gateway may answer every question about its health while each message it has cannot be read or stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prepazka.store.database_errors import reason_of

# A failure that passes within this time is no news: a database that restarts, a file that is being written.
PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Failing:
    """Since when reading has failed, and why it failed last."""

    since: datetime
    reason: str


class Hearing:
    """The gateways whose messages cannot be read now."""

    def __init__(self) -> None:
        self._failing: dict[str, Failing] = {}

    def failed(self, gateway: str, error: Exception, now: datetime) -> None:
        """Note that messages could not be read or stored."""
        since = self._failing[gateway].since if gateway in self._failing else now
        self._failing[gateway] = Failing(min(since, now), reason_of(error))

    def worked(self, gateway: str) -> None:
        """Note that it could be read."""
        self._failing.pop(gateway, None)

    def failing(self, gateway: str, now: datetime) -> Failing | None:
        """Return the failure, once it has lasted for `PATIENCE`."""
        found = self._failing.get(gateway)
        return found if found and now - found.since >= PATIENCE else None


# Of this process.
hearing = Hearing()
