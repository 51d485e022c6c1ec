"""Synonyms: the words an office itself uses for its services, as messages are compared with them."""

from collections.abc import Mapping
from functools import lru_cache

from prepazka.core.office.office import Office, Service
from prepazka.sms.folding import fold


def folded(synonym: str) -> str:
    """Return a synonym as it is compared: "trvalý  pobyt" is TRVALY POBYT."""
    return " ".join(fold(synonym).split())


# docs/spec/messages.md §3.8: "A synonym is folded like a code, and belongs to one service of the office."
def synonyms(office: Office) -> Mapping[str, str]:
    """Return the service code of each synonym of the office, folded."""
    return _synonyms_of(office.services)


@lru_cache(maxsize=128)
def _synonyms_of(services: tuple[Service, ...]) -> Mapping[str, str]:
    return {folded(synonym): service.code for service in services for synonym in service.synonyms}
