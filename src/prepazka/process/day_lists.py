"""Each opening day, the lists for a day without the system go where the offices want them; at night files go away."""

from datetime import datetime, timedelta

import structlog

from prepazka import clock
from prepazka.core.office.office import Office
from prepazka.flows.counters.day_list import is_due
from prepazka.flows.every_office import in_every_office
from prepazka.store import marks, offices
from prepazka.web.day_list import NotDelivered, Target, delete_old, deliver, has_files, targets

log = structlog.get_logger()

_MARK = "day-list:"
_TRIED_AGAIN = timedelta(minutes=10)


class DayLists:
    """Brings each list once a day to each of its targets, whichever process does it; what failed is tried again."""

    def __init__(self) -> None:
        self._failed: dict[str, datetime] = {}

    def step(self, now: datetime) -> int:
        """Deliver what is due, and delete files of days that are over; return how many lists went out.

        A rehearsal does neither: its lists would take the place of the real ones.
        """
        if clock.is_rehearsal():
            return 0
        marks.forget(_MARK, now - marks.KEPT)
        _delete_old(now)
        found = offices.load_many(offices.with_day_lists())
        due = {office_id: office for office_id, office in found.items() if is_due(office, now)}
        done = marks.moments(_MARK) if due else {}
        wanted = {
            office_id: left
            for office_id, office in due.items()
            if (left := [one for one in targets(office) if _name(office, one, now).removeprefix(_MARK) not in done])
        }
        return in_every_office(
            wanted, lambda office_id: sum(self._deliver(due[office_id], one, now) for one in wanted[office_id])
        )

    def _deliver(self, office: Office, target: Target, now: datetime) -> bool:
        name = _name(office, target, now)
        if (failed := self._failed.get(name)) and timedelta() <= now - failed < _TRIED_AGAIN:
            return False
        if not marks.claim(name, now):
            return False
        try:
            deliver(office, target, now)
        except BaseException as error:
            marks.release(name)
            self._failed = {name: now} | {one: at for one, at in self._failed.items() if now - at < _TRIED_AGAIN}
            if not isinstance(error, NotDelivered):
                raise
            log.warning("day list not delivered", office=office.id, target=target, reason=str(error))
            return False
        return True


def _name(office: Office, target: Target, now: datetime) -> str:
    return f"{_MARK}{office.id}:{now.astimezone(office.zone).date()}:{target}"


def _delete_old(now: datetime) -> None:
    if has_files():
        clocks = offices.clocks()
        delete_old(lambda slug: now.astimezone(clocks[slug]).date() if slug in clocks else None)
