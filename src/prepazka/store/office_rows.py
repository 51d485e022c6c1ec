"""Offices as their rows say: read into values, many of them by the same few statements as one."""

from collections.abc import Collection
from dataclasses import fields
from datetime import time
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from prepazka.core.office import office as core
from prepazka.store import models


class UnreadableOffice(Exception):
    """An office whose stored configuration this version cannot read; the argument names the office and the reason."""


def read(office_id: int) -> core.Office:
    """Return one office. Raises: UnreadableOffice; DoesNotExist."""
    found = read_many([office_id])[office_id]
    if isinstance(found, UnreadableOffice):
        raise found
    return found


def read_many(ids: Collection[int]) -> dict[int, core.Office | UnreadableOffice]:
    """Return offices by id, each as a value or as the reason why it cannot be read. A constant number of statements.

    Raises: DoesNotExist when one is not there.
    """
    live = {"retired": False}
    found = models.Office.objects.filter(id__in=ids).prefetch_related(
        Prefetch("numbers", models.Number.objects.select_related("gateway")),
        Prefetch("agendas", models.Agenda.objects.filter(**live).prefetch_related("rules", "extra_days")),
        Prefetch("services", models.Service.objects.filter(**live)),
        Prefetch("counters", models.Counter.objects.filter(**live).prefetch_related("agendas")),
        "closures",
    )
    values = {row.id: _try_to_read(row) for row in found}
    for row in found:
        _let_go(row)
    if missing := set(ids) - values.keys():
        raise models.Office.DoesNotExist(f"there is no office {min(missing)}")
    return values


def _let_go(row: models.Office) -> None:
    """Part the rows, which prefetching had each other hold, so that they are gone at once.

    A process reads thousands of offices while it starts, and searches for no garbage then: rows that hold each other
    took 23 kB an office, for good.
    """
    for held in (*row.agendas.all(), *row.counters.all(), row):
        held._prefetched_objects_cache.clear()  # type: ignore[attr-defined]  # Django's, without a public name


def _try_to_read(row: models.Office) -> core.Office | UnreadableOffice:
    try:
        return _office(row)
    except (KeyError, TypeError, ValueError) as error:  # of a time zone or a value that no library knows any more
        return UnreadableOffice(f"{row.slug}: {' '.join(map(str, error.args))}")


def _office(row: models.Office) -> core.Office:
    return core.Office(
        id=row.id,
        slug=row.slug,
        name=row.name,
        zone=ZoneInfo(row.timezone),
        numbers=tuple(number.e164 for number in row.numbers.all()),
        agendas=tuple(_agenda(agenda) for agenda in row.agendas.all()),
        services=tuple(_service(service) for service in row.services.all()),
        closures=tuple(
            core.Closure(one.first, one.last, one.reason, one.agenda_id, one.since, one.until, one.reasons)
            for one in row.closures.all()
        ),
        counters=tuple(_counter(counter) for counter in row.counters.all()),
        holidays=row.holidays or None,
        contact=row.contact,
        address=row.address,
        directions=row.directions,
        privacy_officer=row.privacy_officer,
        recipients=row.recipients,
        settings=_settings(row),
        texts=row.texts,
        answers=tuple(core.SavedAnswer(**answer) for answer in row.answers),
        gateways={number.e164: number.gateway.name for number in row.numbers.all() if number.gateway},
    )


def _agenda(row: models.Agenda) -> core.Agenda:
    return core.Agenda(
        id=row.id,
        key=row.key,
        title=row.title,
        rules=tuple(
            core.WeeklyRule(rule.weekday, _hours(rule), rule.valid_from, rule.valid_to) for rule in row.rules.all()
        ),
        extra_days=tuple(core.ExtraDay(extra.day, _hours(extra)) for extra in row.extra_days.all()),
        queue=core.Queue(**{part.name: getattr(row, part.name) for part in fields(core.Queue)}),
    )


def _service(row: models.Service) -> core.Service:
    return core.Service(
        row.id,
        row.code,
        row.title,
        row.minutes,
        row.agenda_id,
        synonyms=tuple(row.synonyms),
        bring=row.bring,
        weekdays=tuple(row.weekdays),
        paused_from=row.paused_from,
        hidden=row.hidden,
        titles=row.titles,
    )


def _settings(row: models.Office) -> core.Settings:
    kept = {setting.name: getattr(row, setting.name) for setting in fields(core.Settings)}
    return core.Settings(**kept | {"languages": tuple(row.languages), "frame_origins": tuple(row.frame_origins)})


def _counter(row: models.Counter) -> core.Counter:
    serves = [agenda.id for agenda in row.agendas.all() if not agenda.retired]
    return core.Counter(row.id, row.key, row.title, tuple(sorted(serves)), cast(core.Arrow, row.arrow), row.way)


def _hours(row: models.WeeklyRule | models.ExtraDay) -> core.Hours:
    return _same_hours(row.opens, row.closes, row.step, row.lanes, row.breaks)


@lru_cache(maxsize=1024)
def _same_hours(opens: time, closes: time, step: int, lanes: int, written: str) -> core.Hours:
    """Return these hours as one value, whoever has them: most days are alike, and a node has thousands of weeks."""
    spans = [span.strip().split("-") for span in written.split(",") if span.strip()]
    breaks = tuple((time.fromisoformat(since), time.fromisoformat(until)) for since, until in spans)
    return core.Hours(opens, closes, step, lanes, breaks)
