"""The clock of a rehearsal: the same to all processes, running on from the moment its file was written."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from prepazka import clock
from prepazka.commands import checks
from prepazka.store import models

MONDAY = datetime(2026, 8, 3, 6, tzinfo=UTC)
# When the files of these tests were written.
WRITTEN = datetime(2026, 3, 1, 12, tzinfo=UTC)

Shows = Callable[[str], Path]


@pytest.fixture
def shows(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shows:
    """Write the clock's file, five minutes ago as the machine's clock has it."""

    class Machine(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return WRITTEN + timedelta(minutes=5)

    monkeypatch.setattr(clock, "datetime", Machine)

    def write(text: str) -> Path:
        file = tmp_path / "clock"
        file.write_text(text)
        os.utime(file, (WRITTEN.timestamp(), WRITTEN.timestamp()))
        settings.CLOCK = str(file)
        return file

    return write


def test_it_is_the_machines_without_a_rehearsal() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert not clock.is_rehearsal()


def test_it_runs_on_from_the_moment_the_file_was_written(shows: Shows) -> None:
    shows("2026-08-03T08:00+02:00\n")
    assert clock.now() == MONDAY + timedelta(minutes=5)


def test_a_file_written_anew_moves_it(shows: Shows) -> None:
    shows("2026-08-03T08:00+02:00")
    clock.now()
    later = WRITTEN + timedelta(minutes=4)
    file = shows("2026-08-03T17:00+02:00")
    os.utime(file, (later.timestamp(), later.timestamp()))
    assert clock.now() == MONDAY + timedelta(hours=9, minutes=1)


@pytest.mark.parametrize(
    "text", ["", "2026-08-03T08:00", "pondělí", "\0", "0002-02-02T02:02+00:00", "9998-08-03T08:00+02:00"]
)
def test_what_is_no_moment_is_told_with_an_example(shows: Shows, text: str) -> None:
    shows(text)
    with pytest.raises(ImproperlyConfigured, match=r"must hold a moment with its offset, such as 2026-08-03T08:00\+02"):
        clock.now()


def test_a_file_that_is_not_there_is_told(shows: Shows) -> None:
    shows("").unlink()
    with pytest.raises(ImproperlyConfigured, match=r"PREPAZKA_CLOCK: .*: No such file"):
        clock.now()


@pytest.mark.django_db
def test_a_rehearsal_is_a_warning_and_beside_a_gateway_an_error(shows: Shows) -> None:
    shows("2026-08-03T08:00+02:00")
    assert _found() == [("warning", "clock: shows 2026-08-03 06:05 UTC, by the file of PREPAZKA_CLOCK")]
    models.Gateway.objects.create(name="mobil", kind="android", made_at=MONDAY)
    assert [level for level, _ in _found()] == ["error"]


@pytest.mark.django_db
def test_a_rehearsal_without_a_time_is_an_error(shows: Shows) -> None:
    shows("nikdy")
    assert [level for level, _ in _found()] == ["error"]


def _found() -> list[tuple[str, str]]:
    return [
        (one.level, one.what)
        for one in checks.run_checks(include_gateways=False)
        if one.what.startswith("clock: shows") or "PREPAZKA_CLOCK" in one.what
    ]
