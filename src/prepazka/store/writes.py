"""Storing what a batch decided: a constant number of statements whatever its size, in the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.delivery import KINDS
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.sql import insert, listed, moment, run


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to be sent. kind: of `core.delivery.KINDS`; expires_at: it is of no use from then on.

    state: "queued", or "handed" where the answer to the caller's call carries it. booking: the row id of the booking a
    notification is about.
    """

    gateway: str
    in_reply_to: int | None
    kind: str
    sender: str
    recipient: str
    text: str
    septets: int
    parts: int
    state: str
    expires_at: datetime
    booking: int | None = None


def change_states(bookings: Collection[Booking], now: datetime) -> None:
    """Store the new states of existing bookings."""
    for state in {booking.state for booking in bookings}:
        ids = [booking.id for booking in bookings if booking.state == state]
        run("UPDATE booking SET state = %s, changed_at = %s WHERE {among:id}", [state, moment(now), listed(ids)])


_BOOKING = {
    "office_id": "bigint",
    "agenda_id": "bigint",
    "service_id": "bigint",
    "lane": "smallint",
    "starts_at": "minute",
    "ends_at": "minute",
    "day": "date",
    "name": "varchar",
    "persons": "smallint",
    "sender": "varchar",
    "code": "varchar",
    "state": "varchar",
    "channel": "varchar",
    "text_key": "varchar",
    "made_at": "minute",
    "changed_at": "timestamptz",
    "calls": "varchar",
    "note": "varchar",
}


class BookingKey(NamedTuple):
    """What tells new bookings apart: the day, as in ISO 8601, and the access code."""

    day: str
    code: str


def add_bookings(office: Office, bookings: Sequence[Booking], channel: str, now: datetime) -> dict[BookingKey, int]:
    """Store new bookings; return their row ids.

    Raises: IntegrityError when a place or a code was taken meanwhile; roll back.
    """
    if not bookings:
        return {}
    services, changed_at = office.service_of, moment(now)
    stored = insert(
        "booking",
        _BOOKING,
        [
            (
                office.id,
                booking.agenda,
                services[booking.service].id,
                booking.lane,
                booking.start,
                booking.end,
                booking.day.isoformat(),
                booking.name,
                booking.persons,
                booking.sender,
                booking.code,
                booking.state,
                channel,
                booking.text_key,
                booking.made_at,
                changed_at,
                booking.calls,
                booking.note,
            )
            for booking in bookings
        ],
        then="RETURNING id, day, code, state",
    )
    # Several bookings of a batch may have one day and code (booked, then moved): the active one is meant.
    kept = sorted(stored.fetch(), key=lambda row: row[3] in {"booked", "held"})
    return {BookingKey(str(day), code): booking_id for booking_id, day, code, _ in kept}


_OUTBOUND = {
    "office_id": "bigint",
    "gateway": "varchar",
    "in_reply_to_id": "bigint",
    "booking_id": "bigint",
    "kind": "varchar",
    "priority": "smallint",
    "sender": "varchar",
    "recipient": "varchar",
    "text": "text",
    "septets": "smallint",
    "parts": "smallint",
    "state": "varchar",
    "made_at": "timestamptz",
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
}


def send(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> None:
    """Put messages into the outbox.

    Raises: IntegrityError on a second reply to one message: another process has handled it; roll back.
    """
    if messages:
        insert("outbound", _OUTBOUND, _records(office_id, messages, now))


def send_once(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> int:
    """Put notifications into the outbox, one of each kind about a booking ever; return how many were new."""
    if not messages:
        return 0
    if_new = "ON CONFLICT (booking_id, kind) WHERE booking_id IS NOT NULL DO NOTHING RETURNING id"
    return len(insert("outbound", _OUTBOUND, _records(office_id, messages, now), then=if_new).fetch())


def _records(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> list[tuple[object, ...]]:
    made_at = moment(now)
    return [
        (
            office_id,
            message.gateway,
            message.in_reply_to,
            message.booking,
            message.kind,
            KINDS[message.kind].priority,
            message.sender,
            message.recipient,
            message.text,
            message.septets,
            message.parts,
            message.state,
            made_at,
            made_at if message.state == "queued" else None,
            moment(message.expires_at),
        )
        for message in messages
    ]


def stop_reminders(office_id: int, senders: Mapping[str, bool], now: datetime) -> None:
    """Store which senders want no reminders (True) and which want them again (False)."""
    stopped = [models.OptOut(office_id=office_id, sender=sender, since=now) for sender, stop in senders.items() if stop]
    models.OptOut.objects.bulk_create(stopped, ignore_conflicts=True)
    resumed = [sender for sender, stop in senders.items() if not stop]
    models.OptOut.objects.filter(office_id=office_id, sender__in=resumed).delete()
