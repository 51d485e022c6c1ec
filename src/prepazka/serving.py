"""What a process of `prepazka serve` runs: pages, API, event streams, and beside them worker and gateways."""

import gc
from threading import Event

from prepazka import exchange, worker
from prepazka.web.rsgi import application

__all__ = ["application"]

worker.start(Event())
exchange.start(Event())
# All that is loaded now stays; looking through it again and again for garbage would cost every batch of messages.
gc.collect()
gc.freeze()
