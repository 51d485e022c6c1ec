"""What the database itself can do on this disk: the least a booking costs, without any of our code.

A booking is five statements: inbox row, look for a repeat, claim, booking, outbox row. Written with the database's
own driver, once one transaction each and once in batches of a hundred.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psycopg

BATCH = 100

_TABLES = """
    CREATE TABLE raw_inbox (id {id}, gateway varchar(40), gateway_id varchar(200), sender varchar(16), body text,
                            state varchar(10), UNIQUE (gateway, gateway_id));
    CREATE TABLE raw_booking (id {id}, agenda bigint, lane smallint, start bigint, sender varchar(16),
                              name varchar(60), code varchar(10), UNIQUE (agenda, lane, start));
    CREATE TABLE raw_outbox (id {id}, inbox_id bigint UNIQUE, recipient varchar(16), body text, state varchar(10));
"""
_REPLY = "Objednano: ZOP po 10.8. v 14:00, NOVAK. Kod 482913. Zruseni: STORNO 482913 10.8."


def _bookings(first: int, count: int) -> Iterator[tuple[str, str, int]]:
    """Gateway id, sender and start of this many distinct bookings."""
    for number in range(first, first + count):
        yield f"raw-{number}", f"+420{777_000_000 + number % 900_000}", number


class RawSqlite:
    """SQLite through the standard library, write-ahead log, full durability."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(_TABLES.format(id="INTEGER PRIMARY KEY"))
        self._made = 0

    def transaction(self, count: int) -> float:
        """Seconds one transaction of this many bookings takes."""
        began = perf_counter()
        run = self._base.execute
        run("BEGIN IMMEDIATE")
        for gateway_id, sender, start in _bookings(self._made, count):
            run(
                "INSERT INTO raw_inbox (gateway, gateway_id, sender, body, state) VALUES ('raw', ?, ?, ?, 'waiting') "
                "ON CONFLICT DO NOTHING",
                (gateway_id, sender, "OBJ ZOP 10.8. 14:00 NOVAK"),
            )
            (inbox,) = run(
                "SELECT id FROM raw_inbox WHERE gateway = 'raw' AND gateway_id = ?", (gateway_id,)
            ).fetchone()
            run("UPDATE raw_inbox SET state = 'done' WHERE id = ?", (inbox,))
            run(
                "INSERT INTO raw_booking (agenda, lane, start, sender, name, code) "
                "VALUES (1, 0, ?, ?, 'NOVAK', '482913')",
                (start, sender),
            )
            run(
                "INSERT INTO raw_outbox (inbox_id, recipient, body, state) VALUES (?, ?, ?, 'queued')",
                (inbox, sender, _REPLY),
            )
        run("COMMIT")
        self._made += count
        return perf_counter() - began

    def close(self) -> None:
        """End the connection."""
        self._base.close()


class RawPostgresql:
    """PostgreSQL through psycopg on one connection; a batch is written set-wise, one statement a table."""

    def __init__(self, url: str) -> None:
        self._base = psycopg.connect(url, autocommit=False)
        self._base.execute(_TABLES.format(id="bigserial PRIMARY KEY"))  # type: ignore[arg-type]  # made of constants
        self._base.commit()
        self._made = 0

    def transaction(self, count: int) -> float:
        """Seconds one transaction of this many bookings takes."""
        began = perf_counter()
        run = self._base.execute
        gateway_ids, senders, starts = map(list, zip(*_bookings(self._made, count), strict=True))
        run(
            "INSERT INTO raw_inbox (gateway, gateway_id, sender, body, state) "
            "SELECT 'raw', new.id, new.sender, %s, 'waiting' FROM unnest(%s::text[], %s::text[]) AS new (id, sender) "
            "ON CONFLICT DO NOTHING",
            ["OBJ ZOP 10.8. 14:00 NOVAK", gateway_ids, senders],
        )
        stored = run(
            "SELECT id FROM raw_inbox WHERE gateway = 'raw' AND gateway_id = ANY(%s)", [gateway_ids]
        ).fetchall()
        ids = [row[0] for row in stored]
        run("UPDATE raw_inbox SET state = 'done' WHERE id = ANY(%s)", [ids])
        run(
            "INSERT INTO raw_booking (agenda, lane, start, sender, name, code) "
            "SELECT 1, 0, new.start, new.sender, 'NOVAK', '482913' "
            "FROM unnest(%s::bigint[], %s::text[]) AS new (start, sender)",
            [starts, senders],
        )
        run(
            "INSERT INTO raw_outbox (inbox_id, recipient, body, state) "
            "SELECT new.id, new.sender, %s, 'queued' FROM unnest(%s::bigint[], %s::text[]) AS new (id, sender)",
            [_REPLY, ids, senders],
        )
        self._base.commit()
        self._made += count
        return perf_counter() - began

    def close(self) -> None:
        """End the connection."""
        self._base.close()
