"""Limits: how much one message may take, and how much one sender may hold (spec/messages.md §6)."""

from collections.abc import Sequence
from datetime import date

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import LimitReached
from prepazka.core.office.office import Service, Settings


# docs/spec/messages.md §6.3: "A booking is for at most `persons_at_most` persons."
def of_message(settings: Settings, persons: int) -> LimitReached | None:
    """Whether so many persons may come by one booking."""
    if 1 <= persons <= settings.persons_at_most:
        return None
    return LimitReached(settings.persons_at_most, "persons")


# docs/spec/messages.md §6.3: "at most 4 open bookings per sender"
def of_sender(settings: Settings, service: Service, held: Sequence[Booking]) -> LimitReached | None:
    """The limit one more booking would break on whatever day, the widest first; `held` are the sender's open ones."""
    if len(held) >= settings.open_per_sender:
        return LimitReached(settings.open_per_sender, "sender")
    of_service = settings.open_per_sender_and_service
    if of_service is not None and sum(b.service == service.code for b in held) >= of_service:
        return LimitReached(of_service, "service")
    of_agenda = settings.open_per_sender_and_agenda
    if of_agenda is not None and sum(b.agenda == service.agenda for b in held) >= of_agenda:
        return LimitReached(of_agenda, "agenda", service.agenda)
    return None


# docs/spec/messages.md §6.3: "Further limits per service, per agenda and per day can be set; by default there are
# none."
def of_day(settings: Settings, day: date, held: Sequence[Booking]) -> LimitReached | None:
    """The limit one more booking on this day would break."""
    most = settings.open_per_sender_and_day
    if most is None or sum(b.day == day for b in held) < most:
        return None
    return LimitReached(most, "day")
