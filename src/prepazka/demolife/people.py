"""Who lives in the demo's town, and what they want of a day: made up, and the same for the same day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from prepazka.core.minutes import instant
from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, Office, Service

SURNAMES = (
    "Nováková", "Svoboda", "Novotná", "Dvořák", "Černá", "Procházka", "Kučerová", "Veselý", "Horáková", "Němec",
    "Pokorná", "Marek", "Pospíšilová", "Hájek", "Jelínková", "Král", "Růžičková", "Beneš", "Fialová", "Sedláček",
    "Doležalová", "Zeman", "Nguyen", "Kolářová", "Krejčí", "Navrátilová", "Čermák", "Vaňková", "Urban", "Blažková",
)  # fmt: skip
_LAST_CALL = timedelta(minutes=20)
_QUESTIONS = ("POMOC", "HELP ZKR", "Dobrý den, máte zítra otevřeno?", "TERMIN {code} {day}", "MOJE", "STAV {code}")


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """Somebody texts the office; wishes are of a start, and whoever books comes, comes late, cancels, or does not."""

    at: datetime
    phone: str
    text: str
    visit: datetime | None = None
    comes: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody comes without a booking."""

    at: datetime
    service: str
    priority: bool


def phone(random: Random) -> str:
    """A number nobody has: the block is not given out."""
    return f"+42073{random.randrange(10_000_000):07}"


def texts_for(office: Office, day: date) -> Iterator[PlannedMessage]:
    """The messages about a day: booked beforehand, a few of them cancelled, and what people ask that day."""
    random = Random(f"texts {day}")  # noqa: S311 -- made-up people
    for agenda in office.agendas:
        services = [service for service in office.services if service.agenda == agenda.id]
        for start, lanes in _starts(office, agenda, day):
            for _ in range(lanes):
                if services and random.random() < 0.45:
                    yield _booking(random, random.choice(services), start, office)
    for _ in range(random.randrange(6, 14)):
        at = _at(day, random.uniform(7, 20), office)
        service = random.choice(office.services)
        soon = day + timedelta(days=random.randrange(1, 10))
        asked = random.choice(_QUESTIONS).format(code=service.code, day=f"{soon.day}.{soon.month}.")
        yield PlannedMessage(at, phone(random), asked)


def arrivals_on(office: Office, day: date) -> Iterator[Arrival]:
    """Who comes without a booking."""
    random = Random(f"arrivals {day}")  # noqa: S311 -- as above
    for agenda in office.agendas:
        services = [service for service in office.services if service.agenda == agenda.id]
        for stretch in calendar.starts(office, agenda, day).stretches:
            at, end = (_wall(day, edge, office) for edge in stretch.wall)
            # Where nobody is booked, more come by themselves.
            between = 14 if stretch.lanes else 6
            while services and (at := at + timedelta(minutes=random.expovariate(1 / between))) < end - _LAST_CALL:
                yield Arrival(at, random.choice(services).code, random.random() < 0.05)


def _booking(random: Random, service: Service, start: datetime, office: Office) -> PlannedMessage:
    made = start - timedelta(days=random.choice((1, 1, 2, 3, 4, 5, 7)), hours=random.uniform(-4, 6))
    local = start.astimezone(office.zone)
    name = random.choice(SURNAMES)
    text = f"OBJ {service.code} {local.day}.{local.month}. {local.hour}:{local.minute:02} {name.upper()}"
    return PlannedMessage(made, phone(random), text, start, random.random() < 0.87)


def _starts(office: Office, agenda: Agenda, day: date) -> Iterator[tuple[datetime, int]]:
    for place in calendar.starts(office, agenda, day).places.values():
        yield instant(place.start.minute), place.stretch.lanes


def _at(day: date, hour: float, office: Office) -> datetime:
    return datetime.combine(day, time(), office.zone) + timedelta(hours=hour)


def _wall(day: date, at: time, office: Office) -> datetime:
    return datetime.combine(day, at, office.zone)
