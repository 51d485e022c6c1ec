"""A SIM in a modem, by gammu-smsd: we share its SQL database, on SQLite or PostgreSQL, one gateway a modem.

A message is acknowledged by marking its rows processed, so that after any kill it is heard again; its content says
that it is the same. Sending twice under one id sends once. smsd itself sends again when it does not learn whether
the modem has sent, so a text may arrive twice, never a message of ours be made twice.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from time import monotonic

import psycopg

from prepazka.gateways.gammu import outbox, receipts
from prepazka.gateways.gammu.database import Database, WrongSchema, connect
from prepazka.gateways.gammu.health import health
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

__all__ = ["Gammu", "GammuSettings"]

_BATCH = 20


class Gammu:
    """One modem of a gammu-smsd. Hearing and sending may go on at once, each in one thread."""

    def __init__(
        self, name: str, settings: GammuSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """clock: tells what has expired."""
        self.name = name
        self.capabilities = Capabilities(batch=_BATCH, per_minute=settings.per_minute, idempotent=True)
        self._settings = settings
        self._clock = clock
        self._inbox = Inbox(name, settings.phone, settings.settle)
        self._hearing: Database | None = None
        self._sending: Database | None = None

    def send(self, messages: Sequence[Outbound]) -> Iterable[SendResult]:
        """Put messages into smsd's outbox."""
        for message in messages:
            try:
                self._sending = self._sending or connect(self._settings)
            except (sqlite3.Error, psycopg.Error, WrongSchema):
                yield SendError(message.id, "the database of gammu-smsd cannot be opened")
                continue
            try:
                yield outbox.give(self._sending, self._settings.phone, message, self._clock())
            except (sqlite3.Error, psycopg.Error):
                self._sending.close()
                self._sending = None
                yield LostAnswer(message.id, "the database of gammu-smsd failed")

    def poll(self, wait: float) -> Sequence[GatewayEvent]:
        """What smsd has received, and what became of what it was given."""
        until = monotonic() + wait
        try:
            database = self._hearing = self._hearing or connect(self._settings)
            while not (events := self._read(database)) and (left := until - monotonic()) > 0:
                database.wait(left)
        except BaseException:
            self._forget_hearing()
            raise
        return events

    def ack(self, events: Sequence[GatewayEvent]) -> None:
        """Mark rows processed, and states told."""
        if not events:
            return
        became = [one for one in events if isinstance(one, Receipt)]
        try:
            database = self._hearing = self._hearing or connect(self._settings)
            self._inbox.ack(database, [one.id for one in events if not isinstance(one, Receipt)])
            receipts.told(database, became)
            outbox.forget(database, self._settings.phone, [one.id for one in became if one.status == "failed"])
        except BaseException:
            self._forget_hearing()
            raise

    def health(self, now: datetime) -> Health:
        """By the daemon's own heartbeat, over a connection of its own."""
        return health(self._settings, now)

    def close(self) -> None:
        """Close both connections."""
        self._forget_hearing()
        if self._sending:
            self._sending.close()
            self._sending = None

    def _read(self, database: Database) -> Sequence[GatewayEvent]:
        phone = self._settings.phone
        return [
            *self._inbox.read(database),
            *receipts.read(database, self.name, phone),
            *outbox.withdraw(database, self.name, phone, self._clock()),
        ]

    def _forget_hearing(self) -> None:
        if self._hearing:
            self._hearing.close()
            self._hearing = None
