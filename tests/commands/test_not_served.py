"""A process that cannot serve says why in one line, and nothing of what it has in hand."""

import logging
import sys
import threading
from pathlib import Path

import pytest
import structlog

from prepazka.commands import serve
from prepazka.commands.readying import Start
from tests.commands.conftest import MakeTables, Prepazka

NUMBER = "+420604111222"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_place_that_cannot_be_written_is_refused_in_one_line(
    started: Prepazka, make_tables: MakeTables, tmp_path: Path, workers: str
) -> None:
    """As a directory that has turned read-only; whoever runs the tests may write any."""
    file = tmp_path / "data" / "urad.sqlite3"
    make_tables(file)
    Path(f"{file}.served").mkdir()
    done = started("serve", "--port", "0", "--workers", workers, DATABASE_URL=f"sqlite:///{file}")
    assert done.code == 1
    assert done.err.splitlines()[-1] == (
        f"prepazka: {file}.served: Is a directory; let this user write the database's file and its directory"
    )
    assert "Traceback" not in done.err
    assert "crash loop" not in done.err


def test_what_nobody_caught_in_a_process_is_one_line_without_its_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(*_: object, **__: object) -> None:
        raise KeyError(NUMBER)

    monkeypatch.setattr(serve, "_work", work)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = structlog.get_config()
    try:
        with pytest.raises(SystemExit, match="1"):
            serve._run_worker(Start("127.0.0.1"), 0)
    finally:
        structlog.configure(**before)
        logging.captureWarnings(False)
    told = capsys.readouterr().err
    assert (told.count("\n"), 'event="not caught" error=KeyError' in told) == (1, True), told
    assert NUMBER not in told
