"""Days and times in the addresses of booking on the web."""

from datetime import date, time


class DayConverter:
    """A day in an address: `2026-08-10`."""

    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        """Parse the day. Raises: ValueError, which Django answers by 404."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as the address has it."""
        return value.isoformat()


class TimeConverter:
    """A time of day in an address: `14-00`."""

    regex = r"\d\d-\d\d"

    def to_python(self, value: str) -> time:
        """Parse the time. Raises: ValueError, which Django answers by 404."""
        return time.fromisoformat(value.replace("-", ":"))

    def to_url(self, value: time) -> str:
        """Return the time as the address has it."""
        return f"{value:%H-%M}"
