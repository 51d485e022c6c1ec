"""What a batch of messages needs to know: a constant number of queries whatever its size, each served by an index."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.ledger import Answered, Freed, Offered, ReadSet, Snapshot
from prepazka.core.booking.outcomes import Offer
from prepazka.core.minutes import Minute, instant, local
from prepazka.core.office.office import Office
from prepazka.store import board, models
from prepazka.store.sql import asked, aware, listed, minute_of, rows, together

# More rows than there are.
_ALL = 1_000_000_000
# No booking is longer than this, in minutes.
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored message to be handled."""

    id: int
    gateway: str
    gateway_id: str
    sender: str
    recipient: str
    text: str
    text_key: str
    sent_at: datetime | None
    received_at: datetime
    whole: bool


def waiting(office_id: int, limit: int | None = None) -> Iterator[Waiting]:
    """The office's messages to be handled, in order of arrival. Index: inbound_waiting."""
    found = asked(
        "SELECT id, gateway, gateway_id, sender, recipient, text, text_key, sent_at, received_at, whole "
        "FROM inbound WHERE office_id = %s AND state = 'waiting' ORDER BY id LIMIT %s",
        [office_id, limit or _ALL],
    )
    return (
        Waiting(id_, gateway, gateway_id, sender, recipient, text, key, aware(sent_at), aware(received_at), bool(whole))
        for id_, gateway, gateway_id, sender, recipient, text, key, sent_at, received_at, whole in found
    )


def still_waiting(inbound: int) -> bool:
    """Whether nobody has handled this message meanwhile."""
    return models.Inbound.objects.filter(id=inbound, state="waiting").exists()


def office_with_waiting() -> int | None:
    """An office whose messages nobody is handling now, the longest waiting first. Index: inbound_waiting.

    On PostgreSQL an office locked by another worker is passed over, so workers share the offices.
    """
    query = (
        "SELECT id FROM office WHERE id IN (SELECT office_id FROM inbound WHERE state = 'waiting') ORDER BY "
        "(SELECT MIN(id) FROM inbound WHERE office_id = office.id AND state = 'waiting') LIMIT 1 {unless_locked}"
    )
    with transaction.atomic():
        found = rows(query)
    return found[0][0] if found else None


def snapshot(office: Office, needs: ReadSet, since: Minute) -> Snapshot:
    """What the books of an office say of these needs; `since` is the earliest moment they are decided at."""
    with together():
        taken, given_back = _taken(needs), _given_back(needs)
        open_, coded = _open(office, needs, since), _coded(office, needs.codes)
        answered = _answered(office, needs)
        offered = _offered(office, needs, Minute(since - office.settings.offer_minutes))
        found = Snapshot(
            busy=[*taken, *given_back],
            open=list(open_),
            coded=list(coded),
            answered=list(answered),
            offered=dict(offered),
            read=needs,
        )
    return replace(found, queue=board.queue_facts(office, instant(since))) if needs.queue else found


def _taken(needs: ReadSet) -> Iterable[tuple[Any, ...]]:
    """Counted in the database: one row for all lanes taken from the same start to the same end.

    A booking that begins before a span but reaches into it begins at most a day earlier, so the range of the
    index that is read stays bounded. Index: booking_taken, alone.
    """
    if not needs.spans:
        return ()
    # One look a span, side by side: joined by OR, SQLite would leave the index.
    look = (
        "SELECT agenda_id, {stored:starts_at}, {stored:ends_at}, {mask:lane} FROM booking WHERE state = 'booked' "
        "AND agenda_id = %s AND starts_at > {moment:%s} AND starts_at < {moment:%s} AND ends_at > {moment:%s} "
        "GROUP BY agenda_id, starts_at, ends_at"
    )
    found = asked(
        " UNION ALL ".join([look] * len(needs.spans)),
        [value for span in needs.spans for value in (span.agenda, span.first - DAY, span.last, span.first)],
    )
    return ((agenda, minute_of(start), minute_of(end), mask) for agenda, start, end, mask in found)


def _given_back(needs: ReadSet) -> Iterable[tuple[Any, ...]]:
    """Places cancelled too lately to be offered again. Index: booking_given_back."""
    if not needs.spans or needs.freed_since is None:
        return ()
    look = (
        "SELECT agenda_id, {minute:starts_at}, {minute:ends_at}, {mask:lane} FROM "
        "(SELECT DISTINCT agenda_id, starts_at, ends_at, lane FROM booking "
        "WHERE state = 'cancelled' AND agenda_id = %s "
        "AND changed_at > {moment:%s} AND starts_at < {moment:%s} AND ends_at > {moment:%s}) AS freed "
        "GROUP BY agenda_id, starts_at, ends_at"
    )
    return asked(
        " UNION ALL ".join([look] * len(needs.spans)),
        [value for span in needs.spans for value in (span.agenda, needs.freed_since, span.last, span.first)],
    )


BOOKINGS = (
    "SELECT b.id, s.code, b.agenda_id, b.lane, {minute:b.starts_at}, {minute:b.ends_at}, b.name, b.persons, "
    "b.sender, b.code, b.state, b.text_key, {minute:b.made_at} FROM booking b JOIN service s ON s.id = b.service_id "
)


