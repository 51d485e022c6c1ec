"""The shipped lists of names (`sms/names`), as sets of single words."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prepazka.sms.understand.spelling import keys

_FOLDER = Path(__file__).parent.parent / "names"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of all languages, as `spelling.keys`.

    vietnamese_surnames: with which a Vietnamese name begins. vietnamese: every word of a Vietnamese name.
    vietnamese_marked: those with marks, spelled naturally in upper case: a mark tells Hồ from "ho".
    whole: listed names of several words, as one ("THU HA").
    """

    surnames: frozenset[str]
    given: frozenset[str]
    vietnamese_surnames: frozenset[str]
    vietnamese: frozenset[str]
    vietnamese_marked: frozenset[str]
    whole: frozenset[str]


@cache
def load() -> Names:
    """The names of every list there is a file for."""
    lists = {path.stem: _read(path) for path in _FOLDER.glob("*.txt")}
    words = {stem: _keys(names) for stem, names in lists.items()}
    written = {word.upper() for word in _words((*lists["vi-surnames"], *lists["vi-given"]))}
    return Names(
        surnames=frozenset().union(*(found for stem, found in words.items() if stem.endswith("-surnames"))),
        given=frozenset().union(*(found for stem, found in words.items() if stem.endswith("-given"))),
        vietnamese_surnames=words["vi-surnames"],
        vietnamese=words["vi-surnames"] | words["vi-given"],
        vietnamese_marked=frozenset(word for word in written if not word.isascii()),
        whole=frozenset(spelled for names in lists.values() for name in names if " " in name for spelled in keys(name)),
    )


def read(language: str, kind: str) -> tuple[str, ...]:
    """One list as it is written. kind: "surnames" or "given"; raises OSError where there is no such list."""
    return _read(_FOLDER / f"{language}-{kind}.txt")


def _read(path: Path) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", path.read_text(encoding="utf-8")).splitlines())


def _words(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in name.split()]


def _keys(names: Iterable[str]) -> frozenset[str]:
    words = set(_words(names))
    plain = {word for word in words if word.isascii() and word.isalpha()}  # which have no other spelling
    return frozenset(word.upper() for word in plain).union(*map(keys, words - plain))
