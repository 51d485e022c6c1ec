"""Asking what to bring for a service."""

from dataclasses import dataclass

from prepazka.core.booking.context import Context
from prepazka.core.booking.misunderstandings import UnknownService
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Service


@dataclass(frozen=True, slots=True)
class BringTold(Outcome):
    """What to bring for the service; where the office wrote nothing, contact says whom to ask, "" if unknown."""

    outcome = "to_bring"
    service: Service
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ToBring(Request):
    """What to bring for this service."""

    service: str

    def decide(self, context: Context) -> BringTold | UnknownService:
        """See `to_bring`."""
        return to_bring(context, self)


# docs/spec/messages.md §7.8: "says what to bring for this service, or whom to ask where the office did not write it"
def to_bring(context: Context, request: ToBring) -> BringTold | UnknownService:
    """Return what the office wrote for the service."""
    service = context.office.service_of.get(request.service)
    if service is None:
        return UnknownService(request.service, ())
    return BringTold(service, "" if any(service.bring.values()) else context.office.contact)
