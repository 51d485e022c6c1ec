"""Days in addresses."""

from datetime import date

from prepazka.core.minutes import YEARS


def parse_date(text: str | None, otherwise: date) -> date:
    """Return the day of the address; the other one for an invalid day, or one outside the calendar's years."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return day if YEARS[0] <= day.year < YEARS[1] else otherwise
