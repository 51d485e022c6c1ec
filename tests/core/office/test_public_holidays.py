"""Public holidays: of every country the library knows, and without the calendars of the other countries."""

import subprocess
import sys
from datetime import date

from holidays import list_supported_countries

from prepazka.core.office import holidays

ONE_COUNTRY = """
import sys
from datetime import date
from prepazka.core.office import holidays
print(holidays.name("CZ", date(2027, 9, 28)))
print(sum(name.startswith("holidays.countries.") for name in sys.modules))
"""


def test_a_country_is_read_without_the_calendars_of_all_others() -> None:
    done = subprocess.run([sys.executable, "-c", ONE_COUNTRY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["Den české státnosti", "1"]


def test_every_country_an_office_may_be_in_has_its_calendar() -> None:
    first_days = {country: holidays.name(country, date(2027, 1, 1)) for country in list_supported_countries()}
    assert first_days["CZ"] == "Den obnovy samostatného českého státu; Nový rok"
    assert first_days["AX"]  # made from the calendar of another country
    assert sum(name is not None for name in first_days.values()) > 150
