"""Arriving: whether a code is accepted, whether somebody without a booking gets a ticket, and otherwise why not."""

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
    NoMoreToday,
    QuotaUsedUp,
    TooEarly,
    TooLateForCode,
    UnknownCode,
    WrongDay,
)
from prepazka.core.queue.tickets import Ticket
from prepazka.core.states import BookingState


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """A booking as the entrance sees it. id is its row; ticket: the one it was given, if any."""

    id: int
    agenda: int
    service: str
    day: date
    start: datetime
    state: BookingState
    ticket: Ticket | None = None


CheckInRefused = TooEarly | TooLateForCode | WrongDay | CancelledCode | AlreadyUsed | UnknownCode


# docs/spec/counters.md §2: "A code is accepted from 15 minutes before the start to 15 minutes after it, by default."
def check_in(office: Office, promises: Sequence[BookedVisit], now: datetime) -> BookedVisit | CheckInRefused:
    """The booking that is accepted, or why none is. `promises`: all bookings there are with the code typed.

    Codes are unique among the active bookings of a day only, so today's booking is meant wherever there is one. That an
    active booking of another day has this code is told without saying which day: its holder sees the date was mixed up,
    and somebody who tries codes learns no booking (spec/counters.md wants "wrong day" told apart; cancelling by SMS,
    where trying costs nothing, tells even that not). The window is the office's, in whole minutes of the wall clock:
    while it shows 14:15, 14:15 has not passed.
    """
    today = now.astimezone(office.zone).date()
    states = {(promise.day == today, promise.state) for promise in promises}
    if (True, "booked") not in states:
        if (True, "cancelled") in states:
            return CancelledCode()
        # Moved away from today, its booking stands on another day, under this code or a new one.
        return WrongDay() if (False, "booked") in states or (True, "moved") in states else UnknownCode()
    promise = of_today(office, promises, now)
    if promise.ticket:
        return AlreadyUsed(promise.ticket, office.agenda_of[promise.ticket.agenda])
    accepted_from = promise.start - timedelta(minutes=office.settings.check_in_before_minutes)
    accepted_until = promise.start + timedelta(minutes=office.settings.check_in_after_minutes)
    begun = instant(_begun(now))
    if begun < accepted_from:
        return TooEarly(_wall(accepted_from, office), _wall(promise.start, office))
    if begun > accepted_until:
        return TooLateForCode(_wall(promise.start, office), _wall(accepted_until, office))
    return promise


def of_today(office: Office, promises: Sequence[BookedVisit], now: datetime) -> BookedVisit:
    """Today's active booking, of which `check_in` found that there is one."""
    today = now.astimezone(office.zone).date()
    return next(promise for promise in promises if promise.day == today and promise.state == "booked")


# docs/spec/counters.md §3: "A midday break stops nobody: they take their ticket and wait."
def walk_in(
    office: Office, agenda: Agenda, given_out: int, now: datetime
) -> QuotaUsedUp | ClosedNow | NoMoreToday | None:
    """Why nobody without a booking gets a ticket now; None when they do. given_out: such tickets of today so far.

    A midday break stops nobody: they take their ticket and wait.
    """
    if closed := closed_now(office, agenda, now):
        return closed
    plan = calendar.starts(office, agenda, now.astimezone(office.zone).date())
    until = Minute(plan.stretches[-1].closes - agenda.queue.walk_ins_stop_minutes)
    if _begun(now) >= until:
        return NoMoreToday(agenda, local(until, office.zone).time(), plan.hours)
    quota = agenda.queue.walk_ins_per_day
    return QuotaUsedUp(agenda, quota, plan.hours) if quota is not None and given_out >= quota else None


def closed_now(office: Office, agenda: Agenda, now: datetime) -> ClosedNow | None:
    """Whether the agenda is shut: before its first opening, after its last closing, or all day."""
    today = now.astimezone(office.zone).date()
    plan = calendar.starts(office, agenda, today)
    if plan.stretches and plan.stretches[0].opens <= _begun(now) < plan.stretches[-1].closes:
        return None
    last = today + timedelta(days=office.settings.horizon_days)
    return ClosedNow(agenda, plan.hours, calendar.next_open(office, agenda, today, last))


def _begun(now: datetime) -> Minute:
    """The minute the wall clock shows."""
    return minute(now.astimezone(UTC).replace(second=0, microsecond=0))


def _wall(at: datetime, office: Office) -> time:
    return at.astimezone(office.zone).time()
