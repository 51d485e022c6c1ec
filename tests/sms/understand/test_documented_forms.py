"""Every documented form (spec/messages.md §2 and §7, in Czech and in English), each named after its line."""

from datetime import time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.core.booking.query import Help, JoinWaitlist, ListServices, Mine, QueueStatus
from prepazka.core.booking.reminders import ResumeReminders, StopReminders
from prepazka.core.booking.requests import Request
from prepazka.sms.understand.parse import Reading
from tests.sms.understand.readings import NEXT_MONDAY, TUESDAY, book, cancel, free, move, reading, soonest

CZECH = [
    pytest.param("OBJ ZOP 10.8. 14:00 NOVAK", book(), id='OBJ "zkr" "datum" "cas" "jmeno"'),
    pytest.param("OBJ ZOP NOVAK", soonest(), id='OBJ "zkr" "jmeno"'),
    pytest.param("OBJ HELP", Help(), id="OBJ HELP"),
    pytest.param("OBJ POMOC", Help(), id="OBJ POMOC"),
    pytest.param("HELP", Help(), id="HELP"),
    pytest.param("POMOC", Help(), id="POMOC"),
    pytest.param("OBJ TERMIN ZOP 10.8.", free(), id='OBJ TERMIN "zkr" "datum"'),
    pytest.param("OBJ TERMINY ZOP 10.8.", free(), id='OBJ TERMINY "zkr" "datum"'),
    pytest.param("TERMIN ZOP 10.8.", free(), id='TERMIN "zkr" "datum"'),
    pytest.param("TERMINY ZOP 10.8.", free(), id='TERMINY "zkr" "datum"'),
    pytest.param("OBJ TERMIN ZOP", free(TUESDAY), id='OBJ TERMIN "zkr"'),
    pytest.param("OBJ TERMINY ZOP", free(TUESDAY), id='OBJ TERMINY "zkr"'),
    pytest.param("TERMIN ZOP", free(TUESDAY), id='TERMIN "zkr"'),
    pytest.param("TERMINY ZOP", free(TUESDAY), id='TERMINY "zkr"'),
    pytest.param("OBJ HELP ZKR", ListServices(), id="OBJ HELP ZKR"),
    pytest.param("OBJ HELP ZKRATKY", ListServices(), id="OBJ HELP ZKRATKY"),
    pytest.param("OBJ POMOC ZKR", ListServices(), id="OBJ POMOC ZKR"),
    pytest.param("OBJ POMOC ZKRATKY", ListServices(), id="OBJ POMOC ZKRATKY"),
    pytest.param("HELP ZKR", ListServices(), id="HELP ZKR"),
    pytest.param("HELP ZKRATKY", ListServices(), id="HELP ZKRATKY"),
    pytest.param("POMOC ZKR", ListServices(), id="POMOC ZKR"),
    pytest.param("POMOC ZKRATKY", ListServices(), id="POMOC ZKRATKY"),
    pytest.param("OBJ STORNO 482913 10.8.", cancel(), id='OBJ STORNO "kod" "datum"'),
    pytest.param("STORNO 482913 10.8.", cancel(), id='STORNO "kod" "datum"'),
    pytest.param("OBJ STO 482913 10.8.", cancel(), id='OBJ STO "kod" "datum"'),
    pytest.param("STO 482913 10.8.", cancel(), id='STO "kod" "datum"'),
    pytest.param("ANO", Accept(), id="ANO"),
    pytest.param("ANO 2", Accept(2), id="ANO 2"),
    pytest.param("MOJE", Mine(), id="MOJE"),
    pytest.param("PRESUN 482913 10.8. 14:00", move(), id="PRESUN kod datum cas"),
    pytest.param("HLIDEJ ZOP 10.8.", JoinWaitlist("ZOP", NEXT_MONDAY), id="HLIDEJ zkr datum"),
    pytest.param("STAV ZOP", QueueStatus("ZOP"), id="STAV zkr"),
    pytest.param("OBJ STAV ZOP", QueueStatus("ZOP"), id="OBJ STAV zkr"),
    pytest.param("fronta zop", QueueStatus("ZOP"), id="fronta"),
    pytest.param("STOP", StopReminders(), id="STOP"),
    pytest.param("KONEC", StopReminders(), id="KONEC"),
    pytest.param("START", ResumeReminders(), id="START"),
    pytest.param("OBJ ZOP 2x 10.8. 14:00 NOVAK", book(persons=2), id="several persons (2x)"),
    pytest.param("OBJ ZOP 2x NOVAK", soonest(persons=2), id="several persons (2x), the soonest"),
    pytest.param("TERMIN ZOP 10.8. 13:00", free(since=time(13)), id="TERMIN zkr datum cas: from a time on"),
    pytest.param("OBJ ANO 2", Accept(2), id="OBJ ANO 2"),
    pytest.param("OBJ MOJE", Mine(), id="OBJ MOJE"),
    pytest.param("OBJ PRESUN 482913 10.8. 14:00", move(), id="OBJ PRESUN"),
    pytest.param("OBJ HLIDEJ ZOP 10.8.", JoinWaitlist("ZOP", NEXT_MONDAY), id="OBJ HLIDEJ"),
    pytest.param("OBJ STOP", StopReminders(), id="OBJ STOP"),
    pytest.param("OBJ START", ResumeReminders(), id="OBJ START"),
]

