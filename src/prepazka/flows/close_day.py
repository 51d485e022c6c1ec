"""The day's end at the counters: whoever still waits is closed, whoever did not come when called is absent."""

from datetime import datetime


def close_day(office_id: int, now: datetime, who: str = "") -> int:
    """Close what is left of days before today; how many tickets. Closing again changes nothing."""
    raise NotImplementedError


def close_days(now: datetime) -> int:
    """`close_day` for every office that has something left."""
    raise NotImplementedError
