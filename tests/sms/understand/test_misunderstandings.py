"""The iron rule (spec/messages.md §3): nothing happens on partly understood text; the reply shows how it is sent."""

import pytest

from prepazka.core.booking.outcomes import (
    BadDate,
    BadTime,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    NotUnderstood,
    UnknownService,
)
from prepazka.sms.understand.parse import MOST_CHARACTERS, Reading
from tests.sms.understand.readings import book, read, reading

FULL = "OBJ ZOP 10.8. 14:00 NOVAK"
SAMPLE = "OBJ ZOP 4.8. 14:00 NOVAK"

SPEC = [
    pytest.param("OBJ ZOP NOVAK 10.8.", MissingTime(FULL), id="OBJ ZOP NOVAK 10.8."),
    pytest.param("OBJ ZOP 31.2. 14:00 NOVAK", BadDate("31.2.", SAMPLE), id="OBJ ZOP 31.2. 14:00 NOVAK"),
    pytest.param("OBJ ZOP 25:00 NOVAK", BadTime("25:00", SAMPLE), id="OBJ ZOP 25:00 NOVAK"),
]

ABSENT = [
    pytest.param("OBJ ZOP", MissingName("OBJ ZOP NOVAK"), id="all but the service"),
    pytest.param("OBJ ZOP 2x", MissingName("OBJ ZOP 2X NOVAK"), id="all but service and persons"),
    pytest.param("OBJ ZOP 10.8. 14:00", MissingName(FULL), id="name"),
    pytest.param("OBJ ZOP 10.8. NOVAK", MissingTime(FULL), id="time"),
    pytest.param("OBJ ZOP 14:00 NOVAK", MissingDate(SAMPLE), id="date"),
    pytest.param("OBJ ZOP 10.8.", MissingTime(FULL), id="time and name"),
    pytest.param("OBJ ZOP 14:00", MissingDate(SAMPLE), id="date and name"),
    pytest.param("OBJ ZOP 3x 10.8. Novák", MissingTime("OBJ ZOP 3X 10.8. 14:00 NOVAK"), id="time; persons are kept"),
    pytest.param("OBJ ZOP 10.8.2027 Šídlo", MissingTime("OBJ ZOP 10.8.2027 14:00 SIDLO"), id="time; a year is kept"),
    pytest.param("OBJ ZOP 10.8. Wolfeschlegelsteinhausen", MissingTime(FULL), id="time; too long a name is replaced"),
    pytest.param("OBJ ZOP 10.8. 王小明", MissingTime("OBJ ZOP 10.8. 14:00 WANGXIAOMING"), id="time; spelt in Latin"),
    pytest.param("STORNO", MissingCode("STORNO 012345 4.8."), id="code and date of a cancellation"),
    pytest.param("STORNO 10.8.", MissingCode("STORNO 012345 10.8."), id="code of a cancellation"),
    pytest.param("STORNO 482913", MissingDate("STORNO 482913 4.8."), id="date of a cancellation"),
    pytest.param("PRESUN", MissingCode("PRESUN 012345 4.8. 14:00"), id="all of a move"),
    pytest.param("PRESUN 10.8. 14:00", MissingCode("PRESUN 012345 10.8. 14:00"), id="code of a move"),
    pytest.param("PRESUN 482913 14:00", MissingDate("PRESUN 482913 4.8. 14:00"), id="date of a move"),
    pytest.param("PRESUN 482913 10.8.", MissingTime("PRESUN 482913 10.8. 14:00"), id="time of a move"),
    pytest.param("HLIDEJ ZOP", MissingDate("HLIDEJ ZOP 4.8."), id="date of a watch"),
]

