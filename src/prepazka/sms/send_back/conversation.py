"""A conversation of one phone with an office, decided in memory: read, decided and answered by the real rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.context import Context
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.next_free import with_next_free
from prepazka.core.booking.outcomes import Outcome
from prepazka.core.booking.snapshot import Snapshot
from prepazka.core.office.office import Office
from prepazka.sms.reply.render import Reply, render
from prepazka.sms.understand.parse import text_key
from prepazka.sms.understand.read import read

PHONE = "+420777123456"


@dataclass(frozen=True)
class Booked:
    """An open booking of the phone."""

    service: str
    day: date
    at: time
    name: str
    persons: int
    code: str

    @classmethod
    def of(cls, booking: Any) -> "Booked":
        """Return what tests compare of a booking."""
        return cls(booking.service, booking.day, booking.at, booking.name, booking.persons, booking.code)


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

    @classmethod
    def of(
        cls, text: str, outcome: Outcome, reply: Reply | None, before: tuple[Booked, ...], after: tuple[Booked, ...]
    ) -> "Said":
        """Return what came of a message by the bookings before and after it."""
        return cls(
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


class Conversation(Protocol):
    """What one phone says to one office, and how it would go on (`aside`: nothing said there stays)."""

    office: Office
    now: datetime

    def say(self, text: str, after: timedelta = timedelta(), sender: str = "") -> Said:
        """Send a message, so long after the one before; sender: another phone."""

    def open(self, sender: str = "") -> tuple[Booked, ...]:
        """Return the open bookings of a phone."""

    def aside(self) -> Any:
        """Return a context: the conversation as it is now, put back at the end."""


class InMemory:
    """A conversation without a database; every step is decided on what the steps before left."""

    def __init__(self, office: Office, now: datetime, me: str = PHONE, snapshot: Snapshot | None = None) -> None:
        """snapshot: what the office has on record before the first message."""
        self.office, self.now, self.me = office, now, me
        self._snapshot = snapshot or Snapshot()
        self._past: list[tuple[Submission, Outcome | None]] = []
        self._ledger = Ledger(office, self._snapshot)

    def say(self, text: str, after: timedelta = timedelta(), sender: str = "") -> Said:
        """Send a message; see `Conversation`."""
        self.now += after
        sender = sender or self.me
        before = self.open(sender)
        reading = read(text, self.office, self.now.astimezone(self.office.zone).date())
        count = len(self._past)
        submission = Submission(
            request=reading.request,
            now=self.now,
            sender=sender,
            text_key=text_key(text),
            codes=(str(300_001 + 7_919 * count), str(300_002 + 7_919 * count)),
            guarded=True,
            sent=self.now,
        )
        outcome = self._take(submission, None)
        return Said.of(text, outcome, render(outcome, self.office, reading.language), before, self.open(sender))

    def answer(self, outcome: Outcome, language: str) -> Said:
        """Answer as if this were what came of the phone's last message."""
        held = self.open()
        request = read("", self.office, self.now.date()).request
        self._take(Submission(request=request, now=self.now, sender=self.me, sent=self.now), outcome)
        return Said.of("", outcome, render(outcome, self.office, language), held, held)

    def _take(self, submission: Submission, given: Outcome | None) -> Outcome:
        self._past.append((submission, given))
        if given is None:
            outcome = decide(submission, self.office, self._ledger)
            return with_next_free(Context.of(submission, self.office, self._ledger), outcome)
        self._ledger.note(submission, given)
        return given

    def bookings(self) -> list[Booking]:
        """Return the open bookings of the phone as the rules see them."""
        return list(self._ledger.active(self.me))

    def open(self, sender: str = "") -> tuple[Booked, ...]:
        """Return the open bookings of a phone."""
        return tuple(map(Booked.of, self._ledger.active(sender or self.me)))

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Decide all again: a ledger is made to be added to, not to be copied."""
        past, now, ledger = list(self._past), self.now, self._ledger
        self._ledger, self._past = Ledger(self.office, self._snapshot), []
        for submission, outcome in past:
            self._take(submission, outcome)
        try:
            yield
        finally:
            self._past, self.now, self._ledger = past, now, ledger
