"""The private parts of granian that `serve` uses exist in the version they were tried with, and in no untried one."""

import inspect
from importlib.metadata import version
from pathlib import Path

import granian
from granian import Granian, _signals
from granian._granian import WorkerSignal

from prepazka.commands import serve

TRIED = "2.8.7"
"""Of a new version try by hand: start, Ctrl-C, SIGTERM, a killed worker; run tests/commands; then change this."""
ROOT = Path(__file__).parents[2]


def test_the_version_is_the_one_that_was_tried() -> None:
    assert version("granian") == TRIED
    assert f"granian=={TRIED}\n" in (ROOT / "constraints.txt").read_text("ascii")
    assert f'"granian>={TRIED},<2.9"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_what_serve_takes_of_its_inside_is_there() -> None:
    assert callable(Granian._spawn_rsgi_worker)
    assert callable(WorkerSignal)
    assert callable(Granian.signal_handler_interrupt)
    assert inspect.ismodule(_signals)
    used = inspect.getsource(serve)
    assert {name for name in ("_spawn_rsgi_worker", "_signals", "WorkerSignal") if name in used} == {
        "_spawn_rsgi_worker", "_signals", "WorkerSignal",
    }  # fmt: skip
    assert granian.__file__
