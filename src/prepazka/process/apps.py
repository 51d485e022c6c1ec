"""Which of Django's apps a process loads: all of them, or only the tables where nobody signs in and no page is shown.

The libraries of signing in and of the API take longer to load than a command with one message takes to work. A process
without them cannot touch an account by mistake: importing a table of theirs fails at once.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

TABLES = "prepazka.store"
_ALL = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    TABLES,
    "prepazka.web",
)
_installed = [*_ALL]


def leave_out_accounts() -> None:
    """Have this process load the tables only; before its settings are read, later it changes nothing."""
    _installed[:] = [TABLES]


def installed() -> list[str]:
    """Return the apps to load, as Django's settings take them."""
    return [*_installed]


def folder_of(library: str) -> Path:
    """Return where the files of a library are, without loading it. Raises: ModuleNotFoundError."""
    found = find_spec(library)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(library)
    return Path(found.origin).parent


@contextmanager
def left_out(*names: str) -> Iterator[None]:
    """Import as if these libraries were not installed, unless they are loaded already.

    Some of our libraries load others wherever they find them, and tools of development bring those along: a start
    beside such tools is then the one that an office has.
    """
    spare = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(spare))  # type: ignore[arg-type]  # None is how Python marks one that is missing
    try:
        yield
    finally:
        for name in spare:
            del sys.modules[name]


def with_accounts() -> bool:
    """Whether Django has loaded the apps of the accounts."""
    from django.apps import apps  # noqa: PLC0415 -- the settings import this module before Django is set up

    return apps.is_installed("prepazka.web")
