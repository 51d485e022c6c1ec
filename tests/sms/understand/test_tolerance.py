"""What people really type and mean (spec/messages.md §3): every tolerance, with the reading it gives."""

from datetime import date, time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.requests import Request
from tests.sms.understand.readings import MONDAY, TUESDAY, book, cancel, free, move, read, soonest

WORDS = [
    pytest.param("obj zop 10.8. 14:00 NOVAK", book(), id="lower case"),
    pytest.param("Obj Zop 10.8. 14:00 Novak", book(name="Novak"), id="mixed case; the name as typed"),
    pytest.param("termíny zop", free(TUESDAY), id="diacritics in a command"),
    pytest.param("OBJ ZÓP ZÍTRA 14:00 NOVAK", book(TUESDAY), id="diacritics in a code and a day"),
    pytest.param("OBJ\tZOP\r\n10.8.\n\n14:00   NOVAK ", book(), id="tabs, line breaks, doubled spaces"),
    pytest.param("OBJ\u00a0ZOP\u202f10.8.\u300014:00\u2003NOVAK", book(), id="no-break and wide spaces"),
    pytest.param("\ufeffOBJ ZO\u00adP 10.8.\u200b 14:00 NOVAK\u200f", book(), id="invisible characters"),
    pytest.param('OBJ "ZOP" "10.8." "14:00" "NOVAK"', book(), id="quotes of the sample"),
    pytest.param("OBJ „ZOP“ “10.8.” «14:00» 'NOVAK'", book(), id="quotes of every kind"),
    pytest.param('"OBJ ZOP 10.8. 14:00 NOVAK"', book(), id="the whole message quoted"),
    pytest.param("OBJ: ZOP, 10.8., 14:00, NOVAK.", book(), id="punctuation after values"),
    pytest.param("OBJ (ZOP) [10.8.] 14:00! NOVAK!", book(), id="brackets and exclamation marks"),
    pytest.param("ＯＢＪ ＺＯＰ １０.８. １４:００ NOVAK", book(), id="full-width letters and digits"),
]

DATES = [
    pytest.param("10.8.", date(2026, 8, 10), id="10.8."),
    pytest.param("10.8", date(2026, 8, 10), id="10.8"),
    pytest.param("10. 8.", date(2026, 8, 10), id="10. 8."),
    pytest.param("10. 8", date(2026, 8, 10), id="10. 8"),
    pytest.param("10.08.", date(2026, 8, 10), id="10.08."),
    pytest.param("10.08", date(2026, 8, 10), id="10.08"),
    pytest.param("10.8.2026", date(2026, 8, 10), id="10.8.2026"),
    pytest.param("10.8.2026.", date(2026, 8, 10), id="10.8.2026."),
    pytest.param("10.8.26", date(2026, 8, 10), id="10.8.26"),
    pytest.param("10. 8. 2026", date(2026, 8, 10), id="10. 8. 2026"),
    pytest.param("10. 8.2026", date(2026, 8, 10), id="10. 8.2026"),
    pytest.param("10.8. 2026", date(2026, 8, 10), id="10.8. 2026"),
    pytest.param("10/8", date(2026, 8, 10), id="10/8"),
    pytest.param("10/8/2026", date(2026, 8, 10), id="10/8/2026"),
    pytest.param("1008", date(2026, 8, 10), id="1008"),
    pytest.param("2026-08-10", date(2026, 8, 10), id="2026-08-10"),
    pytest.param("DNES", date(2026, 8, 3), id="DNES"),
    pytest.param("ZITRA", date(2026, 8, 4), id="ZITRA"),
    pytest.param("POZITRI", date(2026, 8, 5), id="POZITRI"),
    pytest.param("PO", date(2026, 8, 10), id="PO on a Monday is the next one"),
    pytest.param("PONDELI", date(2026, 8, 10), id="PONDELI"),
    pytest.param("út", date(2026, 8, 4), id="út"),
    pytest.param("středa", date(2026, 8, 5), id="středa"),
    pytest.param("ve středu", date(2026, 8, 5), id="ve středu"),
    pytest.param("Čt", date(2026, 8, 6), id="Čt"),
    pytest.param("pátek", date(2026, 8, 7), id="pátek"),
    pytest.param("SO", date(2026, 8, 8), id="SO"),
    pytest.param("neděli", date(2026, 8, 9), id="neděli"),
    pytest.param("TODAY", date(2026, 8, 3), id="TODAY"),
    pytest.param("FRI", date(2026, 8, 7), id="FRI"),
    pytest.param("po 10.8.", date(2026, 8, 10), id="weekday and date, as the reply writes it"),
    pytest.param("zítra 4.8.", date(2026, 8, 4), id="day word and date that agree"),
    pytest.param("dne 10.8.", date(2026, 8, 10), id="dne 10.8."),
    pytest.param("3.8.", date(2026, 8, 3), id="without a year: today included"),
    pytest.param("2.8.", date(2027, 8, 2), id="without a year: the next one"),
    pytest.param("29.2.", date(2028, 2, 29), id="29.2. is the next that exists"),
    pytest.param("2.8.2026", date(2026, 8, 2), id="a past year is read; the rules answer"),
    pytest.param("1O.8.", date(2026, 8, 10), id="letter O for 0"),
    pytest.param("l0.8.", date(2026, 8, 10), id="letter l for 1"),
    pytest.param("I0.8.", date(2026, 8, 10), id="letter I for 1"),
]

