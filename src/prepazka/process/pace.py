"""How long until something that is done every so often is to be done again."""

from datetime import datetime, timedelta


def time_left(last: datetime | None, every: timedelta, now: datetime) -> timedelta:
    """Return how long until it is due; nothing when it is, or was never done.

    A last time in the future, left by a clock set back, does not count.
    """
    passed = timedelta() if last is None else now - last
    return every - passed if last is not None and timedelta() <= passed < every else timedelta()
