"""The bare database on this disk: the same rows into the same tables, without any of our code.

A booking is five statements: inbox row, look for a repeat, claim, booking, outbox row, with all indexes and guards
the tables have. Written with the database's own driver, one transaction each and in batches of a hundred; nothing is
parsed, decided or rendered, and every value is computed beforehand.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import psycopg
from psycopg.rows import TupleRow

from prepazka.core.office.office import Office

BATCH = 100

_TEXT = "OBJ ZOP 10.8. 14:00 NOVAK"
_REPLY = (
    "Objednano: ZOP pon 10.8. 14:00, NOVAK. Kod pro prichod i zruseni: 482913. Zrusite zpravou\nSTORNO 482913 10.8."
)
_INBOUND = (
    "INSERT INTO inbound (office_id, gateway, gateway_id, sender, recipient, text, text_key, received_at, state, "
    "attempts, outcome) {rows} ON CONFLICT DO NOTHING"
)
_BOOKING = (
    "INSERT INTO booking (office_id, agenda_id, service_id, lane, starts_at, ends_at, day, name, persons, sender, "
    "code, state, channel, text_key, made_at, changed_at) {rows}"
)
_OUTBOUND = (
    "INSERT INTO outbound (office_id, gateway, in_reply_to_id, kind, sender, recipient, text, septets, parts, state, "
    "made_at) {rows}"
)


class BareDatabase(Protocol):
    """A database reached by its driver alone."""

    def transaction(self, count: int) -> float:
        """Write this many bookings in one transaction and return its seconds."""

    def close(self) -> None:
        """Close the connection."""


class _Row(NamedTuple):
    """The values of one booking that differ from the others'."""

    gateway_id: str
    sender: str
    code: str
    lane: int
    at: datetime


class _Source:
    """Places and people one after another, in the order of `messages.bookings`."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._made = 0

    def take(self, count: int) -> Iterator[_Row]:
        """Yield the next bookings."""
        for number in range(self._made, self._made + count):
            place, lane = divmod(number, 4)
            day, start = divmod(place, 108)
            at = datetime(2026, 8, 4, 6, tzinfo=UTC) + timedelta(days=day, minutes=5 * start)
            yield _Row(
                f"raw-{self._office.id}-{number}",
                f"+420{604_000_000 + number}",
                f"{100_000 + number * 7_919 % 900_000}",
                lane,
                at,
            )
        self._made += count


class BareSqlite:
    """SQLite through the standard library: write-ahead log, full durability, prepared statements."""

    def __init__(self, path: Path, office: Office) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
        self._office, (self._service,) = office, office.services
        self._source = _Source(office)

    def transaction(self, count: int) -> float:
        """Write this many bookings in one transaction and return its seconds."""
        rows = list(self._source.take(count))
        office, service, number = self._office.id, self._service, self._office.numbers[0]
        began = perf_counter()
        run = self._base.execute
        run("BEGIN IMMEDIATE")
        for gateway_id, sender, code, lane, at in rows:
            now, start, end = "2026-08-03 05:00:00", f"{at:%F %T}", f"{at + timedelta(minutes=5):%F %T}"
            run(
                _INBOUND.format(rows="VALUES (?, 'raw', ?, ?, ?, ?, ?, ?, 'waiting', 0, '')"),
                (office, gateway_id, sender, number, _TEXT, gateway_id, now),
            )
            select = "SELECT id FROM inbound WHERE gateway = 'raw' AND gateway_id = ?"
            (inbound,) = run(select, (gateway_id,)).fetchone()
            run(
                _BOOKING.format(rows="VALUES (?, ?, ?, ?, ?, ?, ?, 'NOVAK', 1, ?, ?, 'booked', 'sms', ?, ?, ?)"),
                (office, service.agenda, service.id, lane, start, end, start[:10], sender, code, gateway_id, now, now),
            )
            run("UPDATE inbound SET state = 'answered', outcome = 'booked' WHERE id = ?", (inbound,))
            run(
                _OUTBOUND.format(rows="VALUES (?, 'raw', ?, 'reply', ?, ?, ?, 90, 1, 'handed', ?)"),
                (office, inbound, number, sender, _REPLY, now),
            )
        run("COMMIT")
        return perf_counter() - began

    def close(self) -> None:
        """Close the connection."""
        self._base.close()


class BarePostgresql:
    """PostgreSQL through psycopg on one connection; a batch is written set-wise, one statement a table."""

    def __init__(self, url: str, office: Office) -> None:
        self._base: psycopg.Connection[TupleRow] = psycopg.connect(url)
        self._office, (self._service,) = office, office.services
        self._source = _Source(office)

    def transaction(self, count: int) -> float:
        """Write this many bookings in one transaction and return its seconds."""
        rows = list(self._source.take(count))
        office, service, number = self._office.id, self._service, self._office.numbers[0]
        began = perf_counter()
        gateway_ids, senders, codes, lanes, starts = map(list, zip(*rows, strict=True))
        self._run(
            _INBOUND.format(
                rows="SELECT %s, 'raw', new.id, new.sender, %s, %s, new.id, %s, 'waiting', 0, '' "
                "FROM unnest(%s::text[], %s::text[]) AS new (id, sender)"
            ),
            [office, number, _TEXT, datetime(2026, 8, 3, 5, tzinfo=UTC), gateway_ids, senders],
        )
        stored = self._run("SELECT id FROM inbound WHERE gateway = 'raw' AND gateway_id = ANY(%s)", [gateway_ids])
        ids = [row[0] for row in stored.fetchall()]
        self._run(
            _BOOKING.format(
                rows="SELECT %s, %s, %s, new.lane, new.at, new.at + interval '5 minutes', new.at::date, 'NOVAK', 1, "
                "new.sender, new.code, 'booked', 'sms', new.sender, new.at, new.at "
                "FROM unnest(%s::text[], %s::text[], %s::int[], %s::timestamptz[]) AS new (sender, code, lane, at)"
            ),
            [office, service.agenda, service.id, senders, codes, lanes, starts],
        )
        self._run("UPDATE inbound SET state = 'answered', outcome = 'booked' WHERE id = ANY(%s)", [ids])
        self._run(
            _OUTBOUND.format(
                rows="SELECT %s, 'raw', new.id, 'reply', %s, new.sender, %s, 90, 1, 'handed', now() "
                "FROM unnest(%s::bigint[], %s::text[]) AS new (id, sender)"
            ),
            [office, number, _REPLY, ids, senders],
        )
        self._base.commit()
        return perf_counter() - began

    def _run(self, statement: str, values: list[Any]) -> psycopg.Cursor[TupleRow]:
        return self._base.execute(statement.encode(), values)

    def close(self) -> None:
        """Close the connection."""
        self._base.close()
