"""The gateways of an installation: their settings, their numbers, and the process that serves each now."""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError, Q, QuerySet

from prepazka.core.circuit import BREAK_AFTER
from prepazka.core.credentials import Scope, scope_of
from prepazka.store import models
from prepazka.store.sealing import UnreadableError, is_current, seal, unseal
from prepazka.store.sql import moment, picked, recorded, rows, run

HTTP = "http"
"""The kind of gateways that call the API with a token; there is nothing to open."""

_KEEPING = 0x676174657761
"""Of PostgreSQL's advisory lock: "gatewa"."""

_SEALED = "sealed"
"""The one value that is stored of sealed settings. No kind has a setting of this name."""


class GatewayError(Exception):
    """The gateway cannot be removed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A gateway as it is configured; numbers: those bound to it, in order; token: what its token may do, if any.

    readable: whether the settings could be opened; otherwise they are empty, and it must not be served. standby: the
    gateway that takes over its replies, after so many minutes of errors; stands_by: whether it is such a one itself.
    """

    name: str
    kind: str
    settings: Mapping[str, Any] = field(repr=False)
    numbers: tuple[str, ...]
    token: Scope | None = None
    readable: bool = True
    standby: tuple[str, int] | None = None
    stands_by: bool = False


def configured() -> list[Configured]:
    """Return all gateways by name."""
    return [_configured(row) for row in _rows().order_by("name")]


def named(names: Collection[str]) -> list[Configured]:
    """Return the gateways of these names, by name. Three queries, whatever their number."""
    return [_configured(row) for row in _rows().filter(name__in=names).order_by("name")]


def _rows() -> QuerySet[models.Gateway]:
    return models.Gateway.objects.select_related("standby").prefetch_related("numbers", "stands_by_for")


def find(name: str) -> Configured | None:
    """Return the gateway of this name."""
    row = _rows().filter(name=name).first()
    return _configured(row) if row else None


def settings_of(name: str) -> tuple[str, Mapping[str, Any]] | None:
    """Return the kind and the settings of a gateway, and not its numbers, of which it may have hundreds.

    One small query, asked at each call of a gateway. Raises: UnreadableError when no key opens the settings.
    """
    found = rows("SELECT kind, CAST(settings AS text) FROM gateway WHERE name = %s", [name])
    return next(((kind, _opened(json.loads(stored))) for kind, stored in found), None)


def _configured(row: models.Gateway) -> Configured:
    token = scope_of(row.token_purposes, row.token_numbers) if row.token_sha256 else None
    numbers = tuple(number.e164 for number in row.numbers.all())
    standby = (row.standby.name, row.standby_after) if row.standby else None
    found = Configured(row.name, row.kind, {}, numbers, token, True, standby, bool(row.stands_by_for.all()))
    try:
        return replace(found, settings=_opened(row.settings))
    except UnreadableError:
        return replace(found, readable=False)


