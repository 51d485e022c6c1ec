"""What the SMSC may deliver again, in a file that survives a kill: SMPP gives a message no name of its own.

An SMSC delivers again what it has no response to, with the same content and nothing that tells the copy from a second,
equal message. Only we know what we have not responded to, so that is kept here, with the id each message was handed to
the office under; a delivery equal to one of them takes its id, and the office knows it. Once the SMSC has certainly
got our response the entry goes, and the next equal message is a new one.

What cannot be known, by anyone, is whether a response sent just before the connection was cut has arrived. Such a
message is expected again within the setting `resent_within` after the next bind, and no longer: an SMSC delivers
again at once.

Without the file (another machine takes over, a lost disk) a copy counts as a new message: what it asks for is not done
twice, since the office knows repeated wishes, but it is answered twice.
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

KEPT = 3 * 86_400.0
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
_INDEX = "CREATE INDEX IF NOT EXISTS delivery_by_content ON delivery (gateway, content, at)"


@dataclass(frozen=True, slots=True)
class DeliveredBefore:
    """One delivery. session: its token; at: when it came, in seconds since 1970."""

    message: DeliveredMessage
    session: str
    at: float


class Journal:
    """The journal of one gateway, in the file of its settings, which others may share; "" is in memory only.

    What is equal and comes sooner than `resent_after` within a session is another message.

    Raises, as all its methods: sqlite3.Error.
    """

    def __init__(self, settings: SmppSettings, gateway: str) -> None:
        path = settings.journal
        self._gateway = gateway
        self._resent_after = settings.resent_after
        self._resent_within = settings.resent_within
        self._guard = threading.Lock()
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path or ":memory:", timeout=30, check_same_thread=False, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _TABLE, _INDEX):
            self._database.execute(statement).fetchall()

    def begun(self, at: float) -> None:
        """A session was bound: now the SMSC can deliver again what it was responded to in others, if it has to."""
        with self._writing():
            self._database.execute(
                "UPDATE delivery SET until = ? WHERE gateway = ? AND responded AND until IS NULL",
                (at + self._resent_within, self._gateway),
            )

    def name(self, came: Sequence[DeliveredBefore]) -> list[str]:
        """The ids of deliveries, in order: known ones for what has come again, new ones for the rest, kept."""
        if not came:
            return []
        with self._writing():
            ids = [self._again(one) or self._new(one) for one in came]
            now = came[-1].at
            self._database.execute(
                "DELETE FROM delivery WHERE gateway = ? AND (at < ? OR until < ?)", (self._gateway, now - KEPT, now)
            )
        return ids

    def responded(self, ids: Sequence[str]) -> None:
        """These are about to be responded to."""
        if not ids:
            return
        with self._writing():
            self._database.executemany("UPDATE delivery SET responded = 1 WHERE id = ?", [(one,) for one in ids])

    def confirmed(self, ids: Sequence[str]) -> None:
        """The responses to these have arrived; the same content is a new message from now on."""
        if not ids:
            return
        with self._writing():
            self._database.executemany("DELETE FROM delivery WHERE id = ?", [(one,) for one in ids])

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._guard:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _again(self, came: DeliveredBefore) -> str | None:
        """The id of the oldest message this can be a copy of."""
        found = self._database.execute(
            "SELECT id FROM delivery WHERE gateway = ? AND content = ? AND (until IS NULL OR until >= ?)"
            " AND (session <> ? OR at <= ?) ORDER BY at LIMIT 1",
            (self._gateway, _content(came.message), came.at, came.session, came.at - self._resent_after),
        ).fetchone()
        if found is None:
            return None
        again = "UPDATE delivery SET session = ?, at = ?, responded = 0, until = NULL WHERE id = ?"
        self._database.execute(again, (came.session, came.at, found[0]))
        return str(found[0])

    def _new(self, came: DeliveredBefore) -> str:
        name = uuid.uuid4().hex
        new = "INSERT INTO delivery (id, gateway, content, session, at) VALUES (?, ?, ?, ?, ?)"
        self._database.execute(new, (name, self._gateway, _content(came.message), came.session, came.at))
        return name


def _content(message: DeliveredMessage) -> str:
    content = "\0".join([message.sender, message.recipient, message.reference, message.text])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
