"""Which words of a message are told to the manager: what the office does not know, and never who wrote it."""

from dataclasses import replace

import pytest

from prepazka.sms.understand.unknown_words import unknown_words
from tests.offices import demo_office

OFFICE = demo_office()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("obcance na pondeli", [("OBCANCE",)]),
        ("OBJ OBČANCE 10.8. 14:00 NOVAK", [("OBCANCE",)]),
        ("řidičský průkazek, prosím", [("RIDICSKY", "PRUKAZEK")]),
        ("řidičák. Řidičský průkazek", [("RIDICAK",), ("RIDICSKY", "PRUKAZEK")]),
        ("ZOP POMOC STORNO v zitra", []),
        ("Nováková 777123456 8501011234 1A2 12.8.", []),
        ("", []),
        ("🙂 !!! ???", []),
        (f"x {'y' * 31}", []),
    ],
)
def test_unknown_words(text: str, told: list[tuple[str, ...]]) -> None:
    assert unknown_words(text, OFFICE) == told


@pytest.mark.parametrize("name", ["Svoboda", "Dvořáková", "Marek", "Шевченко", "Nguyen", "Kowalski"])
def test_no_name_is_told(name: str) -> None:
    assert unknown_words(f"obcance {name} ridicak", OFFICE)[0] == ("OBCANCE",)
    assert not any(name.upper() in words for words in unknown_words(f"obcance {name}", OFFICE))


def test_a_word_the_office_knows_is_not_told() -> None:
    zop = replace(OFFICE.services[0], synonyms=("občance", "řidičský průkazek"))
    office = replace(OFFICE, services=(zop, *OFFICE.services[1:]))
    assert unknown_words("obcance ridicsky prukazek ridicak", office) == [("RIDICAK",)]
