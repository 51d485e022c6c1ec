"""Reads an office from an office file; every mistake comes with its place in the file and its fix."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from itertools import combinations
from typing import Any, get_args

from pydantic import ValidationError

from prepazka.core.office import office as core
from prepazka.officefile import shape
from prepazka.officefile.plain_words import describe

WEEKDAYS: tuple[shape.Day, ...] = get_args(shape.Day)


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in the file ("services[2].agenda") with the mistake there and its fix.

    kind: a stable name, so that the administration can explain it in Czech. values: the values its text needs.
    """

    place: str
    kind: str
    why: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.place}: {self.why}" if self.place else self.why


class OfficeFileError(Exception):
    """The file does not describe an office; each line of `problems` names a place and the fix."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, found)))
        self.found = tuple(found)
        self.problems = tuple(map(str, found))


def parse(text: str) -> core.Office:
    """Return the office a file describes; agendas and services are numbered from 1, the office itself is 0.

    Raises: OfficeFileError with every mistake found.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OfficeFileError([_not_toml(error)]) from None
    return read(table)


def read(table: Mapping[str, Any]) -> core.Office:
    """Return the office of a file's sections, as `parse` does. Raises: OfficeFileError with every mistake found."""
    try:
        file = shape.OfficeFile.model_validate(table)
    except ValidationError as error:
        raise OfficeFileError([_problem_of(details) for details in error.errors()]) from None
    problems = [Problem(*problem) for problem in _find_problems(file)]
    if problems:
        raise OfficeFileError(problems)
    return _to_office(file)


# --- what is wrong -----------------------------------------------------------------------------


def _not_toml(error: tomllib.TOMLDecodeError) -> Problem:
    at = re.search(r"at line (\d+), column (\d+)", str(error))
    values = {"line": at[1], "column": at[2]} if at else {}
    return Problem("", "toml" if at else "toml_end", f"this is not TOML: {error}", values)


def _problem_of(details: Any) -> Problem:
    """Return the problem of an error of pydantic."""
    why, values = describe(details), details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            keys, near = _suggest_keys(details["loc"])
            hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(keys)}"
            why = f"there is no such key here; {hint}"
            values = {"keys": ", ".join(near or keys)}
        case "missing":
            why = "is missing"
    return Problem(_format_place(details["loc"]), details["type"], why, values)


