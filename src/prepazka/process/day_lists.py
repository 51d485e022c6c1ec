"""Each opening day, the lists for a day without the system go where the offices want them; at night files go away."""

from datetime import date, datetime, timedelta

import structlog

from prepazka.core.office.office import Office
from prepazka.flows.counters.day_list import is_due
from prepazka.flows.every_office import in_every_office
from prepazka.store import marks, offices
from prepazka.web.day_list import NotDelivered, Target, delete_old, deliver, targets

log = structlog.get_logger()

_MARK = "day-list:"
_TRIED_AGAIN = timedelta(minutes=10)


class DayLists:
    """Brings each list once a day to each of its targets, whichever process does it; what failed is tried again."""

    def __init__(self) -> None:
        self._failed: dict[str, datetime] = {}

    def step(self, now: datetime) -> int:
        """Deliver what is due, and delete files of days that are over; return how many lists went out."""
        marks.forget(_MARK, now - marks.KEPT)
        delete_old(lambda slug: _today(slug, now))
        return in_every_office(offices.with_day_lists(), lambda office_id: self._of_office(office_id, now))

    def _of_office(self, office_id: int, now: datetime) -> int:
        office = offices.load(office_id)
        if not is_due(office, now):
            return 0
        return sum(self._deliver(office, target, now) for target in targets(office))

    def _deliver(self, office: Office, target: Target, now: datetime) -> bool:
        name = f"{_MARK}{office.id}:{now.astimezone(office.zone).date()}:{target}"
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


def _today(slug: str, now: datetime) -> date | None:
    office_id = offices.find(slug)
    return None if office_id is None else now.astimezone(offices.load(office_id).zone).date()
