"""The queue as a clerk sees it: in the order of calling, with names, minutes waited, and what is special of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from prepazka.core.office.office import Counter, Office
from prepazka.core.queue.hall import Light, light, waits_since
from prepazka.core.queue.order import may_call, rank
from prepazka.core.queue.tickets import Ticket
from prepazka.store import desk as store
from prepazka.web.office_words import titled
from prepazka.web.wording import format_counter, format_counter_title, format_time

TagKind = Literal["booked", "late", "priority", "parked", "handed"]


class Tag(NamedTuple):
    """What is special of a ticket: a word, and the kind that gives its colour and edge."""

    kind: TagKind
    words: str


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A ticket of the queue as the clerk sees it.

    code: of its service; waited: whole minutes since the arrival; mine: whether it is at the clerk's counter; ours:
    whether it is for that counter, now or later; callable: whether that counter may call it now; light: how its wait
    stands to the office's limit.
    """

    ticket: Ticket
    agenda: str
    service: str
    code: str
    name: str
    note: str
    counter: str
    waited: int
    tags: Sequence[Tag] = ()
    mine: bool = False
    ours: bool = True
    callable: bool = False
    light: Light = "normal"

    @property
    def parked(self) -> bool:
        """Whether the client is put aside for now."""
        return any(tag.kind == "parked" for tag in self.tags)


def make_lines(
    office: Office, found: Iterable[Ticket], counter: Counter | None, staffed: Iterable[int], now: datetime
) -> list[DeskLine]:
    """Return the tickets in the order in which this counter calls them; then those it cannot call now."""
    tickets, seats = list(found), set(staffed)
    bookings = [ticket.booking for ticket in tickets if ticket.booking is not None]
    names, notes = store.names(bookings), store.notes(bookings)
    lines = []
    for ticket in sorted(tickets, key=lambda ticket: rank(ticket, office.settings, now)):
        agenda, there = office.agenda_of.get(ticket.agenda), office.counter_of.get(ticket.counter or 0)
        service = office.service_of.get(ticket.service)
        lines.append(
            DeskLine(
                ticket,
                agenda.title if agenda else "",
                titled(service),
                service.code if service else "",
                names.get(ticket.booking or 0, ""),
                notes.get(ticket.booking or 0, ""),
                format_counter_title(there.title) if there else "",
                max(0, int((now - ticket.arrived_at).total_seconds() // 60)),
                tuple(_tags(office, ticket, now)),
                mine=counter is not None and ticket.counter == counter.id and ticket.state != "waiting",
                ours=counter is None or ticket.agenda in counter.agendas or ticket.reserved_for == counter.id,
                callable=counter is not None and may_call(ticket, counter, seats, now),
                light=_light(office, ticket, now),
            )
        )
    return sorted(lines, key=lambda line: (not line.callable, not line.ours))


# docs/spec/counters.md §5.4: "A wait near the office's limit or over it has its mark"
def _light(office: Office, ticket: Ticket, now: datetime) -> Light:
    put_aside = ticket.parked_until is not None and ticket.parked_until > now
    if ticket.state != "waiting" or put_aside:
        return "normal"
    return light(now - waits_since(ticket), office.settings.wait_limit_minutes)


def _tags(office: Office, ticket: Ticket, now: datetime) -> Iterable[Tag]:
    if ticket.kind == "booking" and ticket.due_at is not None:
        at = format_time(ticket.due_at.astimezone(office.zone).time())
        yield Tag("booked", _("obj. %(at)s") % {"at": at})
    if ticket.kind == "late":
        yield Tag("late", _("pozdě"))
    if ticket.priority:
        yield Tag("priority", _("přednost"))
    if ticket.state == "waiting" and ticket.parked_until is not None and ticket.parked_until > now:
        at = format_time(ticket.parked_until.astimezone(office.zone).time())
        yield Tag("parked", _("do %(at)s") % {"at": at})  # in the list of those put aside
    if ticket.reserved_for is not None and (there := office.counter_of.get(ticket.reserved_for)):
        yield Tag("handed", f"→ {format_counter(there.title)}")
