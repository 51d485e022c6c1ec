"""Finding what a reply teaches: the tool of the send-back test, tested by itself."""

from datetime import date, datetime, time

import pytest

from tests.conversation.offices import DEMO
from tests.conversation.taught import Taught, filled, taught
from tests.conversation.wishes import Wish

WISH = Wish("book", "ZCD", date(2026, 8, 12), time(9, 15), "van der Berg", 1, datetime(2026, 8, 3, 9, tzinfo=DEMO.zone))


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("Poslete OBJ ZCD 12.8. 9:15 PRIJMENI", [("OBJ ZCD 12.8. 9:15 PRIJMENI", "book")]),
        ("Zrusite zpravou\nSTORNO 482913 12.8.", [("STORNO 482913 12.8.", "cancel")]),
        ("Je to tak? Odpovezte do 2 hodin ANO.", [("ANO", "accept")]),
        (
            "Do 15 min staci ANO (pon 10.8. 14:15), ANO 2 (14:30), pak OBJ ZCD 10.8. 14:15 van der Berg.",
            [("ANO", "accept"), ("ANO 2", "accept"), ("OBJ ZCD 10.8. 14:15 van der Berg", "book")],
        ),
        ('Nerozumime: "STRONO". Navod: poslete POMOC', [("POMOC", "help")]),
        ('Nerozumime: "STORNO".', []),
        ("Zkratky: POMOC ZKR. Volno: TERMIN ZKR DATUM", [("POMOC ZKR", "services"), ("TERMIN ZKR DATUM", "free")]),
        ("OBJ TERMIN ZCD 12.8.", [("OBJ TERMIN ZCD 12.8.", "free")]),
        (
            "Send BOOK HELP or CODES, or FREE ZCD DATE.",
            [("BOOK HELP", "help"), ("CODES", "services"), ("FREE ZCD DATE", "free")],
        ),
        ("Objednano: ZCD str 12.8. 9:15, SVOBODA. Pošleme vám SMS.", []),
        ("Volné casy: 8:00-11:30 po 15 min", []),
    ],
)  # fmt: skip
def test_what_a_reply_teaches(reply: str, found: list[tuple[str, str]]) -> None:
    assert taught(reply, ["van der Berg"]) == [Taught(text, command) for text, command in found]


@pytest.mark.parametrize(
    ("text", "command", "whole"),
    [
        ("OBJ ZKR DATUM CAS PRIJMENI", "book", "OBJ ZCD 12.8. 9:15 van der Berg"),
        ("BOOK SERVICE DATE TIME SURNAME", "book", "BOOK ZCD 12.8. 9:15 van der Berg"),
        ("STORNO KOD DATUM", "cancel", "STORNO 482913 12.8."),
        ("POMOC ZKR", "services", "POMOC ZKR"),
    ],
)
def test_holes_are_filled_with_the_wish(text: str, command: str, whole: str) -> None:
    assert filled(Taught(text, command), WISH, "482913") == whole
