"""Numbers, times, days and names as people write them, and the same in an office file."""

from datetime import date, time

import pytest

from prepazka import officefile
from prepazka.officefile.as_written import read_day, read_name, read_number, read_time, read_times


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("739 547 000", "+420739547000"),
        ("+420 739 547 000", "+420739547000"),
        ("+420\u00a0739\u00a0547\u00a0000", "+420739547000"),
        ("739-547-000", "+420739547000"),
        ("739/547 000", "+420739547000"),
        ("00420739547000", "+420739547000"),
        ("\u202a+420739547000\u202c", "+420739547000"),
        ("+421 905 246 802", "+421905246802"),
        ("9021 199", "9021199"),
        ("60420", "60420"),
        ("urad", "urad"),
        ("739 547 OOO", "739 547 OOO"),
        ("739547000x12", "739547000x12"),
        ("", ""),
    ],
)
def test_a_number_is_read_however_it_is_written(written: str, read: str) -> None:
    assert read_number(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("08:00", "08:00"),
        ("8.00", "8:00"),
        ("8", "8:00"),
        (" 8,30 ", "8:30"),
        ("8 hod.", "8:00"),
        ("25.99", "25:99"),  # refused by the checks of the file, in their words
        ("v poledne", "v poledne"),
        ("", ""),
    ],
)
def test_a_time_is_read_however_it_is_written(written: str, read: str) -> None:
    assert read_time(written) == read


@pytest.mark.parametrize(
    "written",
    ["11.30-12.30", " 11.30 – 12.30 ", "11:30—12:30", "11:30 − 12.30", "11.30 až 12.30", "11:30 do 12:30 h"],
)
def test_a_break_is_read_however_it_is_written(written: str) -> None:
    assert read_times(written) == ["11:30", "12:30"]


def test_full_hours_are_a_break() -> None:
    assert read_times("11–12") == ["11:00", "12:00"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("24. 12. 2026", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("2026-12-24", date(2026, 12, 24)),
        ("31.11.2026", None),
        ("24.12.", None),
        ("o Vánocích", None),
    ],
)
def test_a_day_is_read_however_it_is_written(written: str, read: date | None) -> None:
    assert read_day(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("Hala", "hala"), ("Vchod hlavní", "vchod-hlavni"), (" KIOSEK_2 ", "kiosek-2"), ("hala-1", "hala-1"), ("!?", "")],
)
def test_a_name_is_read_however_it_is_written(written: str, read: str) -> None:
    assert read_name(written) == read


def test_an_office_file_takes_them_as_the_pages_do() -> None:
    office = officefile.parse(
        """
        [office]
        slug = "vlkov"
        name = "Vlkov"
        numbers = ["739 547 000", { number = "+420 601 234 000", gateway = "modem" }]

        [settings]
        remind_from = "8.30"

        [[agendas]]
        key = "matrika"
        title = "Matrika"

        [[agendas.rules]]
        days = ["mon"]
        opens = "8"
        closes = "17.00"
        step = 15
        lanes = 1
        breaks = ["11.30 – 12.30"]
        valid_from = "1. 2. 2027"

        [[closures]]
        first = "24.12.2026"
        last = "24. 12. 2026"
        since = "12.00"
        until = "17 h"
        reason = "Štědrý den"
        """
    )
    assert office.numbers == ("+420739547000", "+420601234000")
    assert office.settings.remind_from == time(8, 30)
    [rule] = office.agendas[0].rules
    assert (rule.hours.opens, rule.hours.closes, rule.hours.breaks) == (
        time(8),
        time(17),
        ((time(11, 30), time(12, 30)),),
    )
    assert rule.valid_from == date(2027, 2, 1)
    [closure] = office.closures
    assert (closure.first, closure.last, closure.since, closure.until) == (
        date(2026, 12, 24),
        date(2026, 12, 24),
        time(12),
        time(17),
    )
    assert officefile.parse(officefile.dump(office)) == office


def test_one_number_written_in_two_ways_is_one() -> None:
    text = '[office]\nslug = "vlkov"\nname = "Vlkov"\nnumbers = ["739 547 000", "+420739547000"]'
    with pytest.raises(officefile.OfficeFileError) as raised:
        officefile.parse(text)
    assert raised.value.problems == ('office.numbers[1]: "+420739547000" is already office.numbers[0]',)


@pytest.mark.parametrize("written", ["150", "1 5 8", "112", "159"])
def test_a_number_of_help_in_need_is_no_offices(written: str) -> None:
    with pytest.raises(officefile.OfficeFileError) as raised:
        officefile.parse(f'[office]\nslug = "vlkov"\nname = "Vlkov"\nnumbers = ["{written}"]')
    number = written.replace(" ", "")
    assert raised.value.problems == (
        f"office.numbers[0].number: {number} is called by people in need; an office cannot have it",
    )


def test_a_short_code_of_an_operator_is_one() -> None:
    assert officefile.parse('[office]\nslug = "vlkov"\nname = "Vlkov"\nnumbers = ["90811"]').numbers == ("90811",)
