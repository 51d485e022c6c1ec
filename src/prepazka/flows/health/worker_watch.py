"""Whether the work behind the pages is loaded, and when its threads last went on: one that hangs reminds nobody."""

from datetime import datetime, timedelta
from threading import Event

# A round takes seconds; one office that is erased may take minutes.
STALLED = timedelta(minutes=5)


class WorkerWatch:
    """Remembers when each thread went on; a process without a worker, such as a command, is never stalled."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._ended: list[str] = []
        self._loaded = Event()
        self._loaded.set()

    def note(self, now: datetime, thread: str = "worker") -> None:
        """Note that a thread goes on: with its next round, or with the next office of this one."""
        self._last[thread] = now

    @property
    def serves(self) -> bool:
        """Whether this process has a worker: it is one of `prepazka serve`, and no command."""
        return bool(self._last)

    def begin_loading(self) -> None:
        """Note that a part of the program is still loaded, behind the first answers."""
        self._loaded.clear()

    def end_loading(self) -> None:
        """Note that all is loaded, or that some of it cannot be."""
        self._loaded.set()

    def is_loaded(self, within: float) -> bool:
        """Whether all is loaded; waits for it, for so many seconds at most."""
        return self._loaded.wait(within)

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
