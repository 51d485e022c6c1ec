"""When something of the whole installation happened last, by names such as `backup` and `host:urad.example`."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from prepazka.store.models import Mark

BACKUP = "backup"
WRITTEN = "written"
HOST = "host:"
PROXY = "proxy:"
NODE = "node:"
BACKUP_IN = "backup in:"
HEARD = "heard:"
STANDBY = "standby"
# Refused host names that are kept: whoever asks for thousands of names is no user.
MOST_HOSTS = 50
_LONGEST = 300
# Marks of nodes and hosts are forgotten after this.
KEPT = timedelta(days=7)


def put(name: str, now: datetime) -> None:
    """Store that it happened now."""
    Mark.objects.update_or_create(name=name, defaults={"at": now})


def moment(name: str) -> datetime | None:
    """Return when it happened last; None when it never did."""
    return Mark.objects.filter(name=name).values_list("at", flat=True).first()


def claim(name: str, now: datetime) -> bool:
    """Store that something is done now, unless it was before; return whether it is the caller's to do."""
    return Mark.objects.get_or_create(name=name, defaults={"at": now})[1]


def release(name: str) -> None:
    """Let it be done again: it failed."""
    Mark.objects.filter(name=name).delete()


def forget(prefix: str, before: datetime) -> None:
    """Delete the marks that begin so and are older."""
    Mark.objects.filter(name__startswith=prefix, at__lt=before).delete()


@transaction.atomic
def put_node(node: str, now: datetime) -> None:
    """Store that this node could write; forget nodes that are gone."""
    put(f"{NODE}{node}", now)
    Mark.objects.filter(name__startswith=NODE, at__lt=now - KEPT).delete()


@transaction.atomic
def put_host(host: str, now: datetime) -> None:
    """Store that a host name was refused, unless there are too many."""
    Mark.objects.filter(name__startswith=HOST, at__lt=now - KEPT).delete()
    known = Mark.objects.filter(name__startswith=HOST)
    if known.count() < MOST_HOSTS or known.filter(name=f"{HOST}{host}").exists():
        put(f"{HOST}{host}", now)


@transaction.atomic
def put_proxy(how: str, proxy: str, now: datetime) -> None:
    """Store that a proxy hid who calls."""
    Mark.objects.filter(name__startswith=PROXY, at__lt=now - KEPT).delete()
    put(f"{PROXY}{how} {proxy}", now)


@transaction.atomic
def put_backup(directory: Path, now: datetime) -> None:
    """Store that a backup was made in a directory, the only one remembered."""
    put(BACKUP, now)
    Mark.objects.filter(name__startswith=BACKUP_IN).delete()
    if len(name := f"{BACKUP_IN}{directory}") <= _LONGEST:
        put(name, now)


def put_all(names: Collection[str], now: datetime) -> None:
    """Store that all of these happened now. One statement, in the order of names."""
    Mark.objects.bulk_create(
        [Mark(name=name, at=now) for name in sorted(names)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def moments(kind: str) -> dict[str, datetime]:
    """Return when each thing of a kind happened last, by its name without the kind. Index: the primary key."""
    # As a range: not every database uses its index for a pattern.
    found = Mark.objects.filter(name__gte=kind, name__lt=f"{kind[:-1]}{chr(ord(kind[-1]) + 1)}")
    return {mark.name.removeprefix(kind): mark.at for mark in found if mark.name.startswith(kind)}


def refused_hosts(since: datetime) -> dict[str, datetime]:
    """Return the host names refused since then with the last time of each, the newest first."""
    found = Mark.objects.filter(name__startswith=HOST, at__gte=since).order_by("-at")
    return {mark.name.removeprefix(HOST): mark.at for mark in found}
