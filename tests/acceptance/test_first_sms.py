"""README.md's "A town with a modem", typed as it stands there, to the first answered SMS.

`make first-sms` plays it in a bare Debian of its own. Here the machine is a directory: nothing is fetched, the program
is this tree, `systemctl` is the stand-in that `make first-sms` uses too, and gammu-smsd is the real one.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.person import CITIZEN, first_messages, patience, types
from tests.acceptance.readme import ROOT, steps
from tests.acceptance.shell import Shell, StepFailed
from tests.gateways.modem import Modem
from tests.ports import free_port
from tests.waiting import until

FETCHING = 2
"""Steps at the beginning that fetch and install; the lines of them are only looked at here."""

# `setup` writes for an installed program in /; in this machine that is a directory, its files name the directory.
PROGRAM = """\
#!/bin/sh
export PYTHONPATH={source}
export PREPAZKA_ENV_FILE={machine}/etc/prepazka.env
here='s#/var/lib/prepazka#{machine}/var/lib/prepazka#g; s#/etc/prepazka#{machine}/etc/prepazka#g
    s#/etc/gammu#{machine}/etc/gammu#g; s#{venv}/prepazka#{machine}/opt/prepazka/bin/prepazka#
    s#--port 8000#--port {port}#'
case "$1 $2" in
    "setup "*) {python} -m prepazka "$@" --root {machine} && find {machine}/etc -type f -exec sed -i "$here" {{}} + ;;
    "gateway gammu-config") {python} -m prepazka "$@" | sed "$here" ;;
    *) exec {python} -m prepazka "$@" ;;
esac
"""
STAND_INS = {
    "runuser": 'shift 3; exec "$@"',  # runuser -u prepazka -- COMMAND
    "install": 'shift 4; exec cp "$@"',  # install -m 640 -g prepazka FILE FILE
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The machine after the steps that fetch: the program lies where README.md installs it."""
    words = {
        "source": shlex.quote(str(ROOT / "src")),
        "venv": str(Path(sys.executable).parent),
        "python": sys.executable,
        "machine": str(tmp_path),
        "port": free_port(),
    }
    write_program(tmp_path / "opt/prepazka/bin/prepazka", PROGRAM.format(**words))
    for name, line in STAND_INS.items():
        write_program(tmp_path / "bin" / name, f"#!/bin/sh\n{line}\n")
    shutil.copy(ROOT / "tests/acceptance/systemctl", tmp_path / "bin/systemctl")
    for directory in ("etc", "dev", "home", "usr/local/bin"):
        (tmp_path / directory).mkdir(parents=True)
    return tmp_path


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def shell(machine: Path) -> Iterator[Shell]:
    here = f"{machine}/bin:{machine}/usr/local/bin:{Path(sys.executable).parent}"
    environment = {
        "PATH": f"{here}:{os.environ['PATH']}:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "HOME": str(machine / "home"),
        "FAKE_ROOT": str(machine),
    }
    with Shell(["bash"], environment, str(machine / "home")) as opened:
        yield opened
        opened.run("systemctl stop prepazka gammu-smsd\n")


def in_directory(commands: str, machine: Path) -> str:
    """The commands with this machine's paths: what stands in / lies in its directory."""
    for place in ("/opt/prepazka", "/etc/", "/var/lib/", "/dev/modem", "/usr/local/bin/"):
        commands = commands.replace(place, f"{machine}{place}")
    return commands


def test_from_the_installed_program_to_the_first_answered_sms(machine: Path, shell: Shell) -> None:
    with Modem(machine / "dev/modem") as modem:
        for step in list(steps())[FETCHING:]:
            shell.run(in_directory(types(step.commands, {}), machine), patience(step.commands))
        for place, text in enumerate(first_messages()):
            modem.receive(CITIZEN, text)
            until(lambda place=place: len(modem.on_air) > place, f"{text} is answered")  # type: ignore[misc]
        assert {reply.recipient for reply in modem.on_air} == {CITIZEN}
        assert modem.on_air[-1].text.startswith("Objednano: ZOP")


def test_the_steps_that_fetch_take_only_what_is_locked() -> None:
    fetched = [line for step in list(steps())[:FETCHING] for line in step.commands.splitlines()]
    installs = [line for line in fetched if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)
    named = {word for line in installs for word in line.split() if word.endswith(".txt")}
    assert named
    assert all((ROOT / name).is_file() for name in named)


def test_a_step_that_fails_is_noticed(machine: Path, shell: Shell) -> None:
    with pytest.raises(StepFailed, match="no such"):
        shell.run("true\necho no such\nfalse\ntrue\n")
