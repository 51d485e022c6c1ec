"""The books after the peak: the database compared with what people were told."""

import time
from collections import Counter
from collections.abc import Iterator

from django.db import connection
from django.db.models import Count

from prepazka.bench.country.people import People
from prepazka.bench.measure import Row, report
from prepazka.store import models

# Seconds for what was accepted to be handled and sent.
_DRAINED_WITHIN = 300.0
# Differences that are reported one by one.
_REPORTED = 20


def drain() -> None:
    """Wait, in a thread of its own, until nothing waits to be handled or sent."""
    deadline = time.monotonic() + _DRAINED_WITHIN
    try:
        while time.monotonic() < deadline and (
            models.Inbound.objects.filter(state="waiting").exists()
            or models.Outbound.objects.filter(state__in=["queued", "sending"]).exists()
        ):
            time.sleep(0.2)
    finally:
        connection.close()


def rows_of(people: People) -> list[Row]:
    """Compare, and report each difference."""
    found = [*_messages(people), *_bookings(people), *_tickets(people)]
    for one in found[:_REPORTED]:
        report(f"the books: {one}")
    told = (
        f"{len(people.accepted):,} SMS accepted, {len(people.confirmed):,} booked on the web, {people.served:,} served"
    )
    return [Row("country: differences between the books and what people were told", len(found), "", None, "0", told)]


def _messages(people: People) -> Iterator[str]:
    """Every accepted message is stored once and answered once, and its phone got one text."""
    stored = Counter(models.Inbound.objects.values_list("gateway_id", flat=True))
    replies = dict(models.Inbound.objects.annotate(answers=Count("replies")).values_list("gateway_id", "answers"))
    states = dict(models.Inbound.objects.values_list("gateway_id", "state"))
    for id_, phone in people.accepted.items():
        told = (stored[id_], states.get(id_), replies.get(id_), len(people.smsbox.texts.get(phone, ())))
        if told != (1, "answered", 1, 1):
            yield f"{id_}: stored, state, replies, texts to its phone: {told}"
    twice = [phone for phone, texts in people.smsbox.texts.items() if len(texts) != len(set(texts))]
    yield from (f"a phone got the same text twice: {len(twice)} phones" for _ in twice[:1])


def _bookings(people: People) -> Iterator[str]:
    """No place is sold twice, and every booking that was confirmed stands."""
    active = models.Booking.objects.filter(state__in=["booked", "held"])
    places = active.values("agenda_id", "lane", "starts_at").annotate(sold=Count("id")).filter(sold__gt=1)
    yield from (f"a place sold {place['sold']} times" for place in places)
    stand = set(models.Booking.objects.filter(state="booked", channel="web").values_list("sender", flat=True))
    yield from (f"a confirmed booking on the web is not there: {phone}" for phone in people.confirmed - stand)


def _tickets(people: People) -> Iterator[str]:
    """Who was said to have been served was; no number was given twice, no counter has two clients."""
    served = models.Ticket.objects.filter(state="done").count()
    if served < people.served:
        yield f"{people.served} people were served, {served} tickets say so"
    numbers = models.Ticket.objects.values("office_id", "day", "prefix", "number").annotate(given=Count("id"))
    yield from (f"a number given {one['given']} times" for one in numbers.filter(given__gt=1))
    at_counters = models.Ticket.objects.filter(state__in=["called", "serving"])
    clients = at_counters.values("counter_id").annotate(clients=Count("id")).filter(clients__gt=1)
    yield from (f"a counter with {one['clients']} clients" for one in clients)
