"""While everything fails again and again, the log tells it once a minute and how often."""

import logging
import sys
from typing import Any

import pytest
import structlog
from django.db import OperationalError

from prepazka.process import logs
from prepazka.process.repetitions import PAUSE, Repetitions

FULL = {"level": "error", "event": "work failed", "thread": "at once", "error": "OperationalError"}


class Steady:
    """A clock that is set by hand."""

    now = 7000.0

    def __call__(self) -> float:
        return self.now


def told(repetitions: Repetitions, **event: Any) -> dict[str, Any] | None:
    try:
        return dict(repetitions(None, "error", {**FULL, "timestamp": "now", **event}))
    except structlog.DropEvent:
        return None


def test_an_error_is_told_at_once_and_then_once_a_minute_with_how_often() -> None:
    steady = Steady()
    repetitions = Repetitions(steady)
    assert told(repetitions) == {**FULL, "timestamp": "now"}
    for _ in range(19):
        steady.now += 3
        assert told(repetitions, timestamp=f"{steady.now}", at="sql.py:7:other") is None
    steady.now += 3
    assert told(repetitions) == {**FULL, "timestamp": "now", "left_out": 19}
    steady.now += PAUSE
    assert told(repetitions) == {**FULL, "timestamp": "now"}


@pytest.mark.parametrize("other", [{"thread": "each hour"}, {"reason": "readonly"}, {"error": "ValueError"}])
def test_another_error_is_told(other: dict[str, str]) -> None:
    repetitions = Repetitions(Steady())
    assert told(repetitions)
    assert told(repetitions, **other)
    assert told(repetitions) is None


def test_what_is_no_error_is_told_each_time() -> None:
    repetitions = Repetitions(Steady())
    refused = {"level": "warning", "event": "gateway call refused", "gateway": "modem"}
    for _ in range(3):
        assert repetitions(None, "warning", dict(refused)) == refused
        assert repetitions(None, "error", {"level": "error", "event": "not ready", "check": "writing"})


def test_no_more_errors_are_remembered_than_one_fault_has() -> None:
    repetitions = Repetitions(Steady())
    for office in range(2000):
        assert told(repetitions, office=office)
    assert len(repetitions._told) == 500
    assert told(repetitions, office=1999) is None


def test_the_log_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(sys, "stderr", type("Stream", (), {"write": said.append, "flush": lambda: None}))
    logs.configure()
    for _ in range(7):
        try:
            raise OperationalError("database or disk is full")
        except OperationalError:
            structlog.get_logger().exception("work failed", thread="each minute")
    assert sum("work failed" in line for line in said) == 1


def test_of_a_database_that_is_away_not_each_page_tells() -> None:
    told = logs.RepeatedErrors()
    steady = Steady()
    told._repetitions = Repetitions(steady)

    def record(error: Exception) -> logging.LogRecord:
        return logging.LogRecord("django.request", logging.ERROR, "x.py", 7, "%s: %s", (), (type(error), error, None))

    away = OperationalError("connection failed: Connection refused")
    kept = [told.filter(record(away)) for _ in range(9)]
    assert kept == [True, *[False] * 8]
    steady.now += PAUSE
    later = record(away)
    assert told.filter(later)
    assert logs.Places().format(later).endswith("left_out=8")
    assert [told.filter(record(KeyError("x"))) for _ in range(3)] == [True] * 3, "an error of ours is told each time"
