"""A message as the repairs see it: its text, the same text folded character by character, and its words.

The folded text has the length of the text, so that a pattern found in one is replaced in the other and a name keeps
its diacritics.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar, cast

from prepazka.sms.folding import fold
from prepazka.sms.understand.spelling import keys

_WORD = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_LONGEST_GAP = 3
_BETWEEN = " \n\t\r\xa0,.;:!'-–/"
"""What may stand between two words of a phrase, in so many characters."""
_PARTING = frozenset(" ,.;:!?()[]{}<>\"'„“”‚‘’«»‹›/\\+&=-‐‑–—…")
_HYPHENS = frozenset("-‐‑–")

Value = TypeVar("Value")


class Word(NamedTuple):
    """A run of letters or of digits, folded, with its place in the text."""

    key: str
    start: int
    end: int


class Span(NamedTuple, Generic[Value]):
    """A phrase found: the words from `first` to before `end`, and what the phrase stands for."""

    first: int
    end: int
    value: Value


class PhraseTable(Generic[Value]):
    """Phrases of one or more words, each with what it stands for; where two phrases are equal, the earlier counts."""

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        found: dict[tuple[str, ...], Value] = {}
        for phrase, value in phrases:
            for spelled in keys(phrase):
                found.setdefault(tuple(_WORD.findall(spelled)), value)
        self._words = frozenset(words[0] for words in found if len(words) == 1)
        self._by_first: dict[str, tuple[tuple[tuple[str, ...], Value], ...]] = {}
        for words in sorted(found, key=len, reverse=True):
            if words:
                self._by_first[words[0]] = (*self._by_first.get(words[0], ()), (words, found[words]))

    def at(self, written: "Written", i: int) -> Span[Value] | None:
        """The longest phrase beginning at word `i`."""
        words = written.words
        for phrase, value in self._by_first.get(words[i].key, ()):
            end = i + len(phrase)
            if end <= len(words) and all(words[i + n].key == phrase[n] for n in range(1, len(phrase))):
                gaps = (written.key[words[n - 1].end : words[n].start] for n in range(i + 1, end))
                if all(len(gap) <= _LONGEST_GAP and not gap.strip(_BETWEEN) for gap in gaps):
                    return Span(i, end, value)
        return None

    def all(self, written: "Written") -> list[Span[Value]]:
        """Every phrase in the text, from left to right, none inside another."""
        if id(self) not in written.found:
            written.found[id(self)] = self._all(written)
        return cast(list[Span[Value]], written.found[id(self)])

    def _all(self, written: "Written") -> list[Span[Value]]:
        found: list[Span[Value]] = []
        known, end = self._by_first, 0
        for i, word in enumerate(written.words):
            if i >= end and word.key in known and (one := self.at(written, i)):
                found.append(one)
                end = one.end
        return found

    def words(self) -> frozenset[str]:
        """The phrases of one word."""
        return self._words


class Written:
    """One text. text: without invisible characters. key: the same folded; words: of the folded text.

    found: what phrase tables have found in it, by the table.
    """

    __slots__ = ("_hyphened", "_words", "found", "key", "text")

    def __init__(self, text: str) -> None:
        if not text.isascii():
            text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        self.text = text
        self.key = text.upper() if text.isascii() else "".join(map(_folded, text))
        self.found: dict[int, object] = {}
        self._words: list[Word] | None = None
        self._hyphened = not _HYPHENS.isdisjoint(self.key)

    @property
    def words(self) -> Sequence[Word]:
        """The words in order."""
        if self._words is None:
            self._words = [Word(found[0], *found.span()) for found in _WORD.finditer(self.key)]
        return self._words

    @property
    def first(self) -> str:
        """The key of the first word, "" where there is none; cheap, for most texts that are tried only it is needed."""
        if self._words is None:
            found = _WORD.search(self.key)
            return found[0] if found else ""
        return self._words[0].key if self._words else ""

    def is_capitalised(self, i: int) -> bool:
        """Whether word `i` is written as names are ("Pop"), and not as codes are ("POP", "pop")."""
        word = self.words[i]
        return self.text[word.start : word.end].istitle()

    def is_part(self, first: int, end: int) -> bool:
        """Whether a hyphened word is cut at either end of the words from `first` to before `end` ("Nováková-Ab")."""
        return self._hyphened and (self._is_joined(first) or self._is_joined(end))

    def is_broken(self, first: int, end: int) -> bool:
        """Whether a sign that parts no words stands at either end of the words from `first` to before `end`, as where a
        letter was lost on the way ("Ku?era", "Dvořákov\ufffd").
        """
        start, stop = self.words[first].start, self.words[end - 1].end
        before, behind = self.key[start - 1 : start], self.key[stop : stop + 1]
        asks = behind == "?" and self.key[stop + 1 : stop + 2].isalpha()
        return asks or (before == "?" and first > 0) or _is_odd(before) or _is_odd(behind)

    def _is_joined(self, i: int) -> bool:
        """Whether word `i` and the one before it are letters on both sides of a hyphen."""
        words = self.words
        if not 0 < i < len(words) or self.key[words[i - 1].end : words[i].start] not in _HYPHENS:
            return False
        return words[i - 1].key.isalpha() and words[i].key.isalpha()

    def substitute(self, pattern: re.Pattern[str], become: Callable[[re.Match[str]], str | None]) -> str:
        """The text with everything the pattern finds in the folded text replaced; None leaves it as it is."""
        parts: list[str] = []
        end = 0
        for found in pattern.finditer(self.key):
            new = become(found)
            if new is not None:
                parts += [self.text[end : found.start()], new]
                end = found.end()
        return "".join([*parts, self.text[end:]]) if parts else self.text

    def replaced(self, changes: Mapping[tuple[int, int], str]) -> str:
        """The text with some stretches (start, end), none inside another, replaced."""
        parts: list[str] = []
        at = 0
        for start, end in sorted(changes):
            parts += [self.text[at:start], changes[start, end]]
            at = end
        return "".join([*parts, self.text[at:]])


def _is_odd(sign: str) -> bool:
    """Whether it is a sign that neither parts words nor decorates them."""
    if not sign or sign.isspace() or sign.isalnum() or sign in _PARTING:
        return False
    return sign == "\ufffd" or unicodedata.category(sign) not in {"So", "Sk", "Mn"}


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character in "’ʼ‘`´":
        return "'"
    folded = fold(character)
    return folded if len(folded) == 1 else character
