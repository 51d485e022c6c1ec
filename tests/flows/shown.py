"""What pages show of past days: the reports, the statistics and what they are drawn from."""

from collections import Counter
from datetime import date

from prepazka.core.office.office import Office
from prepazka.core.reports.month import report_of
from prepazka.store import costs, misunderstandings, reports, statistics
from prepazka.store.statistics import Period

# Whatever lies in the past: a report of it does not change any more.
TODAY = date(2100, 1, 1)


def shown(office: Office, *periods: Period) -> list[object]:
    """All that pages show of these periods, in a form that can be compared."""
    found: list[object] = []
    for period in periods:
        counted, booked = reports.counted(office, period), reports.booked(office, period)
        found += [
            reports.people_by_day(office, period),
            report_of(office, period.days, counted, booked, TODAY),
            sorted(map(repr, booked)),
            sorted(map(repr, statistics.bookings(office, period))),
            statistics.cancellations(office, period),
            waited(office, period),
            statistics.tickets(office, period),
            statistics.messages(office, period),
            costs.sent_by_gateway(office, period),
            misunderstandings.repairs(office, period),
        ]
    return found


def waited(office: Office, period: Period) -> Counter[tuple[str, str, int]]:
    """How many waited so long; a wait that rounding made negative and one of 0 are alike."""
    counts: Counter[tuple[str, str, int]] = Counter()
    for one in statistics.waits(office, period):
        counts[one.hour.isoformat(), one.kind, one.minutes] += one.count
    return counts
