"""The JSON of a handled message and of the board: one shape for the commands and the API."""

from collections.abc import Sequence
from datetime import date, time, tzinfo
from typing import TYPE_CHECKING, Any

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.concerned import booking_of
from prepazka.core.booking.outcomes import FreeTimesListed, OffGrid, Outcome, SlotFull
from prepazka.core.queue.board import Board, LastCall

if TYPE_CHECKING:  # a board's line needs none of what handles messages
    from prepazka.flows.inbound.handle import Handled


def message_line(handled: "Handled") -> dict[str, Any]:
    """Return the replay line of one message (spec/contract.md §1), ready for JSON.

    outcome: null for a message that is stored but could not be handled yet.
    """
    reply, outcome = handled.reply, handled.outcome
    return {
        "id": handled.id,
        "outcome": outcome.outcome if outcome else None,
        "reply": reply.text if reply else None,
        "language": handled.language or None,
        "septets": reply.septets if reply else None,
        "parts": reply.parts if reply else None,
        **concerned(outcome),
    }


def concerned(outcome: Outcome | None) -> dict[str, Any]:
    """Return the booking an outcome concerns, or None, and the starts it offers."""
    booking = booking_of(outcome) if outcome else None
    return {"booking": _booking(booking) if booking else None, "offers": starts(outcome)}


def starts(outcome: Outcome | None) -> list[dict[str, str]]:
    """Return the starts proposed, or every free start of the day asked for."""
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


def board_line(board: Board, zone: tzinfo) -> dict[str, Any]:
    """Return the board (spec/contract.md §2), ready for JSON; moments on the office's wall clock. Numbers only."""
    return {
        "office": board.office,
        "name": board.name,
        "at": board.at.astimezone(zone).isoformat(timespec="seconds"),
        "version": board.version,
        "agendas": [
            {
                "key": agenda.key,
                "title": agenda.title,
                "open": agenda.open,
                "waiting": agenda.waiting,
                "counters": agenda.counters,
                "wait_minutes": {"low": agenda.wait.low, "high": agenda.wait.high, "indicative": True}
                if agenda.wait
                else None,
            }
            for agenda in board.agendas
        ],
        "calling": calling_lines(board, zone),
        "last": [_call(call, zone) for call in board.last],
        "counters": [
            {"key": one.key, "title": one.title, "state": one.state, "number": one.number or None}
            for one in board.counters
        ],
    }


def calling_lines(board: Board, zone: tzinfo) -> list[dict[str, Any]]:
    """Return the calls that wait for their client, the newest first, as the board tells them."""
    return [_call(call, zone) for call in board.calling]


def _call(call: LastCall, zone: tzinfo) -> dict[str, Any]:
    return {
        "number": call.number,
        "counter": call.counter,
        "agenda": call.agenda,
        "at": call.at.astimezone(zone).isoformat(timespec="milliseconds"),
        "times": call.times,
    }
