"""An event-driven simulation of the demo office: each planned action waits in a queue until its time."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from time import monotonic
from typing import NamedTuple, TypeVar

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import Booked, Outcome, Proposed, SlotFull
from prepazka.core.minutes import instant, midnight
from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, Busy, Seated, TooLateForCode
from prepazka.core.queue.tickets import Ticket
from prepazka.demolife import people, texts
from prepazka.demolife.people import PlannedArrival, PlannedMessage
from prepazka.flows import clerk_inbox as inbox
from prepazka.flows.counters import arrive, call, close_day, seat
from prepazka.flows.inbound.receive import receive
from prepazka.flows.outbound import deliver
from prepazka.flows.outbound.remind import remind_in
from prepazka.gateways.screens import PHONE
from prepazka.gateways.values import Inbound
from prepazka.sms.reply.free_text import free_text
from prepazka.store import clerk_inbox, offices

# The simulated clerks by name, with the keys of their counters; the other counter is free for visitors of the demo.
CLERKS = {"marie": "prepazka-1", "tomas": "prepazka-3"}
# How far ahead the simulated people book.
AHEAD = timedelta(days=8)
# When the simulated clerks read what was not understood, and how new a message they leave to visitors of the demo.
READ_AT = (time(9), time(14))
# When the people who come the next day are reminded.
REMINDED_AT = time(10)
_LEFT_UNREAD = timedelta(hours=3)
_INBOX_SIZE = 200
_LAST_ID = 2**62
_WHO = "demo"

Action = Callable[[datetime], None]
T = TypeVar("T")


class _PlannedAction(NamedTuple):
    """An action with its time; `order` keeps actions of one moment in order."""

    at: datetime
    order: int
    run: Action


class _Meeting(NamedTuple):
    """A clerk and the ticket they called."""

    clerk: str
    ticket: Ticket


class DemoLife:
    """The simulated life of one demo office, from a moment on."""

    def __init__(self, office_id: int, since: datetime) -> None:
        self._office_id = office_id
        self._planned: list[_PlannedAction] = []
        self._order = count()
        self._idle: set[str] = set()
        self._random = Random(f"life {since.date()}")  # noqa: S311 -- made-up people
        office = offices.load(office_id)
        self._planned_until = since.astimezone(office.zone).date() + AHEAD
        for ahead in range(AHEAD.days):
            self._plan_messages(office, since.astimezone(office.zone).date() + timedelta(days=ahead), since)
        self._plan(since, self._begin_day)

    def play(self, until: datetime) -> int:
        """Run the actions planned up to a moment, each at its own time; return how many."""
        done = 0
        while self._planned and self._planned[0].at <= until:
            action = heapq.heappop(self._planned)
            action.run(action.at)
            done += 1
        return done

    def catch_up(self, until: datetime, rest: Callable[[float], object]) -> None:
        """Run the actions of past time, each in transactions of its own, and rest after each.

        rest: is given the seconds that an action took. Whoever uses the demo meanwhile waits for one action at most: a
        writer that waits for SQLite's lock only looks now and then whether it is free.
        """
        while self._planned and self._planned[0].at <= until:
            begun = monotonic()
            action = heapq.heappop(self._planned)
            action.run(action.at)
            rest(monotonic() - begun)

    def _plan(self, at: datetime, action: Action) -> None:
        heapq.heappush(self._planned, _PlannedAction(at.astimezone(UTC), next(self._order), action))

    def plan_arrivals(self, now: datetime, *, crowd: int = 0) -> None:
        """Plan today's remaining people without a booking; crowd: how many more come within the next minute."""
        office = offices.load(self._office_id)
        for place in range(crowd):
            first = PlannedArrival(
                now + timedelta(seconds=60 * place / crowd), self._random.choice(office.services).code, False
            )
            self._plan(first.at, _bind(self._arrive, first))
        for arrival in people.plan_arrivals(office, now.astimezone(office.zone).date()):
            if arrival.at > now:
                self._plan(arrival.at, _bind(self._arrive, arrival))

    # --- the day -------------------------------------------------------------------------------

    def _begin_day(self, now: datetime) -> None:
        office = offices.load(self._office_id)
        today = now.astimezone(office.zone).date()
        close_day.close_day(self._office_id, now)
        while self._planned_until < today + AHEAD:
            self._plan_messages(office, self._planned_until, now)
            self._planned_until += timedelta(days=1)
        self.plan_arrivals(now)
        for hour in READ_AT:
            at = datetime.combine(today, hour, office.zone)
            if at > now:
                self._plan(at, self._read_inbox)
        if (at := datetime.combine(today, REMINDED_AT, office.zone)) > now:
            self._plan(at, self._remind)
        self._idle = set(CLERKS)
        self._plan(instant(midnight(today + timedelta(days=1), office.zone)), self._begin_day)

    def _plan_messages(self, office: Office, day: date, now: datetime) -> None:
        for message in people.plan_messages(office, day):
            if message.at > now or (message.visit and message.visit > now):
                self._plan(max(message.at, now), _bind(self._send, message))

    def _send(self, message: PlannedMessage, now: datetime) -> None:
        number = offices.load(self._office_id).numbers[0]
        id_ = f"demo-{message.phone}-{message.at.timestamp():.0f}"
        (handled,) = receive([Inbound(PHONE, id_, message.phone, number, message.text, now)], now)
        deliver.show(now)  # at its own time: a message of last week would be too late for the worker's clock
        if isinstance(handled.outcome, Booked):
            self._booked(message, handled.outcome.booking, now)
        elif handled.outcome and (text := self._next_text(message, handled.outcome)):
            at = now + timedelta(minutes=self._random.uniform(1, 25))
            self._plan(at, _bind(self._send, replace(message, at=at, text=text, right="")))

    def _booked(self, message: PlannedMessage, booking: Booking, now: datetime) -> None:
        visit = instant(booking.start)
        if message.comes:
            early = timedelta(minutes=self._random.triangular(-20, 14, -6))
            self._plan(max(visit + early, now), _bind(self._check_in, booking.code))
        elif self._random.random() < 0.5:
            written = texts.write_cancellation(self._random, booking.code, f"{booking.day.day}.{booking.day.month}.")
            at = now + (visit - now) * self._random.random()
            self._plan(at, _bind(self._send, PlannedMessage(at, message.phone, written.text, right=written.right)))

    def _next_text(self, message: PlannedMessage, outcome: Outcome) -> str:
        """Return what the sender writes back; "" when they leave it there."""
        match outcome:
            case Proposed():
                return self._random.choice(("ANO", "ANO", "ANO", "ano", "NE", ""))
            case SlotFull(offers=offers) if offers:
                return self._random.choice(("ANO", "ANO 2", ""))
            case _ if message.right != message.text and self._random.random() < 0.7:
                return message.right
            case _:
                return ""

    def _remind(self, now: datetime) -> None:
        remind_in(self._office_id, now)
        deliver.show(now)

    # --- the inbox -----------------------------------------------------------------------------

    def plan_questions(self, now: datetime, seconds: Sequence[int]) -> None:
        """Plan messages that only a clerk can answer, so many seconds from now."""
        for message in people.plan_questions(offices.load(self._office_id), now, seconds):
            self._plan(message.at, _bind(self._send, message))

    def _read_inbox(self, now: datetime) -> None:
        """Let a clerk see to what the simulated people wrote before today's last hours; visitors' messages stay."""
        for message in clerk_inbox.unread(self._office_id, _LAST_ID, _INBOX_SIZE):
            if message.sender.startswith(people.PHONES) and now - message.received_at > _LEFT_UNREAD:
                self._see_to(message.id, now)

    def _see_to(self, message: int, now: datetime) -> None:
        clerk = self._random.choice(sorted(CLERKS))
        thread = inbox.open_thread(self._office_id, message, clerk, now)
        if thread is None:
            return
        reply = free_text(self._random.choice(texts.ANSWERS), offices.load(self._office_id))
        if self._random.random() < 0.3 or (
            inbox.answer(self._office_id, message, reply, thread.seen, (clerk, now)) != "answered"
        ):
            inbox.mark_done(self._office_id, message, thread.seen, clerk, now)
        deliver.show(now)

    # --- the entrance --------------------------------------------------------------------------

    def _arrive(self, arrival: PlannedArrival, now: datetime) -> None:
        arrive.walk_in(self._office_id, arrival.service, now, _WHO, priority=arrival.priority)
        self.wake_clerks(now)

    def _check_in(self, code: str, now: datetime) -> None:
        if isinstance(arrive.check_in(self._office_id, code, now, _WHO), TooLateForCode):
            arrive.late_ticket(self._office_id, code, now, _WHO)
        self.wake_clerks(now)

    # --- the counters --------------------------------------------------------------------------

    def wake_clerks(self, now: datetime) -> None:
        """Let the idle clerks look for waiting clients."""
        for clerk in sorted(self._idle):
            self._plan(now + timedelta(seconds=self._random.uniform(2, 10)), _bind(self._work, clerk))
        self._idle.clear()

    def _work(self, clerk: str, now: datetime) -> None:
        """Call the next ticket; become idle when nobody waits."""
        office = offices.load(self._office_id)
        counter = next((one for one in office.counters if one.key == CLERKS[clerk]), None)
        if counter is None:
            return
        if not isinstance(seat.seat(self._office_id, clerk), Seated):
            seat.sit_down(self._office_id, counter.id, clerk, now)
        called = call.call_next(self._office_id, clerk, now)
        if isinstance(called, Acted):
            self._plan(
                now + timedelta(seconds=self._random.uniform(10, 45)),
                _bind(self._start_serving, _Meeting(clerk, called.ticket)),
            )
        elif isinstance(called, Busy):  # left open when the demo stopped
            self._finish(_Meeting(clerk, called.ticket), now)
        else:
            self._idle.add(clerk)

    def _start_serving(self, meeting: _Meeting, now: datetime) -> None:
        clerk, ticket = meeting
        if self._random.random() < 0.03:
            call.not_here(self._office_id, clerk, ticket.ref, now)
            self._plan(now + timedelta(minutes=3), _bind(self._work, clerk))
            return
        served = call.serve(self._office_id, clerk, ticket.ref, now)
        if isinstance(served, Acted):
            minutes = min(max(self._random.lognormvariate(1.6, 0.5), 1.5), 25)
            self._plan(now + timedelta(minutes=minutes), _bind(self._finish, _Meeting(clerk, served.ticket)))
        else:
            self._plan(now + timedelta(minutes=1), _bind(self._work, clerk))

    def _finish(self, meeting: _Meeting, now: datetime) -> None:
        clerk, ticket = meeting
        call.done(self._office_id, clerk, ticket.ref, now)
        self._plan(now + timedelta(seconds=self._random.uniform(10, 60)), _bind(self._work, clerk))


def _bind(action: Callable[[T, datetime], None], argument: T) -> Action:
    return lambda now: action(argument, now)
