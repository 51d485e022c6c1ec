"""How a process names itself to others, and how it knows of one on its own machine that has ended."""

import hashlib
import os
import socket
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")


def me() -> str:
    """Return this process as holds name it: machine/process/start time."""
    return f"{machine()}/{os.getpid()}/{start_time(os.getpid())}"


@cache
def machine() -> str:
    """Return the name of this machine, with eight digits of its present start and of the processes seen from here.

    Machines may share a name, as copies of one disk and containers do. Of the processes of another one, and of those
    before the last start, nothing is known here.
    """
    try:
        seen = _BOOT.read_text("ascii") + str(_PROCESSES.readlink())
    except OSError:
        seen = ""
    return f"{socket.gethostname()}.{hashlib.sha256(seen.encode()).hexdigest()[:8]}"


def dead(holder: str) -> bool:
    """Whether a holder was a process of this machine, since its start, that has ended."""
    where, _, process = holder.rpartition("/")[0].rpartition("/")
    started = holder.rpartition("/")[2]
    return where == machine() and process.isdecimal() and start_time(int(process)) != started


def start_time(process: int) -> str:
    """Return when a process of this machine started, in the kernel's ticks; "" when there is none.

    Process numbers are reused; a number together with its start time is not.
    """
    try:
        stat = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
