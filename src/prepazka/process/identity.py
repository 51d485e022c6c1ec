"""How a process names itself to others, and how it knows of one on its own machine that has ended."""

import hashlib
import os
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path

_PROCESSES = Path("/proc/self/ns/pid")
_MACHINE = Path("/etc/machine-id")
_NETWORK = Path("/sys/class/net")
_NO_ADDRESS = "00:00:00:00:00:00"


def me() -> str:
    """Return this process as holds name it: machine/process/start time."""
    return f"{machine()}/{os.getpid()}/{start_time(os.getpid())}"


@cache
def machine() -> str:
    """Return the name of this machine, with eight digits of what tells it from others that have the same name.

    Copies of one disk often share it, and containers; of the processes of another machine nothing is known here. A
    hardened service may not read everything, such as the number of the machine's start, and must have the same digits.
    """
    seen = []
    for read in (_PROCESSES.readlink, _MACHINE.read_text, _cards):
        with suppress(OSError):
            seen.append(str(read()).strip())
    return f"{socket.gethostname()}.{hashlib.sha256(' '.join(seen).encode()).hexdigest()[:8]}"


def _cards() -> list[str]:
    """Return the addresses of the network cards; of a machine without, as a container is, those it has been given."""
    found = {path.parent: path.read_text("ascii").strip() for path in _NETWORK.glob("*/address")}
    cards = [address for place, address in found.items() if (place / "device").exists()]
    return sorted(set(cards or found.values()) - {_NO_ADDRESS})


def dead(holder: str) -> bool:
    """Whether a holder was a process of this machine that has ended."""
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
