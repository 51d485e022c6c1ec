"""Folding old rows into figures, a batch at a time, when nothing else is to be done."""

from datetime import datetime, timedelta

from prepazka.flows.every_office import in_every_office
from prepazka.flows.folding import Due, due, fold_batch

ASK_EVERY = timedelta(hours=1)


class Folding:
    """The offices that have something to fold; asked for once an hour."""

    def __init__(self) -> None:
        self._asked_at: datetime | None = None
        self._due: list[Due] = []

    def step(self, now: datetime) -> int:
        """Fold one batch; return how many rows went, 0 when nothing is to be folded now."""
        if self._asked_at is None or not timedelta() <= now - self._asked_at < ASK_EVERY:
            self._asked_at = now
            self._due = due(now)
        while self._due:
            last = self._due[-1]
            if gone := in_every_office([last.oldest.office_id], lambda _office: fold_batch(last)):  # noqa: B023 -- called at once
                return gone
            self._due.pop()
        return 0
