"""Telling another day where nothing is free: one more read for a whole batch, and none for most batches."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from prepazka.core.booking import next_free as rules
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.ledger import Ledger, Step, Submission
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.query import FreeTimes
from prepazka.core.minutes import day_of, minute
from prepazka.core.office.office import Office, Service
from prepazka.store import reads


class Decided(NamedTuple):
    """A request with its outcome, and what deciding it changed (`Ledger.steps`)."""

    submission: Submission
    outcome: Outcome
    steps: Sequence[Step] = ()


def with_next_free(office: Office, decided: Sequence[Decided]) -> list[Outcome]:
    """Return the outcomes of a batch that is not stored yet, those of a full or closed day with another day.

    Each is told the day as it was when it was decided, as if the requests after it had not come.
    """
    moments = [submission.now for submission, _, _ in decided]
    first, last = min(moments), max(moments)
    told = [(submission.sender, outcome) for submission, outcome, _ in decided]
    needed = rules.needed(told, office, minute(first), (day_of(first, office.zone), day_of(last, office.zone)))
    if needed is None:
        return [outcome for _, outcome in told]
    ledger = Ledger(office, reads.snapshot(office, needed, minute(first)))
    return list(_told(office, ledger, decided))


def _told(office: Office, ledger: Ledger, decided: Sequence[Decided]) -> Iterator[Outcome]:
    for submission, outcome, steps in decided:
        ledger.follow(steps)
        yield rules.with_next_free(Context.of(submission, office, ledger), outcome)


def instead_of(office: Office, bookings: Sequence[Booking], now: datetime) -> list[rules.Instead]:
    """Return what to tell instead of each of these bookings, which the office cancels. One read for all of them.

    office: as it is after the change, with the ids of the stored one.
    """
    services = [service for one in bookings if (service := office.service_of.get(one.service))]
    agendas, senders = {service.agenda for service in services}, {one.sender for one in bookings}
    today = day_of(now, office.zone)
    needed = rules.read_of(agendas, office, minute(now), (today, today), senders)
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
    needed = rules.read_of([service.agenda], office, minute(now), (today, today))
    ledger = Ledger(office, reads.snapshot(office, needed, minute(now)))
    context = Context.of(Submission(FreeTimes(service.code, today), now, sender=""), office, ledger)
    return rules.next_free_day(context, service, after)
