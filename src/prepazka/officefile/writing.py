"""From an office to its file: every setting is written out, so that the file says all there is."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import time
from typing import Any

import tomli_w

from prepazka.core.office.office import Agenda, Closure, Hours, Office, Service, WeeklyRule
from prepazka.officefile.reading import WEEKDAYS


def dump(office: Office) -> str:
    """The file that describes this office; `parse` reads it back as the same office."""
    return tomli_w.dumps({name: section for name, section in table(office).items() if section})


def table(office: Office) -> dict[str, Any]:
    """The file's sections, before they are written; `read` reads them back as the same office."""
    keys = {agenda.id: agenda.key for agenda in office.agendas}
    return {
        "office": {
            "slug": office.slug,
            "name": office.name,
            "timezone": office.zone.key,
            "holidays": office.holidays or "",
            **{name: value for name in ("contact", "address", "directions") if (value := getattr(office, name))},
            "numbers": [_number(number, office.gateways.get(number)) for number in office.numbers],
        },
        "settings": _given(
            **{setting.name: getattr(office.settings, setting.name) for setting in fields(office.settings)}
        ),
        "texts": {language: dict(texts) for language, texts in office.texts.items()},
        "agendas": [_agenda(agenda) for agenda in office.agendas],
        "services": [_service(service, keys) for service in office.services],
        "counters": [
            {"key": counter.key, "title": counter.title, "agendas": [keys[agenda] for agenda in counter.agendas]}
            for counter in office.counters
        ],
        "closures": [_closure(closure, keys) for closure in office.closures],
        "answers": [{"title": answer.title, "text": answer.text} for answer in office.answers],
    }


def _number(number: str, gateway: str | None) -> str | dict[str, str]:
    return {"number": number, "gateway": gateway} if gateway else number


def _given(**values: Any) -> dict[str, Any]:
    """The values that are given, times as people write them; TOML has no word for none."""
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    match value:
        case time():
            return _time(value)
        case tuple():
            return list(value)
        case _:
            return value


def _time(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _agenda(agenda: Agenda) -> dict[str, Any]:
    queue = {part.name: getattr(agenda.queue, part.name) for part in fields(agenda.queue)}
    described: dict[str, Any] = {"key": agenda.key, "title": agenda.title, **_given(**queue)}
    rules = [_rule(alike) for alike in _alike(agenda.rules)]
    extra_days = [{"day": extra.day, **_hours(extra.hours)} for extra in agenda.extra_days]
    return described | ({"rules": rules} if rules else {}) | ({"extra_days": extra_days} if extra_days else {})


def _alike(rules: Iterable[WeeklyRule]) -> list[list[WeeklyRule]]:
    """Rules that differ in nothing but their weekday, together."""
    groups: dict[object, list[WeeklyRule]] = {}
    for rule in rules:
        groups.setdefault((rule.hours, rule.valid_from, rule.valid_to), []).append(rule)
    return list(groups.values())


def _rule(alike: list[WeeklyRule]) -> dict[str, Any]:
    rule = alike[0]
    days = [WEEKDAYS[one.weekday] for one in alike]
    return {"days": days, **_hours(rule.hours), **_given(valid_from=rule.valid_from, valid_to=rule.valid_to)}


def _hours(hours: Hours) -> dict[str, Any]:
    described = _given(opens=hours.opens, closes=hours.closes, step=hours.step, lanes=hours.lanes)
    if hours.breaks:
        described["breaks"] = [f"{_time(since)}-{_time(until)}" for since, until in hours.breaks]
    return described


def _service(service: Service, keys: dict[int, str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "code": service.code,
        "title": service.title,
        "minutes": service.minutes,
        "agenda": keys[service.agenda],
    }
    more = {"synonyms": list(service.synonyms), "bring": dict(sorted(service.bring.items()))}
    return described | {name: value for name, value in more.items() if value}


def _closure(closure: Closure, keys: dict[int, str]) -> dict[str, Any]:
    return _given(
        first=closure.first,
        last=closure.last,
        reason=closure.reason,
        agenda=None if closure.agenda is None else keys[closure.agenda],
        since=closure.since,
        until=closure.until,
    )