TIMES = [
    pytest.param("14:00", time(14), id="14:00"),
    pytest.param("14.00", time(14), id="14.00"),
    pytest.param("14,00", time(14), id="14,00"),
    pytest.param("1400", time(14), id="1400"),
    pytest.param("14h", time(14), id="14h"),
    pytest.param("14 h", time(14), id="14 h"),
    pytest.param("14hod", time(14), id="14hod"),
    pytest.param("14 hod", time(14), id="14 hod"),
    pytest.param("14 hod.", time(14), id="14 hod."),
    pytest.param("14:15 hodin", time(14, 15), id="14:15 hodin"),
    pytest.param("14:15h", time(14, 15), id="14:15h"),
    pytest.param("9:00", time(9), id="9:00"),
    pytest.param("09:00", time(9), id="09:00"),
    pytest.param("14", time(14), id="14 directly after a date"),
    pytest.param("v 14:00", time(14), id="v 14:00, as the reply writes it"),
    pytest.param("v 14", time(14), id="v 14 directly after a date"),
    pytest.param("at 14:00", time(14), id="at 14:00"),
    pytest.param("14:OO", time(14), id="letter O for 0"),
    pytest.param("l4:00", time(14), id="letter l for 1"),
    pytest.param("0:00", time(0), id="midnight"),
    pytest.param("9.10", time(9, 10), id="9.10 where the date is given"),
    pytest.param("1008", time(10, 8), id="1008 where the date is given"),
]

