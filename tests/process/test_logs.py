"""The log shows what failed and where, without personal data."""

import logging
import sys

import pytest
import structlog
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError

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


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OperationalError("database or disk is full"), 'reason="database or disk is full"'),
        (
            OperationalError("attempt to write a readonly database\nDETAIL: x"),
            'reason="attempt to write a readonly database"',
        ),
        (ProgrammingError("no such column: zone"), 'reason="no such column: zone"'),
        (IntegrityError(f"Key (sender)=({NUMBER}) already exists"), None),
        (DataError(f"value too long: {NUMBER}"), None),
    ],
)
def test_the_reason_of_the_database_is_told_where_it_quotes_no_row(
    events: list[str], error: Exception, reason: str | None
) -> None:
    try:
        raise error
    except type(error):
        structlog.get_logger().exception("batch failed")
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    (line,) = [event for event in events if event.strip()]
    for told in (line, logs.Places().format(record)):
        assert (reason in told) if reason else ("reason=" not in told)
        assert NUMBER not in told
        assert "DETAIL" not in told
