"""The health of the gateways: as last reported by the process that serves one, or checked here by opening it.

The serving process knows whether its session is up and what it was refused. It reports every `REPORT_EVERY`.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import ValidationError

from prepazka.gateways.health_texts import health_of
from prepazka.gateways.kinds import KINDS, open_gateway
from prepazka.gateways.screens import SCREENS
from prepazka.gateways.values import Gateway, Health
from prepazka.store import founded, gateways
from prepazka.store.gateways import Configured, GatewayReport

REPORT_EVERY = timedelta(seconds=15)
# An older report means that no process serves the gateway any more.
FRESH = timedelta(minutes=2)


class GatewayHealth(NamedTuple):
    """A gateway with its health."""

    configured: Configured
    health: Health


class Examined(NamedTuple):
    """The health of a served gateway, as it is itself or its hearing shows, at a moment."""

    gateway: str
    health: Health
    at: datetime


def examine(gateway: Gateway, now: datetime, deaf: str = "") -> Examined:
    """Ask a served gateway for its health; deaf: why nothing can be heard by it, "" while something can."""
    health = gateway.health(now)
    if deaf and health.level != "error":
        health = health_of("hearing_fails", reason=deaf)
    return Examined(gateway.name, health, now)


# docs/spec/delivery.md §7: "a gateway whose hearing or sending keeps failing is an error"
def keep(found: Collection[Examined]) -> None:
    """Store the health of served gateways. Two statements, whatever their number."""
    refusing = gateways.refusing([one.gateway for one in found])
    reports = {}
    for one in found:
        health = one.health
        if health.level != "error" and one.gateway in refusing:
            health = health_of("sending_fails", name=one.gateway)
        reports[one.gateway] = GatewayReport(
            health.level, health.summary, health.fix, one.at, health.name, health.values
        )
    gateways.keep_reports(reports)


def check(configured: Configured, now: datetime) -> Health:
    """Open the gateway and return its health; this takes a second at most."""
    if configured.kind == gateways.HTTP:
        return _check_token(configured)
    if configured.kind not in KINDS:
        return health_of("unknown_kind", kind=configured.kind)
    if not configured.readable:
        return health_of("sealed_elsewhere", name=configured.name, kind=configured.kind)
    try:
        gateway = open_gateway(configured.name, configured.kind, configured.settings)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        return health_of("wrong_settings", wrong=wrong, name=configured.name, kind=configured.kind)
    try:
        return gateway.health(now)
    finally:
        gateway.close()


def _check_token(configured: Configured) -> Health:
    """Return the state of a gateway that only calls the API: it sends nothing, so it has to read its replies."""
    token = configured.token
    if token is None:
        return health_of("http_no_token", name=configured.name)
    if token.allows("messages") and not token.allows("replies"):
        return health_of("http_no_replies", name=configured.name)
    return health_of("http_ok")


def all_gateways(now: datetime, *, asking: bool = True) -> Iterator[GatewayHealth]:
    """Yield all gateways with their health.

    asking: whether a gateway without a fresh report is opened; otherwise its health is that no process serves it, or
    why none can.
    """
    reports = gateways.last_reports()
    for configured in gateways.configured():
        last = reports.get(configured.name)
        if last and _is_fresh(last, now):
            yield GatewayHealth(configured, _health(last))
        elif asking or configured.kind not in KINDS or not configured.readable:
            yield GatewayHealth(configured, check(configured, now))
        else:
            yield GatewayHealth(configured, _unserved(configured.name, last, now))


def _unserved(name: str, last: GatewayReport | None, now: datetime) -> Health:
    """Return the health of a gateway that no process has reported of for a while, or ever."""
    if last:
        return health_of("unserved_since", since=f"{last.at:%Y-%m-%d %H:%M}")
    return health_of("unserved_yet") if name in founded.gateways(now - FRESH) else health_of("unserved")


def is_well(name: str, now: datetime) -> bool:
    """Whether a message given to this gateway now can be expected to leave at once. Two small queries.

    A screen always is. Any other gateway is well while its process reports so and it is not paused.
    """
    if name in SCREENS:
        return True
    last = gateways.last_reports().get(name)
    served = last is not None and _is_fresh(last, now) and last.level != "error"
    return served and not gateways.is_paused(name, now)


def _is_fresh(last: GatewayReport, now: datetime) -> bool:
    """Whether a process serves the gateway; a report of the future was made before the clock was set back."""
    return abs(now - last.at) <= FRESH


def _health(last: GatewayReport) -> Health:
    level = last.level
    known: Literal["ok", "warning", "error"] = "ok" if level == "ok" else "warning" if level == "warning" else "error"
    return Health(known, last.what, last.fix, last.name, last.values)
