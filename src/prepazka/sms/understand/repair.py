"""A repair: one way in which a message differs from a perfect command, and how it is put right.

A repair takes a text and gives other texts to be read instead, most often one. It never decides what a message means:
what it gives is read by the strict parser, which accounts for every word or refuses.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from prepazka.sms.understand.lexicon import Lexicon
from prepazka.sms.understand.written import Written

Certainty = Literal["certain", "doubtful"]
Rewrite = Callable[[Written, Lexicon], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Repair:
    """One row of the table.

    source: the section of the specification that asks for it. certainty: whether a booking may be made on it, or is
    read back first. languages: of the words it knows; empty where it is about figures and signs. examples: a text
    before and after, for the demo office with the synonyms of `tests/sms/understand`.
    """

    name: str
    source: str
    certainty: Certainty
    languages: tuple[str, ...]
    rewrite: Rewrite
    examples: tuple[tuple[str, str], ...]

    def apply(self, written: Written, lexicon: Lexicon) -> list[str]:
        """The texts to be read instead, each another than the text itself."""
        return [changed for changed in self.rewrite(written, lexicon) if changed != written.text]


ALL = ("cs", "de", "en", "pl", "ru", "sk", "uk", "vi")
"""The languages there are phrases and small words of."""


def spaced(text: str) -> str:
    """A text with single spaces, none at its ends."""
    return " ".join(text.split())
