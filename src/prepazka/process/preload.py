"""What every process of `prepazka serve` needs, loaded once by the supervisor, whose children are made by forking it.

Nothing begins here: no thread, and no connection to a database. `process/serving.py` begins, in each child.
"""

import gc

from django.conf import settings
from django.urls import reverse

from prepazka.process import gateway_runner, listening, stalled_sessions, worker
from prepazka.sms.understand.read import warm_up
from prepazka.web import rsgi
from prepazka.web.account import single_sign_on

__all__ = ["gateway_runner", "listening", "load", "rsgi", "stalled_sessions", "worker"]


def load() -> None:
    """Load the pages and the word lists too, and keep the search for garbage away from the memory children share.

    It is not searched a last time: that takes as long as a seventh of all loading, and finds a megabyte.
    """
    reverse("account")  # which imports the pages of all addresses, and has each name's address ready
    warm_up()
    if settings.OIDC_URL:
        single_sign_on.load()
    if settings.DEMO_LIFE:
        from prepazka.demolife import running  # noqa: F401, PLC0415 -- nobody else needs it
    gc.freeze()
