"""Questions that change nothing: decided by the same rules as every message, without the office's lock."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from prepazka.core.booking.context import Context
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, ReadSet, Span, Submission
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.places import days, free_places
from prepazka.core.booking.query import FreeTimes
from prepazka.core.booking.readset import read_set
from prepazka.core.minutes import Minute, midnight, minute
from prepazka.core.office.office import Office, Service
from prepazka.store import reads


def look(office: Office, request: FreeTimes, now: datetime) -> Outcome:
    """What the answer would be; by the time it is read a place may be gone."""
    submission = Submission(request, now, sender="")
    snapshot = reads.snapshot(office, read_set([submission], office), minute(now))
    return decide(submission, office, Ledger(office, snapshot))


def free_days(
    office: Office, service: Service, first: date, last: date, now: datetime
) -> Mapping[date, tuple[time, ...]]:
    """The free starts of each day from first to last, both included, that can be booked now; one query for all days.

    Days that offer nothing, and those beyond the horizon, have no starts.
    """
    asked = Submission(FreeTimes(service.code, first), now, sender="")
    begin, end = midnight(first, office.zone), midnight(last + timedelta(days=1), office.zone)
    reoffer = office.settings.reoffer_minutes
    read = ReadSet(
        spans=(Span(service.agenda, begin, end),), freed_since=Minute(minute(now) - reoffer) if reoffer else None
    )
    case = Context.of(asked, office, Ledger(office, reads.snapshot(office, read, minute(now))))
    return {
        day: () if case.beyond(service, day) else tuple(place.start.at for place in free_places(case, service, day))
        for day in days(first, last)
    }
