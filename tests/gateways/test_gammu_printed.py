"""The real gammu-smsd with the unchanged configuration of `prepazka gateway gammu-config`."""

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prepazka.gateways.values import Inbound
from tests.gateways.gammus import CITIZEN, SENT, final_receipt, outbound, send
from tests.gateways.modem import Modem
from tests.gateways.smsd import PHONE, Smsd, database, receive_events
from tests.waiting import until


@pytest.mark.both_databases
def test_the_daemon_works_with_the_printed_configuration(tmp_path: Path) -> None:
    with Modem(tmp_path / "modem") as modem, database(tmp_path) as address:
        command = [sys.executable, "-m", "prepazka", "gateway", "gammu-config", "--only", "smsdrc"]
        options = ["--device", str(modem.link), "--database", address, "--phone", PHONE]
        printed = subprocess.run([*command, *options], capture_output=True, text=True, check=True).stdout
        assert f"device = {modem.link}\n" in printed
        with (
            Smsd(tmp_path, modem.link, address, printed=printed, supervised=True) as smsd,
            closing(smsd.gateway()) as gateway,
        ):
            modem.receive(CITIZEN, "TERMINY Žluťoučká", sent=SENT)
            (event,) = receive_events(gateway, 1)
            assert isinstance(event, Inbound)
            assert (event.text, event.sent) == ("TERMINY Žluťoučká", SENT)
            send(gateway, outbound("1", "Objednáno"))
            assert final_receipt(gateway, "1").status == "delivered"
            assert [(air.recipient, air.text) for air in modem.on_air] == [(CITIZEN, "Objednáno")]
            until(lambda: gateway.health(datetime.now(UTC)).level == "ok", "it is well")
