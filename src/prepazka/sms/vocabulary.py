"""The words messages are made of: those of one language, and of all languages at once as the parser looks them up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from prepazka.sms.folding import fold

CommandName = str
"""The key of a command: of a row in `understand.commands.COMMANDS`, and of its words in every language file."""

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
Introduced = Literal["day", "at", "code"]
Hole = Literal["service", "day", "at", "name", "code"]
"""The values a message may lack; in its place a reply shows the language's word for it."""

Phrase = tuple[str, ...]
_Name = TypeVar("_Name", CommandName, DayName)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, folded; the first word of a command is the one shown in examples.

    before: words that may stand before a date, a time, an access code and add nothing to it. after_at: words
    of the hour. courtesies: phrases that may open or close a message. never_names: words that say something about
    a time which is not understood, and so are not taken for a name. rarely_names: such words that people are called
    by too: taken for a name, but put into no example. holes: words that stand for a value in messages that are taught;
    the first is shown, none of them is ever a value.
    """

    commands: Mapping[CommandName, tuple[str, ...]]
    days: Mapping[DayName, tuple[str, ...]]
    before: Mapping[Introduced, tuple[str, ...]]
    after_at: tuple[str, ...]
    courtesies: tuple[Phrase, ...]
    never_names: tuple[str, ...]
    rarely_names: tuple[str, ...]
    holes: Mapping[Hole, tuple[str, ...]]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Words":
        """The `[words]` section of a language file.

        Raises KeyError for a missing entry, ValueError for a word that is not folded or a command without words.
        """
        words = cls(
            commands={name: _folded(words) for name, words in table["commands"].items()},
            days={name: _folded(table["days"][name]) for name in get_args(DayName)},
            before={slot: _folded(table["before"][slot]) for slot in get_args(Introduced)},
            after_at=_folded(table["after"]["at"]),
            courtesies=tuple(tuple(phrase.split()) for phrase in _folded(table["courtesy"]["phrases"])),
            never_names=_folded(table["never_names"]),
            rarely_names=_folded(table["rarely_names"]),
            holes={slot: _folded(table["holes"][slot]) for slot in get_args(Hole)},
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

    commands and days: what a word means. before: the values a word may stand before. foreign: words only
    languages after the first have, with the language's code; using one asks for a reply in it. opening, closing:
    courtesies by their first and by their last word, longest first. polite: those words, and the "" that decoration is
    folded to: a message without any of them holds nothing that may be left out. special: every word that, beside a
    name, might not be part of it. requests: command words that ask for a change; beside other words of a
    name one is rather a second request.
    """

    commands: Mapping[str, CommandName]
    days: Mapping[str, DayName]
    before: Mapping[str, frozenset[Introduced]]
    before_at: frozenset[str]
    after_at: frozenset[str]
    never_names: frozenset[str]
    rarely_names: frozenset[str]
    opening: Mapping[str, tuple[Phrase, ...]]
    closing: Mapping[str, tuple[Phrase, ...]]
    foreign: Mapping[str, str]
    polite: frozenset[str]
    special: frozenset[str]
    requests: frozenset[str]

    @classmethod
    def of(cls, languages: Iterable[tuple[str, Words]], changing: Collection[CommandName]) -> "Vocabulary":
        """The vocabulary of (code, words) pairs, the language of most senders first; changing: commands that change
        what is booked.
        """
        pairs = list(languages)
        spoken = [words for _, words in pairs]
        days = _meanings(words.days for words in spoken)
        before = _introducing(spoken)
        after_at = frozenset(word for words in spoken for word in words.after_at)
        never_names = frozenset(word for words in spoken for word in words.never_names)
        phrases = sorted((phrase for words in spoken for phrase in words.courtesies), key=len, reverse=True)
        commands = _meanings(words.commands for words in spoken)
        opening, closing = _by_word(phrases, 0), _by_word(phrases, -1)
        return cls(
            commands=commands,
            days=days,
            before=before,
            before_at=frozenset(word for word, slots in before.items() if "at" in slots),
            after_at=after_at,
            never_names=never_names,
            rarely_names=frozenset(word for words in spoken for word in words.rarely_names),
            opening=opening,
            closing=closing,
            polite=frozenset(("", *opening, *closing)),
            foreign=_foreign(pairs),
            special=frozenset().union(days, before, after_at, never_names, *phrases),
            requests=frozenset(word for word, command in commands.items() if command in changing),
        )


# docs/spec/messages.md §3.7: "Where two languages share a word, the first language has it."
def _meanings(spoken: Iterable[Mapping[_Name, tuple[str, ...]]]) -> dict[str, _Name]:
    """What each word means; the first to have it decides."""
    found: dict[str, _Name] = {}
    for table in spoken:
        for meaning, words in table.items():
            for word in words:
                found.setdefault(word, meaning)
    return found


def _introducing(spoken: Iterable[Words]) -> dict[str, frozenset[Introduced]]:
    found: dict[str, frozenset[Introduced]] = {}
    for words in spoken:
        for slot, listed in words.before.items():
            for word in listed:
                found[word] = found.get(word, frozenset()) | {slot}
    return found


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
    for spelled in (*words.commands.values(), *words.days.values(), *words.before.values(), *words.courtesies):
        yield from spelled
    yield from words.after_at
