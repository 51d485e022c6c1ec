"""The real gammu-smsd on Gammu's dummy phone: receiving, sending, and the network's reports."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prepazka.gateways.values import Inbound
from tests.gateways.dummy import DRIVER, Dummy
from tests.gateways.gammus import CITIZEN, LONG, SENT, final_receipt, outbound, send
from tests.gateways.smsd import Smsd, database, receive_events
from tests.waiting import until


@pytest.mark.both_databases
def test_a_message_its_answer_and_the_report(tmp_path: Path) -> None:
    with (
        database(tmp_path) as address,
        closing(Dummy(tmp_path / "phone", address)) as phone,
        Smsd(tmp_path, phone.directory, address, supervised=True, **DRIVER | {"ReceiveFrequency": 1}) as smsd,
        closing(smsd.gateway()) as gateway,
    ):
        phone.receive(CITIZEN, LONG, SENT)
        (event,) = receive_events(gateway, 1)
        assert isinstance(event, Inbound)
        assert (event.sender, event.text, event.sent) == (CITIZEN, LONG, SENT)
        for id_, status, becomes in (("1", 0, "delivered"), ("2", 0x46, "undelivered")):
            send(gateway, outbound(id_, f"Objednáno {id_}"))
            until(lambda n=id_: (CITIZEN, f"Objednáno {n}") in phone.received(), "it is sent")  # type: ignore[misc]
            phone.report(CITIZEN, datetime.now(UTC), status)
            assert final_receipt(gateway, id_).status == becomes
