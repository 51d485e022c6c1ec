"""Bookings displaced by a closure or a change of hours: finding them, cancelling them and notifying their senders.

Invariant: exactly the bookings the official was shown are cancelled, or kept without a place; each sender gets at most
one message, about exactly that booking.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from prepazka.core.actor import Actor
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.displaced import placed, with_ids_of
from prepazka.core.minutes import minute, reached
from prepazka.core.office.office import Closure, Office
from prepazka.flows.booking.commit import change_bookings
from prepazka.flows.booking.next_free import instead_of
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import called_off
from prepazka.store import log, queue, reads
from prepazka.store.offices import Locked


class OthersDisplaced(Exception):
    """The change displaces other bookings than the official was shown. They are in `bookings`; roll back."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        super().__init__(len(bookings))
        self.bookings = tuple(bookings)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """How displaced bookings are cancelled. notify: whether an SMS is sent.

    reason: as the message gives it; reasons: the same in other languages.
    """

    reason: str
    notify: bool
    reasons: Mapping[str, str] = field(default_factory=dict)

    def reason_in(self, language: str) -> str:
        """Return the reason for a message in this language."""
        return self.reasons.get(language) or self.reason


class Displacement(NamedTuple):
    """How many bookings were cancelled, and how many messages about it queued."""

    cancelled: int = 0
    notified: int = 0


class _KeyedClosure(NamedTuple):
    """A closure without what differs between two readings of an office; agenda: its key, "" for the whole office."""

    closure: Closure
    agenda: str


def displaced_by(before: Office, after: Office, now: datetime) -> list[Booking]:
    """Return the bookings to come that a change leaves without a counter, in order of time.

    Those are the bookings that had a place (`core.booking.displaced`) and have none any more, and those a new closure
    covers; not those whose people are in the hall already or were seen to. after: its agendas are matched by key; its
    ids may differ.
    """
    if _hours(before) == _hours(after):
        return []
    keys = _agenda_keys(before)
    bookings = reads.booked_between(before, now.astimezone(before.zone).date(), date.max, minute(now))
    placed_before, placed_after = placed(before, bookings, keys), placed(after, bookings, keys)
    new_closures = set(_closures(after)) - set(_closures(before))
    # docs/spec/administration.md §5: "Whoever has come already is not called off"
    here = queue.bookings_here([booking.id for booking in bookings if booking.id is not None])
    return [
        booking
        for booking in bookings
        if booking.id not in here
        and (
            any(_covers(new, booking, keys, after) for new in new_closures)
            or (booking.id in placed_before and booking.id not in placed_after)
        )
    ]


def _hours(office: Office) -> object:
    """Return all that decides when an office is open and how many places it has."""
    agendas = {one.key: (set(one.rules), set(one.extra_days)) for one in office.agendas}
    return agendas, set(_closures(office)), office.holidays, office.zone.key


def _agenda_keys(office: Office) -> dict[int, str]:
    return {agenda.id: agenda.key for agenda in office.agendas}


def _closures(office: Office) -> Iterator[_KeyedClosure]:
    keys = _agenda_keys(office)
    for closure in office.closures:
        agenda = "" if closure.agenda is None else keys.get(closure.agenda, "?")
        yield _KeyedClosure(replace(closure, agenda=None, reason=""), agenda)


def _covers(keyed: _KeyedClosure, booking: Booking, keys: Mapping[int, str], office: Office) -> bool:
    closure = keyed.closure
    if keyed.agenda not in {"", keys.get(booking.agenda)} or not closure.first <= booking.day <= closure.last:
        return False
    if closure.since is None or closure.until is None:
        return True
    since, until = (reached(booking.day, at, office.zone) for at in (closure.since, closure.until))
    return booking.start < until and since < booking.end


# docs/spec/administration.md §5: "Exactly those are cancelled whom the official has seen."
def displace(
    before: Locked, after: Office, seen: Collection[int], actor: Actor, cancellation: Cancellation | None
) -> Displacement:
    """Cancel the bookings a change displaces, or keep them (None).

    Runs within the transaction that stores the change. before: as its lock was taken; seen: the ids of the bookings the
    official was shown.

    Raises: OthersDisplaced; the transaction must be rolled back then.
    """
    bookings = {one.id: one for one in displaced_by(before.office, after, actor.at) if one.id is not None}
    if set(bookings) != set(seen):
        raise OthersDisplaced(list(bookings.values()))
    if not bookings:
        return Displacement()
    if cancellation is None:
        log.note(before.id, actor.at, actor.who, "bookings kept", bookings=sorted(bookings))
        return Displacement()
    change_bookings(before, [replace(booking, state="cancelled") for booking in bookings.values()], actor)
    notified = _notify(before.office, after, cancellation, bookings, actor.at) if cancellation.notify else 0
    details = {"reason": cancellation.reason, "bookings": sorted(bookings), "told": notified}
    log.note(before.id, actor.at, actor.who, "bookings called off", **details)
    return Displacement(len(bookings), notified)


def _notify(
    before: Office, after: Office, cancellation: Cancellation, bookings: Mapping[int, Booking], now: datetime
) -> int:
    routes = notify.routes_of(before)
    preferences = notify.reply_preferences(before, list(bookings), now.astimezone(before.zone).date(), routes)
    notifications = []
    # Who has not confirmed a place on the web was asked about it, and is written to no more.
    concerned = {booking_id: booking for booking_id, booking in bookings.items() if booking.state == "booked"}
    others = instead_of(with_ids_of(before, after), list(concerned.values()), now)
    for (booking_id, booking), instead in zip(concerned.items(), others, strict=True):
        preference = preferences[booking_id]
        reason = cancellation.reason_in(preference.language)
        reply = called_off(booking, reason, instead, before, preference.language)
        notifications.append(notify.of_booking("called_off", booking, booking_id, reply, preference.route))
    return notify.enqueue(before, notifications, now, routes)
