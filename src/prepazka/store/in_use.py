"""Checks that nothing an office no longer names is still in use: booked, waited for or sat at."""

from datetime import datetime

from django.db.models import QuerySet

from prepazka.core.office.office import Office
from prepazka.store import models, queue


class StillInUse(Exception):
    """The configuration cannot be stored; the message names the field and the fix.

    kind: stable, so that the administration can show the error in Czech; values: the parameters of its text.
    """

    def __init__(self, kind: str, why: str, **values: object) -> None:
        super().__init__(why)
        self.kind = kind
        self.values = values


def check(office_id: int, office: Office, now: datetime) -> None:
    """Check that everything the office no longer names may be retired, in the transaction that retires it.

    The queue stays locked from here on, so that nobody arrives or sits down meanwhile.

    Raises: StillInUse.
    """
    live = {"office_id": office_id, "retired": False}
    codes, keys = [one.code for one in office.services], [one.key for one in office.agendas]
    services = models.Service.objects.filter(**live).exclude(code__in=codes)
    agendas = models.Agenda.objects.filter(**live).exclude(key__in=keys)
    counters = models.Counter.objects.filter(**live).exclude(key__in=[one.key for one in office.counters])
    for service in services:
        _no_bookings("services", "booked", service.code, models.Booking.objects.filter(service=service), now)
    if not (agendas or counters):
        return
    queue.lock(office_id)
    waiting = queue.active(office_id, now.astimezone(office.zone).date())
    for agenda in agendas:
        _no_bookings("agendas", "agenda_booked", agenda.key, models.Booking.objects.filter(agenda=agenda), now)
        if count := sum(1 for one in waiting if one.agenda == agenda.id):
            why = f"agendas: {agenda.key} is missing, but {count} people with its tickets are here; serve them first"
            raise StillInUse("agenda_waiting", why, agenda=agenda.title, count=count)
    clerks = {seat.counter: seat.clerk for seat in queue.seats(office_id)}
    for counter in counters:
        if clerk := clerks.get(counter.id):
            why = f"counters: {counter.key} is missing, but {clerk} sits at it; close it first"
            raise StillInUse("counter_taken", why, counter=counter.title, clerk=clerk)
        for one in waiting:
            if counter.id in (one.counter, one.reserved_for):
                why = f"counters: {counter.key} is missing, but ticket {one.label} is for it; serve it first"
                raise StillInUse("counter_waiting", why, counter=counter.title, ticket=one.label)


def _no_bookings(section: str, kind: str, name: str, bookings: QuerySet[models.Booking], now: datetime) -> None:
    if count := bookings.filter(state__in=["booked", "held"], ends_at__gt=now).count():
        why = (
            f"{section}: {name} is missing, but {count} bookings of it are still to come; keep it, or cancel them first"
        )
        raise StillInUse(kind, why, **{"service" if kind == "booked" else "agenda": name}, count=count)
