"""`gateway gammu-config`: its output, and the watchdog as systemd would run it."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Prepazka


def test_every_file_is_printed_with_its_place(prepazka: Prepazka) -> None:
    done = prepazka("gateway", "gammu-config", "--device", "/dev/ttyUSB0")
    assert done.code == 0
    for place in ("/etc/gammu-smsdrc", "gammu-smsd.service.d/prepazka.conf", "watchdog.service", "watchdog.timer"):
        assert place in done.out
    assert "device = /dev/ttyUSB0" in done.out
    assert "RunOn" not in done.out
    assert "Service = sql" in done.out


@pytest.mark.parametrize(
    "wrong",
    [
        ["--device", "/dev/x\nRunOnReceive = rm"],
        ["--device", "ttyUSB0"],
        ["--device", "/dev/x", "--phone", "a b"],
        ["--device", "/dev/x", "--database", "mysql://x"],
        ["--device", "/dev/x", "--user", "root; rm"],
    ],
    ids=str,
)
def test_what_cannot_stand_in_a_configuration_is_bad_use(prepazka: Prepazka, wrong: list[str]) -> None:
    done = prepazka("gateway", "gammu-config", *wrong)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("prepazka: ")


def test_no_password_is_printed_outside_the_daemons_own_file(prepazka: Prepazka) -> None:
    options = ("--device", "/dev/x", "--database", "postgresql://smsd:tajne@127.0.0.1/smsd")
    assert "Password = tajne" in prepazka("gateway", "gammu-config", *options, "--only", "smsdrc").out
    for piece in ("sql", "systemd", "watchdog", "timer"):
        assert "tajne" not in prepazka("gateway", "gammu-config", *options, "--only", piece).out


@pytest.mark.parametrize(
    ("age", "signal", "restarts"), [("-10 seconds", 60, 0), ("-10 seconds", 0, 1), ("-4 minutes", 60, 1)]
)
def test_the_watchdog_restarts_a_daemon_that_hears_nothing(
    prepazka: Prepazka, tmp_path: Path, age: str, signal: int, restarts: int
) -> None:
    database = tmp_path / "gammu.sqlite3"
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE phones (ID TEXT, UpdatedInDB TEXT, Signal INTEGER)")
        made.execute("INSERT INTO phones VALUES ('modem', datetime('now', ?), ?)", [age, signal])
        made.commit()
    printed = prepazka(
        "gateway", "gammu-config", "--device", "/dev/x", "--database", str(database), "--only", "watchdog"
    ).out
    (line,) = (line for line in printed.splitlines() if line.startswith("ExecStart="))
    script = line.removeprefix('ExecStart=/bin/sh -c "').removesuffix('"')
    script = script.replace('\\"', '"').replace("$$", "$").replace("%%", "%")
    called = tmp_path / "called"
    systemctl = tmp_path / "bin/systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> {called}\n')
    systemctl.chmod(0o755)
    subprocess.run(["/bin/sh", "-c", script], env={"PATH": f"{systemctl.parent}:{os.environ['PATH']}"}, check=True)
    assert (called.read_text() if called.exists() else "") == "restart gammu-smsd\n" * restarts


# The unit of Debian's package, whose parts the drop-in replaces or leaves.
OF_DEBIAN = """\
[Unit]
Description=SMS daemon for Gammu

[Service]
EnvironmentFile=-/etc/default/gammu-smsd
ExecStart=/usr/bin/gammu-smsd --pid=/run/gammu-smsd.pid --daemon
ExecReload=/bin/kill -HUP $MAINPID
ExecStopPost=/bin/rm -f /run/gammu-smsd.pid
Type=forking
PIDFile=/run/gammu-smsd.pid
"""


@pytest.mark.parametrize("database", ["/var/lib/prepazka/gammu.sqlite3", "postgresql://smsd:tajne@127.0.0.1/smsd"])
@pytest.mark.parametrize(("piece", "before"), [("systemd", OF_DEBIAN), ("watchdog", "")])
def test_a_unit_beside_the_modem_is_hard_to_leave(
    prepazka: Prepazka, tmp_path: Path, piece: str, before: str, database: str
) -> None:
    """As those of `prepazka setup`: systemd's own measure is 2.5 at most."""
    options = ("--device", "/dev/x", "--database", database)
    unit = tmp_path / f"{piece}.service"
    unit.write_text(before + prepazka("gateway", "gammu-config", *options, "--only", piece).out, "utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout.splitlines()[-1:] or done.stderr


# Debian starts its daemon as root at the installation; without a modem it ends and leaves memory, whose key is the
# inode of /etc/gammu-smsdrc, which a file in its place often gets: `make first-sms --booted` failed by it.
def test_the_daemon_meets_no_memory_that_debians_own_has_left(prepazka: Prepazka) -> None:
    printed = prepazka("gateway", "gammu-config", "--device", "/dev/x", "--only", "systemd").out
    assert "PrivateIPC=yes" in printed.splitlines()
