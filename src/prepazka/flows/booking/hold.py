"""Places held on the web until their phone confirms them: taken, confirmed by the code, kept or ended by the worker.

Invariant: a held place becomes a booking or is free again, exactly once, whoever comes first. It holds because each of
them decides under the office's lock, by the state the booking has then; a kill between two of them loses nothing, for
the worker finds what is still held.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from prepazka.core.booking import hold as rules
from prepazka.core.booking.codes import draw
from prepazka.core.booking.hold import ConfirmHeld, EndHeld, KeepHeld, state_of
from prepazka.core.booking.ledger import Submission
from prepazka.core.booking.outcomes import Booked, Confirmed, LimitReached, Outcome, UnknownBooking
from prepazka.core.booking.requests import Request
from prepazka.core.office.office import Office
from prepazka.flows.booking.commit import commit_requests
from prepazka.flows.every_office import in_every_office
from prepazka.flows.outbound import ceiling, gateway_health, notify
from prepazka.flows.transaction import retry_transaction
from prepazka.sms.languages import FIRST
from prepazka.sms.reply.render import render
from prepazka.store import holds, offices
from prepazka.store.holds import HeldPlace

_CHANNEL = "web"


# docs/spec/safety.md §3.3: "only where the office has a number whose gateway is well"
def phone_confirms(office: Office, now: datetime) -> bool:
    """Whether bookings on the web wait for their phone now: the office wants it, and a message would leave at once."""
    if not office.settings.confirm_web or offices.replies_only(office.id):
        return False
    route = notify.routes_of(office).first
    return route is not None and gateway_health.is_well(route.gateway, now) and not ceiling.is_reached(office, now)


# docs/spec/safety.md §3.3: "At most 3 places wait at once per network of 64 bits"
def limit_reached(office: Office, number: str, caller: str, now: datetime) -> LimitReached | None:
    """Return the limit one more held place would break. The caller holds the office's lock."""
    at_once = rules.at_once(caller)
    if holds.count_at_once(office.id, caller) >= at_once:
        return LimitReached(at_once, "unconfirmed")
    if holds.count_of_number(office.id, number, now) >= rules.PER_NUMBER_AND_HOUR:
        return LimitReached(rules.PER_NUMBER_AND_HOUR, "unconfirmed")
    return None


@retry_transaction
def confirm(office_id: int, booking_id: int, code: str, now: datetime) -> Outcome:
    """Confirm a held place by the code typed on its page.

    `UnknownBooking` for a wrong code, and for every code after `WRONG_CODES` wrong ones.
    """
    locked = offices.lock(office_id)
    held = holds.place(locked.office, booking_id)
    if held is None or held.waiting is None:
        return UnknownBooking(code, None)
    if not secrets.compare_digest(held.booking.code.encode(), code.encode()) or held.wrong_codes >= rules.WRONG_CODES:
        holds.count_wrong_code(booking_id)
        return UnknownBooking(code, held.booking.day, last=held.wrong_codes + 1 >= rules.WRONG_CODES)
    request = ConfirmHeld(booking_id, code, held.booking.day)
    [(outcome, _)] = commit_requests(locked, [_submission(request, held, now)], _CHANNEL)
    return outcome


def settle(now: datetime) -> int:
    """End the held places whose time is over, and keep those whose message could not be handed over; return how many.

    Any number of processes may do this at once.
    """
    return in_every_office(holds.offices_due(now), lambda office_id: _settle(office_id, now))


def forget(now: datetime) -> int:
    """Delete what is known of holds a day after they were chosen."""
    return holds.forget(now - holds.DAY)


@retry_transaction
def _settle(office_id: int, now: datetime) -> int:
    locked = offices.lock(office_id)
    due = [held for held in holds.waiting(locked.office) if _state_of(held, now) != "waits"]
    submissions = [_submission(_request(held, now), held, now) for held in due]
    committed = commit_requests(locked, submissions, _CHANNEL) if submissions else []
    kept = [held for held, one in zip(due, committed, strict=True) if isinstance(one.outcome, Confirmed)]
    _tell_without_question(locked.office, kept)
    return len(due)


def _state_of(held: HeldPlace, now: datetime) -> rules.HoldState:
    """Return what becomes of a held place; one without a hold, which no code makes, is kept."""
    return "stands" if held.waiting is None else state_of(held.waiting, now)


def _request(held: HeldPlace, now: datetime) -> Request:
    kind = EndHeld if _state_of(held, now) == "ends" else KeepHeld
    return kind(_id(held), held.booking.code, held.booking.day)


def _submission(request: Request, held: HeldPlace, now: datetime) -> Submission:
    codes = (draw(secrets.randbelow),)
    return Submission(request, now, held.booking.sender, codes=codes)


def _tell_without_question(office: Office, kept: Sequence[HeldPlace]) -> None:
    """Store that these places stand; their messages, where they still wait, do not ask any more."""
    if not kept:
        return
    holds.mark_stood([_id(held) for held in kept])
    for held in kept:
        reply = render(Booked(held.booking), office, FIRST)
        assert reply, "a booking has a reply"  # noqa: S101 -- render returns None only where nothing is to be sent
        holds.reword(_id(held), reply.text, reply.septets, reply.parts)


def _id(held: HeldPlace) -> int:
    assert held.booking.id is not None  # noqa: S101 -- it was read from the store
    return held.booking.id
