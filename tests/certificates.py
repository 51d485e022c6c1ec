"""Certificates as a proxy has them, for tests."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding


def write_certificate(path: Path, now: datetime, *ends: timedelta) -> None:
    """Write a chain to a file, of which each certificate ends so long from now."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    chain = [
        x509.CertificateBuilder(name, name, key.public_key(), serial, now - timedelta(days=90), now + end)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        for serial, end in enumerate(ends, 1)
    ]
    path.write_bytes(b"".join(chain))
