"""Counters of all processes together, and the numbers each process shows of itself."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prepazka.store.sql import changed, insert, moment, rows

Labels = tuple[str, ...]

NODE_KEPT = timedelta(minutes=1)
"""A process that showed nothing for so long has ended."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter or a number of a metric, by the values of its labels."""

    name: str
    labels: Labels
    value: float


_COLUMNS = {"name": "varchar", "labels": "varchar", "node": "varchar", "value": "double precision", "at": "timestamptz"}
_INTO = "ON CONFLICT (name, labels, node) DO UPDATE SET at = excluded.at, value = "


def add(counts: Mapping[tuple[str, Labels], float], now: datetime) -> None:
    """Add to counters, all in one statement; in order, so that no two processes wait for each other in a circle."""
    _insert([Counted(name, labels, value) for (name, labels), value in sorted(counts.items())], "", now)


def show(numbers: Iterable[Counted], node: str, now: datetime) -> None:
    """Store the numbers of one process in place of those it showed before."""
    _insert(list(numbers), node, now)


def _insert(counts: list[Counted], node: str, now: datetime) -> None:
    records = [(one.name, json.dumps(one.labels), node, one.value, moment(now)) for one in counts]
    if records:
        value = "excluded.value" if node else "metric_count.value + excluded.value"
        insert("metric_count", _COLUMNS, records, then=f"{_INTO}{value} RETURNING 1").fetch()


def all_counts(now: datetime) -> list[Counted]:
    """Return all counters, and the numbers of the processes that work, added up. It reads the whole small table."""
    found = rows(
        "SELECT name, labels, SUM(value) FROM metric_count WHERE node = '' OR at > %s GROUP BY name, labels "
        "ORDER BY name, labels",
        [moment(now - NODE_KEPT)],
    )
    return [Counted(name, tuple(json.loads(labels)), value) for name, labels, value in found]


def forget_nodes(now: datetime) -> int:
    """Delete the numbers of processes that have ended; return how many."""
    return changed("DELETE FROM metric_count WHERE node <> '' AND at < %s", [moment(now - timedelta(hours=1))])
