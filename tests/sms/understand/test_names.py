"""What is a name and what is not: names like words, courtesies, decoration, and readings that differ."""

from datetime import time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.misunderstandings import BadDate, MissingName, MissingTime, Misunderstanding, NotUnderstood
from prepazka.core.booking.requests import Request
from tests.sms.understand.readings import (
    DAYLESS,
    FULL,
    NEXT_MONDAY,
    TIMELESS,
    TUESDAY,
    TWO,
    book,
    cancel,
    drafted,
    free,
    read,
    soonest,
)

NAMES = [
    pytest.param("Nováková", id="diacritics are kept"),
    pytest.param("Nováková-Malá", id="hyphen"),
    pytest.param("Nováková–Malá", id="a dash, as telephones correct a hyphen"),
    pytest.param("O'Brien", id="apostrophe"),
    pytest.param("O’Brien", id="typographic apostrophe"),
    pytest.param("Jan Amos Komenský", id="several words"),
    pytest.param("Ľudovít Štúr", id="Slovak"),
    pytest.param("Нгуен", id="another alphabet"),
    pytest.param("王小明", id="no alphabet at all"),
    pytest.param("V", id="one letter"),
    pytest.param("A" * 60, id="60 characters"),
    pytest.param("POMOC", id="a command's word"),
    pytest.param("STORNO", id="another command's word"),
    pytest.param("OBJ", id="the word for booking"),
    pytest.param("POP", id="a service code"),
    pytest.param("ZOP", id="the very service code"),
    pytest.param("PO", id="a weekday, the date being given"),
    pytest.param("DNES", id="today, the date being given"),
    pytest.param("JAN POP", id="ending in a service code"),
    pytest.param("JAN POMOC", id="ending in a command's word that changes nothing"),
    pytest.param("JAN STREDA", id="ending in a weekday"),
    pytest.param("SUN LI", id="an English weekday"),
    pytest.param("NGUYEN THI NA", id="ending in a preposition"),
    pytest.param("ZITRA PO", id="two day words"),
    pytest.param("Dubná", id="of April"),
    pytest.param("Jana Květná", id="of May, behind a first name"),
]


@pytest.mark.parametrize("name", NAMES)
def test_name_after_date_and_time(name: str) -> None:
    assert read(f"OBJ ZOP 10.8. 14:00 {name}") == book(name=name)


@pytest.mark.parametrize("name", ["POMOC", "POP", "ZKR", "STORNO", "ANO", "Nováková", "KONEC"])
def test_name_for_the_soonest(name: str) -> None:
    assert read(f"OBJ ZOP {name}") == soonest(name)


def test_a_decomposed_name_is_kept_composed() -> None:
    assert read("OBJ ZOP 10.8. 14:00 Nova\u0301kova\u0301") == book(name="Nováková")


def test_titles_lose_their_full_stop() -> None:
    assert read("OBJ ZOP 10.8. 14:00 Ing. J. Novák") == book(name="Ing J Novák")


COURTESY = [
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK Dekuji", book(), id="thanks"),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK. Děkuji!", book(), id="thanks with punctuation"),
    pytest.param("Dobrý den, OBJ ZOP 10.8. 14:00 NOVAK", book(), id="greeting"),
    pytest.param("Dobrý den, prosím OBJ ZOP 10.8. 14:00 NOVAK, moc děkuji, s pozdravem", book(), id="all at once"),
    pytest.param("Hello, BOOK ZOP 10.8. 14:00 NOVAK, thank you very much", book(), id="English"),
    pytest.param("OBJ ZOP NOVAK Díky moc", soonest(), id="thanks after the soonest"),
    pytest.param("STORNO 482913 10.8. DEKUJI", cancel(), id="thanks after a cancellation"),
    pytest.param("TERMIN ZOP prosim", free(TUESDAY), id="please after a question"),
    pytest.param("ANO prosím", Accept(), id="yes please"),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK 🙂", book(), id="emoji"),
    pytest.param("🙂🙂 OBJ ZOP 10.8. 14:00 NOVAK👍🏽", book(), id="emoji grown to words"),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK :-)", book(), id="smiley"),
    pytest.param("OBJ - ZOP - 10.8. - 14:00 - NOVAK", book(), id="dashes alone"),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK ...", book(), id="dots alone"),
    pytest.param("OBJ ZOP 10.8. , 14:00 , NOVAK !!", book(), id="punctuation alone"),
    pytest.param("👨‍👩‍👧 OBJ ZOP 10.8. 14:00 NOVAK", book(), id="emoji of several characters"),
]


