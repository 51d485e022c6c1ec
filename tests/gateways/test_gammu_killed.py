"""gammu-smsd killed, its answers lost, its modem pulled out, several daemons at once: no message is duplicated."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prepazka.gateways.gammu import Gammu
from prepazka.gateways.values import Inbound, Receipt
from tests.gateways.gammus import CITIZEN, LONG, SENT, final_receipt, minute_passes, outbound, send
from tests.gateways.modem import Modem
from tests.gateways.smsd import Smsd, database, receive_events
from tests.waiting import DEADLINE, until

pytestmark = pytest.mark.both_databases


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[Modem]:
    with Modem(tmp_path / "modem") as plugged:
        yield plugged


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with database(tmp_path) as made:
        yield made


@pytest.fixture
def smsd(tmp_path: Path, modem: Modem, address: str) -> Iterator[Smsd]:
    with Smsd(tmp_path, modem.link, address, supervised=True) as running:
        yield running


@pytest.fixture
def gateway(smsd: Smsd) -> Iterator[Gammu]:
    with closing(smsd.gateway()) as opened:
        yield opened


def test_after_a_kill_before_deleting_the_second_row_has_the_same_fingerprint(
    modem: Modem, smsd: Smsd, gateway: Gammu
) -> None:
    killed = False

    def kill_before_deleting(command: str) -> bool:
        nonlocal killed
        if command.startswith("AT+CMGD") and not killed:
            killed = True
            smsd.kill()
            return False
        return True

    modem.before = kill_before_deleting
    modem.receive(CITIZEN, LONG, sent=SENT)
    until(lambda: killed, "the daemon is killed")
    (first,) = receive_events(gateway, 1)
    smsd.start()
    (second,) = receive_events(gateway, 1)
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert first.id != second.id
    assert first.fingerprint == second.fingerprint
    assert first.text == second.text == LONG
    until(lambda: modem.stored == 0, "the SIM is emptied")


def test_after_a_lost_answer_the_daemon_sends_again_and_reports_once(modem: Modem, smsd: Smsd, gateway: Gammu) -> None:
    modem.sending = "lost"
    send(gateway, outbound())
    until(lambda: modem.on_air, "it is on air")
    smsd.kill()
    modem.sending = "ok"
    minute_passes(smsd.database)
    smsd.start()
    assert final_receipt(gateway).status == "delivered"
    assert [air.text for air in modem.on_air] == ["Objednano", "Objednano"]
    assert gateway.poll(0) == []


def test_a_modem_pulled_out_is_noticed_and_a_restart_cures(tmp_path: Path, modem: Modem, address: str) -> None:
    with (
        Smsd(tmp_path, modem.link, address, LogFile="/dev/null") as smsd,  # it writes 10 MB a second
        closing(smsd.gateway()) as gateway,
    ):
        until(lambda: gateway.health(datetime.now(UTC)).level == "ok", "it is well")
        modem.unplug()
        # A smsd that hangs is noticed by its silence, which takes as long as the deadline is.
        until(lambda: gateway.health(datetime.now(UTC)).level == "error", "it is noticed", 2 * DEADLINE)
        health = gateway.health(datetime.now(UTC))
        # Mostly smsd 1.42 goes on as if nothing were wrong; sometimes it crashes or hangs without its device.
        deaf, dead = "the modem has no signal, or gammu-smsd does not hear it", "gammu-smsd is dead or deaf: silent for"
        assert health.summary.startswith((deaf, dead))
        assert "systemctl restart gammu-smsd" in health.fix
        send(gateway, outbound())
        modem.receive(CITIZEN, "TERMINY", sent=SENT)
        modem.plug_in()
        smsd.kill()
        minute_passes(smsd.database)
        smsd.start()
        events = [one for one in receive_events(gateway, 2) if isinstance(one, Inbound)]
        assert [one.text for one in events] == ["TERMINY"]
        assert [air.text for air in modem.on_air] == ["Objednano"]


def test_each_gateway_uses_its_own_modem(tmp_path: Path, modem: Modem, smsd: Smsd) -> None:
    with (
        Modem(tmp_path / "other") as other_modem,
        Smsd(tmp_path, other_modem.link, smsd.database, "druhy", supervised=True) as other,
        closing(smsd.gateway()) as gateway,
        closing(other.gateway()) as other_gateway,
    ):
        other_modem.receive(CITIZEN, "FRONTA ZOP", sent=SENT)
        send(other_gateway, outbound())
        events = {type(one) for one in receive_events(other_gateway, 2)}
        assert events == {Inbound, Receipt}
        assert [air.text for air in other_modem.on_air] == ["Objednano"]
        assert gateway.poll(0) == []
        assert modem.on_air == []
