"""A measurement that is ended or killed leaves no process behind, and no scratch database for long."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from select import select
from types import SimpleNamespace

import pytest

from prepazka.bench import scratch

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells a child")

DEADLINE = 60
PARENT = """
import sys
from prepazka.bench import children
child = children.start([sys.executable, "-c", "import os, signal; print(os.getpid(), flush=True); signal.pause()"])
child.wait()
"""


def test_a_killed_measurement_takes_its_programs_along() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        ended = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    assert select([ended], [], [], DEADLINE)[0], "the child is still there"
    os.close(ended)


def test_a_measurement_that_is_ended_deletes_its_scratch_database(bare: dict[str, str]) -> None:
    state = Path(bare["PREPAZKA_STATE"])
    command = [sys.executable, "-m", "prepazka", "bench", "--only", "node"]
    with subprocess.Popen(command, env=bare, stderr=subprocess.PIPE, text=True) as measuring:
        assert measuring.stderr
        assert any("1 offices" in line for line in measuring.stderr)  # by now there is one
        assert [*state.glob("prepazka_bench_*")]
        measuring.terminate()
        assert measuring.wait(DEADLINE) == 128 + signal.SIGTERM
    assert not [*state.glob("prepazka_bench_*")]


def test_what_a_killed_measurement_left_goes_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        scratch, "connection", SimpleNamespace(vendor="sqlite", settings_dict={"NAME": tmp_path / "urad.sqlite3"})
    )
    over, runs = (f"prepazka_bench_{pid}_3.sqlite3" for pid in (2**22 + 1, os.getpid()))
    for name in ("urad.sqlite3", over, f"{over}-wal", f"{over}-shm", runs):
        (tmp_path / name).touch()
    scratch.sweep()
    assert sorted(file.name for file in tmp_path.iterdir()) == [runs, "urad.sqlite3"]
