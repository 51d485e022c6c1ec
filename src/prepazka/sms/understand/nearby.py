"""Words found by what a typing error makes of them."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable


class Nearby:
    """Words, found by any word that is at most one typing error away (a letter more, less, another or two swapped).

    Two words are that near only if they have something in common that is left of them without any one letter. What is
    left is kept as numbers, in order: as words it would take ten times as much memory as all else that is known of
    these words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({*words})
        found = sorted((hash(remains), place) for place, word in enumerate(self._words) for remains in _left_out(word))
        self._remains = array("q", (number for number, _ in found))
        self._places = array("H", (place for _, place in found))

    def of(self, typed: str) -> set[str]:
        """Return every word so near, and a few that are a little farther away."""
        found: set[str] = set()
        for remains in _left_out(typed):
            number = hash(remains)
            at = bisect_left(self._remains, number)
            while at < len(self._remains) and self._remains[at] == number:
                found.add(self._words[self._places[at]])
                at += 1
        return found


def _left_out(word: str) -> set[str]:
    """Return a word and what remains of it when any one letter is left out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
