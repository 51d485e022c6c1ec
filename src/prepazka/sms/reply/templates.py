"""All it takes to word the replies of an office in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from prepazka.sms.reply.phrases import Phrases
from prepazka.sms.reply.taught import Forms


@dataclass(frozen=True, slots=True)
class Templates:
    """The texts, forms and phrases of one language, folded.

    language: its code. own: the texts the office wrote that can be filled in; shipped: those of the language file,
    which fit every legal office.
    """

    language: str
    phrases: Phrases
    forms: Forms
    own: Mapping[str, str]
    shipped: Mapping[str, str]
