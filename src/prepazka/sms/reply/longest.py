"""Specimens: every answer an office may give, with the longest values it has configured."""

from collections.abc import Iterator
from datetime import date, time

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.codes import CODE_LENGTH
from prepazka.core.booking.outcomes import (
    AlreadyBooked,
    AlreadyCancelled,
    BadDate,
    BadTime,
    Booked,
    Cancelled,
    ClosedDay,
    FreeTimesListed,
    HelpGiven,
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
    Offer,
    OffGrid,
    Outcome,
    OutsideHours,
    QueueTold,
    RemindersResumed,
    RemindersStopped,
    SlotFull,
    TooFar,
    TooLate,
    TooOld,
    UnknownBooking,
    UnknownService,
    Watching,
)
from prepazka.core.minutes import Minute
from prepazka.core.office import lengths
from prepazka.core.office.office import Office, Service
from prepazka.core.office.plan import Closed
from prepazka.core.queue.tickets import Wait
from prepazka.sms import gsm
from prepazka.sms.reply import answers
from prepazka.sms.reply.taught import sample_service
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.values import LONGEST_EXAMPLE, Answer, sample
from prepazka.sms.understand.tokens import SHOWN

_WEEK = [date(2026, 12, day) for day in range(21, 28)]  # two digits in day and month
_AT = time(14)
_MANY = 8_888
_WAIT = Wait(8_888, 8_888)
_CODE = "8" * CODE_LENGTH
_NAME = "N" * lengths.PERSON_NAME
_REASON = "R" * lengths.CLOSURE_REASON
_EVERY_TEN = [time(hour, minute) for hour in (10, 11) for minute in range(0, 60, 10)]
_IRREGULAR = [time(hour, minute) for hour in range(12, 24) for minute in (1, 4, 16, 43)]


def longest_replies(office: Office, templates: Templates) -> Iterator[Answer]:
    """At least one answer for every reply text, none of them shorter than any the office would really give."""
    service = Service(
        0, max((s.code for s in office.services), key=gsm.septets, default=sample_service(office)), "", 0, 0
    )
    day = max(_WEEK, key=lambda day: gsm.septets(templates.phrases.day(day)))
    booking = _booking(service, day, office.settings.persons_at_most)
    for outcome in (*_granted(service, booking), *_refused(office, service, booking), *_misunderstood(service)):
        answer = answers.answer(outcome, office, templates)
        if answer:
            yield answer
    # Titles may all fall away, but no code may.
    codes = ", ".join(each.code for each in office.services)
    yield Answer("services", ({"list": codes, "book": sample(office, templates)},))
    yield answers.notice(service, day, _AT, templates)
    yield answers.reminder(booking, templates)
    yield answers.called_off(booking, _REASON, booking.day, templates)
    yield answers.apology()


def _booking(service: Service, day: date, persons: int) -> Booking:
    return Booking(
        id=None,
        service=service.code,
        agenda=0,
        lane=0,
        start=Minute(0),
        end=Minute(0),
        day=day,
        at=_AT,
        name=_NAME,
        persons=persons,
        sender="",
        code=_CODE,
        state="booked",
        text_key="",
        made_at=Minute(0),
    )


def _granted(service: Service, booking: Booking) -> Iterator[Outcome]:
    yield Booked(booking)
    yield Cancelled(booking)
    yield Moved(booking, booking)
    yield HelpGiven()
    yield FreeTimesListed(service, booking.day, (*_EVERY_TEN, *_IRREGULAR))
    yield MineListed((booking,) * 9)
    yield MineListed(())
    yield Watching(service, booking.day)
    for wait, opened in ((_WAIT, True), (None, True), (None, False)):
        yield QueueTold(service, _MANY, _MANY, wait, opened)
    yield RemindersStopped()
    yield RemindersResumed()


def _refused(office: Office, service: Service, booking: Booking) -> Iterator[Outcome]:
    settings, day = office.settings, booking.day
    yield SlotFull(service, day, _AT, (Offer(service.code, day, _AT, booking.name, booking.persons),))
    yield SlotFull(service, day, _AT, ())
    yield NoFreeSlot(service, day, day)
    yield NoFreeSlot(service, day.replace(day=10), day)
    for kind in ("weekend", "holiday", "closure", "no_hours"):
        for next_open in (day, None):
            yield ClosedDay(service, day, Closed(kind, _REASON), next_open)
    yield OutsideHours(service, day, _AT, ((_AT, _AT),) * 4)
    yield OffGrid(service, day, _AT, (_AT, _AT))
    yield InPast(day, None, 0)
    yield InPast(day, _AT, 0)
    yield InPast(day, _AT, settings.notice_minutes or 1)
    yield TooFar(day.replace(year=day.year - 1), day)
    yield AlreadyBooked(booking)
    yield LimitReached(settings.open_per_sender, "sender")
    yield LimitReached(settings.open_per_sender_and_service or 1, "service")
    yield LimitReached(settings.open_per_sender_and_agenda or 1, "agenda")
    yield LimitReached(settings.open_per_sender_and_day or 1, "day")
    yield LimitReached(settings.persons_at_most, "persons")
    yield UnknownBooking("8" * lengths.TYPED_CODE, day)
    yield UnknownBooking("8" * lengths.TYPED_CODE, None)
    yield AlreadyCancelled(booking)
    yield TooLate(booking)
    yield NothingOffered()
    yield TooOld()


def _misunderstood(service: Service) -> Iterator[Misunderstanding]:
    token, example = "T" * SHOWN, "E" * LONGEST_EXAMPLE
    yield UnknownService(token, (service.code,) * 3)
    yield UnknownService(token, ())
    yield MissingName(example)
    yield MissingDate(example)
    yield MissingTime(example)
    yield MissingCode(example)
    yield BadDate(token, example)
    yield BadTime(token, example)
    yield NotUnderstood(token, example)
    yield NotUnderstood("", example)
    yield Incomplete()
