"""The bar that takes back the last press for a few seconds: what it was, and the address that undoes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from prepazka.core.queue.outcomes import Acted, NobodyWaits
from prepazka.core.queue.tickets import UNDO_FOR, Ticket, TicketRef
from prepazka.flows.booking import cancel_later
from prepazka.flows.counters.undo import undo as undo_act
from prepazka.store import queue
from prepazka.web import clock
from prepazka.web.access import StaffRequest, staff
from prepazka.web.desk.bookings import back_to_day, find_booking
from prepazka.web.desk.last_press import MESSAGE, Undo, forget, remember
from prepazka.web.desk.numbers import parse_number
from prepazka.web.desk.words import DeskResult, describe_undo
from prepazka.web.post_only import post_only

_MOST = 2


class _Done(NamedTuple):
    words: str
    refs: Sequence[TicketRef]


def note(request: StaffRequest, act: str, seen: TicketRef, outcome: DeskResult) -> None:
    """Remember what the press changed, so that the next page offers to undo it."""
    done = _changed(request.official.office.id, act, seen, outcome)
    if done and done.refs:
        refs = ",".join(f"{ref.ticket}:{ref.version}" for ref in done.refs)
        remember(request, Undo(done.words, refs, 0), clock.now() + UNDO_FOR)
    else:
        forget(request)


def _changed(office_id: int, act: str, seen: TicketRef, outcome: DeskResult) -> _Done | None:
    words = {
        "call": _("%(number)s zavolán"),
        "not_here": _("%(number)s nepřišel"),
        "done": _("%(number)s vyřízen"),
        "unperformed": _("%(number)s nevyřízen"),
        "park": _("%(number)s odložen"),
        "transfer": _("%(number)s předán"),
        "leave": _("%(number)s vyřazen"),
        "mistake": _("%(number)s vyřazen"),
    }
    match outcome:
        case Acted(ticket=ticket) if act == "next":
            ended = _ended(office_id, seen)
            called = words["call"] % {"number": ticket.label}
            refs = [ticket.ref, *([ended.ref] if ended else [])]
            return _Done(f"{words['done'] % {'number': ended.label}}, {called}" if ended else called, refs)
        case NobodyWaits() if ended := _ended(office_id, seen):
            return _Done(words["done"] % {"number": ended.label}, [ended.ref])
        case Acted(ticket=ticket) if act in words:
            return _Done(words[act] % {"number": ticket.label}, [ticket.ref])
        case _:
            return None


def _ended(office_id: int, seen: TicketRef) -> Ticket | None:
    """Return the client whom pressing *next* ended."""
    ticket = queue.find(office_id, seen.ticket) if seen.ticket else None
    return ticket if ticket and ticket.state == "done" else None


# docs/spec/counters.md §5: "The last act can be undone for 10 seconds by the clerk who did it"
@staff("clerk")
@post_only
def undo(request: StaffRequest) -> HttpResponseBase:
    """Undo what the bar named: an act on tickets, or cancelling a booking."""
    official, now = request.official, clock.now()
    forget(request)
    if "booking" in request.POST:
        return _undo_cancelling(request, now)
    outcome = undo_act(official.office.id, official.who, _read_refs(request.POST.get("refs", "")), now)
    request.session[MESSAGE] = describe_undo(outcome, official.office)
    return redirect("desk", slug=official.office.slug)


def _undo_cancelling(request: StaffRequest, now: datetime) -> HttpResponseBase:
    found = find_booking(request.official.office, parse_number(request.POST["booking"]))
    stands = cancel_later.undo(request.official.office.id, found.id, now)
    words = _("Objednávka dál platí.") if stands else _("Na vrácení už je pozdě, objednávka je zrušená.")
    return back_to_day(request, found.day, words)


def _read_refs(text: str) -> list[TicketRef]:
    pairs = [one.partition(":") for one in text.split(",")[:_MOST]]
    return [TicketRef(parse_number(ticket), parse_number(version)) for ticket, _colon, version in pairs]
