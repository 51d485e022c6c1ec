"""The worker goes on until it is told to stop, whatever happens to one look."""

from datetime import datetime
from threading import Event

import pytest

from prepazka import worker


@pytest.fixture(autouse=True)
def without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)


def test_it_works_until_nothing_is_left_and_then_looks_again() -> None:
    stop = Event()
    left = [3, 2, 0, 1, 0]

    def work(_now: datetime) -> int:
        if len(left) == 1:
            stop.set()
        return left.pop(0)

    worker.run(stop, work)
    assert not left


def test_a_fault_does_not_end_it() -> None:
    stop = Event()
    looks = []

    def work(_now: datetime) -> int:
        looks.append(_now)
        if len(looks) == 1:
            raise RuntimeError("the database is away")
        stop.set()
        return 0

    worker.run(stop, work)
    assert len(looks) == 2
    assert all(moment.tzinfo for moment in looks)
