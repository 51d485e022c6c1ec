"""The names of public holidays, from the `holidays` library; Czech ones in Czech."""

import importlib.util
import sys
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
    from holidays import country_holidays  # noqa: PLC0415 -- not every command asks for a day

    _load_no_other_country()
    own = country_holidays(country, years=year, language="cs" if country == "CZ" else None)
    if language == "en" and "en_US" in own.supported_languages:
        return dict(country_holidays(country, years=year, language="en_US"))
    return dict(own)


def _load_no_other_country() -> None:
    """Have the library find the module of the country alone, unless somebody loaded all of them already.

    Its package of countries imports the calendars of 250 of them, some 8 MB in each process, before it looks into one.
    """
    package = "holidays.countries"
    if package not in sys.modules and (found := importlib.util.find_spec(package)):
        sys.modules[package] = importlib.util.module_from_spec(found)
