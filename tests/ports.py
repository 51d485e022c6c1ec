"""Free ports for servers that need one before they start, or the same one again after a kill."""

import os
import random
import socket

# Below the ports that Linux assigns by itself, also to outgoing connections: one of those could take a port while its
# server is down. Each worker of the tests has ports of its own: another one would find a port free that was chosen a
# moment ago, or whose server is down.
_WORKERS = 12
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
_RANGE = range(20_000 + _WORKER, 32_000, _WORKERS)
_random = random.SystemRandom()
_used: set[int] = set()


def free_port() -> int:
    """Return a port where nobody listens, on the loopback; each only once."""
    while True:
        port = _random.choice(_RANGE)
        if port not in _used and _free(port):
            _used.add(port)
            return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
