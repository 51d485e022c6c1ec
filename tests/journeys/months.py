"""Days of an office, lived through the real journeys, by somebody who notes down what each person goes through."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from prepazka.core.booking.book import Book
from prepazka.core.office import holidays
from prepazka.core.office.office import Office
from prepazka.flows.booking.request import BookingRequest, submit
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound.deliver import deliver
from prepazka.flows.outbound.remind import remind
from prepazka.gateways.values import Inbound
from prepazka.store import models
from tests.flows.outbound.fake_gateway import Peer
from tests.offices import PRAGUE
from tests.store.busy_day import Day, play

SERVICES = ("ZOP", "POP", "PTP")
CHANNELS = ("sms", "web", "desk", "api")


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
        """One of the people with a booking to come, if there is one, cancels it by SMS."""
        to_come = list(
            models.Booking.objects.filter(office=self.office.id, state="booked", starts_at__gt=now).order_by("id")
        )
        if not to_come:
            return
        booking = self.rng.choice(to_come)
        text = f"STORNO {booking.code} {booking.day.day}.{booking.day.month}."
        receive([Inbound("sim", f"c{booking.id}", booking.sender, self.office.numbers[0], text, now)], now)
        self.cancelled.add(booking.id)

    def work(self, day: date) -> None:
        """An evening of bookings for the day after next, a day at the counters, its night, and all messages sent."""
        opens = datetime.combine(day, time(8), tzinfo=PRAGUE)
        of_today = models.Booking.objects.filter(office=self.office.id, day=day, state="booked").order_by(
            "starts_at", "lane"
        )
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
