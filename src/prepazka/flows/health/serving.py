"""What monitoring asks of the processes that serve: whether they can write and work, and which names they refuse."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from itertools import islice

from django.conf import settings
from django.http.request import validate_host

from prepazka.flows.health.alarms import Problem
from prepazka.flows.health.worker_watch import STALLED
from prepazka.flows.health.write_probe import write_probe
from prepazka.store import leases, marks

# So many refused host names are named.
_TOLD_HOSTS = 5


def writing_problems(now: datetime) -> Iterator[Problem]:
    """Yield whether the database takes what is written; callers share one small write (`write_probe`)."""
    if reason := write_probe.failure(now):
        yield Problem("database_unwritable", {"reason": reason})


def work_problems(now: datetime) -> Iterator[Problem]:
    """Yield whether the work that one process of all does is done by nobody; before the first start, nothing is."""
    if ended := leases.ended(now - STALLED):
        values = {"work": ", ".join(sorted(ended)), "since": f"{min(ended.values()):%Y-%m-%d %H:%M}"}
        yield Problem("work_undone", values)


def host_problems(now: datetime) -> Iterator[Problem]:
    """Yield the host names that pages refused within a day, unless they are answered by now."""
    refused = marks.refused_hosts(now - timedelta(days=1)).items()
    told = ((host, at) for host, at in refused if _may_be_meant(host))
    for host, at in islice(told, _TOLD_HOSTS):
        yield Problem("host_refused", {"host": host, "last": f"{at:%Y-%m-%d %H:%M}"})


def proxy_problems(now: datetime) -> Iterator[Problem]:
    """Yield the proxies that hid who calls within a day, unless the settings are right by now."""
    if not (known := [ip_network(one, strict=False) for one in settings.PROXIES]):
        return  # then none is noted (web/callers.py)
    for name, at in islice(marks.moments(marks.PROXY).items(), _TOLD_HOSTS):
        how, _, proxy = name.partition(" ")
        named = any(ip_address(proxy) in network for network in known)
        if now - at < timedelta(days=1) and named is (how == "silent"):
            alarm = "proxy_silent" if named else "proxy_unnamed"
            yield Problem(alarm, {"proxy": proxy, "last": f"{at:%Y-%m-%d %H:%M}"})


def _may_be_meant(host: str) -> bool:
    """Whether people may have meant us by a name; who goes through all addresses of the internet did not."""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return False
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return True
