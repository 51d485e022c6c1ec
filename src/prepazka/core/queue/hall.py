"""The hall as a manager sees it: agendas with their longest waits, counters with their clerks, the day's figures."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from prepazka.core.office.office import Agenda, Counter, Office
from prepazka.core.queue import forgotten
from prepazka.core.queue.board import AgendaFigures, QueueSnapshot, Seat, board
from prepazka.core.queue.tickets import Ticket

NEAR = 0.8
"""From this part of the limit on, an agenda is near it."""

Light = Literal["normal", "near", "over"]


@dataclass(frozen=True, slots=True)
class Longest:
    """The ticket that has waited longest, and for how long."""

    label: str
    waited: timedelta


@dataclass(frozen=True, slots=True)
class AgendaNow:
    """An agenda now. staffed: those of its `counters` where a clerk sits; stopped: no tickets without a booking."""

    figures: AgendaFigures
    longest: Longest | None
    light: Light
    staffed: int
    counters: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class CounterNow:
    """A counter now. seat: None where nobody sits; client: the one called or served there.

    closes_at: when it closes by itself if nothing happens; None when it stays open.
    """

    counter: Counter
    seat: Seat | None
    client: Ticket | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The day's tickets: given out, served, whose people left unserved, and who could not be served at a counter."""

    issued: int
    served: int
    left: int
    unperformed: int = 0


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything on the manager's board; the worst comes first in each list."""

    agendas: tuple[AgendaNow, ...]
    counters: tuple[CounterNow, ...]
    waiting: int
    longest: Longest | None
    day: DayFigures
    version: int


def hall(
    office: Office, snapshot: QueueSnapshot, counts: Mapping[str, int], stopped: Collection[int], now: datetime
) -> Hall:
    """Return the hall now. counts: `store.queue.count_by_state`; stopped: agendas whose tickets a manager stopped."""
    shown = board(office, snapshot, now)
    waiting = [one for one in snapshot.tickets if one.state == "waiting" and one.agenda in office.agenda_of]
    agendas = [_agenda(office, line, snapshot, stopped, now) for line in shown.agendas]
    return Hall(
        agendas=tuple(
            sorted(agendas, key=lambda one: one.longest.waited if one.longest else timedelta(), reverse=True)
        ),
        counters=tuple(sorted((_counter(office, one, snapshot, now) for one in office.counters), key=_care)),
        waiting=len(waiting),
        longest=longest(waiting, now),
        day=day_figures(counts),
        version=snapshot.version,
    )


def day_figures(counts: Mapping[str, int]) -> DayFigures:
    """Return the day's figures; whoever is neither served nor still here has left."""
    here = sum(counts.get(state, 0) for state in ("waiting", "called", "serving"))
    issued, served, unperformed = sum(counts.values()), counts.get("done", 0), counts.get("unperformed", 0)
    return DayFigures(issued, served, issued - served - unperformed - here, unperformed)


# docs/spec/counters.md §9: "A parked ticket does not count, and a booked one counts from its time"
def longest(tickets: Iterable[Ticket], now: datetime) -> Longest | None:
    """Return the ticket that waits longest, None where nobody waits."""
    waits = [(now - waits_since(one), one) for one in tickets if not (one.parked_until and one.parked_until > now)]
    waited, ticket = max(waits, key=lambda wait: wait[0], default=(None, None))
    return Longest(ticket.label, max(waited, timedelta())) if ticket and waited is not None else None


# docs/spec/counters.md §9: "near the limit from four fifths of it on"
def light(waited: timedelta, limit_minutes: int) -> Light:
    """Return how a wait stands to the office's limit."""
    limit = timedelta(minutes=limit_minutes)
    if waited > limit:
        return "over"
    return "near" if waited >= limit * NEAR else "normal"


def waits_since(ticket: Ticket) -> datetime:
    """Return since when a ticket waits: a booked one from its time."""
    booked = ticket.due_at if ticket.kind == "booking" else None
    return max(ticket.arrived_at, booked) if booked else ticket.arrived_at


def _agenda(
    office: Office, figures: AgendaFigures, snapshot: QueueSnapshot, stopped: Collection[int], now: datetime
) -> AgendaNow:
    agenda: Agenda = office.agenda_of[figures.id]
    waits = longest((one for one in snapshot.tickets if one.state == "waiting" and one.agenda == agenda.id), now)
    serving = [counter for counter in office.counters if agenda.id in counter.agendas]
    seats = {seat.counter for seat in snapshot.seats}
    return AgendaNow(
        figures=figures,
        longest=waits,
        light=light(waits.waited if waits else timedelta(), office.settings.wait_limit_minutes),
        staffed=sum(counter.id in seats for counter in serving),
        counters=len(serving),
        stopped=agenda.id in stopped,
    )


def _counter(office: Office, counter: Counter, snapshot: QueueSnapshot, now: datetime) -> CounterNow:
    seat = next((one for one in snapshot.seats if one.counter == counter.id), None)
    at_it = (one for one in snapshot.tickets if one.counter == counter.id and one.state in {"called", "serving"})
    closes_at = forgotten.closes_at(office, seat, snapshot.tickets, now) if seat else None
    return CounterNow(counter, seat, next(at_it, None), closes_at)


def _care(now: CounterNow) -> int:
    """Return the place of a counter: first those whose clerk is away, then breaks, then the others, empty ones last."""
    if now.seat is None:
        return 3
    return 0 if now.seat.away_since else 1 if now.seat.paused else 2
