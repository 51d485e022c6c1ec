"""Whose is a connection: each thread's own for as long as it lasts, or lent by the pool of the process for its work."""

from typing import Any

from django.db import close_old_connections, connection

# Rounds of a thread between two looks whether its connection still works.
_LOOK_EVERY = 10


def give_back() -> None:
    """Give this thread's connection back to the pool before something that takes long; without a pool, do nothing.

    Within a transaction it stays: it would be lost.
    """
    if is_pooled() and not connection.in_atomic_block:
        connection.close()


def is_pooled() -> bool:
    """Whether the threads of this process share their connections."""
    return "pool" in connection.settings_dict.get("OPTIONS", {})


class Upkeep:
    """The connection of a thread that asks again and again: a look whether it still works costs a statement, so it is
    taken now and then, and after a fault; what a pool lent is given back after each round.
    """

    def __init__(self) -> None:
        self._rounds = 0

    def after_round(self) -> None:
        """Look at the connection, where it is time."""
        self._rounds += 1
        if connection.errors_occurred or self._rounds >= _LOOK_EVERY or is_pooled():
            self._rounds = 0
            close_old_connections()


def without_pool(settings_dict: dict[str, Any]) -> None:
    """Let a command have one connection of its own: it has one thread, and ends."""
    options = settings_dict.get("OPTIONS", {})
    settings_dict["OPTIONS"] = {name: value for name, value in options.items() if name != "pool"}
