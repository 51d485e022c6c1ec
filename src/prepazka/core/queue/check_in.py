"""The rules of arriving: whether a code is accepted, and whether a client without a booking gets a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from prepazka.core.minutes import Minute, instant, local, minute
from prepazka.core.office import calendar
from prepazka.core.office.office import Agenda, Office
from prepazka.core.queue.outcomes import (
    AlreadyUsed,
    CancelledCode,
    ClosedNow,
    Dropped,
    NoMoreToday,
    QuotaUsedUp,
    TicketsStopped,
    TooEarly,
    TooLateForCode,
    UnknownCode,
    WrongDay,
)
from prepazka.core.queue.tickets import Ticket
from prepazka.core.states import BookingState


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """A booking as arriving needs it. id: its row id; ticket: the ticket it has, if any."""

    id: int
    agenda: int
    service: str
    day: date
    start: datetime
    state: BookingState
    ticket: Ticket | None = None


CheckInRefused = TooEarly | TooLateForCode | WrongDay | CancelledCode | AlreadyUsed | Dropped | UnknownCode


# docs/spec/counters.md §2: "A code is accepted from 15 minutes before the start to 15 minutes after it, by default."
def check_in(office: Office, visits: Sequence[BookedVisit], now: datetime) -> BookedVisit | CheckInRefused:
    """Return the booking that is accepted, or the reason why none is. visits: all bookings with the code typed.

    Codes are unique among the active bookings of a day only, so today's booking is meant wherever there is one.
    `WrongDay` does not name the day: the holder of a code sees that the date was mixed up, and somebody who tries codes
    learns no booking. (Cancelling by SMS, where trying costs nothing, does not even tell the wrong day apart.) The
    window is the office's, in whole minutes of the wall clock: while the clock shows 14:15, 14:15 has not passed.
    """
    today = now.astimezone(office.zone).date()
    states = {(visit.day == today, visit.state) for visit in visits}
    if (True, "booked") not in states:
        if (True, "cancelled") in states:
            return CancelledCode()
        # A booking moved away from today is active on another day, under this code or a new one.
        return WrongDay() if (False, "booked") in states or (True, "moved") in states else UnknownCode()
    visit = of_today(office, visits, now)
    if visit.ticket:
        used = Dropped if visit.ticket.state in {"absent", "withdrawn"} else AlreadyUsed
        return used(visit.ticket, office.agenda_of[visit.ticket.agenda])
    accepted_from = visit.start - timedelta(minutes=office.settings.check_in_before_minutes)
    accepted_until = visit.start + timedelta(minutes=office.settings.check_in_after_minutes)
    shown = instant(_minute_shown(now))
    if shown < accepted_from:
        return TooEarly(_wall_time(accepted_from, office), _wall_time(visit.start, office))
    if shown > accepted_until:
        return TooLateForCode(_wall_time(visit.start, office), _wall_time(accepted_until, office))
    return visit


def of_today(office: Office, visits: Sequence[BookedVisit], now: datetime) -> BookedVisit:
    """Return today's active booking, after `check_in` has found that there is one."""
    today = now.astimezone(office.zone).date()
    return next(visit for visit in visits if visit.day == today and visit.state == "booked")


# docs/spec/counters.md §3: "A midday break stops nobody: they take their ticket and wait."
def walk_in(
    office: Office, agenda: Agenda, given_out: int, now: datetime, *, stopped: bool = False
) -> QuotaUsedUp | ClosedNow | NoMoreToday | TicketsStopped | None:
    """Return why no tickets are given out without a booking; None when they are. given_out: such tickets of today.

    Tickets are given out during a midday break too. stopped: a manager stopped the agenda's tickets for today.
    """
    if closed := closed_now(office, agenda, now):
        return closed
    plan = calendar.starts(office, agenda, now.astimezone(office.zone).date())
    if stopped:
        return TicketsStopped(agenda, plan.hours)
    until = Minute(plan.stretches[-1].closes - agenda.queue.walk_ins_stop_minutes)
    if _minute_shown(now) >= until:
        return NoMoreToday(agenda, local(until, office.zone).time(), plan.hours)
    quota = agenda.queue.walk_ins_per_day
    return QuotaUsedUp(agenda, quota, plan.hours) if quota is not None and given_out >= quota else None


def closed_now(office: Office, agenda: Agenda, now: datetime) -> ClosedNow | None:
    """Return `ClosedNow` before the agenda's first opening, after its last closing, or on a closed day."""
    today = now.astimezone(office.zone).date()
    plan = calendar.starts(office, agenda, today)
    if plan.stretches and plan.stretches[0].opens <= _minute_shown(now) < plan.stretches[-1].closes:
        return None
    last = today + timedelta(days=office.settings.horizon_days)
    return ClosedNow(agenda, plan.hours, calendar.next_open(office, agenda, today, last))


def _minute_shown(now: datetime) -> Minute:
    """Return the minute the wall clock shows."""
    return minute(now.astimezone(UTC).replace(second=0, microsecond=0))


def _wall_time(at: datetime, office: Office) -> time:
    return at.astimezone(office.zone).time()