IMPOSSIBLE = [
    pytest.param("OBJ ZOP 45.13. 14:00 NOVAK", BadDate("45.13.", SAMPLE), id="45.13."),
    pytest.param("OBJ ZOP 0.8. 14:00 NOVAK", BadDate("0.8.", SAMPLE), id="0.8."),
    pytest.param("OBJ ZOP 31. 2. 14:00 NOVAK", BadDate("31. 2.", SAMPLE), id="31. 2."),
    pytest.param("OBJ ZOP 31/2 14:00 NOVAK", BadDate("31/2", SAMPLE), id="31/2"),
    pytest.param("OBJ ZOP 2026-13-10 14:00 NOVAK", BadDate("2026-13-10", SAMPLE), id="2026-13-10"),
    pytest.param("OBJ ZOP 29.2.2027 14:00 NOVAK", BadDate("29.2.2027", SAMPLE), id="29.2. of a common year"),
    pytest.param("OBJ ZOP 29.2.2027 NOVAK", BadDate("29.2.2027", SAMPLE), id="29.2. of a common year is not 20:27"),
    pytest.param("OBJ ZOP 29. 2. 2027 14:00 NOVAK", BadDate("29. 2. 2027", SAMPLE), id="29. 2. 2027"),
    pytest.param("OBJ ZOP 10.8.1926 NOVAK", BadDate("10.8.1926", SAMPLE), id="a mistyped year is not 19:26"),
    pytest.param("OBJ ZOP 3102 1400 NOVAK", BadDate("3102", SAMPLE), id="3102"),
    pytest.param("OBJ ZOP 3l.2. 14:00 NOVAK", BadDate("3l.2.", SAMPLE), id="the token as typed"),
    pytest.param("OBJ ZOP 31.2.14:00 NOVAK", BadDate("31.2.14:00", SAMPLE), id="date grown to a time"),
    pytest.param("OBJ ZOP PO 31.2. 14:00 NOVAK", BadDate("31.2.", SAMPLE), id="weekday before it"),
    pytest.param("TERMIN ZOP 31.2.", BadDate("31.2.", "TERMIN ZOP 4.8."), id="date of free times"),
    pytest.param("STORNO 482913 31.2.", BadDate("31.2.", "STORNO 482913 4.8."), id="date of a cancellation"),
    pytest.param("STORNO 482913 3102", BadDate("3102", "STORNO 482913 4.8."), id="DDMM of a cancellation"),
    pytest.param("HLIDEJ ZOP 31.2.", BadDate("31.2.", "HLIDEJ ZOP 4.8."), id="date of a watch"),
    pytest.param("OBJ ZOP 10.8. 25:00 NOVAK", BadTime("25:00", FULL), id="25:00"),
    pytest.param("OBJ ZOP 10.8. 24:00 NOVAK", BadTime("24:00", FULL), id="24:00"),
    pytest.param("OBJ ZOP 10.8. 14:60 NOVAK", BadTime("14:60", FULL), id="14:60"),
    pytest.param("OBJ ZOP 10.8. 14:5 NOVAK", BadTime("14:5", FULL), id="14:5"),
    pytest.param("OBJ ZOP 10.8. 14:000 NOVAK", BadTime("14:000", FULL), id="14:000"),
    pytest.param("OBJ ZOP 10.8. 2500 NOVAK", BadTime("2500", FULL), id="2500"),
    pytest.param("OBJ ZOP 10.8. 25 NOVAK", BadTime("25", FULL), id="25 directly after a date"),
    pytest.param("OBJ ZOP 10.8. 25h NOVAK", BadTime("25h", FULL), id="25h"),
    pytest.param("OBJ ZOP 10.8. 25 hod NOVAK", BadTime("25", FULL), id="25 hod"),
    pytest.param("OBJ ZOP 10.8.25:00 NOVAK", BadTime("10.8.25:00", FULL), id="time grown to a date"),
    pytest.param("PRESUN 482913 10.8. 25:00", BadTime("25:00", "PRESUN 482913 10.8. 14:00"), id="time of a move"),
]

SERVICES = [
    pytest.param("OBJ XYZ 10.8. 14:00 NOVAK", UnknownService("XYZ", ()), id="like no other"),
    pytest.param("OBJ XYZ 31.2. 25:00 7", UnknownService("XYZ", ()), id="before all other mistakes"),
    pytest.param("OBJ ZPO NOVAK", UnknownService("ZPO", ("ZOP",)), id="letters changed about"),
    pytest.param("OBJ Z0P NOVAK", UnknownService("Z0P", ("ZOP",)), id="0 for O"),
    pytest.param("OBJ ZOPP NOVAK", UnknownService("ZOPP", ("ZOP",)), id="a letter too many"),
    pytest.param("OBJ XOP NOVAK", UnknownService("XOP", ("ZOP", "POP")), id="near two"),
    pytest.param("OBJ ZOP10.8. 14:00 NOVAK", UnknownService("ZOP10.8.", ("ZOP",)), id="grown to the date"),
    pytest.param("OBJ NOVAK", UnknownService("NOVAK", ()), id="a name in its place"),
    pytest.param("OBJ 10.8. 14:00 NOVAK", UnknownService("10.8.", ()), id="a date in its place"),
    pytest.param("TERMIN XYZ", UnknownService("XYZ", ()), id="free times"),
    pytest.param("STAV XYZ", UnknownService("XYZ", ()), id="queue"),
    pytest.param("HLIDEJ XYZ", UnknownService("XYZ", ()), id="watch"),
]

