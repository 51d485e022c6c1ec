"""When the threads behind the pages last went on: one that hangs handles and reminds nobody."""

from datetime import datetime, timedelta

# A round takes seconds; one office that is erased may take minutes.
STALLED = timedelta(minutes=5)


class WorkerWatch:
    """Remembers when each thread went on; a process without a worker, such as a command, is never stalled."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._ended: list[str] = []

    def note(self, now: datetime, thread: str = "worker") -> None:
        """Note that a thread goes on: with its next round, or with the next office of this one."""
        self._last[thread] = now

    @property
    def serves(self) -> bool:
        """Whether this process has a worker: it is one of `prepazka serve`, and no command."""
        return bool(self._last)

    def note_end(self, thread: str) -> None:
        """Note that a thread has ended, which it does only with the process."""
        self._ended.append(thread)

    @property
    def ended(self) -> str:
        """The thread that has ended; "" while all go on."""
        return next(iter(self._ended), "")

    def stalled(self, now: datetime) -> float:
        """Return for how many seconds a thread has been stalled; 0 when all go on, or when there is none."""
        since = max((now - last for last in self._last.values()), default=timedelta())
        return since.total_seconds() if since > STALLED else 0.0


# Of this process.
worker_watch = WorkerWatch()
