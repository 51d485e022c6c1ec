"""Messages that are no perfect command: what is done at once, what is read back, what is asked."""

from datetime import date, time

import pytest

from prepazka.core.booking.book import Move
from prepazka.core.booking.propose import BookAfter
from prepazka.core.booking.query import FreeTimes, Help, JoinWaitlist, Mine
from prepazka.core.booking.reminders import StopReminders
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.understanding import Certain, Draft, Hole, Misread, Proposed
from tests.sms.understand.readings import NEXT_MONDAY, TUESDAY
from tests.sms.understand.understandings import (
    QUARTER,
    WEDNESDAY,
    book_draft,
    booking,
    misread,
    proposed,
    soonest,
    understood,
)

AT_ONCE = [
    ("OBJ ZCD 12.8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD SVOBODA", soonest()),
    ("Vazeny urade, OBJ ZCD 12.8. 9:15 SVOBODA", booking()),
    ("Re: OBJ ZCD 12.8. 9:15 SVOBODA", booking()),
    ("Fwd: OBJ ZCD 12.8. 9:15 SVOBODA", booking()),
    ("Dobre odpoledne, prosim o objednani OBJ ZCD 12.8. 9:15 SVOBODA", booking()),
    ("OBJZCD 12.8. 9:15 SVOBODA", booking()),
    ("OBJ-ZCD-12.8.-9:15-SVOBODA", booking()),
    ("OBJ/ZCD/12.8./9:15/SVOBODA", booking()),
    ("OBJEDNAVKA ZCD 12.8. 9:15 SVOBODA", booking()),
    ("objednat ZCD 12.8. 9:15 SVOBODA", booking()),
    ("Objednávám ZCD 12.8. 9:15 SVOBODA", booking()),
    ("rezervace ZCD 12.8. 9:15 SVOBODA", booking()),
    ("chci se objednat na pas 12.8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12. srpna 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.srpna 2026 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12-8 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12 8 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12,8 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12..8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12 .8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD 2026/08/12 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.VIII. 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.8.-9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.8.v 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.8. v9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.8. 9 : 15 SVOBODA", booking()),
    ("OBJ ZCD 12.8. 14 h 15 SVOBODA", booking(at=time(14, 15))),
    ("OBJ obcanka 12.8. 9:15 SVOBODA", booking(service="ZOP")),
    ("OBJ PAS 12.8. 9:15 SVOBODA", booking()),
    ("OBJ na ZOP 12.8. 9:15 SVOBODA", booking(service="ZOP")),
    ("OBJ 2x ZOP 12.8. 9:15 SVOBODA", booking(service="ZOP", persons=2)),
    ("ОВЈ ZCD 12.8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.8. 9:15 SVOBODA Odesláno z iPhonu", booking()),
    ("OBJ ZCD 12.8. 9:15 SVOBODA dik", booking()),
    ("OBJ ZCD 12.8. 9:15 SVOBODA thx", booking()),
    ("OBJ ZCD 12.8. 9:15 SVOBODA Mejte se hezky", booking()),
    ("OBJ ZCD 12.8. 9:15 SVOBODA S pozdravem Svoboda", booking()),
    ("OBJ ZCD SVOBODA co nejdriv", soonest()),
    ("OBJ ZCD SVOBODA hned", soonest()),
    ("OBJ ZCD nejblizsi termin SVOBODA", soonest()),
    ("OBJ ZCD kdykoli SVOBODA", soonest()),
    ("OBJ ZCD PO 14:00 SVOBODA", booking(day=NEXT_MONDAY, at=time(14))),
    ("OBJ ZCD PO 14.00 SVOBODA", booking(day=NEXT_MONDAY, at=time(14))),
    ("OBJ ZCD PO 1400 SVOBODA", booking(day=NEXT_MONDAY, at=time(14))),
    ("přeobjednat 482913 na 12.8. 9:15", Move("482913", WEDNESDAY, QUARTER)),
    ("už mi nepište", StopReminders()),
]

