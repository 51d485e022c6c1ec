"""A process of `prepazka serve`: pages, API, event streams, and beside them the worker and the gateways."""

import gc
from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import connection

from prepazka import clock
from prepazka.flows.erasure_list import reapply
from prepazka.flows.health.worker_watch import worker_watch
from prepazka.process import preload, silent_database
from prepazka.store.connections import never_make
from prepazka.web.rsgi import answered, application

__all__ = ["application", "end"]

log = structlog.get_logger()

# Seconds the gateways may take to be closed when the process ends.
_ENDING = 4.0
# Seconds until the work begins, if nobody asks for a page: whoever does has the processor alone for the first one.
_UNASKED = 0.5

_ending = Event()
_gateways: list[Thread] = []


def end() -> None:
    """Leave the gateways to the other processes: this one ends, and serves no page any more."""
    _ending.set()
    for thread in _gateways:
        thread.join(_ENDING)


# docs/spec/health.md §1: "A process answers pages before all of it is loaded."
def _go_on() -> None:
    """Load the rest behind the first answer, and begin the work. What fails is told by the log and by `/readyz`."""
    answered.wait(_UNASKED)
    try:
        preload.load_work()
        _begin()
        preload.load_pages()
    except Exception:
        log.exception("loading failed")
        worker_watch.note_end("loading")
    finally:
        worker_watch.end_loading()
        # All that is loaded stays loaded; scanning it again and again would slow every batch of messages.
        gc.enable()


def _begin() -> None:
    """Begin the work behind the pages; it is loaded by now."""
    from prepazka.process import gateway_runner, stalled_sessions, worker  # noqa: PLC0415 -- see preload.py
    from prepazka.process.listening import listening  # noqa: PLC0415 -- the same

    worker.start(Event())
    if settings.LISTEN_URL:
        listening.start(settings.LISTEN_URL, Event())
    stalled_sessions.start(Event())
    if not clock.is_rehearsal():  # nobody outside is told what was only rehearsed
        _gateways.append(gateway_runner.start(_ending))
    if settings.DEMO_LIFE:
        from prepazka.demolife import running as demolife  # noqa: PLC0415 -- nobody else needs it

        demolife.start(Event())


# docs/spec/health.md §1: "makes no empty one in its place"
never_make(connection.settings_dict)
silent_database.start(Event())  # before the first connection: those of the first pages last for minutes
reapply(clock.now())  # before anybody is served: a backup may have brought back whom the office had erased
worker_watch.begin_loading()
Thread(target=_go_on, name="loading", daemon=True).start()
