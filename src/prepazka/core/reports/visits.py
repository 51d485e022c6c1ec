"""Visits: what the events of a ticket say of its client's waits and services, to the minute.

A moment is the whole minute that the clock showed, and a length the difference of two of them, so that a sum of lengths
is never off by more than a minute.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from prepazka.core.minutes import Minute
from prepazka.core.queue.tickets import UNPERFORMED, Act, TicketKind, TicketState, Unperformed

Entry = Literal["arrived", "not_here", "parked", "transferred", "revived"]
"""Why a client stands in a queue: came, was called and not there, was put aside, was handed over, came after all."""

Ending = Literal["served", "absent", "closed", "left", "withdrawn", "open"] | Unperformed
"""What became of a visit: served; not served at the counter, and why; called in vain; the day ended first; the client
went away while waiting; the booking was cancelled meanwhile; not over yet.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a ticket. agenda: its id; service: the code, "" where only the agenda is known.

    Both are those after the act; counter: the id of the one concerned, if any.
    """

    act: Act
    at: Minute
    before: TicketState | Literal[""]
    after: TicketState
    agenda: int
    service: str
    counter: int | None
    who: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket with all its events, in order. due: the booked start; booked: whether it belongs to a booking.

    priority: of a senior or a person with a disability.
    """

    day: date
    kind: TicketKind
    due: Minute | None
    booked: bool
    priority: bool
    steps: Sequence[Step]

    @property
    def arrived(self) -> Minute:
        """When the ticket was given out."""
        return self.steps[0].at


@dataclass(frozen=True, slots=True)
class QueueStretch:
    """A time in the queue of one agenda. ended: None while it lasts; called: whether a call ended it."""

    agenda: int
    entry: Entry
    began: Minute
    ended: Minute | None
    called: bool

    @property
    def minutes(self) -> int:
        """How long it lasted."""
        return 0 if self.ended is None else max(self.ended - self.began, 0)


@dataclass(frozen=True, slots=True)
class ServiceStretch:
    """A time at a counter, from the moment the client was there. ended: None where no clerk ended it."""

    agenda: int
    service: str
    counter: int | None
    clerk: str
    began: Minute
    ended: Minute | None

    @property
    def minutes(self) -> int | None:
        """How long it took; None where that is not known."""
        return None if self.ended is None else max(self.ended - self.began, 0)


# docs/spec/reports.md §1: "Waiting lasts from the arrival to the first call, for a booked client from the booked time
# if that is later."
def first_wait(visit: Visit) -> int | None:
    """Return the minutes from the arrival to the first call; None for a client who was never called."""
    called = next((step.at for step in visit.steps if step.act == "call"), None)
    return None if called is None else max(called - _waits_since(visit), 0)


def _waits_since(visit: Visit) -> Minute:
    return visit.arrived if visit.due is None else max(visit.arrived, visit.due)


_ENTRIES: dict[str, Entry] = {"not_here": "not_here", "park": "parked", "transfer": "transferred", "revive": "revived"}


# docs/spec/reports.md §1: "Each stretch in a queue counts on its own"
def queue_stretches(visit: Visit) -> Iterator[QueueStretch]:
    """Yield the times in a queue, in order; the first begins as waiting does.

    Being put aside while waiting begins no new stretch, and neither does being handed over within the agenda.
    """
    open_: QueueStretch | None = None
    for step in visit.steps:
        if open_ is not None and (step.after != "waiting" or step.agenda != open_.agenda):
            yield QueueStretch(open_.agenda, open_.entry, open_.began, step.at, step.act == "call")
            open_ = None
        if open_ is None and step.after == "waiting":
            entry = _ENTRIES.get(step.act, "arrived")
            began = _waits_since(visit) if entry == "arrived" else step.at
            open_ = QueueStretch(step.agenda, entry, began, None, called=False)
    if open_ is not None:
        yield open_


# docs/spec/reports.md §1: "Service lasts from the moment the client is there until the clerk ends it"
def service_stretches(visit: Visit) -> Iterator[ServiceStretch]:
    """Yield the times at a counter, in order. One that only the end of the day closed has no end."""
    begun: Step | None = None
    for step in visit.steps:
        if begun is not None and step.before == "serving" and step.after != "serving":
            yield _served(begun, None if step.act == "close" else step.at)
            begun = None
        if step.act == "serve":
            begun = step
        elif begun is not None and step.act == "correct":
            begun = replace(begun, service=step.service)
    if begun is not None:
        yield _served(begun, None)


def _served(begun: Step, ended: Minute | None) -> ServiceStretch:
    return ServiceStretch(begun.agenda, begun.service, begun.counter, begun.who, begun.at, ended)


_ENDINGS: dict[TicketState, Ending] = {
    "done": "served",
    "absent": "absent",
    "closed": "closed",
    "withdrawn": "withdrawn",
}


# docs/spec/reports.md §1: "Who left unserved is a person whose ticket ended"
def ending(visit: Visit) -> Ending:
    """Return what became of the visit in the end: whoever is served after all was served."""
    last = visit.steps[-1]
    # docs/spec/reports.md §1: "Who was at the counter and could not be served is counted apart, by the reason"
    for why in UNPERFORMED:
        if last.act == why:
            return why
    return "left" if last.act == "leave" else _ENDINGS.get(last.after, "open")


# docs/spec/reports.md §1: "An act that its clerk took back within seconds counts for nothing"
def without_undone(steps: Iterable[Step]) -> list[Step]:
    """Return the steps without those that were undone, and without the undoing."""
    kept: list[Step] = []
    for step in steps:
        if step.act == "undo":
            kept.pop()
        else:
            kept.append(step)
    return kept


# docs/spec/reports.md §1: "A ticket that was given out by mistake is no visit"
def is_mistake(visit: Visit) -> bool:
    """Whether the ticket should not have been given out."""
    return visit.steps[-1].act == "mistake"