READ_BACK = [
    ("SVOBODA OBJ ZCD 12.8. 9:15", booking()),
    ("12.8. 9:15 OBJ ZCD SVOBODA", booking()),
    ("Prosim o ZCD 12.8. 9:15 SVOBODA", booking()),
    ("ZCD 12.8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD 12.8. 9:15SVOBODA", booking()),
    ("OBJ ZCD 12.8. 915 SVOBODA", booking()),
    ("OBJ ZCD 12.8. 14 30 SVOBODA", booking(at=time(14, 30))),
    ("OBJ ZCD dvanacteho osmy 9:15 SVOBODA", booking()),
    ("OBJ ZCD dvanacteho osmy ve ctrnact SVOBODA", booking(at=time(14))),
    ("OBJ ZCD 12.8. ve ctrnact SVOBODA", booking(at=time(14))),
    ("OBJ ZCD 12.8. pul treti SVOBODA", booking(at=time(14, 30))),
    ("OBJ ZCD 12.8. ctvrt na tri SVOBODA", booking(at=time(14, 15))),
    ("OBJ ZCD 12.8. tri ctvrte na devet SVOBODA", booking(at=time(8, 45))),
    ("OBJ ZCD 12.8. 2 odpoledne SVOBODA", booking(at=time(14))),
    ("OBJ ZCD 12.8. 8 rano SVOBODA", booking(at=time(8))),
    ("OBJ ZCD 12.8. 8 pm SVOBODA", booking(at=time(20))),
    ("OBJ ZCD 12.8. 9:15 SVOBODA dve osoby", booking(persons=2)),
    ("OBJ ZCD 12.8. 9:15 SVOBODA dvakrat", booking(persons=2)),
    ("OBJ ZCD 12.8. 9:15 SVOBODA x2", booking(persons=2)),
    ("OBJ Z0P 12.8. 9:15 SVOBODA", booking(service="ZOP")),
    ("OBJ ZCD viz 12.8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD k vám 12.8. 9:15 SVOBODA", booking()),
    ("OBK ZCD 12.8. 9:15 SVOBODA", booking()),
    ("OBJ ZCD jutro 9:15 SVOBODA", booking(day=TUESDAY)),
    ("OBJ ZCD morgen 9:15 SVOBODA", booking(day=TUESDAY)),
    ("OBJ ZCD 12.8. 9:15 SVOBODA tel. 777123456", booking()),
    ("HLIDEJ ZCD jutro", JoinWaitlist("ZCD", TUESDAY)),
]

DOUBTFUL_NAMES = [
    ("OBJ ZCD 12.8. 9:15 SOBOTA", booking("SOBOTA")),
    ("OBJ ZCD 12.8. 9:15 Jan Patek", booking("Jan Patek")),
    ("OBJ ZCD 12.8. 9:15 Nguyen Thi Na", booking("Nguyen Thi Na")),
    ("OBJ ZCD Pop", soonest("Pop")),
    ("OBJ ZCD Pomoc", soonest("Pomoc")),
    ("OBJ ZCD Dubna", soonest("Dubna")),
    ("Re: OBJ ZCD 12.8. 9:15 SOBOTA", booking("SOBOTA")),
]

PLAIN_NAMES = [
    "Zeman",
    "van der Berg",
    "O'Neill",
    "Jean-Luc",
    "Шевченко",
    "Marek",
    "Mach",
    "June Smithson",
]


@pytest.mark.parametrize(("text", "request_"), AT_ONCE)
def test_is_done_at_once(text: str, request_: Request) -> None:
    found = understood(text)
    assert isinstance(found, Certain), found
    assert found.request == request_


@pytest.mark.parametrize(("text", "request_"), READ_BACK)
def test_is_read_back(text: str, request_: Request) -> None:
    found = proposed(text)
    assert (found.readings, found.question, found.doubtful_name) == ((request_,), "is_it", False)
    assert found.repairs


@pytest.mark.parametrize(
    ("text", "request_", "language"),
    [
        ("OBJ ZCD zajtra 9:15 SVOBODA", booking(day=TUESDAY), "sk"),
        ("HLIDEJ ZCD zajtra", JoinWaitlist("ZCD", TUESDAY), "sk"),
        ("OBJ ZCD завтра 9:15 Шевченко", booking("Шевченко", day=TUESDAY), "uk"),
    ],
)
def test_a_day_word_of_a_language_that_is_answered_in_needs_no_repair(
    text: str, request_: Request, language: str
) -> None:
    assert understood(text) == Certain(request_, language)


