"""How each outcome is answered: one row an outcome; and what the office itself has to say."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    Booked,
    Cancelled,
    Duplicate,
    FreeTimesListed,
    HelpGiven,
    Ignored,
    MineListed,
    Moved,
    NothingOffered,
    Outcome,
    QueueTold,
    RemindersResumed,
    RemindersStopped,
    ServicesListed,
    TooLate,
    TooOld,
    UnknownBooking,
    Watching,
)
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.sms import gsm
from prepazka.sms.reply.listings import free_times, mine, services_listed
from prepazka.sms.reply.longest import MANY, STARTS, TYPED_CODE, WAIT
from prepazka.sms.reply.misunderstandings import MISUNDERSTANDINGS
from prepazka.sms.reply.phrases import clock
from prepazka.sms.reply.refusals import REFUSALS
from prepazka.sms.reply.rows import Row
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import (
    Answer,
    booking_values,
    counted,
    how_to_values,
    one,
    reason_value,
    sample,
    start_values,
)


def answer(outcome: Outcome, office: Office, templates: Templates) -> Answer | None:
    """What to say of an outcome; None when nothing is to be sent."""
    return ANSWERS[type(outcome)].answer(outcome, office, templates)


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


def _moved(outcome: Moved, office: Office, templates: Templates) -> Answer:
    before = outcome.before
    was = {"before_date": templates.phrases.day(before.day), "before_time": clock(before.at)}
    return one("moved", **booking_values(outcome.booking, templates), **was)


def _mine(outcome: MineListed, office: Office, templates: Templates) -> Answer:
    if not outcome.bookings:
        return one("mine_none", book=sample(office, templates))
    return Answer("mine", mine(outcome.bookings, templates))


def _queue(outcome: QueueTold, office: Office, templates: Templates) -> Answer:
    code, waiting = outcome.service.code, str(outcome.waiting)
    if outcome.wait is not None:
        wait = templates.phrases.waiting(outcome.wait)
        return one("queue", service=code, waiting=waiting, counters=str(outcome.counters), wait=wait)
    if outcome.open:
        return one("queue_unattended", service=code, waiting=waiting)
    return one("queue_closed", service=code, book=sample(office, templates))


# docs/spec/messages.md §4: "that code and date were checked; never that the code is valid on some other date"
def _unknown_booking(outcome: UnknownBooking, office: Office, templates: Templates) -> Answer:
    code = gsm.cut(gsm.line(outcome.code), lengths.TYPED_CODE)
    if outcome.day is None:
        return one("unknown_booking_mine", code=code, mine=templates.forms["mine"])
    return one("unknown_booking", code=code, date=templates.phrases.day(outcome.day))


def _nothing_offered(outcome: NothingOffered, office: Office, templates: Templates) -> Answer:
    stood = templates.phrases.duration(office.settings.offer_minutes)
    return one("nothing_offered", duration=stood, book=sample(office, templates))


DONE: Mapping[type[Outcome], Row[Any]] = {
    Booked: Row(
        {"booked": Text.of("service date time name code cancel")},
        lambda outcome, office, templates: one("booked", **booking_values(outcome.booking, templates)),
        lambda longest: [Booked(longest.booking)],
    ),
    Cancelled: Row(
        {"cancelled": Text.of("service date time name", "code")},
        lambda outcome, office, templates: one("cancelled", **booking_values(outcome.booking, templates)),
        lambda longest: [Cancelled(longest.booking)],
    ),
    Moved: Row(
        {"moved": Text.of("service date time name code cancel", "before_date before_time")},
        _moved,
        lambda longest: [Moved(longest.booking, longest.booking)],
    ),
    HelpGiven: Row(
        {"help": Text.of("book", "soonest services free_times cancel")},
        lambda outcome, office, templates: one("help", **how_to_values(office, templates)),
        lambda longest: [HelpGiven()],
    ),
    ServicesListed: Row(
        {"services": Text.of("list", "book", parts=3)},
        lambda outcome, office, templates: Answer(
            "services", services_listed(outcome.services, sample(office, templates), templates)
        ),
        lambda longest: [],  # see `longest_answers`: titles may all fall away, but no code may
    ),
    FreeTimesListed: Row(
        {"free_times": Text.of("service date times", "book", parts=3)},
        lambda outcome, office, templates: Answer("free_times", free_times(outcome, templates)),
        lambda longest: [FreeTimesListed(longest.service, longest.day, STARTS)],
    ),
    MineListed: Row(
        {"mine": Text.of("bookings"), "mine_none": Text.of(optional="book")},
        _mine,
        lambda longest: [MineListed((longest.booking,) * 9), MineListed(())],
    ),
    Watching: Row(
        {"watching": Text.of("service date")},
        lambda outcome, office, templates: one(
            "watching", service=outcome.service.code, date=templates.phrases.day(outcome.day)
        ),
        lambda longest: [Watching(longest.service, longest.day)],
    ),
    QueueTold: Row(
        {
            "queue": Text.of("service waiting wait", "counters"),
            "queue_unattended": Text.of("service waiting"),
            "queue_closed": Text.of("service", "book"),
        },
        _queue,
        lambda longest: [
            QueueTold(longest.service, MANY, MANY, wait, opened)
            for wait, opened in ((WAIT, True), (None, True), (None, False))
        ],
    ),
    RemindersStopped: Row(
        {"stopped": Text.of(optional="resume")},
        lambda outcome, office, templates: one("stopped", resume=templates.forms["resume"]),
        lambda longest: [RemindersStopped()],
    ),
    RemindersResumed: Row(
        {"resumed": Text.of(optional="stop")},
        lambda outcome, office, templates: one("resumed", stop=templates.forms["stop"]),
        lambda longest: [RemindersResumed()],
    ),
    AlreadyBooked: Row(
        {"already_booked": Text.of("service date time name code", "cancel")},
        lambda outcome, office, templates: one("already_booked", **booking_values(outcome.booking, templates)),
        lambda longest: [AlreadyBooked(longest.booking)],
    ),
    UnknownBooking: Row(
        {"unknown_booking": Text.of("code date"), "unknown_booking_mine": Text.of("code", "mine")},
        _unknown_booking,
        lambda longest: [UnknownBooking(TYPED_CODE, longest.day), UnknownBooking(TYPED_CODE, None)],
    ),
    AlreadyCancelled: Row(
        {"already_cancelled": Text.of("service date time", "name code")},
        lambda outcome, office, templates: one("already_cancelled", **booking_values(outcome.booking, templates)),
        lambda longest: [AlreadyCancelled(longest.booking)],
    ),
    TooLate: Row(
        {"too_late": Text.of("service date time", "name code")},
        lambda outcome, office, templates: one("too_late", **booking_values(outcome.booking, templates)),
        lambda longest: [TooLate(longest.booking)],
    ),
    NothingOffered: Row(
        {"nothing_offered": Text.of(optional="duration book")},
        _nothing_offered,
        lambda longest: [NothingOffered()],
    ),
    TooOld: Row({"too_old": Text.of()}, lambda outcome, office, templates: one("too_old"), lambda longest: [TooOld()]),
    Ignored: Row({}, lambda outcome, office, templates: None, lambda longest: []),
    Duplicate: Row({}, lambda outcome, office, templates: None, lambda longest: []),
}

ANSWERS: Mapping[type[Outcome], Row[Any]] = {**DONE, **REFUSALS, **MISUNDERSTANDINGS}
"""One row an outcome."""

NOTIFICATIONS: Mapping[str, Text] = {
    "notice": Text.of("service date time book"),
    "reminder": Text.of("service date time", "name code cancel"),
    "called_off": Text.of("service date time reason", "name free_times"),
    "apology": Text.of(),
}
"""The texts of what the office itself has to say."""

TEXTS: Mapping[str, Text] = {
    **{name: text for row in ANSWERS.values() for name, text in row.texts.items()},
    **NOTIFICATIONS,
}
"""Every reply text, by name."""