ENGLISH = [
    pytest.param("BOOK ZOP 10.8. 14:00 SMITH", book(name="SMITH"), id="BOOK code date time name"),
    pytest.param("BOOK ZOP SMITH", soonest("SMITH"), id="BOOK code name"),
    pytest.param("FREE ZOP TOMORROW", free(TUESDAY), id="FREE code date"),
    pytest.param("FREE ZOP", free(TUESDAY), id="FREE code"),
    pytest.param("CODES", ListServices(), id="CODES"),
    pytest.param("HELP CODES", ListServices(), id="HELP CODES"),
    pytest.param("BOOK HELP", Help(), id="BOOK HELP"),
    pytest.param("CANCEL 482913 10.8.", cancel(), id="CANCEL code date"),
    pytest.param("YES", Accept(), id="YES"),
    pytest.param("YES 3", Accept(3), id="YES 3"),
    pytest.param("MINE", Mine(), id="MINE"),
    pytest.param("MOVE 482913 10.8. 14:00", move(), id="MOVE code date time"),
    pytest.param("QUEUE ZOP", QueueStatus("ZOP"), id="QUEUE code"),
    pytest.param("STATUS ZOP", QueueStatus("ZOP"), id="STATUS code"),
    pytest.param("WATCH ZOP 10.8.", JoinWaitlist("ZOP", NEXT_MONDAY), id="WATCH code date"),
    pytest.param("OBJ ZOP TOMORROW 14:00 SMITH", book(TUESDAY, name="SMITH"), id="an English word after a Czech one"),
    pytest.param("BOOK ZOP ON MONDAY AT 14:00 SMITH", book(name="SMITH"), id="English weekday"),
    pytest.param("BOOK ZOP 2x ZITRA 14:00 SMITH", book(TUESDAY, name="SMITH", persons=2), id="both languages"),
]


@pytest.mark.parametrize(("text", "asked"), CZECH)
def test_czech_form_is_read_and_answered_in_czech(text: str, asked: Request) -> None:
    assert reading(text) == Reading(asked, "cs")


@pytest.mark.parametrize(("text", "asked"), ENGLISH)
def test_english_words_are_read_and_answered_in_english(text: str, asked: Request) -> None:
    assert reading(text) == Reading(asked, "en")


@pytest.mark.parametrize("text", ["HELP", "STOP", "START"])
def test_words_of_both_languages_are_answered_in_czech(text: str) -> None:
    assert reading(text).language == "cs"


def test_an_english_word_as_a_name_does_not_change_the_language() -> None:
    assert reading("OBJ ZOP 10.8. 14:00 SUN") == Reading(book(name="SUN"), "cs")