@pytest.mark.parametrize(("text", "request_"), DOUBTFUL_NAMES)
def test_a_doubtful_name_is_read_back(text: str, request_: Request) -> None:
    found = proposed(text)
    assert (found.readings, found.question, found.doubtful_name) == ((request_,), "is_it", True)


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_a_plain_name_books_at_once(name: str) -> None:
    assert understood(f"OBJ ZCD 12.8. 9:15 {name}") == Certain(booking(name), "cs")
    assert understood(f"OBJ ZCD {name}") == Certain(soonest(name), "cs")


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("volne terminy ZCD 12.8.", FreeTimes("ZCD", WEDNESDAY)),
        ("TERMIN ZCD 12. srpna", FreeTimes("ZCD", WEDNESDAY)),
        ("TERMIN ZCD zajtra", FreeTimes("ZCD", TUESDAY)),
        ("TERMIM ZCD 12.8.", FreeTimes("ZCD", WEDNESDAY)),
        ("TERMIN ZCD 12.8. je volno?", FreeTimes("ZCD", WEDNESDAY)),
        ("INFO", Help(info=True)),
        ("napoveda", Help()),
        ("moje objednavky", Mine()),
    ],
)
def test_what_changes_nothing_is_answered_whatever_was_repaired(text: str, request_: Request) -> None:
    found = understood(text)
    assert isinstance(found, Certain), found
    assert found.request == request_


# --- two readings, two wishes ---------------------------------------------------------------------


@pytest.mark.parametrize("text", ["OBJ ZCD PO 14 hod SVOBODA", "OBJ ZCD po 14h SVOBODA", "OBJ ZCD PO 14 SVOBODA"])
def test_po_with_a_full_hour_has_two_readings(text: str) -> None:
    found = proposed(text)
    assert found.question == "which"
    assert found.readings == (booking(day=NEXT_MONDAY, at=time(14)), BookAfter("ZCD", time(14), "SVOBODA"))


@pytest.mark.parametrize("text", ["OBJ ZCD 12.8. po 14 hod SVOBODA", "OBJ ZCD 12.8. po 14:00 SVOBODA"])
def test_po_beside_another_day_is_after(text: str) -> None:
    found = proposed(text)
    assert (found.question, found.readings) == ("is_it", (BookAfter("ZCD", time(14), "SVOBODA", WEDNESDAY),))


def test_a_code_with_two_meanings_is_asked() -> None:
    found = proposed("OBJ ZCP 12.8. 9:15 SVOBODA")
    assert (found.question, found.readings) == ("which", (booking(), booking(service="ZOP")))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("OBJ ZOP ZCD NOVAK", soonest("NOVAK", service="ZOP"), soonest("NOVAK")),
        ("OBJ ZOP NOVAK a ZCD", soonest("NOVAK", service="ZOP"), soonest("NOVAK")),
        ("OBJ ZOP NOVAK, ZCD NOVAKOVA", soonest("NOVAK", service="ZOP"), soonest("NOVAKOVA")),
        ("OBJ ZCD 12.8. 9:15 SVOBODA a ZOP", booking(), booking(service="ZOP")),
        ("OBJ ZCD 12.8. 9:15 SVOBODA a OBJ ZOP", booking(), booking(service="ZOP")),
        ("OBJ ZCD 12.8. 9:15 a ZOP 12.8. 9:30 SVOBODA", booking(), booking(service="ZOP", at=time(9, 30))),
    ],
)
def test_two_wishes_are_proposed_together(text: str, first: Request, second: Request) -> None:
    assert proposed(text) == Proposed((first, second), "both", "cs")


# --- what never books -----------------------------------------------------------------------------

DAY, AT, NAME, SERVICE = Hole.DAY, Hole.AT, Hole.NAME, Hole.SERVICE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("OBJ ZCD 12.8. 9:15 SVOBODA je volno?", "question"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA?", "question"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA kdy mate otevreno", "question"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA nechci", "refusal"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA uz neplati", "refusal"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA ne díky", "refusal"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA jestli neni volno tak zitra", "condition"),
        ("OBJ ZCD 12.8. 9:15 SVOBODA nebo kdykoli jindy", "condition"),
        ("BOOK ZCD 12.8. 9:15 SVOBODA if possible", "condition"),
    ],
)
def test_a_question_a_refusal_or_a_condition_never_books(text: str, reason: str) -> None:
    found = misread(text)
    assert (found.reason, found.draft) == (reason, book_draft())


