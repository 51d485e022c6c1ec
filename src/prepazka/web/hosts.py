"""Host names: pages answer to those of PREPAZKA_HOSTS; probes and gateways are answered whatever name they use."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

import structlog
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from prepazka.store import marks
from prepazka.web import clock, errors
from prepazka.web.headers import GetResponse
from prepazka.web.wrong_proxies import look_at

log = structlog.get_logger()

# No link of their answers depends on the name, and what calls them is configured with whatever address it reaches.
_ANY_NAME = re.compile(r"/(healthz|readyz|metrics|gateways/.*|api/v1/messages)")
# A refused name is told once in this time.
TOLD_EVERY = timedelta(hours=1)
# So many names are told in that time by one process; whoever sends more is no user.
MOST_TOLD = 50
_NAME = re.compile(r"[A-Za-z0-9._\[\]:-]{1,253}")


class RefusedHosts:
    """Tells each refused host name once an hour: in the log, and in the database for `prepazka check`."""

    def __init__(self, keep: Callable[[str, datetime], None] = marks.put_host) -> None:
        self._keep = keep
        self._told: dict[str, datetime] = {}
        self._lock = Lock()

    def tell(self, host: str, now: datetime) -> None:
        """Tell of a host name, unless that was done lately."""
        with self._lock:
            self._told = {name: at for name, at in self._told.items() if timedelta() <= now - at < TOLD_EVERY}
            if host in self._told or len(self._told) >= MOST_TOLD:
                return
            self._told[host] = now
        log.warning("host refused", host=host, fix="add it to PREPAZKA_HOSTS if people are to use it")
        with suppress(DatabaseError):
            self._keep(host, now)


refused = RefusedHosts()


def refuse_other_hosts(get_response: GetResponse) -> GetResponse:
    """Middleware: answer 400 to other host names, with a page that says what to do."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            given = request.META.get("HTTP_HOST", "")
            request.META["HTTP_HOST"] = "localhost"  # the answer is made without the name that was refused
            if not _ANY_NAME.fullmatch(request.path):
                refused.tell(_bare(given), clock.now())
                return errors.wrong_host(request)
        else:
            if not _ANY_NAME.fullmatch(request.path):
                look_at(request)
        return get_response(request)

    return middleware


def _bare(given: str) -> str:
    """Return the name without its port, and nothing that is no name."""
    name = split_domain_port(given)[0]
    return name if _NAME.fullmatch(name) else "(no host name)"
