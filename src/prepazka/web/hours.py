"""When the office is open, as its page tells it: the hours of each weekday, and the days that differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from prepazka.core.office import holidays
from prepazka.core.office.office import Agenda, Closure, Hours, Office
from prepazka.web.wording import WEEKDAYS, format_days, format_time_range, join_words

# How many days ahead the page tells what will differ.
AHEAD = 60


@dataclass(frozen=True, slots=True)
class UsualHours:
    """The hours of agendas that have the same: (weekday, hours or "")."""

    agendas: str
    days: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Days on which it is otherwise; `concerns` is "" for the whole office."""

    first: date
    when: str
    what: str
    concerns: str = ""


def list_usual_hours(office: Office, today: date) -> list[UsualHours]:
    """The usual hours of the coming seven days, agendas with the same hours together."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for agenda in office.agendas:
        coming = sorted((today + timedelta(days=ahead) for ahead in range(7)), key=date.weekday)
        hours = tuple((str(WEEKDAYS[day.weekday()]), _format_hours(_usual_hours_on(agenda, day))) for day in coming)
        found.setdefault(hours, []).append(agenda.title)
    return [UsualHours(join_words(titles), hours) for hours, titles in found.items()]


def list_differences(office: Office, today: date) -> list[Difference]:
    """Holidays, closures and extra days of the next weeks, in order."""
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
    """`8:00–11:30, 12:30–17:00`."""
    pieces = []
    for one in hours:
        since = one.opens
        for pause, resume in one.breaks:
            pieces.append(format_time_range(since, pause))
            since = resume
        pieces.append(format_time_range(since, one.closes))
    return ", ".join(pieces)


def _list_holidays(office: Office, today: date, last: date) -> Iterator[Difference]:
    """Those on which it would be open otherwise."""
    for ahead in range((last - today).days + 1):
        day = today + timedelta(days=ahead)
        name = holidays.name(office.holidays, day, get_language()) if office.holidays else None
        if name and any(_usual_hours_on(agenda, day) for agenda in office.agendas):
            yield Difference(day, format_days(day, day), _("zavřeno, %(why)s") % {"why": name})


def _list_extra_days(office: Office, today: date, last: date) -> Iterator[Difference]:
    for agenda in office.agendas:
        for day in sorted({extra.day for extra in agenda.extra_days if today <= extra.day <= last}):
            hours = sorted((e.hours for e in agenda.extra_days if e.day == day), key=lambda hours: hours.opens)
            yield Difference(
                day, format_days(day, day), _("otevřeno %(hours)s") % {"hours": _format_hours(hours)}, agenda.title
            )


def _describe_closure(office: Office, closure: Closure) -> Difference:
    shut = _("zavřeno")
    if closure.since and closure.until:
        shut = _("zavřeno %(hours)s") % {"hours": format_time_range(closure.since, closure.until)}
    return Difference(
        closure.first,
        format_days(closure.first, closure.last),
        f"{shut}, {closure.reason}" if closure.reason else shut,
        "" if closure.agenda is None else office.agenda_of[closure.agenda].title,
    )