@pytest.mark.parametrize(("text", "asked"), COURTESY)
def test_courtesy_and_decoration_around_a_message(text: str, asked: Request) -> None:
    assert read(text) == asked


NOT_NAMES = [
    pytest.param(
        "OBJ ZOP 10.8. 14:00 DEKUJI", MissingName(drafted("book", day=NEXT_MONDAY, at=TWO)), id="courtesy is no name"
    ),
    pytest.param("OBJ ZOP DEKUJI", MissingName(drafted("soonest")), id="nor one for the soonest"),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 NOVAK DEKUJI JAN",
        NotUnderstood("DEKUJI", drafted("book", day=NEXT_MONDAY, at=TWO, name="NOVAK JAN")),
        id="nor part of one",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 S POZDRAVEM NOVAK",
        NotUnderstood("S", FULL),
        id="nor before one",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 NOVAK. Prijdu vcas",
        NotUnderstood("Prijdu", FULL),
        id="a new sentence",
    ),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK! JAN", NotUnderstood("JAN", FULL), id="an exclamation"),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 NOVAK -- Sent from my phone",
        NotUnderstood("Sent", FULL),
        id="a signature after dashes",
    ),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK (i pas)", NotUnderstood("i", FULL), id="an aside in brackets"),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 NOVAK STORNO",
        NotUnderstood("STORNO", FULL),
        id="a cancellation after all",
    ),
    pytest.param(
        "OBJ ZOP NOVAK OBJ POP NOVAK", NotUnderstood("OBJ", drafted("soonest", name="NOVAK")), id="a second order"
    ),
    pytest.param(
        "OBJ ZOP STORNO NOVAK", NotUnderstood("NOVAK", drafted("soonest", name="STORNO")), id="another command first"
    ),
    pytest.param("OBJ ZOP NOVAK rano", NotUnderstood("rano", drafted("soonest", name="NOVAK")), id="a time of day"),
    *(  # the second stage reads the month
        pytest.param(
            f"OBJ ZOP 10. {month} 14:00 NOVAK", NotUnderstood("10.", drafted("book", at=TWO, name=name)), id=month
        )
        for month, name in (("srpna", "NOVAK"), ("dubna", "DUBNA"), ("května", "KVETNA"))
    ),
    pytest.param(
        "OBJ ZOP NOVAK pristi tyden", NotUnderstood("pristi", drafted("soonest", name="NOVAK")), id="next week"
    ),
    pytest.param("OBJ ZOP 10.8. nebo 11.8. 14:00 NOVAK", NotUnderstood("nebo", FULL), id="this or that"),
    pytest.param(
        "OBJ ZOP DATUM 10.8. CAS 14:00 JMENO NOVAK",
        NotUnderstood("DATUM", FULL),
        id="the form's labels",
    ),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK :D", NotUnderstood(":D", FULL), id="smiley with a letter"),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 NOVAK & syn",
        NotUnderstood("&", drafted("book", day=NEXT_MONDAY, at=TWO, name="NOVAK SYN")),
        id="ampersand",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 J.Novak",
        NotUnderstood("J.Novak", drafted("book", day=NEXT_MONDAY, at=TWO)),
        id="grown together",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 -NOVAK",
        NotUnderstood("-NOVAK", drafted("book", day=NEXT_MONDAY, at=TWO)),
        id="hyphen first",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 NOVAK2",
        NotUnderstood("NOVAK2", drafted("book", day=NEXT_MONDAY, at=TWO)),
        id="digit in a name",
    ),
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK ²", NotUnderstood("²", FULL), id="raised digit"),
    pytest.param(
        "OBJ ZOP JAN 10.8. 14:00 NOVAK",
        NotUnderstood("NOVAK", drafted("book", day=NEXT_MONDAY, at=TWO, name="JAN")),
        id="name in two places",
    ),
    pytest.param(
        f"OBJ ZOP 10.8. 14:00 {'A' * 61}",
        NotUnderstood("A" * 20, drafted("book", day=NEXT_MONDAY, at=TWO)),
        id="61 characters",
    ),
]


