"""What was set up a short time ago, by the audit trail: nothing can be missing yet that comes with time."""

from collections.abc import Collection
from datetime import datetime

from prepazka.store import models


def began() -> datetime | None:
    """Return when something was set up first, as far as the audit trail goes back; None for nothing."""
    return models.Audit.objects.order_by("id").values_list("at", flat=True).first()


def offices(slugs: Collection[str], after: datetime) -> frozenset[str]:
    """Return those of these offices that were founded after a moment."""
    created = models.Audit.objects.filter(office__slug__in=slugs, at__gt=after, what="office created")
    return frozenset(created.values_list("office__slug", flat=True))


def gateways(after: datetime) -> frozenset[str]:
    """Return the names of the gateways that were made after a moment."""
    created = models.Audit.objects.filter(office=None, at__gt=after, what="gateway created")
    return frozenset(str(details.get("gateway")) for details in created.values_list("details", flat=True))
