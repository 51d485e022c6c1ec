"""The iron rule (spec/messages.md §3): nothing happens on partly understood text; the reply shows how it is sent,
with a hole for every value that was not given or not understood.
"""

from datetime import date

import pytest

from prepazka.core.booking.cancel import CancelSomething
from prepazka.core.booking.misunderstandings import (
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
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.parse import MOST_CHARACTERS, Reading
from tests.sms.understand.readings import (
    DAYLESS,
    FULL,
    NEXT_MONDAY,
    TIMELESS,
    TUESDAY,
    TWO,
    book,
    drafted,
    read,
    reading,
)

PERFECT = "OBJ ZOP 10.8. 14:00 NOVAK"

SPEC = [
    pytest.param("OBJ ZOP NOVAK 10.8.", MissingTime(TIMELESS), id="OBJ ZOP NOVAK 10.8."),
    pytest.param("OBJ ZOP 31.2. 14:00 NOVAK", BadDate("31.2.", DAYLESS), id="OBJ ZOP 31.2. 14:00 NOVAK"),
    pytest.param("OBJ ZOP 25:00 NOVAK", BadTime("25:00", drafted("book", name="NOVAK")), id="OBJ ZOP 25:00 NOVAK"),
]

ABSENT = [
    pytest.param("OBJ ZOP", MissingName(drafted("soonest")), id="all but the service"),
    pytest.param("OBJ ZOP 2x", MissingName(drafted("soonest_persons", persons=2)), id="all but service and persons"),
    pytest.param("OBJ ZOP 10.8. 14:00", MissingName(drafted("book", day=NEXT_MONDAY, at=TWO)), id="name"),
    pytest.param("OBJ ZOP 10.8. NOVAK", MissingTime(TIMELESS), id="time"),
    pytest.param("OBJ ZOP 14:00 NOVAK", MissingDate(DAYLESS), id="date"),
    pytest.param("OBJ ZOP 10.8.", MissingTime(drafted("book", day=NEXT_MONDAY)), id="time and name"),
    pytest.param("OBJ ZOP 14:00", MissingDate(drafted("book", at=TWO)), id="date and name"),
    pytest.param(
        "OBJ ZOP 3x 10.8. Novák",
        MissingTime(drafted("book_persons", persons=3, day=NEXT_MONDAY, name="NOVAK")),
        id="time; persons are kept",
    ),
    pytest.param(
        "OBJ ZOP 10.8.2027 Šídlo",
        MissingTime(drafted("book", day=date(2027, 8, 10), name="SIDLO", with_year=True)),
        id="time; a year is kept",
    ),
    pytest.param(
        "OBJ ZOP 10.8. Wolfeschlegelsteinhausen",
        MissingTime(drafted("book", day=NEXT_MONDAY)),
        id="time; too long a name is a hole",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 王小明",
        MissingTime(drafted("book", day=NEXT_MONDAY, name="王小明")),
        id="time; in other letters",
    ),
    pytest.param("STORNO", CancelSomething(bare=True), id="code and date of a cancellation"),
    pytest.param("STORNO 10.8.", CancelSomething(day=NEXT_MONDAY), id="code of a cancellation"),
    pytest.param("STORNO 482913", CancelSomething(code="482913"), id="date of a cancellation"),
    pytest.param("PRESUN", MissingCode(drafted("move")), id="all of a move"),
    pytest.param("PRESUN 10.8. 14:00", MissingCode(drafted("move", day=NEXT_MONDAY, at=TWO)), id="code of a move"),
    pytest.param("PRESUN 482913 14:00", MissingDate(drafted("move", at=TWO, code="482913")), id="date of a move"),
    pytest.param(
        "PRESUN 482913 10.8.", MissingTime(drafted("move", day=NEXT_MONDAY, code="482913")), id="time of a move"
    ),
    pytest.param("HLIDEJ ZOP", MissingDate(drafted("watch")), id="date of a watch"),
]

IMPOSSIBLE = [
    pytest.param("OBJ ZOP 45.13. 14:00 NOVAK", BadDate("45.13.", DAYLESS), id="45.13."),
    pytest.param("OBJ ZOP 0.8. 14:00 NOVAK", BadDate("0.8.", DAYLESS), id="0.8."),
    pytest.param("OBJ ZOP 31. 2. 14:00 NOVAK", BadDate("31. 2.", DAYLESS), id="31. 2."),
    pytest.param("OBJ ZOP 31/2 14:00 NOVAK", BadDate("31/2", DAYLESS), id="31/2"),
    pytest.param("OBJ ZOP 2026-13-10 14:00 NOVAK", BadDate("2026-13-10", DAYLESS), id="2026-13-10"),
    pytest.param("OBJ ZOP 29.2.2027 14:00 NOVAK", BadDate("29.2.2027", DAYLESS), id="29.2. of a common year"),
    pytest.param(
        "OBJ ZOP 29.2.2027 NOVAK",
        BadDate("29.2.2027", drafted("book", name="NOVAK")),
        id="29.2. of a common year is not 20:27",
    ),
    pytest.param("OBJ ZOP 29. 2. 2027 14:00 NOVAK", BadDate("29. 2. 2027", DAYLESS), id="29. 2. 2027"),
    pytest.param(
        "OBJ ZOP 10.8.1926 NOVAK",
        BadDate("10.8.1926", drafted("book", name="NOVAK")),
        id="a mistyped year is not 19:26",
    ),
    pytest.param("OBJ ZOP 3102 1400 NOVAK", BadDate("3102", DAYLESS), id="3102"),
    pytest.param("OBJ ZOP 3l.2. 14:00 NOVAK", BadDate("3l.2.", DAYLESS), id="the token as typed"),
    pytest.param("OBJ ZOP 31.2.14:00 NOVAK", BadDate("31.2.14:00", DAYLESS), id="date grown to a time"),
    pytest.param("OBJ ZOP PO 31.2. 14:00 NOVAK", BadDate("31.2.", DAYLESS), id="weekday before it"),
    pytest.param("TERMIN ZOP 31.2.", BadDate("31.2.", drafted("free_times")), id="date of free times"),
    pytest.param(
        "STORNO 482913 31.2.", BadDate("31.2.", drafted("cancel", code="482913")), id="date of a cancellation"
    ),
    pytest.param("STORNO 482913 3102", BadDate("3102", drafted("cancel", code="482913")), id="DDMM of a cancellation"),
    pytest.param("HLIDEJ ZOP 31.2.", BadDate("31.2.", drafted("watch")), id="date of a watch"),
    pytest.param("OBJ ZOP 10.8. 25:00 NOVAK", BadTime("25:00", TIMELESS), id="25:00"),
    pytest.param("OBJ ZOP 10.8. 24:00 NOVAK", BadTime("24:00", TIMELESS), id="24:00"),
    pytest.param("OBJ ZOP 10.8. 14:60 NOVAK", BadTime("14:60", TIMELESS), id="14:60"),
    pytest.param("OBJ ZOP 10.8. 14:5 NOVAK", BadTime("14:5", TIMELESS), id="14:5"),
    pytest.param("OBJ ZOP 10.8. 14:000 NOVAK", BadTime("14:000", TIMELESS), id="14:000"),
    pytest.param("OBJ ZOP 10.8. 2500 NOVAK", BadTime("2500", TIMELESS), id="2500"),
    pytest.param("OBJ ZOP 10.8. 25 NOVAK", BadTime("25", TIMELESS), id="25 directly after a date"),
    pytest.param("OBJ ZOP 10.8. 25h NOVAK", BadTime("25h", TIMELESS), id="25h"),
    pytest.param("OBJ ZOP 10.8. 25 hod NOVAK", BadTime("25", TIMELESS), id="25 hod"),
    pytest.param("OBJ ZOP 10.8.25:00 NOVAK", BadTime("10.8.25:00", TIMELESS), id="time grown to a date"),
    pytest.param(
        "PRESUN 482913 10.8. 25:00",
        BadTime("25:00", drafted("move", day=NEXT_MONDAY, code="482913")),
        id="time of a move",
    ),
]

SERVICES = [
    pytest.param(
        "OBJ XYZ 10.8. 14:00 NOVAK",
        UnknownService("XYZ", (), drafted("book", service=None, day=NEXT_MONDAY, at=TWO, name="NOVAK")),
        id="like no other",
    ),
    pytest.param(
        "OBJ XYZ 31.2. 25:00 7",
        UnknownService("XYZ", (), drafted("book", service=None)),
        id="before all other mistakes",
    ),
    pytest.param(
        "OBJ ZPO NOVAK", UnknownService("ZPO", ("ZOP",), drafted("soonest", name="NOVAK")), id="letters changed about"
    ),
    pytest.param("OBJ Z0P NOVAK", UnknownService("Z0P", ("ZOP",), drafted("soonest", name="NOVAK")), id="0 for O"),
    pytest.param(
        "OBJ ZOPP NOVAK", UnknownService("ZOPP", ("ZOP",), drafted("soonest", name="NOVAK")), id="a letter too many"
    ),
    pytest.param(
        "OBJ XOP NOVAK", UnknownService("XOP", ("ZOP", "POP"), drafted("soonest", name="NOVAK")), id="near two"
    ),
    pytest.param("OBJ ZOP10.8. 14:00 NOVAK", UnknownService("ZOP10.8.", ("ZOP",), DAYLESS), id="grown to the date"),
    pytest.param("OBJ NOVAK", UnknownService("NOVAK", (), drafted("soonest", service=None)), id="a name in its place"),
    pytest.param(
        "OBJ 10.8. 14:00 NOVAK",
        UnknownService("10.8.", (), drafted("book", service=None, at=TWO, name="NOVAK")),
        id="a date in its place",
    ),
    pytest.param(
        "TERMIN XYZ", UnknownService("XYZ", (), drafted("free_times_tomorrow", service=None)), id="free times"
    ),
    pytest.param("STAV XYZ", UnknownService("XYZ", (), drafted("queue", service=None)), id="queue"),
    pytest.param("HLIDEJ XYZ", UnknownService("XYZ", (), drafted("watch", service=None)), id="watch"),
]

TOO_MUCH = [
    pytest.param(f"{PERFECT} 99", NotUnderstood("99", FULL), id="a number after the name"),
    pytest.param(
        "OBJ ZOP NOVAK 14", NotUnderstood("14", drafted("book", name="NOVAK")), id="an hour that is not after a date"
    ),
    pytest.param("OBJ ZOP 14 10.8. NOVAK", NotUnderstood("14", TIMELESS), id="an hour before the date"),
    pytest.param("OBJ ZOP 10.8. 14:00 15:00 NOVAK", NotUnderstood("15:00", FULL), id="two times"),
    pytest.param("OBJ ZOP 10.8. 14:00 - 15:00 NOVAK", NotUnderstood("15:00", FULL), id="from one time to another"),
    pytest.param("OBJ ZOP 10.8. 14 - 15 NOVAK", NotUnderstood("15", FULL), id="from one hour to another"),
    pytest.param(
        "OBJ ZOP 10.8. 14:00-15:00 NOVAK", NotUnderstood("14:00-15:00", TIMELESS), id="the same grown together"
    ),
    pytest.param("OBJ ZOP 10.8. 11.8. 14:00 NOVAK", NotUnderstood("11.8.", FULL), id="two dates"),
    pytest.param("OBJ ZOP 10. - 8. 14:00 NOVAK", NotUnderstood("10.", DAYLESS), id="a date torn apart"),
    pytest.param("OBJ ZOP ~14:00 10.8. NOVAK", NotUnderstood("~14:00", TIMELESS), id="about that time"),
    pytest.param("OBJ ZOP 10.8. >14:00 NOVAK", NotUnderstood(">14:00", TIMELESS), id="after that time"),
    pytest.param("OBJ ZOP 10.8. -14:00 NOVAK", NotUnderstood("-14:00", TIMELESS), id="until that time"),
    pytest.param("OBJ ZOP 0x 10.8. 14:00 NOVAK", NotUnderstood("0x", FULL), id="nobody"),
    pytest.param("OBJ ZOP 10x 10.8. 14:00 NOVAK", NotUnderstood("10x", FULL), id="ten people"),
    pytest.param(
        "OBJ ZOP 2x 3x 10.8. 14:00 NOVAK",
        NotUnderstood("3x", drafted("book_persons", persons=2, day=NEXT_MONDAY, at=TWO, name="NOVAK")),
        id="2x 3x",
    ),
    pytest.param("OBJ ZOP ١٠.٨. 14:00 NOVAK", NotUnderstood("١٠.٨.", DAYLESS), id="digits of another script"),
    pytest.param(
        "STORNO 482913 10.8. 14:00",
        NotUnderstood("14:00", drafted("cancel", day=NEXT_MONDAY, code="482913")),
        id="time of what goes",
    ),
    pytest.param(
        "STORNO 482913 10.8. NOVAK",
        NotUnderstood("NOVAK", drafted("cancel", day=NEXT_MONDAY, code="482913")),
        id="name of what goes",
    ),
    pytest.param(
        "STORNO 482913 482914 10.8.",
        NotUnderstood("482914", drafted("cancel", day=NEXT_MONDAY, code="482913")),
        id="two codes",
    ),
    pytest.param(
        "STORNO 48291E 10.8.", NotUnderstood("48291E", drafted("cancel", day=NEXT_MONDAY)), id="letter in a code"
    ),
    pytest.param(
        "STORNO 123 10.8.", NotUnderstood("123", drafted("cancel", day=NEXT_MONDAY)), id="code of three digits"
    ),
    pytest.param(
        "STORNO 12345678901 10.8.",
        NotUnderstood("12345678901", drafted("cancel", day=NEXT_MONDAY)),
        id="of eleven digits",
    ),
    pytest.param("TERMIN ZOP 14", NotUnderstood("14", drafted("free_times")), id="free times at an hour of no date"),
    pytest.param(
        "TERMIN ZOP NOVAK", NotUnderstood("NOVAK", drafted("free_times_tomorrow")), id="free times for a name"
    ),
    pytest.param("STAV ZOP DNES", NotUnderstood("DNES", drafted("queue")), id="queue of a day"),
    pytest.param("STAV ZOP NOVAK", NotUnderstood("NOVAK", drafted("queue")), id="queue with a name"),
    pytest.param(
        "HLIDEJ ZOP 10.8. 14:00", NotUnderstood("14:00", drafted("watch", day=NEXT_MONDAY)), id="watch at a time"
    ),
    pytest.param("ANO 0", NotUnderstood("0", drafted("accept")), id="choice 0"),
    pytest.param("ANO 12", NotUnderstood("12", drafted("accept")), id="choice 12"),
    pytest.param("ANO 1 2", NotUnderstood("2", drafted("accept_other", choice=1)), id="two choices"),
    pytest.param("ANO NE", NotUnderstood("NE", drafted("accept")), id="yes no"),
    pytest.param("HELP ME", NotUnderstood("ME", drafted("help")), id="help me"),
    pytest.param("HELP ZKR NOVAK", NotUnderstood("NOVAK", drafted("services")), id="more after the list of codes"),
    pytest.param("STOP ZOP", NotUnderstood("ZOP", drafted("stop")), id="stop something"),
    pytest.param("MOJE 1", NotUnderstood("1", drafted("mine")), id="mine with a number"),
]

NO_COMMAND = [
    pytest.param("", NotUnderstood("", None), id="nothing"),
    pytest.param(" \t\r\n\u00a0", NotUnderstood("", None), id="white space"),
    pytest.param("🙂", NotUnderstood("🙂", None), id="emoji"),
    pytest.param("...", NotUnderstood("...", None), id="dots"),
    pytest.param("Dobrý den", NotUnderstood("Dobrý", None), id="courtesy"),
    pytest.param("Vaše zásilka dorazila", NotUnderstood("Vaše", None), id="another message"),
    pytest.param("10.8. 14:00", NotUnderstood("10.8.", None), id="values"),
    pytest.param("OBJ", NotUnderstood("OBJ", drafted("book", service=None)), id="the word for booking alone"),
    pytest.param(
        "TERMIN", NotUnderstood("TERMIN", drafted("free_times", service=None)), id="the word for free times alone"
    ),
    pytest.param("STAV", NotUnderstood("STAV", drafted("queue", service=None)), id="the word for the queue alone"),
    pytest.param("HLIDEJ", NotUnderstood("HLIDEJ", drafted("watch", service=None)), id="the word for watching alone"),
    pytest.param("ZOP 10.8. 14:00 NOVAK", NotUnderstood("ZOP", FULL), id="the word for booking forgotten"),
    pytest.param(
        "TERMYN ZOP 10.8.", NotUnderstood("TERMYN", drafted("free_times", day=NEXT_MONDAY)), id="mistyped command"
    ),
    pytest.param("ОBJ ZOP 10.8. 14:00 NOVAK", NotUnderstood("ОBJ", FULL), id="a Cyrillic letter in a command"),
    pytest.param("NO", NotUnderstood("NO", None), id="never a mistyped yes"),
    pytest.param("OBJZOP10.8.14:00NOVAK", NotUnderstood("OBJZOP10.8.14:00NOVA", None), id="no spaces"),
    pytest.param("OBJ,ZOP,10.8.,14:00,NOVAK", NotUnderstood("OBJ,ZOP,10.8.,14:00,", None), id="commas for spaces"),
    pytest.param("O\x00B\x07J ZOP", NotUnderstood("O?B?J", None), id="control characters are not shown"),
    pytest.param("\ud800\udfff", NotUnderstood("??", None), id="lone surrogates are not shown"),
    pytest.param("A" * MOST_CHARACTERS, NotUnderstood("A" * 20, None), id="as long as a text may be"),
    pytest.param(PERFECT + " " * MOST_CHARACTERS, NotUnderstood("OBJ ZOP 10.8. 14:00 ", None), id="longer"),
]


@pytest.mark.parametrize(("text", "misunderstanding"), SPEC)
def test_example_of_the_iron_rule(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


def test_a_date_without_its_full_stop_is_a_date() -> None:
    assert read("OBJ ZOP 10.8 14:00 NOVAK") == book()


@pytest.mark.parametrize(("text", "misunderstanding"), ABSENT)
def test_what_is_absent_is_asked_for(text: str, misunderstanding: Misunderstanding | Request) -> None:
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
    draft = drafted("book", day=TUESDAY, name="SMITH")
    assert reading("BOOK ZOP TOMORROW SMITH") == Reading(MissingTime(draft), "en")


def test_no_name_is_invented_in_english() -> None:
    assert reading("BOOK ZOP TOMORROW 14:00") == Reading(MissingName(drafted("book", day=TUESDAY, at=TWO)), "en")
