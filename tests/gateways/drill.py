"""Killing an office that is called, again and again, while the day is played; and what its day is compared with."""

from collections.abc import Callable
from multiprocessing.context import ForkServerProcess

from django.db import transaction

from prepazka.store import models, offices
from tests.gateways.calling import Caller
from tests.gateways.day import PHONES, Turn
from tests.gateways.test_day import Books, undisturbed
from tests.waiting import until


def compared(phones: int = len(PHONES)) -> tuple[list[Turn], Books]:
    """The day without any gateway; nothing of it stays in the database."""
    with transaction.atomic():
        expected = undisturbed(phones)
        transaction.set_rollback(True)
    offices._load.cache_clear()
    return expected


class Killed:
    """An office that is killed with SIGKILL and begun anew whenever so many more phones were answered.

    And whenever nothing more is under way although somebody waits: as after an outage that swallowed calls.
    """

    def __init__(
        self, begin: Callable[[], ForkServerProcess], caller: Caller, answered: Callable[[], int], every: int
    ) -> None:
        self._begin = begin
        self._caller = caller
        self._answered = answered
        self._every = every
        self._next = every
        self._process = begin()
        self.kills = 0

    def working(self) -> None:
        """Wait a little for what comes; kill when it is time."""
        with self._caller.changed:
            self._caller.changed.wait(0.02)
        if self._answered() >= self._next or self._quiet():
            self._process.kill()
            self._process.join()
            self.kills += 1
            self._process = self._begin()
            self._next = self._answered() + self._every
        assert self._process.is_alive(), "the office ended by itself"

    def settled(self) -> None:
        """Until nothing is under way: whatever comes twice has come."""
        until(self._quiet, "an end of all calls", deadline=120)

    def _quiet(self) -> bool:
        waiting = models.Inbound.objects.filter(state="waiting").exists()
        unsent = models.Outbound.objects.filter(state__in=["queued", "sending", "unknown"]).exists()
        return self._caller.idle and not waiting and not unsent
