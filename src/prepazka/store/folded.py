"""What was counted of days whose rows are gone: added to when rows are deleted, read with the rows that are left."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from prepazka.core.office.office import Office
from prepazka.core.reports.figures import Kept, merged
from prepazka.store import models
from prepazka.store.sql import rows, run


class Keys(NamedTuple):
    """The keys of an office's agendas and counters by id, retired ones too."""

    agendas: dict[int, str]
    counters: dict[int, str]

    @property
    def agenda_ids(self) -> dict[str, int]:
        """The ids of the agendas by key."""
        return {key: id_ for id_, key in self.agendas.items()}

    @property
    def counter_ids(self) -> dict[str, int]:
        """The ids of the counters by key."""
        return {key: id_ for id_, key in self.counters.items()}


def keys(office: Office) -> Keys:
    """Return the keys of everything that was ever counted for an office."""
    return Keys(
        dict(models.Agenda.objects.filter(office_id=office.id).values_list("id", "key")),
        dict(models.Counter.objects.filter(office_id=office.id).values_list("id", "key")),
    )


def add(office_id: int, day: date, counted: Kept) -> None:
    """Add to the figures of a day, in the transaction that deletes the rows they were counted in."""
    run(
        "INSERT INTO day_figures (office_id, day, counted) VALUES (%s, %s, '{{}}') ON CONFLICT DO NOTHING",
        [office_id, day.isoformat()],
    )
    row = models.DayFigures.objects.select_for_update().get(office_id=office_id, day=day)
    row.counted = merged(row.counted, counted)
    row.save(update_fields=["counted"])


class DayRows(NamedTuple):
    """What is kept of a day under one name."""

    day: date
    rows: Sequence[Sequence[Any]]


def of_days(office: Office, first: date, last: date, name: str) -> list[DayRows]:
    """Return what is kept of these days under one name. Index: one_row_of_figures_a_day."""
    found = rows(
        "SELECT day, counted ->> %s FROM day_figures WHERE office_id = %s AND day >= %s AND day <= %s ORDER BY day",
        [name, office.id, first.isoformat(), last.isoformat()],
    )
    return [DayRows(date.fromisoformat(str(day)), json.loads(kept)) for day, kept in found if kept]


def whole_days(office: Office, first: date, last: date) -> list[Kept]:
    """Return all that is kept of these days. Index: one_row_of_figures_a_day."""
    found = models.DayFigures.objects.filter(office_id=office.id, day__gte=first, day__lte=last)
    return list(found.order_by("day").values_list("counted", flat=True))


def first_day_with(office: Office, name: str) -> date | None:
    """Return the first day of which something is kept under a name. Index: one_row_of_figures_a_day."""
    [(day,)] = rows(
        "SELECT MIN(day) FROM day_figures WHERE office_id = %s AND counted ->> %s IS NOT NULL", [office.id, name]
    )
    return None if day is None else date.fromisoformat(str(day))
