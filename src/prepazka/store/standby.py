"""Gateways that stand by: which are declared, and moving messages that nobody can have sent."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from prepazka.store import models
from prepazka.store.gateways import GatewayError
from prepazka.store.sql import changed, moment, rows


@dataclass(frozen=True, slots=True)
class Standby:
    """A gateway and the one that stands by for it. after: minutes of errors until that one takes over."""

    first: str
    second: str
    after: int


def declared() -> list[Standby]:
    """Return all gateways with one that stands by for them, by name. One small query."""
    found = models.Gateway.objects.exclude(standby=None).order_by("name")
    return [Standby(*row) for row in found.values_list("name", "standby__name", "standby_after")]


def declare(first: str, second: str, after: int, now: datetime, who: str) -> None:
    """Let a gateway stand by for another.

    Raises: GatewayError when that is not possible; the message says why and what to do.
    """
    with transaction.atomic():
        row = _find(first)
        other = _find(second)
        if first == second:
            raise GatewayError("a gateway cannot stand by for itself")
        if numbers := ", ".join(str(number) for number in other.numbers.all()):
            raise GatewayError(f"{second} has numbers of its own ({numbers}); bind them to another gateway first")
        if other.standby_id or row.stands_by_for.exists():
            raise GatewayError("a gateway that stands by has none that stands by for it")
        row.standby, row.standby_after = other, after
        row.save(update_fields=["standby", "standby_after"])
        details = {"gateway": first, "standby": second, "minutes": after}
        models.Audit.objects.create(at=now, who=who, what="gateway changed", details=details)


def withdraw(first: str, now: datetime, who: str) -> None:
    """Let no gateway stand by for this one any more. Raises: GatewayError."""
    with transaction.atomic():
        row = _find(first)
        row.standby = None
        row.save(update_fields=["standby"])
        details = {"gateway": first, "standby": ""}
        models.Audit.objects.create(at=now, who=who, what="gateway changed", details=details)


def _find(name: str) -> models.Gateway:
    row = models.Gateway.objects.filter(name=name).first()
    if row is None:
        raise GatewayError(f"there is no gateway {name}; see: prepazka gateway list")
    return row


# Nobody was given it: it waits, and each earlier attempt, if any, was certainly refused.
_UNSENT = (
    "gateway = %s AND state = 'queued' AND priority = 0 AND NOT doubted "
    "AND NOT EXISTS (SELECT 1 FROM outbound_ref WHERE outbound_ref.outbound_id = outbound.id)"
)
# It came from the gateway its number is bound to.
_FROM = (
    "AND sender IN (SELECT number.e164 FROM number JOIN gateway ON gateway.id = number.gateway_id "
    "WHERE gateway.name = %s)"
)


def has_unsent(gateway: str) -> bool:
    """Whether a gateway has replies to send that nobody was given; read without a lock. Index: outbound_queued."""
    return bool(rows(f"SELECT 1 FROM outbound WHERE {_UNSENT} LIMIT 1", [gateway]))


def move(gateway: str, to: str, numbers_of: str, now: datetime) -> int:
    """Move replies that nobody was given to another gateway, to be sent now; return how many.

    numbers_of: the gateway their numbers are bound to. Both gateways must be locked (`outbox.lock`). Index:
    outbound_queued.
    """
    return changed(
        f"UPDATE outbound SET gateway = %s, due_at = %s WHERE {_UNSENT} {_FROM}", [to, moment(now), gateway, numbers_of]
    )
