"""Stands in for a PostgreSQL that lets nobody in: it answers the first message of a connection, and no more."""

import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Questions that come before the first message: for TLS, and for GSSAPI.
_TLS, _GSSAPI = 80877103, 80877104


def refusal(code: str, text: str) -> bytes:
    """Return the message with which the server ends a connection; code: its SQLSTATE."""
    fields = {"S": "FATAL", "V": "FATAL", "C": code, "M": text}
    body = b"".join(f"{name}{value}\0".encode() for name, value in fields.items()) + b"\0"
    return b"E" + struct.pack("!I", len(body) + 4) + body


def certificate(directory: Path, name: str, until: datetime, host: str = "127.0.0.1") -> Path:
    """Make a certificate that signs itself, with its key in the file `.key` beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1))  # noqa: DTZ001 -- as the builder wants it
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / f"{name}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@contextmanager
def answering(reply: bytes, shown: Path | None = None) -> Iterator[int]:
    """Serve on a port of the loopback; shown: the certificate, None for a server without TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if shown else None
    if context and shown:
        context.load_cert_chain(shown, shown.with_suffix(".key"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, reply, context), daemon=True).start()
        yield listener.getsockname()[1]


def _serve(listener: socket.socket, reply: bytes, context: ssl.SSLContext | None) -> None:
    while True:
        try:
            caller, _ = listener.accept()
        except OSError:  # closed
            return
        with suppress(OSError, struct.error):
            _answer(caller, reply, context)


def _answer(caller: socket.socket, reply: bytes, context: ssl.SSLContext | None) -> None:
    with caller:
        while (asked := _first(caller)) in {_TLS, _GSSAPI}:
            if asked == _TLS and context:
                caller.sendall(b"S")
                with context.wrap_socket(caller, server_side=True) as secured:
                    _first(secured)
                    secured.sendall(reply)
                return
            caller.sendall(b"N")
        caller.sendall(reply)


def _first(caller: socket.socket) -> int:
    (length,) = struct.unpack("!I", caller.recv(4))
    (code,) = struct.unpack("!I", caller.recv(length - 4)[:4])
    return int(code)
