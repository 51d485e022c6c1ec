"""Writes of a database that was restored or went back in time."""

from datetime import datetime

from prepazka.store import models


def stop_unsent() -> int:
    """Give up all messages that are not sent yet; return how many. Indexes: outbound_queued, outbound_in_doubt."""
    return models.Outbound.objects.filter(state__in=["queued", "sending"]).update(state="expired")


def note(now: datetime, who: str, what: str, **details: int) -> None:
    """Write to the audit trail of the installation that its database is an older one."""
    models.Audit.objects.create(at=now, who=who, what=what, details=details)
