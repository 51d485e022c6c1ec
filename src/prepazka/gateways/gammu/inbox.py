"""Messages received by gammu-smsd: one row of `inbox` for each SMS; the parts of a longer message are joined here.

After a kill between storing an SMS and deleting it from the SIM, smsd stores it again as another row. So a message is
identified by its content (its `fingerprint`, and the id of a part), not by its row.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prepazka.gateways.gammu.database import Database, DatabaseRow, to_time
from prepazka.gateways.parts import Header, read_header, ucs2_decode
from prepazka.gateways.values import Inbound, Part, fingerprint

# Rows read at once.
_LIMIT = 500

# The coding of messages that are not text: ring tones, MMS notices, network settings.
_BINARY = "8bit"


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    sender: str
    sent: datetime | None
    text: str
    coding: str
    udh: str
    header: Header | None

    @property
    def content(self) -> str:
        """A value that is the same for every copy."""
        return fingerprint(self.sender, "", self.sent or _NEVER, self.text, self.udh)


@dataclass(slots=True)
class _Group:
    """The rows of one message by the numbers of their parts; several rows with one number are copies."""

    total: int
    rows: dict[int, list[_Row]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return len(self.rows) == self.total

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(row.id for copies in self.rows.values() for row in copies)

    def add(self, row: _Row, number: int) -> bool:
        """Add a row; return False when another text has its number."""
        copies = self.rows.setdefault(number, [])
        if copies and copies[0].content != row.content:
            return False
        copies.append(row)
        return True


class Inbox:
    """Reads the messages received by one modem, and marks stored ones as processed."""

    def __init__(self, name: str, phone: str, settle: float, clock: Callable[[], float] = time.monotonic) -> None:
        """settle: seconds to wait for the other rows of an incomplete message."""
        self._name = name
        self._phone = phone
        self._settle = settle
        self._clock = clock
        self._first_seen: dict[int, float] = {}
        self._rows_of: dict[str, tuple[int, ...]] = {}

    def read(self, database: Database) -> Sequence[Inbound | Part]:
        """Return the messages that are not processed, in order of arrival."""
        found = database.rows(
            'SELECT "ID", "SenderNumber", CAST("ReceivingDateTime" AS text), "Text", "Coding", "UDH" FROM inbox'
            """ WHERE "Processed" = 'false' AND "RecipientID" = ? ORDER BY "ID" LIMIT ?""",
            [self._phone, _LIMIT],
        )
        if binary := [row for row, *_, coding, _ in found if coding == _BINARY]:
            self._process(database, binary)
        rows = [_row(database, values) for values in found if values[4] != _BINARY]
        now = self._clock()
        self._first_seen = {row.id: self._first_seen.get(row.id, now) for row in rows}
        events = [one for group in _groups(rows) for one in self._events_of(group, now)]
        return [one for _, one in sorted(events, key=lambda numbered: numbered[0])]

    def ack(self, database: Database, ids: Iterable[str]) -> None:
        """Mark all rows of these messages as processed."""
        self._process(database, [row for one in ids for row in self._rows_of.pop(one, ())])

    def _process(self, database: Database, rows: Sequence[int]) -> None:
        if not rows:  # no needless lock against smsd
            return
        with database.transaction():
            for row in rows:
                database.run("""UPDATE inbox SET "Processed" = 'true' WHERE "ID" = ?""", [row])

    def _events_of(self, group: _Group, now: float) -> Iterator[tuple[int, Inbound | Part]]:
        """Return the events of a group, each with its first row."""
        if group.complete:
            yield min(group.ids), self._message(group)
        elif now - min(self._first_seen[one] for one in group.ids) >= self._settle:
            for copies in group.rows.values():
                yield copies[0].id, self._part(copies)

    def _message(self, group: _Group) -> Inbound:
        rows = [group.rows[number][0] for number in sorted(group.rows)]
        first = rows[0]
        # Two halves of a surrogate pair at the ends of parts become one character.
        text = ucs2_decode("".join(row.text for row in rows).encode("utf-16-be", "surrogatepass"))
        content = fingerprint(first.sender, "", first.sent or _NEVER, text, first.udh)
        # The id contains the content, because a new database counts rows from 1 again.
        message = Inbound(self._name, f"{min(group.ids)}-{content[:16]}", first.sender, "", text, first.sent, content)
        self._rows_of[message.id] = group.ids
        return message

    def _part(self, copies: Sequence[_Row]) -> Part:
        row = copies[0]
        assert row.header, "only rows with a header wait for others"  # noqa: S101 -- a programmer's mistake
        part = Part(
            gateway=self._name,
            id=row.content[:32],
            sender=row.sender,
            recipient="",
            text=row.text,
            reference=row.header.reference,
            total=row.header.total,
            number=row.header.number,
            sent=row.sent,
        )
        self._rows_of[part.id] = tuple(copy.id for copy in copies)
        return part


def _groups(rows: Iterable[_Row]) -> list[_Group]:
    """Group the rows that belong together, in order of their first rows.

    A second copy of a part joins the first. A part whose number another text has begins the next message, because
    phones use few references.
    """
    groups: list[_Group] = []
    open_groups: dict[tuple[str, int, int], _Group] = {}
    for row in rows:
        if row.header is None:
            groups.append(_Group(1, {1: [row]}))
            continue
        key = row.sender, row.header.reference, row.header.total
        group = open_groups.get(key)
        if group is None or not group.add(row, row.header.number):
            group = open_groups[key] = _Group(row.header.total, {row.header.number: [row]})
            groups.append(group)
    return groups


def _row(database: Database, values: DatabaseRow) -> _Row:
    row, sender, sent_text, text, coding, udh = values
    header, _ = read_header(_octets(udh))
    try:
        sent = to_time(sent_text, database.message_zone)
    except ValueError:  # an impossible date
        sent = None
    return _Row(
        id=row,
        sender=sender,
        sent=sent,
        text=ucs2_decode(_octets(text)),
        coding=coding,
        udh=udh,
        header=header if header and header.total > 1 else None,
    )


def _octets(hexadecimal: str) -> bytes:
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        return b""
