"""The connection with a real SMSC: cut, stalled, refused, in pairs, and by TLS."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from prepazka.gateways.smpp import Smpp
from prepazka.gateways.smpp.gateway import NotBound
from prepazka.gateways.smpp.pdus import Pdu, encode_pdu
from prepazka.gateways.values import (
    Receipt,
    SendError,
    Sent,
)
from tests.gateways.smpp.conftest import Opened
from tests.gateways.smpp.smsc import Smsc
from tests.gateways.smpp.texting import NOVAK, OFFICE, inbounds, outbound, poll, texting
from tests.ports import free_port
from tests.waiting import until

# --- the connection -----------------------------------------------------------------------------


def is_up(gateway: Smpp) -> bool:
    try:
        gateway.poll(0.05)
    except NotBound:
        return False
    return ": bound" in gateway.health(datetime.now(UTC)).summary


def rebound(smsc: Smsc, gateway: Smpp) -> None:
    """Return whether a second session has begun by itself, and messages pass in both directions."""
    until(lambda: is_up(gateway) and len(smsc.state()["binds"]) > 1)
    smsc.deliver(texting("OBJ"))
    assert inbounds(poll(gateway, 1)) == [(NOVAK, OFFICE, "OBJ")]
    assert [type(one) for one in gateway.send([outbound(1)])] == [Sent]


def bound(smsc: Smsc, gateway: Smpp) -> None:
    until(lambda: is_up(gateway))
    assert smsc.state()["binds"] == ["bind_transceiver"]


def test_an_smsc_that_stops_answering_is_left(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(response_timeout=2)
    bound(smsc, gateway)
    smsc.habits(mute=True)
    until(lambda: "mute" in gateway.health(datetime.now(UTC)).summary)
    smsc.habits(mute=False)
    rebound(smsc, gateway)


def test_a_connection_cut(smsc: Smsc, opened: Opened) -> None:
    gateway = opened()
    bound(smsc, gateway)
    smsc.cut()
    rebound(smsc, gateway)


def test_an_smsc_that_unbinds(smsc: Smsc, opened: Opened) -> None:
    gateway = opened()
    bound(smsc, gateway)
    smsc.unbind()
    rebound(smsc, gateway)


HALF = encode_pdu(Pdu("deliver_sm", 900, fields={"source_addr": "1", "short_message": b"HALF"}))


def test_a_stall_inside_a_pdu(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(enquire_every=60)
    bound(smsc, gateway)
    smsc.raw(HALF[:30])
    assert gateway.poll(0.1) == []
    smsc.raw(HALF[30:])
    assert [text for _, _, text in inbounds(poll(gateway, 1))] == ["HALF"]


def test_a_stall_without_end(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(response_timeout=2)
    bound(smsc, gateway)
    smsc.raw(HALF[:30])
    rebound(smsc, gateway)


@pytest.mark.parametrize(
    "nonsense",
    [bytes(16), b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\x10\x80\0\0\x04" + bytes(8)],
    ids=["zeros", "http", "ok"],
)
def test_nonsense(smsc: Smsc, opened: Opened, nonsense: bytes) -> None:
    gateway = opened()
    bound(smsc, gateway)
    smsc.raw(nonsense)
    smsc.deliver(texting("OBJ"))
    assert inbounds(poll(gateway, 1)) == [(NOVAK, OFFICE, "OBJ")]


def test_a_pair_of_sessions(smsc: Smsc, opened: Opened) -> None:
    smsc.habits(receipts="text")
    gateway = opened(bind="pair")
    (answer,) = gateway.send([outbound(1)])
    (event,) = poll(gateway, 1)
    assert isinstance(answer, Sent)
    assert isinstance(event, Receipt)
    assert (event.ref,) == answer.refs
    assert sorted(smsc.state()["binds"]) == ["bind_receiver", "bind_transmitter"]


def test_a_wrong_password(smsc: Smsc, opened: Opened) -> None:
    gateway = opened(password="wrong")
    (answer,) = gateway.send([outbound(1)])
    assert answer == SendError("1", "the SMSC refuses to bind: Invalid Password (0x0E)", cause="account")
    health = gateway.health(datetime.now(UTC))
    assert (health.level, "system_id" in health.fix) == ("error", True)
    with pytest.raises(NotBound, match="Invalid Password"):
        gateway.poll(0)
    assert "wrong" not in repr(health)


def test_no_smsc_at_the_address(opened: Opened) -> None:
    port = free_port()
    asked, used = opened(port=port), opened(port=port, connect_timeout=0.3)
    assert asked.health(datetime.now(UTC)).level == "error"
    (answer,) = used.send([outbound(1)])
    assert isinstance(answer, SendError)
    assert answer.retryable
    with pytest.raises(NotBound, match="cannot connect"):
        used.poll(0.1)


def test_one_opened_to_be_asked_only_never_binds(smsc: Smsc, opened: Opened) -> None:
    assert opened().health(datetime.now(UTC)).level == "ok"
    assert opened(host="no..host").health(datetime.now(UTC)).level == "error"
    assert opened(tls=True, ca_file="/no/file").health(datetime.now(UTC)).level == "error"
    assert smsc.state()["binds"] == []


def test_it_unbinds_when_it_is_closed(smsc: Smsc, opened: Opened) -> None:
    gateway = opened()
    bound(smsc, gateway)
    gateway.close()
    until(lambda: smsc.state()["sessions"] == 0)


# --- TLS ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA, tmp_path: Path) -> Iterator[Smsc]:
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    with Smsc(tmp_path / "key.pem", tmp_path / "certificate.pem") as running:
        yield running


def test_by_tls(secure: Smsc, opened: Opened, authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    gateway = opened(port=secure.port, tls=True, ca_file=str(tmp_path / "ca.pem"))
    secure.deliver(*(texting(f"OBJ {number} " + "x" * 200, payload=True) for number in range(200)))
    assert len(poll(gateway, 200)) == 200
    assert [type(one) for one in gateway.send([outbound(number) for number in range(50)])] == [Sent] * 50


def test_an_untrusted_authority(secure: Smsc, opened: Opened) -> None:
    gateway = opened(port=secure.port, tls=True, connect_timeout=0.5)
    (answer,) = gateway.send([outbound(1)])
    assert isinstance(answer, SendError)
    assert gateway.health(datetime.now(UTC)).level == "error"
    assert secure.state()["binds"] == []
