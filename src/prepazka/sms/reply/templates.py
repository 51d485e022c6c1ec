"""All it takes to word the replies of an office in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from prepazka.sms.alphabets import ALPHABETS, Alphabet
from prepazka.sms.reply.phrases import Phrases
from prepazka.sms.reply.taught import Forms
from prepazka.sms.reply.texts import Text


@dataclass(frozen=True, slots=True)
class Templates:
    """The texts, forms and phrases of one language, folded.

    language: its code. alphabet: what they are written in; parts: how many parts the language lets any reply take.
    own: the texts the office wrote that can be filled in; shipped: those of the language file, which fit every legal
    office.
    """

    language: str
    alphabet: Alphabet
    parts: int
    phrases: Phrases
    forms: Forms
    own: Mapping[str, str]
    shipped: Mapping[str, str]

    def line(self, text: str) -> str:
        """Return a value of whatever origin as it may stand in a reply."""
        return self.alphabet.line(text)

    def own_line(self, text: str) -> str:
        """Return the same of a word of the office's own, which recurs (its name, a title)."""
        return _line(self.alphabet.name, text)

    def parts_of(self, text: Text) -> int:
        """Return how many parts a reply of this text may take."""
        return max(text.parts, self.parts)


@lru_cache(maxsize=4096)
def _line(alphabet: str, text: str) -> str:
    return ALPHABETS[alphabet].line(text)
