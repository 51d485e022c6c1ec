"""What came of a message, as outside programs read it: one shape for the replay tool and the API."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from prepazka.core.bookings import Booking
from prepazka.core.outcomes import FreeTimesListed, OffGrid, Outcome, SlotFull
from prepazka.flows.receive import Handled


def line(handled: Handled) -> dict[str, Any]:
    """The replay line of one message (spec/contract.md §1), ready for JSON.

    `outcome` is null for a message that is stored but could not be handled yet.
    """
    reply, outcome = handled.reply, handled.outcome
    return {
        "id": handled.id,
        "outcome": outcome.outcome if outcome else None,
        "reply": reply.text if reply else None,
        "language": handled.language or None,
        "septets": reply.septets if reply else None,
        "parts": reply.parts if reply else None,
        "booking": _booking(handled.booking) if handled.booking else None,
        "offers": starts(outcome),
    }


def starts(outcome: Outcome | None) -> list[dict[str, str]]:
    """The starts proposed, or every free start of the day asked for."""
    match outcome:
        case SlotFull(offers=offers):
            return [_start(offer.day, offer.at) for offer in offers]
        case FreeTimesListed(day=day, starts=times) | OffGrid(day=day, near=times):
            return _starts(day, times)
        case _:
            return []


def _starts(day: date, times: Sequence[time]) -> list[dict[str, str]]:
    return [_start(day, at) for at in times]


def _start(day: date, at: time) -> dict[str, str]:
    return {"date": day.isoformat(), "time": f"{at:%H:%M}"}


def _booking(booking: Booking) -> dict[str, str]:
    return {
        "service": booking.service,
        **_start(booking.day, booking.at),
        "name": booking.name,
        "code": booking.code,
        "state": booking.state,
    }
