"""Which bookings an office has a place for: within its hours, and no more at once than it has lanes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from prepazka.core.booking.booking import Booking
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Office


# docs/spec/administration.md §5: "Of several bookings that no longer all have a place, those booked first keep it."
def placed(office: Office, bookings: Sequence[Booking], keys: Mapping[int, str]) -> frozenset[int | None]:
    """The ids of those that have a place; where there are too many, those booked first have it.

    keys: by its id, the key of each booking's agenda; `office` may be one being made, whose agendas have other ids.
    """
    agendas = {agenda.key: agenda for agenda in office.agendas}
    days: dict[tuple[int, date], list[Booking]] = {}
    for booking in bookings:
        days.setdefault((booking.agenda, booking.day), []).append(booking)
    return frozenset(
        booking.id
        for (agenda, day), those in days.items()
        if (now := agendas.get(keys.get(agenda, "")))
        for booking in _placed(office, now.id, day, those)
    )


def with_ids_of(before: Office, after: Office) -> Office:
    """Return the office as `after` says, its agendas under the ids they have in `before`; new ones have other ids."""
    stored = {agenda.key: agenda.id for agenda in before.agendas}
    ids = {agenda.id: stored.get(agenda.key, -agenda.id) for agenda in after.agendas}
    return replace(
        after,
        id=before.id,
        agendas=tuple(replace(agenda, id=ids[agenda.id]) for agenda in after.agendas),
        services=tuple(replace(service, agenda=ids[service.agenda]) for service in after.services),
        closures=tuple(
            closure if closure.agenda is None else replace(closure, agenda=ids[closure.agenda])
            for closure in after.closures
        ),
        counters=(),
    )


def _placed(office: Office, agenda: int, day: date, bookings: Sequence[Booking]) -> Iterator[Booking]:
    stretches = starts(office, office.agenda_of[agenda], day).stretches
    placed: list[Booking] = []
    for booking in sorted(bookings, key=lambda one: one.id or 0):
        within = next((one for one in stretches if one.opens <= booking.start and booking.end <= one.closes), None)
        if within and _at_once(placed, booking) < within.lanes:
            placed.append(booking)
            yield booking


def _at_once(placed: Sequence[Booking], booking: Booking) -> int:
    """How many of those placed there are at most at one moment of this booking."""
    others = [one for one in placed if one.start < booking.end and booking.start < one.end]
    moments = {booking.start, *(one.start for one in others if one.start > booking.start)}
    return max(sum(1 for one in others if one.start <= at < one.end) for at in moments)
