"""The log shows what failed and where, without personal data."""

import logging
import sys

import pytest
import structlog

from prepazka.process import logs

NUMBER = "+420777123456"


def fail() -> None:
    raise ValueError(f"Key (sender)=({NUMBER}) already exists")


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(sys, "stderr", type("Stream", (), {"write": said.append, "flush": lambda: None}))
    logs.configure()
    return said


def test_an_exception_is_told_by_type_and_place(events: list[str]) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("message failed", inbound=7)
    (line,) = [event for event in events if event.strip()]
    assert "inbound=7" in line
    assert "error=ValueError" in line
    assert ":fail" in line
    assert NUMBER not in line


def test_an_error_of_django_is_told_the_same_way() -> None:
    try:
        fail()
    except ValueError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "%s: %s", ("Error", f"/x/{NUMBER}"), sys.exc_info()
        )
    line = logs.Places().format(record)
    assert "event=django.request" in line
    assert "error=ValueError" in line
    assert ":fail" in line
    assert NUMBER not in line
