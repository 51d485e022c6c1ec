"""The gateways of an installation: their settings, their numbers, and the process that serves each now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from prepazka.core.credentials import Scope, scope_of
from prepazka.store import models

HTTP = "http"
"""The kind of gateways that call the API with a token; there is nothing to open."""


class GatewayError(Exception):
    """The gateway cannot be removed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A gateway as it is configured; numbers: those bound to it, in order; token: what its token may do, if any."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    numbers: tuple[str, ...]
    token: Scope | None = None


def configured() -> list[Configured]:
    """Return all gateways by name."""
    found = models.Gateway.objects.prefetch_related("numbers").order_by("name")
    return [_configured(row) for row in found]


def find(name: str) -> Configured | None:
    """Return the gateway of this name."""
    row = models.Gateway.objects.prefetch_related("numbers").filter(name=name).first()
    return _configured(row) if row else None


def _configured(row: models.Gateway) -> Configured:
    token = scope_of(row.token_purposes, row.token_numbers) if row.token_sha256 else None
    return Configured(row.name, row.kind, row.settings, tuple(number.e164 for number in row.numbers.all()), token)


def number_of(name: str) -> str:
    """Return the first number bound to a gateway, "" when there is none."""
    bound = models.Number.objects.filter(gateway__name=name)
    return bound.values_list("e164", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """The health of a gateway, as the process that serves it reported at a moment."""

    level: str
    what: str
    fix: str
    at: datetime


def last_reports() -> dict[str, GatewayReport]:
    """Return the last report of each gateway by name; none of those no process has served yet."""
    fields = ("name", "told_level", "told_what", "told_mend", "told_at")
    reported = models.Gateway.objects.exclude(told_at=None).values_list(*fields)
    return {name: GatewayReport(level, what, fix, at) for name, level, what, fix, at in reported}


def is_paused(name: str, now: datetime) -> bool:
    """Whether a gateway is given no messages now, after too many failures."""
    return models.Breaker.objects.filter(gateway=name, paused_until__gt=now).exists()


def keep_report(name: str, report: GatewayReport) -> None:
    """Store a gateway's report."""
    models.Gateway.objects.filter(name=name).update(
        told_level=report.level,
        told_what=report.what[:200],
        told_mend=report.fix[:200],
        told_at=report.at,
    )


# --- keeping -----------------------------------------------------------------------------------


def keep(name: str, kind: str, settings: Mapping[str, Any], now: datetime, who: str) -> bool:
    """Create a gateway, or replace the kind and settings of the one of this name; return whether it is new.

    The settings are checked before (`gateways.kinds`); the audit trail names which were set, not their values.
    """
    values: dict[str, Any] = {"kind": kind, "settings": dict(settings)}
    with transaction.atomic():
        row, created = models.Gateway.objects.update_or_create(
            name=name, defaults=values, create_defaults=values | {"made_at": now}
        )
        models.Audit.objects.create(
            at=now,
            who=who,
            what="gateway created" if created else "gateway changed",
            details={"gateway": row.name, "kind": kind, "settings": sorted(settings)},
        )
    return created


def remove(name: str, now: datetime, who: str) -> None:
    """Delete a gateway. Raises: GatewayError when there is none of this name, or numbers are bound to it."""
    with transaction.atomic():
        row = models.Gateway.objects.filter(name=name).first()
        if row is None:
            raise GatewayError(f"there is no gateway {name}")
        try:
            row.delete()
        except ProtectedError as error:
            bound = ", ".join(sorted(str(number) for number in error.protected_objects))
            raise GatewayError(f"{bound} is bound to it; bind it to another gateway first") from error
        models.Audit.objects.create(at=now, who=who, what="gateway removed", details={"gateway": name})


# --- serving: one process at a time ------------------------------------------------------------


def holder(name: str) -> str:
    """Return the process that serves the gateway, or served it last."""
    return models.Gateway.objects.filter(name=name).values_list("held_by", flat=True).first() or ""


def hold(name: str, who: str, now: datetime, until: datetime, dead: str = "") -> bool:
    """Take or renew the hold of a gateway; False when another process holds it.

    dead: a process known to have ended, whose hold does not count.
    """
    free = Q(held_until=None) | Q(held_until__lte=now) | Q(held_by__in=[who, dead])
    return models.Gateway.objects.filter(free, name=name).update(held_by=who, held_until=until) == 1


def release(name: str, who: str) -> None:
    """Give up the hold of a gateway."""
    models.Gateway.objects.filter(name=name, held_by=who).update(held_until=None)
