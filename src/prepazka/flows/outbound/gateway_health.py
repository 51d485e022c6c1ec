"""The health of the gateways: as last reported by the process that serves one, or checked here by opening it.

The serving process knows whether its session is up and what it was refused. It reports every `REPORT_EVERY`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import ValidationError

from prepazka.gateways.kinds import KINDS, open_gateway
from prepazka.gateways.values import Gateway, Health
from prepazka.store import gateways
from prepazka.store.gateways import Configured, GatewayReport

REPORT_EVERY = timedelta(seconds=15)
# An older report means that no process serves the gateway any more.
FRESH = timedelta(minutes=2)


class GatewayHealth(NamedTuple):
    """A gateway with its health."""

    configured: Configured
    health: Health


def report(gateway: Gateway, now: datetime) -> None:
    """Store the health of a served gateway."""
    health = gateway.health(now)
    gateways.keep_report(gateway.name, GatewayReport(health.level, health.summary, health.fix, now))


def check(configured: Configured, now: datetime) -> Health:
    """Open the gateway and return its health; this takes a second at most."""
    if configured.kind == gateways.HTTP:
        return _check_token(configured)
    if configured.kind not in KINDS:
        return Health("error", f"this version knows no kind {configured.kind!r}", "prepazka gateway kinds")
    try:
        gateway = open_gateway(configured.name, configured.kind, configured.settings)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
        fix = f"run: prepazka gateway set {configured.name} {configured.kind} SETTING=VALUE"
        return Health("error", f"its settings are not right: {wrong}", fix)
    try:
        return gateway.health(now)
    finally:
        gateway.close()


def _check_token(configured: Configured) -> Health:
    """Return the state of a gateway that only calls the API: it sends nothing, so it has to read its replies."""
    token = configured.token
    again = f"run: prepazka gateway token {configured.name}"
    if token is None:
        return Health("warning", "has no token, so it cannot call the API", again)
    if token.allows("messages") and not token.allows("replies"):
        what = "its token may not read replies, and it sends nothing itself, so nobody gets an answer"
        return Health("warning", what, f"{again} --keep --purpose messages --purpose replies")
    return Health("ok", "calls the API with a token")


def all_gateways(now: datetime, *, asking: bool = True) -> Iterator[GatewayHealth]:
    """Yield all gateways with their health.

    asking: whether a gateway without a fresh report is opened; otherwise its health is that no process serves it.
    """
    reports = gateways.last_reports()
    for configured in gateways.configured():
        last = reports.get(configured.name)
        if last and now - last.at <= FRESH:
            yield GatewayHealth(configured, _health(last))
        elif asking or configured.kind not in KINDS:
            yield GatewayHealth(configured, check(configured, now))
        else:
            since = f" since {last.at:%Y-%m-%d %H:%M} UTC" if last else ""
            unserved = Health("error", f"no process serves it{since}", "is `prepazka serve` running?")
            yield GatewayHealth(configured, unserved)


def _health(last: GatewayReport) -> Health:
    level = last.level
    return Health("ok" if level == "ok" else "warning" if level == "warning" else "error", last.what, last.fix)
