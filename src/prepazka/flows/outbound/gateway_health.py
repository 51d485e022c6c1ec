"""How the gateways are: as the process that serves one last said, or asked here and now where none does.

The serving process knows best: whether its session stands, what it was refused. It says so every `TELL_EVERY`.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import ValidationError

from prepazka.gateways.kinds import KINDS, open_gateway
from prepazka.gateways.values import Gateway, Health
from prepazka.store import gateways
from prepazka.store.gateways import Configured, GatewayReport

TELL_EVERY = timedelta(seconds=15)
# What was said longer ago says that nobody serves the gateway any more.
FRESH = timedelta(minutes=2)


def report(gateway: Gateway, now: datetime) -> None:
    """Say how a served gateway is."""
    health = gateway.health(now)
    gateways.keep_report(gateway.name, GatewayReport(health.level, health.summary, health.fix, now))


def current(configured: Configured, now: datetime) -> Health:
    """How it is, asked by opening it only for this; it takes a second at most."""
    if configured.kind == gateways.HTTP:
        return Health("ok", "calls the API with a token")
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


def all_gateways(now: datetime, *, asking: bool = True) -> Iterator[tuple[Configured, Health]]:
    """All gateways and how they are.

    asking: whether those of which nothing was said lately are asked; otherwise that nobody serves them is told.
    """
    said = gateways.last_report()
    for configured in gateways.configured():
        told = said.get(configured.name)
        if told and now - told.at <= FRESH:
            yield configured, _health(told)
        elif asking or configured.kind not in KINDS:
            yield configured, current(configured, now)
        else:
            since = f" since {told.at:%Y-%m-%d %H:%M} UTC" if told else ""
            yield configured, Health("error", f"no process serves it{since}", "is `prepazka serve` running?")


def _health(told: GatewayReport) -> Health:
    level = told.level
    return Health("ok" if level == "ok" else "warning" if level == "warning" else "error", told.what, told.fix)