TOO_MUCH = [
    pytest.param(f"{FULL} 99", NotUnderstood("99", FULL), id="a number after the name"),
    pytest.param("OBJ ZOP NOVAK 14", NotUnderstood("14", SAMPLE), id="an hour that is not after a date"),
    pytest.param("OBJ ZOP 14 10.8. NOVAK", NotUnderstood("14", FULL), id="an hour before the date"),
    pytest.param("OBJ ZOP 10.8. 14:00 15:00 NOVAK", NotUnderstood("15:00", FULL), id="two times"),
    pytest.param("OBJ ZOP 10.8. 14:00 - 15:00 NOVAK", NotUnderstood("15:00", FULL), id="from one time to another"),
    pytest.param("OBJ ZOP 10.8. 14 - 15 NOVAK", NotUnderstood("15", FULL), id="from one hour to another"),
    pytest.param("OBJ ZOP 10.8. 14:00-15:00 NOVAK", NotUnderstood("14:00-15:00", FULL), id="the same grown together"),
    pytest.param("OBJ ZOP 10.8. 11.8. 14:00 NOVAK", NotUnderstood("11.8.", FULL), id="two dates"),
    pytest.param("OBJ ZOP 10. - 8. 14:00 NOVAK", NotUnderstood("10.", SAMPLE), id="a date torn apart"),
    pytest.param("OBJ ZOP ~14:00 10.8. NOVAK", NotUnderstood("~14:00", FULL), id="about that time"),
    pytest.param("OBJ ZOP 10.8. >14:00 NOVAK", NotUnderstood(">14:00", FULL), id="after that time"),
    pytest.param("OBJ ZOP 10.8. -14:00 NOVAK", NotUnderstood("-14:00", FULL), id="until that time"),
    pytest.param("OBJ ZOP 0x 10.8. 14:00 NOVAK", NotUnderstood("0x", FULL), id="nobody"),
    pytest.param("OBJ ZOP 10x 10.8. 14:00 NOVAK", NotUnderstood("10x", FULL), id="ten people"),
    pytest.param("OBJ ZOP 2x 3x 10.8. 14:00 NOVAK", NotUnderstood("3x", "OBJ ZOP 2X 10.8. 14:00 NOVAK"), id="2x 3x"),
    pytest.param("OBJ ZOP ١٠.٨. 14:00 NOVAK", NotUnderstood("١٠.٨.", SAMPLE), id="digits of another script"),
    pytest.param("STORNO 482913 10.8. 14:00", NotUnderstood("14:00", "STORNO 482913 10.8."), id="time of what goes"),
    pytest.param("STORNO 482913 10.8. NOVAK", NotUnderstood("NOVAK", "STORNO 482913 10.8."), id="name of what goes"),
    pytest.param("STORNO 482913 482914 10.8.", NotUnderstood("482914", "STORNO 482913 10.8."), id="two codes"),
    pytest.param("STORNO 48291E 10.8.", NotUnderstood("48291E", "STORNO 012345 10.8."), id="letter in a code"),
    pytest.param("STORNO 123 10.8.", NotUnderstood("123", "STORNO 012345 10.8."), id="code of three digits"),
    pytest.param(
        "STORNO 12345678901 10.8.", NotUnderstood("12345678901", "STORNO 012345 10.8."), id="of eleven digits"
    ),
    pytest.param("TERMIN ZOP 14", NotUnderstood("14", "TERMIN ZOP 4.8."), id="free times at an hour of no date"),
    pytest.param("TERMIN ZOP NOVAK", NotUnderstood("NOVAK", "TERMIN ZOP 4.8."), id="free times for a name"),
    pytest.param("STAV ZOP DNES", NotUnderstood("DNES", "STAV ZOP"), id="queue of a day"),
    pytest.param("STAV ZOP NOVAK", NotUnderstood("NOVAK", "STAV ZOP"), id="queue with a name"),
    pytest.param("HLIDEJ ZOP 10.8. 14:00", NotUnderstood("14:00", "HLIDEJ ZOP 10.8."), id="watch at a time"),
    pytest.param("ANO 0", NotUnderstood("0", "ANO"), id="choice 0"),
    pytest.param("ANO 12", NotUnderstood("12", "ANO"), id="choice 12"),
    pytest.param("ANO 1 2", NotUnderstood("2", "ANO 1"), id="two choices"),
    pytest.param("ANO NE", NotUnderstood("NE", "ANO"), id="yes no"),
    pytest.param("HELP ME", NotUnderstood("ME", "POMOC"), id="help me"),
    pytest.param("HELP ZKR NOVAK", NotUnderstood("NOVAK", "ZKRATKY"), id="more after the list of codes"),
    pytest.param("STOP ZOP", NotUnderstood("ZOP", "STOP"), id="stop something"),
    pytest.param("MOJE 1", NotUnderstood("1", "MOJE"), id="mine with a number"),
]

