"""The audit trail: who did what, and what it changed from what to what."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from prepazka.store import log
from prepazka.web.access import StaffRequest, staff
from prepazka.web.admin.shown import shown
from prepazka.web.admin.words import AUDIT, ROLES

_SIZE = 50


@staff("manager")
@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """A page of it, newest first."""
    office = request.official.office
    rows, more = log.audit(office.id, _before(request.GET.get("before", "")), _SIZE)
    entries = [
        {
            "at": row.at.astimezone(office.zone),
            "who": row.who,
            "what": AUDIT.get(row.what, row.what),
            "changes": row.details.get("changes", []),
            "details": _details(row.details),
        }
        for row in rows
    ]
    after = f"{rows[-1].at.timestamp():.6f},{rows[-1].id}" if more else ""
    return shown(request, "audit", "admin-audit", {"entries": entries, "next": after})


def _details(details: dict[str, object]) -> str:
    """What else was noted, but for versions, which say nothing to people."""
    told = {name: value for name, value in details.items() if name not in {"changes", "version"} and value is not None}
    return ", ".join(str(ROLES.get(str(value), value)) for value in told.values())


def _before(written: str) -> tuple[datetime, int] | None:
    at, _, id_ = written.partition(",")
    try:
        return datetime.fromtimestamp(float(at), UTC), int(id_)
    except (ValueError, OverflowError, OSError):
        return None
