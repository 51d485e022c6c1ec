"""What every process of `prepazka serve` needs: first what its first pages need, then the work and all other pages.

Nothing begins here: no thread, and no connection to a database. `process/serving.py` begins, in each process.
"""

import gc

from django.conf import settings
from django.urls import reverse

from prepazka.sms import languages
from prepazka.web import rsgi, when_asked

__all__ = ["load", "load_first", "load_pages", "load_work", "rsgi"]

# The modules that `process/serving.py` starts, and what they take along: all that handles messages.
_WORK = ("worker", "gateway_runner", "listening", "stalled_sessions")


def load() -> None:
    """Load everything: for children that are made by forking, and share it."""
    load_first()
    load_work()
    load_pages()


def load_first() -> None:
    """Load what the first pages need: a citizen's, with the words of its examples and the addresses of all pages."""
    when_asked.load("prepazka.web.pages")
    when_asked.load("prepazka.process.silent_database")  # which looks after their connections, too
    languages.load()
    reverse("account")  # which has each name's address ready
    _keep()


def load_work() -> None:
    """Load what works behind the pages, and the word lists."""
    for name in _WORK:
        when_asked.load(f"prepazka.process.{name}")
    from prepazka.sms.understand.read import warm_up  # noqa: PLC0415 -- the first pages do without

    warm_up()
    if settings.DEMO_LIFE:
        when_asked.load("prepazka.demolife.running")
    _keep()


def load_pages() -> None:
    """Load all other pages, one after another. Raises: NotLoaded."""
    when_asked.load_all()
    if settings.OIDC_URL:
        from prepazka.web.account import single_sign_on  # noqa: PLC0415 -- as above

        single_sign_on.load()
    _keep()


def _keep() -> None:
    """Keep the search for garbage away from what is loaded now, and children share.

    It is not searched a last time: that takes as long as a seventh of all loading, and finds a megabyte.
    """
    gc.freeze()
