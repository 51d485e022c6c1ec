"""Calling: what a clerk does with tickets at the counter they sit at (`flows.seat`).

Invariant: a ticket is called to one counter, a counter has one client, and every change is recorded with who and when.
Each act is one transaction under the queue's lock. An act names the ticket as the clerk saw it (`Ref`): the same press
sent twice is done once and answered alike, an old page changes nothing.
"""

from datetime import datetime

from prepazka.core.queue.outcomes import Called, Done
from prepazka.core.queue.tickets import Destination, Ref


def call_next(office_id: int, who: str, now: datetime, *, ending: Ref | None = None) -> Called:
    """Call the next ticket to the clerk's counter (`core.queue.order`).

    While a ticket is called there already, it is that one again (a double press). While one is being served: `Busy`,
    unless it is `ending`, as the clerk saw it, which is then done in the same step.
    """
    raise NotImplementedError


def call_one(office_id: int, who: str, ref: Ref, now: datetime) -> Done:
    """Call this waiting ticket, whoever would be next: parked ones that are back, or somebody who cannot wait."""
    raise NotImplementedError


def recall(office_id: int, who: str, ref: Ref, now: datetime) -> Done:
    """Call the counter's called ticket once more: displays show it anew and sound their gong."""
    raise NotImplementedError


def not_here(office_id: int, who: str, ref: Ref, now: datetime) -> Done:
    """The called client did not come: to be called again after `recall_later_minutes`; absent once recalled enough."""
    raise NotImplementedError


def serve(office_id: int, who: str, ref: Ref, now: datetime) -> Done:
    """The called client is here."""
    raise NotImplementedError


def done(office_id: int, who: str, ref: Ref, now: datetime) -> Done:
    """The client has been served."""
    raise NotImplementedError


def park(office_id: int, who: str, ref: Ref, now: datetime, until: datetime) -> Done:
    """Back to the queue, in the ticket's old place, but not to be called before `until`."""
    raise NotImplementedError


def transfer(office_id: int, who: str, ref: Ref, now: datetime, to: Destination) -> Done:
    """Back to the queue for another agenda, for a given counter, or for later; the number stays the same."""
    raise NotImplementedError
