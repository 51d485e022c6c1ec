"""Messages for gammu-smsd: one row of `outbox`, and the further parts of a longer one in `outbox_multipart`.

smsd copies `CreatorID` into `sentitems`, so our id in it distinguishes a second attempt from a second message.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote, unquote

from prepazka.gateways.gammu.database import Database, to_time
from prepazka.gateways.parts import PARTS_LIMIT, Coding, TextParts, TooLong, reference_for, split
from prepazka.gateways.values import Outbound, Receipt, SendError, SendResult, Sent

_FINAL = frozenset({"delivered", "undelivered", "failed"})
_NUMBER = re.compile(r"\+?[0-9]{3,15}")

# smsd sends at most so many parts of one message.
_PARTS = min(PARTS_LIMIT, 50)

# smsd compares these with its own clock and zone, both unknown here, so one is long past and one never comes.
_PAST = "2000-01-01 00:00:00"
_NEVER = "9999-01-01 00:00:00"

_CODINGS: dict[Coding, str] = {"gsm": "Default_No_Compression", "ucs2": "Unicode_No_Compression"}

# The longest `CreatorID` in smsd's tables.
_MARK_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Mark:
    """The content of `CreatorID`. reported: the last state that was reported and stored, "" before the first.

    A mark that begins with "prepazka." instead of "prepazka:" is final: no further state will be reported.
    """

    id: str
    expires: datetime
    reported: str = ""

    def __str__(self) -> str:
        beginning = "prepazka." if self.reported in _FINAL else "prepazka:"
        return f"{beginning}{quote(self.id, safe='')}:{int(self.expires.timestamp())}:{self.reported}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Parse a mark; return None for another program's."""
        found = re.fullmatch(r"prepazka[:.]([^:]*):(\d{1,12}):(\w*)", text)
        return cls(unquote(found[1]), datetime.fromtimestamp(int(found[2]), UTC), found[3]) if found else None


def mark_between(database: Database) -> str:
    """Return a condition that `CreatorID` lies between two values: those of `OPEN_RANGE` or `open_range_of`."""
    return f'"CreatorID" {database.octet_collation} >= ? AND "CreatorID" {database.octet_collation} < ?'


OPEN_RANGE = ("prepazka:", "prepazka;")
"""The bounds of the marks of all messages that may still change."""


def open_range_of(message: str) -> tuple[str, str]:
    """Return the bounds of the marks of one message that may still change."""
    name = quote(message, safe="")
    return f"prepazka:{name}:", f"prepazka:{name};"


def _closed_range_of(message: str) -> tuple[str, str]:
    name = quote(message, safe="")
    return f"prepazka.{name}:", f"prepazka.{name};"


def enqueue(database: Database, phone: str, message: Outbound, now: datetime) -> SendResult:
    """Pass a message to smsd, once for each id."""
    mark = str(Mark(message.id, message.expires))
    if not _NUMBER.fullmatch(message.recipient) or len(mark) > _MARK_LIMIT:
        return SendError(message.id, "not a number an SMS can be sent to", retryable=False, cause="number")
    try:
        parts = split(message.text, reference_for(message.id))
    except TooLong:
        return SendError(message.id, "too long", retryable=False, cause="text")
    if len(parts.parts) > _PARTS:
        return SendError(message.id, "too long", retryable=False, cause="text")
    with database.transaction(message.id):
        if _exists(database, message.id):
            return Sent(message.id)
        if message.expires <= now:
            return SendError(message.id, "expired", retryable=False, cause="late")
        _insert(database, phone, message, parts, relative_validity(message.expires, now))
    database.flush()
    return Sent(message.id)


def _exists(database: Database, message: str) -> bool:
    """Look into the outbox first: smsd copies a sent message to `sentitems` before it deletes it from the outbox."""
    return any(
        database.rows(f"SELECT 1 FROM {table} WHERE {mark_between(database)} LIMIT 1", between)
        for table in ("outbox", "sentitems")
        for between in (open_range_of(message), _closed_range_of(message))
    )


