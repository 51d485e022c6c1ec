"""Queries for notifications: routes, the messages that made bookings, and the bookings to remind of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from prepazka.core.booking.booking import Booking
from prepazka.core.minutes import Minute, midnight
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.reads import BOOKINGS, booking
from prepazka.store.sql import listed, rows


@dataclass(frozen=True, slots=True)
class BookingMessage:
    """The message that made a booking: its gateway, the office's number it was sent to, its text."""

    gateway: str
    recipient: str
    text: str


def gateways_of_kinds(kinds: Collection[str]) -> frozenset[str]:
    """Return the names of the gateways of these kinds; there are few."""
    return frozenset(models.Gateway.objects.filter(kind__in=kinds).values_list("name", flat=True))


class BoundNumber(NamedTuple):
    """A number of an office, with the gateway its messages leave by, if it is bound to one."""

    number: str
    gateway: str | None


def numbers(office_id: int) -> list[BoundNumber]:
    """Return the office's numbers in their order."""
    found = models.Number.objects.filter(office_id=office_id).order_by("position", "id")
    return [BoundNumber(*row) for row in found.values_list("e164", "gateway__name")]


def booking_messages(office_id: int, bookings: Collection[int]) -> dict[int, BookingMessage]:
    """Return the messages that made these bookings, as far as they were made by message. Index: inbound_of_sender."""
    if not bookings:
        return {}
    found = rows(
        "SELECT booking.id, inbound.gateway, inbound.recipient, inbound.text FROM booking JOIN inbound ON inbound.id = "
        "(SELECT MIN(id) FROM inbound WHERE office_id = %s AND sender = booking.sender AND state = 'answered' "
        "AND booking_id = booking.id) WHERE booking.office_id = %s AND {among:booking.id}",
        [office_id, office_id, listed(bookings)],
    )
    return {row: BookingMessage(gateway, recipient, text) for row, gateway, recipient, text in found}


def to_remind(office: Office, day: date, made_before: Minute, after: int, limit: int) -> list[Booking]:
    """Return the bookings of a day to remind of, in order of row ids greater than `after`.

    Those are the bookings made before a moment, without a reminder yet, of senders who have not opted out.
    Indexes: booking_of_day, one_telling_a_booking, one_opt_out_a_number.
    """
    found = rows(
        f"{BOOKINGS} WHERE b.office_id = %s AND b.day = %s AND b.name > '' AND b.state = 'booked' AND b.sender > '' "
        "AND b.made_at < {moment:%s} AND b.id > %s "
        "AND NOT EXISTS (SELECT 1 FROM outbound WHERE booking_id = b.id AND kind = 'reminder') "
        "AND NOT EXISTS (SELECT 1 FROM opt_out WHERE office_id = b.office_id AND sender = b.sender) "
        "ORDER BY b.id LIMIT %s",
        [office.id, day.isoformat(), made_before, after, limit],
    )
    return [booking(office, row) for row in found]


def count_missed(office: Office, today: date, days: int) -> int:
    """Count the visits of the last days, before today, whose holder was to be reminded and was not.

    A reminder that expired or failed counts as missed. Indexes: booking_of_day, one_telling_a_booking,
    one_opt_out_a_number.
    """
    one_day = (
        "SELECT COUNT(*) FROM booking b WHERE b.office_id = %s AND b.day = %s AND b.name > '' AND b.state = 'booked' "
        "AND b.sender > '' AND b.made_at < {moment:%s} "
        "AND NOT EXISTS (SELECT 1 FROM outbound WHERE booking_id = b.id AND kind = 'reminder' "
        "AND outbound.state NOT IN ('expired', 'failed')) "
        "AND NOT EXISTS (SELECT 1 FROM opt_out WHERE office_id = b.office_id AND sender = b.sender)"
    )
    visits = [today - timedelta(days=ago) for ago in range(1, days + 1)]
    values = [
        value
        for day in visits
        for value in (office.id, day.isoformat(), midnight(day - timedelta(days=1), office.zone))
    ]
    return sum(count for (count,) in rows(" UNION ALL ".join([one_day] * days), values))


def made_before_last(office_id: int, count: int) -> datetime | None:
    """Return when the office's newest but `count` - 1 message was made; None when it made fewer.

    Index: outbound_of_office.
    """
    newest = models.Outbound.objects.filter(office_id=office_id).order_by("-id").values_list("made_at", flat=True)
    return newest[count - 1 : count].first()
