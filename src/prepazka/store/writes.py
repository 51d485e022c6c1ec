"""Storing what a batch decided: a constant number of statements whatever its size, in the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.delivery import KINDS
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.sql import Pending, Row, insert, listed, minute_stored, moment, run


class OutgoingMessage(NamedTuple):
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
    "channel": "varchar",
    "changed_at": "timestamptz",
    "agenda_id": "bigint",
    "service_id": "bigint",
    "lane": "smallint",
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
    "day": "date",
    "name": "varchar",
    "persons": "smallint",
    "sender": "varchar",
    "code": "varchar",
    "state": "varchar",
    "text_key": "varchar",
    "made_at": "timestamptz",
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
    services = office.service_of
    stored = insert(
        "booking",
        _BOOKING,
        [
            (
                booking.agenda,
                services[booking.service].id,
                booking.lane,
                minute_stored(booking.start),
                minute_stored(booking.end),
                booking.day.isoformat(),
                booking.name,
                booking.persons,
                booking.sender,
                booking.code,
                booking.state,
                booking.text_key,
                minute_stored(booking.made_at),
                booking.calls,
                booking.note,
            )
            for booking in bookings
        ],
        same={"office_id": office.id, "channel": channel, "changed_at": moment(now)},
        then="RETURNING id, day, code, state",
    )
    # Several bookings of a batch may have one day and code (booked, then moved): the active one is meant.
    kept = sorted(stored.fetch(), key=lambda row: row[3] in {"booked", "held"})
    return {BookingKey(str(day), code): booking_id for booking_id, day, code, _ in kept}


_OUTBOUND = {
    "office_id": "bigint",
    "made_at": "timestamptz",
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
    "due_at": "timestamptz",
    "expires_at": "timestamptz",
}


def send(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> None:
    """Put messages into the outbox.

    Raises: IntegrityError on a second reply to one message: another process has handled it; roll back.
    """
    if messages:
        _insert(office_id, messages, now, "")


def send_once(office_id: int, messages: Sequence[OutgoingMessage], now: datetime) -> int:
    """Put notifications into the outbox, one of each kind about a booking ever; return how many were new."""
    if not messages:
        return 0
    if_new = "ON CONFLICT (booking_id, kind) WHERE booking_id IS NOT NULL DO NOTHING RETURNING id"
    return len(_insert(office_id, messages, now, if_new).fetch())


def _insert(office_id: int, messages: Sequence[OutgoingMessage], now: datetime, then: str) -> Pending[Row]:
    made_at = moment(now)
    records = [
        (
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
            made_at if message.state == "queued" else None,
            moment(message.expires_at),
        )
        for message in messages
    ]
    return insert("outbound", _OUTBOUND, records, same={"office_id": office_id, "made_at": made_at}, then=then)


def stop_reminders(office_id: int, senders: Mapping[str, bool], now: datetime) -> None:
    """Store which senders want no reminders (True) and which want them again (False)."""
    stopped = [models.OptOut(office_id=office_id, sender=sender, since=now) for sender, stop in senders.items() if stop]
    models.OptOut.objects.bulk_create(stopped, ignore_conflicts=True)
    resumed = [sender for sender, stop in senders.items() if not stop]
    models.OptOut.objects.filter(office_id=office_id, sender__in=resumed).delete()
