"""Tickets: a place in a day's queue, its states, and the acts that lead from one to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

Kind = Literal["booking", "late", "walk_in"]
"""Checked in within the booking's window; with a booking but after it; without one."""

State = Literal["waiting", "called", "serving", "done", "absent", "closed", "withdrawn"]

Act = Literal[
    "arrive", "call", "recall", "serve", "done", "park", "not_here", "absent", "transfer", "close", "withdraw"
]

ACTIVE: frozenset[State] = frozenset({"waiting", "called", "serving"})

ACTS: Mapping[tuple[Act, State], State] = {
    ("call", "waiting"): "called",
    ("recall", "called"): "called",
    ("serve", "called"): "serving",
    ("done", "serving"): "done",
    ("not_here", "called"): "waiting",  # to be called again later
    ("absent", "called"): "absent",  # called often enough
    ("park", "waiting"): "waiting",
    ("park", "called"): "waiting",
    ("park", "serving"): "waiting",
    ("transfer", "waiting"): "waiting",
    ("transfer", "called"): "waiting",
    ("transfer", "serving"): "waiting",
    ("withdraw", "waiting"): "withdrawn",  # its booking was cancelled
    ("close", "waiting"): "closed",  # the day is over
    ("close", "called"): "absent",
    ("close", "serving"): "done",  # served, only nobody said so
}
"""Every change there is after the arrival: what an act makes of a state. What is not here cannot be done."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One place in the queue of a day.

    agenda, service (code; "" when only the agenda is known) and counter are as the office names them. booking: the row
    id of the booking checked in. priority: a senior or a person with a disability. reserved_for: the counter it was
    transferred to. recalls: how often it was called again. due_at: the booked start of a `booking`. parked_until: not
    to be called before. called_at is the last call; ended_at is None also when nobody noted the end.
    version grows by one with every change.
    """

    id: int
    agenda: int
    service: str
    day: date
    prefix: str
    number: int
    kind: Kind
    priority: bool
    booking: int | None
    state: State
    counter: int | None
    reserved_for: int | None
    recalls: int
    arrived_at: datetime
    due_at: datetime | None
    parked_until: datetime | None
    called_at: datetime | None
    served_at: datetime | None
    ended_at: datetime | None
    version: int

    @property
    def label(self) -> str:
        """The number as people read it: D12."""
        return f"{self.prefix}{self.number}"

    @property
    def ref(self) -> "TicketRef":
        """This ticket as it is now."""
        return TicketRef(self.id, self.version)


class TicketRef(NamedTuple):
    """A ticket as somebody saw it: an act on it is refused when it has changed since."""

    ticket: int
    version: int


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a ticket is transferred to; what is None stays as it is (`counter` and `until`: none).

    A ticket for a given counter is left to it as long as somebody sits there.
    """

    agenda: int | None = None
    counter: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """An estimate in whole minutes, from `low` to `high`, both included; indicative by its nature."""

    low: int
    high: int
