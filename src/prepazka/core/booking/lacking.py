"""What a reply leaves unfinished: the wish that lacks a value, as far as the phone and the reply said it."""

from dataclasses import replace
from datetime import time
from typing import Any

from prepazka.core.booking.draft import Draft
from prepazka.core.booking.misunderstandings import (
    BadDate,
    BadTime,
    MissingDate,
    MissingName,
    MissingTime,
    NotUnderstood,
    UnknownService,
)
from prepazka.core.booking.outcomes import (
    ClosedDay,
    FreeTimesListed,
    InPast,
    NoFreeSlot,
    OffGrid,
    Outcome,
    OutsideHours,
    SlotFull,
    TooFar,
)
from prepazka.core.booking.questions import Unfinished
from prepazka.core.booking.requests import Request

_BOOKING = frozenset(("book", "book_persons"))
_SOONEST = frozenset(("soonest", "soonest_persons"))


# docs/spec/conversation.md §3: "What was listed, and what the office asked for, is gone on with"
def left_unfinished(request: Request | Outcome, outcome: Outcome) -> Unfinished | None:
    """The wish an outcome leaves unfinished, if it does."""
    match outcome:
        case FreeTimesListed(service=service, day=day, starts=starts, wish=wish):
            listed = Unfinished(service.code, day, first=starts[0], last=starts[-1])
            return replace(listed, name=wish.name, persons=wish.persons, moving=wish.moving) if wish else listed
        case MissingName(draft=draft) | MissingDate(draft=draft) | MissingTime(draft=draft):
            return _of_draft(draft)
        case BadDate(draft=draft) | BadTime(draft=draft):
            return _of_draft(draft)
        case UnknownService(hole=hole, draft=Draft() as draft) if hole:
            return _of_draft(draft, named=False)
        case NotUnderstood(draft=Draft(service=str()) as draft, also=None):
            known = _of_draft(draft)
            return replace(known, of_part=True, soonest=False) if known else None
        case OutsideHours() | OffGrid() | InPast(at=time()):
            return _without(request, {"at": None})
        case ClosedDay(next_free=free, next_open=day) if free is None:
            return _without(request, {"day": None, "soonest": False, "told": day})
        case ClosedDay(next_free=free) | NoFreeSlot(next_free=free) | SlotFull(offers=(), next_free=free):
            return _without(request, {"day": None, "soonest": False, "told": free.day if free else None})
        case InPast() | TooFar():
            return _without(request, {"day": None, "soonest": False})
        case _:
            return None


def _without(request: Request | Outcome, lost: dict[str, Any]) -> Unfinished | None:
    """What a request wished, but for what cannot be."""
    wanted = request.wish if isinstance(request, Request) else None
    return replace(wanted, refused=True, **lost) if wanted else None


def _of_draft(draft: Draft, *, named: bool = True) -> Unfinished | None:
    """The wish of a draft. named: only where the service is known."""
    if draft.form == "move":
        return Unfinished("", draft.day, draft.at, moving=draft.code) if draft.code else None
    is_soonest = draft.form in _SOONEST
    if (named and not draft.service) or not (is_soonest or draft.form in _BOOKING or draft.form == "free_times"):
        return None
    persons = draft.persons or 1
    return Unfinished(draft.service or "", draft.day, draft.at, draft.name or "", persons, soonest=is_soonest)
