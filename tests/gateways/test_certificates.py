"""A peer whose certificate is over, another's or nobody's: the gateway says which, and what helps."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from prepazka.gateways.android.gateway import Android
from prepazka.gateways.android.settings import AndroidSettings
from prepazka.gateways.hosted.gateway import Hosted
from prepazka.gateways.hosted.settings import HostedSettings
from prepazka.gateways.smpp import Smpp, SmppSettings
from prepazka.gateways.values import Health, Outbound, SendError

# Whether a certificate is over is judged by the machine's clock, not by one of ours.
NOW = datetime.now(UTC)
OVER, LATER = NOW - timedelta(days=40), NOW + timedelta(days=400)
SECRET = "a-secret-of-7-and-more"


def write_certificate(path: Path, until: datetime, address: str) -> None:
    """Write a key and a certificate of its own authority, for an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "telefon")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, NOW - timedelta(days=90), until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))


Serve = Callable[..., int]


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve TLS on a port that is returned, with a certificate."""
    listening: list[socket.socket] = []

    def start(until: datetime, address: str = "127.0.0.1", *, trusted: bool = True) -> int:
        write_certificate(tmp_path / "peer.pem", until, address)
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "peer.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "peer.pem")
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def answer() -> None:
            with suppress(OSError):
                while True:
                    plain, _ = server.accept()
                    with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as peer:
                        peer.recv(4096)

        threading.Thread(target=answer, daemon=True).start()
        return int(server.getsockname()[1])

    yield start
    for server in listening:
        server.close()


def of_centre(port: int, **own: str) -> Health:
    settings = {"host": "127.0.0.1", "port": port, "tls": True, "system_id": "urad", "password": "7", "journal": ""}
    return Smpp("centrum", SmppSettings.model_validate(settings | own)).health(NOW)


def of_phone(port: int) -> Health:
    settings = AndroidSettings.model_validate(
        {"url": f"https://127.0.0.1:{port}", "username": "sms", "password": "7", "signing_key": SECRET}
    )
    return Android("mobil", settings).health(NOW)


def of_router(port: int) -> Health:
    given = {
        "profile": "mikrotik",
        "url": f"https://127.0.0.1:{port}",
        "username": "u",
        "password": "7",
        "account": "lte7",
    }
    return Hosted("router", HostedSettings.model_validate(given)).health(NOW)


@pytest.mark.parametrize("health", [of_phone, of_router, of_centre])
def test_a_certificate_that_is_over_is_told(serve: Serve, health: Callable[[int], Health]) -> None:
    said = health(serve(OVER))
    assert (said.level, said.summary) == ("error", "the certificate of 127.0.0.1 has expired")
    assert "renewed" in said.fix


@pytest.mark.parametrize("health", [of_phone, of_router, of_centre])
def test_the_certificate_of_another_is_told(serve: Serve, health: Callable[[int], Health]) -> None:
    said = health(serve(LATER, "10.7.7.7"))
    assert said.summary.startswith("the certificate of 127.0.0.1 is not for this name: IP address mismatch")
    assert said.fix == "write the name of the certificate in the address"


@pytest.mark.parametrize("health", [of_phone, of_router])
def test_a_certificate_of_an_authority_nobody_knows_is_told(serve: Serve, health: Callable[[int], Health]) -> None:
    said = health(serve(LATER, trusted=False))
    assert said.summary == "the certificate of 127.0.0.1 is not trusted: self-signed certificate"
    assert "update-ca-certificates" in said.fix


def test_the_authority_of_a_message_centre_is_named_in_its_settings(serve: Serve, tmp_path: Path) -> None:
    port = serve(LATER, trusted=False)
    said = of_centre(port)
    assert said.summary == "the certificate of 127.0.0.1 is not trusted: self-signed certificate"
    assert "ca_file" in said.fix
    assert of_centre(port, ca_file=str(tmp_path / "peer.pem")).level == "ok"


def test_a_gateway_in_use_tells_why_a_certificate_is_not_accepted(serve: Serve) -> None:
    settings = {"host": "127.0.0.1", "port": serve(OVER), "tls": True, "system_id": "urad", "password": "7"}
    gateway = Smpp("centrum", SmppSettings.model_validate(settings | {"journal": "", "connect_timeout": 0.5}))
    message = Outbound("7-1", "+420555010203", "+420777010203", "Ano.", 1, LATER)
    try:
        (result,) = gateway.send([message])
    finally:
        gateway.close()
    assert isinstance(result, SendError)
    assert result.reason == "its certificate is not accepted: certificate has expired"


def test_a_right_certificate_is_no_fault(serve: Serve) -> None:
    assert of_router(serve(LATER)).level == "ok"
