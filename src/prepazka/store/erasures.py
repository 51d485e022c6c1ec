"""Erasing single rows, and the list of those erased on request: no backup gives back whom the office has erased.

The list holds which row of which table it was, and when that row was made: of the person it holds nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model

from prepazka.store import models


class ErasedRow(NamedTuple):
    """A row that was erased at this moment. kind: of `KINDS`; made_at: when the row was made."""

    kind: str
    row: int
    made_at: datetime
    erased_at: datetime


class _Kind(NamedTuple):
    """A table with personal data. made: its column of when a row was made.

    emptied: what an erased row has; shown: its column that is not empty before. Without them rows are deleted.
    """

    model: type[Model]
    made: str
    emptied: Mapping[str, Any] | None = None
    shown: str = ""


KINDS: Mapping[str, _Kind] = {
    "booking": _Kind(
        models.Booking, "made_at", {"name": "", "sender": "", "text_key": "", "calls": "", "note": ""}, "name"
    ),
    "outbound": _Kind(models.Outbound, "made_at", {"recipient": "", "text": ""}, "text"),
    "inbound": _Kind(
        models.Inbound, "received_at", {"sender": "", "text": "", "text_key": "", "offers": None}, "text_key"
    ),
    "watch": _Kind(models.WaitlistEntry, "made_at"),
    "opt_out": _Kind(models.OptOut, "since"),
    "stray": _Kind(models.Stray, "received_at"),
    "inbound_part": _Kind(models.InboundPart, "received_at"),
}

BATCH = 500


def erase(kind: str, ids: Collection[int], now: datetime) -> int:
    """Erase rows and put them on the list; return how many. The caller's transaction holds both together."""
    made = KINDS[kind].made
    count = 0
    for some in _batches(ids):
        rows = KINDS[kind].model._default_manager.filter(id__in=some).values_list("id", made)
        add(ErasedRow(kind, row, made_at, now) for row, made_at in rows)
        count += _empty(KINDS[kind], some)
    return count


def add(rows: Iterable[ErasedRow]) -> None:
    """Put rows on the list, each once."""
    models.Erasure.objects.bulk_create((models.Erasure(**row._asdict()) for row in rows), ignore_conflicts=True)


def listed() -> list[ErasedRow]:
    """Return the whole list, the oldest first."""
    kept = models.Erasure.objects.order_by("erased_at", "id").values_list("kind", "row", "made_at", "erased_at")
    return [ErasedRow(*row) for row in kept]


def apply(rows: Sequence[ErasedRow], now: datetime) -> int:
    """Erase what a backup has brought back; return how many rows that were.

    A booking that was cancelled before it was erased is cancelled again: nobody could be called to it.
    """
    count = 0
    for kind in {row.kind for row in rows} & KINDS.keys():
        wanted = {(row.row, row.made_at) for row in rows if row.kind == kind}
        for some in _batches({row for row, _ in wanted}):
            count += _empty(KINDS[kind], _brought_back(KINDS[kind], some, wanted), now)
    return count


def drop(before: datetime) -> int:
    """Delete from the list what was erased before this moment: no backup is older. Index: of the column."""
    return models.Erasure.objects.filter(erased_at__lt=before).delete()[0]


def _brought_back(kind: _Kind, ids: Collection[int], wanted: Collection[tuple[int, datetime]]) -> list[int]:
    """Return which of these rows are there, were made when the erased ones were, and are not empty."""
    found = kind.model._default_manager.filter(id__in=ids)
    if kind.emptied is not None:
        found = found.filter(**{f"{kind.shown}__gt": ""})
    return [row for row, made in found.values_list("id", kind.made) if (row, made) in wanted]


def _empty(kind: _Kind, ids: Collection[int], now: datetime | None = None) -> int:
    """Empty or delete rows; now: given where bookings to come may be among them."""
    found = kind.model._default_manager.filter(id__in=ids)
    if kind.emptied is None:
        return found.delete()[0]
    if kind.model is models.Booking:
        models.Hold.objects.filter(booking_id__in=ids).delete()
    if kind.model is models.Booking and now:
        found.filter(state__in=["booked", "held"], ends_at__gt=now).update(state="cancelled", changed_at=now)
    return found.update(**kind.emptied)


def _batches(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH))
