"""A year of one office counted: the statistics page, a month's report, the days of a forecast, and a month replayed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from prepazka import officefile
from prepazka.bench import scratch
from prepazka.bench.measure import Row, median, time_runs
from prepazka.bench.sizes import Sizes
from prepazka.core.office.office import Office
from prepazka.core.reports.month import report
from prepazka.core.reports.past_days import work_days
from prepazka.core.reports.replay import replay
from prepazka.store import models, offices, reports, statistics
from prepazka.store.statistics import Period

_LAST = scratch.MONDAY
_YEAR = Period(_LAST - timedelta(days=365), _LAST)
_MONTH = Period(_LAST - timedelta(days=30), _LAST)
_RUNS = 3


def measure(sizes: Sizes) -> list[Row]:
    """Measure everything that is counted from the database alone, with so many people on each working day."""
    with scratch.database():
        demo = replace(officefile.load_demo(), slug="bench", numbers=())
        office = offices.load(offices.keep(demo, scratch.NOW))
        _fill(office, sizes.people)
        year = time_runs(lambda _: _statistics(office), _RUNS, warm_up=1)
        month = time_runs(lambda _: _report(office), _RUNS, warm_up=1)
        days = time_runs(lambda _: reports.people_by_day(office, _YEAR), _RUNS, warm_up=1)
        played = time_runs(lambda _: _replay(office), _RUNS, warm_up=1)
    people = f"{sizes.people} people a day"
    return [
        Row(f"statistics of a year, {people}", 1e3 * median(year), "ms", target="≤ 1,000 ms"),
        Row(f"report of a month, {people}", 1e3 * median(month), "ms"),
        Row(f"people by day, a year, {people}", 1e3 * median(days), "ms"),
        Row(f"a month read and replayed, {people}", 1e3 * median(played), "ms"),
    ]


def _statistics(office: Office) -> None:
    """Count what the statistics page shows."""
    statistics.bookings(office, _YEAR)
    statistics.waits(office, _YEAR)
    statistics.messages(office, _YEAR)
    statistics.tickets(office, _YEAR)
    statistics.cancellations(office, _YEAR)


def _report(office: Office) -> None:
    report(office, _MONTH.days, reports.visits(office, _MONTH), reports.booked(office, _MONTH), _LAST)


def _replay(office: Office) -> None:
    list(replay(office, work_days(office, reports.visits(office, _MONTH))))


def _fill(office: Office, people: int) -> None:
    rng = Random(1)  # noqa: S311 -- a made-up year is no secret
    for day in _YEAR.days:
        if day.weekday() < 5:
            _fill_day(office, day, list(_arrivals(office, day, people, rng)))


def _arrivals(office: Office, day: date, people: int, rng: Random) -> Iterator[datetime]:
    opens = datetime.combine(day, time(8), ZoneInfo("Europe/Prague"))
    for _ in range(people):
        yield opens + timedelta(seconds=rng.randrange(6 * 3600))


def _fill_day(office: Office, day: date, arrivals: list[datetime]) -> None:
    """Store a day: each person is called after some minutes and served for ten; every third had booked, by SMS."""
    services = [office.service_of["ZOP"], office.service_of["PTP"]]
    tickets, bookings, messages = [], [], []
    for number, came in enumerate(sorted(arrivals), start=1):
        service = services[number % 2]
        called = came + timedelta(minutes=number % 40)
        booking = None
        if number % 3 == 0:
            start = datetime.combine(day, time(8), came.tzinfo) + timedelta(minutes=number)
            booking = models.Booking(
                office_id=office.id, agenda_id=service.agenda, service_id=service.id, lane=number, starts_at=start,
                ends_at=start + timedelta(minutes=15), day=day, name="", sender="", code=f"{number:06}",
                state="booked", channel="sms", text_key="", made_at=start, changed_at=start,
            )  # fmt: skip
            bookings.append(booking)
        messages.append(
            models.Inbound(
                office_id=office.id, gateway="bench", gateway_id=f"{day}-{number}", sender="", recipient="", text="",
                text_key="", received_at=came, state="answered", outcome="booked" if booking else "help",
            )
        )  # fmt: skip
        tickets.append(
            models.Ticket(
                office_id=office.id, agenda_id=service.agenda, service_id=service.id, day=day, prefix="D",
                number=number, kind="booking" if booking else "walk_in", booking=booking, state="done",
                arrived_at=came, due_at=booking.starts_at if booking else None, called_at=called, served_at=called,
                ended_at=called + timedelta(minutes=10), version=4,
            )
        )  # fmt: skip
    models.Booking.objects.bulk_create(bookings)
    models.Inbound.objects.bulk_create(messages)
    models.Ticket.objects.bulk_create(tickets)
    models.TicketEvent.objects.bulk_create(event for ticket in tickets for event in _events(office, ticket))


_ACTS = (("arrive", "", "waiting"), ("call", "waiting", "called"), ("serve", "called", "serving"))


def _events(office: Office, ticket: models.Ticket) -> Iterator[models.TicketEvent]:
    called = ticket.called_at or ticket.arrived_at
    moments = (ticket.arrived_at, called, called, ticket.ended_at or called)
    counter = office.counters[ticket.number % len(office.counters)].id
    acts = (*_ACTS, ("done", "serving", "done"))
    for version, ((act, before, after), at) in enumerate(zip(acts, moments, strict=True), start=1):
        yield models.TicketEvent(
            ticket=ticket, at=at, who="bench", act=act, before=before, after=after, version=version,
            counter_id=None if act == "arrive" else counter, agenda_id=ticket.agenda_id, service_id=ticket.service_id,
        )  # fmt: skip
