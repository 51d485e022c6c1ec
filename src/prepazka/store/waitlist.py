"""The waitlist: senders to be notified when a place of a service is freed on a day (HLIDEJ)."""

from collections.abc import Collection, Sequence
from datetime import datetime, time

from django.db.models import Exists, OuterRef

from prepazka.core.booking.ledger import Freed
from prepazka.store.models import Booking, WaitlistEntry
from prepazka.store.sql import rows


def join(entries: Sequence[WaitlistEntry]) -> None:
    """Add entries; one that is open already stays the only one."""
    if entries:
        WaitlistEntry.objects.bulk_create(entries, ignore_conflicts=True)


def mark_notified(entries: Collection[tuple[WaitlistEntry, time]], now: datetime) -> None:
    """Close these entries: their senders have been notified, each of this start."""
    told = [WaitlistEntry(id=entry.id, told_at=now, told_start=start) for entry, start in entries]
    WaitlistEntry.objects.bulk_update(told, ["told_at", "told_start"])


def entries_for(office_id: int, freed: Collection[Freed]) -> list[WaitlistEntry]:
    """Return the open entries for any of these agendas' days, the oldest first. Index: one_watch_a_wish."""
    days = {place.day for place in freed}
    agendas = {place.agenda for place in freed}
    entries = WaitlistEntry.objects.filter(office_id=office_id, day__in=days, told_at=None, service__agenda__in=agendas)
    return list(entries.select_related("service").order_by("id"))


def offices_due(now: datetime) -> list[int]:
    """Return the offices that offer cancelled places only after a delay, where it is over for a place somebody awaits.

    Index: booking_given_back, for each of the few open entries of such offices.
    """
    found = rows(
        "SELECT DISTINCT w.office_id FROM watch w JOIN office o ON o.id = w.office_id "
        "JOIN service s ON s.id = w.service_id WHERE w.told_at IS NULL AND o.reoffer_minutes > 0 "
        "AND EXISTS (SELECT 1 FROM booking b WHERE b.agenda_id = s.agenda_id AND b.day = w.day "
        "AND b.state = 'cancelled' AND b.changed_at >= w.made_at "
        "AND {seconds:b.changed_at} <= %s - 60 * o.reoffer_minutes) ORDER BY w.office_id",
        [int(now.timestamp())],
    )
    return [office_id for (office_id,) in found]


def delayed_entries(office_id: int, before: datetime) -> list[WaitlistEntry]:
    """Return the open entries for a day of which a place was cancelled after the entry and before this moment.

    The oldest first. Index: booking_given_back, for each of the few open entries.
    """
    cancelled = Booking.objects.filter(
        agenda=OuterRef("service__agenda"),
        day=OuterRef("day"),
        state="cancelled",
        changed_at__gte=OuterRef("made_at"),
        changed_at__lte=before,
    )
    entries = WaitlistEntry.objects.filter(Exists(cancelled), office=office_id, told_at=None)
    return list(entries.select_related("service").order_by("id"))
