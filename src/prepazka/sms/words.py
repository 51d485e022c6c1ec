"""The words messages are made of: those of one language, and of all languages at once as the parser looks them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from prepazka.sms.folding import fold

CommandName = Literal["book", "help", "services", "free", "cancel", "accept", "mine", "move", "watch", "stop", "resume"]
DayName = Literal[
    "today",
    "tomorrow",
    "day_after_tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, folded; the first word of a command is the one shown in examples.

    before_day, before_at, before_code: words that may stand before a date, a time, an access code and add
    nothing to it. after_at: words of the hour. courtesies: phrases that may open or close a message.
    sample_name: the name shown where the sender gave none.
    """

    commands: Mapping[CommandName, tuple[str, ...]]
    days: Mapping[DayName, tuple[str, ...]]
    before_day: tuple[str, ...]
    before_at: tuple[str, ...]
    before_code: tuple[str, ...]
    after_at: tuple[str, ...]
    courtesies: tuple[Phrase, ...]
    sample_name: str

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Words":
        """The `[words]` section of a language file.

        Raises KeyError for a missing entry, ValueError for a word that is not folded or a command without words.
        """
        words = cls(
            commands={name: _folded(table["commands"][name]) for name in get_args(CommandName)},
            days={name: _folded(table["days"][name]) for name in get_args(DayName)},
            before_day=_folded(table["before"]["day"]),
            before_at=_folded(table["before"]["at"]),
            before_code=_folded(table["before"]["code"]),
            after_at=_folded(table["after"]["at"]),
            courtesies=tuple(tuple(phrase.split()) for phrase in _folded(table["courtesy"]["phrases"])),
            sample_name=_folded([table["sample_name"]])[0],
        )
        wordless = [name for name, spelled in words.commands.items() if not spelled]
        if wordless:
            raise ValueError(f"commands without a word: {', '.join(wordless)}")
        return words


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    listed = tuple(words)
    for word in listed:
        if not word or fold(word) != word:
            raise ValueError(f"word {word!r} is not upper case without diacritics")
    return listed


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all languages together; where two languages share a word, the earlier language has it.

    commands and days: what a word means. foreign: words only languages after the first have, with the
    language's code; using one of them asks for a reply in it. opening, closing: courtesies by their first
    and by their last word, longest first. special: every word with a meaning beside or within a name.
    """

    commands: Mapping[str, CommandName]
    days: Mapping[str, DayName]
    before_day: frozenset[str]
    before_at: frozenset[str]
    before_code: frozenset[str]
    after_at: frozenset[str]
    opening: Mapping[str, tuple[Phrase, ...]]
    closing: Mapping[str, tuple[Phrase, ...]]
    foreign: Mapping[str, str]
    special: frozenset[str]

    @classmethod
    def of(cls, languages: Iterable[tuple[str, Words]]) -> "Vocabulary":
        """The vocabulary of (code, words) pairs, the language of most senders first."""
        pairs = list(languages)
        commands: dict[str, CommandName] = {}
        days: dict[str, DayName] = {}
        for _, words in pairs:
            for command, spelled in words.commands.items():
                for word in spelled:
                    commands.setdefault(word, command)
            for day, spelled in words.days.items():
                for word in spelled:
                    days.setdefault(word, day)
        before_day = frozenset(word for _, words in pairs for word in words.before_day)
        before_at = frozenset(word for _, words in pairs for word in words.before_at)
        before_code = frozenset(word for _, words in pairs for word in words.before_code)
        after_at = frozenset(word for _, words in pairs for word in words.after_at)
        phrases = sorted((phrase for _, words in pairs for phrase in words.courtesies), key=len, reverse=True)
        return cls(
            commands=commands,
            days=days,
            before_day=before_day,
            before_at=before_at,
            before_code=before_code,
            after_at=after_at,
            opening=_by_word(phrases, 0),
            closing=_by_word(phrases, -1),
            foreign=_foreign(pairs),
            special=before_day
            | before_at
            | before_code
            | after_at
            | days.keys()
            | {word for phrase in phrases for word in phrase},
        )


def _by_word(phrases: Iterable[Phrase], position: int) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        found[phrase[position]] = (*found.get(phrase[position], ()), phrase)
    return found


def _foreign(pairs: list[tuple[str, Words]]) -> dict[str, str]:
    languages: dict[str, str] = {}
    for code, words in pairs:
        for word in _all(words):
            languages.setdefault(word, code)
    return {word: code for word, code in languages.items() if code != pairs[0][0]}


def _all(words: Words) -> Iterable[str]:
    for spelled in (*words.commands.values(), *words.days.values(), *words.courtesies):
        yield from spelled
    yield from (*words.before_day, *words.before_at, *words.before_code, *words.after_at)
