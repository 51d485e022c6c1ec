"""How a process names itself to others, and how it knows of one on its own machine that has ended."""

import os
import socket
from pathlib import Path


def me() -> str:
    """Return this process as holds name it: machine/process/start time."""
    return f"{socket.gethostname()}/{os.getpid()}/{start_time(os.getpid())}"


def dead(holder: str) -> bool:
    """Whether a holder was a process of this machine that has ended."""
    machine, _, process = holder.rpartition("/")[0].rpartition("/")
    started = holder.rpartition("/")[2]
    return machine == socket.gethostname() and process.isdecimal() and start_time(int(process)) != started


def start_time(process: int) -> str:
    """Return when a process of this machine started, in the kernel's ticks; "" when there is none.

    Process numbers are reused; a number together with its start time is not.
    """
    try:
        stat = Path(f"/proc/{process}/stat").read_text("ascii", "replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
