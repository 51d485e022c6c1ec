"""Transitions: the ticket after each act. `tickets.ACTS` alone decides which acts a state allows."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from prepazka.core.office.office import Settings
from prepazka.core.queue.tickets import ACTS, UNDOABLE, Act, Destination, Ticket, Unperformed


def is_possible(ticket: Ticket, act: Act) -> bool:
    """Whether the ticket's state allows the act."""
    return (act, ticket.state) in ACTS


def call(ticket: Ticket, counter: int, now: datetime) -> Ticket:
    """Return the ticket called to a counter."""
    return _after(ticket, "call", counter=counter, called_at=now, parked_until=None, reserved_for=None)


def recall(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket called to its counter once more."""
    return _after(ticket, "recall", called_at=now, recalls=ticket.recalls + 1)


# docs/spec/counters.md §5: "Whoever has come once is not given up later for earlier silence."
def serve(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket of a client who has come; recalls before that do not count any more."""
    return _after(ticket, "serve", served_at=now, recalls=0)


def done(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket of a client who has been served."""
    return _after(ticket, "done", ended_at=now)


# docs/spec/counters.md §5: "A visit may also end without what the client came for"
def unperformed(ticket: Ticket, why: Unperformed, now: datetime) -> Ticket:
    """Return the ticket of a client who was at the counter, and could not be served."""
    return _after(ticket, why, ended_at=now)


# docs/spec/counters.md §5: "after `recalls_before_absent` further calls the ticket is `absent`"
def not_here_act(ticket: Ticket, settings: Settings) -> Act:
    """Return "absent" for a client recalled often enough; else "not_here", to be called again later."""
    return "absent" if ticket.recalls >= settings.recalls_before_absent else "not_here"


def not_here(ticket: Ticket, settings: Settings, now: datetime) -> Ticket:
    """Return the ticket of a client who did not come; its next call counts as one more recall."""
    act = not_here_act(ticket, settings)
    if act == "absent":
        return _after(ticket, act, ended_at=now)
    until = now + timedelta(minutes=settings.recall_later_minutes)
    return _after(ticket, act, counter=None, parked_until=until, recalls=ticket.recalls + 1)


# docs/spec/counters.md §2: "who was called and did not come gets a new place, as somebody late"
def revive(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket of a client who was given up and is here after all: at the end of the queue, as one late."""
    return _after(
        ticket,
        "revive",
        kind="late" if ticket.kind == "booking" else ticket.kind,
        counter=None,
        reserved_for=None,
        parked_until=None,
        recalls=0,
        arrived_at=now,
        ended_at=None,
    )


def park(ticket: Ticket, until: datetime) -> Ticket:
    """Return the ticket put back into the queue, not to be called before `until`."""
    return _after(ticket, "park", counter=None, served_at=None, parked_until=until)


def transfer(ticket: Ticket, to: Destination) -> Ticket:
    """Return the ticket put back into the queue for the destination; another agenda drops its service."""
    agenda = ticket.agenda if to.agenda is None else to.agenda
    return _after(
        ticket,
        "transfer",
        agenda=agenda,
        service=ticket.service if agenda == ticket.agenda else "",
        counter=None,
        reserved_for=to.counter,
        parked_until=to.until,
        recalls=0,
        served_at=None,
    )


# docs/spec/counters.md §1: "Cancelling or moving a booking withdraws its waiting ticket: nobody is called who
# cancelled."
def withdraw(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket withdrawn, because its booking was cancelled or moved."""
    return _after(ticket, "withdraw", ended_at=now)


# docs/spec/counters.md §5: "A clerk takes a waiting ticket out of the queue: its client left, or it was a mistake."
# docs/spec/counters.md §5: "A booking whose ticket was a mistake is as if nobody had come yet"
def take_out(ticket: Ticket, act: Act, now: datetime) -> Ticket:
    """Return the ticket taken out of the queue. act: "leave" or "mistake"; a mistake is no longer its booking's."""
    return _after(ticket, act, ended_at=now, booking=None if act == "mistake" else ticket.booking)


def correct(ticket: Ticket, service: str) -> Ticket:
    """Return the ticket for another service of its agenda."""
    return _after(ticket, "correct", service=service)


def undo(ticket: Ticket, before: Ticket) -> Ticket:
    """Return the ticket as it was before its last act, as a new version of it."""
    undone = {to for (act, since), to in ACTS.items() if act in UNDOABLE and since == before.state}
    assert ticket.state in undone, "only what the table of acts has can be undone"  # noqa: S101 -- a caller's mistake
    return replace(before, version=ticket.version + 1)


# docs/spec/counters.md §5: "After midnight the day before is closed"
def close(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket closed at the end of the day; for a client still being served no end is recorded."""
    return _after(ticket, "close", ended_at=None if ticket.state == "serving" else now)


def _after(ticket: Ticket, act: Act, **changes: Any) -> Ticket:
    return replace(ticket, state=ACTS[act, ticket.state], version=ticket.version + 1, **changes)
