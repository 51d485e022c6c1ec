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
from prepazka.process.pace import time_left
from prepazka.store.database_errors import is_held_up

log = structlog.get_logger()

AT_ONCE = timedelta()


@dataclass(slots=True)
class Task:
    """Something done for all offices. work: does it and returns how much was done; begun: when it was done last.

    in_batches: it is done again at once while there was something to do.
    """

    name: str
    every: timedelta
    work: Callable[[datetime], int]
    in_batches: bool = False
    begun: datetime | None = None

    def time_left(self, now: datetime) -> timedelta:
        """How long until it is time again; nothing when it is."""
        return time_left(self.begun, self.every, now)


class Schedule:
    """Does the tasks that are due, in their order. One that fails, or is held up, stops none of the others.

    lease: without it, each process does them for itself.
    """

    def __init__(self, name: str, tasks: Sequence[Task], lease: Lease | None = None) -> None:
        self.name = name
        self._tasks = tasks
        self._lease = lease

    def step(self, now: datetime) -> int:
        """Do what is due; return how much was done."""
        if not self._may_go_on(now):
            return 0
        done = 0
        with as_long_as(lambda: self._may_go_on(clock.now())):
            for task in self._tasks:
                if task.time_left(now):
                    continue
                if not self._may_go_on(clock.now()):  # a task before it took long, or the process was paused
                    break
                task.begun = now
                if found := self._do(task, now):
                    done += found
                    task.begun = None if task.in_batches else now
        return done

    def rest(self, now: datetime) -> float:
        """Return the seconds until there may be something to do: a task, or a question about the lease."""
        lease = [self._lease.time_left(now)] if self._lease else []
        tasks = [task.time_left(now) for task in self._tasks] if self._lease is None or self._lease.held else []
        return min(lease + tasks).total_seconds()

    # docs/spec/health.md §7: "Before each office it sees that it still holds it"
    def _may_go_on(self, now: datetime) -> bool:
        worker_watch.note(now, self.name)
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
