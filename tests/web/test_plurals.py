"""Counts with the right form of the noun: 1 člověk, 2 lidé, 5 lidí; no page puts a number before one fixed form."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from prepazka.web import wording

CATALOGUE = Path(wording.__file__).parent / "locale/en/LC_MESSAGES/django.po"
# A value, and behind it a noun that changes with it.
COUNTED = re.compile(
    r"%\(\w+\)[sd]\s+(?:\w+í |\w+ých )?"
    r"(?:znak|řádk|buň|minut|hodin|dn[íůeiy]\b|dnech|dní|osob|lid|zpráv|objednáv|lístk|přepážek|míst|měsíc)"
)
# Where the number is fixed in the program and so the form is right.
FIXED = {
    "Nejvýše %(most)s znaků.": "300",
    "víc než %(value)s řádků": "5,000",
    "Nejvýše %(most)s řádků.": "5,000",
    "zabere %(septets)s znaků": "more than an SMS holds",
    "do %(room)s znaků": "what an SMS holds",
    "%(units)s z %(room)s znaků": "what an SMS holds",
    "nejvýše %(max_length)s znaků": "the shortest length is 10",
    "za posledních %(days)s dní": "7",
    "%(days)s dnů, a podruhé": "7",
    "po %(days)s dnech je smažeme": "7 at the least",
    "Platí %(minutes)s minut.": "15",
    "nejvýše %(longest)s znaků": "160",
    "%(count)s z %(all)s zpráv": "of a number in the genitive",
    "aspoň %(least)s různí lidé": "2",
}


def texts() -> list[str]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en", domain="django")
    return [one if isinstance(one, str) else one[0] for one in (message.id for message in catalogue) if one]


def test_no_text_puts_a_number_before_one_form_of_a_noun() -> None:
    found = [text for text in texts() if COUNTED.search(text)]
    assert [text for text in found if not any(fixed in text for fixed in FIXED)] == []


@pytest.mark.parametrize("fixed", FIXED)
def test_every_exception_is_still_needed(fixed: str) -> None:
    assert any(fixed in text for text in texts())


@pytest.mark.parametrize(
    "wrong", ["Čeká %(count)s lidí.", "za %(days)s dnů", "%(count)s nových zpráv", "Zbývá %(left)d minut"]
)
def test_a_wrong_one_would_be_found(wrong: str) -> None:
    assert COUNTED.search(wrong)


@pytest.mark.parametrize(
    ("count", "characters", "after"),
    [
        (1, "1 znak", "1 minutě"),
        (2, "2 znaky", "2 minutách"),
        (4, "4 znaky", "4 minutách"),
        (5, "5 znaků", "5 minutách"),
        (22, "22 znaků", "22 minutách"),
    ],
)
def test_the_noun_follows_its_number(count: int, characters: str, after: str) -> None:
    with translation.override("cs"):
        told = [wording.format_character_count(count), wording.format_after(count)]
    assert [one.replace("\u00a0", " ") for one in told] == [characters, after]
