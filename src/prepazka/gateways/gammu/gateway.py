"""The gateway of one modem of a gammu-smsd, over smsd's database.

A message is acknowledged by marking its rows processed, so after any kill it is returned again, and its fingerprint
identifies it. A message given twice under one id is stored once. smsd itself sends again when it does not learn whether
the modem has sent, so a text may arrive twice.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from time import monotonic

import psycopg

from prepazka.gateways.gammu import outbox, receipts
from prepazka.gateways.gammu.database import Database, WrongSchema, connect
from prepazka.gateways.gammu.forgetting import forget
from prepazka.gateways.gammu.health import daemon_health
from prepazka.gateways.gammu.inbox import Inbox
from prepazka.gateways.gammu.settings import GammuSettings
from prepazka.gateways.values import (
    Capabilities,
    GatewayEvent,
    Health,
    LostAnswer,
    Outbound,
    Receipt,
    SendError,
    SendResult,
)

_BATCH = 20


class Gammu:
    """One modem of a gammu-smsd. One thread may receive while another sends."""

    def __init__(
        self, name: str, settings: GammuSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """clock: decides what has expired."""
        self.name = name
        self.capabilities = Capabilities(batch=_BATCH, per_minute=settings.per_minute, idempotent=True)
        self._settings = settings
        self._clock = clock
        self._inbox = Inbox(name, settings.phone, settings.settle)
        self._receive_db: Database | None = None
        self._send_db: Database | None = None

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        """Put messages into smsd's outbox."""
        for message in messages:
            try:
                self._send_db = self._send_db or connect(self._settings)
            except (sqlite3.Error, psycopg.Error, WrongSchema):
                yield SendError(message.id, "the database of gammu-smsd cannot be opened", cause="unreachable")
                continue
            try:
                yield outbox.enqueue(self._send_db, self._settings.phone, message, self._clock())
            except (sqlite3.Error, psycopg.Error):
                self._send_db.close()
                self._send_db = None
                yield LostAnswer(message.id, "the database of gammu-smsd failed")

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """Return received messages, and new states of sent ones."""
        until = monotonic() + wait
        try:
            database = self._receive_db = self._receive_db or connect(self._settings)
            while not (events := self._read(database)) and (left := until - monotonic()) > 0:
                database.wait(left)
        except BaseException:
            self._close_receive_db()
            raise
        return events

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Mark messages as processed, and states as reported."""
        if not events:
            return
        stored = [one for one in events if isinstance(one, Receipt)]
        try:
            database = self._receive_db = self._receive_db or connect(self._settings)
            self._inbox.ack(database, [one.id for one in events if not isinstance(one, Receipt)])
            receipts.mark_reported(database, stored)
            outbox.delete_withdrawn(
                database, self._settings.phone, [one.id for one in stored if one.status == "failed"]
            )
        except BaseException:
            self._close_receive_db()
            raise

    def health(self, now: datetime) -> Health:
        """Report the daemon's heartbeat, over a connection of its own."""
        return daemon_health(self._settings, now)

    def forget(self, number: str | None, before: datetime) -> int:
        """Erase what smsd keeps of messages that are done, over a connection of its own."""
        with closing(connect(self._settings)) as database:
            return forget(database, self._settings.phone, number, before)

    def close(self) -> None:
        """Close both connections."""
        self._close_receive_db()
        if self._send_db:
            self._send_db.close()
            self._send_db = None

    def _read(self, database: Database) -> Sequence[GatewayEvent]:
        phone = self._settings.phone
        return [
            *self._inbox.read(database),
            *receipts.read_receipts(database, self.name, phone),
            *outbox.withdraw(database, self.name, phone, self._clock()),
        ]

    def _close_receive_db(self) -> None:
        if self._receive_db:
            self._receive_db.close()
            self._receive_db = None
