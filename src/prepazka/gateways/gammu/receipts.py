"""What became of messages handed to gammu-smsd, as `sentitems` says: one row a part.

What was told is kept in `CreatorID` (`outbox.Mark`), once it is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from prepazka.gateways.gammu.database import Database, moment
from prepazka.gateways.gammu.outbox import OPEN, Mark, marked, open_of
from prepazka.gateways.values import Receipt

_LIMIT = 200

# 3GPP TS 27.005, 3.2.5, with 24.011 and 23.040: what a SIM's owner can do something about.
_CMS = {
    1: "the number is not assigned",
    8: "the operator bars this number",
    10: "the SIM is barred; ask the operator, perhaps its credit is used up",
    21: "the network rejected it; perhaps the SIM's credit is used up",
    27: "the recipient cannot be reached",
    28: "the recipient is unknown",
    29: "the service is not allowed for this SIM",
    30: "the number is unknown to the network",
    38: "the network is out of order",
    41: "a temporary failure of the network",
    42: "the network is congested",
    47: "the network has no capacity",
    50: "the service is not subscribed for this SIM",
    69: "the network does not offer this service",
    310: "no SIM in the modem",
    311: "the SIM wants its PIN",
    313: "the SIM failed",
    330: "the number of the message centre is unknown",
    331: "no network",
    332: "the network did not answer in time",
    500: "an unknown failure of the modem",
}

# 3GPP TS 23.040, 9.2.3.15: why the network gave up.
_STATUS = {
    0x40: "the network failed",
    0x41: "the phone could not take it",
    0x42: "the connection was rejected",
    0x43: "the phone cannot be reached",
    0x45: "the phone does not answer",
    0x46: "the phone was not reachable until it expired",
    0x49: "the number is unknown",
}


@dataclass(frozen=True, slots=True)
class _Part:
    status: str
    code: int
    reported: int


def read(database: Database, name: str, phone: str) -> Sequence[Receipt]:
    """What has changed since it was last told.

    smsd deletes from the outbox last, and until then compares what it wrote: such messages are left alone.
    """
    ours = marked(database)
    written = database.written_at('"UpdatedInDB"')
    found = database.rows(
        f'SELECT "ID", "Status", "StatusCode", "StatusError", "CreatorID", {written}'
        f' FROM sentitems WHERE "ID" IN (SELECT "ID" FROM sentitems WHERE {ours} AND "SenderID" = ?'
        """ AND NOT ("CreatorID" LIKE ? AND "Status" IN ('SendingOK', 'SendingOKNoReport', 'DeliveryPending'))"""
        ' AND "ID" NOT IN (SELECT "ID" FROM outbox) ORDER BY "ID" LIMIT ?)'
        f' AND {ours} ORDER BY "ID", "SequencePosition"',
        [*OPEN, phone, "%:sent", _LIMIT, *OPEN],
    )
    receipts = []
    for _, rows in groupby(found, key=lambda row: row[0]):
        message = list(rows)
        mark = Mark.read(message[0][4])
        if mark is None:
            continue
        status, reason = _become([_Part(*row[1:4]) for row in message])
        if status != mark.told:
            at = max(moment(row[5], database.written) for row in message)
            receipts.append(Receipt(name, status, at, id=mark.id, reason=reason))
    return receipts


def told(database: Database, receipts: Sequence[Receipt]) -> None:
    """These are stored."""
    for receipt in receipts:
        with database.transaction(receipt.id):
            for row, text in database.rows(
                f'SELECT "ID", "CreatorID" FROM sentitems WHERE {marked(database)}',
                open_of(receipt.id),
            ):
                if mark := Mark.read(text):
                    database.run(
                        'UPDATE sentitems SET "CreatorID" = ? WHERE "ID" = ? AND "CreatorID" = ?',
                        [str(replace(mark, told=receipt.status)), row, text],
                    )


def _become(parts: Sequence[_Part]) -> tuple[Literal["sent", "delivered", "undelivered", "failed"], str]:
    """What became of a message of these parts, and why."""
    for part in parts:
        if part.status in {"SendingError", "Error"}:
            return "failed", f"CMS {part.code}: {_CMS.get(part.code, 'see the log of gammu-smsd')}"
    for part in parts:
        if part.status == "DeliveryFailed":
            return "undelivered", f"status {part.reported}: {_STATUS.get(part.reported, 'the network gave up')}"
    return ("delivered" if all(part.status == "DeliveryOK" for part in parts) else "sent"), ""
