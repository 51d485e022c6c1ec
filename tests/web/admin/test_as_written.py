"""Numbers and times as people write them."""

import pytest

from prepazka.web.admin.as_written import read_number, read_times


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("739 547 000", "+420739547000"),
        ("+420 739 547 000", "+420739547000"),
        ("00420739547000", "+420739547000"),
        ("+421 905 246 802", "+421905246802"),
        ("9021 199", "9021199"),
        ("60420", "60420"),
        ("urad", "urad"),
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
        ("11.30-12.30", "11:30-12:30"),
        (" 11.30 – 12.30 ", "11:30-12:30"),
        ("11:30—12", "11:30-12:00"),
        ("8 h - 9 hod.", "8:00-9:00"),
        ("25.99-9", "25:99-9:00"),  # refused by the checks of the file, in their words
        ("v poledne", "v poledne"),
        ("", ""),
    ],
)
def test_times_are_read_however_they_are_written(written: str, read: str) -> None:
    assert read_times(written) == read
