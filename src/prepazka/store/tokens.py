"""Tokens of the gateways that call the HTTP API. Only hashes are stored; every change is in the audit trail."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from prepazka.core.credentials import Scope, scope_of
from prepazka.store import gateways, models, offices
from prepazka.store.gateways import GatewayError


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was found: its gateway's name, and what it may do."""

    gateway: str
    scope: Scope


def find(token: str) -> Token | None:
    """Return the token, if it is a gateway's. The unique index compares hashes: its time reveals nothing."""
    row = models.Gateway.objects.filter(token_sha256=_digest(token)).first()
    return Token(row.name, scope_of(row.token_purposes, row.token_numbers)) if row else None


def issue(name: str, scope: Scope, now: datetime, who: str) -> str:
    """Return a new token for a gateway, which is created if there is none; the old token ends.

    Numbers of the scope that have no gateway yet are bound to this one. Raises: GatewayError for any other number that
    is not bound to it.
    """
    fresh = secrets.token_urlsafe(32)
    with transaction.atomic():
        kept = {"token_sha256": _digest(fresh)}
        models.Gateway.objects.update_or_create(
            name=name, defaults=kept, create_defaults=kept | {"kind": gateways.HTTP, "made_at": now}
        )
        _keep_scope(name, scope, now, who)
        _note(now, who, "gateway token given", name, scope)
    return fresh


def change(name: str, scope: Scope, now: datetime, who: str) -> None:
    """Change what a gateway's token may do. Raises: GatewayError as `issue`, and when there is no token."""
    with transaction.atomic():
        if not has_token(name):
            raise GatewayError(f"the gateway {name} has no token; make one: prepazka gateway token {name}")
        _keep_scope(name, scope, now, who)
        _note(now, who, "gateway token changed", name, scope)


def withdraw(name: str, now: datetime, who: str) -> None:
    """End a gateway's token; it cannot call the API until it is given a new one, which begins with the least."""
    ended = {"token_sha256": None, "token_purposes": list(Scope().purposes), "token_numbers": None}
    with transaction.atomic():
        if models.Gateway.objects.filter(name=name, token_sha256__isnull=False).update(**ended):
            models.Audit.objects.create(at=now, who=who, what="gateway token withdrawn", details={"gateway": name})


def has_token(name: str) -> bool:
    """Whether a gateway may call the API."""
    return models.Gateway.objects.filter(name=name, token_sha256__isnull=False).exists()


def bindable(name: str) -> list[str]:
    """Return the numbers a token of this gateway can be made good for: those bound to it or to no gateway."""
    found = models.Number.objects.filter(gateway__name=name) | models.Number.objects.filter(gateway=None)
    return list(found.order_by("e164").values_list("e164", flat=True))


def _keep_scope(name: str, scope: Scope, now: datetime, who: str) -> None:
    for number in scope.numbers or ():
        _bind(number, name, now, who)
    models.Gateway.objects.filter(name=name).update(
        token_purposes=list(scope.purposes), token_numbers=None if scope.numbers is None else list(scope.numbers)
    )


def _bind(number: str, name: str, now: datetime, who: str) -> None:
    """Make sure that a number is bound to the gateway. Raises: GatewayError."""
    found = models.Number.objects.select_related("gateway").filter(e164=number).first()
    if found is None:
        raise GatewayError(f"{number} is the number of no office")
    if found.gateway and found.gateway.name != name:
        raise GatewayError(f"{number} is bound to the gateway {found.gateway.name}; bind it to {name} first")
    if found.gateway is None:
        office = offices.load(found.office_id)
        offices.keep(replace(office, gateways={**office.gateways, number: name}), now, who)


def _note(now: datetime, who: str, what: str, name: str, scope: Scope) -> None:
    numbers = None if scope.numbers is None else list(scope.numbers)
    details = {"gateway": name, "purposes": list(scope.purposes), "numbers": numbers}
    models.Audit.objects.create(at=now, who=who, what=what, details=details)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
