"""Words of the shape of a name: what they mean, and that a typing error is found in all of them."""

from itertools import islice

import pytest
from rapidfuzz.distance import OSA

from prepazka.sms.understand import small_words
from prepazka.sms.understand.name_words import SHORTEST_MISTYPED
from prepazka.sms.understand.small_words import SmallWords
from prepazka.sms.understand.spelling import key, keys
from tests.sms.understand.spoken import WORDS

LANGUAGES = {words.code: words for words in small_words.load()}


def test_languages() -> None:
    assert sorted(LANGUAGES) == ["cs", "de", "en", "pl", "ru", "sk", "uk", "vi"]


@pytest.mark.parametrize(
    ("language", "word", "days"),
    [
        ("cs", "ZITRA", 1),
        ("sk", "ZAJTRA", 1),
        ("sk", "POZAJTRA", 2),
        ("pl", "JUTRO", 1),
        ("de", "UBERMORGEN", 2),
        ("de", "UEBERMORGEN", 2),
        ("uk", "ЗАВТРА", 1),
        ("uk", "ZAVTRA", 1),
        ("vi", "NGAY MAI", 1),
        ("en", "TOMOROW", 1),
        ("ru", "ПОСЛЕЗАВТРА", 2),
    ],
)
def test_days_from_today(language: str, word: str, days: int) -> None:
    assert LANGUAGES[language].relative_days[word] == days


@pytest.mark.parametrize(
    ("language", "word", "weekday"),
    [("sk", "UTOROK", 1), ("sk", "PIATOK", 4), ("pl", "PONIEDZIALEK", 0), ("uk", "П'ЯТНИЦЮ", 4), ("vi", "THU HAI", 0)],
)
def test_weekdays(language: str, word: str, weekday: int) -> None:
    assert LANGUAGES[language].weekdays[word] == weekday


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_names_every_weekday_and_month(language: str) -> None:
    words = LANGUAGES[language]
    assert set(words.weekdays.values()) == set(range(7))
    assert set(words.months.values()) == set(range(1, 13))
    assert {0, 1, 2} <= set(words.relative_days.values())
    assert set(range(1, 13)) <= set(words.numerals.values())


@pytest.mark.parametrize("table", ["weekdays", "relative_days", "months", "months_short", "numerals", "ordinals"])
def test_a_word_has_one_value_in_all_languages(table: str) -> None:
    values: dict[str, set[int]] = {}
    for words in LANGUAGES.values():
        for word, value in getattr(words, table).items():
            values.setdefault(word, set()).add(value)
    assert {word: meant for word, meant in values.items() if len(meant) > 1} == {}


def test_a_word_written_twice_with_two_values_is_an_error() -> None:
    table = {
        "days": {"monday": ["po"], "tuesday": ["po"]},
        **{key: {} for key in ("relative_days", "months", "months_short", "numerals", "ordinals")},
        **{key: [] for key in ("day_parts", "time_words", "function_words", "question_words", "negations")},
    }
    with pytest.raises(ValueError, match="PO"):
        SmallWords.of("xx", table)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="dais"):
        SmallWords.of("xx", {"dais": {}})


def test_spellings() -> None:
    assert keys("Łukasz") == {"ŁUKASZ", "LUKASZ"}
    assert keys("Müller") == {"MULLER", "MUELLER"}
    assert keys("п’ятниця") == {"П'ЯТНИЦЯ", "ПЯТНИЦЯ"}
    assert key("zítra") == "ZITRA"


def test_what_is_left_out_finds_exactly_the_words_one_typing_error_away() -> None:
    """The neighbourhood against the distance itself, for errors of every kind in a sample of words."""
    words = [word for word in WORDS.senses if len(word) >= SHORTEST_MISTYPED - 1]
    for word in islice(words, 0, None, 60):
        middle = len(word) // 2
        swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        for typed in (word + "A", word[1:], word[:middle] + "Q" + word[middle + 1 :], swapped):
            meant = WORDS.mistyped.of(typed)
            near = {near for near in words if OSA.distance(typed, near, score_cutoff=1) <= 1}
            assert word in near <= meant
