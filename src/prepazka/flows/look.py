"""Questions that change nothing: decided by the same rules as every message, without the office's lock."""

from datetime import datetime

from prepazka.core.asks import FreeTimes
from prepazka.core.books import Books, Request
from prepazka.core.clock import minute
from prepazka.core.deciding import decide
from prepazka.core.needs import needs
from prepazka.core.office import Office
from prepazka.core.outcomes import Outcome
from prepazka.store import reads


def look(office: Office, ask: FreeTimes, now: datetime) -> Outcome:
    """What the answer would be; by the time it is read a place may be gone."""
    request = Request(ask, now, sender="")
    facts = reads.facts(office, needs([request], office), minute(now))
    return decide(request, office, Books(office, facts))
