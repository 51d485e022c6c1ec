"""Telling who waits for a freed place (HLIDEJ): once, the one who has waited longest, and only of what can be had."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from prepazka.core.booking.ledger import Freed
from prepazka.core.booking.outcomes import FreeTimesListed
from prepazka.core.booking.query import FreeTimes
from prepazka.core.delivery import LIFETIME
from prepazka.core.minutes import instant, reached
from prepazka.core.office.office import Office, Service
from prepazka.flows.booking.query import look
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import notice
from prepazka.store import models, offices, reads, writes


def notify_of_freed(office: Office, freed: Sequence[Freed], now: datetime) -> None:
    """Tell of places freed just now, within the transaction that freed them."""
    if freed:
        _tell(office, reads.watchers(office.id, freed), now)


def notify_after_delay(now: datetime) -> int:
    """Tell of places whose re-offer delay has run out; how many were told.

    Offices without that delay tell at once and have nothing to do here.
    """
    count = 0
    for office_id in reads.offices_with_delay():
        with transaction.atomic():
            office = offices.locked(office_id, offices.lock(office_id))
            offered_again = now - timedelta(minutes=office.settings.reoffer_minutes)
            count += _tell(office, reads.delayed_watches(office_id, offered_again), now)
    return count


# docs/spec/messages.md §7.4: "the one who has waited longest is told, once, and only of what can be had"
def _tell(office: Office, waiting: Sequence[models.WaitlistEntry], now: datetime) -> int:
    """Each of those who wait, in order, of another free start of the service and day they wait for."""
    free: dict[tuple[str, date], list[time]] = {}
    promised: set[tuple[int, date, time]] = set()
    told: list[tuple[models.WaitlistEntry, time]] = []
    for entry in waiting:
        service = office.service_of.get(entry.service.code)
        if service is None:
            continue
        if (service.code, entry.day) not in free:
            free[service.code, entry.day] = _free(office, service, entry.day, now)
        for at in free[service.code, entry.day]:
            if (service.agenda, entry.day, at) not in promised:
                promised.add((service.agenda, entry.day, at))
                told.append((entry, at))
                break
    _send(office, told, now)
    return len(told)


def _free(office: Office, service: Service, day: date, now: datetime) -> list[time]:
    outcome = look(office, FreeTimes(service.code, day), now)
    return list(outcome.starts) if isinstance(outcome, FreeTimesListed) else []


def _send(office: Office, told: Sequence[tuple[models.WaitlistEntry, time]], now: datetime) -> None:
    if not told:
        return
    routes = notify.routes_of(office)
    notify.enqueue(
        office,
        [
            notify.Notification(
                kind="notice",
                recipient=entry.sender,
                reply=notice(
                    office.service_of[entry.service.code],
                    entry.day,
                    at,
                    office,
                    entry.language,
                ),
                until=min(now + LIFETIME, instant(reached(entry.day, at, office.zone))),
                route=routes.back(entry.gateway, entry.recipient) or notify.Route(entry.gateway, entry.recipient),
            )
            for entry, at in told
        ],
        now,
        routes,
    )
    writes.mark_notified([entry for entry, _ in told], now)
