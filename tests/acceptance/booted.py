"""A Debian that is booted: its own systemd runs in spaces of this machine, with everything it does to services.

What a machine has of its own are mounts, processes, name, IPC and groups of processes; the network is this machine's,
so that the Debian reaches what this machine reaches. It can neither set the clock nor load modules. As root on Linux
5 or newer, with util-linux; the groups of processes are those of cgroup version 2, whatever this machine itself uses.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.acceptance.shell import StepFailed

# The packages of a machine that boots, beside debootstrap's smallest set.
PACKAGES = "systemd-sysv,dbus"

# Seconds it may take to end all its services.
SWITCHING_OFF = 120
# Seconds it may take to come up.
PATIENCE = 300

# Devices a machine has whatever is plugged in.
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx")
# Capabilities that reach beyond the spaces.
_TAKEN = "-sys_time,-sys_module,-sys_rawio,-syslog"
# https://systemd.io/CONTAINER_INTERFACE: /proc/sys and /sys cannot be written, the mounts are shared, `container` says
# what it is.
_BOOT = """
set -e
mount --rbind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mkdir -p run/old
hostname prepazka-machine
pivot_root . run/old
exec chroot . /bin/sh -c "$2" "$3" </dev/null >/dev/null 2>&1
"""
_FIRST_PROCESS = """
cd /
umount -l /run/old
rmdir /run/old
mount --make-rshared /
exec setpriv --bounding-set "$0" env -i container=prepazka /lib/systemd/systemd
"""


class Booted:
    """The booted Debian of a directory, as long as the context lasts; /proc must be that of the caller's processes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._groups = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._make_devices()
        self._groups = self._make_group()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for place in ("dev/pts", "dev/shm", "dev"):
            subprocess.run(["umount", "--lazy", "--quiet", str(self._root / place)], check=False)
        subprocess.run(["find", str(self._groups), "-depth", "-type", "d", "-delete"], check=False, capture_output=True)
        subprocess.run(["umount", "--lazy", str(self._groups.parent)], check=False, capture_output=True)
        self._groups.parent.rmdir()

    def start(self) -> None:
        """Switch it on. Raises: StepFailed when it does not come up."""
        # In its group before its spaces begin, so that the group is the first one of what it sees.
        join = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
        spaces = ["unshare", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child"]
        boot = [*spaces, "sh", "-c", _BOOT, "boot", str(self._root), _FIRST_PROCESS, _TAKEN]
        self._process = subprocess.Popen(["sh", "-c", join, str(self._groups), *boot])
        self._wait_until_up()

    def stop(self, *, orderly: bool = True) -> None:
        """Switch it off; not orderly: pull the plug."""
        if not self._process:
            return
        try:
            if orderly and self._process.poll() is None:
                command = [*self.enter(), "systemctl", "poweroff"]
                subprocess.run(command, check=False, capture_output=True, timeout=SWITCHING_OFF)
                self._process.wait(SWITCHING_OFF)
        except (StepFailed, subprocess.TimeoutExpired):
            pass
        self._process.kill()
        self._process.wait()
        self._process = None

    def enter(self) -> list[str]:
        """Return what a command of root in this Debian begins with. Raises: StepFailed when it does not run."""
        return ["nsenter", "--target", str(self._first_process()), "--mount", "--pid", "--uts", "--ipc", "--cgroup"]

    def _make_devices(self) -> None:
        """Give it a /dev; the modem's is put into it by who plugs it in, for pseudo terminals are this machine's."""
        device = self._root / "dev"
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,nosuid", "tmpfs", str(device)], check=True)
        for name in _DEVICES:
            (device / name).touch()
            subprocess.run(["mount", "--bind", f"/dev/{name}", str(device / name)], check=True)
        for name in ("pts", "shm"):
            (device / name).mkdir()
        subprocess.run(["mount", "--bind", "/dev/pts", str(device / "pts")], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(device / "shm")], check=True)
        (device / "fd").symlink_to("/proc/self/fd")
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            (device / name).symlink_to(f"/proc/self/fd/{number}")

    def _make_group(self) -> Path:
        """Return a new group of processes, which the Debian takes for the whole machine's."""
        place = self._root.parent / f"{self._root.name}.groups"
        place.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", str(place)], check=True)
        return Path(tempfile.mkdtemp(prefix="prepazka-machine-", dir=place))

    def _first_process(self) -> int:
        """Return the process that is its systemd."""
        assert self._process
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        found = children.read_text("ascii").split() if children.exists() else []
        if not found:
            raise StepFailed("the Debian does not run")
        return int(found[0])

    def _wait_until_up(self) -> None:
        """Wait until commands can be typed; the service itself may still be starting. Raises: StepFailed."""
        began = time.monotonic()
        said = ""
        while time.monotonic() - began < PATIENCE:
            time.sleep(0.2)
            done = subprocess.run([*self.enter(), "systemctl", "is-active", "basic.target", "dbus.service"],
                                  capture_output=True, text=True, check=False)  # fmt: skip
            said = done.stdout.strip() or done.stderr.strip()
            if done.returncode == 0:
                return
        raise StepFailed(f"the Debian did not come up: {said}")


def missing() -> list[str]:
    """Return the programs that are needed and not there."""
    return [name for name in ("unshare", "nsenter", "pivot_root", "setpriv") if not shutil.which(name)]
