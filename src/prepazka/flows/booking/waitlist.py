"""Notices of freed places to the waitlist (HLIDEJ): each entry once, the oldest first, only of what can be booked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction

from prepazka.core.booking.ledger import Freed
from prepazka.core.booking.outcomes import FreeTimesListed
from prepazka.core.booking.query import FreeTimes
from prepazka.core.delivery import LIFETIME
from prepazka.core.minutes import instant, reached
from prepazka.core.office.office import Office, Service
from prepazka.flows.booking.query import look_up
from prepazka.flows.every_office import Resting, in_every_office
from prepazka.flows.outbound import notify
from prepazka.sms.reply.render import notice
from prepazka.store import offices, waitlist
from prepazka.store.models import WaitlistEntry
from prepazka.store.offices import Locked

# Of this process: offices where a place was given back that somebody else has taken since.
resting = Resting(timedelta(minutes=1))


class _Notice(NamedTuple):
    """A free start to notify one entry of."""

    entry: WaitlistEntry
    at: time


def notify_of_freed(locked: Locked, freed: Sequence[Freed], now: datetime) -> None:
    """Queue notices of places freed in the current transaction."""
    if freed:
        _notify(locked.office, waitlist.entries_for(locked.id, freed), now)


def notify_after_delay(now: datetime) -> int:
    """Queue notices of places whose re-offer delay has run out; return how many.

    Offices without that delay notify when a place is freed (`notify_of_freed`).
    """
    return in_every_office(
        resting.leave_out(waitlist.offices_due(now), now),
        lambda office_id: resting.note(office_id, _notify_delayed(office_id, now), now),
    )


def _notify_delayed(office_id: int, now: datetime) -> int:
    with transaction.atomic():
        office = offices.lock(office_id).office
        offered_again = now - timedelta(minutes=office.settings.reoffer_minutes)
        return _notify(office, waitlist.delayed_entries(office_id, offered_again), now)


# docs/spec/messages.md §7.4: "the one who has waited longest is told, once, and only of what can be had"
def _notify(office: Office, entries: Sequence[WaitlistEntry], now: datetime) -> int:
    """Queue a notice of a different free start for each entry, in order, as far as the free starts go."""
    free: dict[tuple[str, date], list[time]] = {}
    offered: set[tuple[int, date, time]] = set()
    notices: list[_Notice] = []
    for entry in entries:
        service = office.service_of.get(entry.service.code)
        if service is None:
            continue
        if (service.code, entry.day) not in free:
            free[service.code, entry.day] = _free_starts(office, service, entry.day, now)
        for at in free[service.code, entry.day]:
            if (service.agenda, entry.day, at) not in offered:
                offered.add((service.agenda, entry.day, at))
                notices.append(_Notice(entry, at))
                break
    _enqueue(office, notices, now)
    return len(notices)


def _free_starts(office: Office, service: Service, day: date, now: datetime) -> list[time]:
    outcome = look_up(office, FreeTimes(service.code, day), now)
    return list(outcome.starts) if isinstance(outcome, FreeTimesListed) else []


def _enqueue(office: Office, notices: Sequence[_Notice], now: datetime) -> None:
    if not notices:
        return
    routes = notify.routes_of(office)
    notify.enqueue(
        office,
        [
            notify.Notification(
                kind="notice",
                recipient=entry.sender,
                reply=notice(office.service_of[entry.service.code], entry.day, at, office, entry.language),
                until=min(now + LIFETIME, instant(reached(entry.day, at, office.zone))),
                route=routes.back(entry.gateway, entry.recipient) or notify.Route(entry.gateway, entry.recipient),
            )
            for entry, at in notices
        ],
        now,
        routes,
    )
    waitlist.mark_notified(notices, now)
