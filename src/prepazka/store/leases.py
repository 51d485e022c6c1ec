"""Leases: rows that leave a kind of work to one process for a while; a lock of a session a pooler would lose."""

from datetime import datetime, timedelta

from prepazka.store import models
from prepazka.store.sql import changed, moment


def take(name: str, holder: str, now: datetime, length: timedelta, dead: str = "") -> bool:
    """Take or renew a lease for so long; return whether it is the holder's. One statement: two are never both given it.

    A lease that ran out is free, and so is one that ends later than any can, which a wrong clock wrote. dead: a process
    known to have ended, whose lease does not count. Index: the primary key.
    """
    return bool(
        changed(
            "INSERT INTO lease (name, holder, until) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE "
            "SET holder = excluded.holder, until = excluded.until "
            "WHERE lease.until <= %s OR lease.until > %s OR lease.holder = excluded.holder OR lease.holder = %s",
            [name, holder, moment(now + length), moment(now), moment(now + 2 * length), dead],
        )
    )


def ended(before: datetime) -> dict[str, datetime]:
    """Return the leases that ran out before then and were taken by nobody since, with their ends."""
    return dict(models.Lease.objects.filter(until__lt=before).values_list("name", "until"))


def forget() -> None:
    """Delete all leases: those of a database that was restored are of processes of another time."""
    models.Lease.objects.all().delete()


def holder(name: str) -> str:
    """Return the process that holds a lease, or held it last; "" for none."""
    return models.Lease.objects.filter(name=name).values_list("holder", flat=True).first() or ""
