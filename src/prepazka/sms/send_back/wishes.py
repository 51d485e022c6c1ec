"""Wishes: what somebody wants of an office, whole, and what of it they told the office."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Office, Service
from prepazka.sms.languages import Language
from prepazka.sms.reply.phrases import clock, short_day

Kind = Literal["book", "soonest", "free", "cancel", "move", "watch"]

COMMAND: Mapping[Kind, str] = {
    "book": "book",
    "soonest": "book",
    "free": "free",
    "cancel": "cancel",
    "move": "move",
    "watch": "watch",
}
SLOTS: Mapping[Kind, Sequence[str]] = {
    "book": ("command", "service", "persons", "day", "at", "name"),
    "soonest": ("command", "service", "persons", "name"),
    "free": ("command", "service", "day"),
    "cancel": ("command", "code", "day"),
    "move": ("command", "code", "day", "at"),
    "watch": ("command", "service", "day"),
}

NAMES = ("Dvořáková", "Kučera", "Veselý", "Horáková", "Benešová", "Pokorná", "Růžička", "Fialová", "Blažek", "Krejčí")
"""Plain names, none of them that of a sample."""

_SAMPLE_TIME = time(14)
_SAMPLE_DAY = (10, 8)
_MONTH = timedelta(days=31)
_DAYS_LOOKED_AT = 50
_HOUR = 6


@dataclass(frozen=True)
class Wish:
    """What one sender wants, with all values, also those a message does not give: they fill the holes.

    day and at: of the booking wanted, cancelled or asked about. now: when the message is sent. held: the start of a
    booking to move, or that the sender holds beside.
    """

    kind: Kind
    service: str
    day: date
    at: time
    name: str
    persons: int
    now: datetime
    held: tuple[date, time] | None = None


@dataclass(frozen=True)
class Told:
    """What the office was told of a wish.

    code: of the booking it is about, "" when there is none. given: the slots the sender gave a value for, readable or
    not. any_of: several readings are honest, one of what is taught must be right. accept: the sender's word for yes.
    odd: the name is like another word, and so is read back. free: the message gave nothing, the office spoke first.
    """

    wish: Wish
    code: str = ""
    given: frozenset[str] = frozenset()
    any_of: bool = False
    accept: str = "ANO"
    odd: bool = False
    free: bool = False


def message(wish: Wish, language: Language, code: str = "", *, service: str = "") -> str:
    """Return the message that says the wish as it is documented. service: as the sender calls it, "" for its code."""
    return " ".join(text for _, text in slots_of(wish, language.words.commands[COMMAND[wish.kind]][0], code, service))


def slots_of(wish: Wish, command: str, code: str = "", service: str = "") -> Iterator[tuple[str, str]]:
    """Yield the parts of that message by slot; those without a value are left out."""
    values = {
        "command": command,
        "service": service or wish.service,
        "persons": f"{wish.persons}x" if wish.persons > 1 else "",
        "day": short_day(wish.day),
        "at": clock(wish.at),
        "name": wish.name,
        "code": code,
    }
    return ((slot, values[slot]) for slot in SLOTS[wish.kind] if values[slot])


def free_starts(office: Office, service: Service, today: date) -> list[tuple[date, time]]:
    """Return the starts a wish may be for: not today, not tomorrow, no sample, and with room for a second one after."""
    agenda, found = office.agenda_of[service.agenda], []
    for ahead in range(2, min(office.settings.horizon_days, _DAYS_LOOKED_AT)):
        day = today + timedelta(days=ahead)
        for at in sorted(starts(office, agenda, day).places):
            sample = at == _SAMPLE_TIME or (day.day, day.month) == _SAMPLE_DAY
            if not sample and start_after(office, service, day, at):
                found.append((day, at))
    return found


def start_after(office: Office, service: Service, day: date, at: time) -> time | None:
    """Return the first start at which the service can follow itself; None when there is none on that day."""
    end = (datetime.combine(day, at) + timedelta(minutes=service.minutes)).time()
    times = starts(office, office.agenda_of[service.agenda], day).places
    return min((each for each in times if each >= end), default=None) if end > at else None


def wishes(office: Office, service: Service, now: datetime, number: int) -> Iterator[Wish]:
    """Yield so many wishes to book this service, in the months after `now`; none where the office offers no starts."""
    for count in range(number):
        morning = (now.astimezone(office.zone) + count * _MONTH).replace(hour=_HOUR, minute=3, second=0, microsecond=0)
        found = free_starts(office, service, morning.date())
        days = sorted({day for day, _ in found})
        if len(days) < 2:
            continue
        day, at = found[(7 * count + len(found) // 3) % len(found)]
        held = next(start for start in found if start[0] != day)
        yield Wish("book", service.code, day, at, NAMES[count % len(NAMES)], 1, morning, held)
