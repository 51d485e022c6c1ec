"""Growth has an end: what is older than an office keeps in rows is folded into the figures of its days.

Each batch is a transaction of its own that counts what it deletes, so a run that was killed is continued by the next
one, and nothing is lost or counted twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from prepazka.core.minutes import instant, midnight
from prepazka.flows.every_office import in_every_office
from prepazka.store import folding, offices
from prepazka.store.folding import Oldest


@dataclass(frozen=True, slots=True)
class Due:
    """An office with rows to fold: those of days before this one."""

    oldest: Oldest
    before: date

    @property
    def begin(self) -> datetime:
        """The first moment that is kept in rows."""
        return instant(midnight(self.before, self.oldest.zone))


# docs/spec/reports.md §6: "Whole months are folded, and no day that is not erased yet"
def first_kept(today: date, months: int, erase_days: int) -> date:
    """Return the first day whose rows are kept."""
    ahead = today.year * 12 + today.month - 1 - months
    return min(date(ahead // 12, ahead % 12 + 1, 1), today - timedelta(days=erase_days))


def due(now: datetime) -> list[Due]:
    """Return the offices that have something to fold: one question for all of them."""
    found = []
    for one in folding.oldest():
        today = now.astimezone(one.zone).date()
        kept = Due(one, first_kept(today, one.keep_months, one.erase_days))
        if (
            (one.day is not None and one.day < kept.before)
            or (one.received is not None and one.received < kept.begin)
            or (one.made is not None and one.made < kept.begin)
        ):
            found.append(kept)
    return found


def fold_batch(due: Due) -> int:
    """Fold one batch of an office; return how many rows went, 0 when nothing is left."""
    office_id, zone = due.oldest.office_id, due.oldest.zone
    for fold_messages in (folding.fold_sent, folding.fold_received):
        with transaction.atomic():
            if gone := fold_messages(office_id, zone, due.begin):
                return gone
    with transaction.atomic():
        office = offices.load(office_id, even_moved=True)
        day = folding.oldest_day(office_id)
        if day is None or day >= due.before or folding.has_names(office_id, day):
            return 0
        return folding.fold_day(office, day)


def fold(now: datetime) -> int:
    """Fold all there is to fold, of all offices; return how many rows went."""
    gone = 0
    for one in due(now):
        while done := in_every_office([one.oldest.office_id], lambda _office, one=one: fold_batch(one)):  # type: ignore[misc]  # bound now
            gone += done
    return gone
