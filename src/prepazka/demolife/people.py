"""The people of the demo's town: which messages they send and when they come, random but the same for each day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from prepazka.core.minutes import instant
from prepazka.core.office import calendar
from prepazka.core.office.office import Office, Service
from prepazka.demolife import texts

SURNAMES = (
    "Nováková", "Svoboda", "Novotná", "Dvořák", "Černá", "Procházka", "Kučerová", "Veselý", "Horáková", "Němec",
    "Pokorná", "Marek", "Pospíšilová", "Hájek", "Jelínková", "Král", "Růžičková", "Beneš", "Fialová", "Sedláček",
    "Doležalová", "Zeman", "Nguyen", "Kolářová", "Krejčí", "Navrátilová", "Čermák", "Vaňková", "Urban", "Blažková",
)  # fmt: skip
PHONES = "+42073"
_LAST_CALL = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class PlannedMessage:
    """A message to the office. visit: the start it asks for. comes: whether the client of the booking will come.

    right: what its sender writes once they are told what was wrong.
    """

    at: datetime
    phone: str
    text: str
    visit: datetime | None = None
    comes: bool = True
    right: str = ""


@dataclass(frozen=True, slots=True)
class PlannedArrival:
    """Somebody comes without a booking."""

    at: datetime
    service: str
    priority: bool


def make_phone(random: Random) -> str:
    """Return a random number of a block that is not assigned to anybody."""
    return f"{PHONES}{random.randrange(10_000_000):07}"


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
        yield _make_question(random, office, _at_hour(day, random.uniform(7, 20), office))


def plan_questions(office: Office, now: datetime, seconds: Sequence[int]) -> Iterator[PlannedMessage]:
    """Yield messages so many seconds from now: sentences that only a clerk can answer."""
    random = Random(f"questions {now}")  # noqa: S311 -- made-up people
    sentences = random.sample(texts.SENTENCES, len(seconds))
    for ahead, sentence in zip(seconds, sentences, strict=True):
        yield PlannedMessage(now + timedelta(seconds=ahead), make_phone(random), sentence)


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
    written = texts.write_booking(random, service, local, name)
    return PlannedMessage(sent_at, make_phone(random), written.text, start, random.random() < 0.87, written.right)


def _make_question(random: Random, office: Office, at: datetime) -> PlannedMessage:
    soon = at.date() + timedelta(days=random.randrange(1, 10))
    codes = [service.code for service in office.services]
    text = texts.write_question(random, codes, f"{soon.day}.{soon.month}.")
    return PlannedMessage(at, make_phone(random), text)


def _at_hour(day: date, hour: float, office: Office) -> datetime:
    return datetime.combine(day, time(), office.zone) + timedelta(hours=hour)


def _at_time(day: date, at: time, office: Office) -> datetime:
    return datetime.combine(day, at, office.zone)
