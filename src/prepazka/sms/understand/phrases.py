"""The phrases people use around and instead of commands: one TOML file a language, in the folder `sms/phrases`."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from prepazka.sms.understand.commands import COMMANDS

_FOLDER = Path(__file__).parent.parent / "phrases"

_LISTS = frozenset(
    (
        "after", "after_command", "pleasantries", "signatures", "devices", "greetings", "fillers", "soonest",
        "questions", "conditions", "refusals", "vague", "periods", "any_time", "around", "before_time", "noon_words",
        "companions", "companions_many", "beside_companion",
        "before_day", "before_service", "things", "cancel", "cancel_begins", "cancel_ends",
        "cancel_words", "cancel_not", "confirmed", "confirmation", "move", "yes", "yes_or_thanks", "yes_words",
        "yes_both", "rather", "not_then", "no", "thanks", "reactions", "lost_code", "opening", "free_asked",
        "earlier", "earlier_by", "later", "other_time", "other_day", "next_week", "beside_times",
    )
)  # fmt: skip
_TABLES: Mapping[str, frozenset[str]] = {
    "commands": frozenset(COMMANDS),
    "asked": frozenset(COMMANDS),
    "labels": frozenset(("name", "day", "at", "service", "code", "phone", "born", "personal_number")),
    "persons": frozenset(("words", "before", "times")),
    "clock": frozenset(
        (
            "before",
            "after",
            "morning",
            "afternoon",
            "evening",
            "noon",
            "half_before",
            "half_after",
            "quarter_before",
            "quarter_after",
            "quarter_to",
            "three_quarters_before",
        )
    ),
    "parts": frozenset(("morning", "afternoon", "evening")),
    "holes": frozenset(("day", "at", "name", "code", "service")),
    "amounts": frozenset(("1", "15", "30", "45", "60", "90", "1440", "10080")),
}


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language, as the file spells them. lists: those without a value; tables: by their value."""

    code: str
    lists: Mapping[str, Sequence[str]]
    tables: Mapping[str, Mapping[str, Sequence[str]]]
    times: Mapping[int, Sequence[str]]

    @classmethod
    def of(cls, code: str, table: Mapping[str, Any]) -> "Phrases":
        """The contents of a file; raises KeyError for a key that is not known."""
        known = {**dict.fromkeys(_LISTS, frozenset[str]()), **_TABLES}
        unknown = [key for key in table if key not in known]
        unknown += [f"{key}.{each}" for key in _TABLES for each in table.get(key, {}) if each not in _TABLES[key]]
        if unknown:
            raise KeyError(f"{code}: unknown: {', '.join(sorted(unknown))}")
        return cls(
            code,
            {key: table[key] for key in _LISTS & table.keys()},
            {key: {each: words for each, words in table.get(key, {}).items() if each != "times"} for key in _TABLES},
            {int(number): words for number, words in table.get("persons", {}).get("times", {}).items()},
        )


@cache
def load() -> tuple[Phrases, ...]:
    """The phrases of every language there is a file for, by code."""
    return tuple(
        Phrases.of(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(_FOLDER.glob("*.toml"))
    )


def listed(languages: Iterable[Phrases], key: str) -> Iterator[tuple[str, str]]:
    """One list of all languages: every phrase with its language."""
    for language in languages:
        for phrase in language.lists.get(key, ()):
            yield phrase, language.code


def valued(languages: Iterable[Phrases], table: str) -> Iterator[tuple[str, str]]:
    """One table of all languages: every phrase with its value."""
    for language in languages:
        for value, words in language.tables[table].items():
            for word in words:
                yield word, value
