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

from django.db import transaction

from prepazka.core.office.calendar import starts
from prepazka.core.office.office import Agenda, Hours, Office, Service, Settings, WeeklyRule
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.sms import languages as _languages
from prepazka.sms.folding import fold
from prepazka.sms.send_back.conversation import PHONE as ME
from prepazka.sms.send_back.conversation import Booked, Conversation, InMemory, Said
from prepazka.sms.understand.read import read as understood
from prepazka.store import models
from tests.made_once import kept_once
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

Pure = InMemory


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
        return Said.of(text, handled.outcome, handled.reply, before, self.open(sender))

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
    return kept_once(office, now)


Starter = Callable[[Office, datetime], Conversation]
