"""Calling: what a clerk does with tickets at the counter they sit at (`flows.counters.seat`).

Invariant: a ticket is called to one counter, a counter has one client, and every change is recorded with who and when.
Each act is one transaction under the queue's lock. An act names the ticket as the clerk saw it (`Ref`): the same press
sent twice is done once and answered alike, an old page changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.core.office.office import Counter, Office
from prepazka.core.queue import transitions
from prepazka.core.queue.board import Seat
from prepazka.core.queue.order import next_ticket
from prepazka.core.queue.outcomes import (
    Acted,
    ActResult,
    Busy,
    CallResult,
    ChangedMeanwhile,
    Impossible,
    NobodyWaits,
    NotFound,
    NotSeated,
    Paused,
)
from prepazka.core.queue.tickets import Act, Destination, Ref, Ticket
from prepazka.flows.counters.transaction import in_queue_transaction
from prepazka.store import queue


@dataclass(frozen=True, slots=True)
class _Desk:
    """A clerk at their counter, and where else somebody sits."""

    office: Office
    counter: Counter
    seat: Seat
    seats: Sequence[Seat]
    now: datetime


def call_next(office_id: int, who: str, now: datetime, *, ending: Ref | None = None) -> CallResult:
    """Call the next ticket to the clerk's counter (`core.queue.order`).

    While a ticket is called there already, it is that one again (a double press). While one is being served: `Busy`,
    unless it is `ending`, as the clerk saw it, which is then done in the same step.
    """

    def journey(office: Office) -> CallResult:
        desk = _desk(office, who, now)
        if isinstance(desk, NotSeated):
            return desk
        client = queue.at_counter(desk.counter.id)
        if client and client.state == "called":
            return Acted(client)
        if client and client.ref != ending:
            return Busy(client)
        if desk.seat.paused:
            return Paused(desk.counter)
        if client:
            queue.change(office.id, client, transitions.done(client, now), "done", (who, now))
        waiting = queue.active(office.id, now.astimezone(office.zone).date())
        staffed = {seat.counter for seat in desk.seats}
        found = next_ticket(waiting, desk.counter, staffed, office.settings, now)
        if found is None:
            return NobodyWaits(sum(1 for one in waiting if one.parked_until and one.parked_until > now))
        return _called(desk, found)

    return in_queue_transaction(office_id, journey)


def call_one(office_id: int, who: str, ref: Ref, now: datetime) -> ActResult:
    """Call this waiting ticket, whoever would be next: a parked one that is back, or somebody who cannot wait."""

    def act(desk: _Desk, ticket: Ticket) -> ActResult:
        if client := queue.at_counter(desk.counter.id):
            return Busy(client)
        return Paused(desk.counter) if desk.seat.paused else _called(desk, ticket)

    return _act(_Press(office_id, who, ref, now), ("call",), act)


def recall(office_id: int, who: str, ref: Ref, now: datetime) -> ActResult:
    """Call the counter's called ticket once more: displays show it anew and sound their gong."""
    return _change(_Press(office_id, who, ref, now), "recall", lambda ticket: transitions.recall(ticket, now))


def not_here(office_id: int, who: str, ref: Ref, now: datetime) -> ActResult:
    """The called client did not come: to be called again after `recall_later_minutes`; absent once recalled enough."""

    def act(desk: _Desk, ticket: Ticket) -> ActResult:
        settings = desk.office.settings
        return _kept(
            desk, ticket, transitions.not_here(ticket, settings, now), transitions.not_here_act(ticket, settings)
        )

    return _act(_Press(office_id, who, ref, now), ("not_here", "absent"), act)


def serve(office_id: int, who: str, ref: Ref, now: datetime) -> ActResult:
    """The called client is here."""
    return _change(_Press(office_id, who, ref, now), "serve", lambda ticket: transitions.serve(ticket, now))


def done(office_id: int, who: str, ref: Ref, now: datetime) -> ActResult:
    """The client has been served."""
    return _change(_Press(office_id, who, ref, now), "done", lambda ticket: transitions.done(ticket, now))


def park(office_id: int, who: str, ref: Ref, now: datetime, until: datetime) -> ActResult:
    """Back to the queue, in the ticket's old place, but not to be called before `until`."""
    return _change(_Press(office_id, who, ref, now), "park", lambda ticket: transitions.park(ticket, until))


def transfer(office_id: int, who: str, ref: Ref, now: datetime, to: Destination) -> ActResult:
    """Back to the queue for another agenda, for a given counter, or for later; the number stays the same."""

    def act(desk: _Desk, ticket: Ticket) -> ActResult:
        if to.agenda is not None and to.agenda not in desk.office.agenda_of:
            return NotFound("agenda")
        if to.counter is not None and to.counter not in desk.office.counter_of:
            return NotFound("counter")
        return _kept(desk, ticket, transitions.transfer(ticket, to), "transfer")

    return _act(_Press(office_id, who, ref, now), ("transfer",), act)


# --- what all acts have in common ----------------------------------------------------------------


class _Press(NamedTuple):
    """A clerk's press of a button at a ticket they saw."""

    office_id: int
    who: str
    ref: Ref
    now: datetime


def _change(press: _Press, act: Act, after: Callable[[Ticket], Ticket]) -> ActResult:
    return _act(press, (act,), lambda desk, ticket: _kept(desk, ticket, after(ticket), act))


def _act(press: _Press, acts: Sequence[Act], do: Callable[[_Desk, Ticket], ActResult]) -> ActResult:
    """Do one of the acts to the ticket, if it is as the clerk saw it and theirs to act on."""

    def journey(office: Office) -> ActResult:
        desk = _desk(office, press.who, press.now)
        if isinstance(desk, NotSeated):
            return desk
        ticket = queue.one(office.id, press.ref.ticket)
        if ticket is None:
            return NotFound("ticket")
        if ticket.ref != press.ref:
            pressed_twice = ticket.version == press.ref.version + 1 and queue.made_by(ticket, acts, press.who)
            return Acted(ticket) if pressed_twice else ChangedMeanwhile(ticket)
        elsewhere = ticket.counter not in {None, desk.counter.id}
        if elsewhere or not any(transitions.can(ticket, act) for act in acts):
            return Impossible(ticket)
        return do(desk, ticket)

    return in_queue_transaction(press.office_id, journey)


def _desk(office: Office, who: str, now: datetime) -> _Desk | NotSeated:
    seats = queue.seats(office.id)
    mine = queue.seat_of(seats, who)
    counter = office.counter_of.get(mine.counter) if mine else None
    return _Desk(office, counter, mine, seats, now) if mine and counter else NotSeated()


def _called(desk: _Desk, ticket: Ticket) -> Acted:
    return _kept(desk, ticket, transitions.call(ticket, desk.counter.id, desk.now), "call")


def _kept(desk: _Desk, before: Ticket, after: Ticket, act: Act) -> Acted:
    queue.change(desk.office.id, before, after, act, (desk.seat.clerk, desk.now))
    return Acted(after)
