"""Small talk: a text is thanks, yes, no or a lost code only if every word of it belongs to that."""

from datetime import time

import pytest

from prepazka.core.booking.answer import Accept
from prepazka.sms.understand.understanding import Certain, LostCode, Misread, No, Thanks, Yes
from tests.sms.understand.understandings import WEDNESDAY, understood

QUARTER = time(14, 15)


@pytest.mark.parametrize(
    "text",
    [
        "Dekuji", "Hezky den", "👍", "❤️", "Super", "Díky moc, přijdu určitě :-)", "jé super, díky", "Ďakujem", "Дякую",
        "thank you", "Danke", "Liked “Objednano: ZCD str 12.8. 9:15. Zrusite zpravou STORNO 482913 12.8.”",
        "Loved \"Objednano\"", "Laughed at “Objednano”", "Reacted 👍 to “Objednano: ZCD”", "👍 na „Objednáno“",
        "Removed a like from “Objednano”", "Liked an image", "To se mi líbí: „Objednáno: ZCD 12.8.“",
    ],
)  # fmt: skip
def test_thanks_and_reactions(text: str) -> None:
    assert isinstance(understood(text), Thanks)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("jo", Yes("cs")),
        ("ok", Yes("cs", or_thanks=True)),
        ("ANO2", Yes("cs", choice=2)),
        ("2", Yes("cs", choice=2, bare=True)),
        ("ANO druhy", Yes("cs", choice=2)),
        ("ANO DVA", Yes("cs", choice=2)),
        ("ANO 14:15", Yes("cs", at=QUARTER)),
        ("14:15", Yes("cs", at=QUARTER, bare=True)),
        ("beru 14:15", Yes("cs", at=QUARTER)),
        ("ano, beru ten ve 14.15, děkuji", Yes("cs", at=QUARTER)),
        ("ANO 12.8. 14:15", Yes("cs", at=QUARTER, day=WEDNESDAY)),
        ("ANO 482913", Yes("cs", code="482913")),
        ("482913", Yes("cs", code="482913", bare=True)),
        ("Ano, potvrzuji", Yes("cs")),
        ("Yeah", Yes("en")),
    ],
)
def test_yes(text: str, yes: Yes) -> None:
    assert understood(text) == yes


@pytest.mark.parametrize(("text", "choice"), [("ANO", None), ("ano.", None), ("ANO 2", 2), ("ANO prosim", None)])
def test_a_perfect_yes_is_the_strict_parsers(text: str, choice: int | None) -> None:
    assert understood(text) == Certain(Accept(choice), "cs")


@pytest.mark.parametrize("text", ["NE", "Ne, děkuji", "nechci", "no thanks", "Nope", "nie"])
def test_no(text: str) -> None:
    assert isinstance(understood(text), No)


@pytest.mark.parametrize("text", ["ztratil jsem kod", "zapomněla jsem heslo", "I lost my code", "pošlete mi znovu kód"])
def test_a_lost_code(text: str) -> None:
    assert isinstance(understood(text), LostCode)


@pytest.mark.parametrize(
    "text",
    [
        "ano ale až za 2 hodiny", "ne, ale ve 14:15 bych mohl", "yes but later", "ANO pro mě a ženu", "ANO 1 2",
        "ANO 14:15 14:30", "dekuji, ale prijdu pozde", "ANO 25:00", "Ano, ale jen když to bude rychlé",
    ],
)  # fmt: skip
def test_more_than_a_yes_is_none(text: str) -> None:
    assert isinstance(understood(text), Misread)


@pytest.mark.parametrize("text", ["ok?", "jo ?", "14:15?", "sure?", "ne?"])
def test_a_yes_or_no_with_a_question_mark_asks(text: str) -> None:
    found = understood(text)
    assert isinstance(found, Yes)
    assert found.asks


def test_a_picture_before_an_open_quotation_is_no_reaction() -> None:
    assert not isinstance(understood("😀 'nejde mi to, zavolejte"), Thanks)
