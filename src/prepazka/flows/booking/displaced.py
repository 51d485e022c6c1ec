"""The office shuts, or its hours change: whom it has promised a place then, and telling them that they need not come.

Invariant: exactly those are cancelled, or left without a place, whom the official has seen; each is told at most once,
of exactly that booking.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.displaced import placed
from prepazka.core.minutes import minute, reached
from prepazka.core.office.calendar import next_open
from prepazka.core.office.office import Closure, Office
from prepazka.flows.booking.commit import change_bookings
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import called_off
from prepazka.store import log, reads


class OthersDisplaced(Exception):
    """The change hits others than the official has seen, who are these; nothing of it may stand."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        super().__init__(len(bookings))
        self.bookings = tuple(bookings)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Those hit are cancelled. reason: as they are told it; tell: whether they are, by SMS."""

    reason: str
    tell: bool


def displaced_by(before: Office, after: Office, now: datetime) -> list[Booking]:
    """The bookings to come that a change leaves without a counter, in order of time.

    They had a place (`core.booking.displaced`) and have none any more, or a new closure covers them. after: its
    agendas are matched by key; its ids may differ.
    """
    if _hours(before) == _hours(after):
        return []
    keys = _keys(before)
    found = reads.booked_between(before, now.astimezone(before.zone).date(), date.max, minute(now))
    stood, stands = placed(before, found, keys), placed(after, found, keys)
    shut = set(_closures(after)) - set(_closures(before))
    return [
        booking
        for booking in found
        if any(_hits(after, closure, key, booking, keys) for closure, key in shut)
        or (booking.id in stood and booking.id not in stands)
    ]


def _hours(office: Office) -> object:
    """All that says when an office is open, and for how many."""
    agendas = {one.key: (set(one.rules), set(one.extra_days)) for one in office.agendas}
    return agendas, set(_closures(office)), office.holidays, office.zone.key


def _keys(office: Office) -> dict[int, str]:
    return {agenda.id: agenda.key for agenda in office.agendas}


def _closures(office: Office) -> Iterator[tuple[Closure, str]]:
    """The closures without what differs between two readings, each with the key of its agenda, "" for the office."""
    keys = _keys(office)
    for closure in office.closures:
        key = "" if closure.agenda is None else keys.get(closure.agenda, "?")
        yield replace(closure, agenda=None, reason=""), key


def _hits(office: Office, closure: Closure, key: str, booking: Booking, keys: dict[int, str]) -> bool:
    if key not in {"", keys.get(booking.agenda)} or not closure.first <= booking.day <= closure.last:
        return False
    if closure.since is None or closure.until is None:
        return True
    since, until = (reached(booking.day, at, office.zone) for at in (closure.since, closure.until))
    return booking.start < until and since < booking.end


# docs/spec/administration.md §5: "Exactly those are cancelled whom the official has seen."
def displace(
    before: Office, after: Office, seen: Collection[int], by: tuple[str, datetime], calling: Cancellation | None
) -> tuple[int, int]:
    """Cancel what a change hits, or (None) let it stand, for it was promised; how many are cancelled, how many told.

    Within the transaction that keeps the change. before: as its lock was taken; seen: the ids of those the official was
    shown; by: who, and when.

    Raises: OthersHit; nothing may stand then.
    """
    who, now = by
    found = {booking.id: booking for booking in displaced_by(before, after, now) if booking.id is not None}
    if set(found) != set(seen):
        raise OthersDisplaced(list(found.values()))
    if not found:
        return 0, 0
    if calling is None:
        log.note(before.id, now, who, "bookings kept", bookings=sorted(found))
        return 0, 0
    change_bookings(before, [replace(booking, state="cancelled") for booking in found.values()], (who, now))
    told = _tell(before, after, calling.reason, list(found.values()), now) if calling.tell else 0
    details = {"reason": calling.reason, "bookings": sorted(found), "told": told}
    log.note(before.id, now, who, "bookings called off", **details)
    return len(found), told


def _instead(before: Office, after: Office, booking: Booking) -> date:
    """A day to ask for instead: the first after it on which the agenda is open once the change stands."""
    key = before.agenda_of[booking.agenda].key
    agenda = next((one for one in after.agendas if one.key == key), None)
    last = booking.day + timedelta(days=after.settings.horizon_days)
    found = None if agenda is None else next_open(after, agenda, booking.day, last)
    return found or booking.day + timedelta(days=1)


def _tell(office: Office, after: Office, reason: str, bookings: Sequence[Booking], now: datetime) -> int:
    ids = {booking.id: booking for booking in bookings if booking.id is not None}
    routes = notify.routes_of(office)
    preferences = notify.reply_preferences(office, list(ids), now.astimezone(office.zone).date(), routes)
    notifications = []
    for row, booking in ids.items():
        reply = called_off(booking, reason, _instead(office, after, booking), office, preferences[row].language)
        notifications.append(notify.of_booking("called_off", booking, row, reply, preferences[row].route))
    return notify.enqueue(office, notifications, now, routes)
