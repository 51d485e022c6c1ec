"""The smstools gateway with the real smsd, configured as in docs/gateways.md, and a modem on a pseudo-terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

import pytest

from prepazka.gateways.smstools import Smstools, SmstoolsSettings
from prepazka.gateways.values import GatewayEvent, Inbound, Outbound, Part, Receipt, Sent
from tests.gateways.modem import Modem
from tests.gateways.spool import Smsd
from tests.waiting import until

E = TypeVar("E", bound=GatewayEvent)

CITIZEN = "+420777123456"
SENT = datetime(2026, 11, 24, 13, 5, 7, tzinfo=timezone(timedelta(hours=1)))
LONG = "OBJ ZOP 10.8. 14:00 Příšerně Žluťoučká z Ďáblic 😀 " * 3


@pytest.fixture(scope="module")
def plugged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modem]:
    with Modem(tmp_path_factory.mktemp("modem") / "modem") as modem:
        yield modem


@pytest.fixture(scope="module")
def smsd(tmp_path_factory: pytest.TempPathFactory, plugged: Modem) -> Iterator[Smsd]:
    daemon = Smsd(tmp_path_factory.mktemp("smsd"), plugged.link)
    yield daemon
    daemon.kill()


@pytest.fixture
def modem(plugged: Modem) -> Modem:
    plugged.sending, plugged.reports = "ok", 0
    plugged.before = lambda _: True
    plugged.on_air.clear()
    return plugged


@pytest.fixture
def gateway(smsd: Smsd) -> Smstools:
    return Smstools("modem", SmstoolsSettings.model_validate({"spool": str(smsd.spool)}))


def receive_events(gateway: Smstools, count: int, kind: type[E]) -> list[E]:
    """Return the next `count` events of a kind, acknowledged, as all others are: reports on another test's parts."""
    found: list[E] = []

    def poll() -> bool:
        new = gateway.poll(0.1)
        gateway.ack(new)
        found.extend(one for one in new if isinstance(one, kind))
        return len(found) >= count

    until(poll, f"{count} of the gateway")
    assert len(found) == count, found
    return found


def outbound(id_: str, text: str = "Objednano") -> Outbound:
    return Outbound(id_, "+420739547765", CITIZEN, text, 1, datetime.now(UTC) + timedelta(hours=4))


def final_receipt(gateway: Smstools, id_: str) -> Receipt:
    while True:
        for receipt in receive_events(gateway, 1, Receipt):
            assert receipt.id == id_
            if receipt.status != "sent":
                return receipt


def test_received_messages_arrive_unchanged(modem: Modem, gateway: Smstools, smsd: Smsd) -> None:
    texts = ["OBJ ZOP 10.8. 14:00 NOVAK", "Ahoj [{€}] ÉéÄ~^\\|", "Žluťoučký kůň 😀", "To: 1\nFrom: 2\n\nAhoj", ""]
    for text in texts:
        modem.receive(CITIZEN, text, sent=SENT)
    modem.receive("T-Mobile", "Vas kredit", sent=SENT)
    events = receive_events(gateway, 6, Inbound)
    assert sorted((one.sender, one.text) for one in events) == sorted(
        [*((CITIZEN, text) for text in texts), ("T-Mobile", "Vas kredit")]
    )
    assert {(one.gateway, one.recipient, one.sent) for one in events} == {("modem", "", SENT)}
    assert list((smsd.spool / "incoming").iterdir()) == []


@pytest.mark.parametrize("text", [LONG, "a" * 152 + "€" * 40], ids=["UCS-2", "GSM"])
def test_a_long_text_arrives_in_parts(modem: Modem, gateway: Smstools, text: str) -> None:
    count = modem.receive(CITIZEN, text, sent=SENT, reference=9)
    parts = receive_events(gateway, count, Part)
    assert {(part.sender, part.reference, part.total) for part in parts} == {(CITIZEN, 9, count)}
    joined = "".join(part.text for part in sorted(parts, key=lambda part: part.number))
    assert joined.encode("utf-16", "surrogatepass").decode("utf-16") == text


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        ("1", "Objednano €[]"),
        ("2", "Objednáno"),
        ("3", "Objednáno " * 30),
        ("4", "a" * 150 + "€" * 40),
        ("7", "a" * 152 + "€" * 40),
    ],
    ids=["GSM", "UCS-2", "long UCS-2", "long GSM", "long GSM cut in a pair"],
)
def test_a_sent_message_goes_on_air_and_gets_its_receipt(modem: Modem, gateway: Smstools, id_: str, text: str) -> None:
    assert list(gateway.send([outbound(id_, text), outbound(id_, text)])) == [Sent(id_), Sent(id_)]
    receipt = final_receipt(gateway, id_)
    assert (receipt.gateway, receipt.status, receipt.reason) == ("modem", "delivered", "")
    assert "".join(air.text for air in modem.on_air) == text
    assert {air.recipient for air in modem.on_air} == {CITIZEN}
    assert list(gateway.send([outbound(id_, text)])) == [Sent(id_)]
    assert gateway.poll(0) == []


def test_an_undelivered_message(modem: Modem, gateway: Smstools) -> None:
    modem.reports = 0x46
    list(gateway.send([outbound("5")]))
    receipt = final_receipt(gateway, "5")
    assert receipt.status == "undelivered"
    assert receipt.reason.startswith("status 70: ")


def test_a_report_waits_while_the_daemon_is_down(modem: Modem, gateway: Smstools, smsd: Smsd) -> None:
    modem.reports = None
    list(gateway.send([outbound("8")]))
    assert [one.status for one in receive_events(gateway, 1, Receipt)] == ["sent"]
    smsd.kill()
    modem.report(modem.on_air[-1], 0)
    smsd.start()
    assert final_receipt(gateway, "8").status == "delivered"


def test_the_modem_cannot_send(modem: Modem, gateway: Smstools) -> None:
    modem.sending = "fail"
    list(gateway.send([outbound("6")]))
    receipt = final_receipt(gateway, "6")
    assert (receipt.status, receipt.reason) == ("failed", "+CMS ERROR: 38 (Network out of order)")
    assert list(gateway.send([outbound("6")])) == [Sent("6")]
    assert gateway.poll(0) == []


def test_after_a_kill_before_deleting_the_second_file_has_the_same_fingerprint(
    modem: Modem, smsd: Smsd, gateway: Smstools
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
    modem.receive(CITIZEN, "TERMINY", sent=SENT)
    until(lambda: killed, "the daemon is killed")
    smsd.start()
    until(lambda: modem.stored == 0, "the SIM is emptied")
    events = [one for one in gateway.poll(0) if isinstance(one, Inbound)]
    gateway.ack(events)
    assert [one.text for one in events] == ["TERMINY"] * len(events)
    assert len({one.id for one in events}) == len(events) > 0
    assert len({one.fingerprint for one in events}) == 1
    assert gateway.poll(0) == []
