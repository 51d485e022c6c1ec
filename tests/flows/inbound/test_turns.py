"""Turns at an office: one process has it at a time, it ends with its process, and nobody waits long for it."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from prepazka.flows.inbound.turns import LOOKS, Turns

OURS, OTHER = "+420739547765", "+420739547799"


class Pauses:
    """Stands for the pause between two looks: counts them, and does something at one of them."""

    def __init__(self) -> None:
        self.made = 0
        self.meanwhile: Callable[[], object] = dict

    async def __call__(self, seconds: float) -> None:
        assert seconds > 0
        self.made += 1
        self.meanwhile()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@contextmanager
def held(turns: Turns, number: str) -> Iterator[int]:
    """Another process, forked from this one, that takes the turn at once and keeps it until it is killed; its id."""
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(keep(turns, number, tells))
        finally:
            os._exit(1)
    assert os.read(told, 1) == b"0", "pauses it had to make"
    try:
        yield child
    finally:
        kill(child)


async def keep(turns: Turns, number: str, tells: int) -> None:
    pauses = turns._pause
    assert isinstance(pauses, Pauses)
    async with turns.at(number, 0.005):
        os.write(tells, str(pauses.made).encode())
        signal.pause()


def kill(child: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):  # it was killed before
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


async def take(turns: Turns, number: str) -> None:
    async with turns.at(number, 0.005):
        pass


def test_a_turn_nobody_has_is_taken_at_once(pauses: Pauses) -> None:
    turns = Turns(pauses)
    for _ in range(3):
        asyncio.run(take(turns, OURS))
    assert pauses.made == 0


def test_the_turn_of_a_process_that_is_killed_ends(pauses: Pauses) -> None:
    turns = Turns(pauses)
    with held(turns, OURS) as child:
        pauses.meanwhile = lambda: kill(child) if pauses.made == 3 else None
        asyncio.run(take(turns, OURS))
    assert pauses.made == 3


def test_a_process_that_stands_still_is_waited_for_so_long_and_no_longer(pauses: Pauses) -> None:
    turns = Turns(pauses)
    with held(turns, OURS):
        asyncio.run(take(turns, OURS))
        assert pauses.made == LOOKS
        asyncio.run(take(turns, OTHER))
    assert pauses.made == LOOKS, "the turn at another office is free"


def test_a_turn_is_given_up_when_its_call_is_over_or_fails(pauses: Pauses) -> None:
    turns = Turns(pauses)

    async def fail() -> None:
        async with turns.at(OURS, 0.005):
            raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        asyncio.run(fail())
    with held(turns, OURS):
        pass
    assert pauses.made == 0
