"""The differences between two states of an office, for the audit trail."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time

from prepazka.core.office.office import Agenda, Closure, Hours, Office

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs; None where there was none before, or is none now.

    place: as in the office file, but agendas, services and counters by their key or code: "services.ZOP.minutes". Hours
    and closures have no name: a changed one appears as one removed and one added.
    """

    place: str
    before: str | None
    after: str | None


def find_changes(before: Office, after: Office) -> list[Change]:
    """Return all differences, in the order of the office file."""
    old, new = dict(_list_values(before)), dict(_list_values(after))
    found = [
        Change(place, old.get(place), new.get(place))
        for place in dict.fromkeys([*new, *old])
        if old.get(place) != new.get(place)
    ]
    found += _list_reorderings(before, after)
    gone, come = _list_unnamed(before), _list_unnamed(after)
    for place in dict.fromkeys([*come, *gone]):
        was, is_ = gone.get(place, []), come.get(place, [])
        found += [Change(place, one, None) for one in was if one not in is_]
        found += [Change(place, None, one) for one in is_ if one not in was]
    return found


def _list_values(office: Office) -> Iterator[tuple[str, str]]:
    """Yield every value that has a name of its own; None is left out."""
    yield "office.name", office.name
    yield "office.timezone", office.zone.key
    yield "office.holidays", office.holidays or ""
    yield "office.contact", office.contact
    yield "office.address", office.address
    yield "office.directions", office.directions
    yield "office.privacy_officer", office.privacy_officer
    yield "office.recipients", office.recipients
    yield "office.numbers", ", ".join(office.numbers)
    for number, gateway in office.gateways.items():
        yield f"office.numbers.{number}", gateway
    yield from _list_fields("settings", office.settings)
    for language, texts in office.texts.items():
        for name, text in texts.items():
            yield f"texts.{language}.{name}", text
    keys = {agenda.id: agenda.key for agenda in office.agendas}
    for agenda in office.agendas:
        yield f"agendas.{agenda.key}.title", agenda.title
        yield from _list_fields(f"agendas.{agenda.key}", agenda.queue)
    for service in office.services:
        yield f"services.{service.code}.title", service.title
        for language, title in service.titles.items():
            yield f"services.{service.code}.titles.{language}", title
        yield f"services.{service.code}.minutes", str(service.minutes)
        yield f"services.{service.code}.agenda", keys[service.agenda]
        if service.synonyms:
            yield f"services.{service.code}.synonyms", ", ".join(service.synonyms)
        for language, text in service.bring.items():
            yield f"services.{service.code}.bring.{language}", text
        if service.weekdays:
            yield f"services.{service.code}.weekdays", ", ".join(_DAYS[day] for day in service.weekdays)
        if service.paused_from:
            yield f"services.{service.code}.paused_from", service.paused_from.isoformat()
        if service.hidden:
            yield f"services.{service.code}.hidden", str(service.hidden)
    for counter in office.counters:
        yield f"counters.{counter.key}.title", counter.title
        yield f"counters.{counter.key}.agendas", ", ".join(keys[agenda] for agenda in counter.agendas)
        for name in ("arrow", "way"):
            if value := getattr(counter, name):
                yield f"counters.{counter.key}.{name}", value
    for answer in office.answers:
        yield f"answers.{answer.title}", answer.text


def _list_reorderings(before: Office, after: Office) -> Iterator[Change]:
    """Yield the lists whose common items have another order."""
    for part, old, new in (
        ("agendas", [one.key for one in before.agendas], [one.key for one in after.agendas]),
        ("services", [one.code for one in before.services], [one.code for one in after.services]),
        ("counters", [one.key for one in before.counters], [one.key for one in after.counters]),
    ):
        if [one for one in old if one in new] != [one for one in new if one in old]:
            yield Change(f"{part}.order", ", ".join(old), ", ".join(new))


def _list_fields(place: str, value: object) -> Iterator[tuple[str, str]]:
    for part in fields(value):  # type: ignore[arg-type]  # a frozen dataclass of the office
        kept = getattr(value, part.name)
        if kept is not None:
            yield f"{place}.{part.name}", _plain(kept)


def _plain(kept: object) -> str:
    match kept:
        case time():
            return _format_time(kept)
        case tuple():
            return ", ".join(kept)
        case _:
            return str(kept)


def _list_unnamed(office: Office) -> Mapping[str, list[str]]:
    keys = {agenda.id: agenda.key for agenda in office.agendas}
    found = {f"agendas.{agenda.key}.rules": list(_format_rules(agenda)) for agenda in office.agendas}
    found |= {
        f"agendas.{agenda.key}.extra_days": [f"{extra.day} {_format_hours(extra.hours)}" for extra in agenda.extra_days]
        for agenda in office.agendas
    }
    return found | {"closures": [_format_closure(closure, keys) for closure in office.closures]}


def _format_rules(agenda: Agenda) -> Iterable[str]:
    for rule in agenda.rules:
        valid = _format_validity(rule.valid_from, rule.valid_to)
        yield f"{_DAYS[rule.weekday]} {_format_hours(rule.hours)}{valid and f' ({valid})'}"


def _format_validity(since: date | None, until: date | None) -> str:
    return f"{since or ''}–{until or ''}" if since or until else ""


def _format_hours(hours: Hours) -> str:
    breaks = "".join(f" −{_format_time(since)}–{_format_time(until)}" for since, until in hours.breaks)
    return f"{_format_time(hours.opens)}–{_format_time(hours.closes)}{breaks} /{hours.step} min ×{hours.lanes}"


def _format_closure(closure: Closure, keys: Mapping[int, str]) -> str:
    days = str(closure.first) if closure.first == closure.last else f"{closure.first}–{closure.last}"
    hours = f" {_format_time(closure.since)}–{_format_time(closure.until)}" if closure.since and closure.until else ""
    agenda = "" if closure.agenda is None else f" [{keys[closure.agenda]}]"
    others = "".join(f" / {text}" for _language, text in sorted(closure.reasons.items()))
    return f"{days}{hours}{agenda} {closure.reason}{others}"


def _format_time(at: time) -> str:
    return f"{at.hour}:{at:%M}"
