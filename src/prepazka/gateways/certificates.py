"""The certificate of a gateway's peer: whether it is accepted, and what its health says where it is not."""

import socket
import ssl

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.values import Health


def look(host: str, port: int, timeout: float) -> None:
    """Connect with TLS, and ask nothing. Raises: ssl.SSLCertVerificationError, and OSError for all else."""
    with socket.create_connection((host, port), timeout) as plain:
        ssl.create_default_context().wrap_socket(plain, server_hostname=host).close()


def reason_of(error: ssl.SSLCertVerificationError) -> str:
    """Return why a certificate is not accepted, in OpenSSL's words."""
    return (error.verify_message or "it cannot be verified").rstrip(".")


def health_without(host: str, reason: str, *, has_ca_file: bool = False) -> Health:
    """Return the health of a gateway whose peer shows a certificate that is not accepted.

    has_ca_file: whether the gateway has a setting for the authority of its peer.
    """
    if "expired" in reason:
        return health_of("certificate_over", host=host)
    if "mismatch" in reason:
        return health_of("certificate_of_another", host=host, reason=reason)
    if has_ca_file:
        return health_of("certificate_unnamed", host=host, reason=reason)
    return health_of("certificate_unknown", host=host, reason=reason)
