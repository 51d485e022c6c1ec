"""Which process holds which gateways: taken, renewed and given up for many at once, and which of them have work.

A hold is the guard that one process serves a gateway. Who owns it by `core.sharing` only says who may try.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from prepazka.core.circuit import BREAK
from prepazka.store.sql import aware, changed, listed, moment, recorded, rows, run


@dataclass(frozen=True, slots=True)
class Listed:
    """A gateway as it is kept. settings: still sealed; holder: the process that holds it, "" where the hold ended."""

    name: str
    kind: str
    settings: str = field(repr=False)
    holder: str = ""
    until: datetime | None = None

    def is_configured_as(self, other: "Listed | None") -> bool:
        """Whether both would be opened the same."""
        return other is not None and (self.kind, self.settings) == (other.kind, other.settings)


def listed_gateways() -> dict[str, Listed]:
    """Return all gateways that are served, by name. One query that opens no settings."""
    found = rows(
        "SELECT name, kind, CAST(settings AS text), held_by, held_until FROM gateway WHERE kind <> 'http' ORDER BY name"
    )
    return {
        name: Listed(name, kind, settings, held_by if until else "", aware(until))
        for name, kind, settings, held_by, until in found
    }


@transaction.atomic
def take(
    names: Collection[str], who: str, now: datetime, until: datetime, gone: Mapping[str, datetime | None]
) -> set[str]:
    """Take the holds of these gateways, as far as they are free; return which.

    gone: processes whose holds do not count, with the beat after which they fell silent, None for one that has ended.
    One that has beaten again meanwhile keeps its holds: its beat waits for this transaction, or this one for it.
    """
    silent = _still_silent({process: beat for process, beat in gone.items() if beat})
    buried = sorted({process for process, beat in gone.items() if beat is None or process in silent})
    found = rows(
        "UPDATE gateway SET held_by = %s, held_until = %s WHERE {among:name} AND "
        "(held_until IS NULL OR held_until <= %s OR held_by = %s OR {among:held_by}) RETURNING name",
        [who, moment(until), listed(sorted(names)), moment(now), who, listed(buried)],
    )
    return {name for (name,) in found}


def _still_silent(beats: Mapping[str, datetime]) -> set[str]:
    """Return the processes whose last beat is still this one, their rows locked."""
    if not beats:
        return set()
    asked = [(process, moment(beat)) for process, beat in sorted(beats.items())]
    found = rows(
        "SELECT process FROM process_beat WHERE EXISTS (SELECT 1 FROM {records} "
        "WHERE value ->> 0 = process AND {time:value ->> 1} = seen_at) ORDER BY process {for_update}",
        [recorded(asked)],
    )
    return {process for (process,) in found}


def renew(names: Collection[str], who: str, until: datetime) -> int:
    """Renew the holds that are still this process's, and not given up meanwhile; return how many."""
    return changed(
        "UPDATE gateway SET held_until = %s WHERE {among:name} AND held_by = %s AND held_until IS NOT NULL",
        [moment(until), listed(sorted(names)), who],
    )


def give_up(names: Collection[str], who: str) -> None:
    """Give up the holds of these gateways, as far as they are this process's."""
    run("UPDATE gateway SET held_until = NULL WHERE {among:name} AND held_by = %s", [listed(sorted(names)), who])


def with_work(who: str, now: datetime) -> set[str]:
    """Return the gateways a process holds for which there may be messages to send; read without a lock.

    One query for all of them. Indexes: outbound_queued and outbound_in_doubt, for each gateway.
    """
    at: Any = moment(now)
    found = rows(
        "SELECT name FROM gateway WHERE held_by = %s AND held_until IS NOT NULL AND ("
        "EXISTS (SELECT 1 FROM outbound m WHERE m.gateway = name AND m.state = 'queued' AND m.due_at <= %s) OR EXISTS "
        "(SELECT 1 FROM outbound m WHERE m.gateway = name AND m.state IN ('sending', 'unknown') AND m.due_at <= %s)) "
        "AND NOT EXISTS (SELECT 1 FROM breaker b WHERE b.gateway = name AND b.paused_until > %s "
        "AND b.paused_until <= %s)",
        [who, at, at, at, moment(now + BREAK)],
    )
    return {name for (name,) in found}
