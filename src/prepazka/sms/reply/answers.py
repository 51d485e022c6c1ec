"""Answers: what to say of each outcome, and of what the office itself has to tell."""

from datetime import date, time, timedelta
from typing import assert_never

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    BadDate,
    BadTime,
    Booked,
    Cancelled,
    ClosedDay,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
    Incomplete,
    InPast,
    LimitReached,
    MineListed,
    MissingCode,
    MissingDate,
    MissingName,
    MissingTime,
    Misunderstanding,
    Moved,
    NoFreeSlot,
    NothingOffered,
    NotUnderstood,
    OffGrid,
    Outcome,
    OutsideHours,
    QueueTold,
    RemindersResumed,
    RemindersStopped,
    ServicesListed,
    SlotFull,
    TooFar,
    TooLate,
    TooOld,
    UnknownBooking,
    UnknownService,
    Watching,
)
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.sms import gsm
from prepazka.sms.reply.listings import free_times, mine, outside_hours, services_listed, slot_full
from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.values import (
    Answer,
    booking_values,
    counted,
    example_or_sample,
    how_to_cancel,
    how_to_values,
    one,
    reason_value,
    sample,
    start_values,
)

_A_DAY = timedelta(days=1)


def answer(outcome: Outcome, office: Office, templates: Templates) -> Answer | None:
    """What to say of an outcome; None when nothing is to be sent."""
    phrases, forms = templates.phrases, templates.forms
    match outcome:
        case Booked(booking):
            return one("booked", **booking_values(booking, templates))
        case SlotFull():
            return _slot_full(outcome, templates)
        case Cancelled(booking):
            return one("cancelled", **booking_values(booking, templates))
        case Moved(booking, before):
            was = {"before_date": phrases.day(before.day), "before_time": clock(before.at)}
            return one("moved", **booking_values(booking, templates), **was)
        case HelpGiven():
            return one("help", **how_to_values(office, templates))
        case ServicesListed(services):
            return Answer("services", services_listed(services, sample(office, templates), templates))
        case FreeTimesListed():
            return Answer("free_times", free_times(outcome, templates))
        case MineListed(bookings):
            if not bookings:
                return one("mine_none", book=sample(office, templates))
            return Answer("mine", mine(bookings, templates))
        case Watching(service, day):
            return one("watching", service=service.code, date=phrases.day(day))
        case QueueTold():
            return _queue(outcome, office, templates)
        case RemindersStopped():
            return one("stopped", resume=forms.resume)
        case RemindersResumed():
            return one("resumed", stop=forms.stop)
        case NoFreeSlot():
            return _no_free_slot(outcome, templates)
        case ClosedDay():
            return _closed(outcome, templates)
        case OutsideHours(service, day, at, hours):
            return Answer("outside_hours", outside_hours(start_values(service.code, day, at, templates), hours))
        case OffGrid(service, day, at, near):
            beside = phrases.either.join(map(clock, near))
            return one("off_grid", **start_values(service.code, day, at, templates), near=beside)
        case InPast():
            return _in_past(outcome, templates)
        case TooFar(day, last):
            asked = phrases.day(day) if day.year == last.year else phrases.day_of_year(day)
            return one("too_far", date=asked, last=phrases.day(last))
        case AlreadyBooked(booking):
            return one("already_booked", **booking_values(booking, templates))
        case LimitReached(limit, scope):
            return one(f"limit_{scope}", limit=str(limit), mine=forms.mine, cancel=how_to_cancel(templates))
        case UnknownBooking(code, day):
            return _unknown_booking(gsm.cut(gsm.line(code), lengths.TYPED_CODE), day, templates)
        case AlreadyCancelled(booking):
            return one("already_cancelled", **booking_values(booking, templates))
        case TooLate(booking):
            return one("too_late", **booking_values(booking, templates))
        case NothingOffered():
            stood = phrases.duration(office.settings.offer_minutes)
            return one("nothing_offered", duration=stood, book=sample(office, templates))
        case TooOld():
            return one("too_old")
        case Ignored() | Duplicate():
            return None
        case _:
            return _misunderstood(outcome, office, templates)


def notice(service: Service, day: date, at: time, templates: Templates) -> Answer:
    """To somebody who waits for a freed place."""
    book = templates.forms.booking(service.code, day, at, templates.phrases.surname)
    return one("notice", **start_values(service.code, day, at, templates), book=book)


def reminder(booking: Booking, templates: Templates) -> Answer:
    """To somebody who comes tomorrow."""
    return one("reminder", **booking_values(booking, templates))


