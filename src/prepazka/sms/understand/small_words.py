"""The small words of the languages people write in: one TOML file a language, in the folder `small_words`."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from prepazka.sms.understand.spelling import keys

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FOLDER = Path(__file__).parent.parent / "small_words"


@dataclass(frozen=True, slots=True)
class SmallWords:
    """The small words of one language, as `spelling.keys`; an entry may be a phrase, its words separated by a space.

    weekdays: Monday is 0. relative_days: days from today. months: 1 to 12. months_short: forms that mean a month
    only beside a number. numerals, ordinals: by their value. function_words, question_words, negations: what no
    name holds. day_parts, time_words: words of time that name no day. with_marks: words that count only as they are
    spelled, in upper case, for without their marks they are names. natural: all as spelled, in upper case.
    """

    code: str
    weekdays: Mapping[str, int]
    relative_days: Mapping[str, int]
    months: Mapping[str, int]
    months_short: Mapping[str, int]
    numerals: Mapping[str, int]
    ordinals: Mapping[str, int]
    day_parts: frozenset[str]
    time_words: frozenset[str]
    function_words: frozenset[str]
    question_words: frozenset[str]
    negations: frozenset[str]
    with_marks: frozenset[str]
    natural: frozenset[str]

    @classmethod
    def of(cls, code: str, table: Mapping[str, Any]) -> "SmallWords":
        """The contents of a file.

        Raises KeyError for a missing or unknown key, ValueError for a number that is none or a word with two numbers.
        """
        if unknown := table.keys() - {"days", *cls.__slots__}:
            raise KeyError(f"unknown: {', '.join(sorted(unknown))}")
        days = {str(WEEKDAYS.index(name)): words for name, words in table["days"].items()}
        return cls(
            code=code,
            weekdays=_numbered(days),
            relative_days=_numbered(table["relative_days"]),
            months=_numbered(table["months"]),
            months_short=_numbered(table["months_short"]),
            numerals=_numbered(table["numerals"]),
            ordinals=_numbered(table["ordinals"]),
            day_parts=_keys(table["day_parts"]),
            time_words=_keys(table["time_words"]),
            function_words=_keys(table["function_words"]),
            question_words=_keys(table["question_words"]),
            negations=_keys(table["negations"]),
            with_marks=frozenset(word.upper() for word in table.get("with_marks", ())),
            natural=frozenset(word.upper() for word in _written(table.values())),
        )


@cache
def load() -> tuple[SmallWords, ...]:
    """The small words of every language there is a file for, by code."""
    return tuple(
        SmallWords.of(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(_FOLDER.glob("*.toml"))
    )


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(spelled for word in words for spelled in keys(word))


def _numbered(table: Mapping[str, Iterable[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, words in table.items():
        for spelled in _keys(words):
            if found.setdefault(spelled, int(number)) != int(number):
                raise ValueError(f"{spelled} stands for both {found[spelled]} and {number}")
    return found


def _written(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from (word for words in value.values() for word in words) if isinstance(value, dict) else value
