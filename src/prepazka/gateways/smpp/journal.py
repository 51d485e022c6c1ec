"""Recognises repeated deliveries, by a file that survives a kill: SMPP gives a message no id of its own.

An SMSC repeats a delivery it has no response to. The repetition has the same content, and nothing distinguishes it from
a second, equal message. Only this side can tell which deliveries it has not responded to, so the journal holds them
with the id under which each was passed to the office. An equal delivery gets the same id, and the office recognises it.
Once the SMSC has certainly received the response, the entry is deleted, and the next equal message is a new one.

Nobody can determine whether a response sent just before a connection broke has arrived. Such a message is expected
again within the setting `resent_within` after the next bind and no longer, because an SMSC repeats deliveries at once.

Without the file (another machine takes over, the disk is lost) a repetition counts as a new message. It is answered
twice but has no second effect, because the office detects repeated requests.
"""

import hashlib
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prepazka.gateways.smpp.deliveries import DeliveredMessage
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.private_files import make_directory, make_file

RETENTION = 3 * 86_400.0
"""Seconds; SMSCs give up on a message within three days."""

_TABLE = """
    CREATE TABLE IF NOT EXISTS delivery (
        id TEXT PRIMARY KEY,
        gateway TEXT NOT NULL,
        content TEXT NOT NULL,
        session TEXT NOT NULL,
        at REAL NOT NULL,
        responded INTEGER NOT NULL DEFAULT 0,
        until REAL
    ) WITHOUT ROWID
"""
# When the journal was last found to be writable.
_PROBE = "CREATE TABLE IF NOT EXISTS probe (id INTEGER PRIMARY KEY CHECK (id = 1), at REAL NOT NULL)"
_INDEX = "CREATE INDEX IF NOT EXISTS delivery_by_content ON delivery (gateway, content, at)"


@dataclass(frozen=True, slots=True)
class ReceivedDelivery:
    """One delivery. session: the session's token; at: when it arrived, in seconds since 1970."""

    message: DeliveredMessage
    session: str
    at: float


class Journal:
    """The journal of one gateway, in the file named by its settings, which gateways may share; "" means in memory only.

    An equal delivery less than `resent_after` later in the same session is another message.

    All methods raise sqlite3.Error.
    """

    def __init__(self, settings: SmppSettings, gateway: str) -> None:
        path = settings.journal
        self._gateway = gateway
        self._resent_after = settings.resent_after
        self._resent_within = settings.resent_within
        self._lock = threading.Lock()
        if path:
            make_directory(Path(path).parent)
            make_file(Path(path))
        self._database = sqlite3.connect(path or ":memory:", timeout=30, check_same_thread=False, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLE, _INDEX, _PROBE):
            self._database.execute(statement).fetchall()

    def session_bound(self, at: float) -> None:
        """Start the time within which messages responded to in earlier sessions may be delivered again."""
        with self._writing():
            self._database.execute(
                "UPDATE delivery SET until = ? WHERE gateway = ? AND responded AND until IS NULL",
                (at + self._resent_within, self._gateway),
            )

    def assign_ids(self, deliveries: Sequence[ReceivedDelivery]) -> list[str]:
        """Return the ids of deliveries, in order: the known id for a repeated one, a new id for any other, which is
        stored."""
        if not deliveries:
            return []
        with self._writing():
            ids = [self._known_id(one) or self._new_id(one) for one in deliveries]
            now = deliveries[-1].at
            self._database.execute(
                "DELETE FROM delivery WHERE gateway = ? AND (at < ? OR until < ?)",
                (self._gateway, now - RETENTION, now),
            )
        return ids

    def mark_responded(self, ids: Sequence[str]) -> None:
        """Note that these are about to get their responses."""
        if not ids:
            return
        with self._writing():
            self._database.executemany("UPDATE delivery SET responded = 1 WHERE id = ?", [(one,) for one in ids])

    def delete_confirmed(self, ids: Sequence[str]) -> None:
        """Delete these: their responses have arrived, so an equal delivery is a new message from now on."""
        if not ids:
            return
        with self._writing():
            self._database.executemany("DELETE FROM delivery WHERE id = ?", [(one,) for one in ids])

    def probe(self, at: float) -> None:
        """Write something, and wait for the disk. Raises: sqlite3.Error, also when another process writes meanwhile."""
        with self._lock:
            self._database.execute("PRAGMA busy_timeout=900")
            try:
                self._database.execute("INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)", (at,))
            finally:
                self._database.execute("PRAGMA busy_timeout=30000")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _known_id(self, delivery: ReceivedDelivery) -> str | None:
        """Return the id of the oldest message this delivery can repeat."""
        found = self._database.execute(
            "SELECT id FROM delivery WHERE gateway = ? AND content = ? AND (until IS NULL OR until >= ?)"
            " AND (session <> ? OR at <= ?) ORDER BY at LIMIT 1",
            (
                self._gateway,
                _content(delivery.message),
                delivery.at,
                delivery.session,
                delivery.at - self._resent_after,
            ),
        ).fetchone()
        if found is None:
            return None
        update = "UPDATE delivery SET session = ?, at = ?, responded = 0, until = NULL WHERE id = ?"
        self._database.execute(update, (delivery.session, delivery.at, found[0]))
        return str(found[0])

    def _new_id(self, delivery: ReceivedDelivery) -> str:
        id_ = uuid.uuid4().hex
        insert = "INSERT INTO delivery (id, gateway, content, session, at) VALUES (?, ?, ?, ?, ?)"
        self._database.execute(insert, (id_, self._gateway, _content(delivery.message), delivery.session, delivery.at))
        return id_


def _content(message: DeliveredMessage) -> str:
    content = "\0".join([message.sender, message.recipient, message.reference, message.text])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
