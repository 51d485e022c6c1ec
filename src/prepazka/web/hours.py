"""The opening hours on the office's page: the hours of each weekday, and the days that differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from prepazka.core.office import holidays
from prepazka.core.office.office import Agenda, Closure, Hours, Office
from prepazka.web.office_words import language_of_words
from prepazka.web.wording import WEEKDAYS, format_days, format_time_range, join_words

# How many days ahead the page lists different hours.
AHEAD = 60


class DayHours(NamedTuple):
    """The hours of a weekday, "" when the office is closed."""

    weekday: str
    hours: str


@dataclass(frozen=True, slots=True)
class UsualHours:
    """The weekly hours that some agendas have in common; agendas: their titles."""

    agendas: str
    days: tuple[DayHours, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Days with other hours; `concerns` is "" for the whole office."""

    first: date
    when: str
    what: str
    concerns: str = ""


def list_usual_hours(office: Office, today: date) -> list[UsualHours]:
    """Return the usual hours of the next seven days, agendas with the same hours together."""
    agendas: dict[tuple[DayHours, ...], list[str]] = {}
    for agenda in office.agendas:
        days = sorted((today + timedelta(days=ahead) for ahead in range(7)), key=date.weekday)
        hours = tuple(
            DayHours(str(WEEKDAYS[day.weekday()]), _format_hours(_usual_hours_on(agenda, day))) for day in days
        )
        agendas.setdefault(hours, []).append(agenda.title)
    return [UsualHours(join_words(titles), hours) for hours, titles in agendas.items()]


def list_differences(office: Office, today: date) -> list[Difference]:
    """Return the holidays, closures and extra days of the next weeks, in order."""
    last = today + timedelta(days=AHEAD)
    found = [*_list_holidays(office, today, last), *_list_extra_days(office, today, last)]
    found += [
        _describe_closure(office, closure)
        for closure in office.closures
        if closure.last >= today and closure.first <= last
    ]
    return sorted(found, key=lambda difference: difference.first)


def _usual_hours_on(agenda: Agenda, day: date) -> list[Hours]:
    rules = [
        rule
        for rule in agenda.rules
        if rule.weekday == day.weekday()
        and (rule.valid_from is None or rule.valid_from <= day)
        and (rule.valid_to is None or day <= rule.valid_to)
    ]
    return sorted((rule.hours for rule in rules), key=lambda hours: hours.opens)


def _format_hours(hours: list[Hours]) -> str:
    """Return the hours as `8:00–11:30, 12:30–17:00`."""
    pieces = []
    for opening in hours:
        since = opening.opens
        for pause, resume in opening.breaks:
            pieces.append(format_time_range(since, pause))
            since = resume
        pieces.append(format_time_range(since, opening.closes))
    return ", ".join(pieces)


def _list_holidays(office: Office, today: date, last: date) -> Iterator[Difference]:
    """Yield the holidays on which the office would otherwise be open."""
    for ahead in range((last - today).days + 1):
        day = today + timedelta(days=ahead)
        name = holidays.name(office.holidays, day, get_language()) if office.holidays else None
        if name and any(_usual_hours_on(agenda, day) for agenda in office.agendas):
            yield Difference(day, format_days(day, day), _("zavřeno, %(why)s") % {"why": name})


def _list_extra_days(office: Office, today: date, last: date) -> Iterator[Difference]:
    for agenda in office.agendas:
        for day in sorted({extra.day for extra in agenda.extra_days if today <= extra.day <= last}):
            hours = sorted(
                (extra.hours for extra in agenda.extra_days if extra.day == day), key=lambda hours: hours.opens
            )
            yield Difference(
                day, format_days(day, day), _("otevřeno %(hours)s") % {"hours": _format_hours(hours)}, agenda.title
            )


def _describe_closure(office: Office, closure: Closure) -> Difference:
    closed = _("zavřeno")
    if closure.since and closure.until:
        closed = _("zavřeno %(hours)s") % {"hours": format_time_range(closure.since, closure.until)}
    return Difference(
        closure.first,
        format_days(closure.first, closure.last),
        f"{closed}, {reason}" if (reason := closure.reason_in(language_of_words())) else closed,
        "" if closure.agenda is None else office.agenda_of[closure.agenda].title,
    )