def _insert(database: Database, phone: str, message: Outbound, parts: TextParts, validity: int) -> None:
    first, *others = parts.parts
    ((row,),) = database.rows(
        'INSERT INTO outbox ("DestinationNumber", "TextDecoded", "Coding", "UDH", "MultiPart", "RelativeValidity",'
        ' "SenderID", "DeliveryReport", "CreatorID", "SendingDateTime", "SendingTimeOut")'
        """ VALUES (?, ?, ?, ?, ?, ?, ?, 'yes', ?, ?, ?) RETURNING "ID" """,
        [
            message.recipient,
            first.text,
            _CODINGS[parts.coding],
            first.header.hex().upper(),
            "true" if others else "false",
            validity,
            phone,
            str(Mark(message.id, message.expires)),
            _PAST,
            _PAST,
        ],
    )
    for number, part in enumerate(others, 2):
        database.run(
            'INSERT INTO outbox_multipart ("ID", "SequencePosition", "TextDecoded", "Coding", "UDH")'
            " VALUES (?, ?, ?, ?, ?)",
            [row, number, part.text, _CODINGS[parts.coding], part.header.hex().upper()],
        )


def relative_validity(expires: datetime, now: datetime) -> int:
    """Return the network's validity period as TP-VP (3GPP TS 23.040, 9.2.3.12.1), rounded down."""
    minutes = int((expires - now).total_seconds()) // 60
    if minutes <= 12 * 60:
        return max(minutes // 5 - 1, 0)
    if minutes <= 24 * 60:
        return 143 + (minutes - 12 * 60) // 30
    days = minutes // (24 * 60)
    return 166 + days if days <= 30 else min(192 + days // 7, 255)


def withdraw(database: Database, name: str, phone: str, now: datetime) -> Sequence[Receipt]:
    """Withdraw expired messages smsd has not begun to send, and return their receipts."""
    found = database.rows(
        'SELECT "ID", "CreatorID" FROM outbox WHERE "SenderID" = ? AND "SendingTimeOut" IN (?, ?)'
        f' AND {mark_between(database)} ORDER BY "ID"',
        [phone, _PAST, _NEVER, *OPEN_RANGE],
    )
    receipts = []
    for row, text in found:
        mark = Mark.read(text)
        if mark is None or mark.expires > now:
            continue
        # smsd claims a message by moving this time into the future, on condition that it is past.
        if database.change(
            'UPDATE outbox SET "SendingTimeOut" = ? WHERE "ID" = ? AND "SendingTimeOut" IN (?, ?)',
            [_NEVER, row, _PAST, _NEVER],
        ):
            receipts.append(Receipt(name, "failed", now, id=mark.id, reason="expired before the modem could send it"))
    return receipts


def delete_withdrawn(database: Database, phone: str, messages: Sequence[str]) -> None:
    """Delete withdrawn messages whose receipts are stored."""
    for message in messages:
        with database.transaction(message):
            for (row,) in database.rows(
                f'SELECT "ID" FROM outbox WHERE "SenderID" = ? AND "SendingTimeOut" = ? AND {mark_between(database)}',
                [phone, _NEVER, *open_range_of(message)],
            ):
                database.run('DELETE FROM outbox_multipart WHERE "ID" = ?', [row])
                database.run('DELETE FROM outbox WHERE "ID" = ?', [row])


def queue_length(database: Database, phone: str) -> tuple[int, datetime | None]:
    """Return the number of our messages that wait for the modem, and the time of the first."""
    since = database.trigger_time('MIN("InsertIntoDB")')
    ((count, first),) = database.rows(
        f'SELECT COUNT(*), {since} FROM outbox WHERE "SenderID" = ? AND "SendingTimeOut" <> ?',
        [phone, _NEVER],
    )
    return count, to_time(first, database.trigger_zone) if first else None
