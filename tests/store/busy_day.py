"""A made-up day at the counters, played through the journeys, by somebody who notes down what each person goes through.

The notes are kept while the day is played, and not from the tables: they are what a report has to say.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from prepazka.core.office.office import Office
from prepazka.core.queue.outcomes import Acted, NobodyWaits, TicketGiven
from prepazka.core.queue.tickets import UNPERFORMED, Destination, Ticket
from prepazka.flows.counters import arrive, call, seat
from prepazka.flows.counters.close_day import close_day
from prepazka.flows.inbound.receive import receive
from prepazka.gateways.values import Inbound
from prepazka.store import models

CLERKS = ("novak", "svoboda", "kopecka")


def minute_shown(at: datetime) -> int:
    return int(at.timestamp() // 60)


@dataclass
class Noted:
    """What one person went through, in minutes of the clock.

    queued: agenda, why, from, to; served: agenda, service, counter, clerk, minutes (None: nobody ended it).
    """

    came: datetime
    kind: str
    due: datetime | None = None
    first_call: int | None = None
    queued: list[tuple[int, str, int, int]] = field(default_factory=list)
    served: list[tuple[int, str, int, str, int | None]] = field(default_factory=list)
    left: str = "open"
    waiting_since: tuple[int, str, int] | None = None
    serving_since: tuple[int, str, int, str, int] | None = None

    @property
    def wait_begins(self) -> int:
        return minute_shown(max(self.came, self.due) if self.due else self.came)

    def waits(self, agenda: int, why: str, since: int) -> None:
        self.waiting_since = (agenda, why, since)

    def waits_no_more(self, at: datetime) -> None:
        if self.waiting_since is not None:
            agenda, why, since = self.waiting_since
            self.queued.append((agenda, why, since, max(minute_shown(at), since)))
            self.waiting_since = None

    def goes(self, at: datetime | None) -> None:
        """Leave the counter; None: without anybody's noticing."""
        if self.serving_since is not None:
            *where, since = self.serving_since
            self.served.append((*where, None if at is None else minute_shown(at) - since))  # type: ignore[arg-type]  # as noted
            self.serving_since = None


