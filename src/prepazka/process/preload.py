"""What every process of `prepazka serve` needs, loaded once by the supervisor, whose children are made by forking it.

Nothing begins here: no thread, and no connection to a database. `process/serving.py` begins, in each child.
"""

import gc

from django.urls import get_resolver

from prepazka.demolife import running as demolife
from prepazka.process import gateway_runner, listening, stalled_sessions, worker
from prepazka.sms.understand.read import warm_up
from prepazka.web import rsgi

__all__ = ["demolife", "gateway_runner", "listening", "load", "rsgi", "stalled_sessions", "worker"]


def load() -> None:
    """Load the pages and the word lists too, and keep the search for garbage away from the memory children share."""
    get_resolver().url_patterns  # noqa: B018 -- which imports the pages of all addresses
    warm_up()
    gc.collect()
    gc.freeze()
