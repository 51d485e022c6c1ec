"""What the operator should mend on the server, in words; `prepazka check` tells the same with the fix of each."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from prepazka.flows.health import installation
from prepazka.store import marks
from prepazka.web.alarm_words import describe
from prepazka.web.hosts import is_answered


def list_faults(now: datetime) -> Iterator[str]:
    """Yield a sentence for each misspelt setting, refused host name of the last day, and alarm."""
    for line in settings.UNKNOWN_SETTINGS:
        yield _("Proměnná %(name)s není žádné nastavení.") % {"name": line.partition(" ")[0]}
    for host in marks.refused_hosts(now - timedelta(days=1)):
        if not is_answered(host):
            yield _("Někdo otevíral stránky na adrese %(host)s, která není v PREPAZKA_HOSTS.") % {"host": host}
    for problem in installation.problems(now):
        words = describe(problem, operator=True)
        yield f"{words.summary} {words.fix}"
