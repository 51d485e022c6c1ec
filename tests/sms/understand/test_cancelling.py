"""Wishes to cancel: recognised in whatever words, done with code and date, never turned into a booking."""

from datetime import date

import pytest

from prepazka.core.booking.cancel import Cancel, CancelSomething
from prepazka.sms.understand.understanding import Certain, Draft, Hole
from tests.sms.understand.understandings import WEDNESDAY, misread, understood

CODE = "482913"


@pytest.mark.parametrize(
    "text",
    [
        "STORNO 482913 12.8.",
        "zrusit 482913 12.8.",
        "RUSIM 482913 12.8.",
        "STORNO482913 12.8.",
        "482913 STORNO 12.8.",
        "STOP 482913 12.8.",
        "prosím zrušte objednávku kód 482913 dne 12.8., děkuji",
        "nemuzu prijit 482913 12.8.",
        "Zruseni: STORNO 482913 12.8.",
        "Zrušíte zprávou STORNO 482913 12.8.",
        "Objednano: ZCD str 12.8. 9:15, SVOBODA. Pristupovy kod 482913. Zruseni: STORNO 482913 12.8.",
        "Objednáno: ZCD stř 12.8. 9:15, Jan Svoboda. Kód pro příchod: 482913. Zrušíte zprávou STORNO 482913 12.8.",
        "Odwołuję wizytę 482913 12.8.",
        "Скасувати 482913 12.8.",
    ],
)
def test_code_and_date_cancel(text: str) -> None:
    found = understood(text)
    assert isinstance(found, Certain)
    assert found.request == Cancel(CODE, WEDNESDAY)


def test_a_code_alone_asks_for_the_day() -> None:
    assert understood("STORNO 482913") == Certain(CancelSomething(CODE), "cs")


@pytest.mark.parametrize(
    ("text", "code", "day"),
    [
        ("482913 STORNO", CODE, Hole.DAY),
        ("STORNO482913", CODE, Hole.DAY),
        ("ruším", Hole.CODE, Hole.DAY),
        ("nemůžu přijít", Hole.CODE, Hole.DAY),
        ("zrusit objednavku", Hole.CODE, Hole.DAY),
        ("rusim 12.8.", Hole.CODE, WEDNESDAY),
        ("STORNO KOD DATUM", Hole.CODE, Hole.DAY),
        ("CANCEL 14.5.1961", Hole.CODE, Hole.DAY),
        ("STRONO 482913 12.8.", CODE, WEDNESDAY),
        ("nemám odvoz, ruším 482913 12.8.", CODE, WEDNESDAY),
        ("zrusit 482913 12.8.?", CODE, WEDNESDAY),
        ("zrusit 482913 a 555111 12.8.", Hole.CODE, WEDNESDAY),
        ("OBJ ZCD 12.8. 9:15 SVOBODA zrusit", Hole.CODE, WEDNESDAY),
        ("Feeling much better so I will not be coming", Hole.CODE, Hole.DAY),
    ],
)
def test_what_is_missing_or_beside_gives_the_right_storno(text: str, code: str | Hole, day: date | Hole) -> None:
    found = misread(text)
    assert found.draft == Draft("cancel", code=code, day=day)
    assert found.reason in {"missing_code", "missing_date", "cancel"}


def test_the_time_of_another_confirmation_is_not_cancelled() -> None:
    """Two bookings in one text: which is meant is asked."""
    found = misread("Objednano: ZCD 12.8. 9:15, SVOBODA. Kod 482913. Objednano: ZOP 13.8. 9:15, kod 555111. Zrusit")
    assert found.draft == Draft("cancel", code=Hole.CODE, day=Hole.DAY)
