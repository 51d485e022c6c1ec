"""The processes that serve: each writes its beat, and reads those of all."""

from datetime import datetime

from prepazka.store import models
from prepazka.store.sql import moment, run


def beat(process: str, now: datetime) -> None:
    """Say that a process lives. One statement. Index: the primary key."""
    run(
        "INSERT INTO process_beat (process, seen_at) VALUES (%s, %s) "
        "ON CONFLICT (process) DO UPDATE SET seen_at = excluded.seen_at",
        [process, moment(now)],
    )


def beats() -> dict[str, datetime]:
    """Return the last beat of each process, also of those that are gone. One small query."""
    return dict(models.ProcessBeat.objects.values_list("process", "seen_at"))


def leave(process: str) -> None:
    """Say that a process ends: the others need not wait for its next beat."""
    models.ProcessBeat.objects.filter(process=process).delete()


def forget(before: datetime) -> None:
    """Delete the beats of processes that were gone before a moment."""
    models.ProcessBeat.objects.filter(seen_at__lt=before).delete()
