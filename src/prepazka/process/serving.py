"""A process of `prepazka serve`: pages, API, event streams, and beside them the worker and the gateways."""

import gc
from threading import Event

from django.conf import settings

from prepazka import clock
from prepazka.demolife import running as demolife
from prepazka.flows.erasing import reapply
from prepazka.process import gateway_runner, stalled_sessions, worker
from prepazka.process.listening import listening
from prepazka.web.rsgi import application

__all__ = ["application"]

reapply(clock.now())  # before anybody is served: a backup may have brought back whom the office had erased
worker.start(Event())
if settings.LISTEN_URL:
    listening.start(settings.LISTEN_URL, Event())
stalled_sessions.start(Event())
if not clock.is_rehearsal():  # nobody outside is told what was only rehearsed
    gateway_runner.start(Event())
if settings.DEMO_LIFE:
    demolife.start(Event())
# All that is loaded now stays loaded; scanning it for garbage again and again would slow every batch of messages.
gc.collect()
gc.freeze()
gc.enable()
