"""The one function that books, moves and cancels, for every channel: it decides under the office's lock and stores.

SMS, web, desk and API all end here, so a place is given away in one piece of code. Constraints of the database are the
last guard behind it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from prepazka.core.actor import Actor
from prepazka.core.booking.booking import Booking
from prepazka.core.booking.concerned import kept_with
from prepazka.core.booking.decide import decide
from prepazka.core.booking.ledger import Ledger, Submission
from prepazka.core.booking.outcomes import Confirmed, Outcome
from prepazka.core.booking.readset import read_set
from prepazka.core.booking.snapshot import NotRead, Snapshot, Span
from prepazka.core.minutes import minute
from prepazka.core.office.office import Office
from prepazka.core.queue import transitions
from prepazka.flows.booking import waitlist
from prepazka.flows.booking.next_free import Decided, with_next_free
from prepazka.store import holds, queue, reads, writes
from prepazka.store.offices import Locked
from prepazka.store.writes import BookingKey


class Committed(NamedTuple):
    """The outcome of a request, and the row id of the booking it concerns, if any."""

    outcome: Outcome
    booking_id: int | None


def _keep_nothing(outcomes: Sequence[Outcome]) -> None:
    pass


def commit_requests(
    locked: Locked,
    submissions: Sequence[Submission],
    channel: str,
    keep: Callable[[Sequence[Outcome]], None] = _keep_nothing,
) -> list[Committed]:
    """Decide requests in order and store what was decided, in the transaction that holds the office's lock.

    keep: stores what the outcomes change beside bookings, before anybody is notified of a freed place: who joined the
    waitlist a message before may be the one.

    Invariant (docs/spec/delivery.md §2): a batch answers exactly as the same requests one after another. The notices of
    freed places are no answers: they are decided once the batch is.

    Raises: IntegrityError or OutOfCodes when a place or all drawn codes were lost (`flows.transaction` tries again).
    """
    office = locked.office
    now = max(submission.now for submission in submissions)
    ledger, decided = _decide(submissions, office)
    told = with_next_free(office, decided)
    change_bookings(locked, ledger.changed, Actor(channel, now))
    if confirmed := [one.booking.id for one in told if isinstance(one, Confirmed) and one.booking.id is not None]:
        holds.mark_confirmed(confirmed)
    new_ids = writes.add_bookings(office, ledger.new, channel, now)
    keep(told)
    waitlist.notify_of_freed(locked, ledger.freed, now)
    return [Committed(outcome, _id(kept_with(outcome), new_ids)) for outcome in told]


# How often one request is decided by places that are usually enough: by them, and with those that were missing.
_USUAL = 2


def _decide(submissions: Sequence[Submission], office: Office) -> tuple[Ledger, list[Decided]]:
    """Decide requests in order. One alone is decided by places that are usually enough; a batch reads all at once."""
    moments = [minute(submission.now) for submission in submissions]
    needed = read_set(submissions, office, usual=len(submissions) == 1)
    found, missing = reads.snapshot(office, needed, min(moments), max(moments)), list[Span]()
    while True:
        try:
            return _decide_by(found, submissions, office)
        except NotRead as more:
            missing.append(more.span)
            needed = read_set(submissions, office, usual=len(missing) < _USUAL, missing=missing)
            found = reads.with_places(found, office, needed)


def _decide_by(found: Snapshot, submissions: Sequence[Submission], office: Office) -> tuple[Ledger, list[Decided]]:
    """Decide requests by what was read for them. Raises: NotRead."""
    ledger = Ledger(office, found)
    decided: list[Decided] = []
    for submission in submissions:
        before = len(ledger.steps)
        outcome = decide(submission, office, ledger)
        decided.append(Decided(submission, outcome, ledger.steps[before:]))
    return ledger, decided


def change_bookings(locked: Locked, bookings: Collection[Booking], actor: Actor) -> None:
    """Store the new state of bookings and withdraw the waiting tickets of those that are no longer active.

    Only today's bookings can have tickets. The queue's lock is taken before the rows, as checking in does
    (`flows.counters.arrive`). A check-in at the same moment comes either wholly before, and its ticket is found, or
    wholly after, and its code is refused.
    """
    office = locked.office
    today = actor.at.astimezone(office.zone).date()
    ids_today = [booking.id for booking in bookings if booking.day == today and booking.id is not None]
    if ids_today:
        queue.lock(office.id)
    writes.change_states(bookings, actor.at)
    for ticket in queue.waiting_tickets(ids_today):
        queue.change(office.id, ticket, transitions.withdraw(ticket, actor.at), "withdraw", actor)


def _id(booking: Booking | None, new_ids: Mapping[BookingKey, int]) -> int | None:
    if booking is None:
        return None
    return booking.id if booking.id is not None else new_ids[BookingKey(str(booking.day), booking.code)]
