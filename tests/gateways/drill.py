"""Kills an office that its gateway calls again and again while the day is played, and plays the day to compare."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event

from django.db import transaction

from prepazka.store import models
from prepazka.store.office_cache import office_cache
from tests.gateways.calling import Caller
from tests.gateways.day import PHONES, Turn
from tests.gateways.test_day import Books, undisturbed
from tests.waiting import until

_FORKS = multiprocessing.get_context("forkserver")


def compared(phones: int = len(PHONES)) -> tuple[list[Turn], Books]:
    """Play the day without any gateway, and roll the database back."""
    with transaction.atomic():
        expected = undisturbed(phones)
        transaction.set_rollback(True)
    office_cache.clear()
    return expected


class Killed:
    """An office that is killed with SIGKILL and restarted whenever so many more phones have been answered.

    It is also restarted when nothing is under way although a phone waits, as after an outage that lost calls; but not
    before it has looked once, because a gateway asks at its first look for what was missed.
    """

    def __init__(
        self, begin: Callable[[Event], ForkServerProcess], caller: Caller, answered: Callable[[], int], every: int
    ) -> None:
        """begin: starts an office that sets the event when it has looked once."""
        self._begin = begin
        self._caller = caller
        self._answered = answered
        self._every = every
        self._next = every
        self._looked = _FORKS.Event()
        self._process = begin(self._looked)
        self.kills = 0

    def working(self) -> None:
        """Wait a little; kill the office when it is time."""
        with self._caller.changed:
            self._caller.changed.wait(0.02)
        if self._answered() >= self._next or (self._looked.is_set() and self._quiet()):
            self._process.kill()
            self._process.join()
            self.kills += 1
            self._looked = _FORKS.Event()
            self._process = self._begin(self._looked)
            self._next = self._answered() + self._every
        assert self._process.is_alive(), "the office ended by itself"

    def settled(self) -> None:
        """Wait until nothing is under way, so that any second copy has arrived.

        An office that was started for the last time asks for what was missed at its first look.
        """
        until(lambda: self._looked.is_set() and self._quiet(), "an end of all calls", deadline=120)

    def _quiet(self) -> bool:
        waiting = models.Inbound.objects.filter(state="waiting").exists()
        unsent = models.Outbound.objects.filter(state__in=["queued", "sending", "unknown"]).exists()
        return self._caller.idle and not waiting and not unsent
