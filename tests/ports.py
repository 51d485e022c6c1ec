"""Ports for servers that must be told one before they start, or come back at the same one after a kill."""

import random
import socket

# Below those Linux gives to whoever asks for any, calls out included: one of these could take a port while its server
# is down.
_RANGE = range(20_000, 32_000)
_chance = random.SystemRandom()
_given: set[int] = set()


def free_port() -> int:
    """A port nobody listens at, on the loopback; given once only."""
    while True:
        port = _chance.choice(_RANGE)
        if port not in _given and _free(port):
            _given.add(port)
            return port


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
