"""A list of tasks, each done every so often; where the list has a lease, one process of all does them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError

from prepazka import clock
from prepazka.flows.every_office import as_long_as
from prepazka.flows.health.worker_watch import worker_watch
from prepazka.process.lease import Lease
from prepazka.store.database_errors import is_held_up

log = structlog.get_logger()

AT_ONCE = timedelta()


@dataclass(slots=True)
class Task:
    """Something done for all offices. work: does it and returns how much was done; begun: when it was done last."""

    name: str
    every: timedelta
    work: Callable[[datetime], int]
    begun: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time again. A time in the future, left by a clock set back, does not count."""
        return self.begun is None or not timedelta() <= now - self.begun < self.every


class Schedule:
    """Does the tasks that are due, in their order. One that fails, or is held up, stops none of the others.

    lease: without it, each process does them for itself.
    """

    def __init__(self, name: str, tasks: Sequence[Task], lease: Lease | None = None) -> None:
        self._name = name
        self._tasks = tasks
        self._lease = lease

    def step(self, now: datetime) -> int:
        """Do what is due; return how much was done."""
        if not self._may_go_on(now):
            return 0
        done = 0
        with as_long_as(lambda: self._may_go_on(clock.now())):
            for task in self._tasks:
                if not task.is_due(now):
                    continue
                if not self._may_go_on(clock.now()):  # a task before it took long, or the process was paused
                    break
                task.begun = now
                done += self._do(task, now)
        return done

    # docs/spec/health.md §7: "Before each office it sees that it still holds it"
    def _may_go_on(self, now: datetime) -> bool:
        worker_watch.note(now, self._name)
        return self._lease is None or self._lease.keep(now)

    def _do(self, task: Task, now: datetime) -> int:
        try:
            return task.work(now)
        except OperationalError as error:
            if not is_held_up(error):
                raise  # the database is away: the others would fail too
            log.exception("task held up", task=task.name)
        except Exception:
            log.exception("task failed", task=task.name)
        return 0
