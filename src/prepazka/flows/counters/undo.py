"""Undoing the last act at a counter, for a few seconds: the ticket is again as it was before."""

from collections.abc import Sequence
from datetime import datetime

from prepazka.core.actor import Actor
from prepazka.core.queue import transitions
from prepazka.core.queue.outcomes import Acted, Busy, ChangedMeanwhile, NotFound, TooLateToUndo, UndoResult
from prepazka.core.queue.tickets import UNDO_FOR, UNDOABLE, Ticket, TicketRef
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import queue, ticket_events


# docs/spec/counters.md §5: "The last act can be undone for 10 seconds by the clerk who did it"
@retry_transaction
def undo(office_id: int, who: str, refs: Sequence[TicketRef], now: datetime) -> UndoResult:
    """Undo what one press did to these tickets, as it left them, the newest first: all of it or nothing.

    Returns the first ticket as it is then. The same press sent twice is done once.
    """
    lock_queue(office_id)
    found: list[Ticket] = []
    for ref in refs:
        ticket = _find(office_id, who, ref, now)
        if not isinstance(ticket, Ticket):
            return ticket
        found.append(ticket)
    if not found:
        return NotFound("ticket")
    ours = {ticket.id for ticket in found}
    for ticket in found:
        before = ticket_events.before_last_act(ticket)
        if before.state == "waiting" and not _may_wait_again(ticket, before):
            return TooLateToUndo(ticket)
        client = queue.at_counter(before.counter) if before.counter and before.state != "waiting" else None
        if client and client.id not in ours:
            return Busy(client)
    restored = [_restore(office_id, ticket, Actor(who, now)) for ticket in found]
    return Acted(restored[0])


def _find(office_id: int, who: str, ref: TicketRef, now: datetime) -> Ticket | UndoResult:
    """Return the ticket whose last act may be undone, or why it may not."""
    ticket = queue.find(office_id, ref.ticket)
    if ticket is None:
        return NotFound("ticket")
    if ticket.ref != ref:
        twice = ticket.version == ref.version + 1 and ticket_events.made_by(ticket, ["undo"], who)
        return Acted(ticket) if twice else ChangedMeanwhile(ticket)
    last = ticket_events.last_act(ticket)
    mine = last.who == who and last.act in UNDOABLE
    return ticket if mine and now - last.at <= UNDO_FOR else TooLateToUndo(ticket)


def _may_wait_again(ticket: Ticket, before: Ticket) -> bool:
    """Whether the booking of a ticket that was taken out still stands, and has no other ticket by now."""
    if before.booking is None:
        return True
    holder = queue.ticket_of(before.booking)
    return queue.stands(before.booking) and (holder is None or holder.id == ticket.id)


def _restore(office_id: int, ticket: Ticket, actor: Actor) -> Ticket:
    restored = transitions.undo(ticket, ticket_events.before_last_act(ticket))
    queue.change(office_id, ticket, restored, "undo", actor)
    return restored
