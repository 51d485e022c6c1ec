"""The certificate citizens' browsers see: read from the proxy's file, or shown by the proxy itself.

Only where PREPAZKA_CERTIFICATE names one. A file is read each time; a proxy is asked by the worker and by
`prepazka check`, never by whoever asks for the figures.
"""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography import x509

ASK_EVERY = timedelta(hours=1)
# Seconds a proxy has to show its certificate.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate: of a chain, the one that ends first."""

    until: datetime


class CertificateWatch:
    """What is known of the certificate that is named by the settings."""

    def __init__(self) -> None:
        self._asked_at: datetime | None = None
        self._shown: Certificate | str = ""

    def state(self, now: datetime) -> Certificate | str:
        """Return the certificate; why it cannot be read; or "" when none is named or its proxy was not asked yet."""
        place = settings.CERTIFICATE
        return read_file(Path(place)) if place.startswith("/") else self._shown

    def ask(self, now: datetime) -> None:
        """Ask the proxy for its certificate, once an hour; a file needs no asking."""
        place = settings.CERTIFICATE
        lately = self._asked_at is not None and timedelta() <= now - self._asked_at < ASK_EVERY
        if place and not place.startswith("/") and not lately:
            self._asked_at = now
            self._shown = ask_proxy(place)


def read_file(path: Path) -> Certificate | str:
    """Return the certificate of a file in PEM form, or why there is none."""
    from cryptography import x509  # noqa: PLC0415 -- loaded where one is named, and few installations name any

    try:
        return _first_to_end(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        return error.strerror or type(error).__name__
    except ValueError:
        return "it holds no certificate in PEM form"


def ask_proxy(place: str) -> Certificate | str:
    """Return the certificate shown at HOST or HOST:PORT, whoever signed it, or why there is none."""
    host, _, port = place.partition(":")
    from cryptography import x509  # noqa: PLC0415 -- as above

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # one that has ended is to be told, not refused
    try:
        with (
            socket.create_connection((host, int(port or 443)), _PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert(binary_form=True)
    except OSError as error:
        return error.strerror or type(error).__name__
    return _first_to_end([x509.load_der_x509_certificate(shown)]) if shown else "it shows none"


def _first_to_end(chain: "list[x509.Certificate]") -> Certificate:
    return Certificate(min(one.not_valid_after_utc for one in chain))


# Of this process.
certificate = CertificateWatch()
