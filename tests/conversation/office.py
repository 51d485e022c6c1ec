"""The program as these tests see it: the only file here that imports it, so that its names change in one place.

A conversation is what one phone sends and gets. `Pure` decides in memory, `Kept` takes the real way through the
database; both give the same `Said`, and whatever is judged is judged on that.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction

from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Snapshot, Submission
from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Agenda, Hours, Office, Service, Settings, WeeklyRule
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.sms import languages as _languages
from prepazka.sms.folding import fold
from prepazka.sms.reply.render import render
from prepazka.sms.understand.parse import text_key
from prepazka.sms.understand.read import read as understood
from prepazka.store import models, offices
from tests.offices import demo_office

__all__ = [
    "LANGUAGES",
    "ME",
    "Agenda",
    "Booked",
    "Conversation",
    "Hours",
    "Kept",
    "Office",
    "Pure",
    "Said",
    "Service",
    "Settings",
    "Speech",
    "Starter",
    "WeeklyRule",
    "bookable",
    "demo_office",
    "fold",
    "keep",
    "read",
    "synonyms",
]

NUMBER = "+420739547765"
ME = "+420777123456"

# --- languages -----------------------------------------------------------------------------------

_FIRST_HOLES = {  # until the language files say their own
    "cs": {"day": "DATUM", "at": "CAS", "name": "PRIJMENI", "code": "KOD", "service": "ZKR"},
    "en": {"day": "DATE", "at": "TIME", "name": "SURNAME", "code": "CODE", "service": "SERVICE"},
}


@dataclass(frozen=True)
class Speech:
    """What one language file says: words by command and by day, the first the one shown, and the holes by slot."""

    code: str
    commands: Mapping[str, Sequence[str]]
    days: Mapping[str, Sequence[str]]
    holes: Mapping[str, str]

    def command(self, name: str) -> str:
        """The word that replies show."""
        return self.commands[name][0]


@cache
def _speeches() -> Mapping[str, Speech]:
    folder = Path(str(_languages.__file__)).with_name("languages")
    found = {}
    for file in sorted(folder.glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        words = table["words"]
        holes = table.get("holes") or words.get("holes") or _FIRST_HOLES[file.stem]
        shown = {slot: word if isinstance(word, str) else word[0] for slot, word in holes.items()}
        found[file.stem] = Speech(file.stem, words["commands"], words["days"], shown)
    return found


LANGUAGES = _speeches()

# --- offices -------------------------------------------------------------------------------------


def synonyms(service: Service) -> Sequence[str]:
    """The office's own words for a service."""
    return tuple(getattr(service, "synonyms", ()))


def bookable(office: Office, service: Service, day: date) -> list[time]:
    """The times at which the service can be booked on a day, were nothing taken."""
    return sorted(starts(office, office.agenda_of[service.agenda], day).places)


def read(text: str, office: Office, today: date) -> object:
    """What a text asks, for tests that time nothing else."""
    return understood(text, office, today)


# --- conversations -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Booked:
    """An open booking of the phone."""

    service: str
    day: date
    at: time
    name: str
    persons: int
    code: str


@dataclass(frozen=True)
class Said:
    """One message and what came of it. result: the program's own outcome; made and gone: what bookings changed."""

    text: str
    outcome: str
    reply: str | None
    result: Any
    booking: Any
    made: tuple[Booked, ...]
    gone: tuple[Booked, ...]
    septets: int = 0
    parts: int = 0


class Conversation(Protocol):
    """What one phone says to one office, and how it would go on (`aside`: nothing said there stays)."""

    office: Office
    now: datetime

    def say(self, text: str, after: timedelta = timedelta(), sender: str = "") -> Said:
        """Send a message, so long after the one before; sender: another phone."""

    def open(self, sender: str = "") -> tuple[Booked, ...]:
        """The open bookings of a phone."""

    def aside(self) -> Any:
        """A context: the conversation as it is now, put back at the end."""


class Pure:
    """A conversation decided in memory: read, decided, answered; every step on what the steps before left."""

    def __init__(self, office: Office, now: datetime, me: str = ME) -> None:
        self.office, self.now, self.me = office, now, me
        self._past: list[tuple[str, datetime, str]] = []
        self._ledger = Ledger(office, Snapshot())

    def say(self, text: str, after: timedelta = timedelta(), sender: str = "") -> Said:
        self.now += after
        return self._said(text, self.now, sender or self.me)

    def _said(self, text: str, now: datetime, sender: str) -> Said:
        before = self.open(sender)
        count = len(self._past)
        self._past.append((text, now, sender))
        reading = understood(text, self.office, now.astimezone(self.office.zone).date())
        submission = Submission(
            request=reading.request,
            now=now,
            sender=sender,
            text_key=text_key(text),
            codes=(str(300_001 + 7_919 * count), str(300_002 + 7_919 * count)),
            guarded=True,
            sent=now,
        )
        outcome = decide(submission, self.office, self._ledger)
        reply = render(outcome, self.office, reading.language)
        return _said(text, outcome, reply, before, self.open(sender))

    def open(self, sender: str = "") -> tuple[Booked, ...]:
        return tuple(_booked(one) for one in self._ledger.active(sender or self.me))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """By saying all again: a ledger is made to be added to, not to be copied."""
        past, now, ledger = list(self._past), self.now, self._ledger
        self._ledger, self._past = Ledger(self.office, Snapshot()), []
        for one in past:
            self._said(*one)
        try:
            yield
        finally:
            self._past, self.now, self._ledger = past, now, ledger


class Kept:
    """A conversation by the real way: taken in, decided, kept and answered in the database."""

    _count = 0

    def __init__(self, office: Office, now: datetime, me: str = ME) -> None:
        self.office, self.now, self.me = office, now, me

    def say(self, text: str, after: timedelta = timedelta(), sender: str = "") -> Said:
        self.now += after
        sender = sender or self.me
        before = self.open(sender)
        Kept._count += 1
        message = Inbound("conversation", f"c{Kept._count}", sender, self.office.numbers[0], text, self.now)
        (handled,) = receive([message], self.now)
        assert handled.outcome is not None, f"could not be handled: {text!r}"
        return _said(text, handled.outcome, handled.reply, before, self.open(sender))

    def open(self, sender: str = "") -> tuple[Booked, ...]:
        rows = models.Booking.objects.filter(
            office_id=self.office.id, sender=sender or self.me, state="booked", ends_at__gt=self.now
        ).select_related("service")
        return tuple(
            Booked(
                row.service.code,
                row.day,
                row.starts_at.astimezone(self.office.zone).time(),
                row.name,
                row.persons,
                row.code,
            )
            for row in rows.order_by("id")
        )

    @contextmanager
    def aside(self) -> Iterator[None]:
        now = self.now
        with transaction.atomic():
            try:
                yield
            finally:
                self.now = now
                transaction.set_rollback(True)


def keep(office: Office, now: datetime) -> Office:
    """The office as the database gives it back."""
    return offices.load(offices.keep(office, now))


def _said(text: str, outcome: Any, reply: Any, before: tuple[Booked, ...], after: tuple[Booked, ...]) -> Said:
    return Said(
        text,
        outcome.outcome,
        reply.text if reply else None,
        outcome,
        getattr(outcome, "booking", None),
        tuple(one for one in after if one not in before),
        tuple(one for one in before if one not in after),
        reply.septets if reply else 0,
        reply.parts if reply else 0,
    )


def _booked(one: Any) -> Booked:
    return Booked(one.service, one.day, one.at, one.name, one.persons, one.code)


Starter = Callable[[Office, datetime], Conversation]
