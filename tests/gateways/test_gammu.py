"""The gammu gateway with the real daemon, its real AT driver, and a modem on a pseudo-terminal.

One daemon serves all of these tests, so each message has its own id. Tests that kill it are in `test_gammu_killed`.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from prepazka.gateways.gammu import Gammu
from prepazka.gateways.values import Inbound, Part, Receipt
from tests.gateways.gammus import CITIZEN, LONG, SENT, final_receipt, outbound, send
from tests.gateways.modem import Modem
from tests.gateways.smsd import PHONE, Smsd, database, receive_events
from tests.waiting import until

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modem]:
    with Modem(tmp_path_factory.mktemp("modem") / "modem") as modem:
        yield modem


@pytest.fixture(scope="module")
def smsd(tmp_path_factory: pytest.TempPathFactory, plugged: Modem) -> Iterator[Smsd]:
    directory = tmp_path_factory.mktemp("smsd")
    with database(directory) as address, Smsd(directory, plugged.link, address, supervised=True) as running:
        yield running


@pytest.fixture
def modem(plugged: Modem) -> Modem:
    plugged.sending, plugged.reports = "ok", 0
    plugged.on_air.clear()
    return plugged


@pytest.fixture
def gateway(smsd: Smsd) -> Iterator[Gammu]:
    with closing(smsd.gateway()) as opened:
        yield opened


def test_received_messages_arrive_unchanged(modem: Modem, gateway: Gammu, smsd: Smsd) -> None:
    texts = ["OBJ ZOP 10.8. 14:00 NOVAK", "Ahoj [{€}] ÉéÄ~^\\|", "Žluťoučký kůň", LONG, "x" * 300, "a" * 152 + "€uro"]
    for number, text in enumerate(texts):
        modem.receive(CITIZEN, text, sent=SENT + timedelta(seconds=number), reference=number)
    modem.receive("T-Mobile", "Vas kredit", sent=SENT)
    modem.receive("5000", "", sent=SENT)
    events = receive_events(gateway, 8)
    assert [(one.sender, one.text) for one in events if isinstance(one, Inbound)] == [
        *((CITIZEN, text) for text in texts),
        ("T-Mobile", "Vas kredit"),
        ("5000", ""),
    ]
    first = events[0]
    assert isinstance(first, Inbound)
    assert (first.gateway, first.recipient, first.sent) == ("modem", "", SENT)
    assert smsd.rows("""SELECT COUNT(*) FROM inbox WHERE "Processed" = 'false'""") == [(0,)]
    until(lambda: modem.stored == 0, "the SIM is emptied")


def test_a_sent_message_goes_on_air_and_gets_its_receipt(modem: Modem, gateway: Gammu) -> None:
    send(gateway, outbound("1"))
    receipt = final_receipt(gateway, "1")
    assert (receipt.status, receipt.reason) == ("delivered", "")
    assert abs(datetime.now(UTC) - receipt.at) < timedelta(minutes=1)
    assert [(air.recipient, air.text) for air in modem.on_air] == [(CITIZEN, "Objednano")]
    assert gateway.poll(0) == []


def test_a_second_attempt_is_not_sent_again(modem: Modem, gateway: Gammu) -> None:
    send(gateway, outbound("2"), outbound("2"))
    final_receipt(gateway, "2")
    send(gateway, outbound("2"))
    send(gateway, outbound("3", "Jina"))
    final_receipt(gateway, "3")
    assert [air.text for air in modem.on_air] == ["Objednano", "Jina"]


@pytest.mark.parametrize(("id_", "text"), [("4", "Objednáno " * 30), ("5", "a" * 152 + "€" * 30)], ids=["UCS-2", "GSM"])
def test_a_long_text_is_sent_in_parts_and_delivered_when_all_are(
    modem: Modem, gateway: Gammu, id_: str, text: str
) -> None:
    modem.reports = None
    send(gateway, outbound(id_, text))
    (receipt,) = receive_events(gateway, 1)
    assert isinstance(receipt, Receipt)
    assert receipt.status == "sent"
    assert "".join(air.text for air in modem.on_air) == text
    total = len(modem.on_air)
    reference = modem.on_air[0].header[6:8]
    assert [air.header for air in modem.on_air] == [
        f"050003{reference}{total:02x}{number:02x}" for number in range(1, total + 1)
    ]
    first, *others = modem.on_air
    modem.report(first, 0)
    until(lambda: modem.stored == 0, "the first report is read")
    assert gateway.poll(0) == []
    for air in others:
        modem.report(air, 0)
    assert final_receipt(gateway, id_).status == "delivered"


def test_an_undelivered_message(modem: Modem, gateway: Gammu) -> None:
    modem.reports = 0x46
    send(gateway, outbound("6"))
    receipt = final_receipt(gateway, "6")
    assert (receipt.status, receipt.reason) == (
        "undelivered",
        "status 70: the phone was not reachable until it expired",
    )


def test_the_modem_cannot_send(modem: Modem, gateway: Gammu) -> None:
    modem.sending = "fail"
    send(gateway, outbound("7"))
    receipt = final_receipt(gateway, "7")
    assert (receipt.status, receipt.reason) == ("failed", "CMS 38: the network is out of order")
    assert modem.on_air == []


def test_an_incomplete_message_is_returned_part_by_part(modem: Modem, gateway: Gammu) -> None:
    modem.receive(CITIZEN, LONG, sent=SENT, reference=9, only=[1])
    (first,) = receive_events(gateway, 1)
    modem.receive(CITIZEN, LONG, sent=SENT, reference=9, only=[3, 2])
    others = receive_events(gateway, 2)
    parts = [one for one in [first, *others] if isinstance(one, Part)]
    assert {(part.sender, part.reference, part.total) for part in parts} == {(CITIZEN, 9, 3)}
    assert "".join(part.text for part in sorted(parts, key=lambda part: part.number)) == LONG


def test_a_running_daemon_is_healthy(gateway: Gammu) -> None:
    until(lambda: gateway.health(datetime.now(UTC)).level == "ok", "it is well")
    assert gateway.health(datetime.now(UTC)).summary.startswith(f"gammu-smsd {PHONE}: ")
