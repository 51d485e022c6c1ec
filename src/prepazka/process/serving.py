"""A process of `prepazka serve`: pages, API, event streams, and beside them the worker and the gateways."""

import gc
from threading import Event

from django.conf import settings

from prepazka import clock
from prepazka.flows.erasing import reapply
from prepazka.process import gateway_runner, stalled_sessions, worker
from prepazka.process.listening import listening
from prepazka.web.rsgi import application

__all__ = ["application", "end"]

# Seconds the gateways may take to be closed when the process ends.
_ENDING = 4.0

reapply(clock.now())  # before anybody is served: a backup may have brought back whom the office had erased
worker.start(Event())
if settings.LISTEN_URL:
    listening.start(settings.LISTEN_URL, Event())
stalled_sessions.start(Event())
_ending = Event()
# Nobody outside is told what was only rehearsed.
_gateways = None if clock.is_rehearsal() else gateway_runner.start(_ending)
if settings.DEMO_LIFE:
    from prepazka.demolife import running as demolife

    demolife.start(Event())
# All that is loaded now stays loaded; scanning it for garbage again and again would slow every batch of messages.
gc.collect()
gc.freeze()
gc.enable()


def end() -> None:
    """Leave the gateways to the other processes: this one ends, and serves no page any more."""
    _ending.set()
    if _gateways is not None:
        _gateways.join(_ENDING)
