"""Tickets: places in a day's queue, their states, and the acts that change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, get_args

TicketKind = Literal["booking", "late", "walk_in"]
"""With a booking, checked in within its window; with a booking, after its window; without a booking."""

TicketState = Literal["waiting", "called", "serving", "done", "absent", "closed", "withdrawn"]

Unperformed = Literal["no_papers", "not_ours", "gave_up", "outage", "unsolved"]
"""Why a client at the counter was not served: papers are missing, it is another office's, the client gave it up,
something does not work, anything else. Each is an act of its own, so that events tell it."""

UNPERFORMED: tuple[Unperformed, ...] = get_args(Unperformed)

Act = Literal[
    "arrive",
    "call",
    "recall",
    "serve",
    "done",
    "no_papers",
    "not_ours",
    "gave_up",
    "outage",
    "unsolved",
    "park",
    "not_here",
    "absent",
    "revive",
    "transfer",
    "close",
    "withdraw",
    "leave",
    "mistake",
    "correct",
    "undo",
]

ACTIVE: frozenset[TicketState] = frozenset({"waiting", "called", "serving"})

ACTS: Mapping[tuple[Act, TicketState], TicketState] = {
    ("call", "waiting"): "called",
    ("recall", "called"): "called",
    ("serve", "called"): "serving",
    ("done", "serving"): "done",
    ("no_papers", "serving"): "done",  # the client was here, and what they came for could not be performed
    ("not_ours", "serving"): "done",
    ("gave_up", "serving"): "done",
    ("outage", "serving"): "done",
    ("unsolved", "serving"): "done",
    ("not_here", "called"): "waiting",  # to be called again later
    ("absent", "called"): "absent",  # recalled often enough
    ("revive", "absent"): "waiting",  # the client is here after all
    ("park", "waiting"): "waiting",
    ("park", "called"): "waiting",
    ("park", "serving"): "waiting",
    ("transfer", "waiting"): "waiting",
    ("transfer", "called"): "waiting",
    ("transfer", "serving"): "waiting",
    ("withdraw", "waiting"): "withdrawn",  # its booking was cancelled
    ("leave", "waiting"): "withdrawn",  # the client went away
    ("mistake", "waiting"): "withdrawn",  # the ticket should not have been given out
    ("revive", "withdrawn"): "waiting",
    ("correct", "waiting"): "waiting",  # the service it is for
    ("correct", "called"): "called",
    ("correct", "serving"): "serving",
    ("close", "waiting"): "closed",  # the day is over
    ("close", "called"): "absent",
    ("close", "serving"): "done",  # served; the clerk did not end it
}
"""All changes after the arrival: the state an act leads to from a state. No others are possible, but to undo one."""

UNDOABLE: frozenset[Act] = frozenset(
    {"call", "absent", "not_here", "done", *UNPERFORMED, "park", "transfer", "leave", "mistake"},
)
"""The acts whose clerk may undo them: `undo` leads back from the state of the table to the one before."""

UNDO_FOR = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in the queue of a day.

    agenda and counter: ids; service: the code, "" when only the agenda is known. booking: the row id of the booking
    checked in; None also once the ticket turned out a mistake. priority: a senior or a person with a disability.
    reserved_for: the counter it was transferred to. recalls: how often it was called again. due_at: the booked start.
    parked_until: not to be called before. called_at: the last call. ended_at: None also when the clerk did not end it.
    version: grows by one with every change.
    """

    id: int
    agenda: int
    service: str
    day: date
    prefix: str
    number: int
    kind: TicketKind
    priority: bool
    booking: int | None
    state: TicketState
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
        """The number as people read it, such as D12."""
        return f"{self.prefix}{self.number}"

    @property
    def ref(self) -> "TicketRef":
        """A reference to the ticket as it is now."""
        return TicketRef(self.id, self.version)


class TicketRef(NamedTuple):
    """A ticket as a clerk saw it: an act on it is refused when the ticket has changed since."""

    ticket: int
    version: int


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a ticket is transferred to. agenda: None keeps it; counter and until: None for none.

    sure: also where nobody sits at the counter.

    A ticket for a given counter is left to it as long as the counter is staffed.
    """

    agenda: int | None = None
    counter: int | None = None
    until: datetime | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """An estimated wait in whole minutes, from `low` to `high`, both included; indicative only."""

    low: int
    high: int
