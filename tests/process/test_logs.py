"""The log shows what failed and where, without personal data."""

import errno
import io
import json
import logging
import re
import sys
import threading

import pytest
import structlog
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError
from django.http import HttpResponse
from django.utils.log import log_response

from prepazka.process import logs
from prepazka.process.server_log import SERVER, WhenWritten

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
    assert line.split()[1:3] == ["level=error", "event=django.request"]
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


# --- one form of all lines ---------------------------------------------------------------------


def record_of(name: str, text: str, *values: object, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord(name, level, "/srv/lib/client.py", 7, text, values, None, "send")


def test_all_lines_begin_alike(events: list[str]) -> None:
    structlog.get_logger().warning("gateway paused", gateway="modem")
    own = next(event for event in events if event.strip())
    for line in (own, logs.Places().format(record_of("django.request", "%s: %s", "Error", "/x"))):
        assert re.match(r"timestamp=\d{4}-\d\d-\d\dT[\d:.]+Z level=\w+ event=\S+", line), line


def test_an_answer_on_purpose_is_no_line_of_djangos_and_a_failure_tells_its_status() -> None:
    lines: list[str] = []
    told = logging.Handler()
    told.setFormatter(logs.Places())
    told.emit = lambda record: lines.append(told.format(record))  # type: ignore[method-assign]
    logger = logging.getLogger("django.request")
    logger.addHandler(told)
    try:
        for status in (503, 500):
            log_response("%s: %s", "Words", "/readyz", response=HttpResponse(status=status))
    finally:
        logger.removeHandler(told)
    (line,) = lines
    assert line.split()[1:] == ["level=error", "event=django.request", "status=500"]


def test_lines_are_json_by_choice(events: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREPAZKA_LOG", "json")
    structlog.get_logger().warning("gateway paused", gateway="modem č. 7")
    own = json.loads(next(event for event in events if event.strip()))
    assert list(own) == ["timestamp", "level", "event", "gateway"]
    assert (own["event"], own["gateway"]) == ("gateway paused", "modem č. 7")
    try:
        raise OperationalError("no such column: zone")
    except OperationalError:
        record = record_of("django.request", "%s: %s", "Error", "/x", level=logging.ERROR)
        record.exc_info = sys.exc_info()
    django = json.loads(logs.Places().format(record))
    assert (django["level"], django["reason"]) == ("error", "no such column: zone")


@pytest.mark.parametrize(
    ("name", "text", "values", "event"),
    [
        ("_granian.workers", "Unexpected exit from worker-1", (), 'event="Unexpected exit from worker-1"'),
        ("asyncio", "Task exception was never retrieved\nfuture: <Task>", (), 'retrieved"'),
        ("somelib.client", f"sending to {NUMBER} failed", (), "event=somelib.client at=client.py:7:send"),
        ("somelib.client", "sending to %s failed", (NUMBER,), 'event="sending to" at=client.py:7:send'),
        ("somelib", "", (), "event=somelib"),
    ],
)
def test_other_libraries_lines_keep_only_their_constant_text(
    name: str, text: str, values: tuple[object, ...], event: str
) -> None:
    line = logs.Places().format(record_of(name, text, *values))
    assert event in line
    assert NUMBER not in line
    assert "\n" not in line


def test_what_nobody_caught_is_a_line_too(events: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.log_uncaught()
    logging.captureWarnings(False)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    (line,) = [event for event in events if event.strip()]
    assert 'event="not caught"' in line
    assert "error=ValueError" in line
    assert NUMBER not in line


def test_the_server_silences_nobody_and_logs_as_we_do() -> None:
    assert SERVER["disable_existing_loggers"] is False
    assert logs.DJANGO["root"]["handlers"] == ["stderr"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WhenWritten())
    handler.handle(logging.makeLogRecord({"name": "_granian", "levelname": "ERROR", "msg": "cannot %s", "args": ()}))
    assert "level=error event=cannot" in stream.getvalue()


class FullDisk(io.StringIO):
    """What `2> FILE` is on a full disk: it refuses, and takes lines again once there is room."""

    room = False

    def write(self, text: str) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)

    def flush(self) -> None:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_a_line_that_cannot_be_written_ends_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FullDisk()
    monkeypatch.setattr(sys, "stderr", disk)
    before = structlog.get_config()
    try:
        logs.configure()
        log = structlog.get_logger()
        log.error("work failed")
        disk.room = True
        log.error("work goes on")
    finally:
        structlog.configure(**before)
    assert "work failed" not in disk.getvalue()
    assert "work goes on" in disk.getvalue()
