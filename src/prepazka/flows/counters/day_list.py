"""The day without the system: the list of booked people to have at hand, and who came, entered afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from prepazka.core.actor import Actor
from prepazka.core.office import calendar
from prepazka.core.office.office import Office
from prepazka.flows.transaction import lock_queue, retry_transaction
from prepazka.store import desk, queue
from prepazka.store.desk import DayBooking
from prepazka.store.log import note

# How long after its time a list is still made, such as by a server that was down.
_OF_USE = timedelta(hours=4)
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class ListedBooking:
    """A line of the list. digits: the last ones of the telephone number, to be recognised by; "" for none."""

    at: time
    code: str
    name: str
    service: str
    digits: str


@dataclass(frozen=True, slots=True)
class DayList:
    """The bookings of a day."""

    day: date
    bookings: tuple[ListedBooking, ...]


# docs/spec/counters.md §10: "the bookings of today and tomorrow"
def day_lists(office: Office, now: datetime) -> list[DayList]:
    """Return the lists of today and tomorrow, in order of time. A constant number of queries."""
    today = now.astimezone(office.zone).date()
    return [_list(office, day) for day in (today, today + timedelta(days=1))]


def _list(office: Office, day: date) -> DayList:
    booked = [one for one in desk.bookings_of_day(office, day) if one.state == "booked"]
    return DayList(day, tuple(_listed(office, one) for one in booked))


def _listed(office: Office, one: DayBooking) -> ListedBooking:
    service = office.service_of.get(one.service)
    title = service.title if service else one.service
    at = one.at.astimezone(office.zone).time()
    return ListedBooking(at, one.code, one.name, title, (one.sender or one.calls)[-_DIGITS:])


# docs/spec/counters.md §10: "Each day on which an agenda is open"
def is_due(office: Office, now: datetime) -> bool:
    """Whether the list of today is to be made now."""
    local = now.astimezone(office.zone)
    begin = datetime.combine(local.date(), office.settings.day_list_from, office.zone)
    if not begin <= local < begin + _OF_USE:
        return False
    return any(calendar.starts(office, agenda, local.date()).closed is None for agenda in office.agendas)


# docs/spec/counters.md §10: "Who came is entered afterwards"
@retry_transaction
def enter_arrivals(office_id: int, day: date, came: Collection[int], actor: Actor) -> int:
    """Give the booked people of a day who came a ticket that is done; return how many.

    came: row ids of bookings; only those of that day, with a start that is over and without a ticket, count. A booking
    is entered once, however often the form is sent.
    """
    office = lock_queue(office_id)
    entered = 0
    for booking in desk.bookings_of_day(office, day):
        if booking.id in came and can_be_entered(booking, actor.at):
            agenda = office.agenda_of[office.service_of[booking.service].agenda]
            number = queue.draw_number(office_id, day, agenda.queue.prefix)
            queue.add_afterwards(office, booking, agenda, number, actor)
            entered += 1
    if entered:
        note(office_id, actor.at, actor.who, "arrivals entered", day=day.isoformat(), count=entered)
    return entered


def can_be_entered(booking: DayBooking, now: datetime) -> bool:
    """Whether it may be entered that somebody came: the start is over, and nothing is known yet."""
    return booking.state == "booked" and not booking.ticket and booking.at <= now
