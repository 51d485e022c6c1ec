"""Notifications: what the office itself has to say, without having been asked."""

from collections.abc import Mapping
from datetime import date, time

from prepazka.core.booking.booking import Booking
from prepazka.core.booking.next_free import Instead
from prepazka.core.office.office import Office, Service
from prepazka.sms.reply.templates import Templates
from prepazka.sms.reply.texts import Text
from prepazka.sms.reply.values import Answer, booking_values, counted, one, reason_value, start_values

NOTIFICATIONS: Mapping[str, Text] = {
    "notice": Text.of("service date time book", "accept"),
    "reminder": Text.of("service date time", "name code cancel", extras="arrival bring"),
    "called_off": Text.of("service date time reason", "name free_times"),
    "called_off_full": Text.of("service date time reason", "name watch"),
    "called_off_nowhere": Text.of("service date time reason", "name"),
    "apology": Text.of(),
}
"""The texts of what the office itself has to say."""


def notice(service: Service, day: date, at: time, templates: Templates) -> Answer:
    """To somebody who waits for a freed place."""
    book = templates.forms.booking(service.code, day, at)
    values = start_values(service.code, day, at, templates)
    return one("notice", **values, accept=templates.forms.accepting(1), book=book)


# docs/spec/delivery.md §6: "What to bring is added where the reminder still fits into one part."
def reminder(booking: Booking, office: Office, templates: Templates) -> Answer:
    """To somebody who comes tomorrow."""
    service = office.service_of.get(booking.service)
    bring = templates.line(service.bring_in(templates.language)).rstrip(" .") if service else ""
    told = templates.phrases.bring.format(bring=bring) if bring else ""
    return one("reminder", **booking_values(booking, templates), bring=told, arrival=templates.phrases.arrival)


def called_off(booking: Booking, reason: str, instead: Instead, templates: Templates) -> Answer:
    """To somebody whose booking the office has to cancel; without anything instead, they turn to the office."""
    values = {
        **start_values(counted(booking, templates), booking.day, booking.at, templates),
        "name": templates.line(booking.name),
        "reason": reason_value(reason, templates),
    }
    if instead.free:
        return one("called_off", **values, free_times=templates.forms.times_of(booking.service, instead.free))
    if instead.watched:
        return one("called_off_full", **values, watch=templates.forms.watching(booking.service, instead.watched))
    return one("called_off_nowhere", **values)


def apology() -> Answer:
    """To somebody whose message could not be handled."""
    return one("apology")
