"""What the operator should mend on the server, in words; `prepazka check` tells the same with the fix of each."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from prepazka.flows.health import installation
from prepazka.web.alarm_words import describe


def list_faults(now: datetime) -> Iterator[str]:
    """Yield a sentence for each misspelt setting, and for each alarm."""
    for line in settings.UNKNOWN_SETTINGS:
        text = (
            _("Proměnná %(name)s není žádné nastavení.")
            if "is no setting" in line
            else _("Nastavení %(name)s nemá účinek, nebo jiný, než má mít; proč, vypíše prepazka check.")
        )
        yield text % {"name": line.partition(" ")[0]}
    for problem in installation.problems(now):
        words = describe(problem, operator=True)
        yield f"{words.summary} {words.fix}"
