"""Proxies in front that hide who calls: told in the log and by `prepazka check`, for all citizens count as one then.

Either a proxy of `PREPAZKA_PROXIES` sends no readable `X-Forwarded-For`, or one sends it that is not named there.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from threading import Lock
from typing import Literal

import structlog
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.request import split_domain_port

from prepazka.store import marks
from prepazka.web import clock
from prepazka.web.callers import Hiding, hiding_of

log = structlog.get_logger()

# One that hides everybody has as many calls in a moment; somebody who looks from the machine itself has fewer.
AT_LEAST = 20
WITHIN = timedelta(hours=1)
# So many are kept in mind by one process.
_MOST = 20
_OF_THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}

_FIXES: dict[Literal["silent", "unnamed"], str] = {
    "silent": "let it send the address of who calls in X-Forwarded-For",
    "unnamed": "if it is the proxy, add its address to PREPAZKA_PROXIES and restart",
}


class WrongProxies:
    """Tells of each proxy once an hour, once it has hidden the callers of several requests."""

    def __init__(self, keep: Callable[[str, str, datetime], None] = marks.put_proxy) -> None:
        self._keep = keep
        self._seen: dict[Hiding, tuple[datetime, int]] = {}
        self._lock = Lock()

    def note(self, hiding: Hiding, now: datetime) -> None:
        """Count a request of which nobody knows who made it."""
        with self._lock:
            since, times = self._seen.get(hiding, (now, 0))
            if not timedelta() <= now - since < WITHIN:
                since, times = now, 0
            if hiding not in self._seen and len(self._seen) >= _MOST:
                self._seen.clear()
            self._seen[hiding] = since, times + 1
        if times + 1 == AT_LEAST:
            log.warning("proxy hides callers", proxy=hiding.proxy, how=hiding.how, fix=_FIXES[hiding.how])
            with suppress(DatabaseError):
                self._keep(hiding.how, hiding.proxy, now)


wrong_proxies = WrongProxies()


def look_at(request: HttpRequest) -> None:
    """Note a request for a page that came through a proxy which hides its caller."""
    hiding = hiding_of(request)
    if hiding is None or split_domain_port(request.get_host())[0] in _OF_THIS_MACHINE:
        return
    # On the open internet anybody may send the header to us directly.
    if hiding.how == "silent" or not ip_address(hiding.proxy).is_global:
        wrong_proxies.note(hiding, clock.now())
