"""Helpers of the tests of the gammu gateway."""

from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

from prepazka.gateways.gammu import Gammu, GammuSettings
from prepazka.gateways.gammu.database import connect
from prepazka.gateways.values import Outbound, Receipt, Sent
from tests.gateways.smsd import PHONE, receive_events

CITIZEN = "+420777123456"
SENT = datetime(2026, 11, 24, 13, 5, 7, tzinfo=timezone(timedelta(hours=1)))
LONG = "OBJ ZOP 10.8. 14:00 Příšerně Žluťoučká z Ďáblic 😀 " * 3


def outbound(id_: str = "17", text: str = "Objednano") -> Outbound:
    return Outbound(id_, "+420739547765", CITIZEN, text, 1, datetime.now(UTC) + timedelta(hours=4))


def send(gateway: Gammu, *messages: Outbound) -> None:
    assert list(gateway.send(messages)) == [Sent(message.id) for message in messages]


def final_receipt(gateway: Gammu, id_: str = "17") -> Receipt:
    """Return the last receipt of a message; "sent" may precede it."""
    while True:
        (receipt,) = receive_events(gateway, 1)
        assert isinstance(receipt, Receipt)
        assert (receipt.gateway, receipt.id, receipt.ref) == ("modem", id_, "")
        if receipt.status != "sent":
            return receipt


def minute_passes(address: str, phone: str = PHONE) -> None:
    """Skip the minute smsd waits after a kill before it sends a message again."""
    with closing(connect(GammuSettings.model_validate({"database": address, "phone": phone}))) as opened:
        opened.run(
            'UPDATE outbox SET "SendingTimeOut" = ? WHERE "SenderID" = ?',
            ["2001-01-01 00:00:00", phone],
        )
