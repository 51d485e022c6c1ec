"""The processes that serve: each writes its beat, and reads those of all."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from prepazka.store import models
from prepazka.store.sql import moment, run

# A beat comes every few seconds, and clocks that agree may differ by a few.
_LATELY = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Beat:
    """What a process last said of itself.

    at: by its own clock. key: the fingerprint of its secret key; version: of the program; both "" of a process from
    before they were told. cannot: the gateways that it cannot serve.
    """

    at: datetime
    key: str = ""
    version: str = ""
    cannot: frozenset[str] = frozenset()


def beat(process: str, now: datetime, *, key: str = "", version: str = "", cannot: Collection[str] = ()) -> None:
    """Say that a process lives, and what it is. One statement. Index: the primary key."""
    run(
        "INSERT INTO process_beat (process, seen_at, key, version, cannot) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (process) DO UPDATE SET seen_at = excluded.seen_at, key = excluded.key, "
        "version = excluded.version, cannot = excluded.cannot",
        [process, moment(now), key, version, json.dumps(sorted(cannot))],
    )


def beats() -> dict[str, Beat]:
    """Return the last beat of each process, also of those that are gone. One small query."""
    return {row.process: _beat(row) for row in models.ProcessBeat.objects.all()}


def living() -> dict[str, Beat]:
    """Return the processes that have beaten lately by the database's clock: they live, and their clocks are right."""
    lately = models.ProcessBeat.objects.filter(seen_at__gte=Now() - _LATELY, seen_at__lte=Now() + _LATELY)
    return {row.process: _beat(row) for row in lately}


def _beat(row: models.ProcessBeat) -> Beat:
    return Beat(row.seen_at, row.key, row.version, frozenset(row.cannot))


def leave(process: str) -> None:
    """Say that a process ends: the others need not wait for its next beat."""
    models.ProcessBeat.objects.filter(process=process).delete()


def forget(before: datetime) -> None:
    """Delete the beats of processes that were gone before a moment."""
    models.ProcessBeat.objects.filter(seen_at__lt=before).delete()
