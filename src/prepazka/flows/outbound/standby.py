"""Taking over: replies of a gateway that has been ill for a while leave by the one that stands by for it.

Invariant: no message goes out by both. It holds because only messages that nobody was ever given, or that were
certainly refused, change their gateway, under the locks of both; a message being sent, or in doubt, stays where it is.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from prepazka.flows.outbound.gateway_health import FRESH
from prepazka.store import gateways, outbox, standby
from prepazka.store.gateways import GatewayReport
from prepazka.store.standby import Standby

log = structlog.get_logger()


# docs/spec/delivery.md §8: "takes over the replies of one that has been an error for so many minutes"
def take_over(now: datetime) -> int:
    """Move what waits at gateways that have been ill too long, and back once they are well; return how many."""
    pairs = standby.declared()
    if not pairs:
        return 0
    reports = gateways.last_reports()
    return sum(_look_after(pair, reports, now) for pair in pairs)


def _look_after(pair: Standby, reports: dict[str, GatewayReport], now: datetime) -> int:
    first, second = reports.get(pair.first), reports.get(pair.second)
    if _is_well(second, now) and _ill_for(first, now) >= timedelta(minutes=pair.after):
        return _move(pair.first, pair.second, pair, now)
    if _is_well(first, now):
        return _move(pair.second, pair.first, pair, now)
    return 0


def _is_well(report: GatewayReport | None, now: datetime) -> bool:
    return report is not None and report.level != "error" and now - report.at <= FRESH


def _ill_for(report: GatewayReport | None, now: datetime) -> timedelta:
    """Return how long a gateway has been ill: it reported errors, or nothing any more. None was never well."""
    if report is None:
        return timedelta()
    if report.ill_since is not None:
        return now - report.ill_since
    silent = now - report.at
    return silent if silent > FRESH else timedelta()


def _move(gateway: str, to: str, pair: Standby, now: datetime) -> int:
    if not standby.has_unsent(gateway):  # almost always; asked without a lock
        return 0
    with transaction.atomic():
        for name in sorted([gateway, to]):
            outbox.lock(name)
        count = standby.move(gateway, to, pair.first, now)
    if count:
        log.warning("replies moved to another gateway", gateway=gateway, to=to, count=count)
    return count