@pytest.mark.parametrize(("text", "misunderstanding"), NOT_NAMES)
def test_not_a_name(text: str, misunderstanding: Misunderstanding) -> None:
    assert read(text) == misunderstanding


DIFFERENT_READINGS = [
    pytest.param("OBJ ZOP PO", MissingTime(drafted("book", day=NEXT_MONDAY)), id="a day word alone is the day"),
    pytest.param("OBJ ZOP ZITRA", MissingTime(drafted("book", day=TUESDAY)), id="never the soonest for Mr. Tomorrow"),
    pytest.param(
        "OBJ ZOP NOVAK ZITRA", MissingTime(drafted("book", day=TUESDAY, name="NOVAK")), id="day word after a name"
    ),
    pytest.param(
        "OBJ ZOP PO 14:00", MissingName(drafted("book", day=NEXT_MONDAY, at=TWO)), id="day and time without a name"
    ),
    pytest.param("OBJ ZOP NOVAK PO 14:00", book(), id="day word where the date is absent"),
    pytest.param("OBJ ZOP PO 14:00 UT", book(name="UT"), id="two day words in the documented order"),
    pytest.param(
        "OBJ ZOP PO UT 14:00",
        NotUnderstood("PO", drafted("book", day=NEXT_MONDAY, at=TWO, name="UT")),
        id="two day words",
    ),
    pytest.param(
        "OBJ ZOP JAN PO 10.8. 14:00",
        NotUnderstood("PO", drafted("book", day=NEXT_MONDAY, at=TWO, name="JAN")),
        id="Monday or Mr. Jan Po",
    ),
    pytest.param(
        "OBJ ZOP PO 10.8. 14:00", MissingName(drafted("book", day=NEXT_MONDAY, at=TWO)), id="Monday, not Mr. Po"
    ),
    pytest.param("OBJ ZOP UT 10.8. 14:00 NOVAK", BadDate("UT 10.8.", DAYLESS), id="weekday and date differ"),
    pytest.param(
        "OBJ ZOP NOVAK UT 10.8. 14:00",
        BadDate("UT 10.8.", DAYLESS),
        id="weekday and date differ after a name",
    ),
    pytest.param("OBJ ZOP DNES 4.8. 14:00 NOVAK", BadDate("DNES 4.8.", DAYLESS), id="today, but tomorrow"),
    pytest.param("OBJ ZOP PO 10.08 NOVAK", MissingTime(TIMELESS), id="Monday 10 August or Monday at 10:08"),
    pytest.param(
        "OBJ ZOP NOVAK NA 10.8. 14:00",
        NotUnderstood("NA", FULL),
        id="preposition or end of a name",
    ),
    pytest.param(
        "OBJ ZOP NOVAK 10.08 12.10",
        NotUnderstood("10.08", drafted("book", day=NEXT_MONDAY, at=time(12, 10), name="NOVAK")),
        id="date and time either way, not in the documented order",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 14:00 H NOVAK",
        NotUnderstood("H", drafted("book", day=NEXT_MONDAY, at=TWO, name="H NOVAK")),
        id="hours or an initial",
    ),
    pytest.param(
        "OBJ ZOP 10.8. 2 x NOVAK",
        MissingTime(drafted("book_persons", persons=2, day=NEXT_MONDAY, name="NOVAK")),
        id="two o'clock or two people",
    ),
    pytest.param("OBJ ZOP 10. 8. 2026 NOVAK", MissingTime(TIMELESS), id="a year, not 20:26"),
]


@pytest.mark.parametrize(("text", "asked"), DIFFERENT_READINGS)
def test_where_readings_differ_nothing_is_guessed(text: str, asked: Request | Misunderstanding) -> None:
    assert read(text) == asked