ORDERS = [
    pytest.param("OBJ ZOP 14:00 10.8. NOVAK", book(), id="time, date, name"),
    pytest.param("OBJ ZOP NOVAK 10.8. 14:00", book(), id="name, date, time"),
    pytest.param("OBJ ZOP NOVAK 14:00 10.8.", book(), id="name, time, date"),
    pytest.param("OBJ ZOP 10.8. NOVAK 14:00", book(), id="date, name, time"),
    pytest.param("OBJ ZOP 14:00 NOVAK 10.8.", book(), id="time, name, date"),
    pytest.param("OBJ ZOP NOVAK 14:00 ZITRA", book(TUESDAY), id="name, time, day word"),
    pytest.param("OBJ ZOP 10.8.14:00 NOVAK", book(), id="date and time grown together"),
    pytest.param("OBJ ZOP 10.8.14.00 NOVAK", book(), id="grown together with dots only"),
    pytest.param("OBJ ZOP 10. 8.14:00 NOVAK", book(), id="grown together after a space"),
    pytest.param("OBJ ZOP 10.8.2026.14:00 NOVAK", book(), id="grown together after a year"),
    pytest.param("OBJ ZOP PO 10.8.14:00 NOVAK", book(), id="weekday, then grown together"),
    pytest.param("OBJ ZOP 1008 1400 NOVAK", book(), id="DDMM HHMM"),
    pytest.param("OBJ ZOP 1400 1008 NOVAK", book(), id="HHMM DDMM, which can be told apart"),
    pytest.param(
        "OBJ ZOP 10.08 12.10 NOVAK", book(at=time(12, 10)), id="date or time either way: the documented order"
    ),
    pytest.param(
        "OBJ ZOP 12.10 10.08 NOVAK", book(date(2026, 10, 12), time(10, 8)), id="documented order the other way round"
    ),
    pytest.param("OBJ ZOP 2X 10.8. 14:00 NOVAK", book(persons=2), id="2X"),
    pytest.param("OBJ ZOP 2 x 10.8. 14:00 NOVAK", book(persons=2), id="2 x"),
    pytest.param("OBJ ZOP 2× 10.8. 14:00 NOVAK", book(persons=2), id="2×"),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK 2x", book(persons=2), id="persons last"),
    pytest.param("STORNO 10.8. 482913", cancel(), id="date, code"),
    pytest.param("STORNO kód 482913 10.8.", cancel(), id="kód before the code, as the reply writes it"),
    pytest.param("STORNO 482913 ZITRA", cancel(day=TUESDAY), id="day word when cancelling"),
    pytest.param("STORNO 482913 1008", cancel(), id="DDMM when cancelling"),
    pytest.param("STORNO 1008 1108", cancel("1008", date(2026, 8, 11)), id="code and DDMM in the documented order"),
    pytest.param("STORNO 48291O 10.8.", cancel("482910"), id="letter O in a code"),
    pytest.param("STORNO 482913. 10.8.", cancel(), id="full stop after a code"),
    pytest.param("STORNO 1234567890 10.8.", cancel("1234567890"), id="a code of ten digits"),
    pytest.param("PRESUN 10.8. 14:00 482913", move(), id="code last when moving"),
    pytest.param("PRESUN 482913 na 10.8. v 14", move(), id="moved in a sentence"),
    pytest.param("PRESUN 1234 1008 1400", move("1234"), id="three times four digits in the documented order"),
    pytest.param("TERMIN ZOP 10.8. od 13:00", free(since=time(13)), id="free times from an hour on"),
    pytest.param("TERMIN ZOP 13:00", free(TUESDAY, time(13)), id="free times of the next day from an hour on"),
    pytest.param("TERMIN ZOP 1008", free(), id="DDMM where a date is due"),
    pytest.param("ANO 2.", Accept(2), id="full stop after a choice"),
]


@pytest.mark.parametrize(("text", "asked"), WORDS)
def test_words(text: str, asked: Request) -> None:
    assert read(text) == asked


@pytest.mark.parametrize(("written", "day"), DATES)
def test_dates(written: str, day: date) -> None:
    assert read(f"OBJ ZOP {written} 14:00 NOVAK", MONDAY) == book(day)


@pytest.mark.parametrize(("written", "at"), TIMES)
def test_times(written: str, at: time) -> None:
    assert read(f"OBJ ZOP 10.8. {written} NOVAK") == book(at=at)


@pytest.mark.parametrize(("text", "asked"), ORDERS)
def test_orders(text: str, asked: Request) -> None:
    assert read(text) == asked


def test_a_weekday_on_any_day_is_one_to_seven_days_ahead() -> None:
    sunday = date(2026, 8, 9)
    assert read("OBJ ZOP NE 14:00 NOVAK", sunday) == book(date(2026, 8, 16))
    assert read("OBJ ZOP PO 14:00 NOVAK", sunday) == book(date(2026, 8, 10))


def test_the_year_turns() -> None:
    assert read("OBJ ZOP 5.1. 14:00 NOVAK", date(2026, 12, 31)) == book(date(2027, 1, 5))


def test_a_leap_day_is_found_across_the_century_without_one() -> None:
    assert read("TERMIN ZOP 29.2.", date(2096, 3, 1)) == free(date(2104, 2, 29))


def test_soonest_in_lower_case() -> None:
    assert read("obj zop nováková") == soonest("nováková")
