"""The alphabets of SMS: what is kept, what a text takes, and where it is split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepazka.gateways.parts import split as gateway_split
from prepazka.sms import alphabets, gsm
from prepazka.sms.alphabets import ALPHABETS, GSM, UCS2, Alphabet

BOTH = [pytest.param(alphabet, id=name) for name, alphabet in ALPHABETS.items()]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Příliš žluťoučký kůň", "Příliš žluťoučký kůň", id="czech"),
        pytest.param("П'ятниця о 9:00", "П'ятниця о 9:00", id="ukrainian"),
        pytest.param("Nova\u0301k", "Novák", id="accent apart from its letter"),
        pytest.param("a\x00\u200b\u202eb\r\nc\td\u00a0e", "ab\nc d e", id="control characters and white space"),
        pytest.param("dobře 😀", "dobře ", id="emoji dropped"),
        pytest.param("𝐍𝐨𝐯𝐚𝐤", "Novak", id="letters beyond sixteen bits go Latin"),
    ],
)
def test_folding_to_sixteen_bits(text: str, folded: str) -> None:
    assert UCS2.fold(text) == folded


@pytest.mark.parametrize("alphabet", BOTH)
@given(text=st.text())
def test_folding_what_is_folded_changes_nothing(alphabet: Alphabet, text: str) -> None:
    folded = alphabet.fold(text)
    assert alphabet.fold(folded) == folded
    assert all(ord(character) <= 0xFFFF for character in folded)


@pytest.mark.parametrize("alphabet", BOTH)
@given(text=st.text(max_size=700))
def test_a_text_takes_as_many_parts_as_the_gateways_send(alphabet: Alphabet, text: str) -> None:
    folded = alphabet.fold(text)
    sent = alphabets.of(folded)
    assert sent.split(folded) == [part.text for part in gateway_split(folded, 0).parts]
    assert sent.parts(folded) == len(sent.split(folded))
    room = sent.one_part if sent.parts(folded) == 1 else sent.each
    assert all(sent.units(part) <= room for part in sent.split(folded))


@pytest.mark.parametrize(
    ("alphabet", "text", "parts"),
    [
        pytest.param(UCS2, "ж" * 70, [70], id="one part of seventy"),
        pytest.param(UCS2, "ж" * 71, [67, 4], id="two parts of sixty-seven"),
        pytest.param(UCS2, "ж" * 201, [67, 67, 67], id="three full parts"),
        pytest.param(GSM, "a" * 161, [153, 8], id="gsm"),
    ],
)
def test_splitting(alphabet: Alphabet, text: str, parts: list[int]) -> None:
    assert [len(part) for part in alphabet.split(text)] == parts


@pytest.mark.parametrize("text", ["Objednano", "é", "[€]", ""])
def test_what_gsm_has_is_sent_in_gsm(text: str) -> None:
    assert alphabets.of(text) is GSM
    assert gsm.is_gsm(text)


@pytest.mark.parametrize("text", ["Objednáno", "Добре", "ř"])
def test_one_letter_more_makes_a_text_ucs2(text: str) -> None:
    assert alphabets.of(text) is UCS2


@pytest.mark.parametrize("alphabet", BOTH)
@given(text=st.text(), room=st.integers(3, 40))
def test_what_was_cut_has_room(alphabet: Alphabet, text: str, room: int) -> None:
    assert alphabet.units(alphabet.cut(alphabet.fold(text), room)) <= room