def _opened(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they were kept; those of an older version are in clear text. Raises: UnreadableError."""
    return unseal(stored[_SEALED]) if _SEALED in stored else dict(stored)


def _sealed(settings: Mapping[str, Any]) -> dict[str, str]:
    return {_SEALED: seal(settings)} if settings else {}


def outdated() -> list[str]:
    """Return the gateways whose settings are not sealed with the secret key of today."""
    kept = models.Gateway.objects.exclude(settings={}).order_by("name").values_list("name", "settings")
    return [name for name, stored in kept if not is_current(str(stored.get(_SEALED, "")))]


@transaction.atomic
def seal_anew() -> int:
    """Seal what is not sealed with the secret key of today; return how many gateways that were.

    Settings whose key is not known stay as they are.
    """
    count = 0
    for row in models.Gateway.objects.select_for_update().filter(name__in=outdated()):
        with suppress(UnreadableError):
            row.settings = _sealed(_opened(row.settings))
            row.save(update_fields=["settings"])
            count += 1
    return count


def number_of(name: str) -> str:
    """Return the first number bound to a gateway, or to one it stands by for; "" when there is none."""
    bound = models.Number.objects.filter(Q(gateway__name=name) | Q(gateway__standby__name=name))
    return bound.values_list("e164", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """The health of a gateway, as the process that serves it reported at a moment.

    name, values: the same for pages, "" and nothing from an older version. ill_since: since when it reports errors.
    """

    level: str
    what: str
    fix: str
    at: datetime
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    ill_since: datetime | None = None


def last_reports() -> dict[str, GatewayReport]:
    """Return the last report of each gateway by name; none of those no process has served yet."""
    reported = models.Gateway.objects.exclude(told_at=None)
    return {row.name: _report(row, row.told_at) for row in reported if row.told_at}


def _report(row: models.Gateway, at: datetime) -> GatewayReport:
    said = (row.told_level, row.told_what, row.told_mend, at, row.told_name, row.told_values or {})
    return GatewayReport(*said, row.ill_since)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gateway's offices are: the clock and the holidays there."""

    timezone: str
    country: str


def places() -> dict[str, Place]:
    """Return where the offices of each gateway's numbers are; of several offices, any."""
    found = models.Number.objects.exclude(gateway=None).values_list(
        "gateway__name", "office__timezone", "office__holidays"
    )
    return {name: Place(timezone, country) for name, timezone, country in found}


def is_paused(name: str, now: datetime) -> bool:
    """Whether a gateway is given no messages now, after too many failures."""
    return models.Breaker.objects.filter(gateway=name, paused_until__gt=now).exists()


def refusing(names: Collection[str]) -> set[str]:
    """Return those that have not taken the last messages they were given, so many that they are left alone at times."""
    return set(
        models.Breaker.objects.filter(gateway__in=names, failures__gte=BREAK_AFTER).values_list("gateway", flat=True)
    )


def keep_report(name: str, report: GatewayReport) -> None:
    """Store a gateway's report."""
    keep_reports({name: report})


_REPORTED = {
    "name": "varchar",
    "level": "varchar",
    "what": "varchar",
    "fix": "varchar",
    "at": "timestamptz",
    "summary": "varchar",
    "filled": "jsonb",
}


def keep_reports(reports: Mapping[str, GatewayReport]) -> None:
    """Store the reports of gateways, by name, in one statement; the first error in a row says since when one is ill."""
    records = [
        (name, one.level, one.what[:200], one.fix[:200], moment(one.at), one.name, dict(one.values))
        for name, one in sorted(reports.items())
    ]
    run(
        "UPDATE gateway SET told_level = said.level, told_what = said.what, told_mend = said.fix, told_at = said.at, "
        "told_name = said.summary, told_values = said.filled, "
        "ill_since = CASE WHEN said.level = 'error' THEN COALESCE(gateway.ill_since, said.at) END "
        f"FROM (SELECT {picked(_REPORTED, connection.vendor)} FROM {{records}}) AS said "
        "WHERE gateway.name = said.name",
        [recorded(records)],
    )


# --- keeping -----------------------------------------------------------------------------------


def lock_all() -> None:
    """Let nobody else set a gateway until the transaction ends; on SQLite it is the only writer anyway."""
    if connection.vendor == "postgresql":
        run("SELECT pg_advisory_xact_lock(%s)", [_KEEPING])


def keep(name: str, kind: str, settings: Mapping[str, Any], now: datetime, who: str) -> bool:
    """Create a gateway, or replace the kind and settings of the one of this name; return whether it is new.

    The settings are checked before (`gateways.kinds`); the audit trail names which were set, not their values.
    """
    values: dict[str, Any] = {"kind": kind, "settings": _sealed(settings)}
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
            raise GatewayError(f"there is no gateway {name}; see: prepazka gateway list")
        try:
            row.delete()
        except ProtectedError as error:
            bound = ", ".join(sorted(str(number) for number in error.protected_objects))
            raise GatewayError(f"{bound} is bound to it; bind it to another gateway first") from error
        models.Audit.objects.create(at=now, who=who, what="gateway removed", details={"gateway": name})


def disarm(now: datetime, who: str) -> list[str]:
    """Take their settings and tokens from all gateways, so that they reach nobody; return their names.

    Their numbers stay bound to them.
    """
    with transaction.atomic():
        names = [row.name for row in models.Gateway.objects.order_by("name")]
        models.Gateway.objects.update(kind="http", settings={}, token_sha256=None, standby=None, position="")
        models.Audit.objects.bulk_create(
            models.Audit(at=now, who=who, what="gateway changed", details={"gateway": name, "kind": "http"})
            for name in names
        )
    return names


# --- the place in the list of a peer that is asked -----------------------------------------------


def position(name: str) -> str:
    """Return the place up to which a peer's list is stored, as the gateway gave it; "" when there is none."""
    return models.Gateway.objects.filter(name=name).values_list("position", flat=True).first() or ""


def keep_position(name: str, position: str) -> None:
    """Keep a place, in the transaction that stores what is before it."""
    models.Gateway.objects.filter(name=name).update(position=position)


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
