"""What the peers of gateways, such as a modem's daemon, keep of messages: erased with a person, and in time."""

from datetime import datetime, timedelta

import structlog

from prepazka.gateways.kinds import KINDS, open_gateway
from prepazka.gateways.values import Gateway, KeepingGateway
from prepazka.store import gateways, offices

log = structlog.get_logger()

# docs/spec/privacy.md §2: "what gammu-smsd or smstools keeps of messages that are done"
KEPT = timedelta(days=7)


def forget_old(gateway: Gateway, now: datetime) -> int:
    """Erase what the peer of a gateway has kept for too long; return how many messages. Raises: what the peer does."""
    return gateway.forget(None, now - KEPT) if isinstance(gateway, KeepingGateway) else 0


def forget_person(number: str, office_id: int | None, now: datetime) -> tuple[str, ...]:
    """Erase what the peers of an office's gateways, or (None) of all, keep of a number; return where that failed."""
    ours = None if office_id is None else set(offices.load(office_id).gateways.values())
    failed = []
    for configured in gateways.configured():
        if (
            configured.kind not in KINDS
            or not configured.readable
            or (ours is not None and configured.name not in ours)
        ):
            continue
        try:
            gateway = open_gateway(configured.name, configured.kind, configured.settings)
            try:
                if isinstance(gateway, KeepingGateway):
                    gateway.forget(number, now)
            finally:
                gateway.close()
        except Exception as error:
            log.warning("a person is not erased at a gateway", gateway=configured.name, reason=type(error).__name__)
            failed.append(configured.name)
    return tuple(failed)
