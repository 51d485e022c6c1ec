"""The names of public holidays, from the `holidays` library; Czech ones in Czech."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays


def name(country: str, day: date) -> str | None:
    """The name of the holiday a country keeps on this day, if any; NotImplementedError for a country not known."""
    return _names(country, day.year).get(day)


@lru_cache(maxsize=64)
def _names(country: str, year: int) -> Mapping[date, str]:
    language = "cs" if country == "CZ" else None
    return dict(country_holidays(country, years=year, language=language))
