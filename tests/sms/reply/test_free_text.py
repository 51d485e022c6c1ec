"""A text written by hand is counted as it will be sent."""

import pytest

from prepazka.sms import gsm
from prepazka.sms.reply.free_text import MOST_SEPTETS, fits, free_text, room


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
    reply = free_text(text)
    assert (reply.text, reply.septets, reply.parts) == (sent, septets, parts)
    assert gsm.is_gsm(reply.text)


def test_nothing_and_too_much_do_not_fit() -> None:
    assert not fits(free_text(""))
    assert fits(free_text("a" * MOST_SEPTETS))
    assert not fits(free_text("a" * (MOST_SEPTETS + 1)))


def test_the_room_is_that_of_the_parts_it_takes() -> None:
    assert [room(free_text("a" * length)) for length in (0, 160, 161, 400, 1000)] == [160, 160, 306, 459, 459]
