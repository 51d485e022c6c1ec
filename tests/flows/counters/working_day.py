"""A day at the counters of the demo office, for tests: bookings, people arriving, clerks at counters."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from prepazka.core.minutes import instant, minute
from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, Seated, TicketGiven
from prepazka.core.queue.tickets import Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.store import models
from tests.made_once import kept_once
from tests.offices import PRAGUE, demo_office

# A Monday: open 8:00 to 17:00, a midday break from 11:30 to 12:30.
DAY = datetime(2026, 8, 3, tzinfo=PRAGUE)


def at(hour: int, minutes: int = 0, seconds: int = 0) -> datetime:
    return DAY + timedelta(hours=hour, minutes=minutes, seconds=seconds)


def kept_office(**changes: Any) -> Office:
    """Store the demo office with other settings and fields; return it."""
    settings = replace(demo_office().settings, **changes)
    return kept_once(replace(demo_office(), settings=settings), at(6))


def book(office: Office, start: datetime, code: str, service: str = "ZOP", **changes: Any) -> models.Booking:
    """Store a booking in the first lane."""
    of = office.service_of[service]
    day = start.astimezone(office.zone).date()
    values = {
        "office_id": office.id,
        "agenda_id": of.agenda,
        "service_id": of.id,
        "lane": 0,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=15),
        "day": day,
        "name": "NOVAK",
        "sender": "+420777123456",
        "code": code,
        "state": "booked",
        "channel": "sms",
        "text_key": "",
        "made_at": instant(minute(at(6))),
        "changed_at": at(6),
    }
    return models.Booking.objects.create(**(values | changes))


def ticket(came: Any) -> Ticket:
    """Return the ticket of an outcome."""
    assert isinstance(came, TicketGiven | Acted), came
    return came.ticket


def walk_in(office: Office, now: datetime, what: str = "ZOP", **how: Any) -> Ticket:
    return ticket(arrive.walk_in(office.id, what, now, **how))


def sit(office: Office, place: int, who: str, now: datetime | None = None) -> int:
    """Sit down at the office's counter of this place; return its id."""
    counter = office.counters[place]
    assert isinstance(seat.sit_down(office.id, counter.id, who, now or at(8)), Seated)
    return counter.id


def called(office: Office, who: str, now: datetime) -> Ticket:
    return ticket(call.call_next(office.id, who, now))


def served(office: Office, who: str, began: datetime, ended: datetime) -> Ticket:
    """Call, serve and end the next ticket."""
    one = called(office, who, began)
    one = ticket(call.serve(office.id, who, one.ref, began))
    return ticket(call.done(office.id, who, one.ref, ended))
