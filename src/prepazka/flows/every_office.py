"""Work done for many offices: an office where it fails, or is held up, holds up no other."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

import structlog

from prepazka.store.database_errors import DATABASE_AWAY, database_reason, is_held_up
from prepazka.store.office_rows import UnreadableOffice
from prepazka.store.offices import MovedOffice

log = structlog.get_logger()

# Whether the work is still this process's to do; asked before each office.
_go_on: ContextVar[Callable[[], bool] | None] = ContextVar("go_on", default=None)


@contextmanager
def as_long_as(go_on: Callable[[], bool]) -> Iterator[None]:
    """Let the work for many offices end before the next one when it is another process's by now."""
    token = _go_on.set(go_on)
    try:
        yield
    finally:
        _go_on.reset(token)


def in_every_office(office_ids: Iterable[int], work: Callable[[int], int]) -> int:
    """Do the work for each office and return how much was done; log where it failed, and go on.

    Raises: one of DATABASE_AWAY when the database is away, which is no fault of an office.
    """
    done, go_on = 0, _go_on.get()
    for office_id in office_ids:
        if go_on and not go_on():
            break
        try:
            done += work(office_id)
        except DATABASE_AWAY as error:
            if not is_held_up(error):
                raise
            log.warning("office held up", office=office_id, reason=database_reason(error))
        except MovedOffice:
            continue
        except UnreadableOffice as error:
            log.error("office unreadable", office=office_id, reason=str(error))
        except Exception:
            log.exception("office failed", office=office_id)
    return done


class Resting:
    """Offices where something is due that cannot be done now, such as a reminder of a number nobody can text.

    They are looked at again after a while, so that they cost the others nothing meanwhile. Of one process.
    """

    def __init__(self, length: timedelta) -> None:
        self._length = length
        self._since: dict[int, datetime] = {}

    def leave_out(self, office_ids: Iterable[int], now: datetime) -> list[int]:
        """Return the offices that do not rest."""
        self._since = {one: at for one, at in self._since.items() if timedelta() <= now - at < self._length}
        return [office_id for office_id in office_ids if office_id not in self._since]

    def clear(self) -> None:
        """Let none rest."""
        self._since.clear()

    def note(self, office_id: int, done: int, now: datetime) -> int:
        """Let an office rest where nothing could be done; return how much was done."""
        if not done:
            self._since[office_id] = now
        return done
