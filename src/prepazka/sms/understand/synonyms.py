"""Synonyms: the words an office itself uses for its services, as messages are compared with them."""

from collections.abc import Mapping

from prepazka.core.office.office import Office
from prepazka.sms.folding import fold
from prepazka.sms.per_office import per_office


def folded(synonym: str) -> str:
    """Return a synonym as it is compared: "trvalý  pobyt" is TRVALY POBYT."""
    return " ".join(fold(synonym).split())


# docs/spec/messages.md §3.8: "A synonym is folded like a code, and belongs to one service of the office."
@per_office
def synonyms(office: Office) -> Mapping[str, str]:
    """Return the service code of each synonym of the office, folded."""
    return {folded(synonym): service.code for service in office.services for synonym in service.synonyms}
