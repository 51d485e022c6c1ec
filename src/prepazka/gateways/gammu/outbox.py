"""Messages handed to gammu-smsd: one row of `outbox`, and the further parts of a longer one in `outbox_multipart`.

smsd copies `CreatorID` into `sentitems`, so that our id in it tells a second try from a second message.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote, unquote

from prepazka.gateways.gammu.database import Database, moment
from prepazka.gateways.parts import PARTS_LIMIT, Coding, TextParts, TooLong, reference_for, split
from prepazka.gateways.values import Outbound, Receipt, SendError, SendResult, Sent

_FINAL = frozenset({"delivered", "undelivered", "failed"})
_NUMBER = re.compile(r"\+?[0-9]{3,15}")

# smsd sends at most so many parts of one message.
_PARTS = min(PARTS_LIMIT, 50)

# smsd compares these with its own clock and zone, of which we know neither: so one that is past and one that never is.
_PAST = "2000-01-01 00:00:00"
_NEVER = "9999-01-01 00:00:00"

_CODINGS: dict[Coding, str] = {"gsm": "Default_No_Compression", "ucs2": "Unicode_No_Compression"}

# smsd keeps so much of a `CreatorID`.
_MARK_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Mark:
    """What we write in `CreatorID`. told: the last state of the message that was heard from us, "" before the first.

    Nothing more will be told of those that begin with "prepazka." and not "prepazka:".
    """

    id: str
    expires: datetime
    told: str = ""

    def __str__(self) -> str:
        beginning = "prepazka." if self.told in _FINAL else "prepazka:"
        return f"{beginning}{quote(self.id, safe='')}:{int(self.expires.timestamp())}:{self.told}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None where it is not ours."""
        found = re.fullmatch(r"prepazka[:.]([^:]*):(\d{1,12}):(\w*)", text)
        return cls(unquote(found[1]), datetime.fromtimestamp(int(found[2]), UTC), found[3]) if found else None


def marked(database: Database) -> str:
    """A condition with two values, `OPEN` or what `open_of` gives: the `CreatorID` lies between them."""
    return f'"CreatorID" {database.exact} >= ? AND "CreatorID" {database.exact} < ?'


OPEN = ("prepazka:", "prepazka;")
"""Between these are the marks of all messages that may still change."""


def open_of(message: str) -> tuple[str, str]:
    """Between these are the marks of one message that may still change."""
    name = quote(message, safe="")
    return f"prepazka:{name}:", f"prepazka:{name};"


def _closed_of(message: str) -> tuple[str, str]:
    name = quote(message, safe="")
    return f"prepazka.{name}:", f"prepazka.{name};"


def give(database: Database, phone: str, message: Outbound, now: datetime) -> SendResult:
    """Hand a message to smsd, once however often it is given."""
    mark = str(Mark(message.id, message.expires))
    if not _NUMBER.fullmatch(message.recipient) or len(mark) > _MARK_LIMIT:
        return SendError(message.id, "not a number an SMS can be sent to", retryable=False)
    try:
        parts = split(message.text, reference_for(message.id))
    except TooLong:
        return SendError(message.id, "too long", retryable=False)
    if len(parts.parts) > _PARTS:
        return SendError(message.id, "too long", retryable=False)
    with database.transaction(message.id):
        if _known(database, message.id):
            return Sent(message.id)
        if message.expires <= now:
            return SendError(message.id, "expired", retryable=False)
        _insert(database, phone, message, parts, validity(message.expires, now))
    database.lasting()
    return Sent(message.id)


def _known(database: Database, message: str) -> bool:
    """In the outbox first: smsd writes what it has sent into `sentitems` before it takes it from the outbox."""
    return any(
        database.rows(f"SELECT 1 FROM {table} WHERE {marked(database)} LIMIT 1", between)
        for table in ("outbox", "sentitems")
        for between in (open_of(message), _closed_of(message))
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


def validity(expires: datetime, now: datetime) -> int:
    """How long the network is to try, as TP-VP says it (3GPP TS 23.040, 9.2.3.12.1); never longer than until then."""
    minutes = int((expires - now).total_seconds()) // 60
    if minutes <= 12 * 60:
        return max(minutes // 5 - 1, 0)
    if minutes <= 24 * 60:
        return 143 + (minutes - 12 * 60) // 30
    days = minutes // (24 * 60)
    return 166 + days if days <= 30 else min(192 + days // 7, 255)


def withdraw(database: Database, name: str, phone: str, now: datetime) -> Sequence[Receipt]:
    """What waited until it was of no use: smsd will not send it any more, once it has not begun to."""
    found = database.rows(
        'SELECT "ID", "CreatorID" FROM outbox WHERE "SenderID" = ? AND "SendingTimeOut" IN (?, ?)'
        f' AND {marked(database)} ORDER BY "ID"',
        [phone, _PAST, _NEVER, *OPEN],
    )
    receipts = []
    for row, text in found:
        mark = Mark.read(text)
        if mark is None or mark.expires > now:
            continue
        # smsd takes a message by moving this time into the future, on condition that it is past.
        if database.change(
            'UPDATE outbox SET "SendingTimeOut" = ? WHERE "ID" = ? AND "SendingTimeOut" IN (?, ?)',
            [_NEVER, row, _PAST, _NEVER],
        ):
            receipts.append(Receipt(name, "failed", now, id=mark.id, reason="expired before the modem could send it"))
    return receipts


def forget(database: Database, phone: str, messages: Sequence[str]) -> None:
    """It is stored what became of these: those withdrawn are deleted."""
    for message in messages:
        with database.transaction(message):
            for (row,) in database.rows(
                f'SELECT "ID" FROM outbox WHERE "SenderID" = ? AND "SendingTimeOut" = ? AND {marked(database)}',
                [phone, _NEVER, *open_of(message)],
            ):
                database.run('DELETE FROM outbox_multipart WHERE "ID" = ?', [row])
                database.run('DELETE FROM outbox WHERE "ID" = ?', [row])


def waiting(database: Database, phone: str) -> tuple[int, datetime | None]:
    """How many of our messages wait for the modem, and since when the first does."""
    since = database.written_at('MIN("InsertIntoDB")')
    ((count, first),) = database.rows(
        f'SELECT COUNT(*), {since} FROM outbox WHERE "SenderID" = ? AND "SendingTimeOut" <> ?',
        [phone, _NEVER],
    )
    return count, moment(first, database.written) if first else None
