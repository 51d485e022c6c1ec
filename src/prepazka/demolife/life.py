"""Living through the days: whatever somebody does next stands in a diary, and is done by the journeys at its time."""

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import TypeVar

from django.db import transaction

from prepazka.core.minutes import instant, midnight
from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, Busy, Seated, TooLateForCode
from prepazka.core.queue.tickets import Ticket
from prepazka.demolife.people import Arrival, PlannedMessage, arrivals_on, texts_for
from prepazka.flows.counters import arrive, call, close_day, seat
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.screens import PHONE
from prepazka.gateways.values import Inbound
from prepazka.store import offices

# Who works in the demo by themselves; the counter they leave free is for whoever tries the desk.
CLERKS = {"marie": "prepazka-1", "tomas": "prepazka-3"}
# How far ahead people book.
AHEAD = timedelta(days=8)
_WHO = "demo"

Action = Callable[[datetime], None]
T = TypeVar("T")


class DemoLife:
    """The life of one demo office, from a moment on."""

    def __init__(self, office_id: int, since: datetime) -> None:
        self._office_id = office_id
        self._diary: list[tuple[datetime, int, Action]] = []
        self._order = count()
        self._idle: set[str] = set()
        self._random = Random(f"life {since.date()}")  # noqa: S311 -- made-up people
        office = offices.load(office_id)
        self._booked_until = since.astimezone(office.zone).date() + AHEAD
        for ahead in range(AHEAD.days):
            self._plan_texts(office, since.astimezone(office.zone).date() + timedelta(days=ahead), since)
        self._on(since, self._begin_day)

    def play(self, until: datetime) -> int:
        """Do what stands in the diary up to a moment, each at its time; how much it was."""
        done = 0
        while self._diary and self._diary[0][0] <= until:
            at, _, deed = heapq.heappop(self._diary)
            deed(at)
            done += 1
        return done

    def catch_up(self, until: datetime) -> None:
        """The same, quickly, for time gone by: some hours a transaction, so that nobody waits long beside it."""
        while self._diary and self._diary[0][0] <= until:
            with transaction.atomic():
                self.play(min(self._diary[0][0] + timedelta(hours=3), until))

    def _on(self, at: datetime, deed: Action) -> None:
        heapq.heappush(self._diary, (at.astimezone(UTC), next(self._order), deed))

    def expect(self, now: datetime, *, crowd: int = 0) -> None:
        """Those who will come today without a booking; crowd: so many of them within a minute."""
        office = offices.load(self._office_id)
        for place in range(crowd):
            first = Arrival(
                now + timedelta(seconds=60 * place / crowd), self._random.choice(office.services).code, False
            )
            self._on(first.at, _doing(self._arrive, first))
        for arrival in arrivals_on(office, now.astimezone(office.zone).date()):
            if arrival.at > now:
                self._on(arrival.at, _doing(self._arrive, arrival))

    # --- the day -------------------------------------------------------------------------------

    def _begin_day(self, now: datetime) -> None:
        office = offices.load(self._office_id)
        today = now.astimezone(office.zone).date()
        close_day.close_day(self._office_id, now)
        while self._booked_until < today + AHEAD:
            self._plan_texts(office, self._booked_until, now)
            self._booked_until += timedelta(days=1)
        self.expect(now)
        self._idle = set(CLERKS)
        self._on(instant(midnight(today + timedelta(days=1), office.zone)), self._begin_day)

    def _plan_texts(self, office: Office, day: date, now: datetime) -> None:
        for text in texts_for(office, day):
            if text.at > now or (text.visit and text.visit > now):
                self._on(max(text.at, now), _doing(self._write, text))

    def _write(self, text: PlannedMessage, now: datetime) -> None:
        number = offices.load(self._office_id).numbers[0]
        id_ = f"demo-{text.phone}-{text.at.timestamp():.0f}"
        (handled,) = receive([Inbound(PHONE, id_, text.phone, number, text.text, now)], now)
        booking = handled.booking
        if text.visit is None or booking is None or booking.state != "booked":
            return
        if text.comes:
            early = timedelta(minutes=self._random.triangular(-20, 14, -6))
            self._on(max(text.visit + early, now), _doing(self._check_in, booking.code))
        elif self._random.random() < 0.5:
            cancelling = f"STORNO {booking.code} {booking.day.day}.{booking.day.month}."
            again = now + (text.visit - now) * self._random.random()
            self._on(again, _doing(self._write, PlannedMessage(again, text.phone, cancelling)))

    # --- the entrance --------------------------------------------------------------------------

    def _arrive(self, arrival: Arrival, now: datetime) -> None:
        arrive.walk_in(self._office_id, arrival.service, now, _WHO, priority=arrival.priority)
        self.wake(now)

    def _check_in(self, code: str, now: datetime) -> None:
        if isinstance(arrive.check_in(self._office_id, code, now, _WHO), TooLateForCode):
            arrive.late_ticket(self._office_id, code, now, _WHO)
        self.wake(now)

    # --- the counters --------------------------------------------------------------------------

    def wake(self, now: datetime) -> None:
        """Somebody may be waiting: those who have nothing to do look."""
        for clerk in sorted(self._idle):
            self._on(now + timedelta(seconds=self._random.uniform(2, 10)), _doing(self._work, clerk))
        self._idle.clear()

    def _work(self, clerk: str, now: datetime) -> None:
        """Call whoever is next; with nobody there, rest until somebody comes."""
        office = offices.load(self._office_id)
        counter = next((one for one in office.counters if one.key == CLERKS[clerk]), None)
        if counter is None:
            return
        if not isinstance(seat.seat(self._office_id, clerk), Seated):
            seat.sit_down(self._office_id, counter.id, clerk, now)
        called = call.call_next(self._office_id, clerk, now)
        if isinstance(called, Acted):
            self._on(now + timedelta(seconds=self._random.uniform(10, 45)), _doing(self._meet, (clerk, called.ticket)))
        elif isinstance(called, Busy):  # left there when the demo was ended
            self._part((clerk, called.ticket), now)
        else:
            self._idle.add(clerk)

    def _meet(self, meeting: tuple[str, Ticket], now: datetime) -> None:
        clerk, ticket = meeting
        if self._random.random() < 0.03:
            call.not_here(self._office_id, clerk, ticket.ref, now)
            self._on(now + timedelta(minutes=3), _doing(self._work, clerk))
            return
        served = call.serve(self._office_id, clerk, ticket.ref, now)
        if isinstance(served, Acted):
            minutes = min(max(self._random.lognormvariate(1.6, 0.5), 1.5), 25)
            self._on(now + timedelta(minutes=minutes), _doing(self._part, (clerk, served.ticket)))
        else:
            self._on(now + timedelta(minutes=1), _doing(self._work, clerk))

    def _part(self, meeting: tuple[str, Ticket], now: datetime) -> None:
        clerk, ticket = meeting
        call.done(self._office_id, clerk, ticket.ref, now)
        self._on(now + timedelta(seconds=self._random.uniform(10, 60)), _doing(self._work, clerk))


def _doing(deed: Callable[[T, datetime], None], what: T) -> Action:
    return lambda now: deed(what, now)
