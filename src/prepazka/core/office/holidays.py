"""The names of public holidays, from the `holidays` library; Czech ones in Czech."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


def name(country: str, day: date, language: str | None = "cs") -> str | None:
    """Return the name of the public holiday of a country on this day, or None.

    The name is in English when that is asked for and the library has it, otherwise in the country's language. Raises:
    NotImplementedError for an unknown country.
    """
    return _names(country, day.year, language).get(day)


@lru_cache(maxsize=64)
def _names(country: str, year: int, language: str | None) -> Mapping[date, str]:
    from holidays import country_holidays  # noqa: PLC0415 -- it loads all calendars, and not every command asks for a day

    own = country_holidays(country, years=year, language="cs" if country == "CZ" else None)
    if language == "en" and "en_US" in own.supported_languages:
        return dict(country_holidays(country, years=year, language="en_US"))
    return dict(own)
