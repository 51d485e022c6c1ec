"""Telling another day where nothing is free: one more read for a whole batch, and none for most batches."""

from collections.abc import Sequence
from datetime import date, datetime

from prepazka.core.booking import next_free as rules
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.query import FreeTimes
from prepazka.core.minutes import minute
from prepazka.core.office.office import Office, Service
from prepazka.store import reads


def with_next_free(office: Office, submissions: Sequence[Submission], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes of a batch that is stored already, those of a full or closed day with another day."""
    first = min(submission.now for submission in submissions)
    told = zip([submission.sender for submission in submissions], outcomes, strict=True)
    needed = rules.needed(told, office, minute(first), first.astimezone(office.zone).date())
    if needed is None:
        return list(outcomes)
    ledger = Ledger(office, reads.snapshot(office, needed, minute(first)))
    return [
        rules.with_next_free(Context.of(submission, office, ledger), outcome)
        for submission, outcome in zip(submissions, outcomes, strict=True)
    ]


def instead_of(office: Office, bookings: Sequence[Booking], now: datetime) -> list[rules.Instead]:
    """Return what to tell instead of each of these bookings, which the office cancels. One read for all of them.

    office: as it is after the change, with the ids of the stored one.
    """
    services = [service for one in bookings if (service := office.service_of.get(one.service))]
    agendas, senders = {service.agenda for service in services}, {one.sender for one in bookings}
    needed = rules.read_of(agendas, office, minute(now), now.astimezone(office.zone).date(), senders)
    ledger = Ledger(office, reads.snapshot(office, needed, minute(now)))
    return [
        rules.instead_of(Context.of(Submission(FreeTimes(one.service, one.day), now, one.sender), office, ledger), one)
        for one in bookings
    ]


def next_free_day(office: Office, service: Service, after: date, now: datetime) -> date | None:
    """Return the next day with a free place of a service, as `core.booking.next_free` does; None also while paused.

    One statement, without the office's lock: the place may be taken before anybody comes for it.
    """
    today = now.astimezone(office.zone).date()
    if service.is_paused(today):
        return None
    needed = rules.read_of([service.agenda], office, minute(now), today)
    ledger = Ledger(office, reads.snapshot(office, needed, minute(now)))
    context = Context.of(Submission(FreeTimes(service.code, today), now, sender=""), office, ledger)
    return rules.next_free_day(context, service, after)