def booking(office: Office, row: Sequence[Any]) -> Booking:
    """A row of `BOOKINGS` as the rules see it."""
    on_wall = local(row[4], office.zone)
    return Booking(
        id=row[0],
        service=row[1],
        agenda=row[2],
        lane=row[3],
        start=row[4],
        end=row[5],
        day=on_wall.date(),
        at=on_wall.time(),
        name=row[6],
        persons=row[7],
        sender=row[8],
        code=row[9],
        state=row[10],
        text_key=row[11],
        made_at=row[12],
    )


def booked_between(office: Office, first: date, last: date, now: Minute) -> list[Booking]:
    """Active bookings of these days, both included, that are not over yet, in order. Index: booking_of_day."""
    found = asked(
        f"{BOOKINGS} WHERE b.office_id = %s AND b.day BETWEEN %s AND %s AND b.name > '' AND b.state = 'booked' "
        "AND b.ends_at > {moment:%s} ORDER BY b.starts_at, b.id",
        [office.id, first.isoformat(), last.isoformat(), now],
    )
    return [booking(office, row) for row in found]


def _open(office: Office, needs: ReadSet, since: Minute) -> Iterable[Booking]:
    """Bookings to come of these senders. Index: booking_of_sender."""
    if not needs.senders:
        return ()
    found = asked(
        f"{BOOKINGS} WHERE b.office_id = %s AND b.state = 'booked' AND b.ends_at > {{moment:%s}} "
        "AND {among:b.sender} ORDER BY b.starts_at, b.id",
        [office.id, since, listed(needs.senders)],
    )
    return (booking(office, row) for row in found)


def _coded(office: Office, codes: Collection[str]) -> Iterable[Booking]:
    """Bookings of any day and state with these codes. Index: booking_by_code."""
    if not codes:
        return ()
    found = asked(f"{BOOKINGS} WHERE b.office_id = %s AND {{among:b.code}} ORDER BY b.id", [office.id, listed(codes)])
    return (booking(office, row) for row in found)


def _answered(office: Office, needs: ReadSet) -> Iterable[Answered]:
    """The guards' memory; bounded, because a guard lets only so many be answered. Index: inbound_of_sender."""
    if not needs.guarded or needs.history_since is None:
        return ()
    found = asked(
        "SELECT sender, text_key, outcome, {minute:received_at} FROM inbound "
        "WHERE office_id = %s AND state = 'answered' AND received_at >= {moment:%s} "
        "AND {among:sender} "
        "AND (outcome IN ('not_understood', 'unknown_booking') OR {among:text_key}) "
        "ORDER BY id",
        [office.id, needs.history_since, listed(needs.guarded), listed(needs.text_keys)],
    )
    return (Answered(*row) for row in found)


def _offered(office: Office, needs: ReadSet, since: Minute) -> Iterable[tuple[str, Offered]]:
    """The last offers to these senders. Index: inbound_of_sender."""
    if not needs.offers_to:
        return ()
    found = asked(
        "SELECT sender, {minute:received_at}, offers FROM inbound "
        "WHERE office_id = %s AND state = 'answered' AND received_at >= {moment:%s} AND offers IS NOT NULL "
        "AND {among:sender} ORDER BY id",
        [office.id, since, listed(needs.offers_to)],
    )
    return ((sender, Offered(at, _offers(offers))) for sender, at, offers in found)


def _offers(stored: str) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            offer["service"],
            date.fromisoformat(offer["date"]),
            time.fromisoformat(offer["time"]),
            offer["name"],
            offer["persons"],
            offer["moving"],
        )
        for offer in json.loads(stored)
    )


def watchers(office_id: int, freed: Collection[Freed]) -> list[models.WaitlistEntry]:
    """Who waits for a place on one of these agendas' days, the longest waiting first. Index: one_watch_a_wish."""
    days = {place.day for place in freed}
    agendas = {place.agenda for place in freed}
    waiting_for = models.WaitlistEntry.objects.filter(
        office_id=office_id, day__in=days, told_at=None, service__agenda__in=agendas
    )
    return list(waiting_for.select_related("service").order_by("id"))


def offices_with_delay() -> list[int]:
    """Offices that offer cancelled places only after a while, and have somebody waiting for one."""
    waiting = models.WaitlistEntry.objects.filter(told_at=None, office__reoffer_minutes__gt=0)
    return list(waiting.values_list("office_id", flat=True).distinct().order_by("office_id"))


def delayed_watches(office_id: int, before: datetime) -> list[models.WaitlistEntry]:
    """Who waits for a day of which a place was cancelled since then, but before this moment; longest waiting first.

    Index: booking_given_back, for the few watches that are open.
    """
    cancelled = models.Booking.objects.filter(
        agenda=OuterRef("service__agenda"),
        day=OuterRef("day"),
        state="cancelled",
        changed_at__gte=OuterRef("made_at"),
        changed_at__lte=before,
    )
    waiting = models.WaitlistEntry.objects.filter(Exists(cancelled), office=office_id, told_at=None)
    return list(waiting.select_related("service").order_by("id"))
