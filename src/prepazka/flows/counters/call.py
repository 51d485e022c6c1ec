"""Calling: what a clerk does with tickets at their counter (`flows.counters.seat`).

Invariant: a ticket is called to one counter, a counter has one client, and every change is recorded with who and when.
Each act is one transaction under the queue's lock. An act names the ticket as the clerk saw it (`TicketRef`): the same
click sent twice is done once and answered alike, and an old page changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from prepazka.core.actor import Actor
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
    NobodySits,
    NobodyWaits,
    NotFound,
    NotSeated,
    Paused,
)
from prepazka.core.queue.tickets import Act, Destination, Ticket, TicketRef, Unperformed
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import queue, ticket_events


@dataclass(frozen=True, slots=True)
class _Desk:
    """A clerk at their counter, and the seats of all clerks."""

    office: Office
    counter: Counter
    seat: Seat
    seats: Sequence[Seat]
    now: datetime


# docs/spec/counters.md §5: "In one-press mode it also ends the client who was called"
@retry_transaction
def call_next(office_id: int, who: str, now: datetime, *, ending: TicketRef | None = None) -> CallResult:
    """Call the next ticket to the clerk's counter (`core.queue.order`).

    While a ticket is called there already, return that one (a double click). While a client is being served, return
    `Busy`, unless it is `ending`, as the clerk saw it, which is ended in the same step; in the office's one-press mode
    one that was called and is `ending` is taken to have come when it was called.
    """
    office = lock_queue(office_id)
    desk = _desk(office, who, now)
    if isinstance(desk, NotSeated):
        return desk
    client = queue.at_counter(desk.counter.id)
    if client and client.state == "called" and office.settings.one_press and client.ref == ending and client.called_at:
        served = transitions.serve(client, client.called_at)
        queue.change(office.id, client, served, "serve", Actor(who, now))
        client, ending = served, served.ref
    if client and client.state == "called":
        return Acted(client)
    if client and client.ref != ending:
        return Busy(client)
    if desk.seat.paused:
        return Paused(desk.counter)
    if client:
        queue.change(office.id, client, transitions.done(client, now), "done", Actor(who, now))
    active = queue.active(office.id, now.astimezone(office.zone).date())
    staffed = {seat.counter for seat in desk.seats}
    ticket = next_ticket(active, desk.counter, staffed, office.settings, now)
    if ticket is None:
        return NobodyWaits(sum(1 for one in active if one.parked_until and one.parked_until > now))
    return _call(desk, ticket)


def call_one(office_id: int, who: str, ref: TicketRef, now: datetime) -> ActResult:
    """Call this waiting ticket out of order: a parked one whose client is back, or somebody who cannot wait."""

    def change(desk: _Desk, ticket: Ticket) -> ActResult:
        if client := queue.at_counter(desk.counter.id):
            return Busy(client)
        return Paused(desk.counter) if desk.seat.paused else _call(desk, ticket)

    return _act(_Click(office_id, who, ref, now), ("call",), change)


def recall(office_id: int, who: str, ref: TicketRef, now: datetime) -> ActResult:
    """Call the counter's called ticket once more: displays show it anew and sound their gong."""
    return _change(_Click(office_id, who, ref, now), "recall", lambda ticket: transitions.recall(ticket, now))


def not_here(office_id: int, who: str, ref: TicketRef, now: datetime) -> ActResult:
    """Put a called client who did not come back for `recall_later_minutes`; after enough recalls they are absent."""

    def change(desk: _Desk, ticket: Ticket) -> ActResult:
        settings = desk.office.settings
        after = transitions.not_here(ticket, settings, now)
        return _store(desk, ticket, after, transitions.not_here_act(ticket, settings))

    return _act(_Click(office_id, who, ref, now), ("not_here", "absent"), change)


def serve(office_id: int, who: str, ref: TicketRef, now: datetime) -> ActResult:
    """Begin serving the called client, who has come."""
    return _change(_Click(office_id, who, ref, now), "serve", lambda ticket: transitions.serve(ticket, now))


def done(office_id: int, who: str, ref: TicketRef, now: datetime) -> ActResult:
    """End serving the client."""
    return _change(_Click(office_id, who, ref, now), "done", lambda ticket: transitions.done(ticket, now))


def unperformed(office_id: int, who: str, ref: TicketRef, now: datetime, why: Unperformed) -> ActResult:
    """End the visit of a client who could not be served."""
    return _change(_Click(office_id, who, ref, now), why, lambda ticket: transitions.unperformed(ticket, why, now))


