"""Seconds of processor that running processes have taken, by what Linux says of them."""

import os
from contextlib import suppress
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")
# Where `/proc/PID/stat` has, after the name, the ticks of a process itself, and those of its children that have ended.
_OWN, _ENDED = slice(11, 13), slice(13, 15)


def process_tree(pid: int) -> list[int]:
    """Return the process and all its descendants; of one that has ended, nothing."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return []
    return [pid, *(member for child in children for member in process_tree(int(child)))]


def of_tree(pid: int) -> float:
    """Return the seconds that a process has taken with all its descendants, those that have ended too."""
    ticks = 0
    for member in process_tree(pid):
        with suppress(OSError):  # it has just ended; its parent's line has it now
            stat = Path(f"/proc/{member}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
            ticks += sum(map(int, stat[_OWN])) + sum(map(int, stat[_ENDED]))
    return ticks / _TICKS


def postgresql() -> int | None:
    """Return the process of PostgreSQL's server; None for another database, and for a server of another machine."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = int(cursor.fetchone()[0])
    try:
        stat = Path(f"/proc/{own}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1]) if "(postgres)" in stat else None
