"""Messages gammu-smsd has received: one row of `inbox` an SMS, those of a longer message joined here.

After a kill between storing an SMS and deleting it from the SIM, smsd stores it again as another row. So what is known
of a message, and not its row, says whether it is another: its `fingerprint`, and a part's id.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prepazka.gateways.gammu.database import Database, DatabaseRow, moment
from prepazka.gateways.parts import Header, read_header, ucs2_decode
from prepazka.gateways.values import Inbound, Part, fingerprint

# Rows read at once.
_LIMIT = 500

# Of a message we were told of but is none for people: ring tones, MMS notices, settings of the network.
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
        """The same for every copy."""
        return fingerprint(self.sender, "", self.sent or _NEVER, self.text, self.udh)


@dataclass(slots=True)
class _Group:
    """The rows of one message by the number of their part: several to a number are copies."""

    total: int
    rows: dict[int, list[_Row]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return len(self.rows) == self.total

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(row.id for copies in self.rows.values() for row in copies)

    def takes(self, row: _Row, number: int) -> bool:
        """Whether the row belongs here; not when another text has its place."""
        copies = self.rows.setdefault(number, [])
        if copies and copies[0].content != row.content:
            return False
        copies.append(row)
        return True


class Inbox:
    """Reads what has come for one modem, and marks what is stored as processed."""

    def __init__(self, name: str, phone: str, settle: float, clock: Callable[[], float] = time.monotonic) -> None:
        """settle: how many seconds an incomplete message is kept back for its other rows."""
        self._name = name
        self._phone = phone
        self._settle = settle
        self._clock = clock
        self._first_seen: dict[int, float] = {}
        self._rows_of: dict[str, tuple[int, ...]] = {}

    def read(self, database: Database) -> Sequence[Inbound | Part]:
        """What has come and is not processed, in order of arrival."""
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
        events = [one for group in _groups(rows) for one in self._heard(group, now)]
        return [one for _, one in sorted(events, key=lambda numbered: numbered[0])]

    def ack(self, database: Database, ids: Iterable[str]) -> None:
        """The messages of these ids are stored; all their rows are processed."""
        self._process(database, [row for one in ids for row in self._rows_of.pop(one, ())])

    def _process(self, database: Database, rows: Sequence[int]) -> None:
        if not rows:  # smsd bears no needless lock
            return
        with database.transaction():
            for row in rows:
                database.run("""UPDATE inbox SET "Processed" = 'true' WHERE "ID" = ?""", [row])

    def _heard(self, group: _Group, now: float) -> Iterator[tuple[int, Inbound | Part]]:
        """What is handed in of a group, each with the row it begins in."""
        if group.whole:
            yield min(group.ids), self._message(group)
        elif now - min(self._first_seen[one] for one in group.ids) >= self._settle:
            for copies in group.rows.values():
                yield copies[0].id, self._part(copies)

    def _message(self, group: _Group) -> Inbound:
        rows = [group.rows[number][0] for number in sorted(group.rows)]
        first = rows[0]
        # Halves of a surrogate pair at the ends of parts become one character.
        text = ucs2_decode("".join(row.text for row in rows).encode("utf-16-be", "surrogatepass"))
        content = fingerprint(first.sender, "", first.sent or _NEVER, text, first.udh)
        # With the content, because a database made anew begins to count anew.
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
    """Rows that belong together, in order of their first rows.

    A second copy of a part joins the first; a part whose place another text has begins the next message, for phones
    use few references again and again.
    """
    groups: list[_Group] = []
    open_groups: dict[tuple[str, int, int], _Group] = {}
    for row in rows:
        if row.header is None:
            groups.append(_Group(1, {1: [row]}))
            continue
        key = row.sender, row.header.reference, row.header.total
        group = open_groups.get(key)
        if group is None or not group.takes(row, row.header.number):
            group = open_groups[key] = _Group(row.header.total, {row.header.number: [row]})
            groups.append(group)
    return groups


def _row(database: Database, values: DatabaseRow) -> _Row:
    row, sender, said, text, coding, udh = values
    header, _ = read_header(_octets(udh))
    try:
        sent = moment(said, database.said)
    except ValueError:  # a time no calendar has
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
