"""What is asked before a citizen is told something unasked: by which way, in which language, and whether at all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from prepazka.core.booking.booking import Booking
from prepazka.core.minutes import Minute
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.reads import BOOKINGS, booking
from prepazka.store.sql import listed, rows


@dataclass(frozen=True, slots=True)
class Wrote:
    """The message that made a booking: by which gateway, to which of the office's numbers, in which words."""

    gateway: str
    recipient: str
    text: str


def gateways(kinds: Collection[str]) -> frozenset[str]:
    """Names of the gateways of these kinds; there are few."""
    return frozenset(models.Gateway.objects.filter(kind__in=kinds).values_list("name", flat=True))


def numbers(office_id: int) -> list[tuple[str, str | None]]:
    """The office's numbers in their order, each with the gateway its messages leave by, if it is bound to one."""
    found = models.Number.objects.filter(office_id=office_id).order_by("position", "id")
    return list(found.values_list("e164", "gateway__name"))


def wrote(office_id: int, bookings: Collection[int]) -> dict[int, Wrote]:
    """The messages that made these bookings; none of one made otherwise. Index: inbound_of_sender."""
    if not bookings:
        return {}
    found = rows(
        "SELECT booking.id, inbound.gateway, inbound.recipient, inbound.text FROM booking JOIN inbound ON inbound.id = "
        "(SELECT MIN(id) FROM inbound WHERE office_id = %s AND sender = booking.sender AND state = 'answered' "
        "AND booking_id = booking.id) WHERE booking.office_id = %s AND {among:booking.id}",
        [office_id, office_id, listed(bookings)],
    )
    return {row: Wrote(gateway, recipient, text) for row, gateway, recipient, text in found}


def to_remind(office: Office, day: date, made_before: Minute, after: int, limit: int) -> list[Booking]:
    """Bookings of a day to remind of, by their ids, from after one: made before a moment, of who wants reminders and
    was not reminded yet. Indexes: booking_of_day, one_telling_a_booking, one_opt_out_a_number.
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