def _format_place(steps: Sequence[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def _suggest_keys(steps: Sequence[str | int]) -> tuple[list[str], list[str]]:
    """Return the keys of the section where an unknown one stands, and the nearest of them, if one is near."""
    table: Any = shape.OfficeFile
    for step in steps[:-1]:
        if isinstance(step, str):
            annotation = table.model_fields[step].annotation
            table = (get_args(annotation) or (annotation,))[0]
    keys = [key.name for key in fields(table)] if is_dataclass(table) else list(table.model_fields)
    return keys, get_close_matches(str(steps[-1]), keys, n=1)


_Found = tuple[str, str, str]
"""What makes a Problem."""


def _find_problems(file: shape.OfficeFile) -> Iterator[_Found]:
    """Yield the problems that concern several values together."""
    yield from _find_repeated("office.numbers", [one.number for one in file.office.numbers])
    yield from _find_repeated("agendas", [agenda.key for agenda in file.agendas], "key")
    yield from _find_repeated("services", [service.code for service in file.services], "code")
    yield from _find_repeated("counters", [counter.key for counter in file.counters], "key")
    yield from _find_repeated("counters", [counter.title for counter in file.counters], "title")
    yield from _find_repeated("answers", [answer.title for answer in file.answers], "title")
    yield from _find_repeated("settings.languages", file.settings.languages)
    if file.settings.remind_from >= file.settings.remind_to:
        yield "settings.remind_to", "reminders_end", "must be later than remind_from"
    for place, agenda in enumerate(file.agendas):
        yield from _find_hours_problems(f"agendas[{place}]", agenda)
    for place, service in enumerate(file.services):
        yield from _find_unknown_agenda(f"services[{place}].agenda", service.agenda, file)
    for place, counter in enumerate(file.counters):
        yield from _find_repeated(f"counters[{place}].agendas", counter.agendas)
        for position, key in enumerate(counter.agendas):
            yield from _find_unknown_agenda(f"counters[{place}].agendas[{position}]", key, file)
    for place, closure in enumerate(file.closures):
        yield from _find_closure_problems(f"closures[{place}]", closure, file)


def _find_repeated(place: str, values: Sequence[str], key: str = "") -> Iterator[_Found]:
    for position, value in enumerate(values):
        first = values.index(value)
        if first < position:
            yield f"{place}[{position}]{key and '.'}{key}", "repeated", f'"{value}" is already {place}[{first}]'


def _find_unknown_agenda(place: str, key: str, file: shape.OfficeFile) -> Iterator[_Found]:
    known = [agenda.key for agenda in file.agendas]
    if key not in known:
        yield place, "unknown_agenda", f'no agenda has the key "{key}"; agendas are: {", ".join(known) or "none"}'


def _find_closure_problems(place: str, closure: shape.Closure, file: shape.OfficeFile) -> Iterator[_Found]:
    if closure.agenda is not None:
        yield from _find_unknown_agenda(f"{place}.agenda", closure.agenda, file)
    if closure.first > closure.last:
        yield f"{place}.last", "ends_before", f"{closure.last} is before the first day, {closure.first}"
    if (closure.since is None) != (closure.until is None):
        yield place, "half_a_time", "give both since and until, or neither for whole days"
    elif closure.since is not None and closure.until is not None and closure.since >= closure.until:
        yield f"{place}.until", "closes_first", "must be later than since"


def _find_hours_problems(place: str, agenda: shape.Agenda) -> Iterator[_Found]:
    for position, rule in enumerate(agenda.rules):
        yield from _find_stretch_problems(f"{place}.rules[{position}]", rule)
        yield from _find_repeated(f"{place}.rules[{position}].days", rule.days)
        if rule.valid_from and rule.valid_to and rule.valid_from > rule.valid_to:
            yield f"{place}.rules[{position}].valid_to", "ends_before", "is before valid_from"
    for position, extra in enumerate(agenda.extra_days):
        yield from _find_stretch_problems(f"{place}.extra_days[{position}]", extra)
    for (first, one), (second, other) in combinations(enumerate(agenda.rules), 2):
        days = [day for day in one.days if day in other.days]
        if days and _overlap(one, other) and _validity_overlaps(one, other):
            yield (
                f"{place}.rules[{second}]",
                "overlap",
                f"overlaps rules[{first}] on {', '.join(days)}; join or shorten one",
            )
    for (first, one_day), (second, other_day) in combinations(enumerate(agenda.extra_days), 2):
        if one_day.day == other_day.day and _overlap(one_day, other_day):
            yield f"{place}.extra_days[{second}]", "overlap", f"overlaps extra_days[{first}]; join or shorten one"


def _find_stretch_problems(place: str, hours: shape.Hours) -> Iterator[_Found]:
    if hours.opens >= hours.closes:
        yield f"{place}.closes", "closes_first", f"{hours.closes:%H:%M} is not later than opens, {hours.opens:%H:%M}"
    free_from = hours.opens
    for position, (since, until) in enumerate(hours.breaks):
        if since >= until:
            yield f"{place}.breaks[{position}]", "break_backwards", "ends before it begins"
        elif since < free_from or until > hours.closes:
            yield f"{place}.breaks[{position}]", "break_outside", "must lie within the hours, after the break before it"
        free_from = until


def _overlap(one: shape.Hours, other: shape.Hours) -> bool:
    return one.opens < other.closes and other.opens < one.closes


def _validity_overlaps(one: shape.Rule, other: shape.Rule) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins <= min(one.valid_to or date.max, other.valid_to or date.max)


# --- what is meant -----------------------------------------------------------------------------


def _to_office(file: shape.OfficeFile) -> core.Office:
    ids = {agenda.key: number for number, agenda in enumerate(file.agendas, 1)}
    return core.Office(
        id=0,
        slug=file.office.slug,
        name=file.office.name,
        zone=file.office.timezone,
        numbers=tuple(one.number for one in file.office.numbers),
        agendas=tuple(_to_agenda(ids[agenda.key], agenda) for agenda in file.agendas),
        services=tuple(
            core.Service(
                number,
                service.code,
                service.title,
                service.minutes,
                ids[service.agenda],
                tuple(service.synonyms),
                service.bring,
                tuple(sorted({WEEKDAYS.index(day) for day in service.weekdays})),
                service.paused_from,
                service.hidden,
                service.titles,
            )
            for number, service in enumerate(file.services, 1)
        ),
        counters=tuple(
            core.Counter(
                number,
                counter.key,
                counter.title,
                tuple(sorted(ids[key] for key in counter.agendas)),
                counter.arrow,
                counter.way,
            )
            for number, counter in enumerate(file.counters, 1)
        ),
        closures=tuple(
            core.Closure(
                closure.first,
                closure.last,
                closure.reason,
                None if closure.agenda is None else ids[closure.agenda],
                closure.since,
                closure.until,
                closure.reasons,
            )
            for closure in sorted(file.closures, key=lambda closure: closure.first)
        ),
        holidays=file.office.holidays or None,
        contact=file.office.contact,
        address=file.office.address,
        directions=file.office.directions,
        privacy_officer=file.office.privacy_officer,
        recipients=file.office.recipients,
        settings=file.settings,
        texts=file.texts,
        answers=tuple(core.SavedAnswer(one.title, one.text) for one in file.answers),
        gateways={one.number: one.gateway for one in file.office.numbers if one.gateway},
    )


def _to_agenda(number: int, agenda: shape.Agenda) -> core.Agenda:
    rules = [
        core.WeeklyRule(WEEKDAYS.index(day), _to_hours(rule), rule.valid_from, rule.valid_to)
        for rule in agenda.rules
        for day in rule.days
    ]
    extra_days = [core.ExtraDay(extra.day, _to_hours(extra)) for extra in agenda.extra_days]
    return core.Agenda(
        id=number,
        key=agenda.key,
        title=agenda.title,
        rules=tuple(sorted(rules, key=lambda rule: (rule.weekday, rule.hours.opens, rule.valid_from or date.min))),
        extra_days=tuple(sorted(extra_days, key=lambda extra: (extra.day, extra.hours.opens))),
        queue=core.Queue(agenda.prefix, agenda.walk_ins_per_day, agenda.walk_ins_stop_minutes, agenda.service_minutes),
    )


def _to_hours(hours: shape.Hours) -> core.Hours:
    return core.Hours(hours.opens, hours.closes, hours.step, hours.lanes, tuple(hours.breaks))
