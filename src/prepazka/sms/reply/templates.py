"""The voice of an office in one language: its own reply texts over those of the language file, folded once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from prepazka.core.office.office import Office
from prepazka.sms import gsm
from prepazka.sms.languages import FIRST, load
from prepazka.sms.reply.phrases import Phrases
from prepazka.sms.reply.taught import Forms
from prepazka.sms.reply.texts import TEXTS, faults


@dataclass(frozen=True, slots=True)
class Templates:
    """All it takes to word a reply.

    own: the texts the office wrote that can be filled in; shipped: those of the language file, which fit
    every legal office. sample_name: the name in examples.
    """

    phrases: Phrases
    forms: Forms
    own: Mapping[str, str]
    shipped: Mapping[str, str]
    sample_name: str


def templates_of(office: Office, language: str) -> Templates:
    """The office's voice; a language there is no file for is spoken as the first one."""
    texts = office.texts.get(language)
    return _voice_with(language, frozenset(texts.items())) if texts else _voice_of(language)


@lru_cache(maxsize=1024)
def _voice_with(language: str, texts: frozenset[tuple[str, str]]) -> Templates:
    plain = _voice_of(language)
    folded = {name: gsm.fold(text) for name, text in texts}
    own = {name: text for name, text in folded.items() if not any(faults(name, text))}
    return Templates(plain.phrases, plain.forms, own, plain.shipped, plain.sample_name)


@lru_cache(maxsize=64)
def _voice_of(language: str) -> Templates:
    languages = {each.code: each for each in load()}
    spoken = languages.get(language)
    if spoken is None:
        return _voice_of(FIRST)
    return Templates(
        phrases=Phrases.of(spoken.replies),
        forms=Forms.of(spoken.forms),
        own={},
        shipped={name: gsm.fold(spoken.replies[name]) for name in TEXTS},
        sample_name=spoken.words.sample_name,
    )
