"""What is done every hour: erasing what nobody needs any more, and what the database's files keep of it.

And keeping in mind that there are standbys, so that `prepazka check` misses them.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

import structlog

from prepazka.flows import erasure_list
from prepazka.flows.booking import hold
from prepazka.flows.every_office import in_every_office
from prepazka.flows.inbound import intake
from prepazka.flows.retention import WITHOUT_CONTACT, Erased, Forgotten, erase, forget
from prepazka.process import copies
from prepazka.store import accounts, availability, due, gateway_hours, metric_counts, processes, rate_limits, traces

log = structlog.get_logger()

# A process that has been gone for so long is not known any more.
FORGOTTEN = timedelta(days=1)


def tidy_up(now: datetime) -> int:
    """Do all of it; return in how many offices there was something to erase."""
    forget_everywhere(now)
    count = erase_offices(now)
    leave_no_trace(now)
    availability.note_standbys(now)
    return count


def forget_everywhere(now: datetime) -> None:
    """Delete what is kept of no office: ids, sessions, counts of limits."""
    intake.forget(now)
    hold.forget(now)
    if (forgotten := forget(now)) != Forgotten():
        log.info("forgotten", **asdict(forgotten))
    accounts.forget_old_sessions()
    rate_limits.delete_expired(now)


def erase_offices(now: datetime) -> int:
    """Erase what offices do not need any more; return in how many there was something."""
    return in_every_office(due.to_erase(now, WITHOUT_CONTACT), lambda office_id: _erase_office(office_id, now))


def _erase_office(office_id: int, now: datetime) -> int:
    erased = erase(office_id, now)
    if erased != Erased():
        log.info("erased", office=office_id, **asdict(erased))
    return int(erased != Erased())


def leave_no_trace(now: datetime) -> None:
    """Remove what the database's files keep of erased data, old figures and old copies; keep the list of erasures."""
    erasure_list.keep()
    gateway_hours.forget(now)
    metric_counts.forget_nodes(now)
    processes.forget(now - FORGOTTEN)
    traces.remove()
    traces.vacuum(now)
    copies.drop_replaced(now)
