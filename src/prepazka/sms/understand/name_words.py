"""The words by which the shape of a name is judged, sorted once so that judging takes microseconds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from prepazka.sms.understand.names import Names
from prepazka.sms.understand.nearby import Nearby
from prepazka.sms.understand.small_words import SmallWords
from prepazka.sms.understand.spelling import keys

Sense = Literal["function", "time", "command", "service", "hole"]
Phrase = tuple[str, ...]

SHORTEST_MISTYPED = 5
"""Letters of a word that can be a typing error (spec/conversation.md §1.3)."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words that are no part of a name, or perhaps none, and the names there are lists of; all as `spelling.keys`.

    senses: what a single word means; where it means two things, the one that says most against a name.
    phrases: the same of several words, by the first of them, longest first. months: the words that mean a month.
    mistyped: what a typing error may have been meant for. marked: Vietnamese names that their marks tell from every
    small word, as written in upper case.
    with_marks: words that mean a time, or are function words, only as spelled here, in upper case.
    """

    senses: Mapping[str, Sense]
    phrases: Mapping[str, tuple[tuple[Phrase, Sense], ...]]
    months: frozenset[str]
    mistyped: Nearby
    names: Names
    marked: frozenset[str]
    with_marks: frozenset[str]

    @classmethod
    def of(  # noqa: PLR0913 - one list of words each, by name
        cls,
        small_words: Iterable[SmallWords],
        names: Names,
        *,
        commands: Iterable[str] = (),
        requests: Iterable[str] = (),
        days: Iterable[str] = (),
        courtesies: Iterable[str] = (),
        things: Iterable[str] = (),
        holes: Iterable[str] = (),
    ) -> "NameWords":
        """The words of all languages; those of one office are added by `with_services`.

        commands: words of commands that change nothing (POMOC, STAV). requests: words of commands that change
        something; beside a name such a word is rather a second request, so it counts as a function word.
        days, courtesies: words and phrases the strict parser knows beyond the small words. things: what people come
        for ("výměna"). holes: what stands in a
        taught message for a value nobody gave (PRIJMENI).
        """
        languages = tuple(small_words)
        months = frozenset(word for one in languages for word in one.months)
        found: dict[str, Sense] = {}
        for sense, words in (
            ("hole", holes),
            ("function", (*requests, *courtesies, *things)),
            ("function", (word for one in languages for word in _function_words(one))),
            ("time", (*days, *(word for one in languages for word in _times(one)))),
            ("command", commands),
        ):
            for word in words:
                for spelled in keys(word):
                    found.setdefault(spelled, sense)  # type: ignore[arg-type]
        single = {word: sense for word, sense in found.items() if " " not in word}
        natural = frozenset(word for one in languages for word in one.natural)
        return cls(
            senses=single,
            phrases=_by_first(found),
            months=months,
            mistyped=Nearby(word for word in single if len(word) >= SHORTEST_MISTYPED - 1),
            names=names,
            marked=names.vietnamese_marked - natural,
            with_marks=frozenset(word for one in languages for word in one.with_marks),
        )

    def with_services(self, services: Iterable[str]) -> "NameWords":
        """The same with the codes and synonyms of one office's services."""
        codes = {spelled for word in services for spelled in keys(word)}
        added: dict[str, Sense] = dict.fromkeys(codes, "service")
        phrases = {first: (*self.phrases.get(first, ()), *more) for first, more in _by_first(added).items()}
        single = {word: sense for word, sense in added.items() if " " not in word}
        return replace(self, senses={**self.senses, **single}, phrases={**self.phrases, **phrases})


def _function_words(one: SmallWords) -> Iterable[str]:
    return (*one.function_words, *one.question_words, *one.negations, *one.numerals, *one.ordinals)


def _times(one: SmallWords) -> Iterable[str]:
    return (*one.weekdays, *one.relative_days, *one.months, *one.day_parts, *one.time_words)


def _by_first(found: Mapping[str, Sense]) -> dict[str, tuple[tuple[Phrase, Sense], ...]]:
    phrases: dict[str, tuple[tuple[Phrase, Sense], ...]] = {}
    for text in sorted((text for text in found if " " in text), key=lambda text: (-text.count(" "), text)):
        phrase = tuple(text.split())
        phrases[phrase[0]] = (*phrases.get(phrase[0], ()), (phrase, found[text]))
    return phrases
