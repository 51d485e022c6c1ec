"""One request from the web, the desk or another program: decided, stored and confirmed like a message.

The channel is only recorded: limits, hours and places are the same for all channels, because all of them call
`commit_requests`.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from prepazka.core.booking.codes import draw
from prepazka.core.booking.ledger import Submission
from prepazka.core.booking.outcomes import Booked, Cancelled, Held, Moved, Outcome
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office
from prepazka.flows.booking import hold
from prepazka.flows.booking.commit import commit_requests
from prepazka.flows.outbound import notify
from prepazka.flows.transaction import retry_transaction
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import render
from prepazka.store import holds, idempotency, offices, register


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """A request that did not come by SMS.

    sender: E.164, the identity; "" for a caller without a phone. confirm: whether a booking is confirmed by SMS to that
    number, because the page or program that asks does not show the citizen the code, and a cancelled one is told to the
    phone it was booked by; language: of the confirmation. form: the key of the form the request came by. The same
    request by the same form again is a double click, and gets the booking the first one made. caller: the network a
    citizen booked from on the web, whose place may have to wait for its phone; "" where nothing waits. calls: a number
    in E.164 kept for calling only. by: who asks for somebody else, "" for the person; the register of access has it.
    """

    request: Request
    channel: Literal["web", "desk", "api"]
    sender: str = ""
    confirm: bool = True
    language: str = FIRST
    form: UUID | None = None
    caller: str = ""
    calls: str = ""
    by: str = ""

    @property
    def key(self) -> UUID | None:
        """Of the form and of the request: the form sent again with another name is another request."""
        return None if self.form is None else uuid5(self.form, f"{self.request!r} {self.sender}")


@retry_transaction
def submit(office_id: int, requested: BookingRequest, now: datetime) -> Outcome:
    """Decide a request and return its outcome. Its confirmation is queued in the same transaction and sent later."""
    locked = offices.lock(office_id)
    office = locked.office
    # Under the office's lock: of two clicks at the same time, the second one finds what the first one made.
    if requested.key and (existing := idempotency.booking_of_form(office, requested.key)):
        return Held(existing) if existing.state == "held" else Booked(existing)
    waits = bool(requested.caller and requested.sender) and hold.phone_confirms(office, now)
    if waits and (limit := hold.limit_reached(office, requested.sender, requested.caller, now)):
        return limit
    codes = (draw(secrets.randbelow), draw(secrets.randbelow))
    submission = Submission(requested.request, now, requested.sender, codes=codes, hold=waits, calls=requested.calls)
    [(outcome, booking_id)] = commit_requests(locked, [submission], requested.channel)
    if requested.by and isinstance(outcome, Booked | Cancelled | Moved):
        _register(office_id, requested.by, outcome, booking_id, now)
    if isinstance(outcome, Booked | Held) and booking_id is not None:
        _follow_up(office, requested, outcome, booking_id, now)
    if isinstance(outcome, Cancelled | Moved) and booking_id is not None and requested.confirm:
        _tell(office, outcome, booking_id, now)
    return outcome


_REGISTERED: Mapping[type[Outcome], register.Act] = {
    Booked: "booked for caller",
    Moved: "moved for caller",
    Cancelled: "cancelled for caller",
}


# docs/spec/safety.md §5.4: "a booking made, moved or cancelled for somebody"
def _register(
    office_id: int, by: str, outcome: Booked | Cancelled | Moved, booking_id: int | None, now: datetime
) -> None:
    what = _REGISTERED[type(outcome)]
    number = outcome.booking.sender or outcome.booking.calls
    register.note(office_id, now, by, what, number, booking=booking_id)


def _follow_up(
    office: Office, requested: BookingRequest, outcome: Booked | Held, booking_id: int, now: datetime
) -> None:
    """Remember the form of a new booking, and queue the message about it."""
    if requested.key:
        idempotency.note(requested.key, booking_id, now)
    if isinstance(outcome, Held):
        holds.keep(office.id, booking_id, requested.sender, requested.caller, now)
    if requested.confirm and requested.sender:
        reply = render(outcome, office, requested.language)
        assert reply, "a booking has a reply"  # noqa: S101 -- render returns None only for ignored messages
        kind = "held" if isinstance(outcome, Held) else "confirmation"
        notify.enqueue(office, [notify.of_booking(kind, outcome.booking, booking_id, reply)], now)


# docs/spec/counters.md §5.1: "Cancelling and moving at the desk or on the web is told to the phone of the booking"
def _tell(office: Office, outcome: Cancelled | Moved, booking_id: int, now: datetime) -> None:
    """Queue the message to the phone of a booking that was cancelled or moved, in the words and language it used."""
    if not outcome.booking.sender:
        return
    routes, today = notify.routes_of(office), now.astimezone(office.zone).date()
    before = outcome.before.id if isinstance(outcome, Moved) else None
    asked = before or booking_id
    preference = notify.reply_preferences(office, [asked], today, routes)[asked]
    reply = render(outcome, office, preference.language)
    assert reply, "a cancelled or moved booking has a reply"  # noqa: S101 -- as above
    kind = "moved" if isinstance(outcome, Moved) else "cancelled"
    notify.enqueue(office, [notify.of_booking(kind, outcome.booking, booking_id, reply, preference.route)], now)
