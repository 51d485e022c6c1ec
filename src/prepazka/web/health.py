"""Endpoints for monitoring: liveness and readiness."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepazka.flows.health import installation
from prepazka.flows.health.alarms import ALARMS
from prepazka.flows.health.clock_watch import clock_watch
from prepazka.flows.health.worker_watch import worker_watch
from prepazka.flows.health.write_probe import write_probe
from prepazka.store import figures
from prepazka.store.database_errors import public_reason
from prepazka.store.database_fixes import FINISH_RESTORE, fix_of
from prepazka.web import clock

log = structlog.get_logger()

# Seconds for which `/readyz` waits at a start: less than it may take to answer (web/probes.py).
_LOADED_WITHIN = 1.5


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Report that the process answers; no database is used."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Report whether this process can work; 503 only for what another node would do better, with the failed check.

    What is wrong with the installation (`problems`, found a moment ago) is in the body and never changes the status.
    """
    now = clock.now()
    failed, found = _find_failure(now), list[str]()
    if failed is None:
        try:
            found = [f"{one.what}; {one.fix}" if one.fix else one.what for one in installation.found.problems(now)]
        except DatabaseError as error:
            failed = _database_away(error)
    _last.tell(failed.check if failed else "")
    if failed is None:
        return JsonResponse({"status": "ready", "problems": found})
    return JsonResponse(
        {"status": "not ready", "check": failed.check, "detail": failed.detail}, status=HTTPStatus.SERVICE_UNAVAILABLE
    )


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """The check that failed, and the reason."""

    check: str
    detail: str


class _Last:
    """The last answer, so that the log tells when it became another one, and not each look of a monitor."""

    def __init__(self) -> None:
        self._check = ""

    def tell(self, check: str) -> None:
        if check != self._check:
            self._check = check
            log.error("not ready", check=check) if check else log.warning("ready again")


_last = _Last()


def _find_failure(now: datetime) -> FailedCheck | None:
    """Return the first check that fails; None when this process works."""
    if not worker_watch.is_loaded(_LOADED_WITHIN):
        return FailedCheck("loading", "parts of the program are still loaded; ask again")
    try:
        # docs/spec/delivery.md §10: "and no process is ready on one"
        if figures.is_half_restored():
            return FailedCheck("restore", f"a restore was not finished; {FINISH_RESTORE}")
        if not figures.is_migrated():
            return FailedCheck("migrations", "the tables are of another version; run: prepazka migrate")
    except DatabaseError as error:
        return _database_away(error)
    if reason := write_probe.failure(now):
        return FailedCheck("writing", f"the database cannot be written: {reason}; {ALARMS['database_unwritable'].fix}")
    if wrong := clock_watch.apart:
        apart = f"it is {abs(wrong).total_seconds():.0f} s from the database's and that of other nodes"
        return FailedCheck("clock", f"{apart}; {ALARMS['clock_database'].fix}")
    if ended := worker_watch.ended:
        return FailedCheck("worker", f"the work behind the pages has ended ({ended}); restart serve")
    if stalled := worker_watch.stalled(now):
        return FailedCheck("worker", f"the work behind the pages has stood still for {stalled:.0f} s; restart serve")
    return None


def _database_away(error: DatabaseError) -> FailedCheck:
    reason = public_reason(error)
    fix = fix_of(reason, connection.vendor)
    return FailedCheck("database", f"the database cannot be reached or read: {reason}; {fix}")
