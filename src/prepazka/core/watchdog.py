"""The watchdog: each morning an office's number is sent an SMS by its own gateway, and has to come back.

It tries what nothing else does: the whole way out to the network and in again.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

PATIENCE = timedelta(minutes=30)
"""So long an SMS may be on its way."""
MISSED_FOR = timedelta(hours=5)
"""Until then a machine that was down in the morning sends it late."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """When the message of a number was sent last, came back last, and was found not to have come back last."""

    sent: datetime | None = None
    back: datetime | None = None
    missed: datetime | None = None


# docs/spec/health.md §6: "once a day, in the morning"
def is_due(sent: datetime | None, at: time, now: datetime, zone: tzinfo) -> bool:
    """Whether the message of today is to be sent. at: the time of day, by the office's clock."""
    due = datetime.combine(now.astimezone(zone).date(), at, zone)
    return due <= now < due + MISSED_FOR and (sent is None or sent < due)


def is_on_its_way(rounds: Rounds) -> bool:
    """Whether the last message has not come back."""
    return rounds.sent is not None and (rounds.back is None or rounds.back < rounds.sent)


# docs/spec/health.md §6: "it stays until one has come back"
def is_missing(rounds: Rounds, now: datetime) -> bool:
    """Whether the last message did not come back in time, or the one before it, while the last is on its way."""
    if rounds.sent is None or not is_on_its_way(rounds):
        return False
    missed_before = rounds.missed is not None and (rounds.back is None or rounds.back < rounds.missed)
    return now - rounds.sent > PATIENCE or missed_before
