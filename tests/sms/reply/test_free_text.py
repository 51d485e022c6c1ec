"""A text written by hand is counted as it will be sent."""

from dataclasses import replace

import pytest

from prepazka.sms import gsm
from prepazka.sms.reply.free_text import excess, fits, free_text, room
from tests.offices import demo_office

PLAIN = demo_office()
ACCENTED = replace(PLAIN, settings=replace(PLAIN.settings, accents="full"))


@pytest.mark.parametrize(
    ("text", "sent", "septets", "parts"),
    [
        ("Přijďte s dětmi.", "Prijdte s detmi.", 16, 1),
        ("  dva\r\nřádky \r\n", "dva\nradky", 9, 1),
        ("cena 5 €", "cena 5 €", 9, 1),
        ("a" * 160, "a" * 160, 160, 1),
        ("a" * 161, "a" * 161, 161, 2),
        ("a" * 307, "a" * 307, 307, 3),
        ("Добрый день", "Dobryy den'", 11, 1),
        ("", "", 0, 0),
        ("  \n ", "", 0, 0),
        ("\U0001f44d", "", 0, 0),
    ],
)
def test_what_is_sent(text: str, sent: str, septets: int, parts: int) -> None:
    reply = free_text(text, PLAIN)
    assert (reply.text, reply.septets, reply.parts) == (sent, septets, parts)
    assert gsm.is_gsm(reply.text)


def test_an_office_that_writes_accents_sends_them() -> None:
    reply = free_text("Přijďte s dětmi.", ACCENTED)
    assert (reply.text, reply.septets, reply.parts, room(reply)) == ("Přijďte s dětmi.", 16, 1, 70)
    assert free_text("ř" * 71, ACCENTED).parts == 2
    assert room(free_text("Ano.", ACCENTED)) == 160


def test_nothing_and_too_much_do_not_fit() -> None:
    assert not fits(free_text("", PLAIN))
    assert fits(free_text("a" * 459, PLAIN))
    assert not fits(free_text("a" * 460, PLAIN))
    assert not fits(free_text("ř" * 202, ACCENTED))
    assert [excess(free_text(text, PLAIN)) for text in ("a", "a" * 459, "a" * 470)] == [0, 0, 11]


def test_the_room_is_that_of_the_parts_it_takes() -> None:
    assert [room(free_text("a" * length, PLAIN)) for length in (0, 160, 161, 400, 1000)] == [160, 160, 306, 459, 459]