def called_off(booking: Booking, reason: str, instead: date, templates: Templates) -> Answer:
    """To somebody whose booking the office has to cancel; instead: a day to ask for."""
    other = templates.forms.times_of(booking.service, instead)
    whole = start_values(counted(booking, templates), booking.day, booking.at, templates)
    return one("called_off", **whole, name=gsm.line(booking.name), reason=reason_value(reason), free_times=other)


def apology() -> Answer:
    """To somebody whose message could not be handled."""
    return one("apology")


# --- one outcome each ---------------------------------------------------------------------------


def _misunderstood(outcome: Misunderstanding, office: Office, templates: Templates) -> Answer:
    match outcome:
        case UnknownService(token, near):
            token, listing = gsm.line(token), templates.forms.services
            if not near:
                return one("unknown_service_alone", token=token, services=listing)
            return one("unknown_service", token=token, near=templates.phrases.either.join(near), services=listing)
        case MissingName() | MissingDate() | MissingTime() | MissingCode():
            return one(outcome.outcome, example=example_or_sample(outcome.example, office, templates))
        case BadDate(token, example) | BadTime(token, example):
            return one(outcome.outcome, token=gsm.line(token), example=example_or_sample(example, office, templates))
        case Incomplete():
            return one("incomplete")
        case NotUnderstood(token, example):
            values = {"example": example_or_sample(example, office, templates), "help": templates.forms.help}
            token = gsm.line(token)
            return one("not_understood", token=token, **values) if token else one("not_understood_empty", **values)
        case _:
            assert_never(outcome)


def _queue(outcome: QueueTold, office: Office, templates: Templates) -> Answer:
    code, waiting = outcome.service.code, str(outcome.waiting)
    if outcome.wait is not None:
        wait = templates.phrases.waiting(outcome.wait)
        return one("queue", service=code, waiting=waiting, counters=str(outcome.counters), wait=wait)
    if outcome.open:
        return one("queue_unattended", service=code, waiting=waiting)
    return one("queue_closed", service=code, book=sample(office, templates))


def _slot_full(outcome: SlotFull, templates: Templates) -> Answer:
    if outcome.offers:
        return Answer("slot_full", slot_full(outcome, templates))
    code, day = outcome.service.code, outcome.day
    elsewhere = {
        "free_times": templates.forms.times_of(code, day + _A_DAY),
        "watch": templates.forms.watching(code, day),
    }
    return one("slot_full_none", **start_values(code, day, outcome.at, templates), **elsewhere)


def _no_free_slot(outcome: NoFreeSlot, templates: Templates) -> Answer:
    code, first, last = outcome.service.code, outcome.first, outcome.last
    later = templates.forms.times_of(code, last + _A_DAY)
    if first == last:
        watch = templates.forms.watching(code, first)
        return one("no_free_slot_day", service=code, date=templates.phrases.day(first), free_times=later, watch=watch)
    looked = {"first": templates.phrases.day(first), "last": templates.phrases.day(last)}
    return one("no_free_slot_range", service=code, **looked, free_times=later)


def _closed(outcome: ClosedDay, templates: Templates) -> Answer:
    code, next_open = outcome.service.code, outcome.next_open
    if next_open is None:
        following = templates.phrases.none_open
    else:
        times = templates.forms.times_of(code, next_open)
        following = templates.phrases.next_open.format(date=templates.phrases.day(next_open), free_times=times)
    values = {"service": code, "date": templates.phrases.day(outcome.day), "next": following}
    return one(f"closed_{outcome.why.kind}", **values, reason=reason_value(outcome.why.text))


def _in_past(outcome: InPast, templates: Templates) -> Answer:
    """With the year: a date that is gone was mostly written with it, and would seem to come without."""
    day = templates.phrases.day_of_year(outcome.day)
    if outcome.at is None:
        return one("in_past_day", date=day)
    if not outcome.notice_minutes:
        return one("in_past_time", date=day, time=clock(outcome.at))
    notice = templates.phrases.duration(outcome.notice_minutes)
    return one("in_past_notice", date=day, time=clock(outcome.at), notice=notice)


# docs/spec/messages.md §4: "that code and date were checked; never that the code is valid on some other date"
def _unknown_booking(code: str, day: date | None, templates: Templates) -> Answer:
    if day is None:
        return one("unknown_booking_mine", code=code, mine=templates.forms.mine)
    return one("unknown_booking", code=code, date=templates.phrases.day(day))
