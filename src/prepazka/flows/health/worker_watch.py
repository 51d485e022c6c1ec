"""When the worker of this process last began a round of work: one that hangs handles and reminds nobody."""

from datetime import datetime, timedelta

# A round takes seconds; one that erases a large office may take minutes.
STALLED = timedelta(minutes=5)


class WorkerWatch:
    """Remembers the last round; a process without a worker, such as a command, is never stalled."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def note(self, now: datetime) -> None:
        """Note that a round begins."""
        self._last = now

    def stalled(self, now: datetime) -> float:
        """Return for how many seconds the worker has been stalled; 0 when it works, or when there is none."""
        since = now - self._last if self._last else timedelta()
        return since.total_seconds() if since > STALLED else 0.0


# Of this process.
worker_watch = WorkerWatch()
