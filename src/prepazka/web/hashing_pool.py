"""Passwords are hashed in a small pool of threads of their own, so that guesses slow no page.

A hash takes a third of a second of a processor on purpose. Without the pool, as many hashes as there are threads run at
once, and the pages wait for all of them. Here a few wait for the pool; further ones are refused at once.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from prepazka.web import errors
from prepazka.web.headers import GetResponse

# Half the processors: the other half stays for pages and messages.
HASHERS = max((os.cpu_count() or 1) // 2, 1)
# Hashes under way and waiting at once. Each holds one of the 16 threads of the pages (web/threads.py).
AT_ONCE = 8
# How much the pool's threads yield to all others, as `nice` counts it.
_NICE = 10


def _yield_to_others() -> None:
    if sys.platform == "linux":  # elsewhere it would be the whole process
        # Never less than the process itself yields, by `nice` or its unit: only root may, and everybody else would be
        # refused, and with that each password.
        os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))


class HashingBusy(Exception):
    """So many passwords are being hashed that one more is not taken."""


class HashingPool:
    """Runs hashes in threads of its own, and refuses what would have to wait too long."""

    def __init__(self, hashers: int = HASHERS, at_once: int = AT_ONCE) -> None:
        self._threads = ThreadPoolExecutor(hashers, "hashing", initializer=_yield_to_others)
        self._room = BoundedSemaphore(at_once)

    def run(self, hash_password: Callable[[], str]) -> str:
        """Return the hash. Raises: HashingBusy when there is no room."""
        if not self._room.acquire(blocking=False):
            raise HashingBusy
        try:
            return self._threads.submit(hash_password).result()
        finally:
            self._room.release()


pool = HashingPool()


class PooledPasswordHasher(PBKDF2PasswordHasher):
    """Django's hasher, in the pool: the same hashes, so that passwords stay what they are."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash. Raises: HashingBusy."""
        return pool.run(lambda: super(PooledPasswordHasher, self).encode(password, salt, iterations))


def refuse_when_busy(get_response: GetResponse) -> GetResponse:
    """Middleware: answer 503 where a password could not be hashed."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return errors.busy(request) if isinstance(exception, HashingBusy) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django looks for it there
    return middleware
