"""What `serve` does before its processes start: the checks, the tables of an empty database, the first operator's link.

It runs in a process of its own, beside the supervisor's loading of the pages, whose addresses are not needed here. What
it finds wrong it prints on stderr; on stdout stands only the secret of the link, where one is made.
"""

import secrets
import sys

from django.conf import settings
from django.urls import reverse

from prepazka import clock
from prepazka.commands.migrating import make_tables
from prepazka.commands.start_checks import check_start, is_empty
from prepazka.commands.who import operator_name
from prepazka.process.environment import LOOPBACK
from prepazka.store import first_operator


def prepare(host: str) -> int:
    """Make ready for `serve`; return 1 when something keeps it from starting, and nothing was changed."""
    found = list(check_start(host=host, empty=True))
    for finding in found:
        if finding.level != "ok":
            print(finding.line(), file=sys.stderr)
    if any(finding.level == "error" for finding in found):
        return 1
    # docs/spec/administration.md §1.1: "on an empty database it makes the tables"
    if is_empty():
        make_tables()
    if first_operator.nobody_signs_in():
        print(make_secret())
    return 0


def make_secret() -> str:
    """Make the first operator's link, in place of any before; return its secret, which stands nowhere else."""
    token = secrets.token_urlsafe(32)
    first_operator.make_link(token, clock.now(), operator_name())
    return token


def address_of(token: str) -> str:
    """Return the address of the link with this secret, without a host where none is set."""
    named = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK and not host.startswith((".", "*"))]
    origin = f"https://{named[0]}" if settings.HTTPS and named else ""
    return f"{origin}{reverse('first-operator', args=[token])}"
