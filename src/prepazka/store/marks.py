"""When something of the whole installation happened last, by names such as `backup` and `host:urad.example`."""

from datetime import datetime, timedelta

from django.db import transaction

from prepazka.store.models import Mark

BACKUP = "backup"
HOST = "host:"
NODE = "node:"
# Refused host names that are kept: whoever asks for thousands of names is no user.
MOST_HOSTS = 50
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


def refused_hosts(since: datetime) -> dict[str, datetime]:
    """Return the host names refused since then with the last time of each, the newest first."""
    found = Mark.objects.filter(name__startswith=HOST, at__gte=since).order_by("-at")
    return {mark.name.removeprefix(HOST): mark.at for mark in found}