NO_COMMAND = [
    pytest.param("", NotUnderstood("", ""), id="nothing"),
    pytest.param(" \t\r\n\u00a0", NotUnderstood("", ""), id="white space"),
    pytest.param("🙂", NotUnderstood("🙂", ""), id="emoji"),
    pytest.param("...", NotUnderstood("...", ""), id="dots"),
    pytest.param("Dobrý den", NotUnderstood("Dobrý", ""), id="courtesy"),
    pytest.param("Vaše zásilka dorazila", NotUnderstood("Vaše", ""), id="another message"),
    pytest.param("10.8. 14:00", NotUnderstood("10.8.", ""), id="values"),
    pytest.param("OBJ", NotUnderstood("OBJ", SAMPLE), id="the word for booking alone"),
    pytest.param("TERMIN", NotUnderstood("TERMIN", "TERMIN ZOP 4.8."), id="the word for free times alone"),
    pytest.param("STAV", NotUnderstood("STAV", "STAV ZOP"), id="the word for the queue alone"),
    pytest.param("HLIDEJ", NotUnderstood("HLIDEJ", "HLIDEJ ZOP 4.8."), id="the word for watching alone"),
    pytest.param("ZOP 10.8. 14:00 NOVAK", NotUnderstood("ZOP", FULL), id="the word for booking forgotten"),
    pytest.param("TERMYN ZOP 10.8.", NotUnderstood("TERMYN", "TERMIN ZOP 10.8."), id="mistyped command"),
    pytest.param("ОBJ ZOP 10.8. 14:00 NOVAK", NotUnderstood("ОBJ", FULL), id="a Cyrillic letter in a command"),
    pytest.param("NO", NotUnderstood("NO", ""), id="never a mistyped yes"),
    pytest.param("OBJZOP10.8.14:00NOVAK", NotUnderstood("OBJZOP10.8.14:00NOVA", ""), id="no spaces"),
    pytest.param("OBJ,ZOP,10.8.,14:00,NOVAK", NotUnderstood("OBJ,ZOP,10.8.,14:00,", ""), id="commas for spaces"),
    pytest.param("O\x00B\x07J ZOP", NotUnderstood("O?B?J", ""), id="control characters are not shown"),
    pytest.param("\ud800\udfff", NotUnderstood("??", ""), id="lone surrogates are not shown"),
    pytest.param("A" * MOST_CHARACTERS, NotUnderstood("A" * 20, ""), id="as long as a text may be"),
    pytest.param(FULL + " " * MOST_CHARACTERS, NotUnderstood("OBJ ZOP 10.8. 14:00 ", ""), id="longer"),
]


@pytest.mark.parametrize(("text", "misunderstanding"), SPEC)
def test_example_of_the_iron_rule(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


def test_a_date_without_its_full_stop_is_a_date() -> None:
    assert read("OBJ ZOP 10.8 14:00 NOVAK") == book()


@pytest.mark.parametrize(("text", "misunderstanding"), ABSENT)
def test_what_is_absent_is_asked_for(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


@pytest.mark.parametrize(("text", "misunderstanding"), IMPOSSIBLE)
def test_no_such_date_or_time(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


@pytest.mark.parametrize(("text", "misunderstanding"), SERVICES)
def test_no_such_service(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


@pytest.mark.parametrize(("text", "misunderstanding"), TOO_MUCH)
def test_what_is_too_much_is_named(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


@pytest.mark.parametrize(("text", "misunderstanding"), NO_COMMAND)
def test_no_command(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


def test_an_english_message_is_corrected_in_english() -> None:
    assert reading("BOOK ZOP TOMORROW SMITH") == Reading(MissingTime("BOOK ZOP 4.8. 14:00 SMITH"), "en")


def test_an_english_sample_name() -> None:
    assert reading("BOOK ZOP TOMORROW 14:00") == Reading(MissingName("BOOK ZOP 4.8. 14:00 SMITH"), "en")
