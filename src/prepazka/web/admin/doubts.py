"""What an office may set up as it likes, and its people would still trip over: told on the page where it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from itertools import chain
from typing import TypeVar

from django.utils.translation import gettext as _

from prepazka.core.office.office import Agenda, Hours, Office, Service
from prepazka.web.wording import format_counter, join_words

Thing = TypeVar("Thing")


# docs/spec/administration.md §4: "What people could not tell apart, or nobody could have, is told where it is set up"
def of_agendas(office: Office) -> Iterator[str]:
    """Yield what is odd about the agendas: titles that people cannot tell apart."""
    for alike in _alike(office.agendas, lambda agenda: agenda.title):
        yield _("Agend s názvem %(title)s je víc, lidé je nerozeznají.") % {"title": alike[0].title}


def of_services(office: Office, today: date) -> Iterator[str]:
    """Yield what is odd about the services: titles people cannot tell apart, and services nobody can book."""
    for alike in _alike(office.services, lambda service: f"{service.agenda} {service.title}"):
        names = join_words([service.code for service in alike])
        yield _("Činnosti %(names)s se jmenují stejně, lidé je na webu a na kiosku nerozeznají.") % {"names": names}
    for service in office.services:
        agenda = office.agenda_of[service.agenda]
        longest = max((_longest(hours) for hours in _hours(agenda, service, today)), default=None)
        if longest is not None and longest < service.minutes:
            yield _(
                "Činnost %(code)s trvá %(minutes)s min, nejdelší otevřený úsek bez přestávky má ale %(longest)s min. "
                "Nikdo se na ni neobjedná."
            ) % {"code": service.code, "minutes": service.minutes, "longest": longest}
        elif longest is None and agenda.rules:
            yield _("Na činnost %(code)s se nikdo neobjedná: ve dnech, kdy se vyřizuje, se neobjednává.") % {
                "code": service.code
            }


def of_counters(office: Office) -> Iterator[str]:
    """Yield what is odd about the counters: names shown alike, and agendas that none of them serves."""
    for alike in _alike(office.counters, lambda counter: format_counter(counter.title)):
        names = join_words([f"„{counter.title}“" for counter in alike])
        yield _("Na obrazovce lidé nerozeznají přepážky %(names)s. Pojmenujte je prosím každou jinak.") % {
            "names": names
        }
    served = set(chain.from_iterable(counter.agendas for counter in office.counters))
    for agenda in office.agendas:
        if office.counters and agenda.id not in served:
            yield _("Agendu %(agenda)s nevyřizuje žádná přepážka, lístky do ní nemá kdo volat.") % {
                "agenda": agenda.title
            }


def _alike(things: Iterable[Thing], name: Callable[[Thing], str]) -> Iterator[list[Thing]]:
    """Yield the things that are read as one: capitals, spaces, dots and a "č." make no difference."""
    groups: dict[str, list[Thing]] = {}
    for thing in things:
        groups.setdefault(re.sub(r"\bč\.|\bčíslo\b|\W", "", name(thing).casefold()), []).append(thing)
    yield from (group for group in groups.values() if len(group) > 1)


def _hours(agenda: Agenda, service: Service, today: date) -> Iterator[Hours]:
    """Yield the hours from today on in which the service can be booked, whatever is booked or closed then."""
    on = service.weekdays or range(7)
    for rule in agenda.rules:
        if rule.weekday in on and rule.hours.lanes and (rule.valid_to is None or rule.valid_to >= today):
            yield rule.hours
    for extra in agenda.extra_days:
        if extra.day.weekday() in on and extra.hours.lanes and extra.day >= today:
            yield extra.hours


def _longest(hours: Hours) -> int:
    """Return the minutes of the longest stretch without a break."""
    edges = [_minutes(at) for at in (hours.opens, *chain.from_iterable(hours.breaks), hours.closes)]
    return max(until - since for since, until in zip(edges[::2], edges[1::2], strict=True))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
