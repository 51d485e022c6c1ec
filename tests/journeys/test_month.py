"""A month of an office, through the real journeys, and its report counted again from what each person went through."""

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from prepazka.core.booking.book import Book
from prepazka.core.office import holidays
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.gateways.values import Inbound
from prepazka.store import models, offices
from prepazka.web import clock
from prepazka.web.admin.report import figures, month_of
from tests.flows.outbound.fake_gateway import Peer
from tests.offices import PRAGUE, demo_office
from tests.store.busy_day import Day, play
from tests.store.recount import assert_told

pytestmark = pytest.mark.django_db

JULY = month_of(date(2026, 7, 1))
SERVICES = ("ZOP", "POP", "PTP")
CHANNELS = ("sms", "web", "desk", "api")
CLOSES = {0: (17, 0), 1: (15, 0), 2: (17, 0), 3: (15, 0), 4: (14, 30)}
"""When the demo office closes, by weekday, as docs/spec/contract.md §3 tells; it opens at 8:00."""


@dataclass
class Month:
    """The month, and what is noted of it: bookings by row with their day, service and channel, and the days played."""

    office: Office
    rng: Random = field(default_factory=lambda: Random(7))
    peer: Peer = field(default_factory=Peer)
    booked: dict[int, tuple[date, str, str]] = field(default_factory=dict)
    cancelled: set[int] = field(default_factory=set)
    days: list[Day] = field(default_factory=list)
    numbers: int = 0

    def book(self, day: date, now: datetime) -> None:
        """Somebody books for a day, by any channel, with a number of their own."""
        self.numbers += 1
        sender, channel = f"+420777{self.numbers:06}", self.rng.choice(CHANNELS)
        service, at = self.rng.choice(SERVICES), time(self.rng.choice((8, 9, 10, 13)), self.rng.choice((0, 15, 30, 45)))
        if channel == "sms":
            text = f"OBJ {service} {day.day}.{day.month}. {at:%H:%M} NOVAK"
            receive([Inbound("sim", f"b{self.numbers}", sender, self.office.numbers[0], text, now)], now)
        else:
            asked = BookingRequest(Book(service, day, at, "NOVAK"), channel, sender)  # type: ignore[arg-type]  # one of these
            submit(self.office.id, asked, now)
        made = models.Booking.objects.filter(sender=sender)
        self.booked |= {one.id: (day, service, channel) for one in made}  # none where the place was taken

    def cancel(self, now: datetime) -> None:
        """One of the people with a booking to come cancels it by SMS."""
        to_come = models.Booking.objects.filter(state="booked", starts_at__gt=now).order_by("id")
        booking = self.rng.choice(list(to_come))
        text = f"STORNO {booking.code} {booking.day.day}.{booking.day.month}."
        receive([Inbound("sim", f"c{booking.id}", booking.sender, self.office.numbers[0], text, now)], now)
        self.cancelled.add(booking.id)

    def work(self, day: date) -> None:
        """An evening of bookings for the day after next, a day at the counters, its night, and all messages sent."""
        opens = datetime.combine(day, time(8), tzinfo=PRAGUE)
        of_today = models.Booking.objects.filter(day=day, state="booked").order_by("starts_at", "lane")
        self.days.append(play(self.office, opens, day.toordinal(), 8, list(of_today)))
        evening = (opens + timedelta(hours=12)).astimezone(UTC)
        ahead = day + timedelta(days=3)
        for _ in range(5):
            if ahead.weekday() < 5 and holidays.name("CZ", ahead) is None:
                self.book(ahead, evening)
        if self.rng.random() < 0.3:
            self.cancel(evening)
        noon = opens + timedelta(hours=4)
        remind(noon.astimezone(UTC))
        while deliver(self.peer, evening + timedelta(minutes=5)):
            pass  # batch by batch


def is_open(day: date) -> bool:
    return day.weekday() < 5 and holidays.name("CZ", day) is None


def lived(office: Office) -> Month:
    month = Month(office)
    # Days of June and of August lie around the month, and are in no figure of it.
    for day in [date(2026, 6, 30), *JULY.days, date(2026, 8, 3)]:
        if is_open(day):
            month.work(day)
    return month


def sms(text: str) -> int:
    """In how many SMS a plain text goes: 160 characters, or 153 of each where it is longer."""
    return 1 if len(text) <= 160 else math.ceil(len(text) / 153)


def test_a_month_is_reported_to_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    models.Gateway.objects.create(name="sim", kind="smstools", made_at=datetime(2026, 6, 1, tzinfo=UTC))
    bound = replace(demo_office(), gateways={demo_office().numbers[0]: "sim"})
    office = offices.load(offices.keep(bound, datetime(2026, 6, 1, tzinfo=UTC)))
    month = lived(office)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 8, 5, 7, tzinfo=UTC))
    found = figures(office, JULY)
    told = found.report
    in_july = [day for day in month.days if JULY.first <= day.now.astimezone(PRAGUE).date() <= JULY.last]
    notes = [note for day in in_july for note in day.notes.values()]
    assert len(notes) > 150
    assert_told(told, notes, {id(note): note.queued[0][0] for note in notes if note.queued})

    withdrawn = {ticket.booking for day in month.days for ticket in day.tickets.values() if ticket.state == "withdrawn"}
    cancelled = month.cancelled | withdrawn
    stand = {
        row: what for row, what in month.booked.items() if row not in cancelled and JULY.first <= what[0] <= JULY.last
    }
    came = {ticket.booking for day in in_july for ticket in day.tickets.values()}
    missed = {row: what for row, what in stand.items() if row not in came}
    assert missed
    assert came & set(stand)
    assert (told.no_shows.expected, told.no_shows.missed) == (len(stand), len(missed))
    for place, by in ((1, told.no_shows_by_service), (2, told.no_shows_by_channel)):
        expected = Counter(what[place] for what in stand.values())
        stayed_away = Counter(what[place] for what in missed.values())
        assert {name: (one.expected, one.missed) for name, one in by.items()} == {
            name: (expected[name], stayed_away[name]) for name in expected
        }
    assert told.booked == Counter(what[2] for what in stand.values())

    evidence = office.agendas[1].id
    for agenda, lanes, services in ((office.agendas[0].id, 2, {"ZOP", "POP"}), (evidence, 1, {"PTP"})):
        of_agenda = [row for row, what in stand.items() if what[1] in services]
        offered = sum(
            (CLOSES[day.weekday()][0] - 8) * 60 + CLOSES[day.weekday()][1] - (60 if day.weekday() in {0, 2} else 0)
            for day in JULY.days
            if is_open(day)
        )
        capacity = told.capacity[agenda]
        assert (capacity.offered, capacity.booked) == (offered * lanes, 15 * len(of_agenda))
        assert capacity.used == 15 * sum(row in came for row in of_agenda)

    changed = models.Booking.objects.filter(id__in=[row for row in cancelled if row]).values_list(
        "changed_at", flat=True
    )
    assert found.cancelled == sum(JULY.first <= at.astimezone(PRAGUE).date() <= JULY.last for at in changed)
    texts = [
        one.text
        for one in models.Outbound.objects.exclude(tried_at=None)
        if one.tried_at and JULY.first <= one.tried_at.astimezone(PRAGUE).date() <= JULY.last
    ]
    assert len(texts) > 30
    assert set(texts) <= {one.text for one in month.peer.sent}, "the network got them"
    [by_gateway] = found.sent
    assert (by_gateway.gateway, by_gateway.messages) == ("sim", len(texts))
    assert by_gateway.parts == sum(sms(text) for text in texts)
