"""Everything that belongs to one office, table by table: to be archived, and then deleted.

The tables are found by their foreign keys, so that a new one cannot be forgotten. A key that is set to NULL with its
target does not count: an account outlives the office it was opened for.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from django.apps import apps
from django.db import transaction
from django.db.models import SET_NULL, ForeignKey, Model

from prepazka.store import models


class Table(NamedTuple):
    """A table with rows of offices, and the lookup that leads from a row to its office."""

    model: type[Model]
    lookup: str

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table


class OfficeGone(Exception):
    """The office was deleted meanwhile."""


@cache
def tables() -> tuple[Table, ...]:
    """Return the tables of offices, each before those it refers to, the office's own last."""
    lookups: dict[type[Model], str] = {models.Office: "id"}
    found = -1
    while found != len(lookups):
        found = len(lookups)
        for model in apps.get_app_config("store").get_models(include_auto_created=True):
            for field in _references(model):
                target: Any = field.related_model
                if model not in lookups and target in lookups and field.remote_field.on_delete is not SET_NULL:
                    lookups[model] = field.name if target is models.Office else f"{field.name}__{lookups[target]}"
    order = TopologicalSorter({model: set[type[Model]]() for model in lookups})
    for model in lookups:
        for field in _references(model):
            if field.related_model in lookups and field.related_model is not model:
                order.add(field.related_model, model)
    return tuple(Table(model, lookups[model]) for model in order.static_order())


def _references(model: type[Model]) -> list[Any]:
    """Return the foreign keys of a model, those that lead straight to an office first."""
    found = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    return sorted(found, key=lambda field: field.related_model is not models.Office)


def rows(table: Table, office_id: int) -> Iterator[dict[str, Any]]:
    """Yield an office's rows of one table."""
    yield from table.model._default_manager.filter(**{table.lookup: office_id}).order_by("pk").values().iterator()


def lock(office_id: int) -> None:
    """Hold the office and its queue until the transaction ends, so that nothing is added. Call it in a transaction.

    Raises: OfficeGone when another process has deleted it meanwhile.
    """
    if models.Office.objects.select_for_update().filter(id=office_id).first() is None:
        raise OfficeGone
    models.QueueState.objects.select_for_update().filter(office_id=office_id).first()


def ahead(office_id: int, now: datetime) -> int:
    """Return how many bookings of the office are still to come. Index: booking_of_day."""
    active = models.Booking.objects.filter(office_id=office_id, state__in=("booked", "held"), name__gt="")
    return active.filter(day__gte=now.date(), starts_at__gte=now).count()


@transaction.atomic
def remove(office_id: int, slug: str, now: datetime, who: str) -> int:
    """Delete all that belongs to an office, and note that it was; return how many rows."""
    lock(office_id)
    removed = 0
    for table in tables():
        removed += table.model._default_manager.filter(**{table.lookup: office_id}).delete()[0]
    models.Audit.objects.create(at=now, who=who, what="office removed", details={"office": slug, "rows": removed})
    return removed
