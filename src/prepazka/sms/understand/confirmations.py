"""The words of our own confirmations, in every language we answer in: people send them back to cancel."""

import re
from collections.abc import Iterator, Mapping

from prepazka.sms.languages import Language

_CONFIRMING = ("booked", "already_booked", "moved", "reminder", "phrase_arrival", "phrase_purpose", "phrase_before")
_HOLDING = _CONFIRMING[:4]
"""The reply texts that tell of a booking."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FIRST_WORDS = 2


def words(languages: tuple[Language, ...]) -> Iterator[tuple[str, str]]:
    """Every word of these texts, with its language."""
    for language in languages:
        for text in _texts(language.replies, _CONFIRMING):
            yield from ((word, language.code) for word in _WORD.findall(_PLACEHOLDER.sub(" ", text)))


def beginnings(languages: tuple[Language, ...]) -> Iterator[tuple[str, str]]:
    """What each of them begins with, with its language: "Objednáno", "Přesunuto na"."""
    for language in languages:
        for text in _texts(language.replies, _HOLDING):
            first = _WORD.findall(text.split("{")[0])
            yield " ".join(first[:_FIRST_WORDS]), language.code


def _texts(replies: Mapping[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (replies[name] for name in names if name in replies)
