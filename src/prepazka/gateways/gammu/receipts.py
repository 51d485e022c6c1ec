"""The states of messages sent by gammu-smsd, from `sentitems`: one row for each part.

The last reported state is kept in `CreatorID` (`outbox.Mark`) after the office has stored it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from prepazka.gateways.gammu.database import Database, to_time
from prepazka.gateways.gammu.outbox import OPEN_RANGE, Mark, mark_between, open_range_of
from prepazka.gateways.values import Receipt

_LIMIT = 200

# 3GPP TS 27.005, 3.2.5, with 24.011 and 23.040: the errors the owner of a SIM can act on.
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
    tp_status: int


def read_receipts(database: Database, name: str, phone: str) -> Sequence[Receipt]:
    """Return the states that have changed since they were last reported.

    smsd deletes a message from the outbox last, and until then compares its rows, so a message still there is left
    alone.
    """
    ours = mark_between(database)
    trigger_zone = database.trigger_time('"UpdatedInDB"')
    found = database.rows(
        f'SELECT "ID", "Status", "StatusCode", "StatusError", "CreatorID", {trigger_zone}'
        f' FROM sentitems WHERE "ID" IN (SELECT "ID" FROM sentitems WHERE {ours} AND "SenderID" = ?'
        """ AND NOT ("CreatorID" LIKE ? AND "Status" IN ('SendingOK', 'SendingOKNoReport', 'DeliveryPending'))"""
        ' AND "ID" NOT IN (SELECT "ID" FROM outbox) ORDER BY "ID" LIMIT ?)'
        f' AND {ours} ORDER BY "ID", "SequencePosition"',
        [*OPEN_RANGE, phone, "%:sent", _LIMIT, *OPEN_RANGE],
    )
    receipts = []
    for _, rows in groupby(found, key=lambda row: row[0]):
        message = list(rows)
        mark = Mark.read(message[0][4])
        if mark is None:
            continue
        status, reason = _state_of([_Part(*row[1:4]) for row in message])
        if status != mark.reported:
            at = max(to_time(row[5], database.trigger_zone) for row in message)
            receipts.append(Receipt(name, status, at, id=mark.id, reason=reason))
    return receipts


def mark_reported(database: Database, receipts: Sequence[Receipt]) -> None:
    """Mark these states as reported."""
    for receipt in receipts:
        with database.transaction(receipt.id):
            for row, text in database.rows(
                f'SELECT "ID", "CreatorID" FROM sentitems WHERE {mark_between(database)}',
                open_range_of(receipt.id),
            ):
                if mark := Mark.read(text):
                    database.run(
                        'UPDATE sentitems SET "CreatorID" = ? WHERE "ID" = ? AND "CreatorID" = ?',
                        [str(replace(mark, reported=receipt.status)), row, text],
                    )


def _state_of(parts: Sequence[_Part]) -> tuple[Literal["sent", "delivered", "undelivered", "failed"], str]:
    """Return the state of a message with these parts, and the reason of a failure."""
    for part in parts:
        if part.status in {"SendingError", "Error"}:
            return "failed", f"CMS {part.code}: {_CMS.get(part.code, 'see the log of gammu-smsd')}"
    for part in parts:
        if part.status == "DeliveryFailed":
            return "undelivered", f"status {part.tp_status}: {_STATUS.get(part.tp_status, 'the network gave up')}"
    return ("delivered" if all(part.status == "DeliveryOK" for part in parts) else "sent"), ""
