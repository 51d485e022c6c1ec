"""The alphabets an SMS is sent in: how a text is written, counted, cut and split in each (3GPP TS 23.038, 23.040)."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from prepazka.sms import gsm

MOST_PARTS = 3
"""Parts any reply may take at most."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """One alphabet of SMS.

    fold: a text in characters of the alphabet only; folding what is folded changes nothing. units: what a folded text
    takes: septets, or 16-bit units. one_part, each: units in a message of one part, and in each part of several, where
    the rest carries the number of the part.
    """

    name: str
    fold: Callable[[str], str]
    units: Callable[[str], int]
    one_part: int
    each: int

    def line(self, text: str) -> str:
        """Return a value of whatever origin as it may stand in a reply: folded, on one line, single spaces."""
        return " ".join(self.fold(text).split())

    def room(self, parts: int) -> int:
        """Return the units of so many parts."""
        return self.one_part if parts == 1 else parts * self.each

    def clip(self, text: str, room: int) -> str:
        """Return the beginning of a folded text that takes at most `room` units, without white space at its end."""
        return self._beginning(text, room).rstrip()

    def cut(self, text: str, room: int) -> str:
        """Return a folded text of at most `room` (3 or more) units; what was cut off shows as "..."."""
        return text if self.units(text) <= room else self.clip(text, room - 3) + "..."

    # docs/spec/messages.md §5.1: "take two septets, and such a pair is never split between parts"
    def split(self, text: str) -> list[str]:
        """Return the parts a folded text is sent in; no character is split."""
        used = self.units(text)
        if used <= self.one_part:
            return [text]
        if used == len(text):
            return [text[start : start + self.each] for start in range(0, used, self.each)]
        parts = []
        while text:
            parts.append(self._beginning(text, self.each))
            text = text[len(parts[-1]) :]
        return parts

    def parts(self, text: str) -> int:
        """Return how many parts a folded text takes."""
        return self.measure(text)[1]

    def measure(self, text: str) -> tuple[int, int]:
        """Return how many units a folded text takes, and how many parts."""
        used = self.units(text)
        return used, 1 if used <= self.one_part else len(self.split(text))

    def _beginning(self, text: str, room: int) -> str:
        if self.units(text) <= room:
            return text
        ends = accumulate(map(self.units, text))
        return text[: sum(end <= room for end in ends)]


def is_latin(text: str) -> bool:
    """Whether all letters of a text are Latin, so that folding takes away accents and no letter."""
    return text.isascii() or all(
        unicodedata.name(character, "").startswith("LATIN") for character in text if character.isalpha()
    )


def _basic_plane(text: str) -> str:
    """Return a text in characters every phone shows in UCS-2: those beyond 16 bits go Latin, emoji are dropped."""
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(_fold_character(character) for character in unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    plain = character.isspace() or ord(character) > 0xFFFF or unicodedata.category(character).startswith("C")
    if plain and character != "\n":
        return gsm.fold(character)
    return character


GSM = Alphabet("gsm", gsm.fold, gsm.septets, one_part=160, each=153)
UCS2 = Alphabet("ucs2", _basic_plane, len, one_part=70, each=67)

ALPHABETS = {alphabet.name: alphabet for alphabet in (GSM, UCS2)}


# docs/spec/messages.md §5.1: "A reply is counted in the alphabet it is sent in"
def of(text: str) -> Alphabet:
    """Return the alphabet a text is sent in: GSM 03.38 where it has every character, as the gateways decide too."""
    return GSM if gsm.is_gsm(text) else UCS2