def take_out(office_id: int, who: str, ref: TicketRef, now: datetime, *, mistake: bool) -> ActResult:
    """Take a waiting ticket out of the queue: its client left, or it was given out by mistake. Nobody need sit."""
    act: Act = "mistake" if mistake else "leave"
    return _take_out(_Click(office_id, who, ref, now), act)


def park(office_id: int, who: str, ref: TicketRef, now: datetime, until: datetime) -> ActResult:
    """Put the ticket back into its old place in the queue, not to be called before `until`."""
    return _change(_Click(office_id, who, ref, now), "park", lambda ticket: transitions.park(ticket, until))


def transfer(office_id: int, who: str, ref: TicketRef, now: datetime, to: Destination) -> ActResult:
    """Put the ticket back into the queue for another agenda, a given counter, or later; its number stays the same.

    `NobodySits` for a counter without a clerk, unless `to` is sure.
    """

    def change(desk: _Desk, ticket: Ticket) -> ActResult:
        if to.agenda is not None and to.agenda not in desk.office.agenda_of:
            return NotFound("agenda")
        if to.counter is not None and to.counter not in desk.office.counter_of:
            return NotFound("counter")
        if to.counter is not None and not to.sure and to.counter not in {seat.counter for seat in desk.seats}:
            return NobodySits(desk.office.counter_of[to.counter], ticket)
        return _store(desk, ticket, transitions.transfer(ticket, to), "transfer")

    return _act(_Click(office_id, who, ref, now), ("transfer",), change)


# --- common to all acts --------------------------------------------------------------------------


class _Click(NamedTuple):
    """A clerk's click on a button beside a ticket they saw."""

    office_id: int
    who: str
    ref: TicketRef
    now: datetime


@retry_transaction
def _take_out(click: _Click, act: Act) -> ActResult:
    office = lock_queue(click.office_id)
    ticket = queue.find(office.id, click.ref.ticket)
    if ticket is None:
        return NotFound("ticket")
    if ticket.ref != click.ref:
        clicked_twice = ticket.version == click.ref.version + 1 and ticket_events.made_by(ticket, [act], click.who)
        return Acted(ticket) if clicked_twice else ChangedMeanwhile(ticket)
    if not transitions.is_possible(ticket, act):
        return Impossible(ticket)
    after = transitions.take_out(ticket, act, click.now)
    queue.change(office.id, ticket, after, act, Actor(click.who, click.now))
    return Acted(after)


def _change(click: _Click, act: Act, transition: Callable[[Ticket], Ticket]) -> ActResult:
    return _act(click, (act,), lambda desk, ticket: _store(desk, ticket, transition(ticket), act))


@retry_transaction
def _act(click: _Click, acts: Sequence[Act], change: Callable[[_Desk, Ticket], ActResult]) -> ActResult:
    """Do one of the acts to the ticket, if it is still as the clerk saw it and theirs to act on."""
    office = lock_queue(click.office_id)
    desk = _desk(office, click.who, click.now)
    if isinstance(desk, NotSeated):
        return desk
    ticket = queue.find(office.id, click.ref.ticket)
    if ticket is None:
        return NotFound("ticket")
    if ticket.ref != click.ref:
        clicked_twice = ticket.version == click.ref.version + 1 and ticket_events.made_by(ticket, acts, click.who)
        return Acted(ticket) if clicked_twice else ChangedMeanwhile(ticket)
    elsewhere = ticket.counter not in {None, desk.counter.id}
    if elsewhere or not any(transitions.is_possible(ticket, act) for act in acts):
        return Impossible(ticket)
    return change(desk, ticket)


def _desk(office: Office, who: str, now: datetime) -> _Desk | NotSeated:
    seats = queue.seats(office.id)
    mine = queue.seat_of(seats, who)
    counter = office.counter_of.get(mine.counter) if mine else None
    return _Desk(office, counter, mine, seats, now) if mine and counter else NotSeated()


def _call(desk: _Desk, ticket: Ticket) -> Acted:
    return _store(desk, ticket, transitions.call(ticket, desk.counter.id, desk.now), "call")


def _store(desk: _Desk, before: Ticket, after: Ticket, act: Act) -> Acted:
    queue.change(desk.office.id, before, after, act, Actor(desk.seat.clerk, desk.now))
    return Acted(after)
