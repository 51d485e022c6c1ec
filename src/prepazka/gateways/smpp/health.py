"""The health of an SMPP gateway: the state of its connections, or whether the SMSC can be reached at all."""

import sqlite3
import ssl
from collections.abc import Sequence

from prepazka.gateways import certificates
from prepazka.gateways.health_texts import health_of
from prepazka.gateways.smpp.connection import SmscConnection, smsc_address
from prepazka.gateways.smpp.journal import Journal
from prepazka.gateways.smpp.settings import SmppSettings
from prepazka.gateways.values import Health

# Seconds a connection to the SMSC may take.
_TIMEOUT = 0.9


def connected(
    settings: SmppSettings, connections: Sequence[SmscConnection], pending: int, refusal: str
) -> Health | None:
    """Return the health of a gateway in use; None before its first connection has succeeded or failed.

    pending: deliveries without a response. refusal: why the SMSC refuses every message, "" while it does not. The
    connections' condition must be held.
    """
    address = f"{settings.host}:{settings.port}"
    down = [connection for connection in connections if not connection.bound]
    if connections and not down and refusal:
        return health_of("smpp_rejected", address=address, reason=refusal)
    if connections and not down:
        return health_of("smpp_bound", address=address, pending=pending)
    if len(down) < len(connections) and _all_roles(connections):
        bound = len(connections) - len(down)
        return health_of("smpp_partly", address=address, bound=bound, binds=len(connections), reason=_reason(down))
    reasons = {connection.failure for connection in down if connection.failure}
    if any(connection.refused for connection in down):
        return health_of("smpp_refused", address=address, reason=", ".join(reasons))
    if reasons:
        return health_of("smpp_down", address=address, reason=", ".join(reasons))
    return None


def _all_roles(connections: Sequence[SmscConnection]) -> bool:
    """Whether messages pass in both directions although some connections are down."""
    bound = {connection.role for connection in connections if connection.bound}
    return bound == {connection.role for connection in connections}


def _reason(down: Sequence[SmscConnection]) -> str:
    return next((connection.failure for connection in down if connection.failure), "not connected yet")


# docs/spec/delivery.md §7: "within a minute it is known that its journal or spool cannot be written"
def unkept(journal: Journal | None, at: float) -> Health | None:
    """Return that the journal of a gateway in use cannot be written; None when it can."""
    try:
        if journal:
            journal.probe(at)
    except sqlite3.Error as error:
        return health_of("smpp_journal", reason=error)
    return None


def reachable(settings: SmppSettings) -> Health:
    """Return whether the SMSC accepts a connection, without binding."""
    address = f"{settings.host}:{settings.port}"
    try:
        smsc_address(settings, _TIMEOUT).connect().close()
    except ssl.SSLCertVerificationError as error:
        return certificates.health_without(settings.host, certificates.reason_of(error), has_ca_file=True)
    except (OSError, ValueError) as error:  # ValueError: the name cannot be a host's
        reason = getattr(error, "strerror", None) or str(error)
        return health_of("smpp_unreachable", address=address, reason=reason)
    return health_of("smpp_reachable", address=address)
