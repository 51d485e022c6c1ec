"""Synonyms: the words an office itself uses for its services, as messages are compared with them."""

from collections.abc import Mapping
from functools import lru_cache

from prepazka.core.office.office import Office, Service
from prepazka.sms.folding import fold
from prepazka.sms.vocabulary import Phrase


def phrase(synonym: str) -> Phrase:
    """Return the folded words of a synonym: "trvalý  pobyt" is TRVALY, POBYT."""
    return tuple(fold(synonym).split())


# docs/spec/messages.md §3.8: "A synonym is folded like a code, and belongs to one service of the office."
def synonyms(office: Office) -> Mapping[Phrase, str]:
    """Return the service code of each synonym of the office."""
    return _synonyms_of(office.services)


@lru_cache(maxsize=128)
def _synonyms_of(services: tuple[Service, ...]) -> Mapping[Phrase, str]:
    return {phrase(synonym): service.code for service in services for synonym in service.synonyms}
