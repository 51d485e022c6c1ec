"""Work done for every office of the installation: an office where it fails holds up no other."""

from collections.abc import Callable, Iterable

import structlog
from django.db import OperationalError

from prepazka.store.offices import MovedOffice, UnreadableOffice

log = structlog.get_logger()


def in_every_office(office_ids: Iterable[int], work: Callable[[int], int]) -> int:
    """Do the work for each office and return how much was done; log where it failed, and go on.

    Raises: OperationalError when the database is away, which is no fault of an office.
    """
    done = 0
    for office_id in office_ids:
        try:
            done += work(office_id)
        except OperationalError:
            raise
        except MovedOffice:
            continue
        except UnreadableOffice as error:
            log.error("office unreadable", office=office_id, reason=str(error))
        except Exception:
            log.exception("office failed", office=office_id)
    return done
