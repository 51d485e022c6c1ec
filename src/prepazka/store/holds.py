"""Places held on the web: what is counted of them, and what became of each. Rules: `core.booking.hold`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.hold import CONFIRMED_WITHIN, HANDED_WITHIN, LONGEST, Waiting
from prepazka.core.office.office import Office
from prepazka.store import models
from prepazka.store.reads import BOOKINGS, booking
from prepazka.store.sql import aware, changed, listed, moment, rows, run

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A booking of the web with what is known of its hold.

    waiting: None for a booking that was never held. stood: it is a booking because its message could not be handed
    over.
    """

    booking: Booking
    waiting: Waiting | None
    wrong_codes: int = 0
    stood: bool = False


_PLACES = (
    BOOKINGS.replace(" FROM booking b", ", hold.chosen_at, hold.handed_at, hold.wrong_codes, hold.stood FROM booking b")
    + "LEFT JOIN hold ON hold.booking_id = b.id "
)


def place(office: Office, booking_id: int) -> HeldPlace | None:
    """Return a booking of the office with its hold, if it had one."""
    found = rows(f"{_PLACES} WHERE b.office_id = %s AND b.id = %s", [office.id, booking_id])
    return _place(office, found[0]) if found else None


def waiting(office: Office) -> list[HeldPlace]:
    """Return the places that are held now, the oldest first. Index: booking_held."""
    found = rows(f"{_PLACES} WHERE b.office_id = %s AND b.state = 'held' ORDER BY b.id", [office.id])
    return [_place(office, row) for row in found]


def offices_due(now: datetime) -> list[int]:
    """Return the offices with a place whose hold may be over (`core.booking.hold.state_of`), read without a lock.

    Index: booking_held; almost always there is none.
    """
    late = f"{{seconds:hold.handed_at}} - {{seconds:hold.chosen_at}} >= {int(HANDED_WITHIN.total_seconds())}"
    found = rows(
        "SELECT DISTINCT b.office_id FROM booking b LEFT JOIN hold ON hold.booking_id = b.id WHERE b.state = 'held' "
        "AND (hold.chosen_at IS NULL OR hold.chosen_at <= %s "
        f"OR (hold.chosen_at <= %s AND (hold.handed_at IS NULL OR hold.handed_at <= %s OR {late}))) "
        "ORDER BY b.office_id",
        [moment(now - LONGEST), moment(now - HANDED_WITHIN), moment(now - CONFIRMED_WITHIN)],
    )
    return [office_id for (office_id,) in found]


def count_at_once(office_id: int, caller: str) -> int:
    """Return how many places of the office wait that were chosen from this network. Index: hold_of_caller."""
    ((count,),) = rows(
        "SELECT COUNT(*) FROM hold JOIN booking ON booking.id = hold.booking_id "
        "WHERE hold.office_id = %s AND hold.caller = %s AND booking.state = 'held'",
        [office_id, caller],
    )
    return int(count)


def count_of_number(office_id: int, number: str, now: datetime) -> int:
    """Return how many places were held for this number within the last hour. Index: hold_of_number."""
    held = models.Hold.objects.filter(office_id=office_id, number=number)
    return held.filter(chosen_at__gt=now - HOUR, chosen_at__lte=now + HOUR).count()


def keep(office_id: int, booking_id: int, number: str, caller: str, now: datetime) -> None:
    """Store that a booking, just made, is held."""
    models.Hold.objects.create(booking_id=booking_id, office_id=office_id, number=number, caller=caller, chosen_at=now)


def mark_handed(outbound: Collection[int], now: datetime) -> None:
    """Store when the messages about held places were handed over, the first time each."""
    run(
        "UPDATE hold SET handed_at = %s WHERE handed_at IS NULL "
        "AND booking_id IN (SELECT booking_id FROM outbound WHERE {among:id} AND kind = 'held')",
        [moment(now), listed(outbound)],
    )


def count_wrong_code(booking_id: int) -> None:
    """Count a wrong code typed for a held place."""
    models.Hold.objects.filter(booking_id=booking_id).update(wrong_codes=F("wrong_codes") + 1)


def mark_confirmed(bookings: Collection[int]) -> None:
    """Store that these held places became bookings."""
    models.Hold.objects.filter(booking_id__in=bookings).update(confirmed=True)


def mark_stood(bookings: Collection[int]) -> None:
    """Store that these held places became bookings without their phone."""
    models.Hold.objects.filter(booking_id__in=bookings).update(stood=True)


def reword(booking_id: int, text: str, septets: int, parts: int) -> None:
    """Give the message about a place that needs no confirmation any more its new text, unless it is being sent.

    Index: one_telling_a_booking.
    """
    run(
        "UPDATE outbound SET kind = 'confirmation', text = %s, septets = %s, parts = %s "
        "WHERE booking_id = %s AND kind = 'held' AND state = 'queued'",
        [text, septets, parts, booking_id],
    )


def forget(before: datetime) -> int:
    """Delete what is known of holds chosen before this moment; return how many. Index: hold_by_time."""
    return changed("DELETE FROM hold WHERE chosen_at < %s", [moment(before)])


def _place(office: Office, row: tuple[object, ...]) -> HeldPlace:
    *of_booking, chosen, handed, wrong_codes, stood = row
    waiting_since = None if chosen is None else Waiting(aware(chosen), aware(handed))
    return HeldPlace(booking(office, of_booking), waiting_since, int(str(wrong_codes or 0)), bool(stood))
