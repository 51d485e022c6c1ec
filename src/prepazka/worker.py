"""The work no caller waits for, in a thread beside the pages. Any number of processes may run this at once.

Messages that were stored but not handled: there are some after a kill, after a fault of ours was mended, and from
gateways that acknowledge before anything is decided. And freed places whose re-offer delay has run out.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, Thread

import structlog
from django.db import close_old_connections

from prepazka.flows import receive, watches

log = structlog.get_logger()

# Seconds between looks for something to do; what was left over waits at most this long.
PAUSE = 1.0


def start(stop: Event) -> Thread:
    """Work in a thread of its own until `stop` is set."""
    thread = Thread(target=run, args=(stop,), name="worker", daemon=True)
    thread.start()
    return thread


def step(now: datetime) -> int:
    """One piece of work; 0 when nothing is left."""
    return receive.work(now) or watches.tell_after_delay(now)


def run(stop: Event, work: Callable[[datetime], int] = step) -> None:
    """Work until `stop` is set; a fault, such as a database that is away, ends one look and not the worker."""
    while not stop.is_set():
        try:
            while work(datetime.now(UTC)) and not stop.is_set():
                pass
        except Exception:
            log.exception("work failed")
        close_old_connections()
        stop.wait(PAUSE)
