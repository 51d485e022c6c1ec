"""The events of tickets: one for each change, with who made it, and with what an undo gives back."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from prepazka.core.actor import Actor
from prepazka.core.queue.tickets import UNDOABLE, UNPERFORMED, Act, Ticket
from prepazka.store import models
from prepazka.store.sql import listed, moment, rows, run


def add(ticket: Ticket, act: Act, before: Ticket | None, actor: Actor) -> None:
    """Store an event of a ticket that is stored already as it is after the act. before: as it was, None on arriving."""
    counter = before.counter if before and ticket.counter is None else ticket.counter
    kept = _kept(before) if before and act in UNDOABLE else None
    state = before.state if before else ""
    run(
        "INSERT INTO ticket_event (ticket_id, at, who, act, before, after, counter_id, version, values_before, "
        "agenda_id, service_id) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, (SELECT service_id FROM ticket WHERE id = %s))",
        [
            *(ticket.id, moment(actor.at), actor.who, act, state, ticket.state, counter, ticket.version, kept),
            *(ticket.agenda, ticket.id),
        ],
    )


_KEPT_TIMES = ("arrived_at", "parked_until", "called_at", "served_at", "ended_at")
_KEPT = ("booking", "agenda", "service", "kind", "state", "counter", "reserved_for", "recalls")


def _kept(ticket: Ticket) -> str:
    """Return what an act may change of a ticket, as JSON."""
    times = {name: at.isoformat() if (at := getattr(ticket, name)) else None for name in _KEPT_TIMES}
    return json.dumps({name: getattr(ticket, name) for name in _KEPT} | times)


# docs/spec/reports.md §1: "A ticket that was given out by mistake is no visit, and in no figure."
NO_MISTAKE = (
    "NOT (ticket.state = 'withdrawn' AND EXISTS (SELECT 1 FROM ticket_event last "
    "WHERE last.ticket_id = ticket.id AND last.version = ticket.version AND last.act = 'mistake'))"
)
"""The condition that a row of `ticket` was not given out by mistake. Index: one_event_a_version."""


UNPERFORMED_NOW = (
    "(ticket.state = 'done' AND EXISTS (SELECT 1 FROM ticket_event last WHERE last.ticket_id = ticket.id "
    f"AND last.version = ticket.version AND last.act IN ({', '.join(map(repr, UNPERFORMED))})))"
)
"""The condition that the client of a row of `ticket` could not be served. Index: one_event_a_version."""


class LastAct(NamedTuple):
    """The act that made a ticket what it is."""

    act: str
    who: str
    at: datetime


def last_act(ticket: Ticket) -> LastAct:
    """Return the ticket's last act. Index: one_event_a_version."""
    row = models.TicketEvent.objects.get(ticket_id=ticket.id, version=ticket.version)
    return LastAct(row.act, row.who, row.at)


def before_last_act(ticket: Ticket) -> Ticket:
    """Return the ticket as it was before its last act, which is one that can be undone. Index: one_event_a_version."""
    kept = models.TicketEvent.objects.get(ticket_id=ticket.id, version=ticket.version).values_before or {}
    # What was kept before a mistake took the booking away has no booking.
    values: dict[str, Any] = {name: kept.get(name, getattr(ticket, name)) for name in _KEPT}
    times = {name: datetime.fromisoformat(kept[name]) if kept[name] else None for name in _KEPT_TIMES}
    return replace(ticket, **values | times)


def unperformed(tickets: Collection[int]) -> set[int]:
    """Return those of these tickets (row ids) that are done whose clients could not be served. Index: primary key."""
    if not tickets:
        return set()
    among = listed(tickets)
    return {row[0] for row in rows(f"SELECT id FROM ticket WHERE {{among:id}} AND {UNPERFORMED_NOW}", [among])}


def made_by(ticket: Ticket, acts: Collection[Act], who: str) -> bool:
    """Whether the ticket's last change was one of these acts by this person. Index: one_event_a_version."""
    last = models.TicketEvent.objects.filter(ticket_id=ticket.id, version=ticket.version)
    return last.filter(act__in=acts, who=who).exists()