@pytest.mark.parametrize("words", ["konec mesice", "v srpnu", "pristi tyden", "o vikendu", "do patku", "vecer"])
def test_words_that_name_no_day_ask_for_the_day(words: str) -> None:
    assert misread(f"OBJ ZCD SVOBODA {words}").reason == "no_day"
    assert misread(f"OBJ ZCD SVOBODA {words}").draft == book_draft(day=DAY, at=AT)


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("OBJ ZCD 12. v 9:15 SVOBODA", book_draft(day=DAY)),
        ("OBJ ZCD 12.8. 9.3 SVOBODA", book_draft(at=AT)),
        ("OBJ ZCD SVOBODA 1956", book_draft(day=DAY, at=AT)),
        ("OBJ ZCD SVOBODA zitraa", book_draft(day=TUESDAY, at=AT)),
        ("OBJ ZCD SVOBODA zajtra", book_draft(day=TUESDAY, at=AT)),
        ("OBJ ZCD SVOBODA piatok", book_draft(day=date(2026, 8, 7), at=AT)),
        ("OBJ ZCD pristi patek 9:15 SVOBODA", book_draft(day=DAY)),
        ("OBJ ZCD 31.2. 9:15 SVOBODA", book_draft(day=DAY)),
        ("OBJ ZCD 12.8. 25:00 SVOBODA", book_draft(at=AT)),
        ("OBJ ZCD 12.8. 9:15", book_draft(name=NAME)),
        ("OBJ XXX 12.8. 9:15 SVOBODA", book_draft(service=SERVICE)),
        ("OBJ ZCD 12.8. 9:15 SVOBODA s detmi", book_draft()),
        ("OBJ ZCD 12.8. 9:15 SVOBODA x7k", book_draft()),
        ("OBJ ZCD 12.8. SVOBODA", book_draft(at=AT)),
        ("chci se objednat na pas", book_draft(day=None, at=None, name=NAME)),
    ],
)
def test_a_draft_has_what_was_given_and_holes(text: str, draft: Draft) -> None:
    assert misread(text).draft == draft


@pytest.mark.parametrize(
    ("text", "hole"),
    [
        ("OBJ ZCD 12.8. 9:15 PRIJMENI", NAME),
        ("OBJ ZCD DATUM 9:15 SVOBODA", DAY),
        ("OBJ ZCD 12.8. CAS SVOBODA", AT),
        ("OBJ ZKR 12.8. 9:15 SVOBODA", SERVICE),
        ("BOOK ZCD 12.8. 9:15 SURNAME", NAME),
        ("TERMIN ZCD DATUM", DAY),
        ("PRESUN KOD 12.8. 9:15", Hole.CODE),
    ],
)
def test_a_hole_sent_back_is_known_as_one(text: str, hole: Hole) -> None:
    found = misread(text)
    assert (found.reason, found.hole) == ("hole", hole)
    assert found.draft is not None
    assert hole in found.draft.holes


def test_no_is_not_sunday() -> None:
    assert misread("OBJ ZCD 9:15 SVOBODA ne díky").reason == "refusal"
    assert understood("OBJ ZCD ne 9:15 SVOBODA") == Certain(booking(day=date(2026, 8, 9)), "cs")


@pytest.mark.parametrize("name", ["utorok", "завтра", "wieczorem"])
def test_a_word_of_time_alone_is_no_name_of_the_soonest(name: str) -> None:
    found = misread(f"OBJ ZCD {name}")
    assert found.draft is not None
    assert found.draft.name is NAME


@pytest.mark.parametrize("text", ["482913 12.8.", "482913 12.8. 9:15"])
def test_a_code_without_a_command_is_never_taught_to_book(text: str) -> None:
    found = misread(text)
    assert found.draft is not None
    assert found.draft.command in {"cancel", "move"}


def test_a_name_repeated_is_read_back_once() -> None:
    assert proposed("OBJ ZCD 12.8. 9:15 SVOBODA, Svoboda").readings == (booking(),)


@pytest.mark.parametrize(("text", "reason"), [("", "empty"), (" \n", "empty"), ("zkouška", "not_understood")])
def test_other_texts_are_not_understood(text: str, reason: str) -> None:
    assert understood(text) == Misread(reason, "cs", text.strip())  # type: ignore[arg-type]


def test_a_long_text_is_not_repaired() -> None:
    assert misread("Vazeny urade, " * 30 + "OBJ ZCD 12.8. 9:15 SVOBODA").reason == "too_long"
    found = misread("OBJ ZCD 12.8. 9:15 SVOBODA" + " prosim o vyrizeni" * 20)
    assert (found.reason, found.draft) == ("too_long", book_draft())