@dataclass
class Day:
    """The day: what time it is, who is where, and the notes by the ticket's id."""

    office: Office
    rng: Random
    now: datetime
    notes: dict[int, Noted] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    at_counter: dict[str, int] = field(default_factory=dict)
    seats: dict[str, int] = field(default_factory=dict)
    ended: int = 0

    def open(self) -> None:
        for who, counter in zip(CLERKS, self.office.counters, strict=True):
            seat.sit_down(self.office.id, counter.id, who, self.now)
            self.seats[who] = counter.id

    def pass_time(self) -> None:
        """Let up to four minutes pass, with odd seconds."""
        self.now += timedelta(seconds=self.rng.randint(1, 240), microseconds=self.rng.randint(0, 999_999))

    def comes(self) -> None:
        """Somebody without a booking comes."""
        what = self.rng.choice([*self.office.service_of, self.office.agendas[0].key])
        given = arrive.add_walk_in(self.office.id, what, self.now, "novak", priority=self.rng.random() < 0.2)
        assert isinstance(given, TicketGiven), given
        self.note_arrival(given.ticket)

    def checks_in(self, booking: models.Booking) -> None:
        """Somebody with a booking comes."""
        given = arrive.check_in_booking(self.office.id, booking.id, self.now, "novak")
        assert isinstance(given, TicketGiven), given
        self.note_arrival(given.ticket)

    def note_arrival(self, ticket: Ticket) -> None:
        noted = Noted(self.now, ticket.kind, ticket.due_at)
        noted.waits(ticket.agenda, "arrived", noted.wait_begins)
        self.notes[ticket.id], self.tickets[ticket.id] = noted, ticket

    def acts(self) -> None:
        """A clerk does something to the client, or calls the next one."""
        who = self.rng.choice(CLERKS)
        ticket_id = self.at_counter.get(who)
        if ticket_id is None:
            self.calls(who)
        elif self.tickets[ticket_id].state == "called":
            self.rng.choice([self.serves, self.serves, self.recalls, self.misses, self.parks, self.hands_over])(who)
        else:
            self.rng.choice([self.ends, self.ends, self.ends, self.parks, self.hands_over])(who)

    def calls(self, who: str) -> None:
        found = call.call_next(self.office.id, who, self.now)
        if isinstance(found, NobodyWaits):
            return
        noted = self.notes[self.keep(found)]
        self.at_counter[who] = self.last(found).id
        noted.waits_no_more(self.now)
        if noted.first_call is None:
            noted.first_call = minute_shown(self.now)

    def serves(self, who: str) -> None:
        ticket = self.tickets[self.at_counter[who]]
        self.keep(call.serve(self.office.id, who, ticket.ref, self.now))
        since = (ticket.agenda, ticket.service, self.seats[who], who, minute_shown(self.now))
        self.notes[ticket.id].serving_since = since

    def recalls(self, who: str) -> None:
        self.keep(call.recall(self.office.id, who, self.tickets[self.at_counter[who]].ref, self.now))

    def misses(self, who: str) -> None:
        """The client called is not there; after enough calls they are given up."""
        ticket_id = self.at_counter.pop(who)
        after = self.last(call.not_here(self.office.id, who, self.tickets[ticket_id].ref, self.now))
        self.tickets[ticket_id] = after
        if after.state == "absent":
            self.notes[ticket_id].left = "absent"
        else:
            self.notes[ticket_id].waits(after.agenda, "not_here", minute_shown(self.now))

    def parks(self, who: str) -> None:
        ticket_id = self.at_counter.pop(who)
        until = self.now + timedelta(minutes=5)
        after = self.last(call.park(self.office.id, who, self.tickets[ticket_id].ref, self.now, until))
        self.back(ticket_id, after, "parked")

    def hands_over(self, who: str) -> None:
        ticket_id = self.at_counter.pop(who)
        to = self.rng.choice(
            [Destination(agenda=self.rng.choice(self.office.agendas).id), Destination(counter=self.seats["svoboda"])]
        )
        after = self.last(call.transfer(self.office.id, who, self.tickets[ticket_id].ref, self.now, to))
        self.back(ticket_id, after, "transferred")

    def back(self, ticket_id: int, after: Ticket, why: str) -> None:
        noted = self.notes[ticket_id]
        noted.goes(self.now)
        noted.waits(after.agenda, why, minute_shown(self.now))
        self.tickets[ticket_id] = after

    def puts_aside(self) -> None:
        """A clerk without a client puts aside or hands over somebody who waits: another agenda is another queue."""
        idle = [who for who in CLERKS if who not in self.at_counter]
        waiting = [one for one in self.tickets.values() if one.state == "waiting"]
        if not idle or not waiting:
            return
        who, ticket = self.rng.choice(idle), self.rng.choice(waiting)
        if self.rng.random() < 0.5:
            until = self.now + timedelta(minutes=5)
            self.keep(call.park(self.office.id, who, ticket.ref, self.now, until))
            return
        to = self.rng.choice(self.office.agendas).id
        self.keep(call.transfer(self.office.id, who, ticket.ref, self.now, Destination(agenda=to)))
        if to != ticket.agenda:
            self.notes[ticket.id].waits_no_more(self.now)
            self.notes[ticket.id].waits(to, "transferred", minute_shown(self.now))

    def takes_out(self) -> None:
        """A clerk takes somebody out of the queue: gone, or a ticket by mistake, which nobody is to count."""
        waiting = [one for one in self.tickets.values() if one.state == "waiting" and not one.booking]
        if waiting:
            ticket, mistake = self.rng.choice(waiting), self.rng.random() < 0.5
            self.keep(call.take_out(self.office.id, "novak", ticket.ref, self.now, mistake=mistake))
            self.notes[ticket.id].waits_no_more(self.now)
            self.notes[ticket.id].left = "left"
            if mistake:
                del self.notes[ticket.id], self.tickets[ticket.id]

    def comes_back(self) -> None:
        """Somebody who was given up and had a booking is here after all."""
        given_up = [one for one in self.tickets.values() if one.state == "absent" and one.booking]
        if given_up:
            ticket = self.rng.choice(given_up)
            given = arrive.check_in_booking(self.office.id, ticket.booking or 0, self.now, "novak")
            if isinstance(given, TicketGiven):
                self.tickets[ticket.id] = given.ticket
                noted = self.notes[ticket.id]
                noted.kind, noted.left = "late", "open"
                noted.waits(given.ticket.agenda, "revived", minute_shown(self.now))

    def cancels(self) -> None:
        """Somebody who came early for a booking cancels it by SMS and goes home."""
        early = [
            one
            for one in self.tickets.values()
            if one.state == "waiting" and one.booking and one.due_at and one.due_at - timedelta(minutes=2) > self.now
        ]
        if early:
            ticket = self.rng.choice(early)
            booking = models.Booking.objects.get(id=ticket.booking or 0)
            text = f"STORNO {booking.code} {booking.day.day}.{booking.day.month}."
            number = self.office.numbers[0]
            receive([Inbound("test", f"{booking.id}", booking.sender, number, text, self.now)], self.now)
            booking.refresh_from_db()
            assert booking.state == "cancelled"
            self.tickets[ticket.id] = replace(ticket, state="withdrawn", version=ticket.version + 1)
            self.notes[ticket.id].waits_no_more(self.now)
            self.notes[ticket.id].left = "withdrawn"

    def ends(self, who: str) -> None:
        """A visit ends; every third one without what its client came for."""
        ticket_id = self.at_counter.pop(who)
        self.ended += 1
        ref, why = self.tickets[ticket_id].ref, UNPERFORMED[(self.ended + self.now.day) % len(UNPERFORMED)]
        if self.ended % 3:
            self.keep(call.done(self.office.id, who, ref, self.now))
        else:
            self.keep(call.unperformed(self.office.id, who, ref, self.now, why))
        self.notes[ticket_id].goes(self.now)
        self.notes[ticket_id].left = "served" if self.ended % 3 else why

    def close(self, now: datetime) -> None:
        """The night comes: who waits is closed, who is called is absent, who is served is done at an unknown time."""
        close_day(self.office.id, now)
        for ticket_id, ticket in self.tickets.items():
            noted = self.notes[ticket_id]
            if ticket.state == "waiting":
                noted.waits_no_more(now)
                noted.left = "closed"
            elif ticket.state == "called":
                noted.left = "absent"
            elif ticket.state == "serving":
                noted.goes(None)
                noted.left = "served"

    def last(self, outcome: object) -> Ticket:
        assert isinstance(outcome, Acted), outcome
        return outcome.ticket

    def keep(self, outcome: object) -> int:
        ticket = self.last(outcome)
        self.tickets[ticket.id] = ticket
        return ticket.id


def play(office: Office, opens: datetime, seed: int, people: int, bookings: list[models.Booking]) -> Day:
    """Play a day until so many have come; about half of those with a booking come. It is closed after midnight."""
    day = Day(office, Random(seed), opens.astimezone(UTC))
    day.open()
    expected = [one for one in bookings if day.rng.random() < 0.6]
    midnight = opens.replace(hour=0, minute=0) + timedelta(days=1)  # on the wall, as opens is
    came = 0
    while came < people and day.now < midnight - timedelta(minutes=5):
        day.pass_time()
        due = [one for one in expected if one.starts_at - timedelta(minutes=15) < day.now]
        if due:
            expected.remove(due[0])
            day.checks_in(due[0])
            came += 1
        elif day.rng.random() < 0.3:
            day.comes()
            came += 1
        for _ in range(2):
            day.acts()
        if day.rng.random() < 0.2:
            day.puts_aside()
        if day.rng.random() < 0.3:
            day.comes_back()
        if day.rng.random() < 0.1:
            day.cancels()
        if day.rng.random() < 0.1:
            day.takes_out()
    day.close(midnight + timedelta(minutes=3, seconds=7))
    return day
