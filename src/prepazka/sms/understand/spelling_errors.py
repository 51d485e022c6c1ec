"""Typing errors: which of some words a word was probably meant to be."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LONGEST = 24
"""A longer word is no mistyped command."""


def meant(word: str, among: Iterable[str], errors: int = 1) -> list[str]:
    """The words at most so many errors away (a letter more, less, another, two swapped), nearest ones only."""
    if len(word) > _LONGEST:
        return []
    found = process.extract(word, list(among), scorer=OSA.distance, score_cutoff=errors, limit=4)
    nearest = min((score for _, score, _ in found), default=0)
    return [spelled for spelled, score, _ in found if score == nearest]
