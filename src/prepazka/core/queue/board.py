"""The board of an office's counters: numbers only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from prepazka.core.office.office import Agenda, Counter, Office
from prepazka.core.queue import estimate
from prepazka.core.queue.check_in import closed_now
from prepazka.core.queue.estimate import Situation
from prepazka.core.queue.tickets import Ticket, Wait

LAST_CALLS = 8
"""How many of the latest calls are shown."""


@dataclass(frozen=True, slots=True)
class AgendaFigures:
    """One agenda now: the clients waiting (parked ones too), and the staffed counters not on a break that serve it.

    wait: the estimate for a client who comes now without a booking; None when no counter serves the agenda, or when it
    is closed, whoever still sits at a counter. open: whether it is within the agenda's hours, a midday break included.
    """

    id: int
    key: str
    title: str
    waiting: int
    counters: int
    wait: Wait | None
    open: bool


@dataclass(frozen=True, slots=True)
class LastCall:
    """A number called to a counter. A display sounds its gong for each (number, at) it has not shown yet.

    times: how often it has been called in a row; at: the last time.
    """

    number: str
    counter: str
    agenda: str
    at: datetime
    times: int


CounterState = Literal["free", "called", "serving", "paused", "closed"]


@dataclass(frozen=True, slots=True)
class CounterShown:
    """A counter as the tablet above it shows it; number: of the client called or served there, "" for none."""

    key: str
    title: str
    state: CounterState
    number: str


@dataclass(frozen=True, slots=True)
class Board:
    """The live state of an office's counters.

    calling: called and not yet served, the newest first. last: the latest calls of today, those of `calling` included,
    the newest first. counters: all of the office. at: the moment of the data; version: grows with every change in the
    queue.
    """

    office: str
    name: str
    agendas: tuple[AgendaFigures, ...]
    calling: tuple[LastCall, ...]
    last: tuple[LastCall, ...]
    counters: tuple[CounterShown, ...]
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A counter (its id) where a clerk sits, and since when.

    acted_at: the clerk's last act at the counters. away_since: since when the clerk is signed in nowhere.
    """

    counter: int
    clerk: str
    paused: bool
    since: datetime | None = None
    paused_since: datetime | None = None
    acted_at: datetime | None = None
    away_since: datetime | None = None


class ExpectedVisit(NamedTuple):
    """A booking whose client has not arrived; agenda: its id."""

    agenda: int
    start: datetime


@dataclass(frozen=True, slots=True)
class QueueSnapshot:
    """An office's queue of today, as read from the database.

    tickets: those waiting, called or being served. called: the tickets called last, in any state, the newest call
    first. took: how long the last clients of each agenda took. to_come: today's bookings from now on without a ticket.
    """

    version: int = 0
    seats: Sequence[Seat] = ()
    tickets: Sequence[Ticket] = ()
    called: Sequence[Ticket] = ()
    took: Mapping[int, Sequence[timedelta]] = field(default_factory=dict)
    to_come: Sequence[ExpectedVisit] = ()


# docs/spec/counters.md §7: "Numbers only: the board never shows a name or a telephone number."
def board(office: Office, snapshot: QueueSnapshot, now: datetime) -> Board:
    """Return the board."""
    situation = _situation(office, snapshot, now)
    calling = sorted((one for one in snapshot.tickets if one.state == "called"), key=_called_at, reverse=True)
    return Board(
        office=office.slug,
        name=office.name,
        agendas=tuple(_figures(office, agenda, situation) for agenda in office.agendas),
        calling=tuple(_call(office, ticket) for ticket in calling if _shown(office, ticket)),
        last=tuple(_call(office, ticket) for ticket in snapshot.called if _shown(office, ticket)),
        counters=tuple(_counter(counter, snapshot) for counter in office.counters),
        at=now,
        version=snapshot.version,
    )


def _counter(counter: Counter, snapshot: QueueSnapshot) -> CounterShown:
    seat = next((one for one in snapshot.seats if one.counter == counter.id), None)
    at_it = (one for one in snapshot.tickets if one.counter == counter.id and one.state in {"called", "serving"})
    client = next(at_it, None)
    state: CounterState = "closed" if seat is None else "paused" if seat.paused else "free"
    if client is not None:
        state = "called" if client.state == "called" else "serving"
    return CounterShown(counter.key, counter.title, state, client.label if client else "")


def figures(office: Office, agenda: Agenda, snapshot: QueueSnapshot, now: datetime) -> AgendaFigures:
    """Return one agenda's line of the board."""
    return _figures(office, agenda, _situation(office, snapshot, now))


# docs/spec/counters.md §7: "An agenda that is closed is said to be closed, whoever still sits at a counter."
def _figures(office: Office, agenda: Agenda, situation: Situation) -> AgendaFigures:
    is_open = closed_now(office, agenda, situation.now) is None
    return AgendaFigures(
        id=agenda.id,
        key=agenda.key,
        title=agenda.title,
        waiting=sum(one.state == "waiting" and one.agenda == agenda.id for one in situation.tickets),
        counters=sum(agenda.id in counter.agendas for counter in situation.counters),
        wait=estimate.wait(agenda.id, situation) if is_open else None,
        open=is_open,
    )


def _situation(office: Office, snapshot: QueueSnapshot, now: datetime) -> Situation:
    serving = {seat.counter for seat in snapshot.seats if not seat.paused}
    tickets = [one for one in snapshot.tickets if one.agenda in office.agenda_of]
    return Situation(
        now=now,
        settings=office.settings,
        counters=[counter for counter in office.counters if counter.id in serving],
        staffed={seat.counter for seat in snapshot.seats},
        tickets=tickets,
        to_come=[estimate.expected(agenda, start) for agenda, start in snapshot.to_come],
        times=estimate.times(office, snapshot.took),
    )


def _shown(office: Office, ticket: Ticket) -> bool:
    """Whether a called ticket is shown: its counter and its agenda are not retired."""
    return ticket.counter in office.counter_of and ticket.agenda in office.agenda_of


def _called_at(ticket: Ticket) -> tuple[datetime, int]:
    return ticket.called_at or ticket.arrived_at, ticket.id


def _call(office: Office, ticket: Ticket) -> LastCall:
    counter = office.counter_of[ticket.counter or 0]
    agenda = office.agenda_of[ticket.agenda]
    return LastCall(ticket.label, counter.title, agenda.key, _called_at(ticket)[0], ticket.recalls + 1)
