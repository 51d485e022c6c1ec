"""HTTPS that a proxy ends and nobody told the program of: it refuses every form, so the log says what to set."""

from datetime import datetime, timedelta
from threading import Lock

import structlog
from django.conf import settings
from django.http import HttpRequest

log = structlog.get_logger()

TOLD_EVERY = timedelta(hours=1)


class UntoldHttps:
    """Tells once an hour that a browser came by HTTPS to pages that take it for HTTP."""

    def __init__(self) -> None:
        self._told: datetime | None = None
        self._lock = Lock()

    # docs/spec/safety.md §2.1: "over HTTPS, while `PREPAZKA_HTTPS` is off"
    def look_at(self, request: HttpRequest, now: datetime) -> None:
        """Look at a request whose form was refused: the browser names the origin of the page it was on."""
        if settings.HTTPS or request.headers.get("Origin") != f"https://{request.get_host()}":
            return
        with self._lock:
            if self._told is not None and timedelta() <= now - self._told < TOLD_EVERY:
                return
            self._told = now
        fix = "if a proxy in front ends HTTPS, set PREPAZKA_HTTPS=true and restart"
        log.warning("every form sent over HTTPS is refused", host=request.get_host(), fix=fix)


untold_https = UntoldHttps()
