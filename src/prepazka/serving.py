"""What a process of `prepazka serve` runs: the pages and the API, and the worker beside them."""

import gc
from threading import Event

from prepazka import worker
from prepazka.web.wsgi import application

__all__ = ["application"]

worker.start(Event())
# All that is loaded now stays; looking through it again and again for garbage would cost every batch of messages.
gc.collect()
gc.freeze()
