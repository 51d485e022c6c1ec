"""What each gateway heard and sent by the hour: its rhythm, which outlives the messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from prepazka.core.rhythm import Stretch
from prepazka.store.sql import insert, moment, picked, recorded, rows, run

KEPT = timedelta(weeks=6)
"""Longer than the weeks that are looked at (`core.rhythm`)."""


@dataclass(slots=True)
class Done:
    """What a gateway did since it was noted last."""

    heard: int = 0
    sent: int = 0
    unmatched: int = 0


_COLUMNS = {"gateway": "varchar", "hour": "timestamptz", "heard": "int", "sent": "int", "unmatched": "int"}


def add(done: Iterable[tuple[str, Done]], now: datetime) -> None:
    """Add to the present hour of each gateway. One statement, in order, so that no two wait in a circle."""
    hour = moment(now.replace(minute=0, second=0, microsecond=0))
    in_order = sorted(done, key=lambda named: named[0])
    records = [(gateway, hour, one.heard, one.sent, one.unmatched) for gateway, one in in_order]
    if records:
        insert(
            "gateway_hour",
            _COLUMNS,
            records,
            then="ON CONFLICT (gateway, hour) DO UPDATE SET heard = gateway_hour.heard + excluded.heard, "
            "sent = gateway_hour.sent + excluded.sent, unmatched = gateway_hour.unmatched + excluded.unmatched "
            "RETURNING 1",
        ).fetch()


@dataclass(frozen=True, slots=True)
class LastDay:
    """What a gateway did within a day."""

    sent: int
    unmatched: int


def last_day(now: datetime) -> dict[str, LastDay]:
    """Return what each gateway did within a day. It reads a row an hour. Index: one_row_an_hour, by the gateways."""
    found = rows(
        "SELECT gateway.name, SUM(done.sent), SUM(done.unmatched) FROM gateway JOIN gateway_hour AS done "
        "ON done.gateway = gateway.name AND done.hour > %s GROUP BY gateway.name",
        [moment(now - timedelta(days=1))],
    )
    return {name: LastDay(int(sent), int(unmatched)) for name, sent, unmatched in found}


def unmatched(since: datetime) -> dict[str, int]:
    """Return how many receipts belonged to no message of ours since then, by gateway that had any.

    It reads all rows: one an hour of each gateway.
    """
    found = rows(
        "SELECT gateway, SUM(unmatched) FROM gateway_hour WHERE hour >= %s AND unmatched > 0 "
        "GROUP BY gateway ORDER BY gateway",
        [moment(since)],
    )
    return {name: int(count) for name, count in found}


def heard_in(stretches: Sequence[tuple[str, Stretch]]) -> dict[tuple[str, int], int]:
    """Return how many messages each gateway heard in these hours, by gateway and week. Index: one_row_an_hour."""
    records = [(gateway, one.week, moment(one.since), moment(one.until)) for gateway, one in stretches]
    if not records:
        return {}
    asked = picked(
        {"gateway": "varchar", "week": "int", "since": "timestamptz", "until": "timestamptz"}, connection.vendor
    )
    found = rows(
        f"SELECT asked.gateway, asked.week, SUM(done.heard) FROM (SELECT {asked} FROM {{records}}) AS asked "
        "JOIN gateway_hour AS done ON done.gateway = asked.gateway "
        "AND done.hour >= asked.since AND done.hour < asked.until GROUP BY asked.gateway, asked.week",
        [recorded(records)],
    )
    return {(gateway, week): int(heard) for gateway, week, heard in found}


def forget(now: datetime) -> None:
    """Delete the hours nobody asks for any more."""
    run("DELETE FROM gateway_hour WHERE hour < %s", [moment(now - KEPT)])
