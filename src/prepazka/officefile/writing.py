"""Writes an office to its file: every setting is written out, so that the file is complete."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import time
from typing import Any

import tomli_w

from prepazka.core.office.office import Agenda, Closure, Counter, Hours, Office, Service, WeeklyRule
from prepazka.officefile.reading import WEEKDAYS


def dump(office: Office) -> str:
    """Return the file of this office; `parse` reads it back as the same office."""
    return tomli_w.dumps({name: section for name, section in to_document(office).items() if section})


LINES = ("contact", "address", "directions", "privacy_officer", "recipients")
"""Lines of `[office]` that may be left out."""


def to_document(office: Office) -> dict[str, Any]:
    """Return the sections of the file; `read` reads them back as the same office."""
    keys = {agenda.id: agenda.key for agenda in office.agendas}
    return {
        "office": {
            "slug": office.slug,
            "name": office.name,
            "timezone": office.zone.key,
            "holidays": office.holidays or "",
            **{name: value for name in LINES if (value := getattr(office, name))},
            "numbers": [_to_number(number, office.gateways.get(number)) for number in office.numbers],
        },
        "settings": _present(
            **{setting.name: getattr(office.settings, setting.name) for setting in fields(office.settings)}
        ),
        "texts": {language: dict(texts) for language, texts in office.texts.items()},
        "agendas": [_to_agenda(agenda) for agenda in office.agendas],
        "services": [_to_service(service, keys) for service in office.services],
        "counters": [_to_counter(counter, keys) for counter in office.counters],
        "closures": [_to_closure(closure, keys) for closure in office.closures],
        "answers": [{"title": answer.title, "text": answer.text} for answer in office.answers],
    }


def _to_number(number: str, gateway: str | None) -> str | dict[str, str]:
    return {"number": number, "gateway": gateway} if gateway else number


def _present(**values: Any) -> dict[str, Any]:
    """Return the values that are not None, with times as text; TOML has no null."""
    return {name: _to_plain(value) for name, value in values.items() if value is not None}


def _to_plain(value: object) -> object:
    match value:
        case time():
            return _format_time(value)
        case tuple():
            return list(value)
        case _:
            return value


def _format_time(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _to_agenda(agenda: Agenda) -> dict[str, Any]:
    queue = {part.name: getattr(agenda.queue, part.name) for part in fields(agenda.queue)}
    described: dict[str, Any] = {"key": agenda.key, "title": agenda.title, **_present(**queue)}
    rules = [_to_rule(alike) for alike in _group_by_hours(agenda.rules)]
    extra_days = [{"day": extra.day, **_to_hours(extra.hours)} for extra in agenda.extra_days]
    return described | ({"rules": rules} if rules else {}) | ({"extra_days": extra_days} if extra_days else {})


def _group_by_hours(rules: Iterable[WeeklyRule]) -> list[list[WeeklyRule]]:
    """Group the rules that differ only in their weekday."""
    groups: dict[object, list[WeeklyRule]] = {}
    for rule in rules:
        groups.setdefault((rule.hours, rule.valid_from, rule.valid_to), []).append(rule)
    return list(groups.values())


def _to_rule(alike: list[WeeklyRule]) -> dict[str, Any]:
    rule = alike[0]
    days = [WEEKDAYS[one.weekday] for one in alike]
    return {"days": days, **_to_hours(rule.hours), **_present(valid_from=rule.valid_from, valid_to=rule.valid_to)}


def _to_hours(hours: Hours) -> dict[str, Any]:
    described = _present(opens=hours.opens, closes=hours.closes, step=hours.step, lanes=hours.lanes)
    if hours.breaks:
        described["breaks"] = [f"{_format_time(since)}-{_format_time(until)}" for since, until in hours.breaks]
    return described


def _to_service(service: Service, keys: dict[int, str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "code": service.code,
        "title": service.title,
        "minutes": service.minutes,
        "agenda": keys[service.agenda],
    }
    more = {
        "synonyms": list(service.synonyms),
        "bring": dict(sorted(service.bring.items())),
        "weekdays": [WEEKDAYS[day] for day in service.weekdays],
        "paused_from": service.paused_from,
        "hidden": service.hidden,
        "titles": dict(sorted(service.titles.items())),
    }
    return described | {name: value for name, value in more.items() if value}


def _to_counter(counter: Counter, keys: dict[int, str]) -> dict[str, Any]:
    agendas = [keys[agenda] for agenda in counter.agendas]
    more = {"arrow": counter.arrow, "way": counter.way}
    return {"key": counter.key, "title": counter.title, "agendas": agendas} | {
        name: value for name, value in more.items() if value
    }


def _to_closure(closure: Closure, keys: dict[int, str]) -> dict[str, Any]:
    return _present(
        first=closure.first,
        last=closure.last,
        reason=closure.reason,
        agenda=None if closure.agenda is None else keys[closure.agenda],
        since=closure.since,
        until=closure.until,
        reasons=dict(sorted(closure.reasons.items())) or None,
    )
