"""Queries: answered by the same rules as every request, without the office's lock, and changing nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from prepazka.core.booking.context import Context
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.places import days, free_places
from prepazka.core.booking.query import FreeTimes
from prepazka.core.booking.readset import read_set
from prepazka.core.booking.snapshot import ReadSet, Span
from prepazka.core.minutes import Minute, midnight, minute
from prepazka.core.office.office import Office, Service
from prepazka.flows.booking.next_free import Decided, with_next_free
from prepazka.store import reads


def look_up(office: Office, request: FreeTimes, now: datetime, *, instead: bool = False) -> Outcome:
    """Return what the answer to a query is now; a place it lists may be taken before anybody reads it.

    instead: where nothing is free, also look for the next day with a free place.
    """
    submission = Submission(request, now, sender="")
    snapshot = reads.snapshot(office, read_set([submission], office), minute(now))
    outcome = decide(submission, office, Ledger(office, snapshot))
    return with_next_free(office, [Decided(submission, outcome)])[0] if instead else outcome


class FreeDays(Mapping[date, tuple[time, ...]]):
    """The free starts of each day from first to last; found when they are asked for, as most of two months are not."""

    def __init__(self, context: Context, service: Service, first: date, last: date) -> None:
        self._context, self._service = context, service
        self._first, self._last = first, last
        self._found: dict[date, tuple[time, ...]] = {}

    def __getitem__(self, day: date) -> tuple[time, ...]:
        if not self._first <= day <= self._last:
            raise KeyError(day)
        if day not in self._found:
            self._found[day] = tuple(self._free(day))
        return self._found[day]

    def __iter__(self) -> Iterator[date]:
        return days(self._first, self._last)

    def __len__(self) -> int:
        return max((self._last - self._first).days + 1, 0)

    def _free(self, day: date) -> Iterator[time]:
        context, service = self._context, self._service
        if not (context.paused(service) or context.beyond(service, day)):
            yield from (place.start.at for place in free_places(context, service, day))


def free_days(office: Office, service: Service, first: date, last: date, now: datetime) -> FreeDays:
    """Return the free starts of each day from first to last, both included, that can be booked now.

    One query reads all days. Days that are full, closed or beyond the horizon have no starts.
    """
    submission = Submission(FreeTimes(service.code, first), now, sender="")
    begin, end = midnight(first, office.zone), midnight(last + timedelta(days=1), office.zone)
    reoffer = office.settings.reoffer_minutes
    needed = ReadSet(
        spans=(Span(service.agenda, begin, end),), freed_since=Minute(minute(now) - reoffer) if reoffer else None
    )
    context = Context.of(submission, office, Ledger(office, reads.snapshot(office, needed, minute(now))))
    return FreeDays(context, service, first, last)


def free_days_to_move(office: Office, service: Service, first: date, last: date, now: datetime) -> FreeDays:
    """Return the same for a booking that moves, which a paused service allows."""
    return free_days(office, replace(service, paused_from=None), first, last, now)
