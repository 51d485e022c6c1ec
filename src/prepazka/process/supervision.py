"""What systemd is told of the service it started: that it answers now, and from then on that it still does.

The protocol is that of sd_notify(3): a datagram to the socket named in the environment. Without one nobody asks.
"""

import os
import socket
import time
from collections.abc import Callable

# Seconds /healthz may take to answer, whatever pages and database do.
PATIENCE = 10
# Bytes of the first line of an answer.
_LONGEST_LINE = 200


def wanted() -> bool:
    """Whether anybody is to be told."""
    return bool(os.environ.get("NOTIFY_SOCKET"))


def notify(state: str) -> None:
    """Tell systemd a state, such as READY=1; it does no harm where nobody listens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # a socket without a file
        address = f"\0{address[1:]}"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sending:
            sending.sendto(state.encode("ascii"), address)
    except OSError:
        return


def answers(host: str, port: int) -> bool:
    """Whether a process of the service answers /healthz."""
    try:
        with socket.create_connection((host, port), timeout=PATIENCE) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            with connection.makefile("rb") as answer:
                return answer.readline(_LONGEST_LINE).split()[1:2] == [b"200"]
    except OSError:
        return False


def pause() -> float:
    """Return the seconds between two signs of life: a third of what systemd waits for one; 0 when it waits for none."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0
    return int(os.environ.get("WATCHDOG_USEC") or 0) / 3_000_000


def tell(host: str, port: int, sleep: Callable[[float], None] = time.sleep) -> None:
    """Tell that the service answers, once it does, and then give signs of life as long as it goes on answering.

    It does not return while systemd waits for signs of life: give it a thread.
    """
    while not answers(host, port):
        sleep(0.1)
    notify("READY=1")
    between = pause()
    while between:
        if answers(host, port):
            notify("WATCHDOG=1")
        sleep(between)
