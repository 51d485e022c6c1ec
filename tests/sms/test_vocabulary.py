"""The words of a language are data: what a language file must have, and that the parser knows every word of it."""

from datetime import timedelta
from typing import Any

import pytest

from prepazka.core.booking.misunderstandings import Misunderstanding
from prepazka.core.booking.requests import Request
from prepazka.sms.languages import FIRST, load
from prepazka.sms.vocabulary import CommandName, DayName, Vocabulary, Words
from tests.sms.understand.readings import MONDAY, book, read

LANGUAGES = {language.code: language.words for language in load()}

VALUES: dict[CommandName, str] = {
    "book": "ZOP 10.8. 14:00 NOVAK",
    "free": "ZOP 10.8.",
    "cancel": "482913 10.8.",
    "move": "482913 10.8. 14:00",
    "watch": "ZOP 10.8.",
    "queue": "ZOP",
    "bring": "ZOP",
}

COMMANDS = [
    pytest.param(name, spelled, f"{word} {VALUES.get(name, '')}", id=f"{code}: {word}")
    for code, words in LANGUAGES.items()
    for name, spelled in words.commands.items()
    for word in spelled
]
DAYS = [
    pytest.param(name, word, id=f"{code}: {word}")
    for code, words in LANGUAGES.items()
    for name, spelled in words.days.items()
    for word in spelled
]
COURTESIES = [
    pytest.param(" ".join(phrase), id=f"{code}: {' '.join(phrase)}")
    for code, words in LANGUAGES.items()
    for phrase in words.courtesies
]
AHEAD: dict[DayName, int] = {
    "today": 0,
    "tomorrow": 1,
    "day_after_tomorrow": 2,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
    "monday": 7,
}


def table() -> dict[str, Any]:
    """A `[words]` section of a made-up language."""
    return {
        "holes": {"service": ["KOD"], "day": ["DATA"], "at": ["CZAS"], "name": ["NAZWISKO"], "code": ["PIN"]},
        "never_names": [],
        "rarely_names": [],
        "commands": {name: [name.upper()] for name in LANGUAGES[FIRST].commands},
        "days": {name: [] for name in LANGUAGES[FIRST].days},
        "before": {"day": [], "at": ["O"], "code": []},
        "after": {"at": []},
        "courtesy": {"phrases": ["DZIEN DOBRY"]},
    }


@pytest.mark.parametrize(("name", "spelled", "text"), COMMANDS)
def test_every_word_of_a_command_means_it(name: CommandName, spelled: tuple[str, ...], text: str) -> None:
    same = f"{LANGUAGES[FIRST].commands[name][0]} {VALUES.get(name, '')}"
    assert isinstance(read(text), Request)
    assert read(text) == read(same)


@pytest.mark.parametrize(("name", "word"), DAYS)
def test_every_day_word_means_its_day(name: DayName, word: str) -> None:
    assert read(f"OBJ ZOP {word} 14:00 NOVAK") == book(MONDAY + timedelta(days=AHEAD[name]))


@pytest.mark.parametrize("phrase", COURTESIES)
def test_every_courtesy_may_stand_around_a_message(phrase: str) -> None:
    assert read(f"{phrase} OBJ ZOP 10.8. 14:00 NOVAK {phrase}") == book()


@pytest.mark.parametrize(
    ("code", "word"), [(code, word) for code, words in LANGUAGES.items() for word in words.never_names]
)
def test_no_word_about_time_becomes_a_name(code: str, word: str) -> None:
    assert isinstance(read(f"OBJ ZOP {word}"), Misunderstanding)


def test_czech_comes_first() -> None:
    assert next(iter(LANGUAGES)) == "cs"


def test_a_word_of_two_languages_belongs_to_the_first() -> None:
    vocabulary = Vocabulary.of(LANGUAGES.items(), ["book"])
    assert "HELP" not in vocabulary.foreign
    assert vocabulary.foreign["BOOK"] == "en"


def test_a_made_up_language_is_complete() -> None:
    assert Words.of(table()).courtesies == (("DZIEN", "DOBRY"),)


@pytest.mark.parametrize("word", ["dzień", "DZIEŃ", "ano", ""])
def test_a_word_not_folded_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="is not upper case without diacritics"):
        Words.of({**table(), "never_names": [word]})


def test_a_command_without_a_word_is_refused() -> None:
    words = table()
    words["commands"]["mine"] = []
    with pytest.raises(ValueError, match="commands without a word: mine"):
        Words.of(words)


SECTIONS = ["commands", "days", "before", "after", "courtesy", "never_names", "rarely_names", "holes"]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_language_lacking_a_section_is_refused(section: str) -> None:
    words = table()
    del words[section]
    with pytest.raises(KeyError, match=section):
        Words.of(words)
