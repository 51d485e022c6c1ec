"""The people of the demo's town: which messages they send and when they come, random but the same for each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from prepazka.core.minutes import instant
from prepazka.core.office import calendar
from prepazka.core.office.office import Office, Service

SURNAMES = (
    "Nováková", "Svoboda", "Novotná", "Dvořák", "Černá", "Procházka", "Kučerová", "Veselý", "Horáková", "Němec",
    "Pokorná", "Marek", "Pospíšilová", "Hájek", "Jelínková", "Král", "Růžičková", "Beneš", "Fialová", "Sedláček",
    "Doležalová", "Zeman", "Nguyen", "Kolářová", "Krejčí", "Navrátilová", "Čermák", "Vaňková", "Urban", "Blažková",
)  # fmt: skip
_LAST_CALL = timedelta(minutes=20)
_QUESTIONS = ("POMOC", "HELP ZKR", "Dobrý den, máte zítra otevřeno?", "TERMIN {code} {day}", "MOJE", "STAV {code}")


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message to the office. visit: the start it asks for. comes: whether the client of the booking will come."""

    at: datetime
    phone: str
    text: str
    visit: datetime | None = None
    comes: bool = True


@dataclass(frozen=True, slots=True)
class PlannedArrival:
    """Somebody comes without a booking."""

    at: datetime
    service: str
    priority: bool


def make_phone(random: Random) -> str:
    """Return a random number of a block that is not assigned to anybody."""
    return f"+42073{random.randrange(10_000_000):07}"


def plan_messages(office: Office, day: date) -> Iterator[PlannedMessage]:
    """Yield the messages about a day: bookings made before it, and questions sent on it."""
    random = Random(f"texts {day}")  # noqa: S311 -- made-up people
    for agenda in office.agendas:
        services = [service for service in office.services if service.agenda == agenda.id]
        for place in calendar.starts(office, agenda, day).places.values():
            for _ in range(place.stretch.lanes):
                if services and random.random() < 0.45:
                    yield _make_booking(random, random.choice(services), instant(place.start.minute), office)
    for _ in range(random.randrange(6, 14)):
        at = _at_hour(day, random.uniform(7, 20), office)
        service = random.choice(office.services)
        soon = day + timedelta(days=random.randrange(1, 10))
        text = random.choice(_QUESTIONS).format(code=service.code, day=f"{soon.day}.{soon.month}.")
        yield PlannedMessage(at, make_phone(random), text)


def plan_arrivals(office: Office, day: date) -> Iterator[PlannedArrival]:
    """Yield the people who come without a booking on a day."""
    random = Random(f"arrivals {day}")  # noqa: S311 -- as above
    for agenda in office.agendas:
        services = [service for service in office.services if service.agenda == agenda.id]
        for stretch in calendar.starts(office, agenda, day).stretches:
            at, end = (_at_time(day, edge, office) for edge in stretch.wall)
            # Where nobody can be booked, more people come without a booking.
            interval = 14 if stretch.lanes else 6
            while services and (at := at + timedelta(minutes=random.expovariate(1 / interval))) < end - _LAST_CALL:
                yield PlannedArrival(at, random.choice(services).code, random.random() < 0.05)


def _make_booking(random: Random, service: Service, start: datetime, office: Office) -> PlannedMessage:
    sent_at = start - timedelta(days=random.choice((1, 1, 2, 3, 4, 5, 7)), hours=random.uniform(-4, 6))
    local = start.astimezone(office.zone)
    name = random.choice(SURNAMES)
    text = f"OBJ {service.code} {local.day}.{local.month}. {local.hour}:{local.minute:02} {name.upper()}"
    return PlannedMessage(sent_at, make_phone(random), text, start, random.random() < 0.87)


def _at_hour(day: date, hour: float, office: Office) -> datetime:
    return datetime.combine(day, time(), office.zone) + timedelta(hours=hour)


def _at_time(day: date, at: time, office: Office) -> datetime:
    return datetime.combine(day, at, office.zone)
