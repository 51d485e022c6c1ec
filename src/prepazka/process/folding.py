"""Folding old rows into figures, a batch at a time, when nothing else is to be done."""

from datetime import datetime

from prepazka.flows.every_office import in_every_office
from prepazka.flows.folding import Due, due, fold_batch


class Folding:
    """The offices that have something to fold; asked for anew once all of theirs is folded."""

    def __init__(self) -> None:
        self._due: list[Due] = []

    def step(self, now: datetime) -> int:
        """Fold one batch; return how many rows went, 0 when nothing is left to be folded."""
        if not self._due:
            self._due = due(now)
        while self._due:
            last = self._due[-1]
            if gone := in_every_office([last.oldest.office_id], lambda _office: fold_batch(last)):  # noqa: B023 -- called at once
                return gone
            self._due.pop()
        return 0
