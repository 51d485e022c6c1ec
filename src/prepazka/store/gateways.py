"""The gateways an installation has: what opens them, which numbers are theirs, and which process serves one now."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from prepazka.store import models

HTTP = "http"
"""The kind of those that call the API with a token; there is nothing to open."""


class GatewayError(Exception):
    """The gateway cannot be kept so, or not removed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A gateway as it is configured; numbers: those bound to it, the first one first."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    numbers: tuple[str, ...]


def configured() -> list[Configured]:
    """All of them, by name."""
    found = models.Gateway.objects.prefetch_related("numbers").order_by("name")
    return [_configured(row) for row in found]


def find(name: str) -> Configured | None:
    """The gateway of this name."""
    row = models.Gateway.objects.prefetch_related("numbers").filter(name=name).first()
    return _configured(row) if row else None


def _configured(row: models.Gateway) -> Configured:
    return Configured(row.name, row.kind, row.settings, tuple(number.e164 for number in row.numbers.all()))


def number_of(name: str) -> str:
    """The number bound to a gateway, the first one of several, "" when there is none."""
    bound = models.Number.objects.filter(gateway__name=name)
    return bound.values_list("e164", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """How a gateway is, as the process that serves it said at a moment."""

    level: str
    what: str
    fix: str
    at: datetime


def last_report() -> dict[str, GatewayReport]:
    """By name, what was last said of each; nothing of those nobody has served yet."""
    fields = ("name", "told_level", "told_what", "told_mend", "told_at")
    said = models.Gateway.objects.exclude(told_at=None).values_list(*fields)
    return {name: GatewayReport(level, what, fix, at) for name, level, what, fix, at in said}


def keep_report(name: str, report: GatewayReport) -> None:
    """Write how a gateway is."""
    models.Gateway.objects.filter(name=name).update(
        told_level=report.level,
        told_what=report.what[:200],
        told_mend=report.fix[:200],
        told_at=report.at,
    )


# --- keeping -----------------------------------------------------------------------------------


def keep(name: str, kind: str, settings: Mapping[str, Any], now: datetime, who: str) -> bool:
    """Create the gateway, or make the one of this name exactly this; whether it is new.

    Its settings are checked before (`gateways.kinds`); the audit trail names which were set, not their values.
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
    """Forget a gateway. Raises: GatewayError when there is none of this name, or numbers are bound to it."""
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


# --- the token of those that call the API -------------------------------------------------------


def give_token(name: str, now: datetime, who: str) -> str:
    """A new token for the gateway of this name, made if there is none; only its hash is kept, the one before ends."""
    fresh = secrets.token_urlsafe(32)
    kept = {"token_sha256": sha256(fresh.encode()).hexdigest()}
    with transaction.atomic():
        models.Gateway.objects.update_or_create(
            name=name, defaults=kept, create_defaults=kept | {"kind": HTTP, "made_at": now}
        )
        models.Audit.objects.create(at=now, who=who, what="gateway token given", details={"gateway": name})
    return fresh


def withdraw_token(name: str, now: datetime, who: str) -> None:
    """The gateway calls no more, until it is given a new one."""
    with transaction.atomic():
        if models.Gateway.objects.filter(name=name, token_sha256__isnull=False).update(token_sha256=None):
            models.Audit.objects.create(at=now, who=who, what="gateway token withdrawn", details={"gateway": name})


def has_token(name: str) -> bool:
    """Whether a gateway may call the API."""
    return models.Gateway.objects.filter(name=name, token_sha256__isnull=False).exists()


# --- serving: one process at a time ------------------------------------------------------------


def holder(name: str) -> str:
    """Who serves the gateway, or served it last."""
    return models.Gateway.objects.filter(name=name).values_list("held_by", flat=True).first() or ""


def hold(name: str, who: str, now: datetime, until: datetime, dead: str = "") -> bool:
    """Begin or go on serving a gateway; False when another does.

    dead: a holder known to be gone, whose hold counts no more.
    """
    free = Q(held_until=None) | Q(held_until__lte=now) | Q(held_by__in=[who, dead])
    return models.Gateway.objects.filter(free, name=name).update(held_by=who, held_until=until) == 1


def let_go(name: str, who: str) -> None:
    """Serve a gateway no more."""
    models.Gateway.objects.filter(name=name, held_by=who).update(held_until=None)
